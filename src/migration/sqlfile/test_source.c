/* The rows of a test, in the tables that the migration reads at its source. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/statement.h"
#include "migration/sqlfile/sql_token.h"
#include "migration/sqlfile/tests_private.h"

static int fail(const struct sqlfile *file, const struct annotation *annotation, sqlite3 *database,
                struct error *error) {
    return parsed_file_fail(&file->parsed, annotation->sql_line, error, "%s %s: %s",
                            annotation_forms[annotation->word].word, annotation->name,
                            sqlite3_errmsg(database));
}

static void append_column(struct map *known, const char *column, struct text *sql) {
    struct text folded = {0};
    text_append_ascii_lower(&folded, span_of(column));
    if (map_find(known, text_span(&folded)) == NULL &&
        map_put(known, text_span(&folded), known) == 0) {
        text_append_string(sql, map_count(known) == 1 ? "(" : ", ");
        sql_append_name(column, sql);
    }
    text_free(&folded);
}

/* Every column that the file names of the source's table. */
static void append_create(const struct sqlfile *file, const char *source, struct text *sql) {
    struct map known = {0};
    text_append_string(sql, "CREATE TABLE IF NOT EXISTS ");
    sql_append_name(source, sql);
    for (size_t i = 0; i < file->table_count; i++) {
        const struct table *table = &file->tables[i];
        if (sqlite3_stricmp(table->source, source) != 0) {
            continue;
        }
        for (size_t k = 0; k < table->column_count; k++) {
            append_column(&known, table->source_columns[k], sql);
        }
        for (size_t a = 0; a < file->parsed.count; a++) {
            const struct annotation *unused = &file->parsed.annotations[a];
            bool is_of =
                unused->word == WORD_UNUSED && sqlite3_stricmp(unused->name, table->name) == 0;
            for (size_t k = 0; is_of && k < unused->list_count; k++) {
                bool is_alias = false;
                for (size_t c = 0; c < table->column_count; c++) {
                    is_alias =
                        is_alias || sqlite3_stricmp(table->columns[c].name, unused->list[k]) == 0;
                }
                if (!is_alias) {
                    append_column(&known, unused->list[k], sql);
                }
            }
        }
    }
    text_append_string(sql, ");");
    map_free(&known);
}

static int create_tables(const struct sqlfile *file, sqlite3 *database, struct error *error) {
    struct text sql = {0};
    for (size_t i = 0; i < file->table_count; i++) {
        append_create(file, file->tables[i].source, &sql);
    }
    int rc =
        text_check(&sql, error) == 0 ? statement_execute(database, text_string(&sql), error) : -1;
    text_free(&sql);
    return rc;
}

/* `INSERT INTO source(columns) VALUES ...`: columns as the file's SELECT calls them. */
static int insert_rows(const struct sqlfile *file, const struct annotation *given,
                       sqlite3 *database, struct error *error) {
    const struct table *table = &file->tables[sqlfile_find_table(file, given->name)];
    struct text sql = {0};
    text_append_string(&sql, "INSERT INTO ");
    sql_append_name(table->source, &sql);
    for (size_t i = 0; i < given->list_count; i++) {
        const char *column = given->list[i];
        for (size_t k = 0; k < table->column_count; k++) {
            if (sqlite3_stricmp(table->columns[k].name, column) == 0) {
                column = table->source_columns[k];
            }
        }
        text_append_string(&sql, i == 0 ? "(" : ", ");
        sql_append_name(column, &sql);
    }
    text_append_format(&sql, ") %s", given->sql);
    int rc = text_check(&sql, error);
    if (rc == 0 && sqlite3_exec(database, text_string(&sql), NULL, NULL, NULL) != SQLITE_OK) {
        rc = fail(file, given, database, error);
    }
    text_free(&sql);
    return rc;
}

static int fill(const struct sqlfile *file, const struct annotation *test, const char *path,
                struct error *error) {
    sqlite3 *database = NULL;
    int rc = -1;
    if (sqlite3_open(path, &database) != SQLITE_OK) {
        error_set(error, ERROR_DISK, "%s: %s", path, sqlite3_errmsg(database));
    } else {
        rc = statement_execute(database, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;",
                               error) == 0
                 ? create_tables(file, database, error)
                 : -1;
    }
    for (size_t i = 1; i <= test->parts && rc == 0; i++) {
        if (test[i].word == WORD_GIVEN) {
            rc = insert_rows(file, &test[i], database, error);
        }
    }
    sqlite3_close(database);
    return rc;
}

int test_source_create(const struct sqlfile *file, const struct annotation *test, struct text *path,
                       struct error *error) {
    const char *folder = getenv("TMPDIR");
    text_clear(path);
    text_append_format(path, "%s/rowpost-test-XXXXXX", folder == NULL ? "/tmp" : folder);
    if (text_check(path, error) != 0) {
        return -1;
    }
    int descriptor = mkstemp(path->data);
    if (descriptor < 0) {
        error_set(error, ERROR_DISK, "%s: a file for a test cannot be made", text_string(path));
        text_clear(path);
        return -1;
    }
    close(descriptor);
    return fill(file, test, text_string(path), error);
}

int test_rows_each(const struct sqlfile *file, const struct annotation *annotation, int columns,
                   int (*take)(void *context, const struct span *values, struct error *error),
                   void *context, struct error *error) {
    struct span values[4];
    struct statement rows = {0};
    sqlite3 *database = NULL;
    int rc = -1;
    if (sqlite3_open(":memory:", &database) != SQLITE_OK ||
        sqlite3_prepare_v2(database, annotation->sql, -1, &rows.handle, NULL) != SQLITE_OK) {
        fail(file, annotation, database, error);
    } else if (sqlite3_column_count(rows.handle) != columns) {
        parsed_file_fail(&file->parsed, annotation->sql_line, error,
                         "%s %s: %d columns; expected %d", annotation_forms[annotation->word].word,
                         annotation->name, sqlite3_column_count(rows.handle), columns);
    } else {
        rows.database = database;
        while ((rc = statement_step(&rows, error)) == 1) {
            for (int i = 0; i < columns && i < 4; i++) {
                values[i] = statement_text(&rows, i);
                values[i] = span_is_null(values[i]) ? span_of("(null)") : values[i];
            }
            if (take(context, values, error) != 0) {
                rc = -1;
                break;
            }
        }
    }
    statement_finalize(&rows);
    sqlite3_close(database);
    return rc;
}
