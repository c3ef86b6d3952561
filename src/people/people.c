#include "people/people.h"

#include <stdlib.h>

#include "base/fold.h"
#include "base/log.h"
#include "base/map.h"
#include "people/directory_private.h"
#include "people/list.h"
#include "people/store_private.h"

struct people {
    struct store *store; /* NULL until something is loaded */
    struct arena arena;
    struct map found;   /* by the number of the entry: struct person */
    const char **lists; /* files and servers, by number */
    size_t list_count;
    struct error failure;               /* of a look-up; ERROR_NONE */
    const struct people_access *access; /* NULL: the default */
    struct directory *directory;        /* the server that was loaded, or NULL */
};

const struct people_access people_anonymous = {.patience = PEOPLE_TIMEOUT};

struct people *people_create(void) {
    return calloc(1, sizeof(struct people));
}

void people_free(struct people *people) {
    if (people == NULL) {
        return;
    }
    directory_free(people->directory);
    store_close(people->store);
    map_free(&people->found);
    arena_free(&people->arena);
    free(people->lists);
    free(people);
}

void people_set_access(struct people *people, const struct people_access *access) {
    people->access = access;
}

/* Names what is loaded next, and has a store for it. */
static int begin_list(struct people *people, const char *name, struct error *error) {
    const char **lists = realloc(people->lists, (people->list_count + 1) * sizeof *lists);
    if (lists == NULL) {
        return error_set_no_memory(error);
    }
    people->lists = lists;
    lists[people->list_count] = arena_copy(&people->arena, span_of(name)).data;
    if (people->arena.failed) {
        return error_set_no_memory(error);
    }
    people->list_count++;
    if (people->store == NULL) {
        people->store = store_open(error);
    }
    return people->store == NULL ? -1 : 0;
}

/* What was reported of the list that is being loaded. */
struct notices {
    const struct people *people;
    struct list_warnings warnings;
    size_t addresses;
};

static void warn_of_address(void *context, const struct store_second_address *second) {
    struct notices *notices = context;
    const char *const *lists = notices->people->lists;
    struct text shown = {0};
    if (notices->addresses++ >= LIST_MOST_WARNINGS) {
        return;
    }
    text_append_string(&shown, "the login ");
    fold_append_visible(second->login, &shown);
    text_append_string(&shown, " has another address, ");
    fold_append_visible(second->email, &shown);
    text_append_string(&shown, "; what counts is ");
    fold_append_visible(second->first_email, &shown);
    log_warning("%s, line %zu: %s of %s, line %zu", lists[second->list], (size_t)second->line,
                text_string(&shown), lists[second->first_list], (size_t)second->first_line);
    text_free(&shown);
}

static int add_line(struct people *people, struct notices *notices, const struct list_line *line,
                    struct error *error) {
    int64_t id = 0;
    list_warn_of_line(&notices->warnings, people->lists[people->list_count - 1], line);
    if (line->is_header) {
        return 0;
    }
    const struct store_entry entry = {.login = line->values[LIST_LOGIN],
                                      .fullname = line->values[LIST_FULLNAME],
                                      .email = line->values[LIST_EMAIL],
                                      .list = (int64_t)people->list_count - 1,
                                      .line = (int64_t)line->number,
                                      .addresses = 1};
    return store_add(people->store, &entry, &id, error);
}

static int load_list(struct people *people, const char *location, struct error *error) {
    struct notices notices = {.people = people};
    struct list_line line;
    int rc = -1;
    struct list *list = list_open(location, error);
    if (list == NULL || begin_list(people, location, error) != 0 ||
        store_begin_list(people->store, error) != 0) {
        goto done;
    }
    while ((rc = list_next(list, &line, error)) == 1) {
        if (add_line(people, &notices, &line, error) != 0) {
            rc = -1;
            goto done;
        }
    }
    if (rc == 0) {
        rc = store_end_list(people->store, warn_of_address, &notices, error);
    }
    list_warn_of_rest(location, "have a character that cannot be seen", notices.warnings.unseen);
    list_warn_of_rest(location, "have the column names", notices.warnings.headers);
    list_warn_of_rest(location, "have another address for a login", notices.addresses);
done:
    list_close(list);
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
    return directory_place_is_one(location) ? load_server(people, location, error)
                                            : load_list(people, location, error);
}

