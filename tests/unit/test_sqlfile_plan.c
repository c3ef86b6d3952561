/* A plan of a migration file: what it puts, and what it proves before it is one. */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include "sqlfile_fixture.h"

struct change {
    const char *piece;
    const char *by;
    const char *message;
};

static void check(const struct change *changes, size_t count) {
    make_database(desk_source);
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        struct text put = {0};
        char *text = desk_changed(changes[i].piece, changes[i].by);
        if (desk_plan(text, NULL, 0, &put, &error) == 0) {
            fail_msg("no error: %s", changes[i].message);
        }
        assert_string_equal(error.message, changes[i].message);
        assert_int_equal(error.code, ERROR_INPUT);
        text_free(&put);
        free(text);
    }
}

#define CHECK_ALL(changes) check((changes), sizeof(changes) / sizeof *(changes))

static void expect_plan(const char *text, const struct migration_value *values, size_t count,
                        const char *expected) {
    struct error error = {0};
    struct text put = {0};
    if (desk_plan(text, values, count, &put, &error) != 0) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(text_string(&put), expected);
    text_free(&put);
}

static const char desk_entries[] =
    "  0 2 no address\n"
    "0 1 {\"mail\":\"ann@x.example\",\"site\":\"Geneva\"}\n"
    "  values {\"mail\":\"ann@x.example\"}\n"
    "  0 1 used\n"
    "0 3 {\"mail\":\"cy@x.example\",\"site\":\"Geneva\"}\n"
    "  values {\"mail\":\"cy@x.example\"}\n"
    "  0 3 used\n"
    "  1 12 no-title\n"
    "1 10 {\"title\":\"It broke\",\"person\":{\"$new\":[\"users\",\"1\"]},\"before\":null}\n"
    "  1 10 used\n"
    "1 11 {\"title\":\"\",\"person\":{\"$new\":[\"users\",\"3\"]},"
    "\"before\":{\"$new\":[\"tickets\",\"10\"]}}\n"
    "  1 11 used\n";

static void rows_become_documents_and_outcomes(void **state) {
    (void)state;
    make_database(desk_source);
    expect_plan(desk_file, NULL, 0, desk_entries);
}

static void the_rows_of_a_server_give_the_same_plan(void **state) {
    (void)state;
    make_database(desk_source);
    desk_open = open_as_server;
    expect_plan(desk_file, NULL, 0, desk_entries);
    desk_open = open_it;
}

static void an_option_has_the_value_that_was_set(void **state) {
    (void)state;
    static const struct migration_value value = {.name = "set.site", .value = "It's"};
    make_database(desk_source);
    char *text = desk_changed("FROM users;\n", "FROM users LIMIT 1;\n");
    struct error error = {0};
    struct text put = {0};
    assert_int_equal(desk_plan(text, &value, 1, &put, &error), -1);
    assert_non_null(strstr(text_string(&put), "\"site\":\"It's\""));
    text_free(&put);
    free(text);
}

static void the_day_that_counts_as_today_is_a_parameter(void **state) {
    (void)state;
    make_database(desk_source);
    char *text = desk_changed("'site', :site", "'site', date(:as_of, '+1 day')");
    struct error error = {0};
    struct text put = {0};
    assert_int_equal(desk_plan(text, NULL, 0, &put, &error), 0);
    assert_non_null(strstr(text_string(&put), "\"site\":\"2011-01-27\""));
    text_free(&put);
    free(text);
}

static void corrections_are_counted_for_used_rows(void **state) {
    (void)state;
    make_database(desk_source);
    char *text =
        desk_changed("mail <> lower(mail) AS \"fix address-lower\"", "id > 0 AS \"fix seen\"");
    struct error error = {0};
    struct text put = {0};
    assert_int_equal(desk_plan(text, NULL, 0, &put, &error), 0);
    assert_non_null(strstr(text_string(&put), "fix 0 seen 2\n"));
    text_free(&put);
    free(text);
}

