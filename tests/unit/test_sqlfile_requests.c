/* The requests that a kind of a migration file builds: paths, headers, and the body of a change. */
#include "sqlfile_kind_fixture.h"

struct built {
    int rc;
    struct text method;
    struct text path;
    struct text headers;
    struct text body;
};

static struct built build_of(const char *text, const char *parts, struct kind_draft draft,
                             const char *values) {
    const struct migration_kind *kind = kind_of(parts);
    json_t *json = json_of(values);
    json_t *body = json_of(text);
    const struct kind_document document = {.key = span_of("a/b"),
                                           .body = body,
                                           .values = json,
                                           .id = {.text = span_of("7"), .is_number = true}};
    struct built built = {0};
    draft.path = &built.path;
    draft.headers = &built.headers;
    draft.body = &built.body;
    built.rc = kind_build(kind, &document, &draft);
    text_append_string(&built.method, draft.method);
    json_decref(json);
    json_decref(body);
    close_kind(NULL);
    return built;
}

static struct built build(const char *parts, struct kind_draft draft, const char *values) {
    return build_of("{\"name\":\"Ann\",\"password\":{\"$secret\":true},"
                    "\"user\":{\"mail\":\"a@x\",\"rank\":3,\"pin\":{\"$secret\":true}}}",
                    parts, draft, values);
}

static void free_built(struct built *built) {
    text_free(&built->method);
    text_free(&built->path);
    text_free(&built->headers);
    text_free(&built->body);
}

static void expect_path(const char *parts, struct kind_draft draft, const char *values,
                        const char *request) {
    struct built built = build(parts, draft, values);
    struct text found = {0};
    assert_int_equal(built.rc, 1);
    text_append_format(&found, "%s %s", text_string(&built.method), text_string(&built.path));
    assert_string_equal(text_string(&found), request);
    text_free(&found);
    free_built(&built);
}

static void expect_none(const char *parts, struct kind_draft draft, const char *values) {
    struct built built = build(parts, draft, values);
    assert_int_equal(built.rc, 0);
    free_built(&built);
}

static void values_are_encoded_in_a_path(void **state) {
    (void)state;
    expect_path("--@ create PUT /t/{verb}?q={q}&n={n}&k={key}\n",
                (struct kind_draft){.which = KIND_CREATE},
                "{\"verb\":\"a b\",\"q\":\"x&y/\\u00e9\",\"n\":12}",
                "PUT /t/a%20b?q=x%26y%2F%C3%A9&n=12&k=a%2Fb");
    expect_path("--@ find GET /users?mail={mail}\n", (struct kind_draft){.which = KIND_FIND},
                "{\"mail\":\"\"}", "GET /users?mail=");
}

static void a_path_without_its_value_is_no_request(void **state) {
    (void)state;
    const struct kind_draft draft = {.which = KIND_FIND};
    expect_none("--@ find GET /users/{login}\n", draft, "{\"login\":null}");
    expect_none("--@ find GET /users/{login}\n", draft, NULL);
    expect_none("--@ find GET /users/{login}\n", draft, "{\"login\":{\"$new\":[\"a\",\"b\"]}}");
}

static void a_record_is_named_by_its_id(void **state) {
    (void)state;
    static const char parts[] = "--@ read GET /users/{id}\n--@ read GET /users/{id}/{key}\n"
                                "--@ actual :answer2\n--@ delete DELETE /users/{id}?force=true\n";
    expect_path(parts, (struct kind_draft){.which = KIND_READ, .part = 1}, NULL,
                "GET /users/7/a%2Fb");
    expect_path(parts, (struct kind_draft){.which = KIND_REMOVE}, NULL,
                "DELETE /users/7?force=true");
    expect_none(parts, (struct kind_draft){.which = KIND_READ, .part = 2}, NULL);
    expect_none(parts, (struct kind_draft){.which = KIND_UPDATE}, NULL);
}

