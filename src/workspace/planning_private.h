/* The two parts of a plan that have files of their own: its documents and the rows that were used.
 *
 * Each struct is filled by ..._prepare() and released by ..._finalize(), both of which allow one
 * that is `{0}`. */
#ifndef ROWPOST_WORKSPACE_PLANNING_PRIVATE_H
#define ROWPOST_WORKSPACE_PLANNING_PRIVATE_H

#include <openssl/evp.h>

#include "base/plan_entry.h"
#include "base/statement.h"
#include "workspace/references_private.h"

enum planned_document_statement {
    FIND_DOCUMENT,
    INSERT_DOCUMENT,
    INSERT_BODY,
    KEEP_DOCUMENT,
    REPLACE_DOCUMENT,
    REPLACE_BODY,
    MARK_CHANGED,
    KEEP_CHANGED_BODY,
    MARK_GONE,
    PLANNED_DOCUMENT_STATEMENT_COUNT
};

/* The documents on their way into the workspace: added, or compared with those of an earlier plan
 * (planning.h describes how). */
struct planned_documents {
    sqlite3 *database; /* borrowed */
    struct statement statements[PLANNED_DOCUMENT_STATEMENT_COUNT];
    struct reference_writer references;
    EVP_MD_CTX *digest;
    int64_t plan; /* counts the plans that this workspace has seen */
};

int planned_documents_prepare(struct planned_documents *documents, sqlite3 *database,
                              struct error *error);
void planned_documents_finalize(struct planned_documents *documents);

/* Writes the document; `*id` is its row. */
int planned_documents_add(struct planned_documents *documents, const struct plan_document *document,
                          int64_t *id, struct error *error);

/* Marks the documents that this plan does not have. */
int planned_documents_mark_gone(struct planned_documents *documents, struct error *error);

/* The rows that were used, written many at a time: most rows are used, and a statement for each
 * costs three times what its row costs. What was added is in the workspace after used_rows_flush()
 * at the latest; to keep the rows in the order in which they are added, flush before a row is
 * written by other code. */
enum { USED_ROWS_AT_ONCE = 20, USED_ROW_ID_SIZE = 40 };

struct used_row {
    int64_t table;
    int64_t document;
    size_t id_length;
    char id[USED_ROW_ID_SIZE];
};

struct used_rows {
    struct statement insert_all;
    struct statement insert_one;
    struct used_row rows[USED_ROWS_AT_ONCE];
    size_t count;
};

int used_rows_prepare(struct used_rows *rows, sqlite3 *database, struct error *error);
void used_rows_finalize(struct used_rows *rows);

/* The id is copied. */
int used_rows_add(struct used_rows *rows, int64_t table, struct span id, int64_t document,
                  struct error *error);
int used_rows_flush(struct used_rows *rows, struct error *error);

#endif