static void a_value_that_is_no_text_rejects_its_row(void **state) {
    (void)state;
    make_database("CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT, login TEXT);"
                  "CREATE TABLE ticket(id INTEGER PRIMARY KEY, person INTEGER, title TEXT, before "
                  "INTEGER);"
                  "INSERT INTO person VALUES(1, CAST(x'41ff' AS TEXT), 'a');");
    expect_plan(desk_file, NULL, 0,
                "  0 1 MAIL is A\\xff; expected a finite number, bytes, or text in UTF-8 "
                "without NUL\n");
}

static void rows_are_judged_exactly_once(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"FROM address NATURAL JOIN (SELECT id FROM people);",
         "FROM address WHERE mail IS NOT NULL;",
         "desk.sql, line 11: classify people: row 2 is not among the rows that it returns; "
         "expected "
         "every row of the table (a LEFT JOIN keeps rows without a partner)"},
        {"FROM address NATURAL JOIN (SELECT id FROM people);", "FROM address, (VALUES (1), (2));",
         "desk.sql, line 11: classify people: row 1 comes more than once; expected each row of the "
         "table once (a join that finds several partners, or a key that several rows have)"},
        {"SELECT id AS row, iif", "SELECT id + 40 AS row, iif",
         "desk.sql, line 11: classify people: row 41 is no row of the table; expected the value of "
         "its id"},
        {"SELECT id AS row, iif", "SELECT id, iif",
         "desk.sql, line 11: classify people: its SELECT has no column row; expected the key of "
         "the "
         "row that is judged"},
    };
    CHECK_ALL(changes);
}

static void a_row_is_in_one_document(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"AS body FROM used_tickets;", "AS body FROM used_tickets WHERE row = 10;",
         "desk.sql, line 19: classify tickets: row 11 is used in the document 11, which no kind "
         "makes; "
         "expected a kind from used_tickets with that key (of the same type: 17 is not '17')"},
        {"SELECT row AS key, 1 AS rows", "SELECT 1 AS key, 1 AS rows",
         "desk.sql, line 18: kind users: document 1 is there twice; expected each key once in a "
         "kind"},
        {"1 AS rows", "2 AS rows",
         "desk.sql, line 18: kind users: document 1 states 2 rows, and 1 used rows have it as "
         "their "
         "document; expected all of them in its body"},
        {"SELECT row AS key, 1 AS rows", "SELECT row + 70 AS key",
         "desk.sql, line 18: kind users: document 71 is made of no row; expected used rows whose "
         "document it is (of the same type: 17 is not '17'), or a kind with `also`"},
    };
    CHECK_ALL(changes);
}

static void two_documents_do_not_share_a_row(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"--@ check each",
         "--@ kind again from users\n--@ create POST /again\n"
         "--@ success 1\n--@ find GET /again\n--@ match 1\n"
         "SELECT row AS key, '{}' AS body FROM users;\n--@ check each",
         "desk.sql, line 35: kind again: document 1 has row 1 of people, which another document "
         "has, too; expected each row in one document"},
    };
    CHECK_ALL(changes);
}

static void every_column_of_the_source_is_read_or_named(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"--@ unused people login: nobody signs in with it\n", "",
         "desk.sql, line 3: table people: nothing reads the column login of the source's person; "
         "expected it to be read, or --@ unused people login: WHY"},
        {"login: nobody", "login, mail: nobody",
         "desk.sql, line 5: unused people: the column mail is read; expected it in one of the two"},
        {"login: nobody", "login, phone: nobody",
         "desk.sql, line 5: unused people: the source's person has no column phone; expected one "
         "of "
         "its columns"},
        {"trim(t.title) AS title, t.before", "trim(t.title) AS title, NULL AS before",
         "desk.sql, line 6: table tickets: nothing reads the column before of the source's ticket; "
         "expected it to be read, or --@ unused tickets before: WHY"},
    };
    CHECK_ALL(changes);
}

