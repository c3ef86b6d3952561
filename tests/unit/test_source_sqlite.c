#define _XOPEN_SOURCE 700 /* mkdtemp, pwrite */
#include <fcntl.h>

#include "sqlite_fixture.h"

/* The error of a query, or of stepping through its rows, has these words in it. */
static void assert_query_fails(const char *sql, const char *words) {
    struct error error = {0};
    struct source *source = open_it(path);
    assert_null(source_query(source, sql, &error));
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, path));
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
    source_close(source);
}

static void every_kind_of_value_is_told_apart(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t (a);");
    struct source *source = open_it(path);
    struct rows *rows = query_it(
        source, "SELECT NULL, -7, 2.5, 'Zo' || char(235), x'00FF', '', x'', 9223372036854775807");
    assert_int_equal(rows_column_count(rows), 8);
    assert_int_equal(rows_step(rows, &error), 1);
    assert_int_equal(rows_value(rows, 0).kind, VALUE_NULL);
    assert_true(span_is_null(rows_value(rows, 0).text));
    assert_int_equal(rows_value(rows, 1).kind, VALUE_INTEGER);
    assert_int_equal(rows_value(rows, 1).integer, -7);
    assert_int_equal(rows_value(rows, 2).kind, VALUE_REAL);
    assert_true(rows_value(rows, 2).real == 2.5);
    assert_int_equal(rows_value(rows, 3).kind, VALUE_TEXT);
    assert_true(span_equal_string(rows_value(rows, 3).text, "Zo\xC3\xAB"));
    assert_int_equal(rows_value(rows, 4).kind, VALUE_BLOB);
    assert_true(span_equal(rows_value(rows, 4).text, (struct span){"\0\xFF", 2}));
    assert_int_equal(rows_value(rows, 5).kind, VALUE_TEXT);
    assert_false(span_is_null(rows_value(rows, 5).text));
    assert_false(span_is_null(rows_value(rows, 6).text));
    assert_true(rows_value(rows, 7).integer == INT64_MAX);
    rows_close(rows);
    source_close(source);
}

static void any_value_can_be_had_as_text(void **state) {
    (void)state;
    struct error error = {0};
    struct text scratch = {0};
    make_database("CREATE TABLE t (a);");
    struct source *source = open_it(path);
    struct rows *rows = query_it(source, "SELECT NULL, -7, 1.0, 'text'");
    assert_int_equal(rows_step(rows, &error), 1);
    assert_true(span_is_null(rows_text(rows, 0, &scratch)));
    assert_true(span_equal_string(rows_text(rows, 1, &scratch), "-7"));
    assert_true(span_equal_string(rows_text(rows, 2, &scratch), "1.0"));
    assert_true(span_equal_string(rows_text(rows, 3, &scratch), "text"));
    rows_close(rows);
    source_close(source);
    text_free(&scratch);
}

static void dates_come_as_the_database_holds_them(void **state) {
    (void)state;
    make_database("CREATE TABLE releases (id INTEGER, date);"
                  "INSERT INTO releases VALUES (1, 1647339630), (2, '2022-03-15 10:20:30');");
    struct source *source = open_it(path);
    assert_rows(source, "SELECT date FROM releases ORDER BY id",
                "{\"date\":1647339630}{\"date\":\"2022-03-15 10:20:30\"}");
    source_close(source);
}

static void a_row_is_written_as_json_in_the_order_of_its_columns(void **state) {
    (void)state;
    make_database("CREATE TABLE t (z, \"a b\", n, r, blob);"
                  "INSERT INTO t VALUES ('say \"hi\"', NULL, 1, 0.5, x'00ab');");
    struct source *source = open_it(path);
    assert_rows(source, "SELECT * FROM t",
                "{\"z\":\"say \\\"hi\\\"\",\"a b\":null,\"n\":1,\"r\":0.5,"
                "\"blob\":{\"hex\":\"00ab\"}}");
    source_close(source);
}

