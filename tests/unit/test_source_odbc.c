/* What an ODBC driver would be given: the connection string and the settings. Oracle's is not
 * available here, so this is where its own are checked; and what comes back as text and digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "source/odbc_private.h"

static bool find_first(const char *const *names, struct text *driver, struct text *installed) {
    (void)installed;
    bool is_oracle = strcmp(names[0], "Oracle") == 0;
    text_append_string(driver, is_oracle ? "Oracle 21 ODBC driver" : names[0]);
    return true;
}

static bool find_none(const char *const *names, struct text *driver, struct text *installed) {
    (void)names;
    (void)driver;
    text_append_string(installed, "SQLite3");
    return false;
}

static void assert_string(const char *url, const char *user, const char *expected) {
    struct odbc_url parts = {0};
    struct error error = {0};
    if (odbc_url_read(&parts, url, user, find_first, &error) != 0) {
        fail_msg("%s", error.message);
    }
    assert_string_equal(text_string(&parts.string), expected);
    assert_string_equal(text_string(&parts.name), url);
    odbc_url_free(&parts);
}

static void assert_refused(const char *url, const char *phrase) {
    struct odbc_url parts = {0};
    struct error error = {0};
    assert_int_equal(odbc_url_read(&parts, url, NULL, find_none, &error), -1);
    assert_non_null(strstr(error.message, phrase));
    assert_null(strstr(error.message, "hunter2"));
    odbc_url_free(&parts);
}

static void oracles_address_becomes_an_easy_connect_name(void **state) {
    (void)state;
    assert_string("oracle+odbc://reader@db.example:1522/valdb.cern", NULL,
                  "DRIVER={Oracle 21 ODBC driver};DBQ=//db.example:1522/valdb.cern;UID=reader");
    assert_string("oracle+odbc://db.example/valdb", "reader",
                  "DRIVER={Oracle 21 ODBC driver};DBQ=//db.example:1521/valdb;UID=reader");
    assert_string("oracle+odbc://r@h/s?driver=Oracle%2019", NULL,
                  "DRIVER={Oracle 19};DBQ=//h:1521/s;UID=r");
}

static void other_addresses_name_each_part(void **state) {
    (void)state;
    assert_string("postgresql://reader@[::1]/valdb", NULL,
                  "DRIVER={PostgreSQL Unicode};SERVER=::1;PORT=5432;DATABASE=valdb;UID=reader");
    assert_string("mysql://reader%3B@host:3307/", NULL,
                  "DRIVER={MariaDB Unicode};SERVER=host;PORT=3307;UID={reader;}");
    assert_string("odbc:dsn=VALDB", "reader", "dsn=VALDB;UID=reader");
    assert_string("odbc:DRIVER={a;b}};PWD=};UID=me", "reader", "DRIVER={a;b}};PWD=};UID=me");
}

static void a_password_is_refused_and_not_repeated(void **state) {
    (void)state;
    assert_refused("odbc:dsn=x;UID=me;PWD=hunter2", "PWD=");
    assert_refused("odbc:dsn={a};pwd={hunter2}", "PWD=");
    assert_refused("oracle+odbc://me:hunter2@h/s", "USER:PASSWORD@");
    assert_refused("postgresql://me:hunt@er2@h/s", "USER:PASSWORD@");
}

static void what_is_no_address_is_reported_with_the_forms(void **state) {
    (void)state;
    assert_refused("odbc:", "odbc:dsn=NAME");
    assert_refused("odbc:UID=me", "odbc:dsn=NAME");
    assert_refused("oracle+odbc:h/s", "oracle+odbc://USER@HOST:PORT/SERVICE");
    assert_refused("oracle+odbc://h:port/s", "oracle+odbc://USER@HOST:PORT/SERVICE");
    assert_refused("postgresql:///valdb", "postgresql://USER@HOST:PORT/DATABASE");
    assert_refused("oracle+odbc://r@h/s",
                   "no ODBC driver for Oracle is installed (there is: SQLite3)");
}

static void a_password_with_braces_is_whole(void **state) {
    (void)state;
    struct text string = {0};
    text_append_string(&string, "DSN=x");
    odbc_append_attribute(&string, "PWD", span_of("a;b}c{d"));
    assert_string_equal(text_string(&string), "DSN=x;PWD={a;b}}c{d}");
    assert_true(odbc_has_attribute(text_span(&string), "pwd"));
    assert_false(odbc_has_attribute(text_span(&string), "b"));
    text_free(&string);
}

static void every_database_behind_odbc_has_its_dialect(void **state) {
    (void)state;
    assert_ptr_equal(dialect_find("Oracle")->catalog, &oracle_catalog);
    assert_ptr_equal(dialect_find("PostgreSQL")->catalog, &postgresql_catalog);
    assert_ptr_equal(dialect_find("MariaDB")->catalog, &mariadb_catalog);
    assert_ptr_equal(dialect_find("MySQL")->catalog, &mariadb_catalog);
    assert_ptr_equal(dialect_find("SQLite")->catalog, &sqlite_odbc_catalog);
    assert_ptr_equal(dialect_find("Microsoft SQL Server")->catalog, &standard_catalog);
    assert_ptr_equal(dialect_find("")->catalog, &standard_catalog);
}

static void oracle_gets_the_format_of_its_texts(void **state) {
    (void)state;
    const struct dialect *oracle = dialect_find("Oracle");
    assert_string_equal(oracle->settings[0], "ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,'");
    assert_string_equal(oracle->first_statement, "SET TRANSACTION READ ONLY");
    assert_true(oracle->empty_is_null);
}

static void wide_text_goes_there_and_back(void **state) {
    (void)state;
    static const char text[] = "a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80";
    SQLINTEGER length = 0;
    struct text back = {0};
    SQLWCHAR *wide = wide_of(span_of(text), &length);
    assert_int_equal(length, 5);
    wide_append(&back, wide, (size_t)length * sizeof *wide);
    assert_string_equal(text_string(&back), text);
    text_clear(&back);
    wide_append(&back, wide + 3, sizeof *wide); /* half a pair */
    assert_string_equal(text_string(&back), "\xef\xbf\xbd");
    free(wide);
    text_free(&back);
}