bool people_is_asked(const struct people *people) {
    return people->directory != NULL;
}

int people_want(struct people *people, struct span name, struct error *error) {
    return people->directory == NULL ? 0 : directory_want(people->directory, name, error);
}

/* The person of a list who was loaded before and has one of the entry's logins, in `*id`; or 0. */
static int find_listed(struct people *people, const struct directory_values *logins, int64_t *id,
                       struct error *error) {
    struct store_entry entry;
    for (size_t i = 0; i < logins->count; i++) {
        *id = store_find_login(people->store, logins->items[i], error);
        if (*id < 0 || (*id > 0 && store_read(people->store, *id, &entry, error) != 0)) {
            return -1;
        }
        if (*id > 0 && span_is_null(entry.dn)) {
            return 0;
        }
    }
    *id = 0;
    return 0;
}

static int add_directory_person(struct people *people, const struct directory_entry *entry,
                                int64_t *id, struct error *error) {
    struct text fullname = {0};
    fold_blanks(directory_entry_first(entry, DIRECTORY_NAME), &fullname);
    const struct store_entry person = {.login =
                                           span_trim(directory_entry_first(entry, DIRECTORY_LOGIN)),
                                       .fullname = text_span(&fullname),
                                       .email = directory_entry_first(entry, DIRECTORY_MAIL),
                                       .list = (int64_t)people->list_count - 1,
                                       .dn = entry->dn,
                                       .addresses = (int64_t)entry->values[DIRECTORY_MAIL].count};
    int rc = text_check(&fullname, error);
    if (rc == 0) {
        rc = store_add(people->store, &person, id, error);
    }
    text_free(&fullname);
    return rc;
}

/* Every login and every name of the entry finds the person. Two entries with one login are two
 * people; the first has the login. */
