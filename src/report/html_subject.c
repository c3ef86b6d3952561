#include "report/html_subject_private.h"

#include "base/shell_word.h"
#include "report/html_command_private.h"
#include "report/html_sections_private.h"

enum { MAX_PARTS = 5000 };

/* One page on its way. */
struct writing {
    struct html *html;
    const struct html_content *content;
    const struct subject *subject;
    int64_t count;
};

static struct mention_filter filter_of(const struct subject *subject) {
    return (struct mention_filter){.topic = subject->topic, .value = subject->value};
}

static int64_t count_of(struct writing *writing, enum mention_of sort) {
    struct html *html = writing->html;
    struct mention_filter filter = filter_of(writing->subject);
    int64_t count = 0;
    if (!html_has_failed(html)) {
        html_check(html,
                   mentions_count(writing->content->mentions, sort, &filter, &count, &html->error));
    }
    return count;
}

static void each_of(struct writing *writing, enum mention_of sort, int64_t limit,
                    mention_taker *take) {
    struct html *html = writing->html;
    struct mention_filter filter = filter_of(writing->subject);
    filter.limit = limit;
    if (!html_has_failed(html)) {
        html_check(html, mentions_each(writing->content->mentions, sort, &filter, take, writing,
                                       &html->error));
    }
}

/* ---- the top ---- */

/* Parts of documents that the target has as planned, or had when they were read back. */
static int count_well(void *context, const struct mention *part, struct error *error) {
    (void)error;
    struct writing *writing = context;
    writing->count += standing_meanings[part->standing].class == CLASS_WELL;
    return 0;
}

static void write_part_counts(struct writing *writing) {
    struct html *html = writing->html;
    const struct migration_topics *topics = html->report->migration->topics;
    int64_t parts = count_of(writing, MENTION_PART);
    if (topics == NULL || parts == 0) {
        return;
    }
    writing->count = 0;
    each_of(writing, MENTION_PART, 0, count_well);
    html_put(html,
             "<p class=\"lead\"><strong>{}</strong> of <strong>{}</strong> {} {} on the target."
             "</p>\n",
             html_number(writing->count), html_number(parts),
             html_plural(parts, topics->part, topics->parts),
             html_plural(writing->count, "is", "are"));
}

static void write_decision(struct writing *writing, int64_t rows) {
    struct html *html = writing->html;
    if (html_has_acceptance(writing->content->summary)) {
        html_markup(html, ". ");
        html_write_acceptance(html, writing->content->summary);
    } else {
        html_put(html, "; please decide about {}.", html_plural(rows, "it", "them"));
    }
}

static void write_row_counts(struct writing *writing) {
    struct html *html = writing->html;
    int64_t left_out = count_of(writing, MENTION_REJECTED);
    int64_t passed_over = count_of(writing, MENTION_SKIPPED);
    if (left_out > 0) {
        html_put(html, "<p class=\"lead\">{} {} left out", html_number(left_out),
                 html_plural(left_out, "row was", "rows were"));
        write_decision(writing, left_out);
        html_markup(html, "</p>\n");
    }
    if (passed_over > 0) {
        html_put(html, "<p class=\"lead\">{} {} left out on purpose.</p>\n",
                 html_number(passed_over), html_plural(passed_over, "row was", "rows were"));
    }
}

static void write_top(struct writing *writing) {
    struct html *html = writing->html;
    const struct subject *subject = writing->subject;
    html_put(html,
             "<header class=\"top plain\">\n<p class=\"eyebrow\">Migration report{}{}</p>\n"
             "<h1>{}</h1>\n",
             span_of(subject->sort == NULL ? "" : ", "), span_of(subject->sort), subject->title);
    if (!span_equal(subject->title, subject->value)) {
        html_put(html, "<p class=\"meta\">{}</p>\n", subject->value);
    }
    write_part_counts(writing);
    write_row_counts(writing);
    html_write_origin(html);
    html_markup(html, "</header>\n<main id=\"main\">\n");
}

/* ---- documents ---- */

static int write_document_line(void *context, const struct mention *document, struct error *error) {
    (void)error;
    struct writing *writing = context;
    html_put(writing->html, "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
             document->name, document->place, html_standing_words(document->standing));
    return 0;
}

static void write_documents(struct writing *writing) {
    static const struct html_table table = {
        .class_name = "reasons",
        .label = "Documents",
        .caption = "Documents and where they are",
        .columns = {"Document", "Kind", "Where it is"},
    };
    struct html *html = writing->html;
    if (count_of(writing, MENTION_DOCUMENT) > 0) {
        html_begin_section(html, "documents", "Documents");
        html_begin_table(html, &table);
        each_of(writing, MENTION_DOCUMENT, MAX_PARTS, write_document_line);
        html_end_table(html, &table);
        html_markup(html, "</section>\n");
    }
}

/* ---- parts ---- */

static bool is_column(const struct writing *writing, size_t topic) {
    return topic < mentions_topic_count(writing->content->mentions) &&
           topic != writing->subject->topic;
}