static void a_parent_comes_first(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"u.row AS person", "t.id - 8 AS person",
         "desk.sql, line 28: kind tickets: document 10 refers to users 2, which is not migrated, "
         "whose row is rejected: no address; expected it to be rejected or skipped, too"},
        {"'site', :site) AS body FROM users;", "'site', :site) AS body FROM users WHERE row > 1;",
         "desk.sql, line 28: kind tickets: document 10 refers to users 1, which is not migrated, "
         "though its row is used; expected a kind that makes it"},
        {"AS body FROM used_tickets;", "AS body FROM used_tickets WHERE row > 10;",
         "desk.sql, line 28: kind tickets: document 11 refers to tickets 10, which is not "
         "migrated, though its row is used; expected a kind that makes it"},
        {"new_id('users', person)", "new_id('nobody', person)",
         "desk.sql, line 28: kind tickets: document 10 refers to nobody 1; expected the name of a "
         "kind or of an existing"},
        {"'site', :site)", "'site', new_id('tickets', 10))",
         "desk.sql, line 18: kind users: document 1 refers to tickets 10, which is delivered "
         "later; "
         "expected the kind tickets before the kind users"},
        {"new_id('tickets', before)", "new_id('tickets', 21 - row)",
         "desk.sql, line 28: kind tickets: no document of this cycle can be sent first: 10 refers "
         "to "
         "11, 11 refers to 10; expected no cycle (a second kind can set the reference when all are "
         "there)"},
        {"new_id('tickets', before)", "new_id('tickets', row)",
         "desk.sql, line 28: kind tickets: no document of this cycle can be sent first: 10 refers "
         "to "
         "10; expected no cycle (a second kind can set the reference when all are there)"},
    };
    CHECK_ALL(changes);
}

/* Tickets of the numbers from 1 on; `columns` are added to those of their SELECT. 0, or -1 with the
 * error. */
static int plan_tickets(int count, const char *columns, struct error *error) {
    struct text source = {0};
    struct text by = {0};
    struct text put = {0};
    text_append_format(&source,
                       "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT, login TEXT);"
                       "CREATE TABLE ticket(id INTEGER PRIMARY KEY, person INTEGER, title TEXT,"
                       " before INTEGER); INSERT INTO person VALUES(1, 'a@x.example', 'a');"
                       "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                       "%d) INSERT INTO ticket SELECT i, 1, 'It broke', NULL FROM n;",
                       count);
    make_database(text_string(&source));
    text_append_format(&by, "SELECT row AS key, %s, json_object('title'", columns);
    char *text = desk_changed("SELECT row AS key, json_object('title'", text_string(&by));
    int rc = desk_plan(text, NULL, 0, &put, error);
    free(text);
    text_free(&put);
    text_free(&by);
    text_free(&source);
    return rc;
}

static void expect_cycle(int count, const char *columns, const char *steps) {
    struct error error = {0};
    assert_int_equal(plan_tickets(count, columns, &error), -1);
    assert_int_equal(error.code, ERROR_INPUT);
    const char *cycle = strstr(error.message, "no document of this cycle can be sent first: ");
    if (cycle == NULL) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(strchr(cycle, ':') + 2, steps);
}

#define OTHER_ORDER                                                                                \
    "; expected a document after those to which it refers (ORDER BY of the SELECT), or under "     \
    "another ordering key"

static void a_child_is_not_before_its_parent_under_one_ordering_key(void **state) {
    (void)state;
    expect_cycle(2,
                 "'a' AS ordering_key, json_object('parent', iif(row = 1, new_id('tickets', 2), "
                 "NULL)) AS expect",
                 "1 refers to 2, 2 comes after 1 under the ordering key a" OTHER_ORDER);
}

static void a_cycle_may_be_of_references_and_of_several_ordering_keys(void **state) {
    (void)state;
    expect_cycle(6,
                 "iif(row < 4, 'a', 'b') AS ordering_key, json_object('parent', CASE row WHEN 1 "
                 "THEN new_id('tickets', 6) WHEN 4 THEN new_id('tickets', 3) END) AS expect",
                 "1 refers to 6, 6 comes after 4 under the ordering key b, 4 refers to 3, 3 comes "
                 "after 1 under the ordering key a" OTHER_ORDER);
}

