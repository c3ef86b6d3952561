#define _XOPEN_SOURCE 700 /* realpath */
#include "workspace/split.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "workspace/journal.h"
#include "workspace/part_file_private.h"
#include "workspace/parts.h"
#include "workspace/schema_private.h"

#define IS_DUE SCHEMA_IS_DUE("")

struct split {
    struct workspace *workspace;
    sqlite3 *database;
    const struct split_order *order;
    struct split_result *result;
    int64_t kind;
    int64_t first_id;
    struct part_file *files; /* of all parts */
    bool may_be_noted;       /* the parent's commit has begun */
};

int split_finish(struct workspace *workspace, int64_t *finished, struct error *error) {
    struct statement parts;
    if (statement_prepare(&parts, workspace_database(workspace),
                          "SELECT file, token FROM part WHERE recalled IS NULL", error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&parts, error)) == 1) {
        int placed =
            part_file_place(statement_text(&parts, 0).data, statement_text(&parts, 1).data, error);
        if (placed < 0) {
            rc = -1;
            break;
        }
        *finished += placed;
    }
    statement_finalize(&parts);
    return rc;
}

/* What a crash of apply left as being sent becomes unknown. */
static int recover(const struct split *split, struct error *error) {
    int64_t sending;
    if (statement_query_integer(split->database,
                                "SELECT count(*) FROM document WHERE state = 'sending'", 0,
                                &sending, error) != 0) {
        return -1;
    }
    if (sending == 0) {
        return 0;
    }
    struct journal *journal = journal_open(split->workspace, error);
    int rc = journal != NULL && workspace_begin(split->workspace, error) == 0 &&
                     journal_recover(journal, error) == 0
                 ? journal_commit(journal, error)
                 : -1;
    journal_close(journal);
    return rc;
}

static int find_kind(struct split *split, struct error *error) {
    static const char sql[] =
        "SELECT position, name FROM kind k WHERE (?1 IS NULL OR name = ?1)"
        " AND (?1 IS NOT NULL OR EXISTS (SELECT 1 FROM document WHERE kind = k.position AND"
        "   (state = 'handed out' OR " IS_DUE "))) ORDER BY position LIMIT 1";
    struct statement kind;
    if (statement_prepare(&kind, split->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&kind, 1, split->order->kind);
    int rc = statement_step(&kind, error);
    split->kind = -1;
    if (rc == 1) {
        split->kind = statement_integer(&kind, 0);
        text_append(&split->result->kind, statement_text(&kind, 1));
    }
    statement_finalize(&kind);
    return rc < 0 ? -1 : text_check(&split->result->kind, error);
}

/* No parts are made while others are handed out: a kind would have two with one number. */
static int check_documents(struct split *split, int64_t *documents, struct error *error) {
    static const char sql[] = "SELECT count(iif(" IS_DUE ", 1, NULL)),"
                              " count(iif(state = 'handed out', 1, NULL))"
                              " FROM document WHERE +kind = ?1";
    struct statement counts;
    if (statement_prepare(&counts, split->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&counts, 1, split->kind);
    int rc = statement_step(&counts, error);
    *documents = statement_integer(&counts, 0);
    split->result->out = statement_integer(&counts, 1);
    statement_finalize(&counts);
    if (rc < 0) {
        return -1;
    }
    return *documents == 0 || split->result->out == 0
               ? 0
               : parts_refuse_while_out(split->workspace, error);
}

static int open_folder(struct split *split, struct error *error) {
    const char *folder = split->order->folder;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return error_set(error, ERROR_DISK, "%s: cannot be made: %s", folder, strerror(errno));
    }
    char *whole = realpath(folder, NULL);
    if (whole == NULL) {
        return error_set(error, ERROR_DISK, "%s: cannot be opened: %s", folder, strerror(errno));
    }
    text_append_string(&split->result->folder, whole);
    free(whole);
    return text_check(&split->result->folder, error);
}

/* KIND-3-of-8.rowpost, without characters of the kind's name that are special to a shell or a file
 * system. */
static void append_name(const struct split *split, int64_t number, struct text *path) {
    const struct text *kind = &split->result->kind;
    text_append_format(path, "%s/", text_string(&split->result->folder));
    for (size_t i = 0; i < kind->length; i++) {
        bool is_plain = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
                               kind->data[i]) != NULL;
        text_append(path, is_plain ? (struct span){kind->data + i, 1} : span_of("_"));
    }
    text_append_format(path, "-%lld-of-%lld.rowpost", (long long)number,
                       (long long)split->order->parts);
}

static void draw_token(char token[PART_TOKEN_SIZE]) {
    unsigned char bytes[PART_TOKEN_SIZE / 2];
    sqlite3_randomness(sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    }
}

static int name_file(const struct split *split, int64_t index, struct error *error) {
    struct part_file *file = &split->files[index];
    struct text path = {0};
    file->identity = (struct part_identity){
        .id = split->first_id + index, .number = index + 1, .parts = split->order->parts};
    append_name(split, index + 1, &path);
    draw_token(file->identity.token);
    int rc = text_check(&path, error) == 0 ? part_file_name(file, text_string(&path), error) : -1;
    text_free(&path);
    if (rc == 0 && access(text_string(&file->path), F_OK) == 0) {
        rc = error_set(error, ERROR_USAGE,
                       "%s: is there already; name another folder with -d, or remove it if its "
                       "part is merged",
                       text_string(&file->path));
    }
    return rc;
}

