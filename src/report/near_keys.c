#include <stdbool.h>
#include <string.h>

#include "base/nearest.h"
#include "report/document_report.h"
#include "workspace/listing.h"

enum { MOST_NEAR = 5, FAR = NEAREST_FAR };

struct near_key {
    size_t distance;
    struct text name; /* with its kind */
};

static bool contains(struct span key, struct span part) {
    for (size_t at = 0; part.length > 0 && at + part.length <= key.length; at++) {
        if (span_equal_ignoring_ascii_case((struct span){key.data + at, part.length}, part)) {
            return true;
        }
    }
    return false;
}

/* The distance of a key that may have been meant, FAR for others: a third may be wrong, or the
 * rest was left out. */
static size_t nearness(struct span wanted, struct span key) {
    size_t distance = nearest_typing_distance(wanted, key);
    if (distance < FAR) {
        return distance;
    }
    return wanted.length >= 3 && contains(key, wanted) ? wanted.length : FAR;
}

/* Puts the key where it belongs among the nearest; of equals the first stays in front. */
static void keep(struct near_key nearest[MOST_NEAR], size_t distance, struct span kind,
                 struct span key) {
    size_t place = MOST_NEAR;
    while (place > 0 && distance < nearest[place - 1].distance) {
        place--;
    }
    if (place == MOST_NEAR) {
        return;
    }
    struct near_key dropped = nearest[MOST_NEAR - 1];
    memmove(&nearest[place + 1], &nearest[place], (MOST_NEAR - 1 - place) * sizeof *nearest);
    nearest[place] = dropped;
    nearest[place].distance = distance;
    text_clear(&nearest[place].name);
    text_append(&nearest[place].name, kind);
    text_append_char(&nearest[place].name, ' ');
    text_append(&nearest[place].name, key);
}

int document_append_near_keys(struct workspace *workspace, const char *key, struct text *out,
                              struct error *error) {
    struct listing keys;
    struct near_key nearest[MOST_NEAR] = {0};
    if (listing_open(&keys, workspace, LISTING_KEYS, &(struct listing_filter){0}, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < MOST_NEAR; i++) {
        nearest[i].distance = FAR;
    }
    int rc;
    while ((rc = listing_next(&keys, error)) == 1) {
        struct span found = listing_text(&keys, 1);
        keep(nearest, nearness(span_of(key), found), listing_text(&keys, 0), found);
    }
    listing_close(&keys);
    for (size_t i = 0; i < MOST_NEAR; i++) {
        if (nearest[i].distance < FAR) {
            text_append_string(out, i == 0 ? "" : ", ");
            text_append(out, text_span(&nearest[i].name));
        }
        text_free(&nearest[i].name);
    }
    return rc;
}