static void a_long_cycle_is_named_in_part(void **state) {
    (void)state;
    expect_cycle(20000, "json_object('parent', new_id('tickets', row % 20000 + 1)) AS expect",
                 "1 refers to 2, 2 refers to 3, 3 refers to 4, 4 refers to 5, 5 refers to 6, 6 "
                 "refers to 7, 7 refers to 8, 8 refers to 9, 9 refers to 10, 10 refers to 11, and "
                 "19990 steps more; expected no cycle (a second kind can set the reference when "
                 "all are there)");
}

static void a_reference_to_a_later_document_is_no_cycle(void **state) {
    (void)state;
    struct error error = {0};
    if (plan_tickets(100,
                     "row % 2 AS ordering_key, json_object('parent', iif(row % 4 = 1, "
                     "new_id('tickets', row + 3), NULL)) AS expect",
                     &error) != 0) {
        fail_msg("%s", error.message);
    }
}

static void records_that_the_target_has_may_be_referred_to(void **state) {
    (void)state;
    make_database(desk_source);
    char *text = desk_changed("new_id('users', person)", "new_id('sites', 'x')");
    struct text whole = {0};
    struct text put = {0};
    struct error error = {0};
    text_append_format(&whole, "%s--@ existing sites\n--@ get GET /sites\nSELECT 1, 2;\n", text);
    assert_int_equal(desk_plan(text_string(&whole), NULL, 0, &put, &error), 0);
    assert_non_null(strstr(text_string(&put), "{\"$new\":[\"sites\",\"x\"]}"));
    text_free(&put);
    text_free(&whole);
    free(text);
}

static void a_body_is_json(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"json_object('mail', mail, 'site', :site) AS body", "mail AS body",
         "desk.sql, line 18: kind users: document 1 has a body that is not JSON: invalid token "
         "near "
         "'ann', at character 3; expected json_object() or the like"},
        {"json_object('mail', mail, 'site', :site) AS body", "NULL AS body",
         "desk.sql, line 18: kind users: document 1 has no body; expected JSON, and no null"},
        {"json_object('mail', mail, 'site', :site) AS body", "1 AS corpus",
         "desk.sql, line 18: kind users: expected the columns key and body from its SELECT"},
        {"SELECT row AS key, 1", "SELECT NULL AS key, 1",
         "desk.sql, line 18: kind users: a document has no key; expected no null in the column "
         "key"},
    };
    CHECK_ALL(changes);
}

/* The first document of the tickets, whose SELECT has more columns and whose kind uses them. */
static void expect_ticket(const char *columns, const char *parts, const char *entry) {
    struct error error = {0};
    struct text put = {0};
    struct text by = {0};
    struct text find = {0};
    text_append_format(&find, "--@ find GET /tickets/{key}\n%s", parts);
    char *text = desk_changed("--@ find GET /tickets/{key}\n", text_string(&find));
    const char *place = strstr(text, "SELECT row AS key, json_object('title'");
    assert_non_null(place);
    text_append(&by, (struct span){text, (size_t)(place - text)});
    text_append_format(&by, "SELECT %s, %s", columns, place + strlen("SELECT "));
    if (desk_plan(text_string(&by), NULL, 0, &put, &error) != 0) {
        text_append_string(&put, error.message);
    }
    if (strstr(text_string(&put), entry) == NULL) {
        fail_msg("%s\nhas not %s", text_string(&put), entry);
    }
    text_free(&put);
    text_free(&by);
    text_free(&find);
    free(text);
}

static void values_that_are_used_are_kept_with_their_types(void **state) {
    (void)state;
    make_database(desk_source);
    expect_ticket("row + 1 AS number, 1.5 AS real, 'It''s' AS word, NULL AS none,"
                  " new_id('users', person) AS person",
                  "--@ read GET /{person}?{number}\n--@ header X-W: {word}\n"
                  "--@ conflict :real = 1.5 AND :none IS NULL\n",
                  "  values {\"real\":1.5,\"none\":null,\"person\":{\"$new\":[\"users\",\"1\"]},"
                  "\"number\":11,\"word\":\"It's\"}\n");
}