static int write_part(void *context, const struct mention *part, struct error *error) {
    (void)error;
    struct writing *writing = context;
    struct html *html = writing->html;
    bool is_first = true;
    html_markup(html, "<tr>");
    for (size_t i = 0; i < TOPIC_MOST; i++) {
        if (is_column(writing, i)) {
            html_put(html, is_first ? "<th scope=\"row\">{}</th>" : "<td>{}</td>",
                     span_is_empty(part->about[i]) ? span_of(HTML_DASH) : part->about[i]);
            is_first = false;
        }
    }
    html_put(html, "<td>{}</td><td>{}{}</td></tr>\n", part->note,
             html_standing_words(part->standing),
             span_of(part->has_no_author ? ", without an author" : ""));
    return 0;
}

/* The kind of the part has all parts. */
static int write_export(void *context, const struct mention *part, struct error *error) {
    (void)error;
    struct writing *writing = context;
    struct text kind = {0};
    text_append_string(&kind, "--kind ");
    shell_word_append(&kind, part->place);
    html_put_command(writing->html, &(struct html_command){"export", text_string(&kind)});
    text_free(&kind);
    return 0;
}

static void write_parts(struct writing *writing) {
    struct html *html = writing->html;
    const struct migration_topics *topics = html->report->migration->topics;
    struct html_table table = {.class_name = "reasons",
                               .labelled_by = "parts",
                               .caption = "Where each is: where its document is"};
    int64_t count = count_of(writing, MENTION_PART);
    if (count == 0) {
        return;
    }
    size_t columns = 0;
    for (size_t i = 0; i < TOPIC_MOST; i++) {
        if (is_column(writing, i)) {
            table.columns[columns++] = mentions_topic(writing->content->mentions, i)->name;
        }
    }
    table.columns[columns++] = "Status";
    table.columns[columns] = "Where it is";
    html_put(html,
             "<section aria-labelledby=\"parts\">\n<h2 id=\"parts\" class=\"capital\">{}</h2>\n",
             span_of(topics->parts));
    html_begin_table(html, &table);
    each_of(writing, MENTION_PART, MAX_PARTS, write_part);
    html_end_table(html, &table);
    if (count > MAX_PARTS) {
        html_put(html, "<p class=\"cut\">The first {} of {} are shown. All of them are in ",
                 html_number(MAX_PARTS), html_number(count));
        each_of(writing, MENTION_PART, 1, write_export);
        html_markup(html, "</p>\n");
    }
    html_markup(html, "</section>\n");
}

/* ---- rows and warnings ---- */

static const struct html_listing rejected = {
    "rejected-rows",
    "Rows that could not be understood",
    "These rows are in no document. Each is shown as it is in the source.",
    "rows",
    {"Row", "Table"},
    {"rejects", NULL},
    "unfolded",
    HTML_LISTING_OPEN};

static const struct html_listing skipped = {
    "skipped-rows",
    "Rows left out on purpose",
    "Nothing is wrong with these rows: a rule of the migration leaves them out.",
    "rows",
    {"Row", "Table"},
    {"skips", NULL},
    NULL,
    HTML_LISTING_OPEN};

static void write_rows(struct writing *writing) {
    struct html *html = writing->html;
    struct mention_filter filter = filter_of(writing->subject);
    bool has_rejected = count_of(writing, MENTION_REJECTED) > 0;
    bool has_skipped = count_of(writing, MENTION_SKIPPED) > 0;
    if (!has_rejected && !has_skipped) {
        return;
    }
    html_begin_section(html, "rows", "Source rows that are in no document");
    if (has_rejected) {
        html_write_rows(html, writing->content, &rejected, "Reason", MENTION_REJECTED, &filter);
    }
    if (has_skipped) {
        html_write_rows(html, writing->content, &skipped, "Rule", MENTION_SKIPPED, &filter);
    }
    html_markup(html, "</section>\n");
}

static void write_warnings(struct writing *writing) {
    struct html *html = writing->html;
    const struct summary *summary = writing->content->summary;
    bool has_any = false;
    for (size_t i = 0; i < summary->warning_count; i++) {
        if (span_equal(summary->warnings[i].key, writing->subject->value)) {
            if (!has_any) {
                html_begin_section(html, "warnings", "Worth knowing");
                html_markup(html, "<ul>\n");
            }
            html_put(html, "<li>{}</li>\n", summary->warnings[i].text);
            has_any = true;
        }
    }
    html_markup(html, has_any ? "</ul>\n</section>\n" : "");
}

int html_write_subject(const struct report *report, const struct html_content *content,
                       const struct subject *subject, struct error *error) {
    struct html html = html_begin(report);
    struct writing writing = {.html = &html, .content = content, .subject = subject};
    struct text title = {0};
    text_append_string(&title, "Migration report: ");
    text_append(&title, subject->title);
    html_check(&html, text_check(&title, &html.error));
    html_write_head(&html, subject->page, text_string(&title));
    text_free(&title);
    write_top(&writing);
    write_documents(&writing);
    write_parts(&writing);
    write_rows(&writing);
    write_warnings(&writing);
    if (subject->write_more != NULL) {
        subject->write_more(&html, subject);
    }
    html_write_foot(&html, subject->page);
    return html_end(&html, error);
}
