/* The session against a server that answers by a script: one behaviour a test. */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "base/date.h"
#include "session_fixture.h"

static void read_file(const char *path, struct text *content) {
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    for (int byte = fgetc(file); byte != EOF; byte = fgetc(file)) {
        text_append_char(content, (char)byte);
    }
    fclose(file);
}

static void a_connection_is_used_again(void **state) {
    const struct act acts[] = {good, good, good};
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    perform(session, &exchange, "POST", "/a", span_of("{}"));
    perform(session, &exchange, "GET", "/b", (struct span){0});
    perform(session, &exchange, "POST", "/c", span_of("{}"));
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.request_count, 3);
    assert_int_equal(server.connections, 1);
    server_free(&server);
    exchange_clear(&exchange);
}

static void requests_look_as_the_api_wants_them(void **state) {
    static const struct {
        const char *method;
        const char *body;
        const char *line;
        const char *end; /* of the request */
        bool has_type;
    } cases[] = {
        {"POST", "{\"a\":1}", "POST /v1/api/users/ HTTP/1.1\r\n", "\r\n\r\n{\"a\":1}", true},
        {"GET", NULL, "GET /v1/api/users/ HTTP/1.1\r\n", "\r\n\r\n", false},
        {"PUT", "[]", "PUT /v1/api/users/ HTTP/1.1\r\n", "\r\n\r\n[]", true},
        {"DELETE", NULL, "DELETE /v1/api/users/ HTTP/1.1\r\n", "\r\n\r\n", false},
        {"DELETE", "{}", "DELETE /v1/api/users/ HTTP/1.1\r\n", "\r\n\r\n{}", true},
        {"POST", NULL, "POST /v1/api/users/ HTTP/1.1\r\n", "\r\n\r\n", true},
        {"GET", NULL, "GET /v1/api/users/ HTTP/1.1\r\n", "\r\n\r\n", false},
    };
    const struct act acts[] = {good, good, good, good, good, good, good};
    struct server server;
    struct exchange exchange = {0};
    struct text url = {0};

    (void)state;
    server_start(&server, acts, COUNT(acts));
    text_append_format(&url, "%s/v1/", server.url);
    struct session *session = open_plain(text_string(&url));
    for (size_t i = 0; i < COUNT(cases); i++) {
        perform(session, &exchange, cases[i].method, "/api/users/", span_of(cases[i].body));
        assert_int_equal(exchange.status, 200);
    }
    session_close(session);
    server_stop(&server);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *request = server_request(&server, i);
        assert_ptr_equal(strstr(request, cases[i].line), request);
        assert_string_equal(request + strlen(request) - strlen(cases[i].end), cases[i].end);
        assert_non_null(strstr(request, "\r\nAccept: application/json\r\n"));
        assert_non_null(strstr(request, "\r\nUser-Agent: rowpost/" ROWPOST_VERSION "\r\n"));
        assert_int_equal(strstr(request, "\r\nContent-Type: application/json\r\n") != NULL,
                         cases[i].has_type);
        assert_null(strstr(request, "Expect"));
        assert_null(strstr(request, "Authorization"));
        assert_null(strstr(request, "Cookie"));
    }
    server_free(&server);
    exchange_clear(&exchange);
    text_free(&url);
}

static void a_large_body_leaves_whole_and_unasked(void **state) {
    struct server server;
    struct exchange exchange = {0};
    struct text body = {0};

    (void)state;
    memset(text_reserve(&body, 3000000), 'y', 3000000);
    body.length = 3000000;
    text_terminate(&body);
    server_start(&server, &good, 1);
    struct session *session = open_plain(server.url);
    perform(session, &exchange, "POST", "/", text_span(&body));
    assert_int_equal(exchange.status, 200);
    session_close(session);
    server_stop(&server);
    assert_null(strstr(server_request(&server, 0), "Expect"));
    assert_non_null(strstr(server_request(&server, 0), text_string(&body)));
    server_free(&server);
    exchange_clear(&exchange);
    text_free(&body);
}

static void a_path_is_sent_as_it_is(void **state) {
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, &good, 1);
    struct session *session = open_plain(server.url);
    perform(session, &exchange, "GET", "/api/get/../%2e%2E/a%20b/?x=%5E", (struct span){0});
    session_close(session);
    server_stop(&server);
    assert_non_null(strstr(server_request(&server, 0), "GET /api/get/../%2e%2E/a%20b/?x=%5E HTTP"));
    server_free(&server);
    exchange_clear(&exchange);
}

