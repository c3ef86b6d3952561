#define _XOPEN_SOURCE 700 /* mkdtemp, setenv */
#include "source/sorter.h"
#include "sqlite_fixture.h"

enum { SMALL_RUN = 512 };

static struct value integer(int64_t number) {
    return (struct value){.kind = VALUE_INTEGER, .integer = number};
}

static struct value real(double number) {
    return (struct value){.kind = VALUE_REAL, .real = number};
}

static struct value text(const char *string) {
    return (struct value){.kind = VALUE_TEXT, .text = span_of(string)};
}

static struct sorter *make_sorter(size_t columns, size_t keys, size_t run_bytes) {
    static const size_t first_columns[] = {0, 1, 2};
    struct sorter_settings settings = {
        .column_count = columns, .keys = first_columns, .key_count = keys, .run_bytes = run_bytes};
    struct error error = {0};
    struct sorter *sorter = sorter_create(&settings, &error);
    assert_non_null(sorter);
    return sorter;
}

static void add(struct sorter *sorter, const struct value *row) {
    struct error error = {0};
    if (sorter_add(sorter, row, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

static void finish(struct sorter *sorter) {
    struct error error = {0};
    if (sorter_finish(sorter, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

static const struct value *step(struct sorter *sorter) {
    struct error error = {0};
    int rc = sorter_step(sorter, &error);
    if (rc < 0) {
        fail_msg("%s", error.message);
    }
    return rc == 1 ? sorter_row(sorter) : NULL;
}

/* Any order but the right one; the same at every run. */
static uint32_t shuffle(uint32_t number) {
    return number * 2654435761u;
}

/* Sorts `count` rows of a number and its text, and reads them back. */
static void sort_numbers(uint32_t count, size_t run_bytes) {
    struct sorter *sorter = make_sorter(2, 1, run_bytes);
    char words[32];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = shuffle(i);
        snprintf(words, sizeof words, "number %u", number);
        add(sorter, (struct value[]){integer(number), text(words)});
    }
    finish(sorter);
    int64_t last = -1;
    for (uint32_t i = 0; i < count; i++) {
        const struct value *row = step(sorter);
        assert_non_null(row);
        assert_true(row[0].integer > last);
        last = row[0].integer;
        snprintf(words, sizeof words, "number %u", (uint32_t)last);
        assert_true(span_equal_string(row[1].text, words));
        assert_int_equal(row[1].text.data[row[1].text.length], '\0');
    }
    assert_null(step(sorter));
    assert_null(step(sorter));
    sorter_free(sorter);
}

static void no_row_gives_no_row(void **state) {
    (void)state;
    sort_numbers(0, 0);
}

static void rows_that_fit_are_sorted_in_memory(void **state) {
    (void)state;
    sort_numbers(1000, 0);
}

static void runs_of_a_file_are_merged(void **state) {
    (void)state;
    sort_numbers(500, SMALL_RUN);
}

/* 64 runs of one level become one of the next: here there are three levels. */
static void many_runs_are_merged_by_levels(void **state) {
    (void)state;
    sort_numbers(64 * 64 * 8, SMALL_RUN);
}

static void rows_of_the_same_key_keep_their_order(void **state) {
    (void)state;
    struct sorter *sorter = make_sorter(2, 1, SMALL_RUN);
    for (int i = 0; i < 5000; i++) {
        add(sorter, (struct value[]){integer(i % 3), integer(i)});
    }
    finish(sorter);
    for (int key = 0; key < 3; key++) {
        for (int i = key; i < 5000; i += 3) {
            const struct value *row = step(sorter);
            assert_int_equal(row[0].integer, key);
            assert_int_equal(row[1].integer, i);
        }
    }
    assert_null(step(sorter));
    sorter_free(sorter);
}

static void a_row_may_be_larger_than_any_run(void **state) {
    (void)state;
    const size_t large = 3 * 1024 * 1024;
    char *words = malloc(large + 1);
    memset(words, 'x', large);
    words[large] = '\0';
    struct sorter *sorter = make_sorter(2, 1, SMALL_RUN);
    for (int i = 9; i >= 0; i--) {
        add(sorter, (struct value[]){integer(i), text(i % 4 == 1 ? words : "small")});
    }
    finish(sorter);
    for (int i = 0; i < 10; i++) {
        const struct value *row = step(sorter);
        assert_int_equal(row[0].integer, i);
        assert_true(span_equal_string(row[1].text, i % 4 == 1 ? words : "small"));
    }
    sorter_free(sorter);
    free(words);
}

static void the_second_key_counts_where_the_first_is_the_same(void **state) {
    (void)state;
    struct sorter *sorter = make_sorter(2, 2, 0);
    add(sorter, (struct value[]){text("b"), integer(1)});
    add(sorter, (struct value[]){text("ab"), integer(2)});
    add(sorter, (struct value[]){text("a"), integer(10)});
    add(sorter, (struct value[]){text("a"), integer(9)});
    finish(sorter);
    assert_int_equal(step(sorter)[1].integer, 9);
    assert_int_equal(step(sorter)[1].integer, 10);
    assert_int_equal(step(sorter)[1].integer, 2);
    assert_int_equal(step(sorter)[1].integer, 1);
    sorter_free(sorter);
}

/* From the least to the greatest; no two are the same. */
static void values_of_every_kind_have_sqlites_order(void **state) {
    (void)state;
    const struct value ordered[] = {
        {.kind = VALUE_NULL},
        real(-1e300),
        integer(INT64_MIN),
        integer(INT64_MIN + 1),
        real(-1.5),
        integer(-1),
        integer(0),
        real(0.25),
        integer(1),
        real(1.5),
        integer((INT64_C(1) << 53)),
        integer((INT64_C(1) << 53) + 1),
        integer(INT64_MAX - 1),
        integer(INT64_MAX),
        real(1e300),
        text(""),
        {.kind = VALUE_TEXT, .text = {"\0", 1}},
        {.kind = VALUE_TEXT, .text = {"\0\0", 2}},
        {.kind = VALUE_TEXT, .text = {"\0\1", 2}},
        text("\x01"),
        text("10"),
        text("9"),
        text("A"),
        {.kind = VALUE_TEXT, .text = {"A\0", 2}},
        text("AB"),
        text("a"),
        text("\xC3\xA9"),
        {.kind = VALUE_BLOB, .text = {"", 0}},
        {.kind = VALUE_BLOB, .text = {"\0", 1}},
    };
    enum { COUNT = sizeof ordered / sizeof *ordered };
    struct sorter *sorter = make_sorter(2, 1, 0);
    for (size_t i = 0; i < COUNT; i++) {
        size_t place = i * 10 % COUNT; /* 29 is a prime number: each of them once */
        add(sorter, (struct value[]){ordered[place], integer((int64_t)place)});
    }
    finish(sorter);
    for (size_t i = 0; i < COUNT; i++) {
        const struct value *row = step(sorter);
        assert_int_equal(row[1].integer, i);
        assert_int_equal(row[0].kind, ordered[i].kind);
        assert_true(row[0].real == ordered[i].real);
        assert_true(span_equal(row[0].text, ordered[i].text));
    }
    sorter_free(sorter);
}

static void a_whole_real_is_the_same_as_the_integer(void **state) {
    (void)state;
    struct sorter *sorter = make_sorter(2, 2, 0);
    add(sorter, (struct value[]){real(2.0), integer(3)});
    add(sorter, (struct value[]){integer(2), integer(2)});
    add(sorter, (struct value[]){real(-0.0), integer(1)});
    add(sorter, (struct value[]){integer(0), integer(0)});
    finish(sorter);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(step(sorter)[1].integer, i);
    }
    sorter_free(sorter);
}

static void a_folder_that_cannot_be_written_is_named(void **state) {
    (void)state;
    struct error error = {0};
    setenv("TMPDIR", "/nowhere/at/all", 1);
    struct sorter *sorter = make_sorter(1, 1, SMALL_RUN);
    int rc = 0;
    for (int i = 0; i < 100 && rc == 0; i++) {
        rc = sorter_add(sorter, (struct value[]){integer(i)}, &error);
    }
    unsetenv("TMPDIR");
    assert_int_equal(rc, -1);
    assert_int_equal(error.code, ERROR_DISK);
    assert_non_null(strstr(error.message, "/nowhere/at/all"));
    sorter_free(sorter);
}

/* What the program sorts and what SQLite sorts has to come in the same order. */
static void a_query_gives_what_sqlite_gives(void **state) {
    (void)state;
    static const char *const columns[] = {"n", "ID"};
    static const struct source_order order = {
        .sql = "SELECT name AS N, id AS ID, rest FROM t ORDER BY name, id",
        .unordered_sql = "SELECT name AS N, id AS ID, rest FROM t",
        .columns = columns,
        .column_count = 2};
    make_database("CREATE TABLE t (name, id, rest);"
                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
                  " INSERT INTO t SELECT CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN i * 37 % 100"
                  " WHEN 2 THEN i * 37 % 100 / 8.0 ELSE 'name ' || (i * 7919 % 997) END,"
                  " i * 7919 % 10007, printf('%0300d', i) FROM n;");
    struct source *source = open_it(path);
    struct error error = {0};
    struct rows *expected = query_it(source, order.sql);
    struct rows *rows = source_query_ordered(source, &order, &error);
    assert_non_null(rows);
    struct text a = {0};
    struct text b = {0};
    for (int i = 0; i < 30000; i++) {
        assert_int_equal(rows_step(expected, &error), 1);
        assert_int_equal(rows_step(rows, &error), 1);
        text_clear(&a);
        text_clear(&b);
        rows_append_json(expected, &a);
        rows_append_json(rows, &b);
        assert_string_equal(text_string(&a), text_string(&b));
    }
    assert_int_equal(rows_step(rows, &error), 0);
    text_free(&a);
    text_free(&b);
    rows_close(rows);
    rows_close(expected);
    source_close(source);
}

static void an_order_by_an_unknown_column_is_refused(void **state) {
    (void)state;
    static const char *const columns[] = {"missing"};
    static const struct source_order order = {.sql = "SELECT a FROM t ORDER BY a",
                                              .unordered_sql = "SELECT a FROM t",
                                              .columns = columns,
                                              .column_count = 1};
    make_database("CREATE TABLE t (a);");
    struct source *source = open_it(path);
    struct error error = {0};
    assert_null(source_query_ordered(source, &order, &error));
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, "missing"));
    source_close(source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_gives_no_row),
        cmocka_unit_test(rows_that_fit_are_sorted_in_memory),
        cmocka_unit_test(runs_of_a_file_are_merged),
        cmocka_unit_test(many_runs_are_merged_by_levels),
        cmocka_unit_test(rows_of_the_same_key_keep_their_order),
        cmocka_unit_test(a_row_may_be_larger_than_any_run),
        cmocka_unit_test(the_second_key_counts_where_the_first_is_the_same),
        cmocka_unit_test(values_of_every_kind_have_sqlites_order),
        cmocka_unit_test(a_whole_real_is_the_same_as_the_integer),
        cmocka_unit_test(a_folder_that_cannot_be_written_is_named),
        cmocka_unit_test_teardown(a_query_gives_what_sqlite_gives, empty_folder),
        cmocka_unit_test_teardown(an_order_by_an_unknown_column_is_refused, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
