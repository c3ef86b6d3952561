/* What a table is in staging, in place and as a copy: its rows, its names, its order. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <signal.h>
#include <sys/stat.h>

#include "base/interrupt.h"
#include "staging/shape_private.h"
#include "staging_fixture.h"

static const struct table_column people_columns[] = {
    {"id", COLUMN_KEY, COLUMN_READ},
    {"name", COLUMN_WORD, COLUMN_READ},
    {"note", COLUMN_TEXT, COLUMN_READ},
    {"mail", COLUMN_TEXT, COLUMN_COPIED},
};

static const struct table_column rights_columns[] = {
    {"name", COLUMN_WORD, COLUMN_READ},
    {"person", COLUMN_KEY, COLUMN_READ},
};

static const struct table tables[] = {
    {.name = "people", .columns = people_columns, .column_count = 4, .keys = {"id", "name"}},
    {.name = "rights",
     .columns = rights_columns,
     .column_count = 2,
     .keys = {"name"},
     .is_optional = true},
};

static const struct staging_settings settings = {.tables = tables, .table_count = 2};

static const struct way {
    const char *name;
    struct source *(*open)(const char *url);
} ways[] = {{"in place", open_it}, {"as a server", open_as_server}};

enum { WAY_COUNT = sizeof ways / sizeof *ways };

/* The rows of a query over the staged tables: values with commas, rows with semicolons. */
static void append_answer(const struct staging *staging, const char *sql, struct text *out) {
    struct error error = {0};
    struct statement statement;
    int rc = statement_prepare(&statement, staging_database(staging), sql, &error);
    while (rc >= 0 && (rc = statement_step(&statement, &error)) == 1) {
        for (int i = 0; i < sqlite3_column_count(statement.handle); i++) {
            text_append_string(out, i == 0 ? "" : ",");
            text_append(out, statement_text(&statement, i));
        }
        text_append_string(out, ";");
    }
    if (rc < 0) {
        fail_msg("%s", error.message);
    }
    statement_finalize(&statement);
}

static void assert_answer(const struct staging *staging, const char *sql, const char *expected) {
    struct text found = {0};
    append_answer(staging, sql, &found);
    assert_string_equal(text_string(&found), expected);
    text_free(&found);
}

/* What the query gives over this database, by each way. */
static void assert_staged(const char *schema, const struct staging_settings *how, const char *sql,
                          const char *expected) {
    make_database(schema);
    for (size_t i = 0; i < WAY_COUNT; i++) {
        struct source *source = ways[i].open(path_of("legacy.db"));
        struct staging *staging = stage_it(source, how);
        assert_answer(staging, sql, expected);
        finish_it(staging);
        staging_close(staging);
        source_close(source);
    }
    assert_int_equal(unlink(path_of("legacy.db")), 0);
}

static void texts_are_compared_by_bytes_whatever_the_source_collates_by(void **state) {
    (void)state;
    static const char schema[] =
        "CREATE TABLE people(id, name TEXT COLLATE NOCASE, note COLLATE RTRIM);"
        "CREATE TABLE rights(name TEXT COLLATE NOCASE, person);"
        "INSERT INTO people VALUES (1, 'jdoe', 'a'), (2, 'JDoe', 'a ');"
        "INSERT INTO rights VALUES ('jdoe', NULL), ('JDOE', NULL);";
    assert_staged(schema, &settings,
                  "SELECT p.id, r.name FROM people p JOIN rights r ON r.name = p.name", "1,jdoe;");
    assert_staged(schema, &settings, "SELECT name FROM people ORDER BY name", "JDoe;jdoe;");
    assert_staged(schema, &settings, "SELECT DISTINCT name FROM people ORDER BY 1", "JDoe;jdoe;");
    assert_staged(schema, &settings, "SELECT count(*) FROM people GROUP BY note", "1;1;");
    assert_staged(schema, &settings,
                  "SELECT p.id FROM people p WHERE p.name IN (SELECT name FROM rights)", "1;");
}

