#include "report/html_sections_private.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/version.h"
#include "report/html_time_private.h"
#include "workspace/listing.h"

#define HIDDEN "***"

static const struct {
    const char *name, *meaning;
} meanings[] = {
    {"program", "Planned by"},
    {"migration", "Migration"},
    {"migration-file", "Migration file"},
    {"migration-sha256", "SHA-256 of its text"},
    {"source", "Source"},
    {"target", "Target"},
    {"as-of", "Day that counts as today"},
    {"people", "People directory"},
    {"one-moment", "All rows are of one moment"},
    {"planned", "Planned at"},
    {"rejects-accepted", "Rejected rows accepted at"},
};

static struct span meaning_of(struct span name) {
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (span_equal_string(name, meanings[i].name)) {
            return span_of(meanings[i].meaning);
        }
    }
    return name;
}

/* Keys of connection strings and of URLs' queries whose value is a secret. */
static const char *const secret_keys[] = {
    "password=", "passwd=", "pwd=", "secret=", "token=", "passphrase="};

/* The length of the key that begins at the place, or 0. */
static size_t find_secret_key(struct span value, size_t at) {
    if (at > 0 && isalnum((unsigned char)value.data[at - 1])) {
        return 0;
    }
    for (size_t i = 0; i < sizeof secret_keys / sizeof *secret_keys; i++) {
        size_t length = strlen(secret_keys[i]);
        if (value.length - at >= length &&
            strncasecmp(value.data + at, secret_keys[i], length) == 0) {
            return length;
        }
    }
    return 0;
}

/* How far a secret after a key goes: in braces, in ODBC's manner, or to the next separator. */
static size_t find_secret_end(struct span value, size_t at) {
    if (at < value.length && value.data[at] == '{') {
        const char *end = memchr(value.data + at, '}', value.length - at);
        return end == NULL ? value.length : (size_t)(end - value.data) + 1;
    }
    while (at < value.length && strchr(";&#, \t\n", value.data[at]) == NULL) {
        at++;
    }
    return at;
}

/* Where the `@` of "//user:secret@host" is, seen from after "//"; or `from` where there is no
 * secret. A secret may hold an `@` itself: the last one before the path counts. */
static size_t find_userinfo_end(struct span value, size_t from, size_t *colon) {
    size_t end = from;
    bool has_colon = false;
    for (size_t at = from; at < value.length && strchr("/?# ", value.data[at]) == NULL; at++) {
        if (value.data[at] == ':' && !has_colon) {
            has_colon = true;
            *colon = at;
        } else if (value.data[at] == '@' && has_colon) {
            end = at;
        }
    }
    return end;
}

void html_append_without_secrets(struct text *out, struct span value) {
    size_t at = 0;
    while (at < value.length) {
        size_t colon = 0;
        size_t key = find_secret_key(value, at);
        if (key > 0) {
            text_append(out, (struct span){value.data + at, key});
            text_append_string(out, HIDDEN);
            at = find_secret_end(value, at + key);
            continue;
        }
        bool is_authority = at >= 2 && value.data[at - 1] == '/' && value.data[at - 2] == '/';
        size_t end = is_authority ? find_userinfo_end(value, at, &colon) : at;
        if (end > at) {
            text_append(out, (struct span){value.data + at, colon + 1 - at});
            text_append_string(out, HIDDEN);
            at = end;
        }
        text_append_char(out, value.data[at]);
        at++;
    }
}

static int write_stored(struct html *html, struct error *error) {
    struct listing rows;
    struct text shown = {0};
    if (listing_open(&rows, html->report->workspace, LISTING_SETTINGS, &(struct listing_filter){0},
                     error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&rows, error)) == 1) {
        text_clear(&shown);
        html_append_without_secrets(&shown, listing_text(&rows, 1));
        if (shown.length > 0) {
            html_put(html, "<tr><th scope=\"row\">{}</th><td>", meaning_of(listing_text(&rows, 0)));
            if (span_equal_string(listing_text(&rows, 0), "planned")) {
                html_write_stored(html, text_span(&shown));
            } else {
                html_text(html, text_span(&shown));
            }
            html_markup(html, "</td></tr>\n");
        }
    }
    listing_close(&rows);
    text_free(&shown);
    return rc;
}

void html_write_settings(struct html *html, const struct html_content *content) {
    (void)content;
    static const struct html_table table = {
        .class_name = "settings",
        .caption = "Settings of the run; no password, cookie or token is among them",
        .columns = {{"Setting"}, {"Value"}},
    };
    html_begin_table(html, &table);
    html_check(html, write_stored(html, &html->error));
    html_put(html,
             "<tr><th scope=\"row\">Workspace</th><td>{}</td></tr>\n"
             "<tr><th scope=\"row\">This page by</th><td>{}</td></tr>\n",
             span_of(workspace_path(html->report->workspace)), span_of(version_text));
    html_end_table(html, &table);
}
