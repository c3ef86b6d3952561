#define PCRE2_CODE_UNIT_WIDTH 8
#include "report/html_sections_private.h"

#include <pcre2.h>

#include "base/version.h"
#include "report/html_time_private.h"
#include "workspace/listing.h"

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

/* The value of a key of a connection string or of a URL's query: in braces, in ODBC's manner, or to
 * the next separator. And what is after the colon of "//user:secret@host": as it may hold an `@`
 * itself, the last one before the path counts. What is before the secret is the first group. */
static const char secrets[] =
    "(?|(?<![[:alnum:]])((?i:password|passwd|pwd|secret|token|passphrase)=)"
    "(?:\\{[^}]*\\}?|[^;&#, \\t\\n]*)"
    "|(?<=//)([^/?# :]*:)[^/?# ]*(?=@))";

void html_append_without_secrets(struct text *out, struct span value) {
    int problem;
    PCRE2_SIZE offset;
    PCRE2_SIZE length = 2 * value.length + 1; /* with what is around it, a secret has four bytes */
    if (span_is_empty(value)) {
        return;
    }
    char *room = text_reserve(out, length);
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)secrets, PCRE2_ZERO_TERMINATED, 0, &problem, &offset, NULL);
    if (room != NULL && code != NULL &&
        pcre2_substitute(code, (PCRE2_SPTR)value.data, value.length, 0, PCRE2_SUBSTITUTE_GLOBAL,
                         NULL, NULL, (PCRE2_SPTR) "$1***", PCRE2_ZERO_TERMINATED,
                         (PCRE2_UCHAR *)room, &length) >= 0) {
        out->length += length;
        text_terminate(out);
    } else {
        out->failed = true;
    }
    pcre2_code_free(code);
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
        .columns = {"Setting", "Value"},
    };
    html_begin_table(html, &table);
    html_check(html, write_stored(html, &html->error));
    html_put(html,
             "<tr><th scope=\"row\">Workspace</th><td>{}</td></tr>\n"
             "<tr><th scope=\"row\">This page by</th><td>{}</td></tr>\n",
             span_of(workspace_path(html->report->workspace)), span_of(version_text));
    html_end_table(html, &table);
}
