/* CSV lists, and the directory of people that is made of them. */
#include <string.h>

#include "base/fold.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "fuzz.h"
#include "people/csv.h"
#include "people/list.h"
#include "people/people.h"

static bool take_any(void *context, struct span address) {
    (void)context;
    (void)address;
    return true;
}

static bool has_key(struct span text) {
    struct text key = {0};
    fold_key(text, &key);
    bool has = key.length > 0;
    text_free(&key);
    return has;
}

/* Whoever is in the list is found. */
static void check_person(struct people *people, const struct list_line *line) {
    struct span login = line->values[LIST_LOGIN];
    const struct person *person = NULL;
    struct text said = {0};

    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        CHECK(json_is_utf8(line->values[i]) && json_is_utf8(line->fields[i]));
    }
    if (has_key(login)) {
        person = people_find_login(people, login);
        CHECK(person != NULL && !span_is_empty(person->login) && person->line > 0);
        CHECK(people_find_name(people, login, take_any, NULL, &person) != PEOPLE_NOBODY);
    }
    if (has_key(line->values[LIST_FULLNAME])) {
        CHECK(people_find_name(people, line->values[LIST_FULLNAME], take_any, NULL, &person) !=
              PEOPLE_NOBODY);
    }
    people_explain_login(people, line->fields[LIST_EMAIL], &said);
    CHECK(json_is_utf8(text_span(&said)));
    text_free(&said);
}

static void check_field(struct span field) {
    CHECK(!span_is_null(field) && json_is_utf8(field));
    CHECK(field.length == 0 || memchr(field.data, '\0', field.length) == NULL);
}

/* Goes through all records. 0 where the whole list is in order. */
static int read_records(const char *path, struct error *error) {
    struct csv *csv = csv_open(path, error);
    size_t column = 0;
    size_t line = 0;
    int rc = csv == NULL ? -1 : 0;

    for (size_t i = 0; i < LIST_COLUMN_COUNT && rc == 0; i++) {
        rc = csv_find_column(csv, list_column_names[i], &column, error);
    }
    while (rc == 0 && (rc = csv_next(csv, error)) == 1) {
        CHECK(csv_line(csv) > line);
        line = csv_line(csv);
        check_field(csv_field(csv, column));
        rc = 0;
    }
    csv_close(csv);
    return rc;
}

/* Looks everybody up. */
static void read_people(const char *path, struct people *people) {
    struct error error = {0};
    struct list_line line;
    struct list *list = list_open(path, &error);
    int rc = 0;

    CHECK(list != NULL);
    while ((rc = list_next(list, &line, &error)) == 1) {
        if (!line.is_header) {
            check_person(people, &line);
        }
    }
    CHECK(rc == 0 && people_check(people, &error) == 0);
    list_close(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *path = fuzz_file(fuzz_span(data, size));
    struct error error = {0};
    struct error same = {0};
    struct people *people = people_create();

    CHECK(people != NULL);
    int rc = read_records(path, &error);
    CHECK(people_load(people, path, &same) == rc);
    if (rc == 0) {
        read_people(path, people);
    } else {
        CHECK(error.code == ERROR_INPUT && strcmp(error.message, same.message) == 0);
    }
    people_free(people);
    return 0;
}
