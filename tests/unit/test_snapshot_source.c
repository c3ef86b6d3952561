/* Snapshots of a source that no real database is: it has no moment, or miscounts its rows; and the
 * checksum of a table. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "staging/snapshot.h"
#include "staging/table_set_private.h"
#include "staging_fixture.h"

static const char things[] = "CREATE TABLE Things(Number, NAME);"
                             "INSERT INTO things VALUES (1, 'a name'), (2, 'a name'), (3, NULL)";

static void keep_warning(void *context, const char *text) {
    text_append_string(context, text);
}

/* Takes a snapshot of the table by a driver that differs in something. */
static int take(struct source *source, const struct driver *driver, struct snapshot *snapshot,
                struct text *warnings, struct error *error) {
    static const char *const tables[] = {"THINGS"};
    struct snapshot_order order = {.path = path_of("copy.db"),
                                   .tables = tables,
                                   .table_count = 1,
                                   .warn = keep_warning,
                                   .context = warnings};
    source->driver = driver;
    int rc = snapshot_take(&order, source, snapshot, error);
    source_close(source);
    return rc;
}

static void a_source_without_one_moment_is_copied_and_told(void **state) {
    (void)state;
    struct error error = {0};
    struct text warnings = {0};
    struct snapshot snapshot;
    struct driver driver = sqlite_driver;
    driver.begin = NULL;
    driver.end = NULL;
    make_database(things);
    assert_int_equal(take(open_it(path), &driver, &snapshot, &warnings, &error), 0);
    assert_false(snapshot.is_one_moment);
    assert_int_equal(snapshot.rows, 3);
    assert_non_null(strstr(text_string(&warnings), "legacy.db cannot be read as of one moment"));
    struct source *copy = open_it(path_of("copy.db"));
    assert_rows(copy, "SELECT number, name FROM things WHERE number > 1",
                "{\"number\":2,\"name\":\"a name\"}{\"number\":3,\"name\":null}");
    assert_rows(copy, "SELECT is_consistent AS c FROM snapshot", "{\"c\":0}");
    source_close(copy);
    snapshot_free(&snapshot);
    text_free(&warnings);
}

/* Of the rows of the table the last one is not given. */
static int step_but_for_the_last(struct rows *rows, struct error *error) {
    int rc = sqlite_driver.step(rows, error);
    bool is_last = rc == 1 && rows->table != NULL && sqlite_driver.value(rows, 0).integer == 3;
    return is_last ? 0 : rc;
}

static void a_source_that_gives_fewer_rows_than_it_counts_is_no_snapshot(void **state) {
    (void)state;
    struct error error = {0};
    struct text warnings = {0};
    struct snapshot snapshot;
    struct driver driver = sqlite_driver;
    driver.step = step_but_for_the_last;
    make_database(things);
    assert_int_equal(take(open_it(path), &driver, &snapshot, &warnings, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, "THINGS: the database counts 3 rows and gives 2"));
    assert_int_equal(access(path_of("copy.db"), F_OK), -1);
    assert_int_equal(access(path_of("copy.db.partial"), F_OK), -1);
    snapshot_free(&snapshot);
    text_free(&warnings);
}

static void read_sum(const char *sql, struct table_sum *sum) {
    struct error error = {0};
    make_database(sql);
    struct source *source = open_it(path);
    struct table_set set = {.source = source};
    assert_int_equal(table_read_back(&set, source, "t", sum, &error), 0);
    assert_int_equal(set.rows, sum->rows);
    source_close(source);
    assert_int_equal(unlink(path), 0);
}

static void assert_same_checksum(const char *sql, const char *other, bool is_same) {
    struct table_sum sum;
    struct table_sum other_sum;
    read_sum(sql, &sum);
    read_sum(other, &other_sum);
    assert_int_equal(strcmp(sum.checksum, other_sum.checksum) == 0, is_same);
}

static void a_checksum_shows_every_change_except_the_order_of_rows(void **state) {
    (void)state;
    static const char rows[] = "CREATE TABLE t(a, b); INSERT INTO t VALUES ('x', 'y'), (1, NULL)";
    assert_same_checksum(rows, "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, NULL), ('x', 'y')",
                         true);
    static const char *const changes[] = {
        "INSERT INTO t VALUES ('x', 'y')",
        "INSERT INTO t VALUES ('x', 'y'), (1, '')",
        "INSERT INTO t VALUES ('x', 'y'), ('1', NULL)",
        "INSERT INTO t VALUES ('x', 'y'), (1.0, NULL)",
        "INSERT INTO t VALUES (x'78', 'y'), (1, NULL)",
        "INSERT INTO t VALUES ('xy', ''), (1, NULL)",
        "INSERT INTO t VALUES ('x', NULL), (1, 'y')",
        "INSERT INTO t VALUES ('x', 'y'), (1, NULL), (1, NULL)",
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct text sql = {0};
        text_append_format(&sql, "CREATE TABLE t(a, b); %s", changes[i]);
        assert_same_checksum(rows, text_string(&sql), false);
        text_free(&sql);
    }
}

static void no_rows_have_the_checksum_zero(void **state) {
    (void)state;
    struct table_sum sum;
    read_sum("CREATE TABLE t(a)", &sum);
    assert_int_equal(sum.rows, 0);
    assert_int_equal(strspn(sum.checksum, "0"), 64);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_source_without_one_moment_is_copied_and_told, empty_folder),
        cmocka_unit_test_teardown(a_source_that_gives_fewer_rows_than_it_counts_is_no_snapshot,
                                  empty_folder),
        cmocka_unit_test_teardown(a_checksum_shows_every_change_except_the_order_of_rows,
                                  empty_folder),
        cmocka_unit_test_teardown(no_rows_have_the_checksum_zero, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
