/* The conditions of a migration file: what they see, and what the answers mean by them. */
#include "sqlfile_kind_fixture.h"

struct seen {
    int status;
    const char *answer;
    const char *location;
    const char *body;
    const char *values;
};

/* What the kind expects of an answer to its `create`. */
static enum kind_reading read_created(const char *parts, const struct seen *seen) {
    const struct migration_kind *kind = kind_of(parts);
    json_t *answer = json_of(seen->answer);
    json_t *body = json_of(seen->body == NULL ? "{}" : seen->body);
    json_t *values = json_of(seen->values);
    const struct kind_document document = {.key = span_of("17"), .body = body, .values = values};
    const struct kind_answer for_kind = {.to = KIND_CREATE,
                                         .status = seen->status,
                                         .json = answer,
                                         .location = span_of(seen->location)};
    enum kind_reading reading = kind->read_answer(kind, &document, &for_kind);
    json_decref(answer);
    json_decref(body);
    json_decref(values);
    close_kind(NULL);
    return reading;
}

static void expect_true(const char *condition, const struct seen *seen) {
    struct text parts = {0};
    text_append_format(&parts, "--@ success %s\n", condition);
    if (read_created(text_string(&parts), seen) != READING_DONE) {
        fail_msg("it does not hold: %s", condition);
    }
    text_free(&parts);
}

static void a_condition_sees_the_answer_and_the_document(void **state) {
    (void)state;
    const struct seen seen = {.status = 201,
                              .answer = "{\"id\":7,\"name\":\"Ann\",\"tags\":[1,2]}",
                              .location = "/users/7",
                              .body = "{\"name\":\"Ann\"}",
                              .values = "{\"rank\":3,\"mail\":\"a@x\",\"none\":null}"};
    static const char *const conditions[] = {
        ":status = 201",
        ":answer ->> '$.name' = :body ->> '$.name'",
        "typeof(:answer ->> '$.id') = 'integer'",
        "json_array_length(:answer, '$.tags') = 2",
        ":location = '/users/7'",
        ":key = '17'",
        ":rank = 3 AND typeof(:rank) = 'integer'",
        ":mail = 'a@x'",
        ":none IS NULL",
        ":site = 'Geneva'",
        "regexp('^A', :answer ->> '$.name')",
        "(SELECT count(*) FROM json_each(:answer, '$.tags')) = 2 -- as a comment has it",
    };
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        expect_true(conditions[i], &seen);
    }
}

static void what_is_not_there_is_null(void **state) {
    (void)state;
    const struct seen nothing = {.status = 204};
    const struct seen null = {.status = 200, .answer = "null"};
    expect_true(":answer IS NULL AND :location IS NULL AND :rank IS NULL", &nothing);
    expect_true(":answer IS NULL", &null);
}

