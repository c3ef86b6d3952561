#include "report/document_report.h"
#include "report/html_command_private.h"
#include "report/html_subject_private.h"
#include "workspace/listing.h"

enum { MOST_ROWS = 5000 };

/* ---- documents of that key ---- */

struct details {
    struct html *html;
    struct html_listing_texts texts;
    int64_t count;
};

/* All that the workspace has about a document of that key. */
static int write_document(void *context, const struct listed_document *document,
                          struct error *error) {
    struct details *details = context;
    struct html *html = details->html;
    struct text reason = {0};
    if (html_has_failed(html)) {
        return 0;
    }
    if (details->count++ == 0) {
        html_begin_section(html, "details", "What was sent, and what the target answered");
    }
    document_append_reason(document, &reason);
    html_put(html, "<details class=\"fold\">\n<summary><h3>{} {}</h3></summary>\n<p>{}{}{}.</p>\n",
             document->kind, document->key, html_standing_words(document->standing),
             span_of(reason.length > 0 ? ": " : ""), text_span(&reason));
    text_free(&reason);
    struct document_rows rows;
    int rc =
        document_rows_open(html->report->workspace, DOCUMENTS_ALL, -1, document->id, &rows, error);
    if (rc == 0) {
        rc = html_write_details(html, document, &rows, &details->texts, error);
        document_rows_close(&rows);
    }
    html_markup(html, "</details>\n");
    return rc;
}

static void write_details(struct html *html, const char *key) {
    const struct document_filter filter = {.key = key, .standings = DOCUMENTS_ALL};
    struct details details = {.html = html, .texts = {HTML_LISTING_TEXTS}};
    if (!html_has_failed(html)) {
        html_check(html, documents_each(html->report->workspace, &filter, write_document, &details,
                                        &html->error));
    }
    html_markup(html, details.count > 0 ? "</section>\n" : "");
}

/* ---- rows of that name ---- */

/* Calls `take`, which may be NULL, for each used row of that name; returns how many, or -1. */
static int64_t each_used_row(const struct report *report, const char *name,
                             void (*take)(struct html *, const struct listing *), struct html *html,
                             struct error *error) {
    struct listing rows;
    int64_t count = 0;
    if (listing_open(&rows, report->workspace, LISTING_DOCUMENTS_OF_ROW,
                     &(struct listing_filter){.key = name, .limit = MOST_ROWS}, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&rows, error)) == 1) {
        if (take != NULL) {
            take(html, &rows);
        }
        count++;
    }
    listing_close(&rows);
    return rc < 0 ? -1 : count;
}

static void write_used_row(struct html *html, const struct listing *row) {
    html_put(html, "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
             listing_text(row, 0), listing_text(row, 1), listing_text(row, 2));
}

static void write_used_rows(struct html *html, const char *name) {
    static const struct html_table table = {
        .class_name = "reasons",
        .labelled_by = "used",
        .caption = "In which document each row is",
        .columns = {"Table", "Kind", "Document"},
    };
    int64_t count = each_used_row(html->report, name, NULL, html, &html->error);
    if (count > 0) {
        html_begin_section(html, "used", "Source rows of this name that are in a document");
        html_begin_table(html, &table);
        count = each_used_row(html->report, name, write_used_row, html, &html->error);
        html_end_table(html, &table);
        html_markup(html, "</section>\n");
    }
    html_check(html, count < 0 ? -1 : 0);
}

/* The value is the option's: terminated. */
static void write_more(struct html *html, const struct subject *subject) {
    write_used_rows(html, subject->value.data);
    write_details(html, subject->value.data);
}

/* ---- the page ---- */

static int count_all(const struct report *report, struct mentions *mentions, const char *key,
                     int64_t *count, struct error *error) {
    const struct mention_filter filter = {.topic = MENTION_ANY_TOPIC, .value = span_of(key)};
    static const enum mention_of sorts[] = {MENTION_DOCUMENT, MENTION_PART, MENTION_REJECTED,
                                            MENTION_SKIPPED};
    *count = each_used_row(report, key, NULL, NULL, error);
    if (*count < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        int64_t found = 0;
        if (mentions_count(mentions, sorts[i], &filter, &found, error) != 0) {
            return -1;
        }
        *count += found;
    }
    return 0;
}

static int fail_unknown(const struct report *report, const char *key, struct error *error) {
    struct text near = {0};
    struct text command = {0};
    if (document_append_near_keys(report->workspace, key, &near, error) == 0) {
        html_append_command(report, &(struct html_command){"report", "-o report.html"}, &command);
        error_set(error, ERROR_USAGE,
                  "%s: --key %s: no document, row or person has that name%s%s; the page of `%s` "
                  "searches all names",
                  workspace_path(report->workspace), key, near.length == 0 ? "" : "; there is ",
                  text_string(&near), text_string(&command));
    }
    text_free(&command);
    text_free(&near);
    return -1;
}

static int write_key(const struct report *report, const struct html_content *content,
                     const char *key, struct error *error) {
    struct subject subject = {.page = HTML_REPORT,
                              .topic = MENTION_ANY_TOPIC,
                              .value = span_of(key),
                              .title = span_of(key),
                              .write_more = write_more};
    struct text name = {0};
    int64_t count = 0;
    int rc = count_all(report, content->mentions, key, &count, error);
    if (rc == 0 && count == 0) {
        rc = fail_unknown(report, key, error);
    }
    if (rc == 0) {
        rc = mentions_append_name(content->mentions, span_of(key), &name, error);
    }
    if (rc == 0) {
        subject.title = name.length > 0 ? text_span(&name) : subject.value;
        rc = html_write_subject(report, content, &subject, error);
    }
    text_free(&name);
    return rc;
}

int report_write_key(const struct report *report, const char *key, struct error *error) {
    struct summary summary;
    struct html_content content = {.summary = &summary};
    if (summary_load(report->workspace, &summary, error) != 0) {
        return -1;
    }
    content.mentions = mentions_gather(report, error);
    int rc = content.mentions == NULL ? -1 : write_key(report, &content, key, error);
    mentions_close(content.mentions);
    summary_free(&summary);
    return rc;
}
