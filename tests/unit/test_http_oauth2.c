/* A session that fetches its own token: what it asks for, when, and what happens to the rest where
 * it gets none. */
#define _GNU_SOURCE
#include "base/date.h"
#include "session_fixture.h"

#define CLIENT "rowpost client"
#define SECRET "p:ss w+rd/s3cret%"
/* base64 of "rowpost%20client:p%3Ass%20w%2Brd%2Fs3cret%25" */
#define BASIC "cm93cG9zdCUyMGNsaWVudDpwJTNBc3MlMjB3JTJCcmQlMkZzM2NyZXQlMjU="

#define JSON(status, body)                                                                         \
    "HTTP/1.1 " status "\r\nContent-Type: application/json;charset=UTF-8\r\n"                      \
    "Connection: close\r\n\r\n" body
#define TOKEN(value, lifetime)                                                                     \
    {                                                                                              \
        .send = JSON("200 OK", "{\"access_token\":\"" value                                        \
                               "\",\"token_type\":\"Bearer\",\"expires_in\":" lifetime "}"),       \
        .after = THEN_CLOSE                                                                        \
    }

/* In seconds. A new one is asked for in its second half; until then there is time for a slow
 * machine to send a request with it. */
#define SHORT_LIFE "4"

enum { UNTIL_RENEWAL_MS = 2100, UNTIL_END_MS = 4100 };

/* The endpoint for tokens, the target, and the settings for both. */
struct world {
    struct server issuer;
    struct server target;
    struct text token_url;
    struct session_settings settings;
};

static void world_start(struct world *world, const struct act *tokens, size_t token_count,
                        const struct act *acts, size_t act_count) {
    *world = (struct world){0};
    server_start(&world->issuer, tokens, token_count);
    server_start(&world->target, acts, act_count);
    text_append_format(&world->token_url, "%s/realms/r/token", world->issuer.url);
    world->settings = (struct session_settings){.url = world->target.url,
                                                .answer_timeout_ms = PATIENCE_MS,
                                                .oauth2_token_url = text_string(&world->token_url),
                                                .oauth2_client_id = CLIENT,
                                                .oauth2_client_secret = SECRET};
}

static void world_stop(struct world *world) {
    server_stop(&world->issuer);
    server_stop(&world->target);
}

static void world_free(struct world *world) {
    server_free(&world->issuer);
    server_free(&world->target);
    text_free(&world->token_url);
}

/* Part of the target's n-th request. */
static void expect_carried(const struct world *world, size_t n, const char *token) {
    struct text line = {0};

    text_append_format(&line, "\r\nAuthorization: Bearer %s\r\n", token);
    const char *request = server_request(&world->target, n);
    const char *found = strstr(request, text_string(&line));
    assert_non_null(found);
    assert_null(strstr(found + 3, "Authorization"));
    assert_ptr_equal(strstr(request, "\r\nAuthorization"), found);
    text_free(&line);
}

