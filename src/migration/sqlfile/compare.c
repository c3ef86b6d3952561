#include "migration/sqlfile/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/json_wide.h"
#include "base/text.h"

struct comparing {
    const struct compare_rules *rules;
    const struct difference_sink *sink; /* NULL: only counted */
    size_t count;
    struct text path;  /* "issue.custom_fields.id": as a migration names it */
    struct text shown; /* "issue.custom_fields[0].id" */
    bool has_failed;
};

static void compare(struct comparing *comparing, const json_t *planned, const json_t *found);

/* ---- a difference ---- */

/* A text as it is, null for null, all else as JSON. */
static struct span show(const json_t *value, char **memory) {
    if (value == NULL || json_is_null(value)) {
        return span_of(NULL);
    }
    if (json_is_string(value)) {
        return (struct span){json_string_value(value), json_string_length(value)};
    }
    *memory = json_memory_dump(value, JSON_COMPACT | JSON_ENCODE_ANY);
    return span_of(*memory);
}

/* A value that should have a secret in it may show the one that was sent. */
static void differ(struct comparing *comparing, const json_t *planned, const json_t *found) {
    char *planned_memory = NULL;
    char *found_memory = NULL;
    comparing->count++;
    if (comparing->sink == NULL) {
        return;
    }
    const char *field =
        comparing->shown.length == 0 ? "whole record" : text_string(&comparing->shown);
    comparing->sink->add(comparing->sink->context, field, show(planned, &planned_memory),
                         kind_holds_secret(planned) && found != NULL
                             ? span_of("it differs, and is not shown as it may have the secret")
                             : show(found, &found_memory));
    json_memory_free(planned_memory);
    json_memory_free(found_memory);
}

/* ---- values ---- */

static bool is_equal(const json_t *planned, const json_t *found) {
    if (found == NULL) {
        return json_is_null(planned);
    }
    if (json_is_number(planned) && json_is_number(found)) {
        return json_is_integer(planned) && json_is_integer(found)
                   ? json_integer_value(planned) == json_integer_value(found)
                   : json_number_value(planned) == json_number_value(found);
    }
    return json_equal(planned, found) != 0;
}

static void compare_object(struct comparing *comparing, const json_t *planned,
                           const json_t *found) {
    size_t path = comparing->path.length;
    size_t shown = comparing->shown.length;
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)planned, name, member) {
        text_append_format(&comparing->path, "%s%s", path == 0 ? "" : ".", name);
        text_append_format(&comparing->shown, "%s%s", shown == 0 ? "" : ".", name);
        if (comparing->path.failed || comparing->shown.failed) {
            comparing->has_failed = true;
            return;
        }
        compare(comparing, member, json_object_get(found, name));
        comparing->path.length = path;
        comparing->shown.length = shown;
        text_terminate(&comparing->path);
        text_terminate(&comparing->shown);
    }
}

static void compare_items(struct comparing *comparing, const json_t *planned, const json_t *found) {
    size_t shown = comparing->shown.length;
    for (size_t i = 0; i < json_array_size(planned); i++) {
        text_append_format(&comparing->shown, "[%zu]", i);
        if (comparing->shown.failed) {
            comparing->has_failed = true;
            return;
        }
        compare(comparing, json_array_get(planned, i), json_array_get(found, i));
        comparing->shown.length = shown;
        text_terminate(&comparing->shown);
    }
}

/* ---- arrays in any order ---- */

enum { PAIRED_MOST = 1000 /* items: more are paired by the first that fits */ };

enum fit { FIT_UNKNOWN, FIT_YES, FIT_NO };

struct pairing {
    struct comparing *comparing;
    const json_t *planned;
    const json_t *found;
    size_t count;         /* of either */
    size_t *takers;       /* of each found item: the place of its planned item, from 1; 0: none */
    bool *is_tried;       /* found items that the search has been at */
    unsigned char *known; /* an enum fit for each pair; NULL: there are too many */
};

static bool are_same(struct comparing *comparing, const json_t *planned, const json_t *found) {
    const struct difference_sink *sink = comparing->sink;
    size_t count = comparing->count;
    comparing->sink = NULL;
    compare(comparing, planned, found);
    bool is_same = comparing->count == count;
    comparing->sink = sink;
    comparing->count = count;
    return is_same;
}

