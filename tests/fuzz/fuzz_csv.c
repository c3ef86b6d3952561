/* CSV lists, and the directory of people that is made of them. */
#include <string.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "fuzz.h"
#include "people/csv.h"
#include "people/people.h"

static const char *const names[] = {"user_name", "email", "fullname"};

enum { COLUMNS = sizeof names / sizeof *names };

static bool take_any(void *context, struct span address) {
    (void)context;
    (void)address;
    return true;
}

/* Whoever stands in the list is found. */
static void check_person(struct people *people, struct span login, struct span fullname) {
    struct text folded = {0};
    const struct person *person = NULL;

    if (!span_is_empty(span_trim(login))) {
        person = people_find_login(people, login);
        CHECK(person != NULL && !span_is_empty(person->login) && person->line > 0);
        CHECK(people_find_name(people, login, take_any, NULL, &person) != PEOPLE_NOBODY);
    }
    people_fold_blanks(fullname, &folded);
    if (folded.length > 0) {
        CHECK(people_find_name(people, fullname, take_any, NULL, &person) != PEOPLE_NOBODY ||
              span_is_empty(span_trim(login)));
    }
    text_free(&folded);
}

static void check_field(struct span field) {
    CHECK(!span_is_null(field) && json_is_utf8(field));
    CHECK(field.length == 0 || memchr(field.data, '\0', field.length) == NULL);
}

/* Goes through all records, and looks each person up where there is a directory. The last answer
 * of csv_next(). */
static int read_records(struct csv *csv, const size_t columns[COLUMNS], struct people *people,
                        struct error *error) {
    size_t line = 0;
    int rc;

    while ((rc = csv_next(csv, error)) == 1) {
        CHECK(csv_line(csv) > line);
        line = csv_line(csv);
        for (size_t i = 0; i < COLUMNS; i++) {
            check_field(csv_field(csv, columns[i]));
        }
        if (people != NULL) {
            check_person(people, csv_field(csv, columns[0]), csv_field(csv, columns[2]));
        }
    }
    return rc;
}

/* 0 where the whole list is in order. */
static int read_list(const char *path, struct people *people, struct error *error) {
    size_t columns[COLUMNS] = {0};
    struct csv *csv = csv_open(path, error);
    int rc = csv == NULL ? -1 : 0;

    for (size_t i = 0; i < COLUMNS && rc == 0; i++) {
        rc = csv_find_column(csv, names[i], &columns[i], error);
    }
    if (rc == 0) {
        rc = read_records(csv, columns, people, error);
    }
    csv_close(csv);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file(fuzz_span(data, size));
    struct error error = {0};
    struct error same = {0};
    struct people *people = people_create();

    CHECK(people != NULL);
    int rc = read_list(path, NULL, &error);
    CHECK(people_load(people, path, &same) == rc);
    if (rc == 0) {
        CHECK(read_list(path, people, &error) == 0);
    } else {
        CHECK(error.code == ERROR_INPUT && strcmp(error.message, same.message) == 0);
    }
    people_free(people);
    return 0;
}
