#include "base/statement.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* SQLite stores no context of a caller with a connection: an explainer is found by its connection.
 */
static struct statement_explainer *explainers;

void statement_add_explainer(struct statement_explainer *explainer) {
    explainer->next = explainers;
    explainers = explainer;
}

void statement_remove_explainer(struct statement_explainer *explainer) {
    for (struct statement_explainer **link = &explainers; *link != NULL; link = &(*link)->next) {
        if (*link == explainer) {
            *link = explainer->next;
            break;
        }
    }
}

static struct statement_explainer *find_explainer(const sqlite3 *database) {
    struct statement_explainer *found = explainers;
    while (found != NULL && found->database != database) {
        found = found->next;
    }
    return found;
}

/* What a person can do about a failure of SQLite's, by its primary result code. */
static const struct failure {
    int code;
    enum error_code error;
    const char *advice;
} failures[] = {
    {SQLITE_FULL, ERROR_DISK, "the disk is full: make room"},
    {SQLITE_IOERR, ERROR_DISK, "the disk does not answer: check it"},
    {SQLITE_READONLY, ERROR_DISK, "the file or its folder cannot be written"},
    {SQLITE_CANTOPEN, ERROR_DISK, "the file cannot be opened"},
    {SQLITE_PERM, ERROR_DISK, "the file cannot be accessed"},
    {SQLITE_CORRUPT, ERROR_WORKSPACE, "the file is damaged: continue from a copy"},
    {SQLITE_NOTADB, ERROR_WORKSPACE, "the file is not a workspace"},
    {SQLITE_BUSY, ERROR_WORKSPACE, "another program is using the file: wait for it to end"},
    {SQLITE_LOCKED, ERROR_WORKSPACE, "another program is using the file: wait for it to end"},
    {SQLITE_NOMEM, ERROR_MEMORY, "there is no memory left"},
};

static int last_errno(sqlite3_file *file) {
    int reason = 0;
    if (file != NULL && file->pMethods != NULL) {
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &reason);
    }
    return reason;
}

/* SQLite calls a page that the disk could not read damage; the file itself knows better. */
bool statement_is_unread(sqlite3 *database) {
    int code = sqlite3_errcode(database) & 0xff;
    static const int pointers[] = {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER};
    for (size_t i = 0; code == SQLITE_CORRUPT && i < sizeof pointers / sizeof *pointers; i++) {
        sqlite3_file *file = NULL;
        if (sqlite3_file_control(database, "main", pointers[i], &file) != SQLITE_OK) {
            continue;
        }
        int reason = last_errno(file);
        if (reason == EIO || reason == ENXIO) {
            return true;
        }
    }
    return false;
}

/* What a message names: a database without a name is a temporary file of SQLite's. */
static const char *name_of(sqlite3 *database) {
    const char *path = sqlite3_db_filename(database, "main");
    if (path == NULL) {
        return "workspace";
    }
    return *path == '\0' ? "a temporary file" : path;
}

int statement_fail(sqlite3 *database, struct error *error) {
    const struct statement_explainer *explainer = find_explainer(database);
    if (explainer != NULL && explainer->explain(explainer->context, error) == 0) {
        return -1;
    }
    const char *path = name_of(database);
    int code = sqlite3_errcode(database) & 0xff;
    if (statement_is_unread(database)) {
        return error_set(error, ERROR_DISK,
                         "%s: the disk does not answer: check it (a part of the file cannot be "
                         "read)",
                         path);
    }
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (failures[i].code == code) {
            return error_set(error, failures[i].error, "%s: %s (%s)", path, failures[i].advice,
                             sqlite3_errmsg(database));
        }
    }
    return error_set(error, ERROR_INTERNAL, "%s: %s", path, sqlite3_errmsg(database));
}

int statement_prepare(struct statement *statement, sqlite3 *database, const char *sql,
                      struct error *error) {
    statement->database = database;
    statement->handle = NULL;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle,
                           NULL) != SQLITE_OK) {
        return statement_fail(database, error);
    }
    return 0;
}

