#include "source/sqlite_error.h"

#include <stdbool.h>
#include <string.h>

#include "source/driver.h"

/* SQLite's own words, by which it is known what a query misses. */
#define NO_TABLE "no such table: "
#define NO_COLUMN "no such column: "

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
    {SQLITE_CANTOPEN, "cannot be opened; where a -wal or -journal file stands beside it, its "
                      "folder must be writable: copy all of them to a folder of your own"},
    {SQLITE_READONLY, "was left in the middle of a change; copy it with its -wal or -journal file "
                      "to a folder of your own, open the copy once with sqlite3, and read that"},
};

/* Words by which SQLite says that it does not understand a schema; its code is that of damage. */
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

int sqlite_explain_reading(sqlite3 *database, const char *name, const char *sql,
                           struct error *error) {
    int code = sqlite3_errcode(database);
    if (code == SQLITE_NOMEM) {
        return error_set_no_memory(error);
    }
    struct text message = {0};
    const char *said = sqlite3_errmsg(database);
    if (is_of_newer_schema(code, said)) {
        text_append_format(&message,
                           "%s has a schema that this SQLite, version %s, does not understand: %s. "
                           "Read it with the SQLite that wrote it, and give a copy made there with "
                           "an older schema",
                           name, sqlite3_libversion(), said);
    } else {
        text_append_format(&message, "%s %s (%s)", name, find_meaning(code), said);
    }
    if (sql != NULL) {
        source_append_query(&message, sql);
    }
    return source_fail(&message, error);
}

int source_explain_sqlite(struct source *source, struct error *error) {
    return sqlite_explain_reading(source_sqlite(source), source_name(source), NULL, error);
}

/* The first column of the query's rows, with commas between. */
static void append_list(sqlite3 *database, const char *sql, const char *argument,
                        struct text *message) {
    sqlite3_stmt *statement = NULL;
    const char *before = "";
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) {
        return;
    }
    if (argument != NULL) {
        sqlite3_bind_text(statement, 1, argument, -1, SQLITE_TRANSIENT);
    }
    while (sqlite3_step(statement) == SQLITE_ROW) {
        text_append_string(message, before);
        text_append_string(message, (const char *)sqlite3_column_text(statement, 0));
        before = ", ";
    }
    sqlite3_finalize(statement);
}

static const char tables_sql[] = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') "
                                 "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

static void explain_table(sqlite3 *database, const char *table, struct text *message) {
    struct text tables = {0};
    append_list(database, tables_sql, NULL, &tables);
    text_append_format(message, " has no table %s", table);
    if (tables.length > 0) {
        text_append_format(message, "; it has: %s", text_string(&tables));
    } else {
        text_append_string(message, "; it has none at all");
    }
    text_free(&tables);
}

/* The columns of every table that the query names: which of them an alias stands for would take a
 * parser to tell. */
static void explain_column(sqlite3 *database, const char *column, const char *sql,
                           struct text *message) {
    struct span name = span_of(column);
    const char *advice = span_find(name, " - "); /* newer libraries add some */
    if (advice != NULL) {
        name.length = (size_t)(advice - name.data);
    }
    text_append_string(message, " has no column ");
    text_append(message, name);
    sqlite3_stmt *tables = NULL;
    if (sqlite3_prepare_v2(database, tables_sql, -1, &tables, NULL) != SQLITE_OK) {
        return;
    }
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        if (source_query_has_word(span_of(sql), span_of(table))) {
            text_append_format(message, "; %s has: ", table);
            append_list(database, "SELECT name FROM pragma_table_info(?1)", table, message);
        }
    }
    sqlite3_finalize(tables);
}

int sqlite_explain_query(sqlite3 *database, const char *name, const char *sql,
                         struct error *error) {
    int code = sqlite3_errcode(database);
    if (code != SQLITE_ERROR) {
        return sqlite_explain_reading(database, name, sql, error);
    }
    struct text said = {0}; /* a copy: asking what is there replaces SQLite's own */
    struct text message = {0};
    text_append_string(&said, sqlite3_errmsg(database));
    text_append_string(&message, name);
    if (strncmp(text_string(&said), NO_TABLE, strlen(NO_TABLE)) == 0) {
        explain_table(database, text_string(&said) + strlen(NO_TABLE), &message);
    } else if (strncmp(text_string(&said), NO_COLUMN, strlen(NO_COLUMN)) == 0) {
        explain_column(database, text_string(&said) + strlen(NO_COLUMN), sql, &message);
    } else {
        text_append_format(&message, " does not understand the query: %s", text_string(&said));
    }
    source_append_query(&message, sql);
    text_free(&said);
    return source_fail(&message, error);
}
