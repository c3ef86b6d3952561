/* Cookie files: what is taken, and the errors of those that are not. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/cookies.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LATER "4102444800" /* 2100-01-01 */
#define PAST "1577836800"  /* 2020-01-01 */
#define HOST "valdb.example.org"

struct rejection {
    const char *content;
    const char *said[3]; /* parts of the message */
};

static const struct rejection rejections[] = {
    /* nothing in it */
    {"", {"holds no cookie"}},
    {"# Netscape HTTP Cookie File\n\n", {"holds no cookie"}},

    /* something else */
    {"[{\"name\": \"session\", \"value\": \"s3cret\"}]", {"holds JSON", "Netscape", "export"}},
    {"\n {\"session\": \"s3cret\"}", {"holds JSON"}},
    {"<!DOCTYPE html><html>s3cret</html>", {"holds HTML"}},
    {"SQLite format 3", {"a browser's own database"}},
    {"Cookie: session=s3cret", {"a request header"}},
    {"set-cookie: session=s3cret", {"an answer's header"}},
    {"session=s3cret; other=s3cret\n", {"line 1", "name=value", "Netscape"}},
    {"s3cret", {"line 1", "1 fields instead of the seven"}},

    /* lines that are not right */
    {"# c\n" HOST "\tFALSE\t/\tTRUE\t0\n", {"line 2", "5 fields instead of the seven"}},
    {HOST "\tFALSE\t/\tTRUE\t0\tsession\ts3\tcret\n", {"line 1", "8 fields instead of the seven"}},
    {HOST " FALSE / TRUE 0 session s3cret\n", {"line 1", "blanks instead of tabs"}},
    {HOST "\tMAYBE\t/\tTRUE\t0\tsession\ts3cret\n", {"line 1", "TRUE or FALSE"}},
    {HOST "\tTRUE\t/\t2\t0\tsession\ts3cret\n", {"line 1", "TRUE or FALSE"}},
    {HOST "\tTRUE\t/\tTRUE\ttomorrow\tsession\ts3cret\n", {"line 1", "seconds since 1970"}},
    {HOST "\tTRUE\t/\tTRUE\t-7\tsession\ts3cret\n", {"line 1", "seconds since 1970"}},
    {HOST "\tTRUE\t/\tTRUE\t99999999999999999999\tsession\ts3cret\n", {"seconds since 1970"}},
    {HOST "\tTRUE\tx\tTRUE\t0\tsession\ts3cret\n", {"line 1", "a path"}},
    {"\tTRUE\t/\tTRUE\t0\tsession\ts3cret\n", {"line 1", "without a host"}},
    {HOST "\tTRUE\t/\tTRUE\t0\t\ts3cret\n", {"line 1", "without a name"}},
    {HOST "\tTRUE\t/\tTRUE\t0\tsession\ts3\x01"
          "cret\n",
     {"line 1", "control character"}},

    /* cookies that would not be sent */
    {HOST "\tFALSE\t/\tTRUE\t" PAST "\tsession\ts3cret\n" HOST "\tFALSE\t/\tTRUE\t1\told\ts3cret\n"
          "other.example.org\tFALSE\t/\tTRUE\t" LATER "\tsession\ts3cret\n",
     {HOST " expired", "on 2020-01-01", "export them again"}},
    {"x\tFALSE\t/\ns3cret\nauth.example.org\tFALSE\t/\tTRUE\t0\tsession\ts3cret\n",
     {"line 1", "3 fields instead of the seven"}},
    {"x\tFALSE\t/\n" HOST "\tFALSE\t/\tTRUE\t" PAST "\tsession\ts3cret\n", {HOST " expired"}},
    {"\xef\xbb\xbf[{\"session\": \"s3cret\"}]", {"holds JSON"}},
    {"auth.example.org\tFALSE\t/\tTRUE\t0\tsession\ts3cret\n"
     "#HttpOnly_.b.org\tTRUE\t/\tTRUE\t0\tsession\ts3cret\n"
     "auth.example.org\tFALSE\t/\tTRUE\t0\tother\ts3cret\n",
     {"no cookie for " HOST, "only for auth.example.org, b.org;"}},
    {"a\tFALSE\t/\tTRUE\t0\ts\ts3cret\nb\tFALSE\t/\tTRUE\t0\ts\ts3cret\n"
     "c\tFALSE\t/\tTRUE\t0\ts\ts3cret\nd\tFALSE\t/\tTRUE\t0\ts\ts3cret\n"
     "e\tFALSE\t/\tTRUE\t0\ts\ts3cret\nf\tFALSE\t/\tTRUE\t0\ts\ts3cret\n",
     {"only for a, b, c, d, e, ...;"}},
    {"example.org\tFALSE\t/\tTRUE\t0\tsession\ts3cret\n", {"no cookie for " HOST}},
    {"db.example.org\tTRUE\t/\tTRUE\t0\tsession\ts3cret\n", {"no cookie for " HOST}},
    {"x." HOST "\tTRUE\t/\tTRUE\t0\tsession\ts3cret\n", {"no cookie for " HOST}},
    {HOST "\tFALSE\t/\tFALSE\t0\t__Secure-session\ts3cret\n"
          "auth.example.org\tFALSE\t/\tTRUE\t0\tsession\ts3cret\n",
     {"no cookie for " HOST " that may be used", "__Host- or __Secure-"}},
    {HOST "\tTRUE\t/\tTRUE\t0\t__Host-session\ts3cret\n", {"__Host- or __Secure-"}},
    {HOST "\tFALSE\t/x\tTRUE\t0\t__host-session\ts3cret\n", {"__Host- or __Secure-"}},
};