static void conditions_are_asked_in_the_order_of_certainty(void **state) {
    (void)state;
    static const char parts[] = "--@ success :status = 201\n"
                                "--@ conflict :status = 409\n"
                                "--@ retry :status = 422 AND :answer ->> '$.errors' = '[]'\n"
                                "--@ refuse :status IN (409, 422)\n";
    static const struct {
        int status;
        const char *answer;
        enum kind_reading reading;
    } cases[] = {{201, "{}", READING_DONE},
                 {409, "{}", READING_EXISTS},
                 {422, "{\"errors\":[]}", READING_AGAIN},
                 {422, "{\"errors\":[\"no\"]}", READING_REFUSED},
                 {422, NULL, READING_REFUSED},
                 {500, "{}", READING_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct seen seen = {.status = cases[i].status, .answer = cases[i].answer};
        assert_int_equal(read_created(parts, &seen), cases[i].reading);
    }
}

static void a_condition_that_fails_does_not_hold(void **state) {
    (void)state;
    const struct seen seen = {.status = 201, .answer = "{\"name\":\"no json\"}"};
    assert_int_equal(read_created("--@ success json(:answer ->> '$.name')\n", &seen), READING_NONE);
    assert_int_equal(read_created("--@ success regexp(:answer ->> '$.name' || '(', 'x')\n", &seen),
                     READING_NONE);
}

static void a_change_is_judged_by_retry_and_refuse_only(void **state) {
    (void)state;
    const struct migration_kind *kind = kind_of(
        "--@ update PUT /users/{id}\n--@ success :status = 201\n--@ refuse :status = 422\n");
    const struct kind_document document = {.key = span_of("17")};
    const struct kind_answer done = {.to = KIND_UPDATE, .status = 201};
    const struct kind_answer refused = {.to = KIND_UPDATE, .status = 422};
    assert_int_equal(kind->read_answer(kind, &document, &done), READING_NONE);
    assert_int_equal(kind->read_answer(kind, &document, &refused), READING_REFUSED);
}

/* ---- the target's own names ---- */

static void expect_names(const char *parts, enum kind_request to, const char *answer,
                         const char *names, bool is_number) {
    const struct migration_kind *kind = kind_of(parts);
    json_t *json = json_of(answer);
    const struct kind_document document = {.key = span_of("17")};
    const struct kind_answer for_kind = {
        .to = to, .status = 201, .json = json, .location = span_of("/users/9")};
    struct kind_matches matches = {0};
    assert_true(kind->find_matches(kind, &document, &for_kind, &matches));
    assert_string_equal(text_string(&matches.names), names);
    assert_int_equal(matches.id_is_number, is_number);
    kind_matches_free(&matches);
    json_decref(json);
    close_kind(NULL);
}

static void an_id_keeps_its_type(void **state) {
    (void)state;
    expect_names("--@ id :answer ->> '$.id'\n", KIND_CREATE, "{\"id\":7}", "7", true);
    expect_names("--@ id :answer ->> '$.id'\n", KIND_CREATE, "{\"id\":\"7\"}", "7", false);
    expect_names("--@ id :answer ->> '$.id'\n", KIND_CREATE, "{\"id\":7.0}", "7", true);
    expect_names("--@ id substr(:location, 8)\n", KIND_CREATE, NULL, "9", false);
}

static void an_answer_without_an_id_shows_no_record(void **state) {
    (void)state;
    expect_names("--@ id :answer ->> '$.id'\n", KIND_CREATE, "{}", "", false);
}

static void an_answer_that_is_no_success_shows_no_record(void **state) {
    (void)state;
    const struct migration_kind *kind =
        kind_of("--@ id :answer ->> '$.id'\n--@ success :status = 201\n");
    json_t *json = json_of("{\"id\":7}");
    const struct kind_document document = {.key = span_of("17")};
    const struct kind_answer answer = {.to = KIND_CREATE, .status = 200, .json = json};
    struct kind_matches matches = {0};
    assert_false(kind->find_matches(kind, &document, &answer, &matches));
    assert_int_equal(matches.count, 0);
    json_decref(json);
}

static void an_id_from_match_is_looked_up(void **state) {
    (void)state;
    const struct migration_kind *kind = kind_of("--@ id from match\n");
    json_t *json = json_of("{\"id\":7}");
    const struct kind_document document = {.key = span_of("17")};
    const struct kind_answer answer = {.to = KIND_CREATE, .status = 201, .json = json};
    struct kind_matches matches = {0};
    assert_false(kind->find_matches(kind, &document, &answer, &matches));
    json_decref(json);
}

static void every_row_of_match_is_a_record(void **state) {
    (void)state;
    static const char list[] = "[{\"id\":7,\"k\":\"17\"},{\"id\":8,\"k\":\"17\"},"
                               "{\"id\":9,\"k\":\"18\"},{\"id\":7,\"k\":\"17\"}]";
    static const char with[] = "WITH a AS (SELECT value AS v FROM json_each(:answer))\n"
                               "--@ + SELECT v ->> '$.id' FROM a WHERE v ->> '$.k' = :key";
    static const char *const forms[] = {
        "SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.k' = :key",
        "(SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.k' = :key)", with};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct text parts = {0};
        text_append_format(&parts, "--@ match %s\n", forms[i]);
        expect_names(text_string(&parts), KIND_FIND, list, "7, 8", true);
        expect_names(text_string(&parts), KIND_FIND, "[]", "", false);
        text_free(&parts);
    }
    expect_names("--@ match :answer ->> '$.id'\n", KIND_FIND, "{\"id\":\"x\"}", "x", false);
    expect_names("--@ match :answer ->> '$.id'\n", KIND_FIND, "{}", "", false);
}

static void an_answer_that_is_no_json_shows_nothing_about_a_record(void **state) {
    (void)state;
    const struct migration_kind *kind = kind_of("");
    const struct kind_document document = {.key = span_of("17")};
    const struct kind_answer answer = {.to = KIND_FIND, .status = 200};
    struct kind_matches matches = {0};
    assert_false(kind->find_matches(kind, &document, &answer, &matches));
}

/* ---- lists ---- */

static int take_listed(void *context, struct span key, struct record_id id) {
    assert_true(span_is_null(key));
    text_append(context, id.text);
    text_append_string(context, id.is_number ? " " : "' ");
    return 0;
}