static void a_token_is_fetched_and_carried(void **state) {
    static const struct act tokens[] = {TOKEN("one.s3cret", "3600")};
    const struct act acts[] = {good, good};
    struct exchange exchange = {0};
    struct world world;
    int64_t moment = 0;
    int64_t before = date_now();

    (void)state;
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = open_session(&world.settings);
    assert_int_equal(session_token_expires(session, &moment), 1);
    assert_true(moment >= before + 3600 * INT64_C(1000000));
    assert_true(moment <= date_now() + 3600 * INT64_C(1000000));
    post(session, &exchange);
    perform(session, &exchange, "GET", "/a", (struct span){0});
    session_close(session);
    world_stop(&world);
    const char *request = server_request(&world.issuer, 0);
    assert_ptr_equal(strstr(request, "POST /realms/r/token HTTP/1.1\r\n"), request);
    assert_non_null(strstr(request, "\r\nAuthorization: Basic " BASIC "\r\n"));
    assert_non_null(strstr(request, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    assert_non_null(strstr(request, "\r\nAccept: application/json\r\n"));
    assert_string_equal(strstr(request, "\r\n\r\n"), "\r\n\r\ngrant_type=client_credentials");
    assert_int_equal(world.issuer.request_count, 1);
    expect_carried(&world, 0, "one.s3cret");
    expect_carried(&world, 1, "one.s3cret");
    world_free(&world);
    exchange_clear(&exchange);
}

static void the_form_says_whom_the_token_is_for(void **state) {
    static const struct {
        const char *audience;
        enum oauth2_client_way way;
        const char *slash; /* after the token URL */
        const char *line;
        const char *form;
    } cases[] = {
        {"valdb2 & co", OAUTH2_CLIENT_IN_HEADER, "", "POST /realms/r/token HTTP",
         "grant_type=client_credentials&audience=valdb2%20%26%20co"},
        {"valdb2", OAUTH2_CLIENT_IN_FORM, "/", "POST /realms/r/token/ HTTP",
         "grant_type=client_credentials&client_id=rowpost%20client&"
         "client_secret=p%3Ass%20w%2Brd%2Fs3cret%25&audience=valdb2"},
        {NULL, OAUTH2_CLIENT_IN_FORM, "", "POST /realms/r/token HTTP",
         "grant_type=client_credentials&client_id=rowpost%20client&"
         "client_secret=p%3Ass%20w%2Brd%2Fs3cret%25"},
    };
    static const struct act tokens[] = {TOKEN("one", "60")};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct world world;

        world_start(&world, tokens, COUNT(tokens), NULL, 0);
        text_append_string(&world.token_url, cases[i].slash);
        world.settings.oauth2_token_url = text_string(&world.token_url);
        world.settings.oauth2_audience = cases[i].audience;
        world.settings.oauth2_client_way = cases[i].way;
        session_close(open_session(&world.settings));
        world_stop(&world);
        const char *request = server_request(&world.issuer, 0);
        assert_ptr_equal(strstr(request, cases[i].line), request);
        assert_string_equal(strstr(request, "\r\n\r\n") + 4, cases[i].form);
        assert_int_equal(strstr(request, "Authorization") != NULL,
                         cases[i].way == OAUTH2_CLIENT_IN_HEADER);
        world_free(&world);
    }
}

/* Posts until the second token is there; returns how many that took. */
static size_t post_until_renewed(struct session *session) {
    struct exchange exchange = {0};
    size_t count = 0;
    int64_t moment = 0;

    do {
        assert_true(count < SERVER_REQUESTS - 1);
        post(session, &exchange);
        assert_int_equal(exchange.status, 200);
        server_pause(50);
        count++;
        assert_int_equal(session_token_expires(session, &moment), 1);
    } while (moment < date_now() + 3000 * INT64_C(1000000));
    exchange_clear(&exchange);
    return count;
}

static void fill_with_good(struct act acts[SERVER_REQUESTS]) {
    for (size_t i = 0; i < SERVER_REQUESTS; i++) {
        acts[i] = good;
    }
}

/* The last one is good until then: nothing waits for the new one. */
static void a_new_token_is_fetched_before_the_last_one_ends(void **state) {
    static const struct act tokens[] = {TOKEN("one.s3cret", SHORT_LIFE),
                                        TOKEN("two.s3cret", "3600")};
    struct act acts[SERVER_REQUESTS];
    struct exchange exchange = {0};
    struct world world;

    (void)state;
    fill_with_good(acts);
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = open_session(&world.settings);
    post(session, &exchange);
    server_pause(UNTIL_RENEWAL_MS);
    size_t count = 1 + post_until_renewed(session);
    post(session, &exchange);
    session_close(session);
    world_stop(&world);
    assert_int_equal(world.issuer.request_count, 2);
    expect_carried(&world, 0, "one.s3cret");
    expect_carried(&world, count, "two.s3cret");
    world_free(&world);
    exchange_clear(&exchange);
}

static void while_the_last_token_is_good_the_endpoint_may_fail(void **state) {
    static const struct act tokens[] = {TOKEN("one.s3cret", SHORT_LIFE),
                                        {.send = JSON("503 Busy", "{}"), .after = THEN_CLOSE},
                                        {.after = THEN_CLOSE},
                                        TOKEN("two.s3cret", "3600")};
    struct act acts[SERVER_REQUESTS];
    struct world world;

    (void)state;
    fill_with_good(acts);
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = open_session(&world.settings);
    server_pause(UNTIL_RENEWAL_MS);
    post_until_renewed(session);
    session_close(session);
    world_stop(&world);
    assert_int_equal(world.issuer.request_count, 4);
    world_free(&world);
}

#define TURNED_AWAY                                                                                \
    { .send = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n" }

static void an_exchange_that_is_turned_away_leaves_once_more_with_a_new_token(void **state) {
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    static const struct act tokens[] = {TOKEN("one.s3cret", "null"), TOKEN("two.s3cret", "null")};
    static const struct act acts[] = {TURNED_AWAY, {.send = OK("2", "{}")}};

    (void)state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        struct exchange exchange = {0};
        struct world world;

        world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
        struct session *session = open_session(&world.settings);
        perform(session, &exchange, methods[i], "/a", (struct span){0});
        assert_int_equal(exchange.status, 200);
        session_close(session);
        world_stop(&world);
        assert_int_equal(world.target.request_count, 2);
        expect_carried(&world, 0, "one.s3cret");
        expect_carried(&world, 1, "two.s3cret");
        world_free(&world);
        exchange_clear(&exchange);
    }
}

static void an_exchange_that_is_turned_away_twice_is_answered(void **state) {
    static const struct act tokens[] = {TOKEN("one.s3cret", "60"), TOKEN("two.s3cret", "60")};
    static const struct act acts[] = {TURNED_AWAY, TURNED_AWAY};
    struct exchange exchange = {0};
    struct world world;

    (void)state;
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = open_session(&world.settings);
    post(session, &exchange);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_int_equal(exchange.status, 401);
    session_close(session);
    world_stop(&world);
    assert_int_equal(world.target.request_count, 2);
    assert_int_equal(world.issuer.request_count, 2);
    world_free(&world);
    exchange_clear(&exchange);
}

/* Nothing is sent with a token that was turned away. */
static void without_a_new_token_the_401_stays_and_nothing_more_is_sent(void **state) {
    static const struct act tokens[] = {
        TOKEN("one.s3cret", "60"),
        {.send = JSON("401 No", "{\"error\":\"invalid_client\"}"), .after = THEN_CLOSE},
        {.send = JSON("200 OK", "{\"error\":\"invalid_client\"}"), .after = THEN_CLOSE}};
    static const struct act acts[] = {TURNED_AWAY};
    struct exchange exchange = {0};
    struct error error = {0};
    struct world world;

    (void)state;
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = open_session(&world.settings);
    post(session, &exchange);
    assert_int_equal(exchange.status, 401);
    assert_int_equal(session_perform(session, &exchange, &error), -1);
    assert_int_equal(error.code, ERROR_SESSION);
    assert_non_null(strstr(error.message, "200 invalid_client"));
    session_close(session);
    world_stop(&world);
    assert_int_equal(world.target.request_count, 1);
    world_free(&world);
    exchange_clear(&exchange);
}

/* A request that leaves late may have the new token already; however many had the old one, one new
 * token is asked for. */
static void many_that_are_turned_away_ask_for_one_token(void **state) {
    static const struct act tokens[] = {TOKEN("one.s3cret", "60"), TOKEN("two.s3cret", "60")};
    static const struct act turned_away = TURNED_AWAY;
    struct act acts[16];
    struct exchange exchanges[COUNT(acts) / 2] = {0};
    struct error error = {0};
    struct world world;
    size_t ended = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(acts); i++) {
        acts[i] = good;
    }
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    world.target.turned_away = &turned_away;
    world.target.turned_away_word = "one.s3cret";
    struct session *session = open_session(&world.settings);
    for (size_t i = 0; i < COUNT(exchanges); i++) {
        exchanges[i].method = "POST";
        text_append_string(&exchanges[i].path, "/");
        assert_int_equal(session_send(session, &exchanges[i], &error), 0);
    }
    while (session_wait(session, PATIENCE_MS) != NULL) {
        ended++;
        while (session_take(session) != NULL) {
            ended++;
        }
    }
    session_close(session);
    world_stop(&world);
    assert_int_equal(ended, COUNT(exchanges));
    assert_int_equal(world.issuer.request_count, 2);
    assert_in_range(world.target.request_count, COUNT(exchanges) + 1, COUNT(acts));
    for (size_t i = 0; i < COUNT(exchanges); i++) {
        assert_int_equal(exchanges[i].status, 200);
        exchange_clear(&exchanges[i]);
    }
    world_free(&world);
}

