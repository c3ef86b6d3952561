/* Each type of column over each form of a value, in place and from a copy. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "staging_fixture.h"

/* What is written into the source, and what is read of it: SQL literals, or `?` and the reason. */
static const struct cell {
    enum column_type type;
    const char *source;
    const char *staged;
} cells[] = {
    {COLUMN_TEXT, "NULL", "NULL"},
    {COLUMN_TEXT, "''", "''"},
    {COLUMN_TEXT, "' a '", "' a '"},
    {COLUMN_TEXT, "17", "'17'"},
    {COLUMN_TEXT, "-17", "'-17'"},
    {COLUMN_TEXT, "2.0", "'2.0'"},
    {COLUMN_TEXT, "0.1", "'0.1'"},
    {COLUMN_TEXT, "'17'", "'17'"},
    {COLUMN_TEXT, "x'61'", "?X is x'61'; expected text in UTF-8 without NUL"},
    {COLUMN_TEXT, "x''", "?X is x''; expected text in UTF-8 without NUL"},
    {COLUMN_TEXT, "9e999", "?X is inf; expected text in UTF-8 without NUL"},
    {COLUMN_TEXT, "CAST(x'61c3' AS TEXT)", "?X is a\\xc3; expected text in UTF-8 without NUL"},
    {COLUMN_TEXT, "CAST(x'610062' AS TEXT)", "?X is a\\x00b; expected text in UTF-8 without NUL"},

    {COLUMN_WORD, "NULL", "NULL"},
    {COLUMN_WORD, "'jdoe'", "'jdoe'"},
    {COLUMN_WORD, "'jdoe   '", "'jdoe'"},
    {COLUMN_WORD, "' jdoe '", "' jdoe'"},
    {COLUMN_WORD, "'jdoe'||char(9)", "'jdoe'||char(9)"},
    {COLUMN_WORD, "'   '", "''"},
    {COLUMN_WORD, "17", "'17'"},
    {COLUMN_WORD, "1.5", "'1.5'"},
    {COLUMN_WORD, "x'20'", "?X is x'20'; expected text in UTF-8 without NUL"},
    {COLUMN_WORD, "CAST(x'ff20' AS TEXT)", "?X is \\xff; expected text in UTF-8 without NUL"},

    {COLUMN_KEY, "NULL", "NULL"},
    {COLUMN_KEY, "10", "10"},
    {COLUMN_KEY, "'10'", "10"},
    {COLUMN_KEY, "'10   '", "10"},
    {COLUMN_KEY, "10.0", "10"},
    {COLUMN_KEY, "'-10'", "-10"},
    {COLUMN_KEY, "'0'", "0"},
    {COLUMN_KEY, "'-0'", "'-0'"},
    {COLUMN_KEY, "'010'", "'010'"},
    {COLUMN_KEY, "'+10'", "'+10'"},
    {COLUMN_KEY, "' 10'", "' 10'"},
    {COLUMN_KEY, "'1e1'", "'1e1'"},
    {COLUMN_KEY, "'10.0'", "'10.0'"},
    {COLUMN_KEY, "1.5", "'1.5'"},
    {COLUMN_KEY, "'a '", "'a'"},
    {COLUMN_KEY, "''", "''"},
    {COLUMN_KEY, "9223372036854775807", "9223372036854775807"},
    {COLUMN_KEY, "'9223372036854775807'", "9223372036854775807"},
    {COLUMN_KEY, "'-9223372036854775808'", "-9223372036854775808"},
    {COLUMN_KEY, "'9223372036854775808'", "'9223372036854775808'"},
    {COLUMN_KEY, "9e999", "?X is inf; expected an integer, or text in UTF-8 without NUL"},
    {COLUMN_KEY, "x'10'", "?X is x'10'; expected an integer, or text in UTF-8 without NUL"},

    {COLUMN_FLAG, "NULL", "NULL"},
    {COLUMN_FLAG, "0", "0"},
    {COLUMN_FLAG, "1", "1"},
    {COLUMN_FLAG, "-1", "1"},
    {COLUMN_FLAG, "1.0", "1"},
    {COLUMN_FLAG, "'0'", "0"},
    {COLUMN_FLAG, "' 1 '", "1"},
    {COLUMN_FLAG, "'-1'", "1"},
    {COLUMN_FLAG, "'true'", "1"},
    {COLUMN_FLAG, "'FALSE'", "0"},
    {COLUMN_FLAG, "'t'", "1"},
    {COLUMN_FLAG, "'f'", "0"},
    {COLUMN_FLAG, "'Y'", "1"},
    {COLUMN_FLAG, "'n'", "0"},
    {COLUMN_FLAG, "'Yes'", "1"},
    {COLUMN_FLAG, "'no'", "0"},
    {COLUMN_FLAG, "'Y   '", "1"},
    {COLUMN_FLAG, "x'00'", "0"},
    {COLUMN_FLAG, "x'01'", "1"},
    {COLUMN_FLAG, "char(1)", "1"},
    {COLUMN_FLAG, "CAST(x'00' AS TEXT)", "0"},
    {COLUMN_FLAG, "''", "NULL"},
    {COLUMN_FLAG, "'  '", "NULL"},
    {COLUMN_FLAG, "2", "?X is 2; expected 0 or 1"},
    {COLUMN_FLAG, "'2'", "?X is 2; expected 0 or 1"},
    {COLUMN_FLAG, "-2", "?X is -2; expected 0 or 1"},
    {COLUMN_FLAG, "0.5", "?X is 0.5; expected 0 or 1"},
    {COLUMN_FLAG, "'on'", "?X is on; expected 0 or 1"},
    {COLUMN_FLAG, "x'02'", "?X is x'02'; expected 0 or 1"},
    {COLUMN_FLAG, "x''", "?X is x''; expected 0 or 1"},

    {COLUMN_MOMENT, "NULL", "NULL"},
    {COLUMN_MOMENT, "''", "NULL"},
    {COLUMN_MOMENT, "' '", "NULL"},
    {COLUMN_MOMENT, "'2013-06-20 23:11:40'", "'2013-06-20 23:11:40'"},
    {COLUMN_MOMENT, "'2013-06-20T23:11:40Z'", "'2013-06-20 23:11:40'"},
    {COLUMN_MOMENT, "'2013-06-20 23:11:40+02:00'", "'2013-06-20 21:11:40'"},
    {COLUMN_MOMENT, "'2013-06-20 23:11'", "'2013-06-20 23:11:00'"},
    {COLUMN_MOMENT, "'2013-06-20'", "'2013-06-20 00:00:00'"},
    {COLUMN_MOMENT, "' 2013-06-20  '", "'2013-06-20 00:00:00'"},
    {COLUMN_MOMENT, "'2013-06-20 23:11:40.000000'", "'2013-06-20 23:11:40'"},
    {COLUMN_MOMENT, "'2013-06-20 23:11:40.25'", "'2013-06-20 23:11:40.250000'"},
    {COLUMN_MOMENT, "'2013-06-20 23:11:40.123456'", "'2013-06-20 23:11:40.123456'"},
    {COLUMN_MOMENT, "'2013-06-20 23:11:40.123456789'", "'2013-06-20 23:11:40.123456789'"},
    {COLUMN_MOMENT, "'2013-06-20 23:11:40.5+01'", "'2013-06-20 22:11:40.500000'"},
    {COLUMN_MOMENT, "1371769900", "'2013-06-20 23:11:40'"},
    {COLUMN_MOMENT, "1371769900.0", "'2013-06-20 23:11:40'"},
    {COLUMN_MOMENT, "'1371769900'", "'2013-06-20 23:11:40'"},
    {COLUMN_MOMENT, "315532800", "'1980-01-01 00:00:00'"},
    {COLUMN_MOMENT, "4102444799", "'2099-12-31 23:59:59'"},
    {COLUMN_MOMENT, "'1975-03-01 12:00:00'", "'1975-03-01 12:00:00'"},
    {COLUMN_MOMENT, "'2150-03-01 12:00:00'", "'2150-03-01 12:00:00'"},
    {COLUMN_MOMENT, "'0001-01-01'", "'0001-01-01 00:00:00'"},
    {COLUMN_MOMENT, "315532799", "?X is 315532799; expected a date"},
    {COLUMN_MOMENT, "4102444800", "?X is 4102444800; expected a date"},
    {COLUMN_MOMENT, "0", "?X is 0; expected a date"},
    {COLUMN_MOMENT, "20220615", "?X is 20220615; expected a date"},
    {COLUMN_MOMENT, "'20220615'", "?X is 20220615; expected a date"},
    {COLUMN_MOMENT, "2459746.5", "?X is 2459746.5; expected a date"},
    {COLUMN_MOMENT, "44727", "?X is 44727; expected a date"},
    {COLUMN_MOMENT, "1371769900.5", "?X is 1371769900.5; expected a date"},
    {COLUMN_MOMENT, "1371769900000", "?X is 1371769900000; expected a date"},
    {COLUMN_MOMENT, "'infinity'", "?X is infinity; expected a date"},
    {COLUMN_MOMENT, "'0044-03-15 BC'", "?X is 0044-03-15 BC; expected a date"},
    {COLUMN_MOMENT, "'12022-06-15'", "?X is 12022-06-15; expected a date"},
    {COLUMN_MOMENT, "'0000-00-00'", "?X is 0000-00-00; expected a date"},
    {COLUMN_MOMENT, "x'00'", "?X is x'00'; expected a date"},

    {COLUMN_INTEGER, "NULL", "NULL"},
    {COLUMN_INTEGER, "17", "17"},
    {COLUMN_INTEGER, "17.0", "17"},
    {COLUMN_INTEGER, "'17'", "17"},
    {COLUMN_INTEGER, "' 017.00 '", "17"},
    {COLUMN_INTEGER, "'+17'", "17"},
    {COLUMN_INTEGER, "'-9223372036854775808'", "-9223372036854775808"},
    {COLUMN_INTEGER, "''", "?X is \"\"; expected an integer"},
    {COLUMN_INTEGER, "1.5", "?X is 1.5; expected an integer"},
    {COLUMN_INTEGER, "'1.5'", "?X is 1.5; expected an integer"},
    {COLUMN_INTEGER, "'1e3'", "?X is 1e3; expected an integer"},
    {COLUMN_INTEGER, "9e18*2", "?X is 1.8e+19; expected an integer"},
    {COLUMN_INTEGER, "'9223372036854775808'", "?X is 9223372036854775808; expected an integer"},
    {COLUMN_INTEGER, "9e999", "?X is inf; expected an integer"},
    {COLUMN_INTEGER, "-9e999", "?X is -inf; expected an integer"},
    {COLUMN_INTEGER, "x'31'", "?X is x'31'; expected an integer"},

    {COLUMN_BLOB, "NULL", "NULL"},
    {COLUMN_BLOB, "x'00ff'", "x'00ff'"},
    {COLUMN_BLOB, "x''", "x''"},
    {COLUMN_BLOB, "'a'", "x'61'"},
    {COLUMN_BLOB, "17", "?X is 17; expected bytes"},
    {COLUMN_BLOB, "1.5", "?X is 1.5; expected bytes"},

    {COLUMN_ANY, "NULL", "NULL"},
    {COLUMN_ANY, "17", "17"},
    {COLUMN_ANY, "1.5", "1.5"},
    {COLUMN_ANY, "'17 '", "'17 '"},
    {COLUMN_ANY, "x'00ff'", "x'00ff'"},
    {COLUMN_ANY, "9e999", "?X is inf; expected a finite number"},
    {COLUMN_ANY, "CAST(x'61c3' AS TEXT)", "?X is a\\xc3; expected a finite number"},
};

