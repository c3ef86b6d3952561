/* A fault of a migration file is reported with its line, and what was expected. */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include "sqlfile_fixture.h"

struct change {
    const char *piece;
    const char *by;
    const char *message;
};

static void check(const struct change *changes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        char *text = desk_changed(changes[i].piece, changes[i].by);
        struct sqlfile *file = sqlfile_read("desk.sql", span_of(text), &error);
        if (file != NULL) {
            fail_msg("no error: %s", changes[i].message);
        }
        assert_int_equal(error.code, ERROR_INPUT);
        assert_string_equal(error.message, changes[i].message);
        free(text);
    }
}

#define CHECK_ALL(changes) check((changes), sizeof(changes) / sizeof *(changes))

static void a_file_that_is_in_order_is_a_migration(void **state) {
    (void)state;
    struct error error = {0};
    struct sqlfile *file = sqlfile_read("desk.sql", span_of(desk_file), &error);
    if (file == NULL) {
        fail_msg("%s", error.message);
    }
    const struct migration *migration = sqlfile_migration(file);
    assert_string_equal(migration->name, "desk");
    assert_int_equal(migration->kind_count, 2);
    assert_string_equal(migration->kinds[1].name, "tickets");
    assert_string_equal(migration->kinds[1].post_path, "/tickets");
    assert_int_equal(migration->table_count, 2);
    assert_string_equal(migration->tables[0].name, "people");
    assert_string_equal(migration->tables[0].source, "person");
    assert_string_equal(migration->options[0].name, "set.site");
    assert_int_equal(strlen(migration->file->sha256), 64);
    sqlfile_free(file);
}

static void an_annotation_that_is_none_is_an_error(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"--@ view", "-- @ view",
         "desk.sql, line 8: -- @ view address looks like an annotation; expected `--@ ` at the "
         "start of a line, or no @"},
        {"--@ view", "--@view", "desk.sql, line 8: --@view address: expected a blank after --@"},
        {"--@ view", "  --@ view",
         "desk.sql, line 8: --@ view address looks like an annotation; expected `--@ ` at the "
         "start of a line, or no @"},
        {"--@ check each", "--@ + each",
         "desk.sql, line 30: --@ + continues nothing; expected it after an annotation"},
        {" FROM person;\n", " FROM person\n",
         "desk.sql, line 5: an annotation is inside the SQL that begins in line 4; expected a "
         "semicolon at the end of the SQL"},
    };
    CHECK_ALL(changes);
}

static void an_unknown_word_lists_those_that_there_are(void **state) {
    (void)state;
    struct error error = {0};
    char *text = desk_changed("--@ view", "--@ veiw");
    assert_null(sqlfile_read("desk.sql", span_of(text), &error));
    assert_non_null(strstr(error.message, "desk.sql, line 8: --@ veiw is no annotation; expected "
                                          "one of: migration, target, option,"));
    free(text);
}

static void an_incomplete_annotation_says_its_form(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"--@ table people key id", "--@ table people",
         "desk.sql, line 3: --@ table people: expected --@ table NAME key COLUMN, ..."},
        {"login: nobody signs in with it", "login",
         "desk.sql, line 5: --@ unused people login: expected --@ unused TABLE COLUMN, ...: WHY"},
        {"--@ classify people as users", "--@ classify people users",
         "desk.sql, line 10: --@ classify people users: expected --@ classify TABLE as NAME"},
        {"users from users", "users of users",
         "desk.sql, line 13: --@ kind users of users: expected --@ kind NAME from ROWS, ... (or "
         "also ROWS, ...)"},
        {"POST /users", "/users",
         "desk.sql, line 14: --@ create /users: expected --@ create METHOD /PATH"},
        {"--@ success :status = 201\n--@ find GET /users", "--@ success\n--@ find GET /users",
         "desk.sql, line 15: --@ success : expected --@ success EXPRESSION"},
        {"--@ option site Geneva: where the desk is", "--@ option site Geneva",
         "desk.sql, line 2: --@ option site Geneva: expected --@ option NAME DEFAULT: TEXT"},
        {"--@ option site Geneva: where the desk is", "--@ auth magic",
         "desk.sql, line 2: --@ auth magic: expected --@ auth bearer, basic, cookies, token or "
         "`header NAME`"},
    };
    CHECK_ALL(changes);
}

static void what_is_missing_is_named(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"--@ migration desk\n", "\n",
         "desk.sql, line 1: the file has no --@ migration NAME; expected it at its start"},
        {"--@ success :status = 201\n--@ find GET /users", "--@ find GET /users",
         "desk.sql, line 13: --@ kind users has no --@ success; expected one after it"},
        {"--@ match :answer ->> '$.id'\nSELECT row AS key, 1", "SELECT row AS key, 1",
         "desk.sql, line 13: --@ kind users has no --@ match; expected one after it"},
        {"--@ find GET /users?mail={mail}\n", "",
         "desk.sql, line 13: --@ kind users has no --@ find; expected one after it"},
        {"SELECT id, lower(mail) AS mail FROM people;\n", "",
         "desk.sql, line 8: --@ view: no SQL follows it; expected a SELECT or VALUES that ends "
         "in a semicolon"},
        {"--@ view address\n", "",
         "desk.sql, line 8: this SQL belongs to no annotation; expected --@ table, lookup, view, "
         "classify, kind or check before it"},
        {"person IS NULL;\n", "person IS NULL",
         "desk.sql, line 31: the SQL that begins here has no end; expected a semicolon"},
        {"person IS NULL;\n", "person = 'x;\n",
         "desk.sql, line 31: a text, a name or a comment in the SQL that begins here has no end; "
         "expected its closing quote"},
        {"--@ classify tickets as used_tickets\n", "--@ view used_tickets\n",
         "desk.sql, line 23: kind tickets: there is no used_tickets before it; expected rows that "
         "a classify names"},
    };
    CHECK_ALL(changes);
}