static void keys_are_compared_as_numbers_whatever_type_they_are_stored_in(void **state) {
    (void)state;
    static const char schema[] =
        "CREATE TABLE people(id TEXT, name, note); CREATE TABLE rights(name, person INTEGER);"
        "INSERT INTO people VALUES ('10', 'ten', ''), ('9', 'nine', ''), ('x', 'letter', '');"
        "INSERT INTO rights VALUES ('a', 9), ('b', 10), ('c', 'x');";
    assert_staged(schema, &settings, "SELECT id FROM people ORDER BY id", "9;10;x;");
    assert_staged(schema, &settings,
                  "SELECT r.name, p.name FROM people p JOIN rights r ON r.person = p.id"
                  " ORDER BY p.id",
                  "a,nine;b,ten;c,letter;");
}

static void blanks_at_the_end_are_no_content_unless_they_are_kept(void **state) {
    (void)state;
    static const char schema[] =
        "CREATE TABLE people(id, name, note);"
        "INSERT INTO people VALUES (1, 'jdoe   ', 'n '), ('2  ', ' b', 'n'), (3, 'c', 'n');";
    struct staging_settings kept = settings;
    kept.padding = PADDING_KEPT;
    assert_staged(schema, &settings, "SELECT id, '<'||name||note||'>' FROM people",
                  "1,<jdoen >;2,< bn>;3,<cn>;");
    assert_staged(schema, &kept, "SELECT '<'||id||name||'>' FROM people",
                  "<1jdoe   >;<2   b>;<3c>;");
}

static void rows_with_padding_are_counted(void **state) {
    (void)state;
    make_database("CREATE TABLE people(id, name COLLATE RTRIM, note);"
                  "INSERT INTO people VALUES ('1 ', 'a ', ''), (2, 'b ', ''), (3, 'c', 'n '),"
                  " (4, '', ''), (5, NULL, NULL), (6, x'20', '')");
    for (size_t i = 0; i < WAY_COUNT; i++) {
        struct source *source = ways[i].open(path_of("legacy.db"));
        struct staging *staging = stage_it(source, &settings);
        assert_int_equal(staging_count_padded_rows(staging, "people"), 2);
        assert_int_equal(staging_count_padded_rows(staging, "rights"), 0);
        staging_close(staging);
        source_close(source);
    }
}

/* Tables that number their rows, and things that do not: each has the same three rows, two of them
 * with one key and one without. */
static const char *const shapes[] = {
    "CREATE TABLE people(id, name, note);"
    "INSERT INTO people VALUES (NULL, 'a', 1), (7, 'b', 2), (7, 'c', 3);",
    "CREATE TABLE t(id, name, note); CREATE VIEW people AS SELECT * FROM t;"
    "INSERT INTO t VALUES (NULL, 'a', 1), (7, 'b', 2), (7, 'c', 3);",
    "CREATE TABLE people(id, name PRIMARY KEY, note) WITHOUT ROWID;"
    "INSERT INTO people VALUES (NULL, 'a', 1), (7, 'b', 2), (7, 'c', 3);",
    "CREATE TABLE people(rowid, id, name, note);"
    "INSERT INTO people VALUES (5, NULL, 'a', 1), (5, 7, 'b', 2), (5, 7, 'c', 3);",
    "CREATE TABLE people(rowid, oid, _rowid_, id, name, note);"
    "INSERT INTO people VALUES (5, 5, 5, NULL, 'a', 1), (5, 5, 5, 7, 'b', 2), (5, 5, 5, 7, 'c', 3)",
    "CREATE TABLE people(nr INTEGER PRIMARY KEY, name, note, id AS (nullif(nr > 4, 0) * 7));"
    "CREATE INDEX i ON people(name DESC);"
    "INSERT INTO people VALUES (4, 'a', 1), (5, 'b', 2), (6, 'c', 3)",
    "CREATE VIRTUAL TABLE people USING fts4(id, name, note);"
    "INSERT INTO people VALUES (NULL, 'a', 1), (7, 'b', 2), (7, 'c', 3);",
};

static void every_row_has_a_number_of_its_own_in_every_statement(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        assert_staged(shapes[i], &settings, "SELECT count(*), count(DISTINCT \"row\") FROM people",
                      "3,3;");
        assert_staged(shapes[i], &settings,
                      "SELECT p.id, p.note FROM people p JOIN (SELECT \"row\" FROM people"
                      " WHERE name > 'a') r ON r.\"row\" = p.\"row\" ORDER BY p.note",
                      "7,2;7,3;");
        assert_staged(shapes[i], &settings, "SELECT note FROM people WHERE id IS NULL", "1;");
    }
}

