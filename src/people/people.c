#include "people/people.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/map.h"
#include "people/csv.h"
#include "people/directory.h"

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
    const struct people_access *access; /* NULL: the default */
    struct directory *directory;        /* the server that was loaded, or NULL */
};

const struct people_access people_anonymous = {.patience = PEOPLE_PATIENCE};

struct columns {
    size_t login, email, fullname;
};

struct people *people_create(void) {
    return calloc(1, sizeof(struct people));
}

void people_free(struct people *people) {
    if (people == NULL) {
        return;
    }
    directory_free(people->directory);
    map_free(&people->by_login);
    map_free(&people->by_name);
    arena_free(&people->arena);
    text_free(&people->scratch);
    free(people);
}

void people_set_access(struct people *people, const struct people_access *access) {
    people->access = access;
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
    struct namesakes *all = map_find(&people->by_name, text_span(key));
    if (all != NULL && all->last->person == person) {
        return 0;
    }
    struct namesake *namesake = arena_allocate(&people->arena, sizeof *namesake);
    if (namesake == NULL) {
        return -1;
    }
    *namesake = (struct namesake){.person = person};
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

static struct person *find_login(const struct people *people, struct span login) {
    struct text key = {0};
    append_key(login, &key);
    struct person *person = NULL;
    if (key.length > 0) {
        person = map_find(&people->by_login, text_span(&key));
    }
    text_free(&key);
    return person;
}

static int add_login(struct people *people, struct span login, struct person *person) {
    struct text *key = &people->scratch;
    text_clear(key);
    append_key(login, key);
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

/* A copy of the person, found by its login and its names. */
static struct person *add_person(struct people *people, struct person person) {
    struct person *added = arena_allocate(&people->arena, sizeof *added);
    if (added == NULL) {
        return NULL;
    }
    *added = person;
    added->login = arena_copy(&people->arena, person.login);
    added->email = arena_copy(&people->arena, person.email);
    added->entry = arena_copy(&people->arena, person.entry);
    added->fullname = folded_copy(people, person.fullname);
    if (people->arena.failed || people->scratch.failed ||
        add_name(people, added->fullname, added) != 0 ||
        add_name(people, added->login, added) != 0) {
        return NULL;
    }
    return added;
}

static int add_record(struct people *people, const struct csv *csv, struct columns columns,
                      const char *list) {
    struct span login = span_trim(csv_field(csv, columns.login));
    const struct person *known = people_find_login(people, login);
    if (known != NULL) {
        return add_name(people, csv_field(csv, columns.fullname), known);
    }
    struct person *person =
        add_person(people, (struct person){.login = login,
                                           .email = csv_field(csv, columns.email),
                                           .fullname = csv_field(csv, columns.fullname),
                                           .list = list,
                                           .line = csv_line(csv),
                                           .addresses = 1});
    return person == NULL ? -1 : add_login(people, person->login, person);
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
        if (add_record(people, csv, columns, list) != 0) {
            return error_set_no_memory(error);
        }
    }
    return rc;
}

static int load_server(struct people *people, const char *location, struct error *error) {
    const struct people_access *access =
        people->access == NULL ? &people_anonymous : people->access;
    if (people->directory != NULL) {
        return error_set(error, ERROR_USAGE, "%s: one directory on a server is enough", location);
    }
    people->directory = directory_create(location, access, error);
    return people->directory == NULL ? -1 : 0;
}

int people_load(struct people *people, const char *location, struct error *error) {
    if (directory_place_is_one(location)) {
        return load_server(people, location, error);
    }
    struct csv *csv = csv_open(location, error);
    if (csv == NULL) {
        return -1;
    }
    int rc = read_rows(people, csv, location, error);
    csv_close(csv);
    return rc;
}

bool people_is_asked(const struct people *people) {
    return people->directory != NULL;
}

int people_want(struct people *people, struct span name, struct error *error) {
    return people->directory == NULL ? 0 : directory_want(people->directory, name, error);
}

/* The person of a list that was loaded before and has one of the entry's logins, or NULL. */
static struct person *find_listed(const struct people *people,
                                  const struct directory_values *logins) {
    for (size_t i = 0; i < logins->count; i++) {
        struct person *person = find_login(people, logins->items[i]);
        if (person != NULL && span_is_null(person->entry)) {
            return person;
        }
    }
    return NULL;
}

static int add_names(struct people *people, const struct directory_values *values,
                     const struct person *person) {
    for (size_t i = 0; i < values->count; i++) {
        if (add_name(people, values->items[i], person) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Two entries with one login are two people, of whom the first has the login. */
static int add_logins(struct people *people, const struct directory_values *logins,
                      struct person *person) {
    for (size_t i = 0; i < logins->count; i++) {
        struct span login = logins->items[i];
        if (add_name(people, login, person) != 0 ||
            (find_login(people, login) == NULL && add_login(people, login, person) != 0)) {
            return -1;
        }
    }
    return 0;
}

static int take_entry(void *context, const struct directory_entry *entry, struct error *error) {
    struct people *people = context;
    const struct directory_values *logins = &entry->values[DIRECTORY_LOGIN];
    const struct directory_values *names = &entry->values[DIRECTORY_NAME];
    struct person *person = find_listed(people, logins);
    int rc = 0;
    if (person == NULL) {
        person = add_person(
            people,
            (struct person){.login = span_trim(directory_entry_first(entry, DIRECTORY_LOGIN)),
                            .email = directory_entry_first(entry, DIRECTORY_MAIL),
                            .fullname = directory_entry_first(entry, DIRECTORY_NAME),
                            .list = directory_get_place(people->directory)->server,
                            .entry = entry->dn,
                            .addresses = entry->values[DIRECTORY_MAIL].count});
        rc = person == NULL ? -1 : add_logins(people, logins, person);
    }
    if (rc == 0) {
        rc = add_names(people, names, person);
    }
    return rc == 0 ? 0 : error_set_no_memory(error);
}

int people_ask(struct people *people, struct error *error) {
    return people->directory == NULL ? 0
                                     : directory_ask(people->directory, take_entry, people, error);
}

const struct person *people_find_login(const struct people *people, struct span login) {
    return find_login(people, login);
}

void people_each_namesake(const struct people *people, struct span name,
                          void (*tell)(void *context, const struct person *person), void *context) {
    struct text key = {0};
    append_key(name, &key);
    const struct namesakes *all = map_find(&people->by_name, text_span(&key));
    text_free(&key);
    for (const struct namesake *one = all == NULL ? NULL : all->first; one != NULL;
         one = one->next) {
        tell(context, one->person);
    }
}

void people_append_origin(const struct person *person, struct text *out) {
    text_append_string(out, person->list);
    if (span_is_null(person->entry)) {
        text_append_format(out, ", line %zu", person->line);
    } else {
        text_append_string(out, ", ");
        text_append(out, person->entry);
    }
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