static void what_is_in_the_wrong_place_is_named(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"--@ view address\n", "--@ match 1\n",
         "desk.sql, line 8: --@ match belongs to a --@ kind; expected it between that and its "
         "SQL"},
        {"--@ classify tickets as", "--@ noun user\n--@ classify tickets as",
         "desk.sql, line 19: --@ noun is after the SQL of its --@ kind; expected it before"},
        {"--@ success :status = 201\n--@ find GET /users",
         "--@ success 1\n--@ success 2\n--@ find GET /users",
         "desk.sql, line 16: --@ success is there a second time; expected it once"},
        {"--@ view address", "--@ migration other\n--@ view address",
         "desk.sql, line 8: --@ migration is there a second time; expected it once"},
        {"--@ view address", "--@ view People",
         "desk.sql, line 8: view People: line 3 has a table of that name; expected another name"},
        {"--@ unused people", "--@ unused persons",
         "desk.sql, line 5: unused persons: there is no persons before it; expected a table"},
        {"--@ classify tickets as", "--@ classify people as",
         "desk.sql, line 19: classify people: line 10 classifies the table already; expected each "
         "row to be judged once"},
    };
    CHECK_ALL(changes);
}

static void a_table_is_columns_of_all_rows_of_one_table(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"SELECT id, mail FROM person;", "SELECT id, lower(mail) FROM person;",
         "desk.sql, line 4: table people: found (; expected a column's name; an expression belongs "
         "into a view"},
        {"SELECT id, mail FROM person;", "SELECT id,\n mail FROM person WHERE id > 1;",
         "desk.sql, line 5: table people: found WHERE; expected the end: a table gives columns of "
         "all its rows; an expression or a join belongs into a view, and rows are left out by the "
         "classify"},
        {"SELECT id, mail FROM person;", "SELECT id, mail FROM person, ticket;",
         "desk.sql, line 4: table people: found ,; expected the end: a table gives columns of all "
         "its rows; an expression or a join belongs into a view, and rows are left out by the "
         "classify"},
        {"SELECT id, mail FROM person;", "SELECT * FROM person;",
         "desk.sql, line 4: table people: found *; expected a column's name; an expression belongs "
         "into a view"},
        {"SELECT id, mail FROM person;", "SELECT id, mail AS ID FROM person;",
         "desk.sql, line 4: table people: found FROM; expected another name: two columns have this "
         "one"},
        {"SELECT id, mail FROM person;", "SELECT mail FROM person;",
         "desk.sql, line 3: table people: id is no key; expected one to 4 columns of its SELECT"},
        {"SELECT id, mail FROM person;", "VALUES (1);",
         "desk.sql, line 4: table people: found VALUES; expected SELECT columns FROM one table"},
    };
    CHECK_ALL(changes);
}

static void a_table_without_rules_is_an_error(void **state) {
    (void)state;
    struct error error = {0};
    const char text[] = "--@ migration m\n--@ table a key id\nSELECT id FROM t;\n";
    assert_null(sqlfile_read("m.sql", span_of(text), &error));
    assert_string_equal(error.message,
                        "m.sql, line 2: table a has no classify; expected --@ classify a as NAME, "
                        "which defines the outcome of each row");
}

static void an_argument_is_continued_on_the_next_line(void **state) {
    (void)state;
    struct error error = {0};
    char *text = desk_changed("--@ create POST /users", "--@ create\n--@ + POST\n--@ + /users");
    struct sqlfile *file = sqlfile_read("desk.sql", span_of(text), &error);
    assert_non_null(file);
    assert_string_equal(sqlfile_migration(file)->kinds[0].post_path, "/users");
    sqlfile_free(file);
    free(text);
}

static void comments_texts_and_names_are_no_annotations(void **state) {
    (void)state;
    struct error error = {0};
    char *text = desk_changed("WHERE person IS NULL",
                              "WHERE person IS NULL /* --@ view ; */ AND '\n--@ kind ;' <> \";\"");
    struct sqlfile *file = sqlfile_read("desk.sql", span_of(text), &error);
    assert_non_null(file);
    sqlfile_free(file);
    free(text);
}

static void a_text_that_is_not_utf8_is_refused(void **state) {
    (void)state;
    struct error error = {0};
    assert_null(sqlfile_read("m.sql", span_of("--@ migration \xff"), &error));
    assert_string_equal(error.message, "m.sql: expected text in UTF-8 without NUL");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_is_in_order_is_a_migration),
        cmocka_unit_test(an_annotation_that_is_none_is_an_error),
        cmocka_unit_test(an_unknown_word_lists_those_that_there_are),
        cmocka_unit_test(an_incomplete_annotation_says_its_form),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(what_is_in_the_wrong_place_is_named),
        cmocka_unit_test(a_table_is_columns_of_all_rows_of_one_table),
        cmocka_unit_test(a_table_without_rules_is_an_error),
        cmocka_unit_test(an_argument_is_continued_on_the_next_line),
        cmocka_unit_test(comments_texts_and_names_are_no_annotations),
        cmocka_unit_test(a_text_that_is_not_utf8_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
