/* Where a database is: the short form, descriptors, and what is refused in which words. */
#define _DEFAULT_SOURCE /* setenv */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oracle/address.h"
#include "oracle/descriptor.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_says(const struct oracle_error *error, const char *words, const char *about) {
    if (strstr(error->message, words) == NULL) {
        fail_msg("%s: \"%s\" does not say \"%s\"", about, error->message, words);
    }
}

static const struct address_settings no_settings;

static void parse(const char *text, struct address *address) {
    struct oracle_error error = {0};

    if (address_parse_text(text, &no_settings, address, &error) != 0) {
        fail_msg("%s: %s", text, error.message);
    }
}

static void assert_endpoint(const struct address *address, size_t number, const char *host,
                            const char *port, bool is_encrypted) {
    assert_true(number < address->endpoint_count);
    assert_string_equal(address->endpoints[number].host, host);
    assert_string_equal(address->endpoints[number].port, port);
    assert_int_equal(address->endpoints[number].is_encrypted, is_encrypted);
}

static void the_short_form_names_host_port_and_service(void **state) {
    static const struct {
        const char *text;
        const char *host;
        const char *port;
        bool is_encrypted;
        const char *service; /* as it stands in the connect data */
    } cases[] = {
        {"db/sales", "db", "1521", false, "(SERVICE_NAME=sales)"},
        {"db.example.org:1522/sales", "db.example.org", "1522", false, "(SERVICE_NAME=sales)"},
        {"10.0.0.7:65535/s", "10.0.0.7", "65535", false, "(SERVICE_NAME=s)"},
        {"//db/sales.example.org", "db", "1521", false, "(SERVICE_NAME=sales.example.org)"},
        {"tcp://db/sales", "db", "1521", false, "(SERVICE_NAME=sales)"},
        {"tcps://db/sales", "db", "2484", true, "(SERVICE_NAME=sales)"},
        {"TCPS://db:1/sales", "db", "1", true, "(SERVICE_NAME=sales)"},
        {"[::1]/sales", "::1", "1521", false, "(SERVICE_NAME=sales)"},
        {"tcps://[2001:db8::7]:2485/sales", "2001:db8::7", "2485", true, "(SERVICE_NAME=sales)"},
        {"db/sales/one", "db", "1521", false, "(SERVICE_NAME=sales)(INSTANCE_NAME=one)"},
        {"db/sales:dedicated", "db", "1521", false, "(SERVICE_NAME=sales)(SERVER=dedicated)"},
        {"db/sales:pooled/one", "db", "1521", false,
         "(SERVICE_NAME=sales)(INSTANCE_NAME=one)(SERVER=pooled)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address address;
        char ends[256];

        parse(cases[i].text, &address);
        assert_int_equal(address.endpoint_count, 1);
        assert_endpoint(&address, 0, cases[i].host, cases[i].port, cases[i].is_encrypted);
        assert_non_null(strstr(bytes_text(&address.connect_data[0]), cases[i].service));
        snprintf(ends, sizeof ends, ")(ADDRESS=(PROTOCOL=%s)(HOST=%s)(PORT=%s)))",
                 cases[i].is_encrypted ? "tcps" : "tcp", cases[i].host, cases[i].port);
        assert_non_null(strstr(bytes_text(&address.connect_data[0]), ends));
        address_release(&address);
    }
}

static void the_listener_gets_the_name_of_the_client(void **state) {
    struct address address;

    (void)state;
    assert_int_equal(setenv("USER", "scott", 1), 0);
    parse("db/sales", &address);
    assert_non_null(strstr(bytes_text(&address.connect_data[0]), "(CID=(PROGRAM=rowpost)(HOST="));
    assert_non_null(strstr(bytes_text(&address.connect_data[0]), "(USER=scott))"));
    address_release(&address);
}

static void a_name_that_would_end_the_descriptor_is_not_reported(void **state) {
    struct address address;

    (void)state;
    assert_int_equal(setenv("USER", "a)(SID=x", 1), 0);
    parse("db/sales", &address);
    assert_non_null(strstr(bytes_text(&address.connect_data[0]), "(USER=unknown)"));
    address_release(&address);
}

static void a_descriptor_is_sent_unchanged(void **state) {
    static const char text[] = "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1521))"
                               "(CONNECT_DATA=(SID=ORCL)(SERVER=DEDICATED)))";
    struct address address;

    (void)state;
    parse(text, &address);
    assert_int_equal(address.endpoint_count, 1);
    assert_endpoint(&address, 0, "db", "1521", false);
    assert_string_equal(bytes_text(&address.connect_data[0]), text);
    address_release(&address);
}

static void every_address_of_a_descriptor_is_an_endpoint_in_its_order(void **state) {
    struct address address;

    (void)state;
    parse(" (description =\n"
          "   (address_list =\n"
          "     (load_balance = off)\n"
          "     (address = (protocol = tcps)(host = one.example.org)(port = 2484))\n"
          "     (address = (host = two)(port = 1521)))\n"
          "   (address = (protocol = TCP)(port = 3)(host = ::1))\n"
          "   (connect_data = (service_name = sales)))\n",
          &address);
    assert_int_equal(address.endpoint_count, 3);
    assert_endpoint(&address, 0, "one.example.org", "2484", true);
    assert_endpoint(&address, 1, "two", "1521", false);
    assert_endpoint(&address, 2, "::1", "3", false);
    address_release(&address);
}

static void a_redirection_may_be_only_an_address(void **state) {
    struct endpoint endpoint;
    struct oracle_error error = {0};

    (void)state;
    assert_int_equal(address_parse_redirect("(ADDRESS=(PROTOCOL=tcp)(HOST=10.1.2.3)(PORT=1599))",
                                            &endpoint, &error),
                     0);
    assert_string_equal(endpoint.host, "10.1.2.3");
    assert_string_equal(endpoint.port, "1599");
}

static void a_sid_is_named_behind_host_and_port(void **state) {
    struct address address;

    (void)state;
    parse("db:1522:ORCL", &address);
    assert_int_equal(address.endpoint_count, 1);
    assert_endpoint(&address, 0, "db", "1522", false);
    assert_non_null(strstr(bytes_text(&address.connect_data[0]), "(CONNECT_DATA=(SID=ORCL)"));
    address_release(&address);
}

static void a_port_is_that_of_the_hosts_before_it(void **state) {
    struct address address;

    (void)state;
    parse("tcps://one,two:1,[::3]:3,four/sales", &address);
    assert_int_equal(address.endpoint_count, 4);
    assert_endpoint(&address, 0, "one", "1", true);
    assert_endpoint(&address, 1, "two", "1", true);
    assert_endpoint(&address, 2, "::3", "3", true);
    assert_endpoint(&address, 3, "four", "2484", true);
    address_release(&address);
}

static void load_balance_begins_with_the_address_that_chance_has_chosen(void **state) {
    static const struct {
        const char *text;
        const char *hosts[3]; /* for the choices 0, 1 and 2 */
    } cases[] = {
        {"a,b,c/s", {"abc", "bca", "cab"}},
        {"(DESCRIPTION=(LOAD_BALANCE=on)(ADDRESS=(HOST=a)(PORT=1))(ADDRESS=(HOST=b)(PORT=1)))",
         {"ab", "ba", "ab"}},
        {"(DESCRIPTION=(ADDRESS=(HOST=a)(PORT=1))(ADDRESS=(HOST=b)(PORT=1)))", {"ab", "ab", "ab"}},
        {"a,b;c/s", {"abc", "bac", "abc"}},
        {"a,b/s?failover=off", {"a", "b", "a"}},
        {"(DESCRIPTION_LIST=(DESCRIPTION=(ADDRESS=(HOST=a)(PORT=1)))"
         "(DESCRIPTION=(ADDRESS=(HOST=b)(PORT=1))))",
         {"ab", "ba", "ab"}},
        {"(DESCRIPTION_LIST=(FAILOVER=off)(DESCRIPTION=(ADDRESS=(HOST=a)(PORT=1)))"
         "(DESCRIPTION=(ADDRESS=(HOST=b)(PORT=1))))",
         {"a", "b", "a"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (uint32_t choice = 0; choice < 3; choice++) {
            const struct address_settings settings = {.choice = choice};
            struct address address;
            struct oracle_error error = {0};
            char hosts[ADDRESS_MOST_ENDPOINTS + 1] = "";

            assert_int_equal(address_parse_text(cases[i].text, &settings, &address, &error), 0);
            for (size_t j = 0; j < address.endpoint_count; j++) {
                hosts[j] = address.endpoints[j].host[0];
            }
            assert_string_equal(hosts, cases[i].hosts[choice]);
            address_release(&address);
        }
    }
}

static void each_description_has_its_limits_and_its_connect_data(void **state) {
    struct address address;

    (void)state;
    parse("(DESCRIPTION_LIST=(LOAD_BALANCE=off)"
          "(DESCRIPTION=(TRANSPORT_CONNECT_TIMEOUT=3)(CONNECT_TIMEOUT=2 min)"
          "(ADDRESS=(HOST=a)(PORT=1))(CONNECT_DATA=(SID=A)))"
          "(DESCRIPTION=(TRANSPORT_CONNECT_TIMEOUT=300ms)(ADDRESS=(HOST=b)(PORT=1))"
          "(CONNECT_DATA=(SID=B)))"
          "(DESCRIPTION=(ADDRESS=(HOST=c)(PORT=1))(CONNECT_DATA=(SID=C))))",
          &address);
    assert_int_equal(address.endpoint_count, 3);
    assert_int_equal(address.endpoints[0].transport_limit, 3000);
    assert_int_equal(address.endpoints[0].connect_limit, 120000);
    assert_int_equal(address.endpoints[1].transport_limit, 300);
    assert_int_equal(address.endpoints[1].connect_limit, 0);
    assert_int_equal(address.endpoints[2].transport_limit, 5000);
    for (size_t i = 0; i < 3; i++) {
        char sid[] = "(SID=A)";
        sid[5] = (char)('A' + i);
        assert_non_null(
            strstr(bytes_text(&address.connect_data[address.endpoints[i].description]), sid));
    }
    address_release(&address);
}

static void blanks_of_a_pasted_descriptor_are_not_sent(void **state) {
    struct address address;

    (void)state;
    parse("VALDB =\n  ( DESCRIPTION =\n    (ADDRESS = (HOST = db) (PORT = 1))\n"
          "    (CONNECT_DATA = (SERVICE_NAME = a b) (X = \"( y )\")))\n",
          &address);
    assert_string_equal(bytes_text(&address.connect_data[0]),
                        "(DESCRIPTION=(ADDRESS=(HOST=db)(PORT=1))"
                        "(CONNECT_DATA=(SERVICE_NAME=a b)(X=\"( y )\")))");
    address_release(&address);
}

struct refused {
    const char *text;
    enum oracle_failure failure;
    const char *words;
};

static void assert_refused(const struct refused *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct address address;
        struct oracle_error error = {0};

        if (address_parse_text(cases[i].text, &no_settings, &address, &error) == 0) {
            fail_msg("taken: %s", cases[i].text);
        }
        assert_int_equal(error.failure, cases[i].failure);
        assert_says(&error, cases[i].words, cases[i].text);
        address_release(&address);
    }
}

static void what_is_no_short_form_is_refused(void **state) {
    static const struct refused cases[] = {
        {"", ORACLE_USAGE, "the address names no service"},
        {"sales", ORACLE_USAGE, "looked up in tnsnames.ora only where its folder is named"},
        {"db:1521", ORACLE_USAGE, "expected HOST[:PORT]/SERVICE"},
        {"db:1521:", ORACLE_USAGE, "not understood"},
        {"db:1521:a:b)", ORACLE_USAGE, "not understood"},
        {",db/sales", ORACLE_USAGE, "not understood"},
        {"db,/sales", ORACLE_USAGE, "not understood"},
        {"db;/sales", ORACLE_USAGE, "not understood"},
        {"db/sales?failover", ORACLE_USAGE, "failover has no value"},
        {"db/sales?failover=(a)", ORACLE_USAGE, "failover has no value"},
        {"db/sales?a)=b", ORACLE_USAGE, "is not read after an address"},
        {"db/sales?connect_timeout=0", ORACLE_USAGE, "CONNECT_TIMEOUT is 0; expected seconds"},
        {"db/sales?connect_timeout=5 h", ORACLE_USAGE, "CONNECT_TIMEOUT is 5 h"},
        {"db/sales?connect_timeout=99999999", ORACLE_USAGE, "CONNECT_TIMEOUT is 99999999"},
        {"db:1521/", ORACLE_USAGE, "the address names no service"},
        {"/sales", ORACLE_USAGE, "the address is not understood"},
        {"db:/sales", ORACLE_USAGE, "not understood"},
        {"db:0/sales", ORACLE_USAGE, "not understood"},
        {"db:65536/sales", ORACLE_USAGE, "not understood"},
        {"db:-1/sales", ORACLE_USAGE, "not understood"},
        {"db: 1521/sales", ORACLE_USAGE, "not understood"},
        {"db:1521x/sales", ORACLE_USAGE, "not understood"},
        {"db:000000000000000001521/sales", ORACLE_USAGE, "not understood"},
        {"db:99999999999999999999999/sales", ORACLE_USAGE, "not understood"},
        {"two words/sales", ORACLE_USAGE, "not understood"},
        {"[::1/sales", ORACLE_USAGE, "no closing bracket"},
        {"[::1]1521/sales", ORACLE_USAGE, "not understood"},
        {"[]/sales", ORACLE_USAGE, "not understood"},
        {"::1/sales", ORACLE_USAGE, "not understood"},
        {"db/sales/", ORACLE_USAGE, "the address names no service"},
        {"db/sales:", ORACLE_USAGE, "the address names no service"},
        {"db//one", ORACLE_USAGE, "the address names no service"},
    };

    (void)state;
    assert_refused(cases, COUNT(cases));
}

static void what_would_end_the_descriptor_is_refused(void **state) {
    static const struct refused cases[] = {
        {"db/sales)(SERVER=shared", ORACLE_USAGE, "the address names no service"},
        {"db/(sales", ORACLE_USAGE, "the address names no service"},
        {"db/sales/one)", ORACLE_USAGE, "the address names no service"},
        {"db/sales:a=b", ORACLE_USAGE, "the address names no service"},
        {"db/a\"b", ORACLE_USAGE, "the address names no service"},
        {"d(b/sales", ORACLE_USAGE, "not understood"},
        {"db:1521:s)(X=1", ORACLE_USAGE, "not understood"},
        {"d)b/sales", ORACLE_USAGE, "not understood"},
    };

    (void)state;
    assert_refused(cases, COUNT(cases));
}

static void a_host_that_is_too_long_is_refused(void **state) {
    char text[300];
    struct address address;
    struct oracle_error error = {0};

    (void)state;
    memset(text, 'h', sizeof text);
    memcpy(text + 256, "/s", 3);
    assert_int_equal(address_parse_text(text, &no_settings, &address, &error), -1);
    assert_says(&error, "not understood", "256 characters");
    memcpy(text + 255, "/s", 3);
    parse(text, &address);
    assert_int_equal(strlen(address.endpoints[0].host), 255);
    address_release(&address);
}

#define DB "(ADDRESS=(HOST=db)(PORT=1))"
#define DBS_16 DB DB DB DB DB DB DB DB DB DB DB DB DB DB DB DB

static void what_is_no_descriptor_is_refused(void **state) {
    static const struct refused cases[] = {
        {"(DESCRIPTION=(ADDRESS=(HOST=db)(PORT=1))", ORACLE_USAGE, "whose parentheses match"},
        {"(DESCRIPTION=" DB "))", ORACLE_USAGE, "whose parentheses match"},
        {"(DESCRIPTION=" DB ") and more", ORACLE_USAGE, "whose parentheses match"},
        {"(DESCRIPTION)", ORACLE_USAGE, "not a (DESCRIPTION=...)"},
        {"(OTHER=(HOST=db)(PORT=1))", ORACLE_USAGE, "has no ADDRESS"},
        {"(", ORACLE_USAGE, "not a (DESCRIPTION=...)"},
        {"(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=s)))", ORACLE_USAGE, "has no ADDRESS"},
        {"(DESCRIPTION=(ADDRESS=(PORT=1)))", ORACLE_USAGE,
         "an ADDRESS of the descriptor has no HOST"},
        {"(DESCRIPTION=(ADDRESS=(HOST=db)))", ORACLE_USAGE, "has no PORT of 1 to 65535"},
        {"(DESCRIPTION=(ADDRESS=(HOST=db)(PORT=70000)))", ORACLE_USAGE, "no PORT of 1 to 65535"},
        {"(DESCRIPTION=(ADDRESS=(PROTOCOL=ABCDEFGHIJKLMNOP)(HOST=db)(PORT=1)))", ORACLE_USAGE,
         "PROTOCOL is too long"},
        {"(DESCRIPTION=" DBS_16 DB ")", ORACLE_USAGE, "more than 16 addresses"},
        {"(DESCRIPTION_LIST=(DESCRIPTION=" DB ")" DB ")", ORACLE_USAGE, "is in no DESCRIPTION"},
        {"(DESCRIPTION_LIST=" DB ")", ORACLE_USAGE, "is in no DESCRIPTION"},
    };

    (void)state;
    assert_refused(cases, COUNT(cases));
}

static void sixteen_addresses_are_taken(void **state) {
    struct address address;

    (void)state;
    parse("(DESCRIPTION=" DBS_16 ")", &address);
    assert_int_equal(address.endpoint_count, ADDRESS_MOST_ENDPOINTS);
    address_release(&address);
}

static void what_is_not_done_is_refused_with_the_way_out(void **state) {
    static const struct refused cases[] = {
        {"ldap://directory:389/cn=sales", ORACLE_UNSUPPORTED, "as `tnsping NAME` prints it"},
        {"LDAPS://directory/sales", ORACLE_UNSUPPORTED, "names are not looked up in a directory"},
        {"(DESCRIPTION=" DB "(SECURITY=(WALLET_LOCATION=/w)))", ORACLE_UNSUPPORTED,
         "certificate in PEM (--cacert)"},
        {"(DESCRIPTION=" DB "(security=(my_wallet_directory=/w)))", ORACLE_UNSUPPORTED,
         "or use Oracle's ODBC driver"},
        {"tcps://db/sales?wallet_location=/w", ORACLE_UNSUPPORTED, "wallets are not read"},
        {"tcps://db/sales?ssl_server_dn_match=no", ORACLE_USAGE,
         "ssl_server_dn_match is not read after an address"},
        {"(DESCRIPTION=(ADDRESS=(PROTOCOL=IPC)(KEY=x)))", ORACLE_UNSUPPORTED,
         "the protocol IPC is not supported here; TCP and TCPS are"},
    };

    (void)state;
    assert_refused(cases, COUNT(cases));
}

static void a_parameter_is_a_name_and_a_value(void **state) {
    static const char text[] = " ( Name = some value )(NEXT=(A=1)(B=(C=2)))";
    const char *end = text + strlen(text);
    struct parameter parameter;

    (void)state;
    assert_true(descriptor_next(text, end, &parameter));
    assert_true(descriptor_is(&parameter, "NAME"));
    assert_false(descriptor_is(&parameter, "NAM"));
    assert_int_equal(parameter.value_length, strlen("some value"));
    assert_memory_equal(parameter.value, "some value", parameter.value_length);
    assert_true(descriptor_next(parameter.end, end, &parameter));
    assert_true(descriptor_is(&parameter, "next"));
    assert_int_equal(parameter.value_length, strlen("(A=1)(B=(C=2))"));
    assert_ptr_equal(parameter.end, end);
    assert_false(descriptor_next(parameter.end, end, &parameter));
}

static void a_parameter_is_found_at_any_depth(void **state) {
    static const char text[] = "(A=(B=(C=one))(D=two))(C=three)";
    const char *end = text + strlen(text);
    struct parameter parameter;
    char value[8];

    (void)state;
    assert_true(descriptor_find(text, end, "c", &parameter));
    assert_true(descriptor_copy(&parameter, value, sizeof value));
    assert_string_equal(value, "one");
    assert_true(descriptor_find(text, end, "D", &parameter));
    assert_true(descriptor_copy(&parameter, value, 4));
    assert_string_equal(value, "two");
    assert_false(descriptor_copy(&parameter, value, 3)); /* no room for its end */
    assert_false(descriptor_find(text, end, "E", &parameter));
}

static void what_is_no_parameter_is_not_taken(void **state) {
    static const char *const cases[] = {"", " ", "a=b", "(a=b", "(a)", "()", "(a=(b=c)", ")"};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct parameter parameter;

        assert_false(descriptor_next(cases[i], cases[i] + strlen(cases[i]), &parameter));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_short_form_names_host_port_and_service),
        cmocka_unit_test(the_listener_gets_the_name_of_the_client),
        cmocka_unit_test(a_name_that_would_end_the_descriptor_is_not_reported),
        cmocka_unit_test(a_descriptor_is_sent_unchanged),
        cmocka_unit_test(every_address_of_a_descriptor_is_an_endpoint_in_its_order),
        cmocka_unit_test(a_redirection_may_be_only_an_address),
        cmocka_unit_test(a_sid_is_named_behind_host_and_port),
        cmocka_unit_test(a_port_is_that_of_the_hosts_before_it),
        cmocka_unit_test(load_balance_begins_with_the_address_that_chance_has_chosen),
        cmocka_unit_test(each_description_has_its_limits_and_its_connect_data),
        cmocka_unit_test(blanks_of_a_pasted_descriptor_are_not_sent),
        cmocka_unit_test(what_is_no_short_form_is_refused),
        cmocka_unit_test(what_would_end_the_descriptor_is_refused),
        cmocka_unit_test(a_host_that_is_too_long_is_refused),
        cmocka_unit_test(what_is_no_descriptor_is_refused),
        cmocka_unit_test(sixteen_addresses_are_taken),
        cmocka_unit_test(what_is_not_done_is_refused_with_the_way_out),
        cmocka_unit_test(a_parameter_is_a_name_and_a_value),
        cmocka_unit_test(a_parameter_is_found_at_any_depth),
        cmocka_unit_test(what_is_no_parameter_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