static void columns_are_found_whatever_their_case(void **state) {
    (void)state;
    struct error error = {0};
    size_t column = 99;
    make_database("CREATE TABLE status (id, validation_status, messageID);");
    struct source *source = open_it(path);
    struct rows *rows = query_it(source, "SELECT * FROM STATUS");
    assert_int_equal(rows_find_column(rows, "VALIDATION_STATUS", &column, &error), 0);
    assert_int_equal(column, 1);
    assert_int_equal(rows_find_column(rows, "MessageId", &column, &error), 0);
    assert_int_equal(column, 2);
    assert_string_equal(rows_column_name(rows, 2), "messageID");
    rows_close(rows);
    source_close(source);
}

static void a_column_that_the_rows_lack_is_named_with_those_they_have(void **state) {
    (void)state;
    struct error error = {0};
    size_t column = 99;
    make_database("CREATE TABLE status (id, comments);");
    struct source *source = open_it(path);
    struct rows *rows = query_it(source, "SELECT * FROM status");
    assert_int_equal(rows_find_column(rows, "LINKS", &column, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "no column LINKS; it gives: id, comments"));
    assert_int_equal(column, 99);
    rows_close(rows);
    source_close(source);
}

static void a_missing_table_is_named_with_those_there_are(void **state) {
    (void)state;
    make_database("CREATE TABLE status (id); CREATE TABLE releases (id INTEGER PRIMARY KEY "
                  "AUTOINCREMENT); CREATE VIEW newest AS SELECT id FROM status;");
    assert_query_fails("SELECT * FROM RELEASES_LV",
                       " has no table RELEASES_LV; it has: newest, releases, status; the query "
                       "was: SELECT * FROM RELEASES_LV");
    make_database("DROP VIEW newest; DROP TABLE status; DROP TABLE releases;");
    assert_query_fails("SELECT * FROM USERS", " has no table USERS; it has none at all");
}

static void a_missing_column_is_named_with_those_of_the_querys_tables(void **state) {
    (void)state;
    make_database("CREATE TABLE releases (id, category); CREATE TABLE status (id, comments);"
                  "CREATE TABLE users (user_name);");
    assert_query_fails("SELECT R.FOO\n  FROM RELEASES R JOIN STATUS S ON R.ID = S.ID",
                       " has no column R.FOO; releases has: id, category; status has: id, "
                       "comments; the query was: SELECT R.FOO FROM RELEASES R");
}

static void a_quoted_name_is_never_taken_for_a_text(void **state) {
    (void)state;
    make_database("CREATE TABLE releases (id, moment);");
    assert_query_fails("SELECT \"DATE\" FROM releases", "; releases has: id, moment");
}

static void a_query_that_is_not_sql_is_shown(void **state) {
    (void)state;
    make_database("CREATE TABLE t (a);");
    assert_query_fails("SELEKT a FROM t", "syntax error; the query was: SELEKT a FROM t");
    assert_query_fails("  -- nothing\n", "the query is empty");
    assert_query_fails("SELECT 1; SELECT 2", "more than one statement");
}

static void a_query_may_end_with_a_semicolon_and_a_comment(void **state) {
    (void)state;
    make_database("CREATE TABLE t (a);");
    struct source *source = open_it(path);
    assert_rows(source, "SELECT 1 AS a; -- the end\n", "{\"a\":1}");
    source_close(source);
}

static void a_query_that_writes_is_refused(void **state) {
    (void)state;
    static const char *const queries[] = {
        "DELETE FROM t",
        "CREATE TABLE u (a)",
        "PRAGMA journal_mode = wal",
        "BEGIN",
        "INSERT INTO t VALUES (1) RETURNING a",
    };
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        assert_query_fails(queries[i], queries[i]);
    }
}

static void a_query_cannot_write_another_file(void **state) {
    (void)state;
    struct error error = {0};
    char sql[200];
    make_database("CREATE TABLE t (a);");
    struct source *source = open_it(path);
    snprintf(sql, sizeof sql, "ATTACH '%s/other.db' AS other", folder);
    assert_null(source_query(source, sql, &error));
    snprintf(sql, sizeof sql, "VACUUM INTO '%s/other.db'", folder);
    assert_null(source_query(source, sql, &error));
    source_close(source);
    assert_int_equal(access(path_of("other.db"), F_OK), -1);
}

static void after_the_last_row_comes_the_end_again_and_again(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    struct rows *rows = query_it(source, "SELECT a FROM t");
    assert_int_equal(rows_step(rows, &error), 1);
    assert_int_equal(rows_step(rows, &error), 0);
    assert_int_equal(rows_step(rows, &error), 0);
    rows_close(rows);
    source_close(source);
}

