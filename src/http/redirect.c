#include "http/redirect.h"

#include <string.h>

/* The URL that the location names, without query and fragment; NULL where it is none that could be
 * the target's. The caller frees it with curl_free(). */
static char *resolve(CURLU *base, const char *location) {
    CURLU *url = curl_url_dup(base);
    char *resolved = NULL;

    if (url != NULL &&
        curl_url_set(url, CURLUPART_URL, location, CURLU_DISALLOW_USER) == CURLUE_OK &&
        curl_url_set(url, CURLUPART_QUERY, NULL, 0) == CURLUE_OK &&
        curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_URL, &resolved, 0) != CURLUE_OK) {
        resolved = NULL;
    }
    curl_url_cleanup(url);
    return resolved;
}

static struct span without_slashes(struct span path) {
    while (path.length > 0 && path.data[path.length - 1] == '/') {
        path.length--;
    }
    return path;
}

static struct span path_of(const struct exchange *exchange) {
    struct span path = text_span(&exchange->path);
    const char *query = memchr(path.data, '?', path.length);

    if (query != NULL) {
        path.length = (size_t)(query - path.data);
    }
    return path;
}

void redirect_read(struct exchange *exchange, const struct text *base, CURLU *url) {
    struct span path = path_of(exchange);
    struct span end = without_slashes(path);
    char *resolved = resolve(url, text_string(&exchange->location));
    struct span whole = span_of(resolved);
    struct span start = without_slashes(whole);

    if (end.length == 0 || start.length < end.length ||
        memcmp(start.data + start.length - end.length, end.data, end.length) != 0) {
        curl_free(resolved);
        return;
    }
    size_t slashes = whole.length - start.length;
    start.length -= end.length;
    if (!span_equal(start, text_span(base))) {
        text_append(&exchange->moved_to, start);
    } else {
        exchange->moves_slash = slashes != path.length - end.length;
    }
    curl_free(resolved);
}
