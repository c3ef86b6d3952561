#define _POSIX_C_SOURCE 200809L /* strnlen */
#include "people/people.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/map.h"
#include "people/csv.h"

/* The persons of one name, in the order in which they were added. */
struct namesakes {
    struct namesake *first, *last;
};

struct namesake {
    const struct person *person;
    struct namesake *next;
};

struct people {
    struct arena arena;
    struct map by_login; /* folded login: struct person */
    struct map by_name;  /* folded full name or login: struct namesakes */
    struct text scratch;
};

struct columns {
    size_t login, email, fullname;
};

/* Where a directory can be kept; what has none of these schemes is a file. */
static const struct scheme {
    const char *name;
    const char *refusal; /* why this build cannot read it */
} schemes[] = {
    {"ldap:", "this build reads people from CSV lists only; export the directory to a file with "
              "the columns user_name,email,fullname"},
    {"ldaps:", "this build reads people from CSV lists only; export the directory to a file with "
               "the columns user_name,email,fullname"},
};

struct people *people_create(void) {
    return calloc(1, sizeof(struct people));
}

void people_free(struct people *people) {
    if (people == NULL) {
        return;
    }
    map_free(&people->by_login);
    map_free(&people->by_name);
    arena_free(&people->arena);
    text_free(&people->scratch);
    free(people);
}

void people_fold_blanks(struct span name, struct text *out) {
    fold_blanks(name, out);
}

/* The key of a name or a login: blanks folded, lower case. */
static void append_key(struct span name, struct text *out) {
    struct text folded = {0};
    fold_blanks(name, &folded);
    fold_case(text_span(&folded), out);
    out->failed = out->failed || folded.failed;
    text_free(&folded);
}

/* Remembers the person under a name; an empty one names nobody. */
static int add_name(struct people *people, struct span name, const struct person *person) {
    struct text *key = &people->scratch;
    text_clear(key);
    append_key(name, key);
    if (key->failed) {
        return -1;
    }
    if (key->length == 0) {
        return 0;
    }
    struct namesake *namesake = arena_allocate(&people->arena, sizeof *namesake);
    if (namesake == NULL) {
        return -1;
    }
    *namesake = (struct namesake){.person = person};
    struct namesakes *all = map_find(&people->by_name, text_span(key));
    if (all != NULL) {
        all->last->next = namesake;
        all->last = namesake;
        return 0;
    }
    all = arena_allocate(&people->arena, sizeof *all);
    if (all == NULL) {
        return -1;
    }
    *all = (struct namesakes){namesake, namesake};
    return map_put(&people->by_name, text_span(key), all);
}

static int add_login(struct people *people, struct person *person) {
    struct text *key = &people->scratch;
    text_clear(key);
    append_key(person->login, key);
    if (key->failed) {
        return -1;
    }
    return key->length == 0 ? 0 : map_put(&people->by_login, text_span(key), person);
}

static struct span folded_copy(struct people *people, struct span name) {
    text_clear(&people->scratch);
    fold_blanks(name, &people->scratch);
    if (people->scratch.length == 0) {
        return (struct span){NULL, 0};
    }
    return arena_copy(&people->arena, text_span(&people->scratch));
}

static int add_person(struct people *people, const struct csv *csv, struct columns columns,
                      const char *list) {
    struct span login = span_trim(csv_field(csv, columns.login));
    const struct person *known = people_find_login(people, login);
    if (known != NULL) {
        return add_name(people, csv_field(csv, columns.fullname), known);
    }
    struct person *person = arena_allocate(&people->arena, sizeof *person);
    if (person == NULL) {
        return -1;
    }
    *person = (struct person){
        .login = arena_copy(&people->arena, login),
        .email = arena_copy(&people->arena, csv_field(csv, columns.email)),
        .fullname = folded_copy(people, csv_field(csv, columns.fullname)),
        .list = list,
        .line = csv_line(csv),
    };
    if (people->arena.failed || people->scratch.failed || add_login(people, person) != 0 ||
        add_name(people, person->fullname, person) != 0 ||
        add_name(people, person->login, person) != 0) {
        return -1;
    }
    return 0;
}

static int read_rows(struct people *people, struct csv *csv, const char *location,
                     struct error *error) {
    struct columns columns = {0};
    if (csv_find_column(csv, "user_name", &columns.login, error) != 0 ||
        csv_find_column(csv, "email", &columns.email, error) != 0 ||
        csv_find_column(csv, "fullname", &columns.fullname, error) != 0) {
        return -1;
    }
    const char *list = arena_copy(&people->arena, span_of(location)).data;
    int rc = 1;
    while ((rc = csv_next(csv, error)) == 1) {
        if (add_person(people, csv, columns, list) != 0) {
            return error_set_no_memory(error);
        }
    }
    return rc;
}

static const struct scheme *find_scheme(const char *location) {
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct span start = {location, strnlen(location, strlen(schemes[i].name))};
        if (span_equal_ignoring_ascii_case(start, span_of(schemes[i].name))) {
            return &schemes[i];
        }
    }
    return NULL;
}

int people_load(struct people *people, const char *location, struct error *error) {
    const struct scheme *scheme = find_scheme(location);
    if (scheme != NULL) {
        return error_set(error, ERROR_USAGE, "%s %s", scheme->name, scheme->refusal);
    }
    struct csv *csv = csv_open(location, error);
    if (csv == NULL) {
        return -1;
    }
    int rc = read_rows(people, csv, location, error);
    csv_close(csv);
    return rc;
}

const struct person *people_find_login(const struct people *people, struct span login) {
    struct text key = {0};
    append_key(login, &key);
    const struct person *person = NULL;
    if (key.length > 0) {
        person = map_find(&people->by_login, text_span(&key));
    }
    text_free(&key);
    return person;
}

static bool same_address(const struct person *a, const struct person *b) {
    return span_equal_ignoring_ascii_case(span_trim(a->email), span_trim(b->email));
}

enum people_match people_find_name(const struct people *people, struct span name,
                                   bool (*is_address)(void *context, struct span address),
                                   void *context, const struct person **person) {
    struct text key = {0};
    append_key(name, &key);
    const struct namesakes *all = map_find(&people->by_name, text_span(&key));
    text_free(&key);
    const struct person *found = NULL;
    for (const struct namesake *one = all == NULL ? NULL : all->first; one != NULL;
         one = one->next) {
        if (!is_address(context, one->person->email)) {
            continue;
        }
        if (found != NULL && !same_address(found, one->person)) {
            return PEOPLE_SEVERAL;
        }
        found = found == NULL ? one->person : found;
    }
    if (found == NULL) {
        return PEOPLE_NOBODY;
    }
    *person = found;
    return PEOPLE_ONE;
}
