#include "http/link.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

/* Takes what is before the character, which is taken as well, unless it is in quotation marks. */
static struct span take(struct span *rest, char end) {
    bool is_quoted = false;
    size_t length = 0;
    while (length < rest->length && (is_quoted || rest->data[length] != end)) {
        is_quoted = rest->data[length] == '"' ? !is_quoted : is_quoted;
        length++;
    }
    struct span taken = {rest->data, length};
    size_t passed = length < rest->length ? length + 1 : length;
    *rest = (struct span){rest->data + passed, rest->length - passed};
    return taken;
}

static struct span without_quotes(struct span value) {
    bool is_quoted =
        value.length >= 2 && value.data[0] == '"' && value.data[value.length - 1] == '"';
    return is_quoted ? (struct span){value.data + 1, value.length - 2} : value;
}

/* `next`, or several words with blanks between them. */
static bool has_next(struct span words) {
    while (words.length > 0) {
        struct span word = take(&words, ' ');
        if (span_equal_ignoring_ascii_case(word, span_of("next"))) {
            return true;
        }
    }
    return false;
}

static bool is_next(struct span parameters) {
    while (parameters.length > 0) {
        struct span value = take(&parameters, ';');
        struct span name = span_trim_blanks(take(&value, '='));
        if (span_equal_ignoring_ascii_case(name, span_of("rel"))) {
            return has_next(without_quotes(span_trim_blanks(value)));
        }
    }
    return false;
}

/* A reference may have commas, which would end a link after it. */
struct span link_find_next(struct span value) {
    while (value.length > 0) {
        take(&value, '<');
        struct span reference = take(&value, '>');
        if (is_next(take(&value, ','))) {
            return reference;
        }
    }
    return (struct span){0};
}

/* ---- where a reference leads ---- */

static struct text part_of(CURLU *url, CURLUPart part) {
    struct text text = {0};
    char *value = NULL;
    if (curl_url_get(url, part, &value, part == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) ==
        CURLUE_OK) {
        text_append_string(&text, value);
        curl_free(value);
    }
    return text;
}

static bool has_same_origin(CURLU *above, CURLU *url) {
    static const CURLUPart parts[] = {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT};
    bool is_same = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && is_same; i++) {
        struct text one = part_of(above, parts[i]);
        struct text two = part_of(url, parts[i]);
        is_same =
            one.length > 0 && span_equal_ignoring_ascii_case(text_span(&one), text_span(&two));
        text_free(&one);
        text_free(&two);
    }
    return is_same;
}

/* The path behind that of `base`, and the query. */
static int append_below(CURLU *base, CURLU *url, struct text *out) {
    struct text above = part_of(base, CURLUPART_PATH);
    struct text path = part_of(url, CURLUPART_PATH);
    struct text query = part_of(url, CURLUPART_QUERY);
    size_t length = above.length;
    while (length > 0 && above.data[length - 1] == '/') {
        length--;
    }
    bool is_below = path.length > length && path.data[length] == '/' &&
                    memcmp(path.data, text_string(&above), length) == 0;
    if (is_below) {
        text_append(out, (struct span){path.data + length, path.length - length});
        text_append_string(out, query.length > 0 ? "?" : "");
        text_append(out, text_span(&query));
    }
    out->failed = out->failed || above.failed || path.failed || query.failed;
    text_free(&above);
    text_free(&path);
    text_free(&query);
    return is_below;
}

int link_resolve(const char *base, struct span path, const char *reference, struct text *out) {
    if (*reference == '#' || *reference == '\0') { /* libcurl takes it for another path */
        text_append(out, path);
        return 1;
    }
    CURLU *above = curl_url();
    CURLU *url = curl_url();
    struct text whole = {0};
    int rc = 0;
    text_append_string(&whole, base);
    text_append(&whole, path);
    if (above == NULL || url == NULL || whole.failed) {
        out->failed = true;
    } else if (curl_url_set(above, CURLUPART_URL, base, 0) == CURLUE_OK &&
               curl_url_set(url, CURLUPART_URL, text_string(&whole), 0) == CURLUE_OK &&
               curl_url_set(url, CURLUPART_URL, reference, CURLU_DISALLOW_USER | CURLU_URLENCODE) ==
                   CURLUE_OK &&
               has_same_origin(above, url)) {
        rc = append_below(above, url, out);
    }
    text_free(&whole);
    curl_url_cleanup(url);
    curl_url_cleanup(above);
    return rc;
}
