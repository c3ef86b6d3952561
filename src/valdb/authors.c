#include "valdb/authors.h"

#include "base/fold.h"
#include "valdb/lookups.h"

void authors_free(struct authors *authors) {
    map_free(&authors->by_name);
    arena_free(&authors->arena);
}

static void look_up(struct authors *authors, struct rules *rules, struct span name,
                    struct author *author) {
    const struct person *person = lookups_find_author(rules, name);
    if (person == NULL) {
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
        author->reports++;
        return author;
    }
    author = arena_allocate(&authors->arena, sizeof *author);
    if (author == NULL || map_put(&authors->by_name, name, author) != 0) {
        error_set_no_memory(error);
        return NULL;
    }
    *author = (struct author){.reports = 1};
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
    people_append_origin(person, &origin);
    user->origin = arena_copy(&users->arena, text_span(&origin));
    text_free(&origin);
    return users->arena.failed ? error_set_no_memory(error) : 0;
}

int authors_tell(const struct authors *authors, struct rules *rules, struct error *error) {
    for (size_t i = 0; i < map_count(&authors->by_name); i++) {
        const struct author *author = map_value_at(&authors->by_name, i);
        if (lookups_tell_author(rules, map_key_at(&authors->by_name, i), author->reports, error) !=
            0) {
            return -1;
        }
    }
    return 0;
}
