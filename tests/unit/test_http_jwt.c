/* When a token ends, by its own claim; and what is no such claim. */
#define _GNU_SOURCE
#include "session_fixture.h"
#include "token_fixture.h"

static void the_claim_is_read(void **state) {
    static const struct {
        const char *payload;
        int64_t moment;
    } cases[] = {
        {"{\"exp\":1300819380}", INT64_C(1300819380000000)},
        {"{\"sub\":\"\\u0000\",\"exp\":1,\"aud\":[\"valdb2\"]}", 1000000},
        {"{\"exp\":1300819380.75}", INT64_C(1300819380000000)},
        {"{\"exp\":1.3e9}", INT64_C(1300000000000000)},
        {"{\"exp\":0}", 0},
        {"{\"exp\":-1}", -1000000},
        {" {\"exp\" : 253402300799 }\n", INT64_C(253402300799000000)},
        {"{\"n\":\"\xC3\xA9\xE2\x82\xAC\",\"exp\":7}", 7000000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text token = {0};
        int64_t moment = -1;

        append_jwt(&token, span_of(cases[i].payload));
        struct session *session = open_session(&(struct session_settings){
            .url = "https://target.invalid", .token = text_string(&token)});
        assert_int_equal(session_token_expires(session, &moment), 1);
        assert_true(moment == cases[i].moment);
        session_close(session);
        text_free(&token);
    }
}

static void a_payload_without_a_moment_is_not_believed(void **state) {
    static const char *const payloads[] = {
        "{}",
        "{\"exp\":null}",
        "{\"exp\":true}",
        "{\"exp\":\"1300819380\"}",
        "{\"exp\":[1300819380]}",
        "{\"exp\":{\"exp\":1}}",
        "{\"EXP\":1}",
        "{\"exp\":253402300800}",         /* the year 10000 */
        "{\"exp\":9223372036854775807}",  /* beyond microseconds */
        "{\"exp\":99999999999999999999}", /* beyond 64 bits */
        "{\"exp\":-9223372036854775808}", /* before the year 1 */
        "{\"exp\":1e300}",
        "{\"exp\":-1e300}",
        "{\"exp\":1e999}",
        "{\"exp\":NaN}",
        "{\"exp\":1",
        "{\"exp\":1}{",
        "[1300819380]",
        "1300819380",
        "null",
        "exp=1",
        "\xFF\xFE{\"exp\":1}",
        "{\"n\":\"\xC3\",\"exp\":1}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(payloads); i++) {
        struct text token = {0};
        int64_t moment = 0;

        append_jwt(&token, span_of(payloads[i]));
        struct session *session = open_session(&(struct session_settings){
            .url = "https://target.invalid", .token = text_string(&token)});
        assert_int_equal(session_token_expires(session, &moment), 0);
        session_close(session);
        text_free(&token);
    }
}

static void a_token_of_another_form_is_not_believed(void **state) {
    static const char *const tokens[] = {
        SECRET_TOKEN,
        "opaque",
        ".",
        "..",
        "...",
        "a.eyJleHAiOjF9", /* two parts */
        "a.eyJleHAiOjF9.b.c.d",
        "a.eyJleHAiOjF9=.b",
        "a.eyJleHAiOj*9.b",
        "a.eyJleHAiOjF9eyJl+A.b", /* digits of the other alphabet */
        "a.eyJleHAiOjF9eyJl/A.b",
        "a.e.b",
        "a..b",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(tokens); i++) {
        int64_t moment = 0;
        struct session *session = open_session(
            &(struct session_settings){.url = "https://target.invalid", .token = tokens[i]});

        assert_int_equal(session_token_expires(session, &moment), 0);
        session_close(session);
    }
}

static void a_deep_or_a_large_token_does_no_harm(void **state) {
    struct text payload = {0};
    struct text token = {0};
    int64_t moment = 0;

    (void)state;
    for (size_t i = 0; i < 100000; i++) {
        text_append_string(&payload, "{\"exp\":");
    }
    append_jwt(&token, text_span(&payload));
    struct session *session = open_session(
        &(struct session_settings){.url = "https://target.invalid", .token = text_string(&token)});
    assert_int_equal(session_token_expires(session, &moment), 0);
    session_close(session);
    text_clear(&payload);
    text_clear(&token);
    text_append_string(&payload, "{\"exp\":1}");
    for (size_t i = 0; i < 2000000; i++) {
        text_append_char(&payload, ' ');
    }
    append_jwt(&token, text_span(&payload));
    session = open_session(
        &(struct session_settings){.url = "https://target.invalid", .token = text_string(&token)});
    assert_int_equal(session_token_expires(session, &moment), 0);
    session_close(session);
    text_free(&payload);
    text_free(&token);
}

static void nothing_is_known_without_a_token(void **state) {
    struct session *session = open_plain("https://target.invalid");
    int64_t moment = 0;

    (void)state;
    assert_int_equal(session_token_expires(session, &moment), 0);
    session_close(session);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_claim_is_read),
        cmocka_unit_test(a_payload_without_a_moment_is_not_believed),
        cmocka_unit_test(a_token_of_another_form_is_not_believed),
        cmocka_unit_test(a_deep_or_a_large_token_does_no_harm),
        cmocka_unit_test(nothing_is_known_without_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
