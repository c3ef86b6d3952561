#include "valdb/lookups.h"

#include "base/fold.h"

static const char *const names_sql[] = {
    "SELECT DISTINCT user_name FROM valdb_login WHERE reason IS NULL",
    "SELECT DISTINCT user_name FROM status WHERE typeof(user_name) = 'text'",
};

/* What the legacy site writes where it does not know the person: it means nobody, even if the
 * directory has somebody under that name. */
static bool is_nobody_name(struct span name) {
    struct text key = {0};
    fold_key(name, &key);
    bool is_nobody = span_equal_string(text_span(&key), "unknown name");
    text_free(&key);
    return is_nobody;
}

static int want_names(struct rules *rules, const char *sql, struct error *error) {
    struct statement names;
    int rc = statement_prepare(&names, staging_database(rules->staging), sql, error);
    while (rc == 0 && (rc = statement_step(&names, error)) == 1) {
        struct span name = statement_text(&names, 0);
        rc = is_nobody_name(name) ? 0 : people_want(rules->people, name, error);
    }
    statement_finalize(&names);
    return rc;
}

int lookups_ask(struct rules *rules, struct error *error) {
    if (!rules_allow(rules, CORRECTION_AUTHORS_RESOLVED) || !people_is_asked(rules->people)) {
        return 0;
    }
    for (size_t i = 0; i < sizeof names_sql / sizeof *names_sql; i++) {
        if (want_names(rules, names_sql[i], error) != 0) {
            return -1;
        }
    }
    return people_ask(rules->people, error);
}

/* Without a directory nobody can be found, and that is no news. */
static int put_person(struct rules *rules, const struct plan_person *person, struct error *error) {
    struct plan_entry entry = {.kind = PLAN_PERSON, .person = *person};
    return rules->settings->people == NULL && rules->options.admins == NULL
               ? 0
               : rules->sink->put(rules->sink->context, &entry, error);
}

enum { MOST_NAMED = 8 };

/* Those who share a name, gathered one by one. */
struct namesakes {
    struct rules *rules;
    struct text key;            /* of the login that is asked for */
    const struct person *first; /* who counts */
    bool differs;               /* another has another full name */
    struct text found;          /* the first of them, for people */
    size_t count;
};

/* "jdoe <jane.doe@lab.example>" */
static void append_person(void *context, const struct person *person) {
    struct namesakes *all = context;
    struct text *out = &all->found;
    if (all->count++ >= MOST_NAMED) {
        return;
    }
    text_append_string(out, out->length == 0 ? "" : ", ");
    text_append(out, person->login);
    if (!span_is_empty(span_trim(person->email))) {
        text_append_string(out, span_is_empty(person->login) ? "<" : " <");
        text_append(out, span_trim(person->email));
        text_append_char(out, '>');
    }
}

static struct span found_text(struct namesakes *all) {
    if (all->count > MOST_NAMED) {
        text_append_format(&all->found, " and %zu more", all->count - MOST_NAMED);
    }
    return text_span(&all->found);
}

/* A near miss in the directory is a warning that shows the characters. */
int lookups_explain(struct rules *rules, enum valdb_kind kind, struct span login,
                    struct error *error) {
    struct text words = {0};
    int rc = people_explain_login(rules->people, login, &words)
                 ? rules_warn(rules, kind, login, text_span(&words), error)
                 : 0;
    text_free(&words);
    return rc;
}

static void gather_login(void *context, const struct person *person) {
    struct namesakes *all = context;
    struct text key = {0};
    fold_key(person->login, &key);
    bool has_login = span_equal(text_span(&key), text_span(&all->key));
    text_free(&key);
    if (!has_login) {
        return;
    }
    append_person(all, person);
    if (all->first == NULL) {
        all->first = person;
    } else if (!span_equal(all->first->fullname, person->fullname)) {
        all->differs = true;
    }
}

int lookups_find_fullname(struct rules *rules, enum valdb_kind kind, struct span login,
                          struct span *fullname, struct error *error) {
    const struct person *person = people_find_login(rules->people, login);
    struct namesakes all = {.rules = rules};
    struct plan_person looked_up = {.kind = kind, .name = login, .uses = 1};
    fold_key(login, &all.key);
    *fullname = (struct span){0};
    people_each_namesake(rules->people, login, gather_login, &all);
    looked_up.found = found_text(&all);
    if (person == NULL) {
        looked_up.outcome = PERSON_NOBODY;
    } else if (all.differs) {
        looked_up.outcome = PERSON_SEVERAL;
    } else if (span_is_empty(person->fullname)) {
        looked_up.outcome = PERSON_WITHOUT_NAME;
    } else {
        looked_up.outcome = PERSON_FOUND;
        looked_up.found = person->fullname;
        *fullname = person->fullname;
    }
    int rc =
        put_person(rules, &looked_up, error) == 0 ? lookups_explain(rules, kind, login, error) : -1;
    text_free(&all.key);
    text_free(&all.found);
    return rc;
}