static int name_files(struct split *split, struct error *error) {
    if (open_folder(split, error) != 0 ||
        statement_query_integer(split->database, "SELECT coalesce(max(id), 0) + 1 FROM part", 1,
                                &split->first_id, error) != 0) {
        return -1;
    }
    split->files = calloc((size_t)split->order->parts, sizeof *split->files);
    if (split->files == NULL) {
        return error_set_no_memory(error);
    }
    for (int64_t i = 0; i < split->order->parts; i++) {
        if (name_file(split, i, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int note_parts(struct split *split, struct error *error) {
    struct statement insert;
    if (statement_prepare(&insert, split->database,
                          "INSERT INTO part (id, kind, number, parts, documents, token, file,"
                          " handed_out) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                          error) != 0) {
        return -1;
    }
    char now[DATE_MOMENT_SIZE];
    date_format_moment(date_now(), now);
    int rc = 0;
    for (int64_t i = 0; i < split->order->parts && rc == 0; i++) {
        const struct part_file *file = &split->files[i];
        statement_bind_integer(&insert, 1, file->identity.id);
        statement_bind_integer(&insert, 2, split->kind);
        statement_bind_integer(&insert, 3, file->identity.number);
        statement_bind_integer(&insert, 4, file->identity.parts);
        statement_bind_integer(&insert, 5, file->documents);
        statement_bind_string(&insert, 6, file->identity.token);
        statement_bind_text(&insert, 7, text_span(&file->path));
        statement_bind_string(&insert, 8, now);
        rc = statement_run(&insert, error);
    }
    statement_finalize(&insert);
    return rc;
}

static int mark_documents(struct split *split, struct error *error) {
    struct statement mark;
    if (statement_prepare(&mark, split->database,
                          "UPDATE document SET state = 'handed out',"
                          " part = ?2 + part_of_key(" PART_KEY ", ?3) WHERE +kind = ?1 AND " IS_DUE,
                          error) != 0) {
        return -1;
    }
    statement_bind_integer(&mark, 1, split->kind);
    statement_bind_integer(&mark, 2, split->first_id);
    statement_bind_integer(&mark, 3, split->order->parts);
    return statement_run_once(&mark, error);
}

/* Checks that each part has the documents that are marked as being in it. */
static int check_balance(struct split *split, int64_t documents, struct error *error) {
    static const char sql[] = "SELECT count(*) FROM part p WHERE p.recalled IS NULL AND"
                              " p.id >= (SELECT max(id) + 1 - parts FROM part) AND p.documents <>"
                              " (SELECT count(*) FROM document d WHERE d.part = p.id)";
    int64_t unlike;
    int64_t copied = 0;
    if (statement_query_integer(split->database, sql, 0, &unlike, error) != 0) {
        return -1;
    }
    for (int64_t i = 0; i < split->order->parts; i++) {
        copied += split->files[i].documents;
    }
    return unlike == 0 && copied == documents
               ? 0
               : error_set(error, ERROR_BALANCE,
                           "%lld documents were to be handed out, %lld are in the parts, and %lld "
                           "parts have others than are marked; nothing was handed out",
                           (long long)documents, (long long)copied, (long long)unlike);
}

static int note(struct split *split, int64_t documents, struct error *error) {
    if (workspace_begin(split->workspace, error) == 0 && note_parts(split, error) == 0 &&
        mark_documents(split, error) == 0 && check_balance(split, documents, error) == 0) {
        split->may_be_noted = true;
        if (workspace_commit(split->workspace, error) == 0) {
            return 0;
        }
    }
    workspace_roll_back(split->workspace);
    return -1;
}

static void count_parts(const struct split *split, int64_t documents) {
    struct split_result *result = split->result;
    result->documents = documents;
    result->out += documents;
    result->least = split->files[0].documents;
    result->most = split->files[0].documents;
    for (int64_t i = 1; i < split->order->parts; i++) {
        int64_t count = split->files[i].documents;
        result->least = count < result->least ? count : result->least;
        result->most = count > result->most ? count : result->most;
    }
}

/* A commit that fails may still be on the disk: once it has begun, the drafts stay in any case. */
static int write_parts(struct split *split, int64_t documents, struct error *error) {
    if (name_files(split, error) != 0) {
        return -1;
    }
    if (part_documents_copy(split->workspace, split->kind, split->files, split->order->parts,
                            error) != 0 ||
        note(split, documents, error) != 0) {
        for (int64_t i = 0; i < split->order->parts && !split->may_be_noted; i++) {
            part_file_discard(&split->files[i]);
        }
        return -1;
    }
    count_parts(split, documents);
    int64_t placed = 0;
    return split_finish(split->workspace, &placed, error);
}

static int hand_out(struct split *split, struct error *error) {
    int64_t documents = 0;
    if (parts_refuse_in_part(split->workspace, "split", error) != 0 ||
        split_finish(split->workspace, &split->result->finished, error) != 0 ||
        recover(split, error) != 0 || find_kind(split, error) != 0) {
        return -1;
    }
    if (split->kind < 0) {
        return 0;
    }
    if (check_documents(split, &documents, error) != 0) {
        return -1;
    }
    if (documents == 0) {
        return 0;
    }
    return part_documents_check(split->workspace, split->kind, error) == 0
               ? write_parts(split, documents, error)
               : -1;
}

int split_hand_out(struct workspace *workspace, const struct split_order *order,
                   struct split_result *result, struct error *error) {
    struct split split = {.workspace = workspace,
                          .database = workspace_database(workspace),
                          .order = order,
                          .result = result};
    memset(result, 0, sizeof *result);
    int rc = part_documents_register(split.database, error);
    if (rc == 0) {
        rc = hand_out(&split, error);
    }
    for (int64_t i = 0; split.files != NULL && i < order->parts; i++) {
        part_file_close(&split.files[i]);
    }
    free(split.files);
    return rc;
}

void split_result_free(struct split_result *result) {
    text_free(&result->kind);
    text_free(&result->folder);
}
