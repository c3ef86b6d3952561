/* A name of several IPs: each has its own time, and the outcome of each is reported. */
#define _GNU_SOURCE /* SOCK_NONBLOCK */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <netdb.h>

#include "oracle_fixture.h"

enum { LIMIT = 200 /* milliseconds */, MOST = 4 };

/* The IPs of the name, in the order of the resolver's answer. */
static struct sockaddr_in places[MOST];
static size_t place_count;

/* In the place of the C library's. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *wanted,
                struct addrinfo **found) {
    static struct addrinfo answer[MOST];

    (void)service;
    (void)wanted;
    assert_string_equal(name, "db.example");
    for (size_t i = 0; i < place_count; i++) {
        answer[i] = (struct addrinfo){.ai_family = AF_INET,
                                      .ai_socktype = SOCK_STREAM,
                                      .ai_addr = (struct sockaddr *)&places[i],
                                      .ai_addrlen = sizeof places[i],
                                      .ai_next = i + 1 < place_count ? &answer[i + 1] : NULL};
    }
    *found = answer;
    return 0;
}

void freeaddrinfo(struct addrinfo *found) {
    (void)found;
}

static void add_place(uint32_t ip, int port) {
    places[place_count++] = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(ip), .sin_port = htons((uint16_t)port)};
}

/* An address whose queue of connections is full: the kernel answers no further one. */
struct silent {
    int listener;
    int waiting[4];
};

static void be_silent(struct silent *silent, uint32_t ip) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(ip)};
    socklen_t length = sizeof address;

    silent->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(silent->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(silent->listener, 0), 0);
    assert_int_equal(getsockname(silent->listener, (struct sockaddr *)&address, &length), 0);
    for (size_t i = 0; i < 4; i++) {
        silent->waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(silent->waiting[i], (struct sockaddr *)&address, length);
    }
    add_place(ip, ntohs(address.sin_port));
}

static void stop_silent(struct silent *silent) {
    for (size_t i = 0; i < 4; i++) {
        close(silent->waiting[i]);
    }
    close(silent->listener);
}

static const struct endpoint endpoint = {
    .host = "db.example", .port = "1521", .transport_limit = LIMIT};
static const struct transport_settings settings = {.connect_limit = LIMIT, .silence_limit = LIMIT};

static void each_ip_of_a_name_has_its_own_time(void **state) {
    struct silent first, second;
    struct said said = {.after = THEN_CLOSES};
    struct said_server server;
    struct oracle_error error = {0};

    (void)state;
    place_count = 0;
    be_silent(&first, 0x7f000002);
    be_silent(&second, 0x7f000003);
    said_listen(&server, &said);
    add_place(INADDR_LOOPBACK, server.port);
    int64_t started = transport_clock();
    struct transport *transport = transport_connect(&endpoint, &settings, &error);
    assert_string_equal(error.message, "");
    assert_non_null(transport);
    /* The time for signing in begins with the connection. */
    assert_true(transport_deadline(transport) >= started + 3L * LIMIT);
    transport_close(transport);
    said_stop(&server);
    stop_silent(&first);
    stop_silent(&second);
}

static void the_outcome_of_each_ip_is_reported(void **state) {
    struct silent silent;
    struct oracle_error error = {0};

    (void)state;
    place_count = 0;
    be_silent(&silent, 0x7f000002);
    add_place(0x7f000003, 1); /* nobody listens */
    assert_null(transport_connect(&endpoint, &settings, &error));
    assert_string_equal(error.message,
                        "db.example:1521 (127.0.0.2): cannot be reached: no answer within 0.2 "
                        "seconds; db.example:1521 (127.0.0.3): cannot be reached: Connection "
                        "refused");
    assert_int_equal(error.failure, ORACLE_UNREACHABLE);
    stop_silent(&silent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_ip_of_a_name_has_its_own_time),
        cmocka_unit_test(the_outcome_of_each_ip_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
