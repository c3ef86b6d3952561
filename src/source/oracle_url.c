#define _POSIX_C_SOURCE 200809L /* strnlen */
#include "source/oracle_private.h"

#include <string.h>

static const struct beginning {
    const char *url;
    const char *address;
} beginnings[] = {
    {"oracle+tcps://", "tcps://"},
    {"oracle://", ""},
    {"oracle:", ""},
};

static const struct beginning *find_beginning(const char *url) {
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        struct span start = {url, strnlen(url, strlen(beginnings[i].url))};
        if (span_equal_ignoring_ascii_case(start, span_of(beginnings[i].url))) {
            return &beginnings[i];
        }
    }
    return NULL;
}

/* Where the user ends, or NULL: an @ before the host or the descriptor. */
static const char *find_user_end(const char *rest) {
    size_t length = strcspn(rest, "/(");
    const char *end = NULL;
    for (size_t i = 0; i < length; i++) {
        end = rest[i] == '@' ? rest + i : end;
    }
    return end;
}

int oracle_url_read(struct oracle_url *parts, const char *url, const char *user,
                    struct error *error) {
    const struct beginning *beginning = find_beginning(url);
    if (beginning == NULL) {
        return error_set(error, ERROR_USAGE, "expected oracle://USER@HOST:PORT/SERVICE");
    }
    const char *rest = url + strlen(beginning->url);
    const char *end = find_user_end(rest);
    struct span named = {rest, end == NULL ? 0 : (size_t)(end - rest)};
    if (named.length > 0 && memchr(named.data, ':', named.length) != NULL) {
        return error_set(error, ERROR_USAGE,
                         "a password does not belong into an address, where every user of the "
                         "machine sees it; write oracle://USER@HOST:PORT/SERVICE, and the password "
                         "into a file (--source-password-file) or ROWPOST_SOURCE_PASSWORD");
    }
    if (named.length > 0) {
        text_append_percent_decoded(&parts->user, named);
    } else {
        text_append(&parts->user, span_of(user));
    }
    text_append_string(&parts->address, beginning->address);
    text_append_string(&parts->address, end == NULL ? rest : end + 1);
    text_append_string(&parts->name, url);
    if (parts->user.length == 0) {
        return error_set(error, ERROR_USAGE,
                         "%s: no user is named; expected oracle://USER@HOST:PORT/SERVICE", url);
    }
    return text_check(&parts->name, error) == 0 && text_check(&parts->address, error) == 0
               ? text_check(&parts->user, error)
               : -1;
}

void oracle_url_free(struct oracle_url *parts) {
    text_free(&parts->name);
    text_free(&parts->address);
    text_free(&parts->user);
}