static void the_sources_own_count_is_kept(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        make_database(shapes[i]);
        struct source *source = open_it(path);
        struct staging *staging = stage_it(source, &settings);
        assert_int_equal(staging_count_rows(staging, "people"), 3);
        assert_int_equal(staging_count_rows(staging, "rights"), 0);
        staging_close(staging);
        source_close(source);
        assert_int_equal(unlink(path), 0);
    }
}

static void an_optional_table_may_be_missing(void **state) {
    (void)state;
    make_database("CREATE TABLE People(ID, Name, Note)");
    for (size_t i = 0; i < WAY_COUNT; i++) {
        struct source *source = ways[i].open(path);
        struct staging *staging = stage_it(source, &settings);
        assert_ptr_equal(staging_find_table(staging, "people"), &tables[0]);
        assert_null(staging_find_table(staging, "rights"));
        assert_null(staging_find_table(staging, "others"));
        staging_close(staging);
        source_close(source);
    }
}

static void assert_refused(const char *schema, const char *words) {
    make_database(schema);
    for (size_t i = 0; i < WAY_COUNT; i++) {
        struct error error = {0};
        struct source *source = ways[i].open(path);
        assert_null(staging_open(source, &settings, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        if (strstr(error.message, words) == NULL) {
            fail_msg("%s", error.message);
        }
        source_close(source);
    }
    assert_int_equal(unlink(path), 0);
}

static void what_is_missing_is_named_with_what_is_there(void **state) {
    (void)state;
    assert_refused("CREATE TABLE Others(x)", "has no table people; it has: Others");
    assert_refused("CREATE TABLE People(ID, Name, Mail)",
                   "table people has no column note; it has: ID, Name, Mail");
    assert_refused("CREATE TABLE people(id, name, note); CREATE TABLE rights(name)",
                   "rights has no column person; it has: name");
}

static void a_database_in_utf_16_is_read_like_any_other(void **state) {
    (void)state;
    assert_staged("PRAGMA encoding = 'UTF-16le'; CREATE TABLE people(id, name, note);"
                  "INSERT INTO people VALUES ('7', '\xc3\xa4\xf0\x9f\x98\x80 ', '\xe2\x82\xac')",
                  &settings, "SELECT id + 1, name, note FROM people",
                  "8,\xc3\xa4\xf0\x9f\x98\x80,\xe2\x82\xac;");
}

static void a_migration_may_have_temporary_tables_of_its_own(void **state) {
    (void)state;
    make_database("CREATE TABLE people(id, name, note); INSERT INTO people VALUES (1, 'a', 'b')");
    for (size_t i = 0; i < WAY_COUNT; i++) {
        struct error error = {0};
        struct source *source = ways[i].open(path);
        struct staging *staging = stage_it(source, &settings);
        assert_int_equal(statement_execute(staging_database(staging),
                                           "CREATE TEMP TABLE mine AS SELECT * FROM people;"
                                           "CREATE INDEX temp.by_name ON mine(name);",
                                           &error),
                         0);
        assert_answer(staging, "SELECT id, name, note FROM mine WHERE name = 'a'", "1,a,b;");
        staging_close(staging);
        source_close(source);
    }
}

static void a_source_can_be_staged_again(void **state) {
    (void)state;
    make_database(shapes[1]);
    struct source *source = open_it(path);
    for (int i = 0; i < 3; i++) {
        struct staging *staging = stage_it(source, &settings);
        assert_answer(staging, "SELECT count(*) FROM people", "3;");
        finish_it(staging);
        staging_close(staging);
    }
    assert_rows(source, "SELECT name FROM sqlite_temp_schema", "");
    source_close(source);
}

/* What is left in the folder next to the source. */
static void assert_files(const char *expected) {
    struct text found = {0};
    DIR *entries = opendir(folder);
    for (struct dirent *entry = NULL; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] != '.' && strcmp(entry->d_name, "legacy.db") != 0) {
            text_append_format(&found, "%s;", entry->d_name);
        }
    }
    closedir(entries);
    assert_string_equal(text_string(&found), expected);
    text_free(&found);
}

static void a_copy_for_one_plan_has_no_name(void **state) {
    (void)state;
    make_database(shapes[0]);
    char beside[128];
    struct staging_settings how = settings;
    struct source *source = open_as_server(path);
    how.beside = strcpy(beside, path_of("work.rowpost"));
    struct staging *staging = stage_it(source, &how);
    assert_files("");
    assert_answer(staging, "SELECT count(*) FROM people", "3;");
    staging_close(staging);
    assert_files("");
    source_close(source);
}