static bool is_address(void *context, struct span address) {
    return patterns_find(context, PATTERN_WHOLE_ADDRESS, address, NULL);
}

/* A person without an address that counts can have no report, and is named only where nobody has
 * one. */
static void gather_addressed(void *context, const struct person *person) {
    struct namesakes *all = context;
    if (is_address(all->rules->patterns, person->email)) {
        append_person(all, person);
    }
}

static int report_author(struct rules *rules, struct span name, int64_t reports,
                         struct error *error) {
    const struct person *person = NULL;
    struct namesakes all = {.rules = rules};
    struct plan_person looked_up = {.kind = KIND_AUTHORS, .name = name, .uses = reports};
    if (is_nobody_name(name)) {
        return 0;
    }
    people_each_namesake(rules->people, name, gather_addressed, &all);
    switch (people_find_name(rules->people, name, is_address, rules->patterns, &person)) {
    case PEOPLE_ONE:
        looked_up.outcome = person->addresses > 1 ? PERSON_OF_ADDRESSES : PERSON_FOUND;
        break;
    case PEOPLE_SEVERAL:
        looked_up.outcome = PERSON_SEVERAL;
        break;
    case PEOPLE_NOBODY:
        people_each_namesake(rules->people, name, append_person, &all);
        looked_up.outcome = all.found.length > 0 ? PERSON_WITHOUT_ADDRESS : PERSON_NOBODY;
        break;
    }
    looked_up.found = found_text(&all);
    int rc = text_check(&all.found, error);
    if (rc == 0) {
        rc = put_person(rules, &looked_up, error);
    }
    text_free(&all.found);
    return rc;
}

void authors_free(struct authors *authors) {
    map_free(&authors->by_name);
    arena_free(&authors->arena);
}

/* The one person of that name or login whose address ValDB2 would take. */
static void look_up(struct authors *authors, struct rules *rules, struct span name,
                    struct author *author) {
    const struct person *person = NULL;
    if (is_nobody_name(name) ||
        people_find_name(rules->people, name, is_address, rules->patterns, &person) != PEOPLE_ONE) {
        return;
    }
    struct text lower = {0};
    fold_case(person->email, &lower);
    author->person = person;
    author->email = arena_copy(&authors->arena, text_span(&lower));
    text_free(&lower);
}

const struct author *authors_find(struct authors *authors, struct rules *rules, struct span name,
                                  struct error *error) {
    struct author *author =
        map_find_or_add(&authors->by_name, &authors->arena, name, sizeof *author, error);
    if (author != NULL && author->reports++ == 0) {
        look_up(authors, rules, name, author);
    }
    if (author != NULL && authors->arena.failed) {
        error_set_no_memory(error);
        return NULL;
    }
    return author;
}

int authors_register(const struct author *author, struct rules *rules, struct users *users,
                     struct error *error) {
    if (!rules_allow(rules, CORRECTION_AUTHORS_REGISTERED) ||
        users_find_email(users, author->email) != NULL) {
        return 0;
    }
    rules_count(rules, KIND_AUTHORS, CORRECTION_AUTHORS_REGISTERED);
    const struct person *person = author->person;
    struct span login = span_is_empty(person->login) ? author->email : person->login;
    struct span fullname = {0};
    if (!span_is_empty(person->fullname)) {
        fullname = person->fullname;
    }
    struct user *user = users_add(users, ROLE_AUTHOR, login, author->email, fullname, error);
    if (user == NULL) {
        return -1;
    }
    struct text origin = {0};
    people_append_origin(person, &origin);
    user->origin = arena_copy(&users->arena, text_span(&origin));
    text_free(&origin);
    return users->arena.failed ? error_set_no_memory(error) : 0;
}

int authors_report(const struct authors *authors, struct rules *rules, struct error *error) {
    for (size_t i = 0; i < map_count(&authors->by_name); i++) {
        const struct author *author = map_value_at(&authors->by_name, i);
        if (report_author(rules, map_key_at(&authors->by_name, i), author->reports, error) != 0) {
            return -1;
        }
    }
    return 0;
}