static bool fits(struct pairing *pairing, size_t planned, size_t found) {
    unsigned char once = FIT_UNKNOWN;
    unsigned char *known =
        pairing->known == NULL ? &once : &pairing->known[planned * pairing->count + found];
    if (*known == FIT_UNKNOWN) {
        bool is_same = are_same(pairing->comparing, json_array_get(pairing->planned, planned),
                                json_array_get(pairing->found, found));
        *known = is_same ? FIT_YES : FIT_NO;
    }
    return *known == FIT_YES;
}

/* Gives the planned item a found one, and another one to the item that had it: an augmenting path.
 * An item's own place is tried first, as most arrays are in order. */
static bool find_partner(struct pairing *pairing, size_t planned) {
    for (size_t step = 0; step < pairing->count; step++) {
        size_t place = (planned + step) % pairing->count;
        size_t *taker = &pairing->takers[place];
        if (pairing->is_tried[place] || (*taker > 0 && pairing->known == NULL) ||
            !fits(pairing, planned, place)) {
            continue;
        }
        pairing->is_tried[place] = true;
        if (*taker == 0 || find_partner(pairing, *taker - 1)) {
            *taker = planned + 1;
            return true;
        }
    }
    return false;
}

static bool pair_all(struct pairing *pairing) {
    for (size_t i = 0; i < pairing->count; i++) {
        memset(pairing->is_tried, 0, pairing->count * sizeof *pairing->is_tried);
        if (!find_partner(pairing, i)) {
            return false;
        }
    }
    return true;
}

/* Each planned item needs a found one of its own; both lists have the same length. An item may fit
 * several: `{"a":1}` fits `{"a":1,"b":2}`. */
static void compare_unordered(struct comparing *comparing, const json_t *planned,
                              const json_t *found) {
    size_t count = json_array_size(planned);
    struct pairing pairing = {.comparing = comparing,
                              .planned = planned,
                              .found = found,
                              .count = count,
                              .takers = calloc(count + 1, sizeof *pairing.takers),
                              .is_tried = calloc(count + 1, sizeof *pairing.is_tried)};
    bool is_small = count <= PAIRED_MOST;
    pairing.known = is_small ? calloc(count * count + 1, sizeof *pairing.known) : NULL;
    if (pairing.takers == NULL || pairing.is_tried == NULL || (is_small && pairing.known == NULL)) {
        comparing->has_failed = true;
    } else if (!pair_all(&pairing)) {
        differ(comparing, planned, found);
    }
    free(pairing.takers);
    free(pairing.is_tried);
    free(pairing.known);
}

static bool is_passed(const struct comparing *comparing, const json_t *planned) {
    struct span path = text_span(&comparing->path);
    return kind_is_secret(planned) || members_have(comparing->rules->ignored, path) ||
           members_have(comparing->rules->secret, path);
}

static void compare(struct comparing *comparing, const json_t *planned, const json_t *found) {
    if (is_passed(comparing, planned) || comparing->has_failed) {
        return;
    }
    if (json_is_object(planned) && json_is_object(found) && !json_wide_is(planned)) {
        compare_object(comparing, planned, found);
    } else if (json_is_array(planned) && json_is_array(found) &&
               json_array_size(planned) == json_array_size(found)) {
        if (members_have(comparing->rules->unordered, text_span(&comparing->path))) {
            compare_unordered(comparing, planned, found);
        } else {
            compare_items(comparing, planned, found);
        }
    } else if (!is_equal(planned, found)) {
        differ(comparing, planned, found);
    }
}

size_t compare_members(const json_t *planned, const json_t *found,
                       const struct compare_rules *rules, const struct difference_sink *sink) {
    struct comparing comparing = {.rules = rules, .sink = sink};
    compare(&comparing, planned, found);
    if (comparing.has_failed && sink->fail != NULL) {
        sink->fail(sink->context);
    }
    text_free(&comparing.path);
    text_free(&comparing.shown);
    return comparing.count;
}

json_t *compare_merge(const json_t *body, const json_t *expect) {
    json_t *merged = json_deep_copy(body);
    if (merged != NULL && json_is_object(merged) && json_is_object(expect) &&
        json_object_update_recursive(merged, (json_t *)expect) != 0) {
        json_decref(merged);
        return NULL;
    }
    return merged;
}