static void two_queries_may_run_side_by_side(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);");
    struct source *source = open_it(path);
    struct rows *up = query_it(source, "SELECT a FROM t ORDER BY a");
    struct rows *down = query_it(source, "SELECT a FROM t ORDER BY a DESC");
    assert_int_equal(rows_step(up, &error), 1);
    assert_int_equal(rows_step(down, &error), 1);
    assert_int_equal(rows_value(up, 0).integer, 1);
    assert_int_equal(rows_value(down, 0).integer, 2);
    rows_close(up);
    rows_close(down);
    source_close(source);
}

static void a_damaged_database_is_named_while_it_is_read(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                  "FROM n WHERE i < 2000) INSERT INTO t SELECT hex(zeroblob(50)) FROM n;");
    int file = open(path, O_WRONLY);
    char noise[4096];
    memset(noise, 0xA5, sizeof noise);
    assert_int_equal(pwrite(file, noise, sizeof noise, 8192), sizeof noise);
    close(file);
    struct source *source = open_it(path);
    struct rows *rows = query_it(source, "SELECT a FROM t");
    int rc = 1;
    while (rc == 1) {
        rc = rows_step(rows, &error);
    }
    assert_int_equal(rc, -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "is damaged"));
    assert_non_null(strstr(error.message, "SELECT a FROM t"));
    rows_close(rows);
    source_close(source);
}

/* Another connection, as an import into the same file would have. */
static int write_elsewhere(const char *sql) {
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(path_of("legacy.db"), &other), SQLITE_OK);
    int code = sqlite3_exec(other, sql, NULL, NULL, NULL);
    sqlite3_close(other);
    return code;
}

static void nobody_can_write_while_a_source_is_held_still(void **state) {
    (void)state;
    struct error error = {0};
    bool is_still = false;
    make_database("CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    struct source *source = open_it(path_of("legacy.db"));
    assert_int_equal(source_hold_still(source, &is_still, &error), 0);
    assert_true(is_still);
    assert_int_equal(write_elsewhere("INSERT INTO t VALUES (2)"), SQLITE_BUSY);
    assert_rows(source, "SELECT a FROM t", "{\"a\":1}");
    assert_int_equal(write_elsewhere("INSERT INTO t VALUES (2)"), SQLITE_BUSY);
    source_close(source);
    assert_int_equal(write_elsewhere("INSERT INTO t VALUES (2)"), SQLITE_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_kind_of_value_is_told_apart, empty_folder),
        cmocka_unit_test_teardown(any_value_can_be_had_as_text, empty_folder),
        cmocka_unit_test_teardown(dates_come_as_the_database_holds_them, empty_folder),
        cmocka_unit_test_teardown(a_row_is_written_as_json_in_the_order_of_its_columns,
                                  empty_folder),
        cmocka_unit_test_teardown(columns_are_found_whatever_their_case, empty_folder),
        cmocka_unit_test_teardown(a_column_that_the_rows_lack_is_named_with_those_they_have,
                                  empty_folder),
        cmocka_unit_test_teardown(a_missing_table_is_named_with_those_there_are, empty_folder),
        cmocka_unit_test_teardown(a_missing_column_is_named_with_those_of_the_querys_tables,
                                  empty_folder),
        cmocka_unit_test_teardown(a_quoted_name_is_never_taken_for_a_text, empty_folder),
        cmocka_unit_test_teardown(a_query_that_is_not_sql_is_shown, empty_folder),
        cmocka_unit_test_teardown(a_query_may_end_with_a_semicolon_and_a_comment, empty_folder),
        cmocka_unit_test_teardown(a_query_that_writes_is_refused, empty_folder),
        cmocka_unit_test_teardown(a_query_cannot_write_another_file, empty_folder),
        cmocka_unit_test_teardown(after_the_last_row_comes_the_end_again_and_again, empty_folder),
        cmocka_unit_test_teardown(two_queries_may_run_side_by_side, empty_folder),
        cmocka_unit_test_teardown(nobody_can_write_while_a_source_is_held_still, empty_folder),
        cmocka_unit_test_teardown(a_damaged_database_is_named_while_it_is_read, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