static void a_document_has_an_order_and_what_else_is_expected(void **state) {
    (void)state;
    make_database(desk_source);
    expect_ticket("printf('p-%d', person) AS ordering_key,"
                  " json_object('author', new_id('users', person)) AS expect",
                  "",
                  "  expect {\"author\":{\"$new\":[\"users\",\"1\"]}}\n"
                  "  in the order of p-1\n");
}

static void values_have_to_fit_their_use(void **state) {
    (void)state;
    make_database(desk_source);
#define KIND ": kind tickets: "
    expect_ticket("1 AS odd", "",
                  KIND "nothing uses the column odd; expected it in a path or a "
                       "header as {odd}, in a condition as :odd, or not at all");
    expect_ticket("1 AS status", "--@ conflict :status = 409\n",
                  KIND
                  "a column is called status, which has a meaning of its own in conditions and "
                  "requests; expected another name");
    expect_ticket(
        "1 AS one", "--@ conflict :two\n",
        "desk.sql, line 27: conflict: the kind tickets has no value two; its SELECT gives "
        "one, key, body");
    expect_ticket("x'00' AS one", "--@ conflict :one\n",
                  KIND "document 10 has bytes as its value one; expected a text or a number");
    expect_ticket("random_secret() AS one", "--@ conflict :one\n",
                  KIND "document 10 has a secret as its value one; expected it in the body");
    expect_ticket("'a' || char(10) AS one", "--@ header X-One: {one}\n",
                  KIND "document 10 has a line feed or the like in its value one, which is in the "
                       "header X-One; expected one line");
    expect_ticket("json_array() AS expect", "",
                  KIND
                  "document 10 has an expect that is no object; expected json_object() or null");
    expect_ticket("'no' AS expect", "", KIND "document 10 has an expect that is not JSON: ");
    expect_ticket("json_object('a', new_id('nobody', 3)) AS expect", "",
                  KIND "document 10 refers to nobody 3; expected the name of a kind or of an "
                       "existing");
    expect_ticket("new_id('nobody', 3) AS one", "--@ conflict :one\n",
                  KIND "document 10 refers to nobody 3; expected the name of a kind or of an "
                       "existing");
}

static void a_value_of_a_path_is_there(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"1 AS rows, mail, json", "1 AS rows, NULL AS mail, json",
         "desk.sql, line 18: kind users: document 1 has no value mail, which --@ find needs; "
         "expected no null"},
    };
    CHECK_ALL(changes);
}

static void json_as_text_in_a_body_is_a_warning(void **state) {
    (void)state;
    make_database(desk_source);
    char *text = desk_changed("'site', :site)", "'site', '[1,2]')");
    struct error error = {0};
    struct text put = {0};
    assert_int_equal(desk_plan(text, NULL, 0, &put, &error), 0);
    assert_non_null(strstr(text_string(&put),
                           "1: 1 objects or arrays are in the body as text, the first in \"site\"; "
                           "json(x) makes them part of it\n"));
    text_free(&put);
    free(text);
}

/* Staged columns of the desk have declared types; a lookup's value has none. */
static void a_join_of_texts_with_numbers_that_finds_nothing_is_a_warning(void **state) {
    (void)state;
    make_database(desk_source);
    char *text =
        desk_changed("--@ view address",
                     "--@ lookup rank\nSELECT column1 AS old FROM (VALUES ('1'), ('3'));\n"
                     "--@ lookup place\nSELECT column1 AS old FROM (VALUES (1), (3));\n"
                     "--@ view both\nSELECT r.old FROM rank r JOIN place AS p ON r.old = p.old;\n"
                     "--@ view same\nSELECT p.old FROM place p JOIN people u ON u.id = p.old;\n"
                     "--@ view address");
    struct error error = {0};
    struct text put = {0};
    assert_int_equal(desk_plan(text, NULL, 0, &put, &error), 0);
    assert_non_null(strstr(text_string(&put),
                           "both: line 13: rank.old = place.old finds nothing: one is text, the "
                           "other integer; CAST makes them the same\n"));
    assert_null(strstr(text_string(&put), "same: "));
    text_free(&put);
    free(text);
}

