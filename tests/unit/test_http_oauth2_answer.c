/* What a token endpoint answers: what is taken for a token, when it ends, the error if none. */
#define _GNU_SOURCE
#include "base/clock.h"
#include "http/oauth2.h"
#include "session_fixture.h"
#include "token_fixture.h"

#define BEGIN INT64_C(1700000000000000)
#define HEAD "{\"access_token\":\"t0ken.s3cret\",\"token_type\":\"Bearer\""

/* Reads an answer of that status and body. */
static int read_answer(int status, const char *body, struct oauth2_token *token,
                       struct error *error) {
    struct exchange exchange = {
        .end = EXCHANGE_ANSWERED, .status = status, .is_json = true, .started = BEGIN};

    text_append_string(&exchange.answer, body);
    int rc = oauth2_read_answer(&exchange, token, error);
    exchange_clear(&exchange);
    return rc;
}

static void a_token_ends_when_the_answer_says(void **state) {
    static const struct {
        const char *body;
        bool ends;
        int64_t lifetime; /* microseconds */
        int64_t renew_after;
    } cases[] = {
        {HEAD ",\"expires_in\":3600}", true, 3600 * INT64_C(1000000), 3570 * INT64_C(1000000)},
        {HEAD ",\"expires_in\":60}", true, 60000000, 30000000},
        {HEAD ",\"expires_in\":61}", true, 61000000, 31000000},
        {HEAD ",\"expires_in\":40}", true, 40000000, 20000000},
        {HEAD ",\"expires_in\":1}", true, 1000000, 500000},
        {HEAD ",\"expires_in\":0.5}", true, 500000, 250000},
        {HEAD "}", false, 0, 0},
        {HEAD ",\"expires_in\":0}", false, 0, 0},
        {HEAD ",\"expires_in\":-5}", false, 0, 0},
        {HEAD ",\"expires_in\":null}", false, 0, 0},
        {HEAD ",\"expires_in\":\"3600\"}", false, 0, 0},
        {HEAD ",\"expires_in\":9223372036854775807}", false, 0, 0},
        {HEAD ",\"expires_in\":1e300}", false, 0, 0},
        {"{\"access_token\":\"t0ken.s3cret\",\"token_type\":\"bEARER\"}", false, 0, 0},
        {"{\"access_token\":\"t0ken.s3cret\",\"refresh_token\":\"x\"}", false, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct oauth2_token token = {0};
        struct error error = {0};

        assert_int_equal(read_answer(200, cases[i].body, &token, &error), 0);
        assert_string_equal(text_string(&token.value), SECRET_TOKEN);
        assert_int_equal(token.ends, cases[i].ends);
        if (token.ends) {
            assert_true(token.end == BEGIN + cases[i].lifetime);
            assert_true(token.renew_at == BEGIN + cases[i].renew_after);
        }
        oauth2_token_free(&token);
    }
}

static void a_token_ends_by_its_own_claim_where_the_answer_is_silent(void **state) {
    static const struct {
        const char *payload;
        bool ends;
        int64_t end; /* seconds since 1970 */
    } cases[] = {
        {"{\"exp\":1700000600}", true, 1700000600},
        {"{\"exp\":1699999999}", false, 0}, /* over already: the clocks differ */
        {"{\"exp\":\"soon\"}", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct oauth2_token token = {0};
        struct error error = {0};
        struct text body = {0};

        text_append_string(&body, "{\"access_token\":\"");
        append_jwt(&body, span_of(cases[i].payload));
        text_append_string(&body, "\"}");
        assert_int_equal(read_answer(200, text_string(&body), &token, &error), 0);
        assert_int_equal(token.ends, cases[i].ends);
        if (token.ends) {
            assert_true(token.end == cases[i].end * CLOCK_SECOND);
            assert_true(token.renew_at == token.end - 30 * INT64_C(1000000));
        }
        oauth2_token_free(&token);
        text_free(&body);
    }
}

static void an_answer_without_a_token_is_reported_with_its_reason(void **state) {
    static const struct {
        int status;
        const char *body;
        enum error_code code;
        const char *said;
    } cases[] = {
        /* the client is refused */
        {401, "{\"error\":\"invalid_client\",\"error_description\":\"s3cret\"}", ERROR_SESSION,
         "401 invalid_client; check the client's id"},
        {400, "{\"error\":\"unauthorized_client\"}", ERROR_SESSION, "400 unauthorized_client"},
        {400, "{\"error\":\"invalid_target\"}", ERROR_SESSION, "check the audience"},
        {403, "{\"error\":\"access_denied\"}", ERROR_SESSION, "403 access_denied"},
        {400, "{\"error\":\"s3cret\"}", ERROR_SESSION, "refused: 400; check"},
        {401, "{\"error\":null}", ERROR_SESSION, "refused: 401; check"},
        {401, "s3cret", ERROR_SESSION, "refused: 401; check"},
        {400, "[\"s3cret\"]", ERROR_SESSION, "refused: 400; check"},
        {401, "", ERROR_SESSION, "refused: 401; check"},

        {200, "{\"error\":\"invalid_client\"}", ERROR_SESSION, "200 invalid_client"},
        {200, "{\"error\":\"s3cret\",\"access_token\":\"s3cret\"}", ERROR_SESSION,
         "refused: 200; check"},

        /* this is no token endpoint */
        {200, "", ERROR_TARGET, "without a bearer token"},
        {200, "s3cret", ERROR_TARGET, "without a bearer token"},
        {200, "[]", ERROR_TARGET, "without a bearer token"},
        {200, "{}", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":\"\"}", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":null}", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":{\"s3cret\":1}}", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":\"s3cret\\r\\nX: y\"}", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":\"s3cr\\u0000et\"}", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":\"s3cr\xC3\xA9t\"}", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":\"s3cret\"", ERROR_TARGET, "without a bearer token"},
        {200, "{\"access_token\":\"s3cret\",\"token_type\":\"mac\"}", ERROR_TARGET,
         "without a bearer token"},
        {200, "{\"access_token\":\"s3cret\",\"token_type\":7}", ERROR_TARGET,
         "without a bearer token"},
        {302, "", ERROR_TARGET, "the answer is 302"},
        {404, "{\"error\":\"invalid_client\"}", ERROR_TARGET, "the answer is 404"},
        {500, "s3cret", ERROR_TARGET, "the answer is 500"},
        {204, "", ERROR_TARGET, "the answer is 204"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct oauth2_token token = {0};
        struct error error = {0};

        text_append_string(&token.value, "the last one");
        assert_int_equal(read_answer(cases[i].status, cases[i].body, &token, &error), -1);
        assert_int_equal(error.code, cases[i].code);
        assert_non_null(strstr(error.message, cases[i].said));
        assert_null(strstr(error.message, "s3cr"));
        assert_string_equal(text_string(&token.value), "the last one");
        oauth2_token_free(&token);
    }
}

static void a_page_is_no_token(void **state) {
    struct exchange exchange = {.end = EXCHANGE_ANSWERED, .status = 200};
    struct oauth2_token token = {0};
    struct error error = {0};

    (void)state;
    text_append_string(&exchange.answer, HEAD "}");
    assert_int_equal(oauth2_read_answer(&exchange, &token, &error), -1);
    assert_int_equal(error.code, ERROR_TARGET);
    exchange_clear(&exchange);
}

static void no_answer_is_reported_with_its_reason(void **state) {
    struct exchange exchange = {.end = EXCHANGE_NOT_SENT, .failure = "nobody listens"};
    struct oauth2_token token = {0};
    struct error error = {0};

    (void)state;
    assert_int_equal(oauth2_read_answer(&exchange, &token, &error), -1);
    assert_int_equal(error.code, ERROR_TARGET);
    assert_string_equal(error.message, "nobody listens");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_ends_when_the_answer_says),
        cmocka_unit_test(a_token_ends_by_its_own_claim_where_the_answer_is_silent),
        cmocka_unit_test(an_answer_without_a_token_is_reported_with_its_reason),
        cmocka_unit_test(a_page_is_no_token),
        cmocka_unit_test(no_answer_is_reported_with_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