static void assert_kept(struct source *source, const char *keep) {
    struct stat status;
    struct staging_settings how = settings;
    how.keep = keep;
    struct staging *staging = stage_it(source, &how);
    assert_files("kept.db.partial;");
    finish_it(staging);
    assert_files("kept.db;");
    assert_answer(staging, "SELECT id, name, note FROM people", "7,a,1.5;");
    staging_close(staging);
    source_close(source);
    assert_int_equal(stat(keep, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    source = open_it(keep);
    assert_rows(source, "SELECT id, name, note, mail, hex(extra) AS extra FROM people",
                "{\"id\":\"7 \",\"name\":\"a \",\"note\":\"1.5\",\"mail\":\"m\","
                "\"extra\":\"00\"}");
    assert_rows(source, "SELECT table_name, row_count, is_consistent FROM snapshot",
                "{\"table_name\":\"people\",\"row_count\":1,\"is_consistent\":1}");
    source_close(source);
}

static void a_copy_that_is_kept_is_a_snapshot_with_all_columns(void **state) {
    (void)state;
    char keep[128];
    make_database("CREATE TABLE people(EXTRA, id, name, note, mail);"
                  "INSERT INTO people VALUES (x'00', '7 ', 'a ', 1.5, 'm')");
    for (size_t i = 0; i < WAY_COUNT; i++) {
        strcpy(keep, path_of("kept.db"));
        assert_kept(ways[i].open(path_of("legacy.db")), keep);
        assert_int_equal(unlink(keep), 0);
    }
}

static void a_copy_that_is_not_finished_is_not_kept(void **state) {
    (void)state;
    char keep[128];
    struct staging_settings how = settings;
    make_database(shapes[0]);
    struct source *source = open_as_server(path);
    how.keep = strcpy(keep, path_of("kept.db"));
    staging_close(stage_it(source, &how));
    assert_files("");
    source_close(source);
}

/* A driver that cuts a text off at a NUL, as C's strings are. */
static struct value cut_value(const struct rows *rows, size_t column) {
    struct value value = sqlite_driver.value(rows, column);
    if (value.kind == VALUE_TEXT) {
        value.text.length = strnlen(value.text.data, value.text.length);
    }
    return value;
}

static void a_text_that_the_driver_cuts_off_is_an_error(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE people(id, name, note);"
                  "INSERT INTO people VALUES (1, 'whole', CAST(x'61006263' AS TEXT))");
    struct source *source = open_as_server(path);
    struct driver driver = *source->driver;
    driver.value = cut_value;
    source->driver = &driver;
    assert_null(staging_open(source, &settings, &error));
    assert_int_equal(error.code, ERROR_SOURCE);
    if (strstr(error.message, "people: the texts of the column note have 4 bytes in the database, "
                              "and 1 arrive") == NULL) {
        fail_msg("%s", error.message);
    }
    source_close(source);
}

static int fail_at_the_end(struct source *source, struct error *error) {
    sqlite_driver.end(source, NULL);
    return error_set(error, ERROR_SOURCE, "it was changed");
}

static void a_source_that_changed_meanwhile_is_no_staging_of_one_moment(void **state) {
    (void)state;
    char keep[128];
    make_database(shapes[0]);
    for (size_t i = 0; i < WAY_COUNT; i++) {
        struct error error = {0};
        struct staging_settings how = settings;
        bool is_one_moment = false;
        struct source *source = ways[i].open(path_of("legacy.db"));
        struct driver driver = *source->driver;
        driver.end = fail_at_the_end;
        source->driver = &driver;
        how.keep = strcpy(keep, path_of("kept.db"));
        struct staging *staging = stage_it(source, &how);
        assert_int_equal(staging_finish(staging, &is_one_moment, &error), -1);
        assert_false(is_one_moment);
        assert_string_equal(error.message, "it was changed");
        staging_close(staging);
        assert_files("");
        source_close(source);
    }
}

static void a_failure_of_the_source_is_explained_as_such(void **state) {
    (void)state;
    struct error error = {0};
    make_database("CREATE TABLE people(id, name, note); WITH r(i) AS (SELECT 1 UNION ALL"
                  " SELECT i + 1 FROM r WHERE i < 5000) INSERT INTO people"
                  " SELECT i, 'name', 'note' FROM r");
    struct source *source = open_it(path);
    struct staging *staging = stage_it(source, &settings);
    FILE *file = fopen(path, "r+b");
    assert_int_equal(fseek(file, 8 * 4096, SEEK_SET), 0);
    for (int i = 0; i < 4096 * 8; i++) {
        fputc(0x55, file);
    }
    assert_int_equal(fclose(file), 0);
    struct statement statement;
    sqlite3_db_release_memory(staging_database(staging));
    int rc = statement_prepare(&statement, staging_database(staging),
                               "SELECT sum(length(note)) FROM people", &error);
    assert_int_equal(rc, 0);
    assert_int_equal(statement_step(&statement, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_non_null(strstr(error.message, "legacy.db is damaged; use another copy"));
    statement_finalize(&statement);
    staging_close(staging);
    source_close(source);
}

static void step_to_row(const struct staging *staging, struct statement *statement) {
    struct error error = {0};
    struct text sql = {0};
    text_append_string(&sql, "SELECT \"row\", ");
    staged_row_append_columns(&tables[0], "p", &sql);
    text_append_string(&sql, " FROM people p");
    assert_int_equal(
        statement_prepare(statement, staging_database(staging), text_string(&sql), &error), 0);
    assert_int_equal(statement_step(statement, &error), 1);
    text_free(&sql);
}

static const struct words {
    const char *values;
    const char *label;
    const char *json;
} words[] = {
    {"7, 'a', 'b'", "7, a", "{\"ID\":7,\"NAME\":\"a\",\"NOTE\":\"b\"}"},
    {"NULL, NULL, NULL", "(null), (null)", "{\"ID\":null,\"NAME\":null,\"NOTE\":null}"},
    {"x'00ff', 1.5, ''", "x'00ff', 1.5",
     "{\"ID\":{\"hex\":\"00ff\"},\"NAME\":\"1.5\",\"NOTE\":\"\"}"},
    {"-9e999, char(10), 9e999", "-inf, \\x0a",
     "{\"ID\":\"-inf\",\"NAME\":\"\\n\",\"NOTE\":\"inf\"}"},
    {"1, CAST(x'61ff' AS TEXT), CAST(x'610062' AS TEXT)", "1, a\\xff",
     "{\"ID\":1,\"NAME\":\"a\xef\xbf\xbd\",\"NOTE\":\"a\\u0000b\"}"},
};

static void a_row_has_a_label_and_json_whatever_its_values_are(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct text found = {0};
        struct statement statement;
        text_append_format(&found,
                           "CREATE TABLE people(id, name, note); INSERT INTO people VALUES (%s)",
                           words[i].values);
        make_database(text_string(&found));
        struct source *source = open_it(path);
        struct staging *staging = stage_it(source, &settings);
        step_to_row(staging, &statement);
        text_clear(&found);
        staged_row_append_label(&tables[0], &statement, 1, &found);
        assert_string_equal(text_string(&found), words[i].label);
        text_clear(&found);
        staged_row_append_json(&tables[0], &statement, 1, &found);
        assert_string_equal(text_string(&found), words[i].json);
        statement_finalize(&statement);
        staging_close(staging);
        source_close(source);
        text_free(&found);
        assert_int_equal(unlink(path), 0);
    }
}

static void a_long_value_is_shortened_in_the_reason(void **state) {
    (void)state;
    struct text reason = {0};
    struct statement statement;
    make_database(
        "CREATE TABLE people(id, name, note);"
        "INSERT INTO people VALUES (1, 'a', printf('%.100000c', 'a') || CAST(x'ff' AS TEXT))");
    struct source *source = open_it(path);
    struct staging *staging = stage_it(source, &settings);
    step_to_row(staging, &statement);
    assert_false(staged_row_check(&tables[0], &statement, 1, &reason));
    assert_in_range(reason.length, 60, 200);
    assert_non_null(strstr(text_string(&reason), "...; expected text"));
    statement_finalize(&statement);
    staging_close(staging);
    source_close(source);
    text_free(&reason);
}

/* SQLite itself has no such columns, so they are named by a driver. */
static struct value twin_value(const struct rows *rows, size_t column) {
    struct value value = sqlite_driver.value(rows, column);
    bool is_second = value.kind == VALUE_TEXT && span_equal_string(value.text, "mail");
    return is_second ? (struct value){.kind = VALUE_TEXT, .text = span_of("NAME")} : value;
}

static void columns_that_differ_in_case_only_are_both_kept(void **state) {
    (void)state;
    struct error error = {0};
    struct text sql = {0};
    struct shape shape = {0};
    make_database("CREATE TABLE people(id, name, note, mail)");
    struct source *source = open_as_server(path);
    struct driver driver = *source->driver;
    driver.value = twin_value;
    source->driver = &driver;
    assert_int_equal(shape_make(&shape, source, "people", &tables[0], SHAPE_ALL_COLUMNS, &error),
                     0);
    shape_append_create(&shape, &sql);
    assert_string_equal(text_string(&sql),
                        "CREATE TABLE \"people\"(\"id\", \"name\", \"note\", \"name_2\")");
    text_free(&sql);
    shape_free(&shape);
    source_close(source);
}

/* The last of all: a program that was asked to stop does not forget it. */
static void the_user_may_stop_it(void **state) {
    (void)state;
    struct error error = {0};
    struct statement statement;
    make_database("CREATE TABLE people(id, name, note); WITH r(i) AS (SELECT 1 UNION ALL"
                  " SELECT i + 1 FROM r WHERE i < 20000) INSERT INTO people"
                  " SELECT i, 'name', 'note' FROM r");
    struct source *source = open_it(path);
    struct staging *staging = stage_it(source, &settings);
    interrupt_watch();
    assert_int_equal(raise(SIGINT), 0);
    assert_int_equal(statement_prepare(&statement, staging_database(staging),
                                       "SELECT name FROM people ORDER BY name", &error),
                     0);
    assert_int_equal(statement_step(&statement, &error), -1);
    assert_int_equal(error.code, ERROR_INTERRUPTED);
    statement_finalize(&statement);
    staging_close(staging);
    source_close(source);
    /* Counting in place, and copying. */
    for (size_t i = 0; i < WAY_COUNT; i++) {
        error = (struct error){0};
        source = ways[i].open(path);
        assert_null(staging_open(source, &settings, &error));
        assert_int_equal(error.code, ERROR_INTERRUPTED);
        source_close(source);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(texts_are_compared_by_bytes_whatever_the_source_collates_by,
                                  empty_folder),
        cmocka_unit_test_teardown(keys_are_compared_as_numbers_whatever_type_they_are_stored_in,
                                  empty_folder),
        cmocka_unit_test_teardown(blanks_at_the_end_are_no_content_unless_they_are_kept,
                                  empty_folder),
        cmocka_unit_test_teardown(rows_with_padding_are_counted, empty_folder),
        cmocka_unit_test_teardown(every_row_has_a_number_of_its_own_in_every_statement,
                                  empty_folder),
        cmocka_unit_test_teardown(the_sources_own_count_is_kept, empty_folder),
        cmocka_unit_test_teardown(an_optional_table_may_be_missing, empty_folder),
        cmocka_unit_test_teardown(what_is_missing_is_named_with_what_is_there, empty_folder),
        cmocka_unit_test_teardown(a_database_in_utf_16_is_read_like_any_other, empty_folder),
        cmocka_unit_test_teardown(a_migration_may_have_temporary_tables_of_its_own, empty_folder),
        cmocka_unit_test_teardown(a_source_can_be_staged_again, empty_folder),
        cmocka_unit_test_teardown(a_copy_for_one_plan_has_no_name, empty_folder),
        cmocka_unit_test_teardown(a_copy_that_is_kept_is_a_snapshot_with_all_columns, empty_folder),
        cmocka_unit_test_teardown(a_copy_that_is_not_finished_is_not_kept, empty_folder),
        cmocka_unit_test_teardown(a_text_that_the_driver_cuts_off_is_an_error, empty_folder),
        cmocka_unit_test_teardown(a_source_that_changed_meanwhile_is_no_staging_of_one_moment,
                                  empty_folder),
        cmocka_unit_test_teardown(a_failure_of_the_source_is_explained_as_such, empty_folder),
        cmocka_unit_test_teardown(a_row_has_a_label_and_json_whatever_its_values_are, empty_folder),
        cmocka_unit_test_teardown(a_long_value_is_shortened_in_the_reason, empty_folder),
        cmocka_unit_test_teardown(columns_that_differ_in_case_only_are_both_kept, empty_folder),
        cmocka_unit_test_teardown(the_user_may_stop_it, empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
