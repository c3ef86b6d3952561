#define _XOPEN_SOURCE 700 /* mkdtemp, sigaction */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "source/prefetch.h"
#include "sqlite_fixture.h"

/* Rows that fill many batches; column i counts them from 1. */
#define MANY 20000
#define MANY_SQL "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "

static struct source *open_empty(void) {
    make_database("CREATE TABLE t (a);");
    return open_it(path);
}

static void assert_step(struct rows *rows, int expected) {
    struct error error = {0};
    int rc = rows_step(rows, &error);
    if (rc != expected) {
        fail_msg("a step gave %d, not %d (%s)", rc, expected, error.message);
    }
}

static void rows_come_in_order_across_many_batches(void **state) {
    (void)state;
    struct source *source = open_empty();
    struct rows *rows = query_it(source, MANY_SQL "SELECT i, 'row ' || i AS t FROM n");
    char expected[32];
    for (int i = 1; i <= MANY; i++) {
        assert_step(rows, 1);
        assert_int_equal(rows_value(rows, 0).integer, i);
        snprintf(expected, sizeof expected, "row %d", i);
        assert_true(span_equal_string(rows_value(rows, 1).text, expected));
    }
    assert_step(rows, 0);
    assert_step(rows, 0);
    assert_int_equal(rows_value(rows, 0).kind, VALUE_NULL);
    rows_close(rows);
    source_close(source);
}

/* The reader has long gone on when the values are looked at again. */
static void values_live_until_the_next_step(void **state) {
    (void)state;
    struct source *source = open_empty();
    struct rows *rows = query_it(source, MANY_SQL "SELECT printf('%0500d', i) AS t FROM n");
    struct timespec moment = {.tv_nsec = 20000000};
    char expected[512];
    for (int i = 1; i <= 2000; i++) {
        assert_step(rows, 1);
        struct span text = rows_value(rows, 0).text;
        if (i % 250 == 0) {
            nanosleep(&moment, NULL);
        }
        snprintf(expected, sizeof expected, "%0500d", i);
        assert_true(span_equal_string(text, expected));
        assert_ptr_equal(rows_value(rows, 0).text.data, text.data);
    }
    rows_close(rows);
    source_close(source);
}

static void every_kind_of_value_comes_through_in_every_batch(void **state) {
    (void)state;
    struct text json = {0};
    struct source *source = open_empty();
    struct rows *rows =
        query_it(source, MANY_SQL "SELECT NULL AS n, -i AS i, i + 0.5 AS r, '' AS e,"
                                  " x'00FF' AS b, x'' AS z FROM n");
    char expected[160];
    for (int i = 1; i <= MANY; i++) {
        assert_step(rows, 1);
        text_clear(&json);
        rows_append_json(rows, &json);
        snprintf(expected, sizeof expected,
                 "{\"n\":null,\"i\":-%d,\"r\":%d.5,\"e\":\"\",\"b\":{\"hex\":\"00ff\"},\"z\":{"
                 "\"hex\":\"\"}}",
                 i, i);
        assert_string_equal(text_string(&json), expected);
    }
    assert_step(rows, 0);
    text_free(&json);
    rows_close(rows);
    source_close(source);
}

static void a_value_may_be_larger_than_any_batch(void **state) {
    (void)state;
    struct source *source = open_empty();
    struct rows *rows = query_it(source, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                         "FROM n WHERE i < 12) SELECT i, zeroblob(i % 3 * 1500000) "
                                         "FROM n");
    for (int i = 1; i <= 12; i++) {
        assert_step(rows, 1);
        assert_int_equal(rows_value(rows, 0).integer, i);
        struct span blob = rows_value(rows, 1).text;
        assert_int_equal(blob.length, i % 3 * 1500000);
        assert_true(blob.length == 0 || blob.data[blob.length - 1] == '\0');
    }
    assert_step(rows, 0);
    rows_close(rows);
    source_close(source);
}

