#include "delivery/confirmation.h"

#include <stddef.h>

#include "base/json_scan.h"

struct members {
    struct json_member items[CONFIRMATION_MOST_MEMBERS];
    size_t count;
};

static const struct json_member *find_member(const struct members *members, struct span name) {
    for (size_t i = 0; i < members->count; i++) {
        const struct json_member *member = &members->items[i];
        if (member->name.length == name.length && span_equal(member->name, name)) {
            return member;
        }
    }
    return NULL;
}

/* False where the text is no JSON object to its end, or has too many members, or two of one name.
 */
static bool read_members(struct span text, struct members *members) {
    struct json_walk walk;
    struct json_member member;
    enum json_step step;
    members->count = 0;
    if (!json_walk_begin_object(&walk, text)) {
        return false;
    }
    while ((step = json_walk_next_member(&walk, &member)) == JSON_STEP_VALUE) {
        if (members->count == CONFIRMATION_MOST_MEMBERS ||
            find_member(members, member.name) != NULL) {
            return false;
        }
        members->items[members->count++] = member;
    }
    return step == JSON_STEP_END;
}

static bool is_repeated(const struct members *planned, const struct members *found) {
    for (size_t i = 0; i < planned->count; i++) {
        const struct json_member *member = &planned->items[i];
        const struct json_member *match = find_member(found, member->name);
        if (match == NULL || !json_scan_equal(member->value, match->value)) {
            return false;
        }
    }
    return true;
}

static bool is_array_of_texts(struct span value) {
    struct json_walk walk;
    struct span item;
    enum json_step step;
    if (!json_walk_begin_array(&walk, value)) {
        return false;
    }
    while ((step = json_walk_next_item(&walk, &item)) == JSON_STEP_VALUE) {
        if (item.data[0] != '"') {
            return false;
        }
    }
    return step == JSON_STEP_END;
}

static bool has_deciding_members(const struct migration_kind *kind, const struct members *planned) {
    const struct migration_member *decisive = kind->deciding_members;
    for (; decisive->name != NULL; decisive++) {
        const struct json_member *member = find_member(planned, span_of(decisive->name));
        if (member == NULL || (decisive->is_set && !is_array_of_texts(member->value))) {
            return false;
        }
    }
    return true;
}

/* False where the record has no id, or one of the two has to be unescaped first. */
static bool read_record(const struct migration_kind *kind, const struct members *found,
                        struct confirmation *confirmation) {
    const struct json_member *id = find_member(found, span_of(kind->id_field));
    const struct json_member *created = find_member(found, span_of(kind->created_field));
    confirmation->created = (struct span){0};
    if (id == NULL || !json_scan_plain_string(id->value, &confirmation->id)) {
        return false;
    }
    return created == NULL || created->value.data[0] != '"' ||
           json_scan_plain_string(created->value, &confirmation->created);
}

bool confirmation_prove(const struct migration_kind *kind, struct span body, struct span answer,
                        struct confirmation *confirmation) {
    struct members planned;
    struct members found;
    return kind->deciding_members != NULL && read_members(body, &planned) &&
           read_members(answer, &found) && has_deciding_members(kind, &planned) &&
           is_repeated(&planned, &found) && read_record(kind, &found, confirmation);
}
