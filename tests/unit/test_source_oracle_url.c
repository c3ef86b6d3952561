/* The forms of an Oracle source's address, and what happens to a password in one. */
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
        const char *password;
        const char *name; /* NULL: the URL */
    } cases[] = {
        {"oracle://u@db:1522/sales", "db:1522/sales", "u", "", NULL},
        {"ORACLE://u@db/sales", "db/sales", "u", "", NULL},
        {"oracle+tcps://u@db/sales", "tcps://db/sales", "u", "", NULL},
        {"oracle://u%40x@db/sales", "db/sales", "u@x", "", NULL},
        {"oracle://db/sales", "db/sales", "other", "", NULL},
        {"oracle://u@db:1521:SID", "db:1521:SID", "u", "", NULL},
        {"oracle://u@NAME", "NAME", "u", "", NULL},
        {"oracle://u[target]@NAME", "NAME", "u[target]", "", NULL},
        {"oracle://u@a,b:1/s?failover=on", "a,b:1/s?failover=on", "u", "", NULL},
        {"oracle:u@(DESCRIPTION=(X=a@b))", "(DESCRIPTION=(X=a@b))", "u", "", NULL},
        {"oracle+cx_oracle://u:p@db/?service_name=s", "db/s", "u", "p",
         "oracle+cx_oracle://u:***@db/?service_name=s"},
        {"oracle+oracledb://u:p@db:1522/?encoding=UTF-8&service_name=s.x%2Fy", "db:1522/s.x/y", "u",
         "p", "oracle+oracledb://u:***@db:1522/?encoding=UTF-8&service_name=s.x%2Fy"},
        {"oracle+cx_oracle://u:p@db/ORCL", "db:1521:ORCL", "u", "p",
         "oracle+cx_oracle://u:***@db/ORCL"},
        {"oracle+cx_oracle://u:p@db:7/ORCL", "db:7:ORCL", "u", "p",
         "oracle+cx_oracle://u:***@db:7/ORCL"},
        {"oracle+cx_oracle://u:p@NAME", "NAME", "u", "p", "oracle+cx_oracle://u:***@NAME"},
        {"oracle+cx_oracle://u@NAME/", "NAME", "u", "", "oracle+cx_oracle://u@NAME/"},
        {"oracle+cx_oracle://u:a%40b%3a%25/?:@c@NAME", "NAME", "u", "a@b:%/?:@c",
         "oracle+cx_oracle://u:***@NAME"},
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
        assert_string_equal(text_string(&url.password), cases[i].password);
        assert_string_equal(text_string(&url.name),
                            cases[i].name == NULL ? cases[i].url : cases[i].name);
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
        {"oracle+cx_oracle://:secret@db/sales", "no user is named"},
        {"oracle+cx_oracle://u:secret@db/SID?service_name=s", "leave one out"},
        {"oracle+cx_oracle://u:secret@db/SID?mode=SYSDBA", "asks for a mode"},
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
