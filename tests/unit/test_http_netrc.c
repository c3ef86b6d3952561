/* Passwords from a netrc file: where they go, and which files are not taken. */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "session_fixture.h"

#define ENTRY "machine 127.0.0.1 login me password s3cret\n"
#define SECOND_ENTRY "machine other.example.org login you password n0ne\n" ENTRY

static void write_netrc(char path[32], const char *content) {
    strcpy(path, "/tmp/rowpost-test-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_true(write(descriptor, content, strlen(content)) == (ssize_t)strlen(content));
    close(descriptor);
}

/* One request with these settings, the server's URL among them, into the text. */
static void request_with(struct session_settings settings, struct text *request) {
    struct server server;
    struct exchange exchange = {0};

    server_start(&server, &good, 1);
    settings.url = server.url;
    struct session *session = open_session(&settings);
    post(session, &exchange);
    assert_int_equal(exchange.status, 200);
    session_close(session);
    server_stop(&server);
    text_append_string(request, server_request(&server, 0));
    server_free(&server);
    exchange_clear(&exchange);
}

static void the_host_gets_its_password(void **state) {
    static const char *const contents[] = {ENTRY, SECOND_ENTRY,
                                           "default login me password s3cret\n"};

    (void)state;
    for (size_t i = 0; i < COUNT(contents); i++) {
        struct text request = {0};
        char path[32];

        write_netrc(path, contents[i]);
        request_with((struct session_settings){.netrc_file = path}, &request);
        unlink(path);
        assert_non_null(strstr(text_string(&request), "\r\nAuthorization: Basic bWU6czNjcmV0\r\n"));
        text_free(&request);
    }
}

static void a_host_that_is_not_in_it_gets_none(void **state) {
    struct text request = {0};
    char path[32];

    (void)state;
    write_netrc(path, "machine other.example.org login me password s3cret\n");
    request_with((struct session_settings){.netrc_file = path}, &request);
    unlink(path);
    assert_null(strstr(text_string(&request), "Authorization"));
    text_free(&request);
}

static void a_cookie_or_a_token_goes_before_it(void **state) {
    struct text request = {0};
    char path[32];
    char cookies[32];

    (void)state;
    write_netrc(path, ENTRY);
    write_cookie_file(cookies, "FALSE");
    request_with((struct session_settings){.netrc_file = path, .token = SECRET_TOKEN}, &request);
    assert_non_null(strstr(text_string(&request), "\r\nAuthorization: Bearer t0ken.s3cret\r\n"));
    assert_null(strstr(text_string(&request), "Basic"));
    text_clear(&request);
    request_with((struct session_settings){.netrc_file = path, .cookie_file = cookies}, &request);
    assert_null(strstr(text_string(&request), "Authorization"));
    text_clear(&request);
    request_with((struct session_settings){.netrc_file = "/nowhere", .token = SECRET_TOKEN},
                 &request);
    unlink(path);
    unlink(cookies);
    text_free(&request);
}

static void a_refused_password_is_sent_once(void **state) {
    static const struct act act = {.send = "HTTP/1.1 401 Unauthorized\r\n"
                                           "WWW-Authenticate: Basic realm=\"s\"\r\n"
                                           "Content-Length: 0\r\n\r\n"};
    struct server server;
    struct exchange exchange = {0};
    char path[32];

    (void)state;
    write_netrc(path, ENTRY);
    server_start(&server, &act, 1);
    struct session *session =
        open_session(&(struct session_settings){.url = server.url, .netrc_file = path});
    post(session, &exchange);
    session_close(session);
    server_stop(&server);
    unlink(path);
    assert_int_equal(exchange.end, EXCHANGE_ANSWERED);
    assert_int_equal(exchange.status, 401);
    assert_int_equal(server.request_count, 1);
    server_free(&server);
    exchange_clear(&exchange);
}

static void refuse(const char *path, const char *said) {
    struct error error = {0};

    assert_null(session_open(
        &(struct session_settings){.url = "https://target.invalid", .netrc_file = path}, &error));
    assert_int_equal(error.code, ERROR_INPUT);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, said));
    assert_null(strstr(error.message, "s3cret"));
}

static void a_file_that_others_may_read_is_not_taken(void **state) {
    static const mode_t modes[] = {0644, 0640, 0604, 0620, 0601};
    char path[32];

    (void)state;
    write_netrc(path, ENTRY);
    for (size_t i = 0; i < COUNT(modes); i++) {
        assert_int_equal(chmod(path, modes[i]), 0);
        refuse(path, "chmod 600");
    }
    unlink(path);
}

static void what_is_no_file_is_not_taken(void **state) {
    (void)state;
    refuse("/nowhere/netrc", "No such file");
    refuse("/tmp", "it is no file");
    refuse("/dev/null", "it is no file");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_gets_its_password),
        cmocka_unit_test(a_host_that_is_not_in_it_gets_none),
        cmocka_unit_test(a_cookie_or_a_token_goes_before_it),
        cmocka_unit_test(a_refused_password_is_sent_once),
        cmocka_unit_test(a_file_that_others_may_read_is_not_taken),
        cmocka_unit_test(what_is_no_file_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