static void a_token_of_unknown_end_is_kept(void **state) {
    static const struct act tokens[] = {TOKEN("one.s3cret", "null")};
    const struct act acts[] = {good, good};
    struct exchange exchange = {0};
    struct world world;
    int64_t moment = 0;

    (void)state;
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = open_session(&world.settings);
    assert_int_equal(session_token_expires(session, &moment), 0);
    post(session, &exchange);
    post(session, &exchange);
    session_close(session);
    world_stop(&world);
    assert_int_equal(world.issuer.request_count, 1);
    world_free(&world);
    exchange_clear(&exchange);
}

/* Starts an exchange that the target holds, and lets the token end meanwhile. */
static struct session *send_slowly(struct world *world, struct exchange *slow) {
    struct session *session = open_session(&world->settings);
    struct error error = {0};

    slow->method = "POST";
    slow->body = span_of("{}");
    text_append_string(&slow->path, "/slow");
    assert_int_equal(session_send(session, slow, &error), 0);
    assert_null(session_wait(session, UNTIL_END_MS));
    return session;
}

static void an_exchange_under_way_is_not_touched_by_a_new_token(void **state) {
    static const struct act tokens[] = {TOKEN("one.s3cret", SHORT_LIFE),
                                        TOKEN("two.s3cret", "3600")};
    static const struct act acts[] = {{.send = OK("2", "{}"), .pause_ms = SERVER_HELD},
                                      {.send = OK("2", "{}")}};
    struct exchange slow = {0};
    struct exchange next = {.method = "GET"};
    struct error error = {0};
    struct world world;
    size_t ended = 0;

    (void)state;
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = send_slowly(&world, &slow);
    text_append_string(&next.path, "/next");
    assert_int_equal(session_send(session, &next, &error), 0);
    server_go_on(&world.target);
    while (session_wait(session, PATIENCE_MS) != NULL) {
        ended++;
    }
    assert_int_equal(ended, 2);
    assert_int_equal(slow.status, 200);
    assert_int_equal(next.status, 200);
    session_close(session);
    world_stop(&world);
    expect_carried(&world, 0, "one.s3cret");
    expect_carried(&world, 1, "two.s3cret");
    assert_int_equal(world.target.request_count, 2);
    world_free(&world);
    exchange_clear(&slow);
    exchange_clear(&next);
}

