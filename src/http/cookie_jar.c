#include "http/cookie_jar.h"

#include <stdlib.h>
#include <string.h>

#include "http/secret.h"

enum {
    TAKEN_MOST = 150, /* cookies for the host; no further one is taken from an answer */
    FORMER_KEPT = 64
};

struct entry {
    struct cookie cookie; /* its texts point into the storage */
    struct text storage;
};

struct cookie_jar {
    struct text host;
    enum cookies_channel channel;

    /* those for the host first, in the order in which they are sent */
    struct entry *entries;
    size_t count;
    size_t ours;
    size_t room;

    struct entry former[FORMER_KEPT]; /* cookies that are no more, in a ring */
    size_t former_next;
};

struct cookie_jar *cookie_jar_create(const char *host, enum cookies_channel channel) {
    struct cookie_jar *jar = calloc(1, sizeof *jar);

    if (jar == NULL) {
        return NULL;
    }
    jar->channel = channel;
    text_append_string(&jar->host, host);
    if (jar->host.failed) {
        cookie_jar_free(jar);
        return NULL;
    }
    return jar;
}

void cookie_jar_free(struct cookie_jar *jar) {
    if (jar == NULL) {
        return;
    }
    for (size_t i = 0; i < jar->count; i++) {
        text_wipe(&jar->entries[i].storage);
    }
    for (size_t i = 0; i < FORMER_KEPT; i++) {
        text_wipe(&jar->former[i].storage);
    }
    free(jar->entries);
    text_free(&jar->host);
    free(jar);
}

static bool is_ours(const struct cookie_jar *jar, const struct cookie *cookie) {
    return cookie_is_for_host(cookie, text_span(&jar->host));
}

/* RFC 6265, 5.1.4. */
static bool path_matches(struct span path, struct span request) {
    if (request.length < path.length || memcmp(request.data, path.data, path.length) != 0) {
        return false;
    }
    return request.length == path.length || path.data[path.length - 1] == '/' ||
           request.data[path.length] == '/';
}

/* RFC 6265, 5.1.4: up to the last slash, without it. */
static struct span default_path(struct span request) {
    size_t length = request.length;

    while (length > 0 && request.data[length - 1] != '/') {
        length--;
    }
    return length <= 1 ? span_of("/") : (struct span){request.data, length - 1};
}

/* Appends a copy of the text and returns it; there is room. */
static struct span keep(struct text *storage, struct span text) {
    size_t start = storage->length;
    text_append(storage, text);
    return (struct span){storage->data + start, text.length};
}

/* 0 or -1. */
static int copy(const struct cookie *cookie, struct entry *entry) {
    struct text storage = {0};

    if (text_reserve(&storage, cookie->host.length + cookie->path.length + cookie->name.length +
                                   cookie->value.length) == NULL) {
        return -1;
    }
    entry->cookie = *cookie;
    entry->cookie.host = keep(&storage, cookie->host);
    entry->cookie.path = keep(&storage, cookie->path);
    entry->cookie.name = keep(&storage, cookie->name);
    entry->cookie.value = keep(&storage, cookie->value);
    entry->storage = storage;
    return 0;
}

static int make_room(struct cookie_jar *jar) {
    if (jar->count < jar->room) {
        return 0;
    }
    size_t room = jar->room == 0 ? 8 : jar->room * 2;
    struct entry *entries = realloc(jar->entries, room * sizeof *entries);
    if (entries == NULL) {
        return -1;
    }
    jar->entries = entries;
    jar->room = room;
    return 0;
}

/* The place of the one that such a cookie replaces, or the number of cookies. */
static size_t find(const struct cookie_jar *jar, const struct cookie *cookie) {
    size_t at = 0;

    while (at < jar->count && !cookie_is_same(&jar->entries[at].cookie, cookie)) {
        at++;
    }
    return at;
}

/* Where a cookie goes that is not there: those with longer paths are ahead, and those that were
 * there before (RFC 6265, 5.4). */
static size_t find_place(const struct cookie_jar *jar, const struct cookie *cookie) {
    size_t at = 0;

    if (!is_ours(jar, cookie)) {
        return jar->count;
    }
    while (at < jar->ours && jar->entries[at].cookie.path.length >= cookie->path.length) {
        at++;
    }
    return at;
}

static void retire(struct cookie_jar *jar, const struct entry *entry) {
    struct entry *place = &jar->former[jar->former_next];

    text_wipe(&place->storage);
    *place = *entry;
    jar->former_next = (jar->former_next + 1) % FORMER_KEPT;
}

static void drop(struct cookie_jar *jar, size_t at) {
    retire(jar, &jar->entries[at]);
    jar->count--;
    jar->ours -= at < jar->ours;
    memmove(&jar->entries[at], &jar->entries[at + 1], (jar->count - at) * sizeof *jar->entries);
}

