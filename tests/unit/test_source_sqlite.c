/* The rows of a SQLite file, its read transaction, and the error where it cannot be read. */
#define _XOPEN_SOURCE 700 /* mkdtemp, pwrite */
#include <errno.h>
#include <fcntl.h>

#include "sqlite_fixture.h"

static void every_kind_of_value_is_distinguished(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t AS SELECT NULL, -7, 2.5, 'Zo' || char(235), x'00FF', '', x'',"
                  "9223372036854775807;");
    struct source *source = open_it(path);
    struct rows *rows = read_it(source, "t");
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

static void after_the_last_row_comes_the_end_again_and_again(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    struct rows *rows = read_it(source, "t");
    assert_int_equal(rows_step(rows, &error), 1);
    assert_int_equal(rows_step(rows, &error), 0);
    assert_int_equal(rows_step(rows, &error), 0);
    rows_close(rows);
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
    struct rows *rows = read_it(source, "t");
    int rc = 1;
    while (rc == 1) {
        rc = rows_step(rows, &error);
    }
    assert_int_equal(rc, -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "is damaged"));
    assert_non_null(strstr(error.message, "table t: "));
    rows_close(rows);
    source_close(source);
}

/* A disk that cannot read beyond the first pages, by SQLite's own way to replace a call of the
 * system. */
static sqlite3_syscall_ptr true_pread;
enum { READABLE = 8192 };

static ssize_t pread_of_a_bad_disk(int file, void *bytes, size_t count, off_t offset) {
    ssize_t (*read_it_truly)(int, void *, size_t, off_t) =
        (ssize_t(*)(int, void *, size_t, off_t))true_pread;
    if (offset + (off_t)count > READABLE) {
        errno = EIO;
        return -1;
    }
    return read_it_truly(file, bytes, count, offset);
}

static void break_disk(sqlite3_syscall_ptr call) {
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    static const char *const names[] = {"pread", "pread64"};
    for (size_t i = 0; i < 2; i++) {
        sqlite3_syscall_ptr now = vfs->xGetSystemCall(vfs, names[i]);
        if (now != NULL) {
            true_pread = call == NULL ? true_pread : now;
            vfs->xSetSystemCall(vfs, names[i], call);
        }
    }
}

static void a_disk_that_cannot_be_read_is_not_called_damage_of_the_database(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                  "FROM n WHERE i < 2000) INSERT INTO t SELECT hex(zeroblob(50)) FROM n;");
    struct source *source = open_it(path);
    struct rows *rows = read_it(source, "t");
    break_disk((sqlite3_syscall_ptr)pread_of_a_bad_disk);
    int rc = 1;
    while (rc == 1) {
        rc = rows_step(rows, &error);
    }
    break_disk(NULL);
    assert_int_equal(rc, -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, "cannot be read from its disk"));
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

static void nobody_can_write_in_a_read_transaction(void **state) {
    (void)state;
    struct error error = {0};
    bool is_one_moment = false;
    make_database("CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    struct source *source = open_it(path_of("legacy.db"));
    assert_int_equal(source_begin_read_transaction(source, &is_one_moment, &error), 0);
    assert_true(is_one_moment);
    assert_int_equal(write_elsewhere("INSERT INTO t VALUES (2)"), SQLITE_BUSY);
    assert_rows(source, "SELECT a FROM t", "{\"a\":1}");
    assert_int_equal(write_elsewhere("INSERT INTO t VALUES (2)"), SQLITE_BUSY);
    assert_int_equal(source_end_read_transaction(source, &error), 0);
    assert_int_equal(write_elsewhere("INSERT INTO t VALUES (2)"), SQLITE_OK);
    source_close(source);
}

static void a_transaction_that_a_failure_ended_is_an_error(void **state) {
    (void)state;
    struct error error = {0};
    bool is_one_moment = false;
    make_database("CREATE TABLE t(a); INSERT INTO t VALUES (1)");
    struct source *source = open_it(path);
    assert_int_equal(source_begin_read_transaction(source, &is_one_moment, &error), 0);
    sqlite3_exec(source_sqlite(source), "ROLLBACK", NULL, NULL, NULL);
    assert_int_equal(source_end_read_transaction(source, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, "may be of different moments"));
    source_close(source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_kind_of_value_is_distinguished, empty_folder),
        cmocka_unit_test_teardown(after_the_last_row_comes_the_end_again_and_again, empty_folder),
        cmocka_unit_test_teardown(a_damaged_database_is_named_while_it_is_read, empty_folder),
        cmocka_unit_test_teardown(a_disk_that_cannot_be_read_is_not_called_damage_of_the_database,
                                  empty_folder),
        cmocka_unit_test_teardown(nobody_can_write_in_a_read_transaction, empty_folder),
        cmocka_unit_test_teardown(a_transaction_that_a_failure_ended_is_an_error, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