static void a_cookie_is_sent_and_its_renewal_after_it(void **state) {
    static const struct act acts[] = {
        {.send = OK("2", "{}")},
        {.send = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                 "Set-Cookie: session=renewed; HttpOnly; Path=/\r\n\r\n{}"},
        {.send = OK("2", "{}")}};
    struct server server;
    struct exchange exchange = {0};
    struct error error = {0};
    struct text saved = {0};
    struct stat status;
    char path[32];

    (void)state;
    write_cookie_file(path, "FALSE");
    server_start(&server, acts, COUNT(acts));
    struct session *session =
        open_session(&(struct session_settings){.url = server.url, .cookie_file = path});
    for (size_t i = 0; i < COUNT(acts); i++) {
        post(session, &exchange);
    }
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(session_save_cookies(session, path, &error), 0);
    session_close(session);
    server_stop(&server);
    assert_non_null(strstr(server_request(&server, 0), "\r\nCookie: session=c00kie-s3cret\r\n"));
    assert_non_null(strstr(server_request(&server, 1), "\r\nCookie: session=c00kie-s3cret\r\n"));
    assert_non_null(strstr(server_request(&server, 2), "\r\nCookie: session=renewed\r\n"));
    read_file(path, &saved);
    assert_string_equal(text_string(&saved), "#HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\t"
                                             "session\trenewed\n");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    unlink(path);
    server_free(&server);
    exchange_clear(&exchange);
    text_free(&saved);
}

static void a_secure_cookie_is_sent_to_loopback(void **state) {
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, &good, 1);
    struct session *session = open_with_cookie(server.url, "TRUE");
    post(session, &exchange);
    session_close(session);
    server_stop(&server);
    assert_non_null(strstr(server_request(&server, 0), "\r\nCookie: session=c00kie-s3cret\r\n"));
    server_free(&server);
    exchange_clear(&exchange);
}

static void a_token_is_sent_with_every_request(void **state) {
    const struct act acts[] = {good, good};
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session =
        open_session(&(struct session_settings){.url = server.url, .token = SECRET_TOKEN});
    post(session, &exchange);
    perform(session, &exchange, "GET", "/", (struct span){0});
    session_close(session);
    server_stop(&server);
    for (size_t i = 0; i < 2; i++) {
        assert_non_null(
            strstr(server_request(&server, i), "\r\nAuthorization: Bearer t0ken.s3cret\r\n"));
    }
    server_free(&server);
    exchange_clear(&exchange);
}

static void a_token_is_sent_as_the_service_wants_it(void **state) {
    static const struct {
        enum auth_scheme scheme;
        const char *header;
        const char *token;
        const char *line;
        const char *secret; /* what must be in no answer */
    } cases[] = {
        {AUTH_UNSAID, NULL, SECRET_TOKEN, "Authorization: Bearer " SECRET_TOKEN, SECRET_TOKEN},
        {AUTH_BEARER, NULL, SECRET_TOKEN, "Authorization: Bearer " SECRET_TOKEN, SECRET_TOKEN},
        {AUTH_TOKEN, NULL, SECRET_TOKEN, "Authorization: token " SECRET_TOKEN, SECRET_TOKEN},
        {AUTH_UNSAID, "X-Redmine-API-Key", SECRET_TOKEN, "X-Redmine-API-Key: " SECRET_TOKEN,
         SECRET_TOKEN},
        {AUTH_BEARER, "X-Auth", SECRET_TOKEN, "X-Auth: Bearer " SECRET_TOKEN, SECRET_TOKEN},
        {AUTH_BASIC, NULL, "user:abcd efgh ijkl",
         "Authorization: Basic dXNlcjphYmNkIGVmZ2ggaWprbA==", "abcd efgh ijkl"},
        {AUTH_BASIC, NULL, "user:abcd efgh ijkl",
         "Authorization: Basic dXNlcjphYmNkIGVmZ2ggaWprbA==", "dXNlcjphYmNkIGVmZ2ggaWprbA=="},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text answer = {0};
        struct text line = {0};
        struct server server;
        struct exchange exchange = {0};

        text_append_format(&answer, "HTTP/1.1 403 No\r\nContent-Length: %zu\r\n\r\n<%s>",
                           strlen(cases[i].secret) + 2, cases[i].secret);
        server_start(&server, &(struct act){.send = text_string(&answer)}, 1);
        struct session *session =
            open_session(&(struct session_settings){.url = server.url,
                                                    .token = cases[i].token,
                                                    .auth_scheme = cases[i].scheme,
                                                    .auth_header = cases[i].header});
        post(session, &exchange);
        session_close(session);
        server_stop(&server);
        text_append_format(&line, "\r\n%s\r\n", cases[i].line);
        assert_non_null(strstr(server_request(&server, 0), text_string(&line)));
        assert_int_equal(exchange.status, 403);
        assert_null(strstr(text_string(&exchange.answer), cases[i].secret));
        server_free(&server);
        exchange_clear(&exchange);
        text_free(&answer);
        text_free(&line);
    }
}