static void a_check_that_finds_a_row_stops_the_plan(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"WHERE person IS NULL;", "WHERE person = 3;",
         "desk.sql, line 30: the check \"each ticket has a person\" does not hold: it finds row = "
         "11; expected no row"},
    };
    CHECK_ALL(changes);
}

static void json_is_read_as_a_table(void **state) {
    (void)state;
    make_database(desk_source);
    char *text = desk_changed("'site', :site",
                              "'site', (SELECT group_concat(value) FROM json_each('[1,2]'))");
    struct error error = {0};
    struct text put = {0};
    assert_int_equal(desk_plan(text, NULL, 0, &put, &error), 0);
    assert_non_null(strstr(text_string(&put), "\"site\":\"1,2\""));
    text_free(&put);
    free(text);
}

/* The plan of the people only, of whom some are left at the source. */
static void expect_left(const char *only, const char *unused, const char *entries) {
    struct text text = {0};
    text_append_format(&text,
                       "--@ migration desk\n--@ table people key id\n--@ only %s\n"
                       "SELECT id, mail FROM person;\n%s"
                       "--@ classify people as users\nSELECT id AS row, mail FROM people;\n"
                       "--@ kind users from users\n--@ create POST /u\n--@ success 1\n"
                       "--@ find GET /u\n--@ match 1\n"
                       "SELECT row AS key, json_object('mail', mail) AS body FROM users;\n",
                       only, unused);
    expect_plan(text_string(&text), NULL, 0, entries);
    text_free(&text);
}

static void rows_are_left_at_the_source_and_counted(void **state) {
    (void)state;
    static const char left[] = "1 rows, 2 left: they are too old\n"
                               "0 3 {\"mail\":\"cy@x.example\"}\n"
                               "  0 3 used\n";
    make_database(desk_source);
    expect_left("id > (SELECT min(id) + 1 FROM person): they are too old",
                "--@ unused people login: nobody signs in with it\n", left);
    desk_open = open_as_server;
    expect_left("id > 2: they are too old", "--@ unused people login: nobody signs in with it\n",
                left);
    desk_open = open_it;
}

static void a_column_of_the_condition_is_read(void **state) {
    (void)state;
    make_database(desk_source);
    expect_left("LOGIN = 'c': why", "",
                "1 rows, 2 left: why\n0 3 {\"mail\":\"cy@x.example\"}\n  0 3 used\n");
}

static void rows_of_a_view_are_left_too(void **state) {
    (void)state;
    make_database("CREATE TABLE t(id INTEGER PRIMARY KEY, mail TEXT, login TEXT);"
                  "CREATE VIEW person AS SELECT * FROM t;"
                  "INSERT INTO t VALUES(1, 'a', 'x'), (2, 'b', 'y'), (3, 'c', 'x');");
    expect_left("login = 'y': why", "", "1 rows, 2 left: why\n0 2 {\"mail\":\"b\"}\n  0 2 used\n");
}

static void what_is_left_is_one_condition(void **state) {
    (void)state;
    static const char message[] =
        ": expected one expression in the source's SQL, without a comment, a parameter or a "
        "semicolon";
    static const char *const conditions[] = {"1) OR (1", "1; DROP TABLE t", "(1", "id = :id",
                                             "1 /* all */"};
    make_database(desk_source);
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        struct error error = {0};
        struct text by = {0};
        struct text put = {0};
        text_append_format(&by, "--@ table people key id\n--@ only %s: why\n", conditions[i]);
        char *text = desk_changed("--@ table people key id\n", text_string(&by));
        assert_int_equal(desk_plan(text, NULL, 0, &put, &error), -1);
        assert_non_null(strstr(error.message, message));
        assert_non_null(strstr(error.message, "desk.sql, line 4: only "));
        text_free(&by);
        text_free(&put);
        free(text);
    }
}

