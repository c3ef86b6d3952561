/* What an answer means, as a table; and the words that go with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "http/answer.h"
#include "http/exchange.h"

#define JSON "application/json"
#define HTML "text/html"
#define PAGE "<html><body>Sign in</body></html>"

struct example {
    int status;
    const char *content_type;
    const char *body;
    const char *location;
    enum answer_class class;
    const char *message;
};

static const struct example examples[] = {
    /* the record that was sent, or a list, or nothing: the API answers that in JSON */
    {200, JSON, "{\"id\": 1}", NULL, ANSWER_RECORD, "200"},
    {201, JSON, "{\"id\": 1}", NULL, ANSWER_RECORD, "201"},
    {200, JSON, "null", NULL, ANSWER_RECORD, "200"},
    {200, JSON, "[]", NULL, ANSWER_RECORD, "200"},
    {200, JSON, "{\"text\": \"a\\u0000b\"}", NULL, ANSWER_RECORD, "200"},

    /* 200 without the record is no success */
    {200, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "200 with text/html instead of JSON (a login page?)"},
    {200, "text/plain", "ok", NULL, ANSWER_UNCERTAIN, "200 with text/plain instead of JSON"},
    {200, "", "", NULL, ANSWER_UNCERTAIN, "200 without a content type instead of JSON"},
    {200, HTML, "{\"id\": 1}", NULL, ANSWER_UNCERTAIN,
     "200 with text/html instead of JSON (a login page?)"},
    {200, JSON, "{\"id\": 1", NULL, ANSWER_UNCERTAIN, "200 with broken JSON"},
    {200, JSON, "", NULL, ANSWER_UNCERTAIN, "200 with broken JSON"},
    {200, JSON, "{} {}", NULL, ANSWER_UNCERTAIN, "200 with broken JSON"},
    {204, "", "", NULL, ANSWER_UNCERTAIN, "204: an answer that is not understood"},

    /* looked at and not taken */
    {400, JSON, "{\"message\": \"Name is not unique\"}", NULL, ANSWER_REFUSED,
     "400: Name is not unique"},
    {400, JSON, "{\"errors\": []}", NULL, ANSWER_REFUSED, "400: bad request"},
    {400, JSON, "{\"message\": {\"a\": 1}}", NULL, ANSWER_REFUSED, "400: bad request"},
    {400, JSON, "\"no\"", NULL, ANSWER_REFUSED, "400: bad request"},
    {409, JSON, "{\"message\": \"exists\"}", NULL, ANSWER_REFUSED, "409: exists"},
    {413, JSON, "{\"message\": \"too large\"}", NULL, ANSWER_REFUSED, "413: too large"},
    {422, JSON, "{\"message\": \"no\"}", NULL, ANSWER_REFUSED, "422: no"},

    /* a page proves nothing about the record, except for one that is too large for the proxy */
    {400, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "400 with text/html instead of JSON: bad request"},
    {400, JSON, "{", NULL, ANSWER_UNCERTAIN, "400 with broken JSON: bad request"},
    {409, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "409 with text/html instead of JSON: conflict"},
    {422, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "422 with text/html instead of JSON: not acceptable"},
    {413, HTML, PAGE, NULL, ANSWER_REFUSED, "413: the request is larger than the server accepts"},

    /* the session is not accepted */
    {401, JSON, "{\"message\": \"Token expired\"}", NULL, ANSWER_SIGN_IN, "401: Token expired"},
    {401, HTML, PAGE, NULL, ANSWER_SIGN_IN, "401: not signed in"},
    {302, HTML, PAGE, "/oauth2/auth", ANSWER_SIGN_IN, "302: redirected to /oauth2/auth"},
    {302, HTML, "", "https://login.example.org/realms/auth", ANSWER_SIGN_IN,
     "302: redirected to /realms/auth"},
    {303, HTML, "", "https://login.example.org", ANSWER_SIGN_IN, "303: redirected to /"},
    {307, HTML, "", "/login", ANSWER_SIGN_IN, "307: redirected to /login"},
    {302, HTML, "", NULL, ANSWER_SIGN_IN, "302: redirected, but not where to"},

    /* signed in, but not allowed to */
    {403, JSON, "{\"message\": \"Permission denied\"}", NULL, ANSWER_FORBIDDEN,
     "403: Permission denied"},
    {403, HTML, PAGE, NULL, ANSWER_FORBIDDEN, "403: forbidden"},

    /* there is no such record; or this is not the API */
    {404, JSON, "{\"message\": \"Campaign not found\"}", NULL, ANSWER_NOT_FOUND,
     "404: Campaign not found"},
    {404, HTML, PAGE, NULL, ANSWER_MISDIRECTED, "404 with text/html instead of JSON: not found"},
    {301, HTML, "", "https://new.example.org/api/", ANSWER_MISDIRECTED, "301: redirected to /api/"},
    {308, HTML, "", "/api/users/", ANSWER_MISDIRECTED, "308: redirected to /api/users/"},
    {405, JSON, "{\"message\": \"The method is not allowed\"}", NULL, ANSWER_MISDIRECTED,
     "405: The method is not allowed"},
    {405, HTML, PAGE, NULL, ANSWER_MISDIRECTED, "405: method not allowed"},

    /* certainly not carried out */
    {429, HTML, PAGE, NULL, ANSWER_NOT_TAKEN, "429: too many requests"},
    {429, JSON, "{\"message\": \"slowly\"}", NULL, ANSWER_NOT_TAKEN, "429: slowly"},

    /* it may have been carried out */
    {500, JSON, "{\"message\": \"Internal Server Error\"}", NULL, ANSWER_UNCERTAIN,
     "500: Internal Server Error"},
    {500, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "500: internal server error"},
    {502, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "502: bad gateway"},
    {503, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "503: service unavailable"},
    {504, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "504: gateway timed out"},
    {408, HTML, PAGE, NULL, ANSWER_UNCERTAIN, "408: the request took too long"},
    {599, JSON, "{}", NULL, ANSWER_UNCERTAIN, "599: an answer that is not understood"},

    /* any other fault of the client's is a refusal */
    {418, JSON, "{}", NULL, ANSWER_REFUSED, "418: refused"},
    {412, JSON, "{\"message\": \"exists\"}", NULL, ANSWER_REFUSED, "412: exists"},
    {415, HTML, PAGE, NULL, ANSWER_REFUSED, "415: refused"},
    {451, "", "", NULL, ANSWER_REFUSED, "451: refused"},

    /* the reason, wherever a service puts it */
    {400, JSON, "{\"type\": \"about:blank\", \"title\": \"No\", \"detail\": \"Too long\"}", NULL,
     ANSWER_REFUSED, "400: Too long"},
    {400, JSON, "{\"title\": \"No\"}", NULL, ANSWER_REFUSED, "400: No"},
    {400, JSON, "{\"error\": \"bad\", \"error_description\": \"Too bad\"}", NULL, ANSWER_REFUSED,
     "400: Too bad"},
    {400, JSON, "{\"error\": \"bad\"}", NULL, ANSWER_REFUSED, "400: bad"},
    {422, JSON, "{\"errors\": [\"Subject is empty\", \"Tracker is empty\"]}", NULL, ANSWER_REFUSED,
     "422: Subject is empty; Tracker is empty"},
    {422, JSON, "{\"errors\": \"Subject is empty\"}", NULL, ANSWER_REFUSED,
     "422: Subject is empty"},
    {422, JSON,
     "{\"errors\": [{\"detail\": \"too long\"}, {\"x\": 1}, 7, [[]], {\"title\": \"no\"}]}", NULL,
     ANSWER_REFUSED, "422: too long; no"},
    {422, JSON,
     "{\"errors\": {\"name\": [\"is taken\", \"is short\"], \"a\": null, \"mail\": \"no\"}}", NULL,
     ANSWER_REFUSED, "422: name: is taken; is short; mail: no"},
    {422, JSON, "{\"message\": \"Invalid\", \"errors\": {\"name\": [\"is taken\"]}}", NULL,
     ANSWER_REFUSED, "422: Invalid; name: is taken"},
    {422, JSON, "{\"errors\": [{}, null]}", NULL, ANSWER_REFUSED, "422: not acceptable"},
};

