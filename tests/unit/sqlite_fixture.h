/* A folder for the databases of a test, and a source on one of them. The folder is emptied after
 * each test and removed after the last. */
#ifndef ROWPOST_TESTS_SQLITE_FIXTURE_H
#define ROWPOST_TESTS_SQLITE_FIXTURE_H

#include <dirent.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/source.h"

static char folder[] = "/tmp/rowpost-source-XXXXXX";
static char path[128]; /* the database of the test */

static inline const char *path_of(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int empty_folder(void **state) {
    (void)state;
    DIR *entries = opendir(folder);
    for (struct dirent *entry = NULL; (entry = readdir(entries)) != NULL;) {
        unlinkat(dirfd(entries), entry->d_name, 0);
    }
    return closedir(entries);
}

static inline int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

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

static inline struct rows *query_it(struct source *source, const char *sql) {
    struct error error = {0};
    struct rows *rows = source_query(source, sql, &error);
    if (rows == NULL) {
        fail_msg("%s", error.message);
    }
    return rows;
}

/* All rows of the query as JSON, one behind the other. */
static inline void assert_rows(struct source *source, const char *sql, const char *expected) {
    struct error error = {0};
    struct text json = {0};
    struct rows *rows = query_it(source, sql);
    int rc = 0;
    while ((rc = rows_step(rows, &error)) == 1) {
        rows_append_json(rows, &json);
    }
    assert_int_equal(rc, 0);
    assert_string_equal(text_string(&json), expected);
    text_free(&json);
    rows_close(rows);
}

#endif
