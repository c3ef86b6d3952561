#include "report/html_rows.h"

#include "base/statement.h"
#include "report/html_listing.h"

enum { MAX_REASONS = 60 };

struct fate {
    const char *word; /* as the workspace has it */
    const char *section_id, *section_title, *reasons_caption, *reason_column;
    struct html_listing listing;
};

static const struct fate rejected = {
    "rejected",
    "rejected",
    "Rows that could not be understood",
    "Reasons, by query",
    "Reason",
    {"rejected-rows",
     "Rejected rows, one by one",
     "A row that cannot be understood is rejected, and the rest goes on. It stands here as it "
     "stands in the source.",
     "rows",
     {"Row", "Kind", "Reason"},
     "rowpost rejects",
     LISTING_OPEN}};

static const struct fate skipped = {
    "skipped",
    "skipped",
    "Rows that a rule passes over",
    "Rules, by query",
    "Rule",
    {"skipped-rows",
     "Skipped rows, one by one",
     "Nothing is wrong with these rows: a rule of the migration says that they stay behind.",
     "rows",
     {"Row", "Kind", "Rule"},
     "rowpost skips",
     LISTING_FOLDED}};

/* What the rule of that id means; null where the program does not know it. */
static struct span meaning_of(const struct html *html, struct span id) {
    const struct migration *migration = html->report->migration;
    for (size_t i = 0; i < migration->skip_count; i++) {
        if (span_equal_string(id, migration->skips[i].id)) {
            return span_of(migration->skips[i].meaning);
        }
    }
    return (struct span){0};
}

/* The list of the query's that goes with the fate. */
static const struct account_reason *reasons_of(const struct account_query *query,
                                               const struct fate *fate, size_t *count) {
    *count = fate == &rejected ? query->reject_count : query->skip_count;
    return fate == &rejected ? query->rejects : query->skips;
}

static int64_t count_rows(const struct account *account, const struct fate *fate) {
    int64_t rows = 0;
    for (size_t i = 0; i < account->query_count; i++) {
        const struct account_query *query = &account->queries[i];
        rows = account_add(rows, fate == &rejected ? query->rejected : query->skipped);
    }
    return rows;
}

static void write_query_reasons(struct html *html, const struct account_query *query,
                                const struct fate *fate, size_t *written) {
    size_t count = 0;
    const struct account_reason *reasons = reasons_of(query, fate, &count);
    for (size_t i = 0; i < count && *written < MAX_REASONS; i++) {
        struct span meaning = meaning_of(html, reasons[i].because);
        html_put(html, "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td>{}",
                 query->name, html_number(reasons[i].rows),
                 span_is_null(meaning) ? reasons[i].because : meaning);
        if (!span_is_null(meaning)) {
            html_put(html, " <code>{}</code>", reasons[i].because);
        }
        html_markup(html, "</td></tr>\n");
        (*written)++;
    }
}

static void write_reasons(struct html *html, const struct account *account,
                          const struct fate *fate) {
    size_t total = 0;
    size_t written = 0;
    html_put(html,
             "<table class=\"reasons\">\n<caption>{}</caption>\n<thead><tr>"
             "<th scope=\"col\">Query</th><th scope=\"col\" class=\"number\">Rows</th>"
             "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
             span_of(fate->reasons_caption), span_of(fate->reason_column));
    for (size_t i = 0; i < account->query_count; i++) {
        size_t count = 0;
        reasons_of(&account->queries[i], fate, &count);
        total += count;
        write_query_reasons(html, &account->queries[i], fate, &written);
    }
    html_markup(html, "</tbody></table>\n");
    if (total > written) {
        html_put(html,
                 "<p class=\"cut\">The first {} of {} reasons are shown. All of them: "
                 "<code>rowpost status --json</code></p>\n",
                 html_number((int64_t)written), html_number((int64_t)total));
    }
}

static void write_row(struct html *html, const struct statement *rows, const struct fate *fate,
                      struct text *name, struct listing_texts *texts) {
    text_clear(name);
    text_append(name, statement_text(rows, 1));
    text_append_char(name, ' ');
    text_append(name, statement_text(rows, 2));
    const struct span facts[] = {text_span(name), statement_text(rows, 0), statement_text(rows, 3)};
    html_begin_entry(html, facts);
    html_begin_more(html, "The row");
    html_write_columns(html, "As it stands in the source", statement_text(rows, 4),
                       span_of(fate->listing.command), texts);
    html_end_more(html);
}

static int write_rows(struct html *html, const struct fate *fate, struct error *error) {
    static const char sql[] = "SELECT k.name, q.name, s.row, s.because, s.content FROM source_row s"
                              " JOIN query q ON q.id = s.query JOIN kind k ON k.position = q.kind"
                              " WHERE s.fate = ?1 ORDER BY k.position, s.query, s.rowid LIMIT ?2";
    struct statement rows;
    struct text name = {0};
    struct listing_texts texts = {LISTING_TEXTS};
    if (statement_prepare(&rows, workspace_database(html->report->workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&rows, 1, fate->word);
    statement_bind_integer(&rows, 2, LISTING_ENTRIES);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        write_row(html, &rows, fate, &name, &texts);
    }
    statement_finalize(&rows);
    text_free(&name);
    return rc;
}

static void write_fate(struct html *html, const struct account *account, const struct fate *fate) {
    int64_t total = count_rows(account, fate);
    if (total == 0) {
        return;
    }
    html_put(html, "<section aria-labelledby=\"{}\">\n<h2 id=\"{}\">{}</h2>\n",
             span_of(fate->section_id), span_of(fate->section_id), span_of(fate->section_title));
    write_reasons(html, account, fate);
    html_begin_listing(html, &fate->listing, total);
    if (write_rows(html, fate, &html->error) != 0) {
        html_fail(html);
    }
    html_end_listing(html);
    html_markup(html, "</section>\n");
}

void html_write_rejected(struct html *html, const struct account *account) {
    write_fate(html, account, &rejected);
}

void html_write_skipped(struct html *html, const struct account *account) {
    write_fate(html, account, &skipped);
}
