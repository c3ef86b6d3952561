#define _POSIX_C_SOURCE 200809L /* fsync */
#include "workspace/part_file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"

static const char *const tables[PART_TABLE_COUNT] = {
    [PART_DOCUMENT] = "document",   [PART_BODY] = "body",
    [PART_ATTEMPT] = "attempt",     [PART_FINDING] = "finding",
    [PART_REFERENCE] = "reference", [PART_KNOWN_RECORD] = "known_record"};

/* Copied as a whole: the kinds, the plan, and the records that the target had. */
static const char *const whole_tables[] = {"kind", "setting", "existing"};

int part_file_name(struct part_file *file, const char *path, struct error *error) {
    text_append_string(&file->path, path);
    text_append_format(&file->draft, "%s.new", path);
    return text_check(&file->path, error) == 0 ? text_check(&file->draft, error) : -1;
}

static int fail(const char *path, const char *what, struct error *error) {
    return error_set(error, ERROR_DISK, "%s: %s: %s", path, what, strerror(errno));
}

/* Together with its journal, which SQLite would otherwise apply to a new file of the same name. */
static int remove_draft(const struct part_file *file, struct error *error) {
    struct text journal = {0};
    text_append_format(&journal, "%s-journal", text_string(&file->draft));
    int rc = text_check(&journal, error);
    if (rc == 0 && unlink(text_string(&journal)) != 0 && errno != ENOENT) {
        rc = fail(text_string(&journal), "cannot be removed", error);
    }
    if (rc == 0 && unlink(text_string(&file->draft)) != 0 && errno != ENOENT) {
        rc = fail(text_string(&file->draft), "cannot be removed", error);
    }
    text_free(&journal);
    return rc;
}

/* An INSERT with a value for each column of the table, which the parent has as well. */
static int prepare_insert(struct statement *insert, sqlite3 *database, const char *table,
                          struct error *error) {
    char count_sql[64];
    int64_t columns;
    struct text sql = {0};
    snprintf(count_sql, sizeof count_sql, "SELECT count(*) FROM pragma_table_info('%s')", table);
    if (statement_query_integer(database, count_sql, 0, &columns, error) != 0) {
        return -1;
    }
    text_append_format(&sql, "INSERT INTO %s VALUES (?1", table);
    for (int64_t i = 2; i <= columns; i++) {
        text_append_format(&sql, ", ?%lld", (long long)i);
    }
    text_append_string(&sql, ")");
    int rc = text_check(&sql, error);
    if (rc == 0) {
        rc = statement_prepare(insert, database, text_string(&sql), error);
    }
    text_free(&sql);
    return rc;
}

/* Texts are borrowed: a body would be copied once more. */
static void bind_column(struct statement *insert, int position, const struct statement *select,
                        int column) {
    if (sqlite3_column_type(select->handle, column) == SQLITE_TEXT) {
        statement_bind_text(insert, position, statement_text(select, column));
    } else {
        sqlite3_bind_value(insert->handle, position, sqlite3_column_value(select->handle, column));
    }
}

static int copy_row(const struct statement *select, struct statement *insert, struct error *error) {
    int columns = sqlite3_bind_parameter_count(insert->handle);
    for (int i = 0; i < columns; i++) {
        bind_column(insert, i + 1, select, i);
    }
    return statement_run(insert, error);
}

static int copy_table(const struct part_file *file, sqlite3 *parent, const char *table,
                      struct error *error) {
    char sql[64];
    struct statement select = {0};
    struct statement insert = {0};
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
    int rc = statement_prepare(&select, parent, sql, error);
    if (rc == 0) {
        rc = prepare_insert(&insert, workspace_database(file->workspace), table, error);
    }
    while (rc == 0 && (rc = statement_step(&select, error)) == 1) {
        rc = copy_row(&select, &insert, error);
    }
    statement_finalize(&select);
    statement_finalize(&insert);
    return rc;
}