static int take_entry(void *context, const struct directory_entry *entry, struct error *error) {
    struct people *people = context;
    const struct directory_values *logins = &entry->values[DIRECTORY_LOGIN];
    const struct directory_values *names = &entry->values[DIRECTORY_NAME];
    int64_t person = 0;
    int64_t id = 0;
    if (find_listed(people, logins, &person, error) != 0) {
        return -1;
    }
    bool is_new = person == 0;
    if (is_new && add_directory_person(people, entry, &person, error) != 0) {
        return -1;
    }
    for (size_t i = 0; is_new && i < logins->count; i++) {
        const struct store_entry login = {.person = person, .login = logins->items[i]};
        if (store_add(people->store, &login, &id, error) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < names->count; i++) {
        const struct store_entry name = {.person = person, .fullname = names->items[i]};
        if (store_add(people->store, &name, &id, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int people_ask(struct people *people, struct error *error) {
    if (people->directory == NULL) {
        return 0;
    }
    return begin_list(people, directory_get_place(people->directory)->server, error) == 0
               ? directory_ask(people->directory, take_entry, people, error)
               : -1;
}

/* The person of the entry, who lives as long as the directory. */
static const struct person *read_person(struct people *people, int64_t id, struct error *error) {
    const struct span key = {(const char *)&id, sizeof id};
    struct person *person = map_find(&people->found, key);
    struct store_entry entry;
    if (person != NULL) {
        return person;
    }
    if (store_read(people->store, id, &entry, error) != 0) {
        return NULL;
    }
    struct arena *arena = &people->arena;
    person = arena_allocate(arena, sizeof *person);
    if (person == NULL || map_put(&people->found, key, person) != 0) {
        error_set_no_memory(error);
        return NULL;
    }
    *person = (struct person){.login = arena_copy(arena, entry.login),
                              .email = arena_copy(arena, entry.email),
                              .list = people->lists[entry.list],
                              .line = (size_t)entry.line,
                              .entry = arena_copy(arena, entry.dn),
                              .addresses = (size_t)entry.addresses};
    if (!span_is_empty(entry.fullname)) {
        person->fullname = arena_copy(arena, entry.fullname);
    }
    if (arena->failed) {
        error_set_no_memory(error);
        return NULL;
    }
    return person;
}

static bool can_look_up(const struct people *people) {
    return people->store != NULL && people->failure.code == ERROR_NONE;
}

const struct person *people_find_login(struct people *people, struct span login) {
    if (!can_look_up(people)) {
        return NULL;
    }
    int64_t id = store_find_login(people->store, login, &people->failure);
    return id <= 0 ? NULL : read_person(people, id, &people->failure);
}

/* The receiver of each namesake. */
struct reporting {
    struct people *people;
    void (*report)(void *context, const struct person *person);
    void *context;
};

static int report_one(void *context, int64_t id, struct error *error) {
    const struct reporting *reporting = context;
    const struct person *person = read_person(reporting->people, id, error);
    if (person == NULL) {
        return -1;
    }
    reporting->report(reporting->context, person);
    return 0;
}

void people_each_namesake(struct people *people, struct span name,
                          void (*report)(void *context, const struct person *person),
                          void *context) {
    struct reporting reporting = {people, report, context};
    if (can_look_up(people)) {
        store_each_namesake(people->store, name, report_one, &reporting, &people->failure);
    }
}

/* The search for the one person of a name. */
struct search {
    struct people *people;
    bool (*is_address)(void *context, struct span address);
    void *context;
    const struct person *found;
};

static bool same_address(const struct person *a, const struct person *b) {
    return span_equal_ignoring_ascii_case(span_trim(a->email), span_trim(b->email));
}

/* 1 where the entry is a second person. */
static int compare_one(void *context, int64_t id, struct error *error) {
    struct search *search = context;
    const struct person *person = read_person(search->people, id, error);
    if (person == NULL) {
        return -1;
    }
    if (!search->is_address(search->context, person->email)) {
        return 0;
    }
    if (search->found == NULL) {
        search->found = person;
    }
    return same_address(search->found, person) ? 0 : 1;
}

enum people_match people_find_name(struct people *people, struct span name,
                                   bool (*is_address)(void *context, struct span address),
                                   void *context, const struct person **person) {
    struct search search = {people, is_address, context, NULL};
    if (!can_look_up(people)) {
        return PEOPLE_NOBODY;
    }
    int rc = store_each_namesake(people->store, name, compare_one, &search, &people->failure);
    if (rc != 0 || search.found == NULL) {
        return rc == 1 ? PEOPLE_SEVERAL : PEOPLE_NOBODY;
    }
    *person = search.found;
    return PEOPLE_ONE;
}

static void append_near(const struct person *person, struct span login, struct text *out) {
    text_append_string(out, "nobody has the login ");
    fold_append_visible(login, out);
    text_append_string(out, "; ");
    people_append_origin(person, out);
    text_append_string(out, " has ");
    fold_append_visible(person->login, out);
}

bool people_explain_login(struct people *people, struct span login, struct text *out) {
    size_t before = out->length;
    const struct person *person = people_find_login(people, login);
    if (person == NULL && can_look_up(people)) {
        int64_t id = store_find_near(people->store, login, &people->failure);
        person = id <= 0 ? NULL : read_person(people, id, &people->failure);
        if (person != NULL) {
            append_near(person, login, out);
        }
    } else if (person != NULL && fold_has_unseen(login)) {
        text_append_string(out, "the login ");
        fold_append_visible(login, out);
        text_append_string(out, " has a character that cannot be seen; it is read as ");
        fold_append_visible(person->login, out);
    }
    return out->length > before;
}

int people_check(const struct people *people, struct error *error) {
    if (people->failure.code == ERROR_NONE) {
        return 0;
    }
    *error = people->failure;
    return -1;
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