static void a_row_may_have_more_columns_than_a_batch_has_room(void **state) {
    (void)state;
    struct text sql = {0};
    struct source *source = open_empty();
    text_append_string(&sql, MANY_SQL "SELECT i");
    for (int i = 1; i < 2000; i++) {
        text_append_format(&sql, ", i + %d", i);
    }
    text_append_string(&sql, " FROM n LIMIT 50");
    struct rows *rows = query_it(source, text_string(&sql));
    assert_int_equal(rows_column_count(rows), 2000);
    for (int i = 1; i <= 50; i++) {
        assert_step(rows, 1);
        assert_int_equal(rows_value(rows, 1999).integer, i + 1999);
    }
    assert_step(rows, 0);
    text_free(&sql);
    rows_close(rows);
    source_close(source);
}

static void assert_fails_at(struct source *source, int row) {
    struct error error = {0};
    char sql[300];
    snprintf(sql, sizeof sql,
             MANY_SQL "SELECT CASE i WHEN %d THEN abs(-9223372036854775807 - 1) ELSE i END FROM n",
             row);
    struct rows *rows = query_it(source, sql);
    for (int i = 1; i < row; i++) {
        assert_step(rows, 1);
        assert_int_equal(rows_value(rows, 0).integer, i);
    }
    assert_int_equal(rows_step(rows, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, "integer overflow"));
    assert_step(rows, 0);
    rows_close(rows);
}

static void an_error_comes_after_the_rows_before_it(void **state) {
    (void)state;
    static const int places[] = {1, 2, 256, 257, 258, 5000, MANY};
    struct source *source = open_empty();
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        assert_fails_at(source, places[i]);
    }
    assert_rows(source, "SELECT 1 AS a", "{\"a\":1}");
    source_close(source);
}

/* Before the first step, in the first batch and behind it. */
static void rows_may_be_closed_before_their_end(void **state) {
    (void)state;
    static const int places[] = {0, 1, 256, 257, 1000, 3000};
    struct source *source = open_empty();
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct rows *rows = query_it(source, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT "
                                             "i + 1 FROM n) SELECT i FROM n");
        for (int row = 0; row < places[i]; row++) {
            assert_step(rows, 1);
        }
        rows_close(rows);
    }
    assert_rows(source, "SELECT 1 AS a", "{\"a\":1}");
    source_close(source);
}

static void queries_may_run_side_by_side(void **state) {
    (void)state;
    struct error error = {0};
    struct source *source = open_empty();
    struct rows *up = query_it(source, MANY_SQL "SELECT i, printf('%0100d', i) FROM n");
    struct rows *down = query_it(source, MANY_SQL "SELECT 20001 - i FROM n");
    for (int i = 1; i <= MANY; i++) {
        assert_step(up, 1);
        assert_step(down, 1);
        assert_int_equal(rows_value(up, 0).integer, i);
        assert_int_equal(rows_value(down, 0).integer, MANY + 1 - i);
        if (i % 1000 == 0) {
            assert_rows(source, "SELECT 1 AS a", "{\"a\":1}");
            assert_fails_at(source, 300);
            assert_null(source_query(source, "SELECT a FROM missing", &error));
            assert_non_null(strstr(error.message, "has no table missing; it has: t"));
        }
    }
    assert_step(up, 0);
    assert_step(down, 0);
    rows_close(up);
    rows_close(down);
    source_close(source);
}

