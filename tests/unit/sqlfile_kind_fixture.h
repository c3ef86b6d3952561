/* A kind of a migration file with the parts that a test gives it. */
#ifndef ROWPOST_TESTS_SQLFILE_KIND_FIXTURE_H
#define ROWPOST_TESTS_SQLFILE_KIND_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "migration/sqlfile/sqlfile.h"

static struct sqlfile *kind_file;

/* The lines of a kind's parts are lines 8 and further; line 3 is the file's own. */
static inline int kind_try(const char *of_file, const char *parts, struct error *error) {
    struct text text = {0};
    text_append_format(&text,
                       "--@ migration desk\n--@ option site Geneva: where\n%s\n"
                       "--@ table people key id\nSELECT id FROM person;\n"
                       "--@ classify people as users\nSELECT id AS row FROM people;"
                       "\n--@ kind users from users\n%s"
                       "SELECT row AS key, '{}' AS body FROM users;\n",
                       of_file, parts);
    kind_file = sqlfile_read("desk.sql", text_span(&text), error);
    text_free(&text);
    return kind_file == NULL ? -1 : 0;
}

/* The parts that no kind can be without, unless the test has them. */
static inline const struct migration_kind *kind_of(const char *parts) {
    static const char *const needed[][2] = {{"--@ create ", "--@ create POST /users\n"},
                                            {"--@ success ", "--@ success :status = 201\n"},
                                            {"--@ find ", "--@ find GET /users\n"},
                                            {"--@ match ", "--@ match :answer ->> '$.id'\n"}};
    struct error error = {0};
    struct text all = {0};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        text_append_string(&all, strstr(parts, needed[i][0]) == NULL ? needed[i][1] : "");
    }
    text_append_string(&all, parts);
    if (kind_try("", text_string(&all), &error) != 0) {
        fail_msg("%s", error.message);
    }
    text_free(&all);
    return &sqlfile_migration(kind_file)->kinds[0];
}

static inline int close_kind(void **state) {
    (void)state;
    sqlfile_free(kind_file);
    kind_file = NULL;
    return 0;
}

static inline json_t *json_of(const char *text) {
    json_t *json = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
    assert_true(text == NULL || json != NULL);
    return json;
}

#define kind_test(test) cmocka_unit_test_teardown(test, close_kind)

#endif
