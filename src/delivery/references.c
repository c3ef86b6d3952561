#define _GNU_SOURCE /* explicit_bzero */
#include "delivery/references.h"

#include <string.h>
#include <sys/random.h>

#include "base/json_writer.h"
#include "base/marker.h"
#include "workspace/journal_records.h"

enum { SECRET_LENGTH = 32 };

static struct span slice(struct span json, size_t from, size_t to) {
    return (struct span){json.data + from, to - from};
}

/* Appends the record's name, or the marker as it is. 1: resolved; 0; -1. */
static int append_record(struct span json, const struct marker *marker, struct journal *journal,
                         struct text *id, struct text *out, struct error *error) {
    bool is_number = false;
    int rc = journal_find_record(journal, text_span(&marker->kind), text_span(&marker->key), id,
                                 &is_number, error);
    if (rc == 1 && is_number) {
        text_append(out, text_span(id));
    } else if (rc == 1) {
        json_append_quoted(out, text_span(id));
    } else {
        text_append(out, slice(json, marker->at, marker->at + marker->length));
    }
    return rc;
}

static int resolve(struct span json, struct journal *journal, struct text *out, size_t *unresolved,
                   struct error *error) {
    struct marker marker = {0};
    struct text id = {0};
    size_t from = 0;
    int rc;
    while ((rc = marker_find(json, from, &marker, error)) == 1) {
        size_t end = marker.at + marker.length;
        if (marker.what == MARKER_RECORD) {
            text_append(out, slice(json, from, marker.at));
            int is_known = append_record(json, &marker, journal, &id, out, error);
            *unresolved += is_known == 0;
            if (is_known < 0) {
                rc = -1;
                break;
            }
        } else {
            text_append(out, slice(json, from, end));
        }
        from = end;
    }
    text_append(out, slice(json, from, json.length));
    marker_free(&marker);
    text_free(&id);
    return rc < 0 ? -1 : text_check(out, error);
}

int references_resolve(struct text *json, struct journal *journal, size_t *unresolved,
                       struct error *error) {
    if (!marker_may_be_in(text_span(json), MARKER_RECORD)) {
        return 0;
    }
    struct text resolved = {0};
    int rc = resolve(text_span(json), journal, &resolved, unresolved, error);
    if (rc == 0) {
        struct text former = *json;
        *json = resolved;
        resolved = former;
    }
    text_free(&resolved);
    return rc;
}

/* Each byte gives one of 64 characters, so that all are equally likely. */
static int draw_secret(char secret[SECRET_LENGTH + 1], struct error *error) {
    static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-_";
    unsigned char bytes[SECRET_LENGTH];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        return error_set(error, ERROR_INTERNAL, "the system gives no random bytes for a secret");
    }
    for (size_t i = 0; i < SECRET_LENGTH; i++) {
        secret[i] = characters[bytes[i] & 63];
    }
    secret[SECRET_LENGTH] = '\0';
    return 0;
}

static int append_secret(struct text *out, struct text *secrets, struct error *error) {
    char secret[SECRET_LENGTH + 1];
    if (draw_secret(secret, error) != 0) {
        return -1;
    }
    text_append_char(out, '"');
    text_append_string(out, secret);
    text_append_char(out, '"');
    text_append_string(secrets, secret);
    text_append_char(secrets, '\n');
    explicit_bzero(secret, sizeof secret);
    return 0;
}

/* How many bytes the text may have in the end, so that growing leaves no copy of a secret in
 * memory. */
static size_t count_room(struct span json) {
    static const char shortest[] = "{\"$secret\":true}";
    return json.length + (json.length / (sizeof shortest - 1) + 1) * (SECRET_LENGTH + 3);
}

int references_append_secrets(struct span json, struct text *out, struct text *secrets,
                              struct error *error) {
    struct marker marker = {0};
    size_t from = 0;
    int rc;
    text_reserve(out, count_room(json));
    text_reserve(secrets, count_room(json));
    while ((rc = marker_find(json, from, &marker, error)) == 1) {
        size_t end = marker.at + marker.length;
        bool is_drawn = marker.what == MARKER_SECRET;
        text_append(out, slice(json, from, is_drawn ? marker.at : end));
        if (is_drawn && append_secret(out, secrets, error) != 0) {
            rc = -1;
            break;
        }
        from = end;
    }
    text_append(out, slice(json, from, json.length));
    marker_free(&marker);
    return rc < 0 || text_check(secrets, error) != 0 ? -1 : text_check(out, error);
}
