#include "report/html_sections_private.h"

#include <stdbool.h>
#include <string.h>

#include "report/html_command_private.h"
#include "report/html_time_private.h"
#include "workspace/listing.h"

enum { MAX_ROWS = 100 };

static int write_body(struct html *html, const struct listed_document *document,
                      struct span command, struct html_listing_texts *texts, struct error *error) {
    struct listing body;
    if (listing_open(&body, html->report->workspace, LISTING_BODY_OF_DOCUMENT,
                     &(struct listing_filter){.document = document->id}, error) != 0) {
        return -1;
    }
    int rc = listing_next(&body, error);
    if (rc == 1) {
        const char *label = document->attempts > 0 ? "The body that was sent" : "The planned body";
        html_write_json(html, label, listing_text(&body, 0), command, texts);
        if (!span_is_null(listing_text(&body, 1))) {
            html_write_json(html, "The body as it is planned now", listing_text(&body, 1), command,
                            texts);
        }
    }
    listing_close(&body);
    return rc < 0 ? -1 : 0;
}

/* The status is written where the excerpt does not begin with it. */
static struct span status_of(const struct listing *attempt, struct html_number *number) {
    if (!listing_is_integer(attempt, ATTEMPT_STATUS)) {
        return span_of("no answer,");
    }
    struct span status = html_format_number(number, listing_integer(attempt, ATTEMPT_STATUS));
    struct span excerpt = listing_text(attempt, ATTEMPT_ANSWER);
    bool is_said =
        excerpt.length >= status.length && memcmp(excerpt.data, status.data, status.length) == 0;
    return is_said ? span_of("") : status;
}

static void write_attempt(struct html *html, const struct listing *attempt) {
    struct html_number status;
    bool is_timed = listing_is_integer(attempt, ATTEMPT_DURATION);
    struct span excerpt = listing_text(attempt, ATTEMPT_ANSWER);
    html_markup(html, "<tr><th scope=\"row\">");
    html_write_stored(html, listing_text(attempt, ATTEMPT_STARTED));
    html_put(html, "</th><td>{}: {} {}</td><td>{} {}{}{}</td><td>{}</td></tr>\n",
             listing_text(attempt, ATTEMPT_PURPOSE), listing_text(attempt, ATTEMPT_METHOD),
             listing_text(attempt, ATTEMPT_PATH), status_of(attempt, &status),
             listing_text(attempt, ATTEMPT_OUTCOME), span_of(span_is_empty(excerpt) ? "" : ": "),
             excerpt,
             is_timed ? html_duration(listing_integer(attempt, ATTEMPT_DURATION))
                      : span_of(HTML_DASH));
}

static void write_finding(struct html *html, const struct listing *finding) {
    static const enum finding_column columns[] = {FINDING_PLANNED, FINDING_FOUND, FINDING_DURING};
    html_put(html, "<tr><th scope=\"row\">{}</th>", listing_text(finding, FINDING_FIELD));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct span value = listing_text(finding, (int)columns[i]);
        html_put(html, "<td>{}</td>", span_is_null(value) ? span_of(HTML_DASH) : value);
    }
    html_markup(html, "</tr>\n");
}

/* What belongs to a document, as a table. */
static const struct inner_table {
    enum listing_of listing;
    int64_t limit;
    struct html_table table; /* with its note only where there are more */
    void (*write)(struct html *html, const struct listing *row);
} attempts = {LISTING_ATTEMPTS_OF_DOCUMENT,
              20,
              {.class_name = "inner",
               .label = "Requests and answers",
               .caption = "Requests and answers",
               .note = ", the last 20",
               .columns = {"When", "Request", "Answer", "Took"}},
              write_attempt},
  findings = {LISTING_FINDINGS_OF_DOCUMENT,
              50,
              {.class_name = "inner",
               .label = "What differs",
               .caption = "What differs",
               .note = ", the first 50 fields",
               .columns = {"Field", "Planned", "On the target", "Found by"}},
              write_finding};

static int write_table(struct html *html, const struct inner_table *inner, int64_t document,
                       int64_t count, struct error *error) {
    struct html_table table = inner->table;
    struct listing rows;
    if (count == 0) {
        return 0;
    }
    if (listing_open(&rows, html->report->workspace, inner->listing,
                     &(struct listing_filter){.document = document, .limit = inner->limit},
                     error) != 0) {
        return -1;
    }
    table.note = count > inner->limit ? table.note : NULL;
    html_begin_table(html, &table);
    int rc;
    while ((rc = listing_next(&rows, error)) == 1) {
        inner->write(html, &rows);
    }
    html_end_table(html, &table);
    listing_close(&rows);
    return rc;
}

/* "reports 4154, 4155; summary 4160". */
static int write_rows(struct html *html, const struct listed_document *document,
                      struct document_rows *rows, struct error *error) {
    struct span table;
    struct span row;
    int64_t count = 0;
    int rc;
    while ((rc = document_rows_next(rows, document->id, &table, &row, error)) == 1) {
        if (count == 0) {
            html_markup(html, "<p class=\"label\">The source rows that became it</p>\n"
                              "<ul class=\"rows\">");
        }
        if (count < MAX_ROWS) {
            html_put(html, "<li>{} {}</li>", table, row);
        }
        count++;
    }
    if (count > MAX_ROWS) {
        html_put(html, "<li>and {} more</li>", html_number(count - MAX_ROWS));
    }
    html_markup(html, count > 0 ? "</ul>\n" : "");
    if (!span_is_empty(document->origin)) {
        html_put(html, "<p>It comes from {}.</p>\n", document->origin);
    }
    return rc;
}

int html_write_details(struct html *html, const struct listed_document *document,
                       struct document_rows *rows, struct html_listing_texts *texts,
                       struct error *error) {
    struct text command = {0};
    html_append_show_command(html->report, document->kind, document->key, &command);
    int rc = text_check(&command, error);
    if (rc == 0) {
        rc = write_table(html, &findings, document->id, document->findings, error);
    }
    if (rc == 0) {
        rc = write_table(html, &attempts, document->id, document->attempts, error);
    }
    if (rc == 0) {
        rc = write_body(html, document, text_span(&command), texts, error);
    }
    if (rc == 0) {
        rc = write_rows(html, document, rows, error);
    }
    html_put(html, "<p class=\"label\">With the rows as the source has them: <code>{}</code></p>\n",
             text_span(&command));
    text_free(&command);
    return rc;
}