static int stop_listing(void *context, struct span key, struct record_id id) {
    (void)key;
    (void)id;
    ++*(int *)context;
    return -1;
}

static void a_list_shows_records(void **state) {
    (void)state;
    const struct migration_kind *kind =
        kind_of("--@ list GET /users?page={page}\n"
                "--@ each SELECT value ->> '$.id' FROM json_each(:answer)\n");
    json_t *json = json_of("[{\"id\":7},{\"id\":\"b\"},{}]");
    struct text listed = {0};
    int stopped = 0;
    const struct kind_answer answer = {.to = KIND_LIST, .status = 200, .json = json};
    const struct kind_answer page = {.to = KIND_LIST, .status = 200};
    const struct listed_sink sink = {.context = &listed, .take = take_listed};
    const struct listed_sink stop = {.context = &stopped, .take = stop_listing};
    assert_int_equal(kind->each_listed(kind, &answer, &sink), 1);
    assert_string_equal(text_string(&listed), "7 b' ");
    assert_int_equal(kind->each_listed(kind, &page, &sink), 0);
    assert_int_equal(kind->each_listed(kind, &answer, &stop), -1);
    assert_int_equal(stopped, 1);
    json_decref(json);
    text_free(&listed);
}

/* ---- the file's part about the target ---- */

static const char needed[] = "--@ create POST /users\n--@ success :status = 201\n"
                             "--@ find GET /users\n--@ match :answer ->> '$.id'\n";

static void the_probe_shows_what_ready_asks_for(void **state) {
    (void)state;
    struct error error = {0};
    assert_int_equal(
        kind_try("--@ probe GET /me\n--@ ready :status = 200 AND :answer ->> '$.admin'\n"
                 "--@ auth header X-Key",
                 needed, &error),
        0);
    const struct migration *migration = sqlfile_migration(kind_file);
    json_t *admin = json_of("{\"admin\":true}");
    json_t *guest = json_of("{\"admin\":false}");
    assert_string_equal(migration->probe_path, "/me");
    assert_string_equal(migration->auth_header, "X-Key");
    assert_null(migration->auth_scheme);
    assert_true(
        migration->is_ready(migration, &(struct kind_answer){.status = 200, .json = admin}));
    assert_false(
        migration->is_ready(migration, &(struct kind_answer){.status = 200, .json = guest}));
    assert_false(migration->is_ready(migration, &(struct kind_answer){.status = 500}));
    json_decref(admin);
    json_decref(guest);
}

static int take_named(void *context, struct span key, struct record_id id) {
    text_append(context, key);
    text_append_char(context, '=');
    text_append(context, id.text);
    text_append_string(context, id.is_number ? " " : "' ");
    return 0;
}

static void records_that_are_there_have_names(void **state) {
    (void)state;
    struct error error = {0};
    assert_int_equal(
        kind_try(
            "--@ existing sites\n--@ get GET /sites?offset={offset}\n"
            "SELECT value ->> '$.id' AS id, value ->> '$.name' AS key FROM json_each(:answer);",
            needed, &error),
        0);
    const struct migration *migration = sqlfile_migration(kind_file);
    const struct migration_existing *sites = &migration->existing[0];
    json_t *json = json_of("[{\"id\":7,\"name\":\"a\"},{\"id\":\"x\",\"name\":\"b\"},{\"id\":9},"
                           "{\"id\":17.0,\"name\":\"c\"},{\"id\":1.5,\"name\":\"d\"}]");
    const struct kind_answer answer = {.to = KIND_LIST, .status = 200, .json = json};
    struct text named = {0};
    struct text path = {0};
    const struct listed_sink sink = {.context = &named, .take = take_named};
    assert_int_equal(migration->existing_count, 1);
    assert_int_equal(sites->each(sites, &answer, &sink), 1);
    assert_string_equal(text_string(&named), "a=7 b=x' c=17 ");
    assert_int_equal(sites->build(sites, 1, 30, &path), 1);
    assert_string_equal(text_string(&path), "/sites?offset=30");
    text_free(&named);
    text_free(&path);
    json_decref(json);
}

static void an_option_has_the_value_that_is_used(void **state) {
    (void)state;
    const struct migration_kind *kind =
        kind_of("--@ success :site = 'Bern' AND :as_of = '2011-01-26'\n");
    const struct migration *migration = sqlfile_migration(kind_file);
    static const struct migration_value value = {.name = "set.site", .value = "Bern"};
    const struct migration_settings settings = {.as_of = 15000, .values = &value, .value_count = 1};
    const struct kind_document document = {.key = span_of("17")};
    const struct kind_answer answer = {.to = KIND_CREATE, .status = 200};
    struct error error = {0};
    assert_int_equal(kind->read_answer(kind, &document, &answer), READING_NONE);
    assert_int_equal(migration->use(migration, &settings, &error), 0);
    assert_int_equal(kind->read_answer(kind, &document, &answer), READING_DONE);
}