static void assert_integer(const char *digits, int64_t expected) {
    struct text scratch = {0};
    struct value value = decimal_value(span_of(digits), &scratch);
    assert_int_equal(value.kind, VALUE_INTEGER);
    assert_true(value.integer == expected);
    text_free(&scratch);
}

static void assert_digits(const char *digits, const char *expected) {
    struct text scratch = {0};
    struct value value = decimal_value(span_of(digits), &scratch);
    assert_int_equal(value.kind, VALUE_TEXT);
    assert_true(span_equal_string(value.text, expected));
    text_free(&scratch);
}

static void whole_numbers_are_integers_and_others_keep_their_digits(void **state) {
    (void)state;
    assert_integer("9007199254740993", 9007199254740993);
    assert_integer("-9223372036854775808", INT64_MIN);
    assert_integer("9223372036854775807", INT64_MAX);
    assert_integer("3.00", 3);
    assert_integer("+7", 7);
    assert_digits("9223372036854775808", "9223372036854775808");
    assert_digits("0.50", "0.50");
    assert_digits("-.5", "-0.5");
    assert_digits("1E+40", "1E+40");
    assert_digits("", "");
    assert_digits(".", ".");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oracles_address_becomes_an_easy_connect_name),
        cmocka_unit_test(other_addresses_name_each_part),
        cmocka_unit_test(a_password_is_refused_and_not_repeated),
        cmocka_unit_test(what_is_no_address_is_reported_with_the_forms),
        cmocka_unit_test(a_password_with_braces_is_whole),
        cmocka_unit_test(every_database_behind_odbc_has_its_dialect),
        cmocka_unit_test(oracle_gets_the_format_of_its_texts),
        cmocka_unit_test(wide_text_goes_there_and_back),
        cmocka_unit_test(whole_numbers_are_integers_and_others_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
