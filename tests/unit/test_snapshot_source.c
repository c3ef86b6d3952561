/* Snapshots of a source that no real database is: it cannot be held still, or miscounts its rows.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "snapshot/snapshot.h"
#include "source/driver.h"
#include "sqlite_fixture.h"

/* A table of three rows, each with its number and a text. */
enum { ROW_COUNT = 3, COLUMN_COUNT = 2 };

struct fake {
    struct source base;
    int64_t counted; /* what COUNT(*) gives */
};

struct fake_rows {
    struct rows base;
    bool is_count;
    int64_t row;
};

static struct rows *query(struct source *source, const char *sql, struct error *error) {
    (void)error;
    struct fake_rows *rows = calloc(1, sizeof *rows);
    assert_non_null(rows);
    rows->base.source = source;
    rows->is_count = strstr(sql, "COUNT(*)") != NULL;
    return &rows->base;
}

static void close_rows(struct rows *rows) {
    free(rows);
}

static size_t column_count(const struct rows *rows) {
    return ((const struct fake_rows *)rows)->is_count ? 1 : COLUMN_COUNT;
}

static const char *column_name(const struct rows *rows, size_t column) {
    (void)rows;
    return column == 0 ? "NUMBER" : "NAME";
}

static int step(struct rows *base, struct error *error) {
    (void)error;
    struct fake_rows *rows = (struct fake_rows *)base;
    return ++rows->row <= (rows->is_count ? 1 : ROW_COUNT) ? 1 : 0;
}

static struct value value(const struct rows *base, size_t column) {
    const struct fake_rows *rows = (const struct fake_rows *)base;
    int64_t number = rows->is_count ? ((const struct fake *)base->source)->counted : rows->row;
    return column == 0 ? (struct value){.kind = VALUE_INTEGER, .integer = number}
                       : (struct value){.kind = VALUE_TEXT, .text = span_of("a name")};
}

static const struct driver fake_driver = {
    .query = query,
    .close_rows = close_rows,
    .column_count = column_count,
    .column_name = column_name,
    .step = step,
    .value = value,
};

static void keep_warning(void *context, const char *text) {
    text_append_string(context, text);
}

/* Takes a snapshot of the fake's table; what is warned of goes into `warnings`. */
static int take(int64_t counted, struct snapshot *snapshot, struct text *warnings,
                struct error *error) {
    struct fake fake = {.base.driver = &fake_driver, .counted = counted};
    static const char *const tables[] = {"CMS_PDMV_VAL.THINGS"};
    text_append_string(&fake.base.name, "fake:");
    pthread_mutex_init(&fake.base.lock, NULL);
    struct snapshot_order order = {.path = path_of("copy.db"),
                                   .tables = tables,
                                   .table_count = 1,
                                   .warn = keep_warning,
                                   .context = warnings};
    int rc = snapshot_take(&order, &fake.base, snapshot, error);
    pthread_mutex_destroy(&fake.base.lock);
    text_free(&fake.base.name);
    return rc;
}

static void a_source_that_cannot_be_held_still_is_copied_and_told(void **state) {
    (void)state;
    struct error error = {0};
    struct text warnings = {0};
    struct snapshot snapshot;
    assert_int_equal(take(ROW_COUNT, &snapshot, &warnings, &error), 0);
    assert_false(snapshot.is_still);
    assert_int_equal(snapshot.rows, ROW_COUNT);
    assert_non_null(strstr(text_string(&warnings), "fake: cannot be held still"));
    struct source *copy = open_it(path_of("copy.db"));
    assert_rows(copy, "SELECT number, name FROM things WHERE number > 1",
                "{\"number\":2,\"name\":\"a name\"}{\"number\":3,\"name\":\"a name\"}");
    assert_rows(copy, "SELECT is_consistent AS c FROM snapshot", "{\"c\":0}");
    source_close(copy);
    snapshot_free(&snapshot);
    text_free(&warnings);
}

static void a_source_that_gives_fewer_rows_than_it_counts_is_no_snapshot(void **state) {
    (void)state;
    struct error error = {0};
    struct text warnings = {0};
    struct snapshot snapshot;
    assert_int_equal(take(ROW_COUNT + 1, &snapshot, &warnings, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, "THINGS: the database counts 4 rows and gives 3"));
    assert_int_equal(access(path_of("copy.db"), F_OK), -1);
    assert_int_equal(access(path_of("copy.db.partial"), F_OK), -1);
    snapshot_free(&snapshot);
    text_free(&warnings);
}

static int see_row(void *context, struct error *error) {
    (void)error;
    ++*(int *)context;
    return 0;
}

static void read_sum(const char *sql, struct table_sum *sum) {
    struct error error = {0};
    int seen = 0;
    const struct table_watch watch = {.context = &seen, .see_row = see_row};
    make_database(sql);
    struct source *source = open_it(path);
    assert_int_equal(table_read_back(source, "t", &watch, sum, &error), 0);
    assert_int_equal(seen, sum->rows);
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

static void a_checksum_tells_every_change_but_the_order_of_rows(void **state) {
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
        cmocka_unit_test_teardown(a_source_that_cannot_be_held_still_is_copied_and_told,
                                  empty_folder),
        cmocka_unit_test_teardown(a_source_that_gives_fewer_rows_than_it_counts_is_no_snapshot,
                                  empty_folder),
        cmocka_unit_test_teardown(a_checksum_tells_every_change_but_the_order_of_rows,
                                  empty_folder),
        cmocka_unit_test_teardown(no_rows_have_the_checksum_zero, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
