#include "valdb/lookups.h"

#include "base/fold.h"

static const char *const names_sql[] = {
    "SELECT DISTINCT U.USER_NAME AS NAME FROM USERS U WHERE U.ADMIN = 1 OR U.VALIDATOR = 1",
    "SELECT DISTINCT S.USER_NAME AS NAME FROM STATUS S",
};

bool lookups_is_nobody(struct span name) {
    struct text folded = {0};
    struct text blanks = {0};
    fold_blanks(name, &blanks);
    fold_case(text_span(&blanks), &folded);
    bool is_nobody = span_equal_string(text_span(&folded), "unknown name");
    text_free(&folded);
    text_free(&blanks);
    return is_nobody;
}

static int want_names(struct rules *rules, const char *sql, struct error *error) {
    size_t column = 0;
    int rc = -1;
    struct rows *rows = source_query(rules->source, sql, error);
    if (rows != NULL && rows_find_column(rows, "NAME", &column, error) == 0) {
        while ((rc = rows_step(rows, error)) == 1) {
            struct span name = rows_text(rows, column, &rules->scratch);
            if (!lookups_is_nobody(name) && people_want(rules->people, name, error) != 0) {
                rc = -1;
                break;
            }
        }
    }
    rows_close(rows);
    return rc;
}

int lookups_ask(struct rules *rules, struct error *error) {
    if (!rules->is_corrected || !people_is_asked(rules->people)) {
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
static int tell(struct rules *rules, const struct person_lookup *lookup, struct error *error) {
    const struct migration_settings *settings = rules->settings;
    struct migration_sink *sink = rules->sink;
    if (settings->people == NULL && settings->admins == NULL) {
        return 0;
    }
    return sink->tell_lookup(sink->context, lookup, error);
}

enum { MOST_NAMED = 8 };

/* Those who share a name, gathered one by one. */
struct namesakes {
    struct rules *rules;
    struct span login;          /* of whom alone it is asked, or null */
    const struct person *first; /* who counts */
    bool differs;               /* another has another full name */
    struct text found;          /* the first of them, for people */
    size_t count;
};

/* "jdoe <jane.doe@lab.example>" */
static void append_person(struct namesakes *all, const struct person *person) {
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

static void gather_login(void *context, const struct person *person) {
    struct namesakes *all = context;
    if (!span_equal_ignoring_ascii_case(person->login, span_trim(all->login))) {
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
    struct namesakes all = {.rules = rules, .login = login};
    struct person_lookup lookup = {.kind = kind, .name = login, .uses = 1};
    *fullname = (struct span){0};
    people_each_namesake(rules->people, login, gather_login, &all);
    lookup.found = found_text(&all);
    if (person == NULL) {
        lookup.outcome = PERSON_NOBODY;
    } else if (all.differs) {
        lookup.outcome = PERSON_SEVERAL;
    } else if (span_is_empty(person->fullname)) {
        lookup.outcome = PERSON_WITHOUT_NAME;
    } else {
        lookup.outcome = PERSON_FOUND;
        lookup.found = person->fullname;
        *fullname = person->fullname;
    }
    int rc = tell(rules, &lookup, error);
    text_free(&all.found);
    return rc;
}

static bool is_address(void *context, struct span address) {
    return patterns_is_address(context, address);
}

const struct person *lookups_find_author(struct rules *rules, struct span name) {
    const struct person *person = NULL;
    if (lookups_is_nobody(name) ||
        people_find_name(rules->people, name, is_address, rules->patterns, &person) != PEOPLE_ONE) {
        return NULL;
    }
    return person;
}

/* Who has no address that counts can have no report, and is named only where nobody has one. */
static void gather_addressed(void *context, const struct person *person) {
    struct namesakes *all = context;
    if (is_address(all->rules->patterns, person->email)) {
        append_person(all, person);
    }
}

static void gather_all(void *context, const struct person *person) {
    struct namesakes *all = context;
    append_person(all, person);
}

int lookups_tell_author(struct rules *rules, struct span name, int64_t reports,
                        struct error *error) {
    const struct person *person = NULL;
    struct namesakes all = {.rules = rules};
    struct person_lookup lookup = {.kind = KIND_AUTHORS, .name = name, .uses = reports};
    if (lookups_is_nobody(name)) {
        return 0;
    }
    people_each_namesake(rules->people, name, gather_addressed, &all);
    switch (people_find_name(rules->people, name, is_address, rules->patterns, &person)) {
    case PEOPLE_ONE:
        lookup.outcome = person->addresses > 1 ? PERSON_OF_ADDRESSES : PERSON_FOUND;
        break;
    case PEOPLE_SEVERAL:
        lookup.outcome = PERSON_SEVERAL;
        break;
    case PEOPLE_NOBODY:
        people_each_namesake(rules->people, name, gather_all, &all);
        lookup.outcome = all.found.length > 0 ? PERSON_WITHOUT_ADDRESS : PERSON_NOBODY;
        break;
    }
    lookup.found = found_text(&all);
    int rc = text_check(&all.found, error);
    if (rc == 0) {
        rc = tell(rules, &lookup, error);
    }
    text_free(&all.found);
    return rc;
}