static void classify_body(int status, const char *content_type, const char *body,
                          const char *location, struct answer *answer) {
    struct exchange exchange = {.end = EXCHANGE_ANSWERED, .status = status};

    snprintf(exchange.content_type, sizeof exchange.content_type, "%s", content_type);
    exchange.is_json = strcmp(content_type, JSON) == 0;
    text_append_string(&exchange.answer, body);
    if (location != NULL) {
        text_append_string(&exchange.location, location);
    }
    answer_classify(&exchange, answer);
    exchange_clear(&exchange);
}

static void every_answer_has_its_class_and_words(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct example *example = &examples[i];
        struct answer answer;

        classify_body(example->status, example->content_type, example->body, example->location,
                      &answer);
        assert_string_equal(answer.message, example->message);
        assert_int_equal(answer.class, example->class);
        answer_clear(&answer);
    }
}

/* The same path at another address is no page to sign in at, whatever the status. */
static void a_redirect_to_another_address_says_which_is_right(void **state) {
    static const int statuses[] = {301, 302, 303, 307, 308};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct exchange exchange = {.end = EXCHANGE_ANSWERED, .status = statuses[i]};
        struct answer answer;

        text_append_string(&exchange.location, "https://new.example/v2/api/users/");
        text_append_string(&exchange.moved_to, "https://new.example/v2");
        answer_classify(&exchange, &answer);
        assert_int_equal(answer.class, ANSWER_MISDIRECTED);
        assert_non_null(strstr(answer.message, ": redirected; the API is at another address: use "
                                               "--to https://new.example/v2"));
        exchange_clear(&exchange);
    }
}