int statement_prepare_text(struct statement *statement, sqlite3 *database, struct text *sql,
                           struct error *error) {
    int rc = text_check(sql, error) == 0
                 ? statement_prepare(statement, database, text_string(sql), error)
                 : -1;
    text_free(sql);
    return rc;
}

void statement_finalize(struct statement *statement) {
    sqlite3_finalize(statement->handle);
    statement->handle = NULL;
}

void statement_bind_integer(struct statement *statement, int position, int64_t value) {
    sqlite3_bind_int64(statement->handle, position, value);
}

void statement_bind_text(struct statement *statement, int position, struct span value) {
    if (span_is_null(value)) {
        sqlite3_bind_null(statement->handle, position);
        return;
    }
    sqlite3_bind_text64(statement->handle, position, value.data, value.length, SQLITE_STATIC,
                        SQLITE_UTF8);
}

void statement_bind_string(struct statement *statement, int position, const char *value) {
    statement_bind_text(statement, position, span_of(value));
}

void statement_bind_null(struct statement *statement, int position) {
    sqlite3_bind_null(statement->handle, position);
}

void statement_bind_record_id(struct statement *statement, int position, struct record_id id) {
    char number[24];
    if (!id.is_number || id.text.length >= sizeof number) {
        statement_bind_text(statement, position, id.text);
        return;
    }
    memcpy(number, id.text.data, id.text.length);
    number[id.text.length] = '\0';
    statement_bind_integer(statement, position, strtoll(number, NULL, 10));
}

int statement_step(struct statement *statement, struct error *error) {
    switch (sqlite3_step(statement->handle)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        return 0;
    default:
        return statement_fail(statement->database, error);
    }
}

int statement_run(struct statement *statement, struct error *error) {
    int rc = statement_step(statement, error);
    statement_reset(statement);
    return rc < 0 ? -1 : 0;
}

int statement_run_once(struct statement *statement, struct error *error) {
    int rc = statement_step(statement, error);
    statement_finalize(statement);
    return rc < 0 ? -1 : 0;
}

int statement_read_once(struct statement *statement, int64_t otherwise, int64_t *value,
                        struct error *error) {
    int rc = statement_step(statement, error);
    *value = rc == 1 ? statement_integer(statement, 0) : otherwise;
    statement_finalize(statement);
    return rc < 0 ? -1 : 0;
}

void statement_reset(struct statement *statement) {
    sqlite3_reset(statement->handle);
}

int64_t statement_integer(const struct statement *statement, int column) {
    return sqlite3_column_int64(statement->handle, column);
}

struct span statement_value_text(sqlite3_value *value) {
    const unsigned char *text = sqlite3_value_text(value);
    if (text == NULL) {
        if (sqlite3_value_type(value) != SQLITE_NULL) {
            memory_note_failure();
        }
        return (struct span){0};
    }
    return (struct span){.data = (const char *)text, .length = (size_t)sqlite3_value_bytes(value)};
}

struct span statement_text(const struct statement *statement, int column) {
    /* As good as a protected value: one thread uses the connection. */
    return statement_value_text(sqlite3_column_value(statement->handle, column));
}

struct record_id statement_record_id(const struct statement *statement, int column) {
    bool is_number = sqlite3_column_type(statement->handle, column) == SQLITE_INTEGER;
    return (struct record_id){statement_text(statement, column), is_number};
}

int statement_execute(sqlite3 *database, const char *sql, struct error *error) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return statement_fail(database, error);
    }
    return 0;
}

int statement_execute_text(sqlite3 *database, struct text *sql, struct error *error) {
    int rc =
        text_check(sql, error) == 0 ? statement_execute(database, text_string(sql), error) : -1;
    text_free(sql);
    return rc;
}

int statement_query_integer(sqlite3 *database, const char *sql, int64_t otherwise, int64_t *value,
                            struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, database, sql, error) != 0) {
        return -1;
    }
    return statement_read_once(&statement, otherwise, value, error);
}
