#include "report/html_details.h"

#include <stdbool.h>
#include <string.h>

#include "base/statement.h"
#include "report/html_time.h"

/* The last attempts of a document, and the rows, that are shown. */
enum { MAX_ATTEMPTS = 20, MAX_FINDINGS = 50, MAX_ROWS = 100 };

#define DASH "\xE2\x80\x93"

static bool is_plain_word(struct span word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_.@%+=:,/-";
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] == '\0' || strchr(plain, word.data[i]) == NULL) {
            return false;
        }
    }
    return word.length > 0;
}

static void append_word(struct text *out, struct span word) {
    text_append_char(out, ' ');
    if (is_plain_word(word)) {
        text_append(out, word);
        return;
    }
    text_append_char(out, '\'');
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] == '\'') {
            text_append_string(out, "'\\''");
        } else {
            text_append_char(out, word.data[i]);
        }
    }
    text_append_char(out, '\'');
}

void html_append_show_command(struct text *out, struct span kind, struct span key) {
    text_append_string(out, "rowpost show --kind");
    append_word(out, kind);
    append_word(out, key);
}

static int prepare(struct html *html, struct statement *statement, const char *sql,
                   int64_t document, struct error *error) {
    if (statement_prepare(statement, workspace_database(html->report->workspace), sql, error) !=
        0) {
        return -1;
    }
    statement_bind_integer(statement, 1, document);
    return 0;
}

static int write_body(struct html *html, const struct listed_document *document,
                      struct span command, struct listing_texts *texts, struct error *error) {
    struct statement body;
    if (prepare(html, &body, "SELECT body, changed_body FROM body WHERE document = ?1",
                document->id, error) != 0) {
        return -1;
    }
    int rc = statement_step(&body, error);
    if (rc == 1) {
        const char *label = document->attempts > 0 ? "The body that was sent" : "The planned body";
        html_write_json(html, label, statement_text(&body, 0), command, texts);
        if (!span_is_null(statement_text(&body, 1))) {
            html_write_json(html, "The body as it is planned now", statement_text(&body, 1),
                            command, texts);
        }
    }
    statement_finalize(&body);
    return rc < 0 ? -1 : 0;
}

enum { COLUMNS = 4 };

static void begin_table(struct html *html, const char *caption, const char *limit,
                        const char *const heads[COLUMNS]) {
    html_put(html,
             "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">"
             "<table class=\"inner\"><caption>{}{}</caption>\n<thead><tr>",
             span_of(caption), span_of(caption), span_of(limit));
    for (size_t i = 0; i < COLUMNS; i++) {
        html_put(html, "<th scope=\"col\">{}</th>", span_of(heads[i]));
    }
    html_markup(html, "</tr></thead>\n<tbody>\n");
}

/* The status is said where the excerpt does not begin with it. */
static struct span status_of(const struct statement *row, struct html_number *number) {
    if (sqlite3_column_type(row->handle, 4) == SQLITE_NULL) {
        return span_of("no answer,");
    }
    struct span status = html_format_number(number, statement_integer(row, 4));
    struct span excerpt = statement_text(row, 7);
    bool is_said =
        excerpt.length >= status.length && memcmp(excerpt.data, status.data, status.length) == 0;
    return is_said ? span_of("") : status;
}

static void write_attempt(struct html *html, const struct statement *row) {
    struct html_number status;
    bool is_timed = sqlite3_column_type(row->handle, 6) != SQLITE_NULL;
    struct span excerpt = statement_text(row, 7);
    html_put(html,
             "<tr><th scope=\"row\">{}</th><td>{}: {} {}</td><td>{} {}{}{}</td><td>{}</td></tr>\n",
             html_stored(statement_text(row, 0)), statement_text(row, 1), statement_text(row, 2),
             statement_text(row, 3), status_of(row, &status), statement_text(row, 5),
             span_of(span_is_empty(excerpt) ? "" : ": "), excerpt,
             is_timed ? html_duration(statement_integer(row, 6)) : span_of(DASH));
}

static int write_attempts(struct html *html, const struct listed_document *document,
                          struct error *error) {
    static const char sql[] =
        "SELECT started, purpose, method, path, status, outcome, duration_us, excerpt FROM"
        " (SELECT * FROM attempt WHERE document = ?1 ORDER BY id DESC LIMIT 20) ORDER BY id";
    static const char *const heads[COLUMNS] = {"When", "Request", "Answer", "Took"};
    _Static_assert(MAX_ATTEMPTS == 20, "the statement says it, too");
    if (document->attempts == 0) {
        return 0;
    }
    struct statement rows;
    if (prepare(html, &rows, sql, document->id, error) != 0) {
        return -1;
    }
    begin_table(html, "Requests and answers",
                document->attempts > MAX_ATTEMPTS ? ", the last 20" : "", heads);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        write_attempt(html, &rows);
    }
    html_markup(html, "</tbody></table></div>\n");
    statement_finalize(&rows);
    return rc;
}

static int write_findings(struct html *html, const struct listed_document *document,
                          struct error *error) {
    static const char sql[] = "SELECT field, planned_value, found_value, during FROM finding"
                              " WHERE document = ?1 ORDER BY id LIMIT 50";
    static const char *const heads[COLUMNS] = {"Field", "Planned", "On the target", "Found by"};
    _Static_assert(MAX_FINDINGS == 50, "the statement says it, too");
    if (document->findings == 0) {
        return 0;
    }
    struct statement rows;
    if (prepare(html, &rows, sql, document->id, error) != 0) {
        return -1;
    }
    begin_table(html, "What differs",
                document->findings > MAX_FINDINGS ? ", the first 50 fields" : "", heads);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        html_markup(html, "<tr>");
        html_put(html, "<th scope=\"row\">{}</th>", statement_text(&rows, 0));
        for (int i = 1; i < 4; i++) {
            struct span value = statement_text(&rows, i);
            html_put(html, "<td>{}</td>", span_is_null(value) ? span_of(DASH) : value);
        }
        html_markup(html, "</tr>\n");
    }
    html_markup(html, "</tbody></table></div>\n");
    statement_finalize(&rows);
    return rc;
}

/* "reports 4154, 4155; summary 4160". */
static int write_rows(struct html *html, const struct listed_document *document,
                      struct document_rows *rows, struct error *error) {
    struct span query;
    struct span row;
    int64_t count = 0;
    int rc;
    while ((rc = document_rows_next(rows, document->id, &query, &row, error)) == 1) {
        if (count == 0) {
            html_markup(html, "<p class=\"label\">The source rows that became it</p>\n"
                              "<ul class=\"rows\">");
        }
        if (count < MAX_ROWS) {
            html_put(html, "<li>{} {}</li>", query, row);
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
                       struct document_rows *rows, struct listing_texts *texts,
                       struct error *error) {
    struct text command = {0};
    html_append_show_command(&command, document->kind, document->key);
    int rc = text_check(&command, error);
    if (rc == 0) {
        rc = write_findings(html, document, error);
    }
    if (rc == 0) {
        rc = write_attempts(html, document, error);
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