static void an_exchange_under_way_survives_that_no_new_token_comes(void **state) {
    static const struct act tokens[] = {
        TOKEN("one.s3cret", SHORT_LIFE),
        {.send = JSON("503 Busy", "{}"), .after = THEN_CLOSE},
        {.send = JSON("401 No", "{\"error\":\"invalid_client\"}"), .after = THEN_CLOSE},
        TOKEN("two.s3cret", "3600")};
    static const struct act acts[] = {{.send = OK("2", "{}"), .pause_ms = SERVER_HELD},
                                      {.send = OK("2", "{}")}};
    static const enum error_code codes[] = {ERROR_TARGET, ERROR_SESSION};
    struct exchange slow = {0};
    struct exchange next = {.method = "POST"};
    struct world world;

    (void)state;
    world_start(&world, tokens, COUNT(tokens), acts, COUNT(acts));
    struct session *session = send_slowly(&world, &slow);
    text_append_string(&next.path, "/next");
    for (size_t i = 0; i < COUNT(codes); i++) {
        struct error error = {0};

        assert_int_equal(session_send(session, &next, &error), -1);
        assert_int_equal(error.code, codes[i]);
    }
    server_go_on(&world.target);
    assert_ptr_equal(session_wait(session, PATIENCE_MS), &slow);
    assert_int_equal(slow.status, 200);
    struct error error = {0};
    assert_int_equal(session_perform(session, &next, &error), 0);
    assert_int_equal(next.status, 200);
    session_close(session);
    world_stop(&world);
    assert_int_equal(world.target.request_count, 2);
    expect_carried(&world, 1, "two.s3cret");
    world_free(&world);
    exchange_clear(&slow);
    exchange_clear(&next);
}

