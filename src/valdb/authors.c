#include "valdb/authors.h"

#include "base/fold.h"

void authors_free(struct authors *authors) {
    map_free(&authors->by_name);
    arena_free(&authors->arena);
}

/* What the legacy site writes where it does not know the person: nobody, whoever the directory may
 * have under that name. */
static bool is_unknown_name(struct span name) {
    struct text folded = {0};
    struct text blanks = {0};
    fold_blanks(name, &blanks);
    fold_case(text_span(&blanks), &folded);
    bool is_unknown = span_equal_string(text_span(&folded), "unknown name");
    text_free(&folded);
    text_free(&blanks);
    return is_unknown;
}

static bool is_address(void *context, struct span address) {
    return patterns_is_address(context, address);
}

static void look_up(struct authors *authors, struct rules *rules, struct span name,
                    struct author *author) {
    const struct person *person = NULL;
    if (is_unknown_name(name) ||
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
    struct author *author = map_find(&authors->by_name, name);
    if (author != NULL) {
        return author;
    }
    author = arena_allocate(&authors->arena, sizeof *author);
    if (author == NULL || map_put(&authors->by_name, name, author) != 0) {
        error_set_no_memory(error);
        return NULL;
    }
    *author = (struct author){0};
    look_up(authors, rules, name, author);
    if (authors->arena.failed) {
        error_set_no_memory(error);
        return NULL;
    }
    return author;
}

int authors_register(const struct author *author, struct rules *rules, struct users *users,
                     struct error *error) {
    if (users_find_email(users, author->email) != NULL ||
        !rules_corrects(rules, KIND_AUTHORS, CORRECTION_AUTHORS_REGISTERED)) {
        return 0;
    }
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
    text_append_format(&origin, "%s, line %zu", person->list, person->line);
    user->origin = arena_copy(&users->arena, text_span(&origin));
    text_free(&origin);
    return users->arena.failed ? error_set_no_memory(error) : 0;
}