enum { CELL_COUNT = sizeof cells / sizeof *cells };

/* One table with one column for each type. */
static const struct table_column columns[COLUMN_TYPE_COUNT][1] = {
    [COLUMN_TEXT] = {{"x", COLUMN_TEXT, COLUMN_READ}},
    [COLUMN_WORD] = {{"x", COLUMN_WORD, COLUMN_READ}},
    [COLUMN_KEY] = {{"x", COLUMN_KEY, COLUMN_READ}},
    [COLUMN_FLAG] = {{"x", COLUMN_FLAG, COLUMN_READ}},
    [COLUMN_MOMENT] = {{"x", COLUMN_MOMENT, COLUMN_READ}},
    [COLUMN_INTEGER] = {{"x", COLUMN_INTEGER, COLUMN_READ}},
    [COLUMN_BLOB] = {{"x", COLUMN_BLOB, COLUMN_READ}},
    [COLUMN_ANY] = {{"x", COLUMN_ANY, COLUMN_READ}},
};

#define TABLE(table_name, type)                                                                    \
    {                                                                                              \
        .name = (table_name), .columns = columns[type], .column_count = 1, .keys = { "x" }         \
    }

static const struct table tables[COLUMN_TYPE_COUNT] = {
    [COLUMN_TEXT] = TABLE("text", COLUMN_TEXT),
    [COLUMN_WORD] = TABLE("word", COLUMN_WORD),
    [COLUMN_KEY] = TABLE("key", COLUMN_KEY),
    [COLUMN_FLAG] = TABLE("flag", COLUMN_FLAG),
    [COLUMN_MOMENT] = TABLE("moment", COLUMN_MOMENT),
    [COLUMN_INTEGER] = TABLE("integer", COLUMN_INTEGER),
    [COLUMN_BLOB] = TABLE("blob", COLUMN_BLOB),
    [COLUMN_ANY] = TABLE("any", COLUMN_ANY),
};