static void json_is_handed_out_whatever_the_class(void **state) {
    struct answer answer;

    (void)state;
    classify_body(400, JSON, "{\"message\": \"no\"}", NULL, &answer);
    assert_true(json_is_object(answer.json));
    answer_clear(&answer);
    assert_null(answer.json);
    classify_body(200, HTML, "{}", NULL, &answer);
    assert_null(answer.json);
}

static void what_was_not_sent_was_not_taken(void **state) {
    struct exchange exchange = {.end = EXCHANGE_NOT_SENT, .failure = "connection refused"};
    struct answer answer;

    (void)state;
    answer_classify(&exchange, &answer);
    assert_int_equal(answer.class, ANSWER_NOT_TAKEN);
    assert_string_equal(answer.message, "not sent: connection refused");
}

static void what_was_lost_is_uncertain_whatever_was_read(void **state) {
    struct exchange exchange = {.end = EXCHANGE_LOST, .failure = "connection reset"};
    struct answer answer;

    (void)state;
    text_append_string(&exchange.answer, "{\"id\": 1}");
    answer_classify(&exchange, &answer);
    assert_int_equal(answer.class, ANSWER_UNCERTAIN);
    assert_null(answer.json);
    assert_string_equal(answer.message, "no whole answer: connection reset");
    exchange_clear(&exchange);
}

static void control_characters_become_blanks(void **state) {
    struct answer answer;

    (void)state;
    classify_body(400, JSON, "{\"message\": \"a\\nb\\u0000c\\u001b[31m\\u0085d\"}", NULL, &answer);
    assert_string_equal(answer.message, "400: a b c [31m d");
    answer_clear(&answer);
}

static void a_long_message_is_cut_at_a_character(void **state) {
    struct text body = {0};
    struct answer answer;

    (void)state;
    text_append_string(&body, "{\"message\": \"");
    for (int i = 0; i < 200; i++) {
        text_append_string(&body, "\xc3\xa9\xe2\x82\xac");
    }
    text_append_string(&body, "\"}");
    classify_body(400, JSON, text_string(&body), NULL, &answer);
    /* "400: " and 46 times five bytes leave four of 239: a whole é, and no part of a € */
    assert_int_equal(strlen(answer.message), 5 + 46 * 5 + 2);
    assert_string_equal(answer.message + strlen(answer.message) - 2, "\xc3\xa9");
    answer_clear(&answer);
    text_free(&body);
}

static void a_deep_body_does_no_harm(void **state) {
    struct text body = {0};
    struct answer answer;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        text_append_char(&body, '[');
    }
    classify_body(200, JSON, text_string(&body), NULL, &answer);
    assert_int_equal(answer.class, ANSWER_UNCERTAIN);
    text_free(&body);
}

static void retry_after_is_understood(void **state) {
    static const int64_t now = 784111777 * (int64_t)1000000; /* Sun, 06 Nov 1994 08:49:37 GMT */
    static const struct {
        const char *value;
        long ms;
    } cases[] = {
        {"0", 0},
        {"7", 7000},
        {"3600", 3600000},
        {"3601", 3600000},
        {"99999999999999999999999999", 3600000},
        {"Sun, 06 Nov 1994 08:49:47 GMT", 10000},
        {"Sunday, 06-Nov-94 08:49:47 GMT", 10000},
        {"Sun Nov  6 08:49:47 1994", 10000},
        {"Wed Nov 16 08:49:37 1994", 3600000},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Sun, 06 Nov 1994 08:00:00 GMT", 0},
        {"Sun, 06 Nov 2094 08:49:37 GMT", 3600000},
        {"", -1},
        {"-5", -1},
        {"1.5", -1},
        {"soon", -1},
        {"Son, 06 Nov 1994 08:49:37 GMT", -1},
        {"Sun, 06 Nov 1994 24:49:37 GMT", -1},
        {NULL, -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(exchange_parse_retry_after(cases[i].value, now), cases[i].ms);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_has_its_class_and_words),
        cmocka_unit_test(a_redirect_to_another_address_says_which_is_right),
        cmocka_unit_test(json_is_handed_out_whatever_the_class),
        cmocka_unit_test(what_was_not_sent_was_not_taken),
        cmocka_unit_test(what_was_lost_is_uncertain_whatever_was_read),
        cmocka_unit_test(control_characters_become_blanks),
        cmocka_unit_test(a_long_message_is_cut_at_a_character),
        cmocka_unit_test(a_deep_body_does_no_harm),
        cmocka_unit_test(retry_after_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