static int write_identity(const struct part_file *file, sqlite3 *parent, struct error *error) {
    struct statement insert;
    if (statement_prepare(&insert, workspace_database(file->workspace),
                          "INSERT INTO parent (one, part, number, parts, token, file)"
                          " VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                          error) != 0) {
        return -1;
    }
    statement_bind_integer(&insert, 1, file->identity.id);
    statement_bind_integer(&insert, 2, file->identity.number);
    statement_bind_integer(&insert, 3, file->identity.parts);
    statement_bind_string(&insert, 4, file->identity.token);
    statement_bind_string(&insert, 5, sqlite3_db_filename(parent, "main"));
    return statement_run_once(&insert, error);
}

/* Nobody uses the file before it is complete, so it needs neither a journal nor a sync of its
 * own. */
static const char draft_pragmas[] = "PRAGMA journal_mode = OFF;"
                                    "PRAGMA synchronous = OFF;"
                                    "PRAGMA cache_size = -4000;";

int part_file_begin(struct part_file *file, struct workspace *parent, struct error *error) {
    if (remove_draft(file, error) != 0) {
        return -1;
    }
    file->workspace = workspace_open_or_create(text_string(&file->draft), "split", error);
    if (file->workspace == NULL) {
        return -1;
    }
    sqlite3 *database = workspace_database(file->workspace);
    if (statement_execute(database, draft_pragmas, error) != 0 ||
        workspace_begin(file->workspace, error) != 0 ||
        write_identity(file, workspace_database(parent), error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof whole_tables / sizeof *whole_tables; i++) {
        if (copy_table(file, workspace_database(parent), whole_tables[i], error) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < PART_TABLE_COUNT; i++) {
        if (prepare_insert(&file->inserts[i], database, tables[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

int part_file_add(struct part_file *file, enum part_table table, const struct statement *row,
                  struct error *error) {
    file->documents += table == PART_DOCUMENT;
    return copy_row(row, &file->inserts[table], error);
}

static int sync_file(const char *path, struct error *error) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    int rc = descriptor < 0 || fsync(descriptor) != 0 ? fail(path, "cannot be written", error) : 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    return rc;
}

static void finalize(struct part_file *file) {
    for (size_t i = 0; i < PART_TABLE_COUNT; i++) {
        statement_finalize(&file->inserts[i]);
    }
}

int part_file_end(struct part_file *file, struct error *error) {
    finalize(file);
    /* Only the parent needs to know in which part a document was before. */
    if (statement_execute(workspace_database(file->workspace),
                          "UPDATE document SET part = NULL WHERE part IS NOT NULL", error) != 0 ||
        workspace_commit(file->workspace, error) != 0) {
        return -1;
    }
    workspace_close(file->workspace);
    file->workspace = NULL;
    return sync_file(text_string(&file->draft), error);
}

void part_file_close(struct part_file *file) {
    finalize(file);
    workspace_close(file->workspace);
    file->workspace = NULL;
    text_free(&file->path);
    text_free(&file->draft);
}

void part_file_discard(struct part_file *file) {
    finalize(file);
    workspace_close(file->workspace);
    file->workspace = NULL;
    struct error ignored;
    if (file->draft.length > 0) {
        remove_draft(file, &ignored);
    }
}

static int place(const char *draft, const char *path, const char *token, struct error *error) {
    struct part_identity identity;
    if (access(draft, F_OK) != 0) {
        return 0;
    }
    int rc = part_file_identify(draft, &identity, error);
    if (rc <= 0 || strcmp(identity.token, token) != 0) {
        return rc < 0 ? -1 : 0;
    }
    return folder_rename_new(draft, path, error) == 0 && folder_sync(path, error) == 0 ? 1 : -1;
}

int part_file_place(const char *path, const char *token, struct error *error) {
    struct text draft = {0};
    text_append_format(&draft, "%s.new", path);
    int rc = text_check(&draft, error);
    if (rc == 0) {
        rc = place(text_string(&draft), path, token, error);
    }
    text_free(&draft);
    return rc;
}

int part_file_identify(const char *path, struct part_identity *identity, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(path, error);
    struct statement parent = {0};
    int rc = -1;
    if (workspace != NULL &&
        statement_prepare(&parent, workspace_database(workspace),
                          "SELECT part, number, parts, token FROM parent", error) == 0) {
        rc = statement_step(&parent, error);
    }
    if (rc == 1) {
        struct span token = statement_text(&parent, 3);
        *identity = (struct part_identity){.id = statement_integer(&parent, 0),
                                           .number = statement_integer(&parent, 1),
                                           .parts = statement_integer(&parent, 2)};
        if (token.length == PART_TOKEN_SIZE - 1) {
            memcpy(identity->token, token.data, token.length);
        }
    }
    statement_finalize(&parent);
    workspace_close(workspace);
    return rc;
}