static void a_redirect_is_not_followed(void **state) {
    static const struct act acts[] = {
        {.send = "HTTP/1.1 302 FOUND\r\nContent-Type: text/HTML; charset=utf-8\r\n"
                 "Location: /oauth2/auth?state=c00kie-s3cret#x\r\nContent-Length: 0\r\n\r\n"}};
    struct server server;
    struct exchange exchange = {0};

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    post(session, &exchange);
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.request_count, 1);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_int_equal(exchange.status, 302);
    assert_string_equal(exchange.content_type, "text/html");
    assert_string_equal(text_string(&exchange.location), "/oauth2/auth");
    server_free(&server);
    exchange_clear(&exchange);
}

static void the_content_type_shows_json(void **state) {
    static const struct {
        const char *header;
        bool is_json;
        const char *type;
    } cases[] = {
        {"Content-Type: application/json", true, "application/json"},
        {"content-type: Application/JSON;charset=utf-8", true, "application/json"},
        {"Content-Type: application/json ; charset=utf-8", true, "application/json"},
        {"Content-Type: text/json", true, "text/json"},
        {"Content-Type: application/problem+json", true, "application/problem+json"},
        {"Content-Type: Application/vnd.api+JSON; v=1", true, "application/vnd.api+json"},
        {"Content-Type: application/hal+json;charset=utf-8", true, "application/hal+json"},
        {"Content-Type: application/vnd.a-name-that-is-longer-than-what-is-kept+json", true,
         "application/vnd.a-name-that-is-longer-than-what"},
        {"Content-Type: application/+json", false, "application/+json"},
        {"Content-Type: text/html; note=application/json", false, "text/html"},
        {"Content-Type: application/jsonx", false, "application/jsonx"},
        {"X-Nothing: 1", false, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text answer = {0};
        struct exchange exchange = {0};

        text_append_format(&answer, "HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 0\r\n\r\n",
                           cases[i].header);
        post_once(&(struct act){.send = text_string(&answer)}, &exchange);
        assert_int_equal(exchange.is_json, cases[i].is_json);
        assert_string_equal(exchange.content_type, cases[i].type);
        exchange_clear(&exchange);
        text_free(&answer);
    }
}

static void without_a_type_the_content_shows_json(void **state) {
    static const struct {
        const char *body;
        bool is_json;
    } cases[] = {{"{}", true}, {" [1]", true}, {"<p>", false}, {"", false}, {"ok", false}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text answer = {0};
        struct exchange exchange = {0};

        text_append_format(&answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                           strlen(cases[i].body), cases[i].body);
        post_once(&(struct act){.send = text_string(&answer)}, &exchange);
        assert_int_equal(exchange.is_json, cases[i].is_json);
        exchange_clear(&exchange);
        text_free(&answer);
    }
}

static void the_place_of_a_record_is_read_from_any_answer(void **state) {
    static const struct {
        const char *status;
        const char *location;
        const char *read;
    } cases[] = {
        {"201 Created", "/users/7?full=1#x", "/users/7?full=1"},
        {"202 Accepted", "https://a.example/jobs/7", "https://a.example/jobs/7"},
        {"200 OK", "/users/7", "/users/7"},
        {"302 Found", "/login?state=c00kie-s3cret", "/login"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text answer = {0};
        struct exchange exchange = {0};

        text_append_format(&answer, "HTTP/1.1 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                           cases[i].status, cases[i].location);
        post_once(&(struct act){.send = text_string(&answer)}, &exchange);
        assert_string_equal(text_string(&exchange.location), cases[i].read);
        exchange_clear(&exchange);
        text_free(&answer);
    }
}

/* What is sent is POST BASE/v1/api/users/. */
static void a_redirect_of_the_same_path_shows_the_right_address(void **state) {
    static const struct {
        const char *location;
        const char *moved_to;
        bool moves_slash;
    } cases[] = {
        {"https://127.0.0.1/v1/api/users/", "https://127.0.0.1/v1", false},
        {"https://www.example.org/v1/api/users/?x=s3cret", "https://www.example.org/v1", false},
        {"https://www.example.org/v1/api/users", "https://www.example.org/v1", false},
        {"//www.example.org:81/v1/api/users/", "http://www.example.org:81/v1", false},
        {"/v2/api/users/", "http://127.0.0.1:PORT/v2", false},
        {"/api/users/", "http://127.0.0.1:PORT", false},
        {"/v1/api/users", "", true},
        {"/v1/api/users/", "", false},
        {"/oauth2/auth?rd=/v1/api/users/", "", false},
        {"https://login.example.org/", "", false},
        {"https://me:s3cret@www.example.org/v1/api/users/", "", false},
        {"::", "", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text answer = {0};
        struct text url = {0};
        struct exchange exchange = {0};
        struct server server;

        text_append_format(&answer,
                           "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
                           cases[i].location);
        server_start(&server, &(struct act){.send = text_string(&answer)}, 1);
        text_append_format(&url, "%s/v1", server.url);
        struct session *session = open_plain(text_string(&url));
        perform(session, &exchange, "POST", "/api/users/", span_of("{}"));
        session_close(session);
        server_stop(&server);
        assert_int_equal(exchange.status, 302);
        assert_int_equal(exchange.moves_slash, cases[i].moves_slash);
        if (strstr(cases[i].moved_to, "PORT") != NULL) {
            assert_ptr_equal(strstr(text_string(&exchange.moved_to), server.url),
                             text_string(&exchange.moved_to));
        } else {
            assert_string_equal(text_string(&exchange.moved_to), cases[i].moved_to);
        }
        server_free(&server);
        exchange_clear(&exchange);
        text_free(&answer);
        text_free(&url);
    }
}

static void retry_after_is_read(void **state) {
    static const struct {
        const char *answer;
        long least;
        long most;
    } cases[] = {
        {"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 7000, 7000},
        {"HTTP/1.1 503 Busy\r\nRetry-After: Fri, 31 Dec 2100 23:59:59 GMT\r\n"
         "Content-Length: 0\r\n\r\n",
         3600000, 3600000},
        {"HTTP/1.1 503 Busy\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
         "Content-Length: 0\r\n\r\n",
         0, 0},
        /* The server's clock is years earlier than ours. */
        {"HTTP/1.1 503 Busy\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
         "Date: Fri, 31 Dec 1999 23:59:54 GMT\r\nContent-Length: 0\r\n\r\n",
         5000, 5000},
        {"HTTP/1.1 503 Busy\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", -1, -1},
        {"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", -1, -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct exchange exchange = {0};

        post_once(&(struct act){.send = cases[i].answer}, &exchange);
        assert_in_range(exchange.retry_after_ms + 1, cases[i].least + 1, cases[i].most + 1);
        exchange_clear(&exchange);
    }
}

static void several_exchanges_are_under_way_at_once(void **state) {
    struct act acts[24];
    struct exchange exchanges[COUNT(acts)] = {0};
    struct server server;
    struct error error = {0};
    size_t ended = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(acts); i++) {
        acts[i] = good;
    }
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    assert_null(session_wait(session, 10));
    for (size_t i = 0; i < COUNT(acts); i++) {
        exchanges[i].method = "POST";
        exchanges[i].body = span_of("{}");
        text_append_format(&exchanges[i].path, "/%zu/", i);
        assert_int_equal(session_send(session, &exchanges[i], &error), 0);
    }
    assert_int_equal(session_perform(session, &exchanges[0], &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    for (struct exchange *exchange = session_wait(session, PATIENCE_MS); exchange != NULL;
         exchange = session_wait(session, PATIENCE_MS)) {
        assert_in_range(exchange - exchanges, 0, COUNT(exchanges) - 1);
        assert_int_equal(exchange->status, 200);
        exchange->status = 0; /* once each */
        ended++;
    }
    assert_int_equal(ended, COUNT(acts));
    session_close(session);
    server_stop(&server);
    assert_int_equal(server.request_count, COUNT(acts));
    server_free(&server);
    for (size_t i = 0; i < COUNT(acts); i++) {
        exchange_clear(&exchanges[i]);
    }
}

static void waiting_ends_when_the_time_is_up(void **state) {
    static const struct act act = {.after = THEN_KEEP};
    struct exchange exchange = {.method = "POST", .body = {"{}", 2}};
    struct server server;
    struct error error = {0};

    (void)state;
    server_start(&server, &act, 1);
    struct session *session = open_plain(server.url);
    text_append_string(&exchange.path, "/");
    assert_int_equal(session_send(session, &exchange, &error), 0);
    int64_t before = date_now();
    assert_null(session_wait(session, 0));
    assert_null(session_wait(session, 100));
    assert_true(date_now() - before >= 90000);
    session_abandon(session);
    assert_int_equal(exchange.end, EXCHANGE_LOST);
    assert_null(session_wait(session, PATIENCE_MS));
    session_close(session);
    server_stop(&server);
    server_free(&server);
    exchange_clear(&exchange);
}

static void an_exchange_is_timed(void **state) {
    static const struct act act = {.send = OK("2", "{}"), .pause_ms = 50};
    struct exchange exchange = {0};
    int64_t before = date_now();

    (void)state;
    post_once(&act, &exchange);
    assert_in_range(exchange.started, before, date_now());
    assert_in_range(exchange.duration, 50000, date_now() - before);
    exchange_clear(&exchange);
}

static void an_exchange_can_be_used_again(void **state) {
    static const struct act acts[] = {
        {.send = "HTTP/1.1 302 FOUND\r\nContent-Type: application/json\r\nLocation: /x\r\n"
                 "Retry-After: 1\r\nContent-Length: 2\r\n\r\n{}"},
        {.after = THEN_CLOSE},
        {.send = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}};
    struct exchange exchange = {0};
    struct server server;

    (void)state;
    server_start(&server, acts, COUNT(acts));
    struct session *session = open_plain(server.url);
    post(session, &exchange);
    assert_int_equal(exchange.status, 302);
    post(session, &exchange);
    assert_int_equal(exchange.end, EXCHANGE_LOST);
    assert_int_equal(exchange.status, 0);
    post(session, &exchange);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_int_equal(exchange.status, 200);
    assert_false(exchange.is_json);
    assert_string_equal(exchange.content_type, "");
    assert_string_equal(exchange.failure, "");
    assert_int_equal(exchange.answer.length, 0);
    assert_int_equal(exchange.location.length, 0);
    assert_int_equal(exchange.retry_after_ms, -1);
    session_close(session);
    server_stop(&server);
    server_free(&server);
    exchange_clear(&exchange);
}

static void an_unknown_method_is_a_mistake(void **state) {
    struct exchange exchange = {.method = "TRACE"};
    struct error error = {0};
    struct session *session = open_plain("http://127.0.0.1:1");

    (void)state;
    assert_int_equal(session_perform(session, &exchange, &error), -1);
    assert_int_equal(error.code, ERROR_INTERNAL);
    session_close(session);
    exchange_clear(&exchange);
}

static void settings_that_cannot_be_are_refused(void **state) {
    static const struct {
        struct session_settings settings;
        enum error_code code;
        const char *message; /* part of it */
    } cases[] = {
        {{.url = "target.example.org"}, ERROR_USAGE, "https://host"},
        {{.url = ""}, ERROR_USAGE, "https://host"},
        {{.url = "ftp://target.example.org"}, ERROR_USAGE, "http:// or https://"},
        {{.url = "https://target.example.org:port"}, ERROR_USAGE, "ort number"},
        {{.url = "https://me:s3cret@target.example.org"}, ERROR_USAGE, "password"},
        {{.url = "https://me:s3cret@target.example.org:port"}, ERROR_USAGE, "URL"},
        {{.url = "https://target.example.org/?token=s3cret"}, ERROR_USAGE, "query"},
        {{.url = "https://target.example.org/#s3cret"}, ERROR_USAGE, "fragment"},
        {{.url = "https://b\xff.example"}, ERROR_USAGE, "host"}, /* words of libcurl's, or ours */
        {{.url = "https://a.org", .token = ""}, ERROR_INPUT, "token is empty"},
        {{.url = "https://a.org", .token = "s3cret\r\nX: y"}, ERROR_INPUT, "token"},
        {{.url = "https://a.org", .token = "s3cret", .auth_scheme = AUTH_BASIC},
         ERROR_INPUT,
         "user:password"},
        {{.url = "https://a.org", .token = ":s3cret", .auth_scheme = AUTH_BASIC},
         ERROR_INPUT,
         "user:password"},
        {{.url = "https://a.org", .token = "me:s3\ncret", .auth_scheme = AUTH_BASIC},
         ERROR_INPUT,
         "one line"},
        {{.url = "https://a.org", .auth_scheme = AUTH_TOKEN}, ERROR_USAGE, "there is no token"},
        {{.url = "https://a.org", .auth_header = "X-Key"}, ERROR_USAGE, "there is no token"},
        {{.url = "https://a.org", .auth_scheme = AUTH_COOKIES}, ERROR_USAGE, "no cookie file"},
        {{.url = "https://a.org",
          .cookie_file = "/nowhere",
          .token = "s3cret",
          .auth_scheme = AUTH_COOKIES},
         ERROR_USAGE,
         "nothing else can"},
        {{.url = "https://a.org", .token = "s3cret", .auth_header = "X Key"},
         ERROR_USAGE,
         "no valid name"},
        {{.url = "https://a.org", .token = "s3cret", .auth_header = "X-Key: a\r\nY"},
         ERROR_USAGE,
         "no valid name"},
        {{.url = "https://a.org", .token = "s3cret", .auth_header = "content-length"},
         ERROR_USAGE,
         "another purpose"},
        {{.url = "https://a.org", .ca_file = "/nowhere/ca.pem"}, ERROR_INPUT, "/nowhere/ca.pem"},
        {{.url = "https://a.org", .cookie_file = "/nowhere/c.txt"}, ERROR_INPUT, "/nowhere/c.txt"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error error = {0};

        assert_null(session_open(&cases[i].settings, &error));
        assert_int_equal(error.code, cases[i].code);
        assert_non_null(strstr(error.message, cases[i].message));
        assert_null(strstr(error.message, "s3cret"));
    }
}

static void the_url_has_no_slash_at_its_end(void **state) {
    struct session *session = open_plain("https://Target.example.org:8443/prefix//");

    (void)state;
    assert_string_equal(session_url(session), "https://Target.example.org:8443/prefix");
    session_close(session);
}

static void a_host_name_in_other_letters_gets_its_ascii_form(void **state) {
    struct exchange exchange = {0};
    struct server proxy;
    struct session *session = open_plain("https://b\xc3\xbc"
                                         "cher.example/v1");

    (void)state;
    assert_string_equal(session_url(session), "https://xn--bcher-kva.example/v1");
    session_close(session);
    server_start(&proxy, &good, 1);
    setenv("http_proxy", proxy.url, 1);
    session = open_plain("http://b\xc3\xbc"
                         "cher.example/v1");
    perform(session, &exchange, "GET", "/api/", (struct span){0});
    unsetenv("http_proxy");
    session_close(session);
    server_stop(&proxy);
    assert_non_null(
        strstr(server_request(&proxy, 0), "GET http://xn--bcher-kva.example/v1/api/ HTTP/1.1\r\n"));
    assert_non_null(strstr(server_request(&proxy, 0), "\r\nHost: xn--bcher-kva.example\r\n"));
    server_free(&proxy);
    exchange_clear(&exchange);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_is_used_again),
        cmocka_unit_test(requests_look_as_the_api_wants_them),
        cmocka_unit_test(a_large_body_leaves_whole_and_unasked),
        cmocka_unit_test(a_path_is_sent_as_it_is),
        cmocka_unit_test(a_cookie_is_sent_and_its_renewal_after_it),
        cmocka_unit_test(a_secure_cookie_is_sent_to_loopback),
        cmocka_unit_test(a_token_is_sent_with_every_request),
        cmocka_unit_test(a_token_is_sent_as_the_service_wants_it),
        cmocka_unit_test(a_redirect_is_not_followed),
        cmocka_unit_test(the_content_type_shows_json),
        cmocka_unit_test(without_a_type_the_content_shows_json),
        cmocka_unit_test(the_place_of_a_record_is_read_from_any_answer),
        cmocka_unit_test(a_redirect_of_the_same_path_shows_the_right_address),
        cmocka_unit_test(retry_after_is_read),
        cmocka_unit_test(several_exchanges_are_under_way_at_once),
        cmocka_unit_test(waiting_ends_when_the_time_is_up),
        cmocka_unit_test(an_exchange_is_timed),
        cmocka_unit_test(an_exchange_can_be_used_again),
        cmocka_unit_test(an_unknown_method_is_a_mistake),
        cmocka_unit_test(settings_that_cannot_be_are_refused),
        cmocka_unit_test(the_url_has_no_slash_at_its_end),
        cmocka_unit_test(a_host_name_in_other_letters_gets_its_ascii_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
