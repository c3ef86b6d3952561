/* The forms of an Oracle source's address; a password in one is refused and not repeated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/oracle_private.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void an_address_is_taken_apart(void **state) {
    static const struct {
        const char *url;
        const char *address;
        const char *user;
    } cases[] = {
        {"oracle://u@db:1522/sales", "db:1522/sales", "u"},
        {"ORACLE://u@db/sales", "db/sales", "u"},
        {"oracle+tcps://u@db/sales", "tcps://db/sales", "u"},
        {"oracle://u%40x@db/sales", "db/sales", "u@x"},
        {"oracle://db/sales", "db/sales", "other"},
        {"oracle://u@db:1521:SID", "db:1521:SID", "u"},
        {"oracle://u@NAME", "NAME", "u"},
        {"oracle://u[target]@NAME", "NAME", "u[target]"},
        {"oracle://u@a,b:1/s?failover=on", "a,b:1/s?failover=on", "u"},
        {"oracle:u@(DESCRIPTION=(X=a@b))", "(DESCRIPTION=(X=a@b))", "u"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct oracle_url url = {0};
        struct error error = {0};

        if (oracle_url_read(&url, cases[i].url, "other", &error) != 0) {
            fail_msg("%s: %s", cases[i].url, error.message);
        }
        assert_string_equal(text_string(&url.address), cases[i].address);
        assert_string_equal(text_string(&url.user), cases[i].user);
        assert_string_equal(text_string(&url.name), cases[i].url);
        oracle_url_free(&url);
    }
}

static void what_is_not_taken_repeats_no_password(void **state) {
    static const struct {
        const char *url;
        const char *words;
    } cases[] = {
        {"oracle://u:secret@db/sales", "--source-password-file"},
        {"oracle://db/sales", "no user is named"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct oracle_url url = {0};
        struct error error = {0};

        assert_int_equal(oracle_url_read(&url, cases[i].url, NULL, &error), -1);
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.message, cases[i].words));
        assert_null(strstr(error.message, "secret"));
        oracle_url_free(&url);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_taken_apart),
        cmocka_unit_test(what_is_not_taken_repeats_no_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