/* The number of a cell among those of its type: the row in which it is. */
static size_t row_of(size_t cell) {
    size_t row = 1;
    for (size_t i = 0; i < cell; i++) {
        row += cells[i].type == cells[cell].type;
    }
    return row;
}

static void make_cells(void) {
    struct text sql = {0};
    for (size_t i = 0; i < COLUMN_TYPE_COUNT; i++) {
        text_append_format(&sql, "CREATE TABLE \"%s\"(x);", tables[i].name);
    }
    for (size_t i = 0; i < CELL_COUNT; i++) {
        text_append_format(&sql, "INSERT INTO \"%s\"(rowid, x) VALUES (%zu, %s);",
                           tables[cells[i].type].name, row_of(i), cells[i].source);
    }
    make_database(text_string(&sql));
    text_free(&sql);
}

static void append_quoted_value(sqlite3 *database, const char *table, size_t row,
                                const char *literal, struct text *found) {
    struct error error = {0};
    struct text sql = {0};
    struct statement statement;
    text_append_format(&sql,
                       "SELECT typeof(x) || ' ' || quote(x), "
                       "typeof(%s) || ' ' || quote(%s), x FROM \"%s\" WHERE \"row\" = %zu",
                       literal, literal, table, row);
    assert_int_equal(statement_prepare(&statement, database, text_string(&sql), &error), 0);
    assert_int_equal(statement_step(&statement, &error), 1);
    for (int i = 0; i < 2; i++) {
        text_append(found, statement_text(&statement, i));
        text_append_string(found, "\n");
    }
    statement_finalize(&statement);
    text_free(&sql);
}