static void insert(struct cookie_jar *jar, const struct entry *entry) {
    size_t at = find_place(jar, &entry->cookie);

    memmove(&jar->entries[at + 1], &jar->entries[at], (jar->count - at) * sizeof *jar->entries);
    jar->entries[at] = *entry;
    jar->count++;
    jar->ours += is_ours(jar, &entry->cookie);
}

int cookie_jar_put(struct cookie_jar *jar, const struct cookie *cookie) {
    struct entry entry;

    if (!cookie_keeps_prefix(cookie)) {
        return 0;
    }
    if (make_room(jar) != 0 || copy(cookie, &entry) != 0) {
        return -1;
    }
    size_t old = find(jar, cookie);
    bool was_ours = old < jar->ours;
    if (old < jar->count && was_ours == is_ours(jar, cookie)) {
        retire(jar, &jar->entries[old]);
        jar->entries[old] = entry;
        return 0;
    }
    if (old < jar->count) {
        drop(jar, old);
    }
    insert(jar, &entry);
    return 0;
}

static bool accepts_session(int status) {
    return status >= 200 && status / 100 != 3 && status != 401;
}

/* A cookie bound to the very host where none was named. A name without a dot, such as a country's,
 * is none that cookies are set for, unless it is the host's own. False where it is another's. */
static bool set_host(const struct cookie_jar *jar, struct cookie *cookie) {
    struct span host = text_span(&jar->host);

    if (span_is_null(cookie->host)) {
        cookie->host = host;
        return true;
    }
    bool is_own = span_equal_ignoring_ascii_case(cookie->host, host);
    bool has_dot = memchr(cookie->host.data, '.', cookie->host.length) != NULL;
    return is_own || (has_dot && cookie_is_for_host(cookie, host));
}

/* A cookie that came without TLS is not secret and does not replace one that is. */
static bool may_be_set(const struct cookie_jar *jar, const struct cookie *cookie) {
    if (jar->channel == COOKIES_SECURE) {
        return true;
    }
    for (size_t i = 0; i < jar->ours; i++) {
        const struct cookie *other = &jar->entries[i].cookie;
        if (other->is_secure && span_equal(other->name, cookie->name) &&
            path_matches(other->path, cookie->path)) {
            return false;
        }
    }
    return !cookie->is_secure;
}

int cookie_jar_take(struct cookie_jar *jar, int status, struct span set_cookie, struct span target,
                    int64_t now) {
    struct cookie cookie;

    if (!accepts_session(status) || !set_cookie_parse(set_cookie, now, &cookie) ||
        !set_host(jar, &cookie)) {
        return 0;
    }
    if (span_is_null(cookie.path)) {
        cookie.path = default_path(span_cut(&target, '?'));
    }
    if (!cookie_keeps_prefix(&cookie) || !may_be_set(jar, &cookie)) {
        return 0;
    }
    size_t old = find(jar, &cookie);
    if (cookie_has_ended(&cookie, now)) {
        if (old < jar->count) {
            drop(jar, old);
        }
        return 0;
    }
    return old == jar->count && jar->ours >= TAKEN_MOST ? 0 : cookie_jar_put(jar, &cookie);
}

void cookie_jar_append(const struct cookie_jar *jar, struct span target, int64_t now,
                       struct text *out) {
    struct span request = span_cut(&target, '?');
    size_t start = out->length;

    for (size_t i = 0; i < jar->ours; i++) {
        const struct cookie *cookie = &jar->entries[i].cookie;

        if ((cookie->is_secure && jar->channel == COOKIES_PLAIN) || cookie_has_ended(cookie, now) ||
            !path_matches(cookie->path, request)) {
            continue;
        }
        if (out->length - start + cookie->name.length + cookie->value.length + strlen("; =") >
            COOKIE_JAR_MOST_BYTES) {
            return;
        }
        text_append_string(out, out->length > start ? "; " : "");
        text_append(out, cookie->name);
        text_append_char(out, '=');
        text_append(out, cookie->value);
    }
}

const struct cookie *cookie_jar_find(const struct cookie_jar *jar, const struct cookie *cookie) {
    size_t at = find(jar, cookie);

    return at < jar->count ? &jar->entries[at].cookie : NULL;
}

size_t cookie_jar_count(const struct cookie_jar *jar) {
    return jar->count;
}

const struct cookie *cookie_jar_at(const struct cookie_jar *jar, size_t index) {
    return &jar->entries[index].cookie;
}

void cookie_jar_mask(const struct cookie_jar *jar, struct text *text) {
    for (size_t i = 0; i < jar->count; i++) {
        secret_mask_word(text, jar->entries[i].cookie.value);
    }
    for (size_t i = 0; i < FORMER_KEPT; i++) {
        secret_mask_word(text, jar->former[i].cookie.value);
    }
}
