#include "report/html_sections_private.h"
#include "workspace/listing.h"

enum { MAX_REASONS = 60 };

/* What the page says of one outcome. */
struct unused {
    enum row_outcome outcome;
    enum listing_of rows;
    const char *section_id, *section_title, *reasons_caption, *reason_column;
    struct html_listing listing;
};

static const struct unused rejected = {
    OUTCOME_REJECTED,
    LISTING_REJECTS,
    "rejected",
    "Rows that could not be understood",
    "Reasons, by table",
    "Reason",
    {"rejected-rows",
     "Rejected rows, one by one",
     "A row that cannot be understood is rejected, and the rest goes on. It is shown as it "
     "is in the source.",
     "rows",
     {"Row", "Table", "Reason"},
     "rowpost rejects",
     HTML_LISTING_OPEN}};

static const struct unused skipped = {
    OUTCOME_SKIPPED,
    LISTING_SKIPS,
    "skipped",
    "Rows that a rule passes over",
    "Rules, by table",
    "Rule",
    {"skipped-rows",
     "Skipped rows, one by one",
     "Nothing is wrong with these rows: a rule of the migration says that they stay behind.",
     "rows",
     {"Row", "Table", "Rule"},
     "rowpost skips",
     HTML_LISTING_FOLDED}};

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

static void write_table_reasons(struct html *html, const struct summary_table *table,
                                const struct unused *unused, size_t *written) {
    const struct summary_reasons *reasons = &table->reasons[unused->outcome];
    for (size_t i = 0; i < reasons->count && *written < MAX_REASONS; i++) {
        const struct summary_reason *reason = &reasons->items[i];
        struct span meaning = meaning_of(html, reason->because);
        html_put(html, "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td>{}",
                 table->name, html_number(reason->rows),
                 span_is_null(meaning) ? reason->because : meaning);
        if (!span_is_null(meaning)) {
            html_put(html, " <code>{}</code>", reason->because);
        }
        html_markup(html, "</td></tr>\n");
        (*written)++;
    }
}

static void write_reasons(struct html *html, const struct summary *summary,
                          const struct unused *unused) {
    size_t total = 0;
    size_t written = 0;
    html_put(html,
             "<table class=\"reasons\">\n<caption>{}</caption>\n<thead><tr>"
             "<th scope=\"col\">Table</th><th scope=\"col\" class=\"number\">Rows</th>"
             "<th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
             span_of(unused->reasons_caption), span_of(unused->reason_column));
    for (size_t i = 0; i < summary->table_count; i++) {
        total += summary->tables[i].reasons[unused->outcome].count;
        write_table_reasons(html, &summary->tables[i], unused, &written);
    }
    html_markup(html, "</tbody></table>\n");
    if (total > written) {
        html_put(html,
                 "<p class=\"cut\">The first {} of {} reasons are shown. All of them: "
                 "<code>rowpost status --json</code></p>\n",
                 html_number((int64_t)written), html_number((int64_t)total));
    }
}

static void write_row(struct html *html, const struct listing *rows, const struct unused *unused,
                      struct html_listing_texts *texts) {
    const struct span facts[] = {listing_text(rows, ROW_NAME), listing_text(rows, ROW_TABLE),
                                 listing_text(rows, ROW_BECAUSE)};
    html_begin_entry(html, facts);
    html_begin_more(html, "The row");
    html_write_columns(html, "As it is in the source", listing_text(rows, ROW_CONTENT),
                       span_of(unused->listing.command), texts);
    html_end_more(html);
}

static int write_rows(struct html *html, const struct unused *unused, struct error *error) {
    struct listing rows;
    struct html_listing_texts texts = {HTML_LISTING_TEXTS};
    if (listing_open(&rows, html->report->workspace, unused->rows,
                     &(struct listing_filter){.limit = HTML_LISTING_ENTRIES}, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&rows, error)) == 1) {
        write_row(html, &rows, unused, &texts);
    }
    listing_close(&rows);
    return rc;
}

static void write_section(struct html *html, const struct summary *summary,
                          const struct unused *unused) {
    int64_t total = summary_count_rows(summary, unused->outcome);
    if (total == 0) {
        return;
    }
    html_put(html, "<section aria-labelledby=\"{}\">\n<h2 id=\"{}\">{}</h2>\n",
             span_of(unused->section_id), span_of(unused->section_id),
             span_of(unused->section_title));
    write_reasons(html, summary, unused);
    html_begin_listing(html, &unused->listing, total);
    if (write_rows(html, unused, &html->error) != 0) {
        html_fail(html);
    }
    html_end_listing(html);
    html_markup(html, "</section>\n");
}

void html_write_rejected(struct html *html, const struct summary *summary) {
    write_section(html, summary, &rejected);
}

void html_write_skipped(struct html *html, const struct summary *summary) {
    write_section(html, summary, &skipped);
}
