/* Rows are found again by their labels. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "staging/row_lookup.h"
#include "staging_fixture.h"

static const struct table_column columns[] = {
    {"id", COLUMN_KEY, COLUMN_READ},
    {"name", COLUMN_TEXT, COLUMN_READ},
};

static const struct table tables[] = {
    {.name = "people", .columns = columns, .column_count = 2, .keys = {"id"}},
    {.name = "others", .columns = columns, .column_count = 2, .keys = {"id"}, .is_optional = true},
};

static const struct staging_settings settings = {.tables = tables, .table_count = 2};

static void want(struct row_lookup *lookup, const char *table, const char *row) {
    struct error error = {0};
    assert_int_equal(row_lookup_want(lookup, span_of(table), span_of(row), &error), 0);
}

static void assert_content(const struct row_lookup *lookup, const char *table, const char *row,
                           const char *expected) {
    struct span content = row_lookup_content(lookup, span_of(table), span_of(row));
    if (expected == NULL) {
        assert_true(span_is_null(content));
    } else {
        assert_true(span_equal_string(content, expected));
    }
}

static void run(struct row_lookup *lookup, const char *schema) {
    struct error error = {0};
    make_database(schema);
    struct source *source = open_it(path);
    struct staging *staging = stage_it(source, &settings);
    assert_int_equal(row_lookup_run(lookup, staging, &error), 0);
    staging_close(staging);
    source_close(source);
}

static struct row_lookup *create(void) {
    struct error error = {0};
    struct row_lookup *lookup = row_lookup_create(&error);
    assert_non_null(lookup);
    return lookup;
}

static void rows_that_are_wanted_are_found_by_table_and_label(void **state) {
    (void)state;
    struct row_lookup *lookup = create();
    want(lookup, "people", "2");
    want(lookup, "people", "(null)");
    want(lookup, "people", "2");
    want(lookup, "others", "2");
    run(lookup, "CREATE TABLE people(id, name); CREATE TABLE others(id, name);"
                "INSERT INTO people VALUES (1, 'a'), ('2', 'b'), (NULL, 'c');"
                "INSERT INTO others VALUES (2, 'd');");
    assert_content(lookup, "people", "2", "{\"ID\":2,\"NAME\":\"b\"}");
    assert_content(lookup, "people", "(null)", "{\"ID\":null,\"NAME\":\"c\"}");
    assert_content(lookup, "others", "2", "{\"ID\":2,\"NAME\":\"d\"}");
    assert_content(lookup, "people", "1", NULL);
    row_lookup_free(lookup);
}

static void of_rows_with_one_label_the_first_is_found(void **state) {
    (void)state;
    struct row_lookup *lookup = create();
    want(lookup, "people", "1");
    run(lookup, "CREATE TABLE people(id, name); INSERT INTO people VALUES (1, 'a'), (1, 'b')");
    assert_content(lookup, "people", "1", "{\"ID\":1,\"NAME\":\"a\"}");
    row_lookup_free(lookup);
}

static void what_is_not_there_any_more_is_not_found(void **state) {
    (void)state;
    struct row_lookup *lookup = create();
    want(lookup, "people", "3");
    want(lookup, "others", "1");
    want(lookup, "no such table", "1");
    run(lookup, "CREATE TABLE people(id, name); INSERT INTO people VALUES (1, 'a'), (1, 'b')");
    assert_content(lookup, "people", "3", NULL);
    assert_content(lookup, "others", "1", NULL);
    assert_content(NULL, "people", "3", NULL);
    row_lookup_free(lookup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(rows_that_are_wanted_are_found_by_table_and_label, empty_folder),
        cmocka_unit_test_teardown(of_rows_with_one_label_the_first_is_found, empty_folder),
        cmocka_unit_test_teardown(what_is_not_there_any_more_is_not_found, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
