#define _POSIX_C_SOURCE 200809L /* strncasecmp */
#include "target/cookie_guard.h"

#include <string.h>
#include <strings.h>

#include "target/secret.h"

static bool starts_with(struct span line, const char *start) {
    size_t length = strlen(start);
    return line.length >= length && strncasecmp(line.data, start, length) == 0;
}

/* "HTTP/1.1 302 Found": a redirect, or 401. */
static bool is_not_accepted(struct span line) {
    const char *blank = memchr(line.data, ' ', line.length);

    if (blank == NULL || line.data + line.length - blank < 4) {
        return false;
    }
    return blank[1] == '3' || memcmp(blank + 1, "401", 3) == 0;
}

static void stop(struct cookie_guard *guard) {
    secret_free_list(guard->lines);
    guard->lines = NULL;
    guard->is_on = false;
}

static int start(struct cookie_guard *guard, struct span line) {
    stop(guard);
    if (!is_not_accepted(line)) {
        return 0;
    }
    guard->is_on = true;
    return curl_easy_getinfo(guard->store, CURLINFO_COOKIELIST, &guard->lines) == CURLE_OK ? 0 : -1;
}

static int restore(const struct cookie_guard *guard) {
    unsigned failed = (unsigned)curl_easy_setopt(guard->store, CURLOPT_COOKIELIST, "ALL");

    for (const struct curl_slist *line = guard->lines; line != NULL; line = line->next) {
        failed |= (unsigned)curl_easy_setopt(guard->store, CURLOPT_COOKIELIST, line->data);
    }
    return failed == 0 ? 0 : -1;
}

int cookie_guard_take_line(struct cookie_guard *guard, struct span line) {
    if (guard->store == NULL) {
        return 0;
    }
    if (starts_with(line, "HTTP/")) {
        return start(guard, line);
    }
    if (guard->is_on && starts_with(line, "Set-Cookie:")) {
        return restore(guard);
    }
    if (guard->is_on && line.length > 0 && (line.data[0] == '\r' || line.data[0] == '\n')) {
        stop(guard);
    }
    return 0;
}

void cookie_guard_free(struct cookie_guard *guard) {
    stop(guard);
}