static void the_sql_reads_and_computes_only(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"SELECT id, lower(mail) AS mail FROM people;", "DELETE FROM person;",
         "desk.sql, line 9: view address: the SQL of a migration reads and computes; expected "
         "SELECT or VALUES"},
        {"SELECT row FROM used_tickets WHERE", "ATTACH '/tmp/x' AS x; --",
         "desk.sql, line 31: check each ticket has a person: the SQL of a migration reads and "
         "computes; expected SELECT or VALUES"},
        {"SELECT row FROM used_tickets WHERE", "PRAGMA table_list; --",
         "desk.sql, line 31: check each ticket has a person: the SQL of a migration reads and "
         "computes; expected SELECT or VALUES"},
        {"FROM people;\n--@ classify", "FROM person;\n--@ classify",
         "desk.sql, line 9: view address: person is not a table of this file; expected one that a "
         "--@ table stages, a lookup, a view or used rows"},
        {"lower(mail) AS mail", "random() AS mail",
         "desk.sql, line 9: view address: random is not repeatable; expected the same result in "
         "every run"},
        {"lower(mail) AS mail", "CURRENT_TIMESTAMP || mail AS mail",
         "desk.sql, line 9: view address: current_timestamp is not repeatable; expected the same "
         "result in every run"},
        {"lower(mail) AS mail", "load_extension(mail) AS mail",
         "desk.sql, line 9: view address: load_extension() is not for migrations"},
        {"trim(t.title) AS title", "date('now') AS title",
         "desk.sql, line 20: classify used_tickets: a date of now, or of the machine's time zone, "
         "is not repeatable; expected :as_of, or to_utc()"},
        {"'site', :site", "'site', :side",
         "desk.sql, line 18: :side is no option; expected :as_of or one of --@ option"},
        {"SELECT id, lower(mail) AS mail FROM people;",
         "SELECT id,\n lower(mail) AS mail\n FROM "
         "peopel;",
         "desk.sql, line 9: view address: no such table: peopel"},
        {"u.row AS person", "u.wor AS person",
         "desk.sql, line 21: classify used_tickets: no such column: u.wor"},
    };
    CHECK_ALL(changes);
}

static void a_value_does_not_grow_without_end(void **state) {
    (void)state;
    static const struct change changes[] = {
        {"SELECT row FROM used_tickets WHERE person IS NULL;",
         "WITH RECURSIVE n(x) AS (VALUES ('x') UNION ALL SELECT x || x FROM n) SELECT 1 FROM n "
         "WHERE length(x) < 0;",
         "desk.sql, line 31: check each ticket has a person: string or blob too big"},
    };
    CHECK_ALL(changes);
}

/* Two rows of one key: the row's own number names them. */
static void rows_without_a_key_are_named_by_their_number(void **state) {
    (void)state;
    make_database("CREATE TABLE filed(post, category); INSERT INTO filed VALUES(1, 1), (1, 1);");
    expect_plan("--@ migration m\n--@ table filed key post, category\n"
                "SELECT post, category FROM filed;\n"
                "--@ classify filed as f\nSELECT row, post AS document, category FROM filed;\n"
                "--@ kind k from f\n--@ create POST /k\n--@ success 1\n--@ find GET /k\n"
                "--@ match 1\nSELECT document AS key, count(*) AS rows,\n"
                "json_group_array(category) AS body FROM f GROUP BY document;\n",
                NULL, 0, "0 1 [1,1]\n  0 1, 1 used\n  0 1, 1 used\n");
}