/* A line as exporters write it, and what is then saved. */
static const struct {
    const char *content;
    const char *saved;
} acceptances[] = {
    {HOST "\tFALSE\t/\tTRUE\t" LATER "\tsession\tv\n",
     HOST "\tFALSE\t/\tTRUE\t" LATER "\tsession\tv"},
    {"# Netscape HTTP Cookie File\r\n\r\n" HOST "\tFALSE\t/\tTRUE\t" LATER "\tsession\tv\r\n",
     HOST "\tFALSE\t/\tTRUE\t" LATER "\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\t0\tsession\tv", HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\t\tsession\tv\n", HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\t-1\tsession\tv\n", HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\t" LATER ".123\tsession\tv\n",
     HOST "\tFALSE\t/\tTRUE\t" LATER "\tsession\tv"},
    {HOST "\tfalse\t/\ttrue\t0\tsession\ta=b; \"c\"\n",
     HOST "\tFALSE\t/\tTRUE\t0\tsession\ta=b; \"c\""},
    {HOST "\tFALSE\t/\tTRUE\t0\tsession\t\n", HOST "\tFALSE\t/\tTRUE\t0\tsession\t"},
    {"#HttpOnly_" HOST "\tFALSE\t/\tTRUE\t0\tsession\tv\n",
     "#HttpOnly_" HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {".example.org\tTRUE\t/\tTRUE\t0\tsession\tv\n", ".example.org\tTRUE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\t0\t__Host-session\tv\n",
     HOST "\tFALSE\t/\tTRUE\t0\t__Host-session\tv"},
    {"VALDB.example.ORG\tFALSE\t/\tTRUE\t0\tsession\tv\n",
     "VALDB.example.ORG\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\t" PAST "\told\tv\n" HOST "\tFALSE\t/\tTRUE\t0\tsession\tv\n",
     HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {"\xef\xbb\xbf" HOST "\tFALSE\t/\tTRUE\t0\tsession\tv\n",
     HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST ":8443\tFALSE\t/\tTRUE\t0\tsession\tv\n", HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\tSession\tsession\tv\n", HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\t0\t/\t1\t0\tsession\tv\n", HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {HOST "\tFALSE\t/\tTRUE\t0\tsession\n", HOST "\tFALSE\t/\tTRUE\t0\tsession\t"},
    {"$ a comment\n  # another\n" HOST "\tFALSE\t/\tTRUE\t0\tsession\tv\n",
     HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
    {"x\tFALSE\t/\n" HOST "\tFALSE\t/\tTRUE\t0\tsession\tv\nnonsense\n",
     HOST "\tFALSE\t/\tTRUE\t0\tsession\tv"},
};

struct file {
    char folder[32];
    char path[48];
};

static void make_file(struct file *file, const char *content) {
    strcpy(file->folder, "/tmp/rowpost-test-XXXXXX");
    assert_non_null(mkdtemp(file->folder));
    snprintf(file->path, sizeof file->path, "%s/cookies.txt", file->folder);
    FILE *stream = fopen(file->path, "w");
    assert_non_null(stream);
    assert_true(fputs(content, stream) >= 0);
    assert_int_equal(fclose(stream), 0);
}

static void remove_file(const struct file *file) {
    unlink(file->path);
    assert_int_equal(rmdir(file->folder), 0);
}

static struct cookie_jar *make_jar(enum cookies_channel channel) {
    struct cookie_jar *jar = cookie_jar_create(HOST, channel);
    assert_non_null(jar);
    return jar;
}

static int load(const char *content, enum cookies_channel channel, struct cookie_jar *jar,
                struct error *error) {
    struct file file;

    make_file(&file, content);
    int rc = cookies_load(file.path, HOST, channel, jar, error);
    remove_file(&file);
    return rc;
}

/* Saves the jar to a new file; what is in it then. */
static void save(const struct cookie_jar *jar, char content[1024]) {
    struct file file;
    struct error error = {0};

    make_file(&file, "");
    unlink(file.path);
    assert_int_equal(cookies_save(jar, file.path, &error), 0);
    FILE *stream = fopen(file.path, "r");
    assert_non_null(stream);
    content[fread(content, 1, 1023, stream)] = '\0';
    fclose(stream);
    remove_file(&file); /* which fails where a temporary file is left next to it */
}

static void every_file_that_is_not_right_is_reported_with_its_reason(void **state) {
    struct cookie_jar *jar = make_jar(COOKIES_SECURE);

    (void)state;
    for (size_t i = 0; i < COUNT(rejections); i++) {
        struct error error = {0};

        assert_int_equal(load(rejections[i].content, COOKIES_SECURE, jar, &error), -1);
        assert_int_equal(error.code, ERROR_INPUT);
        assert_non_null(strstr(error.message, "/cookies.txt"));
        assert_null(strstr(error.message, "s3cret"));
        for (size_t part = 0; part < 3 && rejections[i].said[part] != NULL; part++) {
            assert_non_null(strstr(error.message, rejections[i].said[part]));
        }
    }
    cookie_jar_free(jar);
}

static void every_exporter_is_understood(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(acceptances); i++) {
        struct cookie_jar *jar = make_jar(COOKIES_SECURE);
        struct error error = {0};
        char saved[1024];
        char expected[1024];

        assert_int_equal(load(acceptances[i].content, COOKIES_SECURE, jar, &error), 0);
        save(jar, saved);
        snprintf(expected, sizeof expected, "# Netscape HTTP Cookie File\n%s\n",
                 acceptances[i].saved);
        assert_string_equal(saved, expected);
        cookie_jar_free(jar);
    }
}

static void cookies_only_for_https_are_no_use_over_http(void **state) {
    static const char secure[] = HOST "\tFALSE\t/\tTRUE\t0\tsession\ts3cret\n";
    static const char plain[] = HOST "\tFALSE\t/\tFALSE\t0\tsession\ts3cret\n";
    struct cookie_jar *jar = make_jar(COOKIES_PLAIN);
    struct error error = {0};

    (void)state;
    assert_int_equal(load(plain, COOKIES_PLAIN, jar, &error), 0);
    assert_int_equal(load(secure, COOKIES_PLAIN, jar, &error), -1);
    assert_int_equal(error.code, ERROR_INPUT);
    assert_non_null(strstr(error.message, "only for https"));
    cookie_jar_free(jar);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
    static const char *const paths[] = {"/nowhere/cookies.txt", "/tmp", "/dev/zero"};
    struct cookie_jar *jar = make_jar(COOKIES_SECURE);

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct error error = {0};

        assert_int_equal(cookies_load(paths[i], HOST, COOKIES_SECURE, jar, &error), -1);
        assert_int_equal(error.code, ERROR_INPUT);
        assert_non_null(strstr(error.message, paths[i]));
    }
    cookie_jar_free(jar);
}

static void what_was_saved_can_be_loaded(void **state) {
    static const char line[] = HOST "\tFALSE\t/\tTRUE\t0\tsession\tv\n";
    struct cookie_jar *jar = make_jar(COOKIES_SECURE);
    struct cookie_jar *second = make_jar(COOKIES_SECURE);
    struct file file;
    struct error error = {0};
    struct stat status;
    char saved[1024];

    (void)state;
    assert_int_equal(load(line, COOKIES_SECURE, jar, &error), 0);
    make_file(&file, "");
    unlink(file.path);
    assert_int_equal(cookies_save(jar, file.path, &error), 0);
    assert_int_equal(stat(file.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(cookies_load(file.path, HOST, COOKIES_SECURE, second, &error), 0);
    save(second, saved);
    assert_non_null(strstr(saved, line));
    cookie_jar_free(jar);
    cookie_jar_free(second);
    remove_file(&file);
}

/* Sites of the same sign-in share the file. */
static void cookies_of_other_hosts_are_saved_with_ours(void **state) {
    struct cookie_jar *jar = make_jar(COOKIES_SECURE);
    struct error error = {0};
    char saved[1024];

    (void)state;
    assert_int_equal(load("auth.example.org\tFALSE\t/\tTRUE\t" LATER "\ta\tother's\n"
                          "auth.example.org\tFALSE\t/\tTRUE\t" PAST "\tb\tgone\n" HOST
                          "\tFALSE\t/\tTRUE\t0\tsession\tv\n",
                          COOKIES_SECURE, jar, &error),
                     0);
    save(jar, saved);
    assert_string_equal(saved,
                        "# Netscape HTTP Cookie File\n" HOST "\tFALSE\t/\tTRUE\t0\tsession\tv\n"
                        "auth.example.org\tFALSE\t/\tTRUE\t" LATER "\ta\tother's\n");
    cookie_jar_free(jar);
}

/* The user's file keeps what is not a cookie that has changed. */
static void what_else_is_in_the_file_stays(void **state) {
    static const char former[] =
        "# mine\n\n"
        "auth.example.org\tFALSE\t/\tTRUE\t" LATER "\ta\tother's\r\n"
        "not a cookie\n" HOST "\tFALSE\t/\tTRUE\t0\tgone\tv\n" HOST "\tFALSE\t/\tTRUE\t" PAST
        "\told\tv\n" HOST "\t0\t/\t1\tSession\tsession\tv\n"
        "# between\n" HOST "\tFALSE\t/\tTRUE\t0\tsame\tv\n" HOST
        "\tFALSE\t/\tFALSE\t0\t__Secure-x\tv";
    static const char expected[] =
        "# mine\n\n"
        "auth.example.org\tFALSE\t/\tTRUE\t" LATER "\ta\tother's\n"
        "not a cookie\n" HOST "\tFALSE\t/\tTRUE\t0\tsession\trenewed\n"
        "# between\n" HOST "\tFALSE\t/\tTRUE\t0\tsame\tv\n" HOST
        "\tFALSE\t/\tFALSE\t0\t__Secure-x\tv\n" HOST "\tFALSE\t/\tTRUE\t0\tnew\tv\n";
    static const char *const answers[] = {"session=renewed; Path=/; Secure",
                                          "gone=; Path=/; Max-Age=0", "new=v; Path=/; Secure"};
    struct cookie_jar *jar = make_jar(COOKIES_SECURE);
    struct file file;
    struct error error = {0};
    struct stat status;
    char link[64];
    char saved[1024];

    (void)state;
    make_file(&file, former);
    assert_int_equal(chmod(file.path, 0640), 0);
    snprintf(link, sizeof link, "%s/link", file.folder);
    assert_int_equal(symlink("cookies.txt", link), 0);
    assert_int_equal(cookies_load(link, HOST, COOKIES_SECURE, jar, &error), 0);
    for (size_t i = 0; i < COUNT(answers); i++) {
        assert_int_equal(cookie_jar_take(jar, 200, span_of(answers[i]), span_of("/"), 1), 0);
    }
    assert_int_equal(cookies_save(jar, link, &error), 0);
    FILE *stream = fopen(file.path, "r");
    assert_non_null(stream);
    saved[fread(saved, 1, sizeof saved - 1, stream)] = '\0';
    fclose(stream);
    assert_string_equal(saved, expected);
    assert_int_equal(lstat(link, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat(file.path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    unlink(link);
    remove_file(&file);
    cookie_jar_free(jar);
}

static void a_cookie_that_has_ended_meanwhile_is_not_saved(void **state) {
    const struct cookie cookie = {.host = span_of(HOST),
                                  .path = span_of("/"),
                                  .name = span_of("session"),
                                  .value = span_of("v"),
                                  .expires = 1577836800};
    struct cookie_jar *jar = make_jar(COOKIES_SECURE);
    char saved[1024];

    (void)state;
    assert_int_equal(cookie_jar_put(jar, &cookie), 0);
    save(jar, saved);
    assert_string_equal(saved, "# Netscape HTTP Cookie File\n");
    cookie_jar_free(jar);
}

static void what_cannot_be_saved_leaves_nothing_behind(void **state) {
    struct cookie_jar *jar = make_jar(COOKIES_SECURE);
    struct file file;
    struct error error = {0};

    (void)state;
    assert_int_equal(cookies_save(jar, "/nowhere/cookies.txt", &error), -1);
    assert_int_equal(error.code, ERROR_DISK);
    make_file(&file, "");
    unlink(file.path);
    assert_int_equal(mkdir(file.path, 0700), 0);
    assert_int_equal(cookies_save(jar, file.path, &error), -1); /* a folder is in the way */
    assert_int_equal(error.code, ERROR_DISK);
    assert_non_null(strstr(error.message, file.path));
    rmdir(file.path);
    remove_file(&file);
    cookie_jar_free(jar);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_that_is_not_right_is_reported_with_its_reason),
        cmocka_unit_test(every_exporter_is_understood),
        cmocka_unit_test(cookies_only_for_https_are_no_use_over_http),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        cmocka_unit_test(what_was_saved_can_be_loaded),
        cmocka_unit_test(cookies_of_other_hosts_are_saved_with_ours),
        cmocka_unit_test(what_else_is_in_the_file_stays),
        cmocka_unit_test(a_cookie_that_has_ended_meanwhile_is_not_saved),
        cmocka_unit_test(what_cannot_be_saved_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