static void append_reason_of(const struct cell *cell, sqlite3 *database, size_t row,
                             struct text *reason) {
    struct error error = {0};
    struct text sql = {0};
    struct statement statement;
    const struct table *table = &tables[cell->type];
    text_append_string(&sql, "SELECT \"row\", ");
    staged_row_append_columns(table, "a", &sql);
    text_append_format(&sql, " FROM \"%s\" a WHERE a.\"row\" = %zu", table->name, row);
    assert_int_equal(statement_prepare(&statement, database, text_string(&sql), &error), 0);
    assert_int_equal(statement_step(&statement, &error), 1);
    bool is_valid = staged_row_check(table, &statement, 1, reason);
    assert_int_equal(is_valid, reason->length == 0);
    statement_finalize(&statement);
    text_free(&sql);
}

static void assert_cell(const struct staging *staging, size_t i) {
    const struct cell *cell = &cells[i];
    struct text found = {0};
    append_reason_of(cell, staging_database(staging), row_of(i), &found);
    if (*cell->staged == '?') {
        if (strncmp(text_string(&found), cell->staged + 1, strlen(cell->staged + 1)) != 0) {
            fail_msg("%s in %s: %s", cell->source, tables[cell->type].name, text_string(&found));
        }
    } else {
        assert_string_equal(text_string(&found), "");
        append_quoted_value(staging_database(staging), tables[cell->type].name, row_of(i),
                            cell->staged, &found);
        size_t half = strcspn(text_string(&found), "\n");
        if (strncmp(text_string(&found), text_string(&found) + half + 1, half) != 0) {
            fail_msg("%s in %s: %s", cell->source, tables[cell->type].name, text_string(&found));
        }
    }
    text_free(&found);
}

static void assert_cells(struct source *source, const char *keep) {
    struct staging_settings settings = {
        .tables = tables, .table_count = COLUMN_TYPE_COUNT, .keep = keep};
    struct staging *staging = stage_it(source, &settings);
    for (size_t i = 0; i < CELL_COUNT; i++) {
        assert_cell(staging, i);
    }
    finish_it(staging);
    staging_close(staging);
    source_close(source);
}

static void in_place_each_value_has_the_form_of_its_type_or_is_reported(void **state) {
    (void)state;
    make_cells();
    assert_cells(open_it(path), NULL);
}

static void from_a_server_each_value_has_the_form_of_its_type_or_is_reported(void **state) {
    (void)state;
    make_cells();
    assert_cells(open_as_server(path), NULL);
}

static void a_snapshot_gives_what_its_source_gives(void **state) {
    (void)state;
    char kept[128];
    make_cells();
    struct source *source = open_as_server(path);
    assert_cells(source, strcpy(kept, path_of("kept.db")));
    assert_cells(open_it(kept), NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(in_place_each_value_has_the_form_of_its_type_or_is_reported,
                                  empty_folder),
        cmocka_unit_test_teardown(from_a_server_each_value_has_the_form_of_its_type_or_is_reported,
                                  empty_folder),
        cmocka_unit_test_teardown(a_snapshot_gives_what_its_source_gives, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