/* A kind with `also` settles no rows. */
static void derived_documents_use_no_row(void **state) {
    (void)state;
    make_database(desk_source);
    char *text = desk_changed("--@ check each", "--@ kind welcome also users\n"
                                                "--@ create POST /welcome\n--@ success 1\n"
                                                "--@ find GET /welcome\n--@ match 1\n"
                                                "SELECT row AS key, new_id('users', row) AS body "
                                                "FROM users WHERE row = 1;\n--@ check each");
    struct text expected = {0};
    text_append_format(&expected, "%s2 1 {\"$new\":[\"users\",\"1\"]}\n", desk_entries);
    expect_plan(text, NULL, 0, text_string(&expected));
    text_free(&expected);
    free(text);
}

static void a_list_is_of_a_path_or_of_an_option(void **state) {
    (void)state;
    make_database(desk_source);
    write_file("names.csv", "id,name\n1,Ann\n");
    char *named = strdup(path_of("names.csv"));
    const struct migration_value value = {.name = "set.site", .value = named};
    static const char rest[] = "SELECT CAST(id AS INTEGER) AS id, name, line FROM csv;\n"
                               "--@ check the list is there\n"
                               "SELECT id FROM name WHERE name <> 'Ann' OR line <> 2;\n"
                               "--@ view address";
    struct text lookup = {0};
    struct text put = {0};
    struct error error = {0};
    text_append_format(&lookup, "--@ lookup name csv :site\n%s", rest);
    char *text = desk_changed("--@ view address", text_string(&lookup));
    assert_int_equal(desk_plan(text, &value, 1, &put, &error), 0);
    assert_int_equal(desk_plan(text, NULL, 0, &put, &error), -1);
    assert_non_null(strstr(error.message, "Geneva"));
    free(text);
    text_clear(&lookup);
    text_append_format(&lookup, "--@ lookup name csv %s\n%s", named, rest);
    text = desk_changed("--@ view address", text_string(&lookup));
    assert_int_equal(desk_plan(text, NULL, 0, &put, &error), 0);
    text_free(&lookup);
    text_free(&put);
    free(text);
    free(named);
}

#define folder_test(test) cmocka_unit_test_teardown(test, empty_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(rows_become_documents_and_outcomes),
        folder_test(the_rows_of_a_server_give_the_same_plan),
        folder_test(an_option_has_the_value_that_was_set),
        folder_test(the_day_that_counts_as_today_is_a_parameter),
        folder_test(corrections_are_counted_for_used_rows),
        folder_test(a_value_that_is_no_text_rejects_its_row),
        folder_test(rows_are_judged_exactly_once),
        folder_test(a_row_is_in_one_document),
        folder_test(two_documents_do_not_share_a_row),
        folder_test(every_column_of_the_source_is_read_or_named),
        folder_test(a_parent_comes_first),
        folder_test(a_child_is_not_before_its_parent_under_one_ordering_key),
        folder_test(a_cycle_may_be_of_references_and_of_several_ordering_keys),
        folder_test(a_long_cycle_is_named_in_part),
        folder_test(a_reference_to_a_later_document_is_no_cycle),
        folder_test(records_that_the_target_has_may_be_referred_to),
        folder_test(a_body_is_json),
        folder_test(values_that_are_used_are_kept_with_their_types),
        folder_test(a_document_has_an_order_and_what_else_is_expected),
        folder_test(values_have_to_fit_their_use),
        folder_test(a_value_of_a_path_is_there),
        folder_test(json_as_text_in_a_body_is_a_warning),
        folder_test(a_join_of_texts_with_numbers_that_finds_nothing_is_a_warning),
        folder_test(a_check_that_finds_a_row_stops_the_plan),
        folder_test(json_is_read_as_a_table),
        folder_test(rows_are_left_at_the_source_and_counted),
        folder_test(a_column_of_the_condition_is_read),
        folder_test(rows_of_a_view_are_left_too),
        folder_test(what_is_left_is_one_condition),
        folder_test(the_sql_reads_and_computes_only),
        folder_test(a_value_does_not_grow_without_end),
        folder_test(rows_without_a_key_are_named_by_their_number),
        folder_test(derived_documents_use_no_row),
        folder_test(a_list_is_of_a_path_or_of_an_option),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
