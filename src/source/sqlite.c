#include <stdlib.h>
#include <string.h>

#include "base/statement.h"
#include "source/sqlite_private.h"
#include "source/sqlite_value.h"

struct sqlite_rows {
    struct rows base;
    sqlite3_stmt *statement;
    bool ended;
};

/* What each result code (the low byte of an extended one) means to the person. */
static const struct reading_failure {
    int code;
    const char *meaning;
} reading_failures[] = {
    {SQLITE_BUSY, "is locked by another program; wait until that is done, or read a copy"},
    {SQLITE_LOCKED, "is locked by another program; wait until that is done, or read a copy"},
    {SQLITE_CORRUPT, "is damaged; use another copy, or try sqlite3's .recover on it"},
    {SQLITE_NOTADB, "is not a SQLite database, or an encrypted one"},
    {SQLITE_IOERR, "cannot be read from its disk; copy it to a local disk and try again"},
    {SQLITE_FULL, "needs temporary space that is not there; set SQLITE_TMPDIR to a larger disk"},
    {SQLITE_PERM, "may not be read; ask for the right to read it"},
    {SQLITE_AUTH, "may not be read; ask for the right to read it"},
    {SQLITE_CANTOPEN, "cannot be opened; where a -wal or -journal file is next to it, its "
                      "folder must be writable: copy all of them to a folder of your own"},
    {SQLITE_READONLY, "was left in the middle of a change; copy it with its -wal or -journal file "
                      "to a folder of your own, open the copy once with sqlite3, and read that"},
};

/* Words of SQLite's message that it does not understand a schema; its code is that of damage. */
#define BAD_SCHEMA "malformed database schema"

static bool is_of_newer_schema(int code, const char *said) {
    return (code & 0xFF) == SQLITE_CORRUPT && strncmp(said, BAD_SCHEMA, strlen(BAD_SCHEMA)) == 0;
}

static const char *find_meaning(int code) {
    for (size_t i = 0; i < sizeof reading_failures / sizeof reading_failures[0]; i++) {
        if (reading_failures[i].code == (code & 0xFF)) {
            return reading_failures[i].meaning;
        }
    }
    return "cannot be read";
}

int sqlite_explain(sqlite3 *database, const char *name, struct error *error) {
    int code = sqlite3_errcode(database);
    if (code == SQLITE_NOMEM) {
        return error_set_no_memory(error);
    }
    const char *said = sqlite3_errmsg(database);
    if (is_of_newer_schema(code, said)) {
        return error_set(error, ERROR_SOURCE,
                         "%s has a schema that this SQLite, version %s, does not understand: %s. "
                         "Read it with the SQLite that wrote it, and give a copy made there with "
                         "an older schema",
                         name, sqlite3_libversion(), said);
    }
    if (statement_is_unread(database)) {
        code = SQLITE_IOERR;
        said = "its disk gives an error";
    }
    return error_set(error, ERROR_SOURCE, "%s %s (%s)", name, find_meaning(code), said);
}

static sqlite3 *database_of(const struct source *source) {
    return ((const struct sqlite_source *)source)->database;
}

/* Reading makes the transaction begin. */
static int begin(struct source *base, bool *is_one_moment, struct error *error) {
    sqlite3 *database = database_of(base);
    if (sqlite3_exec(database, "BEGIN; SELECT 1 FROM main.sqlite_schema LIMIT 1", NULL, NULL,
                     NULL) != SQLITE_OK) {
        return sqlite_explain(database, source_name(base), error);
    }
    *is_one_moment = true;
    return 0;
}

static int end(struct source *base, struct error *error) {
    struct sqlite_source *source = (struct sqlite_source *)base;
    if (sqlite3_get_autocommit(source->database) != 0) {
        return error_set(
            error, ERROR_SOURCE,
            "%s: a failure ended the transaction in which it was read, so its rows may "
            "be of different moments",
            source_name(base));
    }
    sqlite3_exec(source->database, "COMMIT", NULL, NULL, NULL);
    return sqlite_check_unchanged(source, error);
}

static void close_rows(struct rows *base) {
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    sqlite3_finalize(rows->statement);
    free(rows);
}

static struct rows *query(struct source *base, const char *sql, struct error *error) {
    sqlite3 *database = database_of(base);
    struct sqlite_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    if (sqlite3_prepare_v2(database, sql, -1, &rows->statement, NULL) != SQLITE_OK) {
        sqlite_explain(database, source_name(base), error);
        close_rows(&rows->base);
        return NULL;
    }
    return &rows->base;
}

static int step(struct rows *base, struct error *error) {
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    if (rows->ended) {
        return 0;
    }
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW) {
        return 1;
    }
    rows->ended = true;
    if (code == SQLITE_DONE) {
        return 0;
    }
    return sqlite_explain(sqlite3_db_handle(rows->statement), source_name(base->source), error);
}

/* One call finds the column's value; each sqlite3_column_...() would find it once more. The value
 * is as good as a protected one: the connection is without mutexes, and used by one thread. */
static struct value value_of(const struct rows *base, size_t position) {
    sqlite3_stmt *statement = ((const struct sqlite_rows *)base)->statement;
    return sqlite_value_read(sqlite3_column_value(statement, (int)position));
}

int source_explain_sqlite(struct source *source, struct error *error) {
    return sqlite_explain(database_of(source), source_name(source), error);
}

const struct driver sqlite_driver = {
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = begin,
    .end = end,
    .sqlite = database_of,
    .query = query,
    .close_rows = close_rows,
    .step = step,
    .value = value_of,
};