/* ---- what is wrong ---- */

static void what_is_wrong_is_an_error_with_its_line(void **state) {
    (void)state;
#define OTHERS "--@ create POST /users\n--@ find GET /users\n"
#define MATCH "--@ match 1\n"
    static const struct {
        const char *of_file;
        const char *parts;
        const char *message;
    } cases[] = {
        {"", OTHERS MATCH "--@ success :status = 201 AND\n--@ + (1 = 2\n",
         "desk.sql, line 12: success: "},
        {"", OTHERS MATCH "--@ success status = 201\n",
         "desk.sql, line 12: success: no such column: status; expected SQL over :status, :answer, "
         ":location, :body, :key, a column of the kind's SELECT, :as_of or an option of the file"},
        {"", OTHERS MATCH "--@ success 1\n--@ + OR :id = 3\n",
         "desk.sql, line 13: success: it cannot have :id; "},
        {"", OTHERS MATCH "--@ success 1; SELECT 2\n", "desk.sql, line 12: success: "},
        {"", OTHERS MATCH "--@ success ?1\n", "desk.sql, line 12: success: it cannot have ?1; "},
        {"", OTHERS MATCH "--@ success random() > 1\n",
         "desk.sql, line 12: success: random is not repeatable; expected the same result in every "
         "run; "},
        {"", OTHERS MATCH "--@ success (SELECT count(name) FROM sqlite_master)\n",
         "desk.sql, line 12: success: no table can be read here; "},
        {"", OTHERS "--@ success 1\n--@ match SELECT 1, 2\n",
         "desk.sql, line 12: match: it has 2 columns, where 1 is meant; "},
        {"", OTHERS "--@ success 1\n--@ match :location\n",
         "desk.sql, line 12: match: it cannot have :location; "},
        {"", OTHERS MATCH "--@ success 1\n--@ list GET /users\n",
         "desk.sql, line 13: kind users: --@ list and --@ each go together; "},
        {"", OTHERS MATCH "--@ success 1\n--@ list GET /users\n--@ each :key\n",
         "desk.sql, line 14: each: it cannot have :key; expected SQL over :answer, "},
        {"", OTHERS MATCH "--@ success 1\n--@ read GET /a\n--@ read GET /b\n",
         "desk.sql, line 8: kind users: it has several --@ read; "},
        {"--@ ready 1", OTHERS MATCH "--@ success 1\n",
         "desk.sql, line 3: --@ ready is about the answer to --@ probe; "},
        {"--@ probe POST /me", OTHERS MATCH "--@ success 1\n",
         "desk.sql, line 3: probe POST: expected one of the methods GET"},
        {"--@ existing a\n--@ get GET /a\nSELECT 1;", OTHERS MATCH "--@ success 1\n",
         "desk.sql, line 5: existing: it has 1 columns, where 2 are meant; "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        assert_int_equal(kind_try(cases[i].of_file, cases[i].parts, &error), -1);
        if (strncmp(error.message, cases[i].message, strlen(cases[i].message)) != 0) {
            fail_msg("%s\ninstead of %s", error.message, cases[i].message);
        }
        assert_int_equal(error.code, ERROR_INPUT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_sees_the_answer_and_the_document),
        cmocka_unit_test(what_is_not_there_is_null),
        cmocka_unit_test(conditions_are_asked_in_the_order_of_certainty),
        cmocka_unit_test(a_condition_that_fails_does_not_hold),
        kind_test(a_change_is_judged_by_retry_and_refuse_only),
        cmocka_unit_test(an_id_keeps_its_type),
        cmocka_unit_test(an_answer_without_an_id_shows_no_record),
        kind_test(an_answer_that_is_no_success_shows_no_record),
        kind_test(an_id_from_match_is_looked_up),
        cmocka_unit_test(every_row_of_match_is_a_record),
        kind_test(an_answer_that_is_no_json_shows_nothing_about_a_record),
        kind_test(a_list_shows_records),
        kind_test(the_probe_shows_what_ready_asks_for),
        kind_test(records_that_are_there_have_names),
        kind_test(an_option_has_the_value_that_is_used),
        cmocka_unit_test(what_is_wrong_is_an_error_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
