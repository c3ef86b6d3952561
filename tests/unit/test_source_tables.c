/* Whole tables by their names: how names are found, the error where they are not, and what the
 * source counts itself. The source is a SQLite file; what is asked is the same of every driver. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "sqlite_fixture.h"

static const char *const no_columns[1];

static void assert_values(struct rows *rows, const char *expected) {
    struct error error = {0};
    struct text seen = {0};
    int rc;
    while ((rc = rows_step(rows, &error)) == 1) {
        for (size_t i = 0; i < rows_column_count(rows); i++) {
            struct value value = rows_value(rows, i);
            text_append_string(&seen, i == 0 ? "" : ",");
            if (value.kind == VALUE_INTEGER) {
                text_append_integer(&seen, value.integer);
            } else {
                text_append(&seen, value.text);
            }
        }
        text_append_string(&seen, ";");
    }
    assert_int_equal(rc, 0);
    assert_string_equal(text_string(&seen), expected);
    text_free(&seen);
    rows_close(rows);
}

static void assert_table(const char *name, const char *const *columns, size_t count,
                         const char *expected) {
    struct error error = {0};
    struct source *source = open_it(path_of("legacy.db"));
    struct rows *rows = source_read_table(source, name, columns, count, NULL, &error);
    if (rows == NULL) {
        fail_msg("%s", error.message);
    }
    assert_values(rows, expected);
    source_close(source);
}

static void assert_refused(const char *name, const char *column, const char *words) {
    struct error error = {0};
    struct source *source = open_it(path_of("legacy.db"));
    assert_null(source_read_table(source, name, &column, column == NULL ? 0 : 1, NULL, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.message, path));
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
    source_close(source);
}

static void a_table_is_read_whole_in_the_order_of_the_columns_asked_for(void **state) {
    (void)state;
    static const char *const columns[] = {"c", "a"};
    make_database("CREATE TABLE t (a, b, c); INSERT INTO t VALUES (1, 2, 3), (4, NULL, 'x');");
    assert_table("t", columns, 2, "3,1;x,4;");
    assert_table("t", no_columns, 0, "1,2,3;4,,x;");
}

static void the_exact_spelling_comes_before_any_other(void **state) {
    (void)state;
    static const char *const columns[] = {"Name"};
    make_database("CREATE TABLE USERS (NAME, \"sUM\"); INSERT INTO USERS VALUES ('one', 2);");
    assert_table("USERS", columns, 1, "one;");
    assert_table("users", columns, 1, "one;");
    assert_table("anywhere.Users", columns, 1, "one;");
}

static void a_name_may_hold_any_character(void **state) {
    (void)state;
    static const char *const columns[] = {"say \"hi\"", "it's", "?1"};
    make_database("CREATE TABLE \"a.b '\"\"c\" (\"say \"\"hi\"\"\", \"it's\", \"?1\");"
                  "INSERT INTO \"a.b '\"\"c\" VALUES (1, 2, 3);");
    assert_table("a.b '\"c", columns, 3, "1,2,3;");
}

static void a_view_is_read_like_a_table(void **state) {
    (void)state;
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT a + 1 AS b"
                  " FROM t;");
    assert_table("V", no_columns, 0, "2;");
}

static void a_missing_table_is_named_with_those_there_are(void **state) {
    (void)state;
    make_database("CREATE TABLE status (id); CREATE TABLE \"Releases\" (id INTEGER PRIMARY KEY "
                  "AUTOINCREMENT); CREATE VIEW newest AS SELECT id FROM status;");
    assert_refused("RELEASES_LV", NULL,
                   " has no table RELEASES_LV; it has: Releases, newest, status");
    make_database("DROP VIEW newest; DROP TABLE status; DROP TABLE \"Releases\";");
    assert_refused("USERS", NULL, " has no table USERS; there is none at all");
}

static void a_missing_column_is_named_with_those_of_the_table(void **state) {
    (void)state;
    make_database("CREATE TABLE releases (id, category, \"messageID\");");
    assert_refused("RELEASES", "moment",
                   ": table releases has no column moment; it has: id, category, messageID");
}

static int append_name(void *context, const char *table, struct error *error) {
    (void)error;
    text_append_format(context, "%s;", table);
    return 0;
}

static int append_column(void *context, const struct source_column *column, struct error *error) {
    (void)error;
    text_append_format(context, "%s=%s;", column->name, column->type);
    return 0;
}

static void tables_and_columns_are_listed_as_they_are_spelt_and_declared(void **state) {
    (void)state;
    struct error error = {0};
    struct text seen = {0};
    make_database("CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, Name VARCHAR(100), x);"
                  "CREATE TABLE A (a, b AS (a)); INSERT INTO b VALUES (1, 'x', NULL);");
    struct source *source = open_it(path);
    assert_int_equal(source_list_tables(source, append_name, &seen, &error), 0);
    assert_string_equal(text_string(&seen), "A;b;");
    text_clear(&seen);
    assert_int_equal(source_list_columns(source, "B", append_column, &seen, &error), 0);
    assert_string_equal(text_string(&seen), "id=INTEGER;Name=VARCHAR(100);x=;");
    text_free(&seen);
    source_close(source);
}

static int stop(void *context, const char *table, struct error *error) {
    (void)context;
    return error_set(error, ERROR_USAGE, "enough of %s", table);
}

static void a_listing_ends_where_the_caller_says_so(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE a (x); CREATE TABLE b (x);");
    struct source *source = open_it(path);
    assert_int_equal(source_list_tables(source, stop, NULL, &error), -1);
    assert_string_equal(error.message, "enough of a");
    source_close(source);
}

static void a_source_counts_its_rows_and_the_bytes_of_its_texts(void **state) {
    (void)state;
    static const char *const columns[] = {"b", "a"};
    struct error error = {0};
    int64_t rows = 0;
    int64_t bytes[2] = {0};
    make_database("CREATE TABLE t (a, b); INSERT INTO t VALUES ('Zo' || char(235), 5),"
                  "('a' || char(0) || 'b', x'0102'), (NULL, NULL), (7, 'x');");
    struct source *source = open_it(path);
    assert_int_equal(source_measure_table(source, "T", columns, 2, NULL, &rows, bytes, &error), 0);
    assert_int_equal(rows, 4);
    assert_int_equal(bytes[0], 1);
    assert_int_equal(bytes[1], 4 + 3);
    assert_int_equal(source_measure_table(source, "T", NULL, 0, NULL, &rows, NULL, &error), 0);
    assert_int_equal(rows, 4);
    source_close(source);
}

static void bytes_of_utf16_are_not_compared(void **state) {
    (void)state;
    static const char *const columns[] = {"a"};
    struct error error = {0};
    int64_t rows = 0;
    int64_t bytes = 0;
    make_database("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a); INSERT INTO t VALUES ('x');");
    struct source *source = open_it(path);
    assert_int_equal(source_measure_table(source, "t", columns, 1, NULL, &rows, &bytes, &error), 0);
    assert_int_equal(bytes, -1);
    source_close(source);
}

static void views_of_the_reader_are_not_in_the_way(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    bool is_one_moment = false;
    assert_int_equal(source_begin_read_transaction(source, &is_one_moment, &error), 0);
    assert_true(is_one_moment);
    sqlite3 *database = source_sqlite(source);
    assert_int_equal(sqlite3_exec(database,
                                  "CREATE TEMP VIEW t AS SELECT 2 AS b; CREATE TEMP TABLE u (a);"
                                  "INSERT INTO u SELECT a FROM main.t",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_values(source_read_table(source, "t", NULL, 0, NULL, &error), "1;");
    assert_int_equal(source_end_read_transaction(source, &error), 0);
    source_close(source);
}

static void nothing_is_written_but_what_is_temporary(void **state) {
    (void)state;
    char sql[200];
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    sqlite3 *database = source_sqlite(source);
    assert_int_not_equal(sqlite3_exec(database, "DELETE FROM t", NULL, NULL, NULL), SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(database, "CREATE TABLE u (a)", NULL, NULL, NULL), SQLITE_OK);
    snprintf(sql, sizeof sql, "ATTACH '%s/other.db' AS other", folder);
    assert_int_not_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    snprintf(sql, sizeof sql, "VACUUM INTO '%s/other.db'", folder);
    assert_int_not_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    source_close(source);
    assert_int_equal(access(path_of("other.db"), F_OK), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_table_is_read_whole_in_the_order_of_the_columns_asked_for,
                                  empty_folder),
        cmocka_unit_test_teardown(the_exact_spelling_comes_before_any_other, empty_folder),
        cmocka_unit_test_teardown(a_name_may_hold_any_character, empty_folder),
        cmocka_unit_test_teardown(a_view_is_read_like_a_table, empty_folder),
        cmocka_unit_test_teardown(a_missing_table_is_named_with_those_there_are, empty_folder),
        cmocka_unit_test_teardown(a_missing_column_is_named_with_those_of_the_table, empty_folder),
        cmocka_unit_test_teardown(tables_and_columns_are_listed_as_they_are_spelt_and_declared,
                                  empty_folder),
        cmocka_unit_test_teardown(a_listing_ends_where_the_caller_says_so, empty_folder),
        cmocka_unit_test_teardown(a_source_counts_its_rows_and_the_bytes_of_its_texts,
                                  empty_folder),
        cmocka_unit_test_teardown(bytes_of_utf16_are_not_compared, empty_folder),
        cmocka_unit_test_teardown(views_of_the_reader_are_not_in_the_way, empty_folder),
        cmocka_unit_test_teardown(nothing_is_written_but_what_is_temporary, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