static void a_list_has_pages(void **state) {
    (void)state;
    struct kind_draft third = {.which = KIND_LIST, .part = 2, .listed = 200};
    expect_path("--@ list GET /users?page={page}\n--@ each 1\n", third, NULL, "GET /users?page=3");
    expect_path("--@ list GET /users?offset={offset}\n--@ each 1\n", third, NULL,
                "GET /users?offset=200");
    expect_none("--@ list GET /users\n--@ each 1\n", third, NULL);
}

static void headers_go_with_the_document(void **state) {
    (void)state;
    static const char parts[] = "--@ header X-Switch-User: {login}\n--@ header X-Why: moved {n}\n"
                                "--@ update PUT /users/{id}\n";
    struct built built = build(parts, (struct kind_draft){.which = KIND_CREATE},
                               "{\"login\":\"j\\u00f6rg\",\"n\":3}");
    assert_string_equal(text_string(&built.headers),
                        "X-Switch-User: j\xc3\xb6rg\nX-Why: moved 3\n");
    free_built(&built);
    built = build(parts, (struct kind_draft){.which = KIND_FIND}, "{\"login\":\"j\",\"n\":3}");
    assert_int_equal(built.headers.length, 0);
    free_built(&built);
    built = build(parts, (struct kind_draft){.which = KIND_UPDATE}, "{\"login\":\"j\",\"n\":null}");
    assert_string_equal(text_string(&built.headers), "X-Switch-User: j\n");
    free_built(&built);
}

static void a_header_that_is_empty_is_left_out(void **state) {
    (void)state;
    static const char *const values[] = {"{\"login\":\"\"}", "{\"login\":null}"};
    for (size_t i = 0; i < 2; i++) {
        struct built built = build("--@ header X-User: {login}\n",
                                   (struct kind_draft){.which = KIND_CREATE}, values[i]);
        assert_int_equal(built.rc, 1);
        assert_int_equal(built.headers.length, 0);
        free_built(&built);
    }
}

static void a_header_cannot_bring_another(void **state) {
    (void)state;
    expect_none("--@ header X-User: {login}\n", (struct kind_draft){.which = KIND_CREATE},
                "{\"login\":\"a\\r\\nX-Admin: 1\"}");
}

static void a_change_sends_the_members_that_it_names(void **state) {
    (void)state;
    struct built built = build("--@ update PATCH /users/{id} name, user.rank user.none\n",
                               (struct kind_draft){.which = KIND_UPDATE}, NULL);
    assert_string_equal(text_string(&built.method), "PATCH");
    assert_string_equal(text_string(&built.body), "{\"name\":\"Ann\",\"user\":{\"rank\":3}}");
    free_built(&built);
}

static void a_change_sends_no_secret(void **state) {
    (void)state;
    struct built built =
        build("--@ update PUT /users/{id}\n", (struct kind_draft){.which = KIND_UPDATE}, NULL);
    assert_string_equal(text_string(&built.body),
                        "{\"name\":\"Ann\",\"user\":{\"mail\":\"a@x\",\"rank\":3}}");
    free_built(&built);
    expect_none("--@ update PUT /users/{id} password\n", (struct kind_draft){.which = KIND_UPDATE},
                NULL);
}

/* What the change sends of the body; empty where there is no request. */
static void expect_change(const char *parts, const char *body, const char *sent) {
    struct built built = build_of(body, parts, (struct kind_draft){.which = KIND_UPDATE}, NULL);
    assert_string_equal(built.rc == 1 ? text_string(&built.body) : "", sent);
    free_built(&built);
}

static void a_change_leaves_an_array_alone_that_has_a_secret_as_an_item(void **state) {
    (void)state;
    static const char parts[] = "--@ update PUT /users/{id}\n";
    expect_change(parts, "{\"name\":\"Ann\",\"keys\":[\"a\",{\"$secret\":true}]}",
                  "{\"name\":\"Ann\"}");
    expect_change(parts, "{\"name\":\"Ann\",\"keys\":[[1],[2,{\"$secret\":true}]]}",
                  "{\"name\":\"Ann\"}");
    expect_change(parts, "[1,{\"$secret\":true}]", "");
}

