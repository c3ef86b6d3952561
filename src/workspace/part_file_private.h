/* A part of a workspace: its file, and the documents that go into it.
 *
 * The file is a workspace that is written under a temporary name and gets its final name when its
 * parent has noted, durably, what it has.
 *
 * part_file_begin() makes the draft, `PATH.new`; part_file_add() copies a document or what
 * belongs to one into it; part_file_end() makes it durable. Only then may the parent commit, and
 * only after that part_file_place() gives the file its name. The caller calls part_file_close() in
 * any case; a draft that the parent knows nothing of is removed by part_file_discard(), or replaced
 * by the next split. */
#ifndef ROWPOST_WORKSPACE_PART_FILE_PRIVATE_H
#define ROWPOST_WORKSPACE_PART_FILE_PRIVATE_H

#include "base/statement.h"
#include "base/text.h"
#include "workspace/workspace.h"

enum { PART_TOKEN_SIZE = 33 };

/* What identifies a part and its parent. */
struct part_identity {
    int64_t id; /* part.id of the parent */
    int64_t number;
    int64_t parts;
    char token[PART_TOKEN_SIZE]; /* random */
};

/* The tables of which a document has rows. */
enum part_table {
    PART_DOCUMENT,
    PART_BODY,
    PART_ATTEMPT,
    PART_FINDING,
    PART_REFERENCE,
    PART_KNOWN_RECORD, /* to which its documents refer, and that the parent has delivered */
    PART_TABLE_COUNT
};

struct part_file {
    struct part_identity identity;
    struct text path;
    struct text draft;
    struct workspace *workspace;
    struct statement inserts[PART_TABLE_COUNT];
    int64_t documents;
};

/* Fills path and draft from `path`, which is copied. */
int part_file_name(struct part_file *file, const char *path, struct error *error);

int part_file_begin(struct part_file *file, struct workspace *parent, struct error *error);

/* Copies the row of the parent's table at which the statement is; further columns of the statement
 * are ignored. */
int part_file_add(struct part_file *file, enum part_table table, const struct statement *row,
                  struct error *error);
int part_file_end(struct part_file *file, struct error *error);
void part_file_close(struct part_file *file);
void part_file_discard(struct part_file *file);

/* Gives a draft its name, durably; 1: done; 0: there is no draft of that identity; -1: the error.
 */
int part_file_place(const char *path, const char *token, struct error *error);

/* The identity by which the workspace at the path is a part: 1; 0: it is none; -1: the error, also
 * where there is no such workspace. */
int part_file_identify(const char *path, struct part_identity *identity, struct error *error);

/* The key that decides in which part a document is: documents that have to stay in order stay
 * together. In SQL, once part_documents_register() has been called, `part_of_key(key, parts)` is
 * the part of a key, from 0. */
#define PART_KEY "coalesce(document.ordering_key, document.key)"
int part_documents_register(sqlite3 *database, struct error *error);

/* Refuses a kind with documents to deliver that refer to undelivered ones, unless both are in the
 * same part: ERROR_USAGE. */
int part_documents_check(struct workspace *parent, int64_t kind, struct error *error);

/* Writes the drafts of all parts of a kind, durably. */
int part_documents_copy(struct workspace *parent, int64_t kind, struct part_file *files,
                        int64_t parts, struct error *error);

#endif
