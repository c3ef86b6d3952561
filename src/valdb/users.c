#include "valdb/users.h"

#include <string.h>

#include "base/fold.h"
#include "base/json_writer.h"

void users_free(struct users *users) {
    map_free(&users->by_email);
    arena_free(&users->arena);
}

struct user *users_add(struct users *users, enum user_role role, struct span login,
                       struct span email, struct span fullname, struct error *error) {
    struct user *user = arena_allocate(&users->arena, sizeof *user);
    if (user == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    *user = (struct user){.role = role,
                          .login = arena_copy(&users->arena, login),
                          .email = arena_copy(&users->arena, email),
                          .fullname = arena_copy(&users->arena, fullname)};
    if (users->arena.failed || (map_find(&users->by_email, email) == NULL &&
                                map_put(&users->by_email, email, user) != 0)) {
        error_set_no_memory(error);
        return NULL;
    }
    if (users->last[role] == NULL) {
        users->first[role] = user;
    } else {
        users->last[role]->next = user;
    }
    users->last[role] = user;
    return user;
}

struct user *users_find_email(const struct users *users, struct span email) {
    return map_find(&users->by_email, email);
}

struct user *users_find_twin(const struct users *users, struct rules *rules, enum valdb_kind kind,
                             struct span email) {
    struct user *twin =
        rules_allow(rules, CORRECTION_TWINS_MERGED) ? users_find_email(users, email) : NULL;
    if (twin != NULL) {
        rules_count(rules, kind, CORRECTION_TWINS_MERGED);
    }
    return twin;
}

int users_add_group(struct users *users, struct user *user, struct group_id id,
                    struct error *error) {
    struct user_group *added = arena_allocate(&users->arena, sizeof *added);
    if (added == NULL) {
        return error_set_no_memory(error);
    }
    *added = (struct user_group){.id = id};
    if (user->last_group == NULL) {
        user->groups = added;
    } else {
        user->last_group->next = added;
    }
    user->last_group = added;
    return 0;
}

bool users_has_group(const struct user *user, struct group_id id) {
    for (const struct user_group *group = user->groups; group != NULL; group = group->next) {
        if (memcmp(&group->id, &id, sizeof id) == 0) {
            return true;
        }
    }
    return false;
}

/* The body of POST /api/users/ (notebook cells 20 and 25). */
static void write_body(const struct user *user, const struct rules *rules, struct text *group_id,
                       struct text *body) {
    text_clear(body);
    struct json_writer json = json_writer_to(body);
    json_begin_object(&json);
    json_member_integer(&json, "role", user->role);
    json_member_string(&json, "email", user->email);
    json_member_string(&json, "fullname", user->fullname);
    json_write_key(&json, "groups");
    json_begin_array(&json);
    for (const struct user_group *group = user->groups; group != NULL; group = group->next) {
        text_clear(group_id);
        rules_append_group_id(rules, group->id, group_id);
        json_write_string(&json, text_span(group_id));
    }
    json_end_array(&json);
    json_end_object(&json);
}

int users_put(const struct users *users, enum user_role role, enum valdb_kind kind,
              const struct rules *rules, struct error *error) {
    struct text group_id = {0};
    struct text body = {0};
    int rc = 0;
    for (const struct user *user = users->first[role]; user != NULL && rc == 0; user = user->next) {
        write_body(user, rules, &group_id, &body);
        struct plan_document document = {
            .kind = kind, .key = user->login, .body = text_span(&body), .origin = user->origin};
        rc = text_check(&body, error) == 0
                 ? ledger_put_document(rules->ledger, document, &user->uses, error)
                 : -1;
    }
    text_free(&group_id);
    text_free(&body);
    return rc;
}

void users_append_email(struct rules *rules, enum valdb_kind kind, struct span login,
                        struct span field, struct text *out) {
    struct span address = {0};
    text_clear(out);
    if (!rules_allow(rules, CORRECTION_EMAIL_FOUND)) {
        if (patterns_find(rules->patterns, PATTERN_LEADING_ADDRESS, field, &address)) {
            text_append(out, address);
        }
        return;
    }
    struct text found = {0};
    if (patterns_find(rules->patterns, PATTERN_ADDRESS, field, &address)) {
        text_append(&found, address);
    } else {
        text_append(&found, login);
        text_append_string(&found, "@cern.ch");
    }
    if (span_is_null(address) || address.data != field.data) {
        rules_count(rules, kind, CORRECTION_EMAIL_FOUND);
    }
    fold_case(text_span(&found), out);
    if (!span_equal(text_span(&found), text_span(out))) {
        rules_count(rules, kind, CORRECTION_EMAIL_LOWER);
    }
    text_free(&found);
}

const char *users_refusal(struct rules *rules, struct span email) {
    if (!rules_allow(rules, CORRECTION_TARGET_ACCEPTS) ||
        patterns_find(rules->patterns, PATTERN_WHOLE_ADDRESS, email, NULL)) {
        return NULL;
    }
    return span_is_empty(email)
               ? "Email is a required field, Email has an incorrect format. The example correct "
                 "format is: example@cern.ch"
               : "Email has an incorrect format. The example correct format is: example@cern.ch";
}