static void a_change_sends_the_items_of_an_array_without_the_secrets_in_them(void **state) {
    (void)state;
    expect_change("--@ update PUT /users/{id}\n",
                  "{\"logins\":[{\"n\":1,\"pin\":{\"$secret\":true}},{\"n\":2}]}",
                  "{\"logins\":[{\"n\":1},{\"n\":2}]}");
}

static void a_change_names_members_of_the_objects_in_an_array(void **state) {
    (void)state;
    static const char parts[] = "--@ update PUT /users/{id} fields.id fields.value user.rank\n";
    expect_change(parts, "{\"fields\":[{\"id\":1,\"value\":\"a\",\"x\":0},{\"id\":2}],\"y\":0}",
                  "{\"fields\":[{\"id\":1,\"value\":\"a\"},{\"id\":2}]}");
    expect_change(parts, "{\"fields\":3,\"user\":{\"name\":\"x\"}}", "");
}

static void a_change_reaches_the_members_that_it_names(void **state) {
    (void)state;
    const struct migration_kind *kind = kind_of("--@ update PUT /users/{id} name user.fields\n");
    assert_true(kind->can_update(kind, "name"));
    assert_true(kind->can_update(kind, "user.fields[0].value"));
    assert_false(kind->can_update(kind, "user"));
    assert_false(kind->can_update(kind, "named"));
}

static void what_is_wrong_is_an_error_with_its_line(void **state) {
    (void)state;
#define REST "--@ success 1\n--@ match 1\n"
    static const struct {
        const char *parts;
        const char *message;
    } cases[] = {
        {REST "--@ create GET /users\n--@ find GET /users\n",
         "desk.sql, line 11: create GET: expected one of the methods POST PUT PATCH"},
        {REST "--@ create POST /users/{id}\n--@ find GET /users\n",
         "desk.sql, line 11: create /users/{id}: it cannot have the value id; expected {key}, "
         "columns of the kind's SELECT"},
        {REST "--@ create POST /users\n--@ find GET /users/{key\n",
         "desk.sql, line 12: find /users/{key: it cannot have the value key; "},
        {REST "--@ create POST /users\n--@ find GET /users/key}\n",
         "desk.sql, line 12: find /users/key}: it ends a value at /users/key; "},
        {REST "--@ create POST /users\n--@ find GET /users\n--@ header X User: a\n",
         "desk.sql, line 13: header X User: it is not the name of a header; "},
        {REST "--@ create POST /users\n--@ find GET /users\n--@ header authorization: {key}\n",
         "desk.sql, line 13: header authorization: it is the program's own; "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        assert_int_equal(kind_try("", cases[i].parts, &error), -1);
        if (strncmp(error.message, cases[i].message, strlen(cases[i].message)) != 0) {
            fail_msg("%s\ninstead of %s", error.message, cases[i].message);
        }
        assert_int_equal(error.code, ERROR_INPUT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_encoded_in_a_path),
        cmocka_unit_test(a_path_without_its_value_is_no_request),
        cmocka_unit_test(a_record_is_named_by_its_id),
        cmocka_unit_test(a_list_has_pages),
        cmocka_unit_test(headers_go_with_the_document),
        cmocka_unit_test(a_header_that_is_empty_is_left_out),
        cmocka_unit_test(a_header_cannot_bring_another),
        cmocka_unit_test(a_change_sends_the_members_that_it_names),
        cmocka_unit_test(a_change_sends_no_secret),
        cmocka_unit_test(a_change_leaves_an_array_alone_that_has_a_secret_as_an_item),
        cmocka_unit_test(a_change_sends_the_items_of_an_array_without_the_secrets_in_them),
        cmocka_unit_test(a_change_names_members_of_the_objects_in_an_array),
        kind_test(a_change_reaches_the_members_that_it_names),
        cmocka_unit_test(what_is_wrong_is_an_error_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