/* The rows that were read ahead are still protected as if they had not been. */
static void the_database_stays_locked_until_the_rows_are_closed(void **state) {
    (void)state;
    sqlite3 *writer = write_database("legacy.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    struct rows *first = query_it(source, "SELECT a FROM t");
    struct rows *second = query_it(source, "SELECT a FROM t");
    assert_step(first, 1);
    rows_close(first);
    assert_int_equal(sqlite3_exec(writer, "DELETE FROM t", NULL, NULL, NULL), SQLITE_BUSY);
    assert_step(second, 1);
    rows_close(second);
    assert_int_equal(sqlite3_exec(writer, "DELETE FROM t", NULL, NULL, NULL), SQLITE_OK);
    source_close(source);
    sqlite3_close(writer);
}

/* A driver without a thought of threads: it notes calls for one source that overlap. */
struct naive_source {
    struct source base;
    atomic_bool is_busy;
    atomic_int overlaps;
};

struct naive_rows {
    struct rows base;
    int64_t row;
};

static size_t naive_column_count(const struct rows *rows) {
    (void)rows;
    return 1;
}

static const char *naive_column_name(const struct rows *rows, size_t column) {
    (void)rows;
    (void)column;
    return "row";
}

static int naive_step(struct rows *base, struct error *error) {
    (void)error;
    struct naive_source *source = (struct naive_source *)base->source;
    struct naive_rows *rows = (struct naive_rows *)base;
    if (atomic_exchange(&source->is_busy, true)) {
        atomic_fetch_add(&source->overlaps, 1);
    }
    if (++rows->row % 64 == 0) { /* time for the other thread to come in */
        nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
    }
    atomic_store(&source->is_busy, false);
    return rows->row <= MANY;
}

static struct value naive_value(const struct rows *rows, size_t column) {
    (void)column;
    return (struct value){.kind = VALUE_INTEGER, .integer = ((const struct naive_rows *)rows)->row};
}

static const struct driver naive_driver = {
    .column_count = naive_column_count,
    .column_name = naive_column_name,
    .step = naive_step,
    .value = naive_value,
};

static void a_driver_is_never_called_by_two_threads_at_a_time(void **state) {
    (void)state;
    struct error error = {0};
    struct naive_source source = {.base = {.driver = &naive_driver}};
    struct naive_rows rows[2] = {{.row = 0}, {.row = 0}};
    struct prefetch *ahead[2];
    pthread_mutex_init(&source.base.lock, NULL);
    for (size_t i = 0; i < 2; i++) {
        rows[i].base = (struct rows){.driver = &naive_driver, .source = &source.base};
        ahead[i] = prefetch_create(&rows[i].base, &error);
        assert_non_null(ahead[i]);
        assert_string_equal(prefetch_column_name(ahead[i], 0), "row");
    }
    for (int64_t row = 1; row <= MANY; row++) {
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(prefetch_step(ahead[i], &error), 1);
            assert_true(prefetch_value(ahead[i], 0).integer == row);
        }
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(prefetch_step(ahead[i], &error), 0);
        prefetch_free(ahead[i]);
    }
    assert_int_equal(source.overlaps, 0);
    pthread_mutex_destroy(&source.base.lock);
}

static volatile sig_atomic_t signals_handled;

static void count_signal(int number) {
    (void)number;
    signals_handled++;
}

/* A signal to the program that its main thread holds back finds no other thread to take it. */
static void signals_are_left_to_the_callers_thread(void **state) {
    (void)state;
    struct sigaction action = {.sa_handler = count_signal};
    struct sigaction before;
    sigset_t one;
    sigset_t pending;
    struct timespec moment = {.tv_nsec = 50000000};
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    sigaction(SIGUSR1, &action, &before);
    struct source *source = open_empty();
    struct rows *rows = query_it(source, MANY_SQL "SELECT i FROM n");
    pthread_sigmask(SIG_BLOCK, &one, NULL);
    kill(getpid(), SIGUSR1);
    nanosleep(&moment, NULL);
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGUSR1), 1);
    assert_int_equal(signals_handled, 0);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    assert_int_equal(signals_handled, 1);
    rows_close(rows);
    source_close(source);
    sigaction(SIGUSR1, &before, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(rows_come_in_order_across_many_batches, empty_folder),
        cmocka_unit_test_teardown(values_live_until_the_next_step, empty_folder),
        cmocka_unit_test_teardown(every_kind_of_value_comes_through_in_every_batch, empty_folder),
        cmocka_unit_test_teardown(a_value_may_be_larger_than_any_batch, empty_folder),
        cmocka_unit_test_teardown(a_row_may_have_more_columns_than_a_batch_has_room, empty_folder),
        cmocka_unit_test_teardown(an_error_comes_after_the_rows_before_it, empty_folder),
        cmocka_unit_test_teardown(rows_may_be_closed_before_their_end, empty_folder),
        cmocka_unit_test_teardown(queries_may_run_side_by_side, empty_folder),
        cmocka_unit_test(a_driver_is_never_called_by_two_threads_at_a_time),
        cmocka_unit_test_teardown(the_database_stays_locked_until_the_rows_are_closed,
                                  empty_folder),
        cmocka_unit_test_teardown(signals_are_left_to_the_callers_thread, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
