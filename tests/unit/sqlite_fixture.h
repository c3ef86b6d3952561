/* A source on a database in the folder of the test. */
#ifndef ROWPOST_TESTS_SQLITE_FIXTURE_H
#define ROWPOST_TESTS_SQLITE_FIXTURE_H

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER_FILE "legacy.db"

#include "base/json_writer.h"
#include "folder_fixture.h"
#include "source/source.h"

static inline sqlite3 *write_database(const char *name, const char *sql) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path_of(name), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    return database;
}

static inline void make_database(const char *sql) {
    assert_int_equal(sqlite3_close(write_database("legacy.db", sql)), SQLITE_OK);
}

static inline void write_file(const char *name, const char *content) {
    FILE *file = fopen(path_of(name), "wb");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

static inline struct source *open_it(const char *url) {
    struct error error = {0};
    struct source *source = source_open(url, NULL, &error);
    if (source == NULL) {
        fail_msg("%s", error.message);
    }
    return source;
}

/* All rows of a table, its columns in their order. */
static inline struct rows *read_it(struct source *source, const char *table) {
    struct error error = {0};
    struct rows *rows = source_read_table(source, table, NULL, 0, NULL, &error);
    if (rows == NULL) {
        fail_msg("%s", error.message);
    }
    return rows;
}

static inline void append_sqlite_value(struct json_writer *json, sqlite3_stmt *statement,
                                       int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        json_write_null(json);
        return;
    case SQLITE_INTEGER:
        json_write_integer(json, sqlite3_column_int64(statement, column));
        return;
    case SQLITE_FLOAT:
        json_write_real(json, sqlite3_column_double(statement, column));
        return;
    default:
        json_write_string(json, span_of((const char *)sqlite3_column_text(statement, column)));
    }
}

/* All rows of a query on the source's connection as JSON, in a row. */
static inline void assert_rows(struct source *source, const char *sql, const char *expected) {
    struct text text = {0};
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_prepare_v2(source_sqlite(source), sql, -1, &statement, NULL),
                     SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        struct json_writer json = json_writer_to(&text);
        json_begin_object(&json);
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            json_write_key(&json, sqlite3_column_name(statement, i));
            append_sqlite_value(&json, statement, i);
        }
        json_end_object(&json);
    }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_string_equal(text_string(&text), expected);
    text_free(&text);
}

#endif
