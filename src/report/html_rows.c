#include "report/html_sections_private.h"
#include "report/html_time_private.h"

enum { MAX_REASONS = 60 };

/* The texts of the page for one outcome; the topics come between the table and the reason. */
struct unused {
    enum row_outcome outcome;
    enum mention_of rows;
    const char *reasons_caption, *reason_column;
    struct html_listing listing;
};

static const struct unused rejected = {
    OUTCOME_REJECTED,
    MENTION_REJECTED,
    "Reasons, by table",
    "Reason",
    {"rejected-rows",
     "Rejected rows, one by one",
     "A row that cannot be understood is rejected; other rows are not affected. It is shown as it "
     "is in the source.",
     "rows",
     {"Row", "Table"},
     {"rejects", NULL},
     "unfolded",
     HTML_LISTING_OPEN}};

static const struct unused skipped = {
    OUTCOME_SKIPPED,
    MENTION_SKIPPED,
    "Rules, by table",
    "Rule",
    {"skipped-rows",
     "Skipped rows, one by one",
     "Nothing is wrong with these rows: a rule of the migration leaves them out.",
     "rows",
     {"Row", "Table"},
     {"skips", NULL},
     NULL,
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
    const struct html_table table = {
        .class_name = "reasons",
        .caption = unused->reasons_caption,
        .columns = {"Table", "Rows", unused->reason_column},
        .classes = {[1] = "number"},
    };
    html_begin_table(html, &table);
    for (size_t i = 0; i < summary->table_count; i++) {
        total += summary->tables[i].reasons[unused->outcome].count;
        write_table_reasons(html, &summary->tables[i], unused, &written);
    }
    html_end_table(html, &table);
    if (total > written) {
        html_put(html, "<p class=\"cut\">The first {} of {} reasons are shown. All of them: ",
                 html_number((int64_t)written), html_number((int64_t)total));
        html_put_command(html, &(struct html_command){"status", "--json"});
        html_markup(html, "</p>\n");
    }
}

/* One listing on its way. */
struct writing {
    struct html *html;
    const struct html_content *content;
    struct html_listing listing; /* with the topics' columns */
    struct text command;
    struct html_listing_texts texts;
};

static int write_row(void *context, const struct mention *row, struct error *error) {
    (void)error;
    struct writing *writing = context;
    struct html *html = writing->html;
    struct span facts[HTML_LISTING_COLUMNS] = {row->name, row->place};
    size_t topics = mentions_topic_count(writing->content->mentions);
    for (size_t i = 0; i < topics; i++) {
        facts[2 + i] = row->about[i];
    }
    facts[2 + topics] = row->note;
    html_begin_entry(html, &writing->listing, writing->listing.id, row->number, facts);
    html_begin_more(html, "The row");
    html_write_columns(html, "As it is in the source", row->content, text_span(&writing->command),
                       &writing->texts);
    html_end_more(html);
    return html_has_failed(html) ? -1 : 0;
}

void html_write_rows(struct html *html, const struct html_content *content,
                     const struct html_listing *listing, const char *reason_column,
                     enum mention_of sort, const struct mention_filter *filter) {
    struct mention_filter limited = *filter;
    struct writing writing = {
        .html = html, .content = content, .listing = *listing, .texts = {HTML_LISTING_TEXTS}};
    size_t topics = mentions_topic_count(content->mentions);
    int64_t total = 0;
    limited.limit = HTML_LISTING_ENTRIES;
    for (size_t i = 0; i < topics; i++) {
        writing.listing.columns[2 + i] = mentions_topic(content->mentions, i)->name;
    }
    writing.listing.columns[2 + topics] = reason_column;
    html_append_command(html->report, &listing->command, &writing.command);
    html_check(html, mentions_count(content->mentions, sort, filter, &total, &html->error));
    html_begin_listing(html, &writing.listing, total);
    if (!html_has_failed(html)) {
        html_check(html, mentions_each(content->mentions, sort, &limited, write_row, &writing,
                                       &html->error));
    }
    html_end_listing(html);
    text_free(&writing.command);
}

static void write_section(struct html *html, const struct html_content *content,
                          const struct unused *unused) {
    write_reasons(html, content->summary, unused);
    html_write_rows(html, content, &unused->listing, unused->reason_column, unused->rows,
                    &(struct mention_filter){0});
}

bool html_has_rejected(const struct html_content *content) {
    return summary_count_rows(content->summary, OUTCOME_REJECTED) > 0;
}

bool html_has_skipped(const struct html_content *content) {
    return summary_count_rows(content->summary, OUTCOME_SKIPPED) > 0;
}

bool html_has_acceptance(const struct summary *summary) {
    return !span_is_empty(summary->rejects_accepted);
}

void html_write_acceptance(struct html *html, const struct summary *summary) {
    html_markup(html, "Accepted on ");
    html_write_stored(html, summary->rejects_accepted);
    html_markup(html, ", when the plan was made with --accept-rejects.");
}

void html_write_rejected(struct html *html, const struct html_content *content) {
    if (html_has_acceptance(content->summary)) {
        html_markup(html, "<p>");
        html_write_acceptance(html, content->summary);
        html_markup(html, "</p>\n");
    }
    write_section(html, content, &rejected);
}

void html_write_skipped(struct html *html, const struct html_content *content) {
    write_section(html, content, &skipped);
}