static void a_session_without_a_token_does_not_open(void **state) {
    static const struct {
        struct act act;
        enum error_code code;
        const char *said;
    } cases[] = {
        {{.send = JSON("401 Unauthorized",
                       "{\"error\":\"invalid_client\",\"error_description\":\"" SECRET "\"}")},
         ERROR_SESSION,
         "401 invalid_client"},
        {{.send = JSON("400 Bad", "{\"error\":\"" SECRET "\"}")}, ERROR_SESSION, "400"},
        {{.send = "HTTP/1.1 302 Found\r\nLocation: /s3cret\r\nContent-Length: 0\r\n\r\n"},
         ERROR_TARGET,
         "302"},
        {{.send = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\ns3cret"},
         ERROR_TARGET,
         "without a bearer token"},
        {{.send = JSON("200 OK", "{\"access_token\":\"a b\"}"), .after = THEN_CLOSE},
         ERROR_TARGET,
         "without a bearer token"},
        {{.after = THEN_CLOSE}, ERROR_TARGET, "before an answer came"},
        {{.after = THEN_RESET}, ERROR_TARGET, "before an answer came"},
        {{.after = THEN_KEEP}, ERROR_TARGET, "timed out"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct act act = cases[i].act;
        struct error error = {0};
        struct world world;

        act.after = act.send != NULL ? THEN_CLOSE : act.after;
        world_start(&world, &act, 1, NULL, 0);
        if (act.after == THEN_KEEP) {
            world.settings.answer_timeout_ms = SHORT_MS;
        }
        assert_null(session_open(&world.settings, &error));
        world_stop(&world);
        assert_int_equal(error.code, cases[i].code);
        assert_non_null(strstr(error.message, cases[i].said));
        assert_non_null(strstr(error.message, text_string(&world.token_url)));
        assert_null(strstr(error.message, "s3cret"));
        assert_int_equal(world.issuer.request_count, 1);
        assert_int_equal(world.target.connections, 0);
        world_free(&world);
    }
}

static void nobody_at_the_token_url_is_reported(void **state) {
    struct error error = {0};
    struct world world;

    (void)state;
    world_start(&world, NULL, 0, NULL, 0);
    world_stop(&world);
    assert_null(session_open(&world.settings, &error));
    assert_int_equal(error.code, ERROR_TARGET);
    assert_non_null(strstr(error.message, "connect to 127.0.0.1"));
    assert_null(strstr(error.message, "s3cret"));
    world_free(&world);
}

static void settings_that_do_not_go_together_are_refused(void **state) {
#define TARGET .url = "https://target.invalid"
#define NEEDED .oauth2_client_id = "c", .oauth2_client_secret = "s3cret"
    static const struct {
        struct session_settings settings;
        const char *said;
    } cases[] = {
        {{TARGET, .oauth2_token_url = "https://issuer.invalid"}, "needs a token URL"},
        {{TARGET, NEEDED}, "needs a token URL"},
        {{TARGET, .oauth2_audience = "valdb2"}, "needs a token URL"},
        {{TARGET, NEEDED, .oauth2_token_url = ""}, "needs a token URL"},
        {{TARGET, .oauth2_token_url = "https://issuer.invalid", .oauth2_client_id = "c"},
         "a client secret"},
        {{TARGET, .oauth2_token_url = "https://issuer.invalid", .oauth2_client_id = "c",
          .oauth2_client_secret = ""},
         "a client secret"},
        {{TARGET, NEEDED, .oauth2_token_url = "http://issuer.invalid/token"}, "in the clear"},
        {{TARGET, NEEDED, .oauth2_token_url = "issuer.invalid"}, "the token URL"},
        {{TARGET, NEEDED, .oauth2_token_url = "https://me:s3cret@issuer.invalid"},
         "the token URL must not hold a user name"},
        {{TARGET, NEEDED, .oauth2_token_url = "https://issuer.invalid/?a=s3cret"}, "query"},
        {{TARGET, NEEDED, .oauth2_token_url = "https://issuer.invalid", .token = "s3cret"},
         "both given"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error error = {0};

        assert_null(session_open(&cases[i].settings, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.message, cases[i].said));
        assert_null(strstr(error.message, "s3cret"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_fetched_and_carried),
        cmocka_unit_test(the_form_says_whom_the_token_is_for),
        cmocka_unit_test(a_new_token_is_fetched_before_the_last_one_ends),
        cmocka_unit_test(while_the_last_token_is_good_the_endpoint_may_fail),
        cmocka_unit_test(an_exchange_that_is_turned_away_leaves_once_more_with_a_new_token),
        cmocka_unit_test(an_exchange_that_is_turned_away_twice_is_answered),
        cmocka_unit_test(without_a_new_token_the_401_stays_and_nothing_more_is_sent),
        cmocka_unit_test(many_that_are_turned_away_ask_for_one_token),
        cmocka_unit_test(a_token_of_unknown_end_is_kept),
        cmocka_unit_test(an_exchange_under_way_is_not_touched_by_a_new_token),
        cmocka_unit_test(an_exchange_under_way_survives_that_no_new_token_comes),
        cmocka_unit_test(a_session_without_a_token_does_not_open),
        cmocka_unit_test(nobody_at_the_token_url_is_reported),
        cmocka_unit_test(settings_that_do_not_go_together_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
