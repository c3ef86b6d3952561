#include <string.h>

#include "report/html_sections_private.h"
#include "report/report.h"

/* "a user, a campaign": what a document is in this migration; once for each. */
static void append_nouns(const struct migration *migration, struct text *out) {
    for (size_t i = 0; i < migration->kind_count; i++) {
        const char *noun = migration->kinds[i].noun;
        bool is_new = true;
        for (size_t before = 0; before < i; before++) {
            is_new = is_new && strcmp(migration->kinds[before].noun, noun) != 0;
        }
        if (is_new) {
            text_append_format(out, "%s %s", i == 0 ? "" : ",", noun);
        }
    }
}

static void write_words(struct html *html, const struct html_content *content) {
    (void)content;
    struct text nouns = {0};
    append_nouns(html->report->migration, &nouns);
    html_put(
        html,
        "<dl class=\"glossary\">\n"
        "<dt>Source row</dt><dd>One line of a table of the old database.</dd>\n"
        "<dt>Document</dt><dd>What is sent to the new service, made of one or more "
        "rows:{}.</dd>\n"
        "<dt>Target</dt><dd>The new service.</dd>\n"
        "<dt>Used, skipped, rejected</dt><dd>A row was used if it is in a document; skipped if a "
        "rule leaves it out; rejected if it could not be understood.</dd>\n"
        "<dt>Delivered</dt><dd>The target answered with the very record that was sent.</dd>\n"
        "<dt>Already there</dt><dd>The target had an equal record before.</dd>\n"
        "<dt>Different</dt><dd>The target has a record of that name that is not what was planned. "
        "It is not overwritten without your order.</dd>\n"
        "<dt>Refused</dt><dd>The target looked at the document and did not take it.</dd>\n"
        "<dt>Read back</dt><dd>After the delivery each record was fetched from the target and "
        "compared with what was planned, field by field.</dd>\n"
        "</dl>\n",
        text_span(&nouns));
    text_free(&nouns);
}

static bool is_always(const struct html_content *content) {
    (void)content;
    return true;
}

/* The page below its top, in order. */
static const struct section {
    const char *id, *title;
    bool (*is_there)(const struct html_content *content);
    void (*write)(struct html *html, const struct html_content *content);
} sections[] = {
    {"todo", "Open points", html_has_plan, html_write_concerns},
    {"find", "Find a document or a row", html_has_plan, html_write_index},
    {"summary", "The outcome of every row", is_always, html_write_flow},
    {"attention", "Needs attention", html_has_attention, html_write_documents},
    {"rejected", "Rows that could not be understood", html_has_rejected, html_write_rejected},
    {"people", "People", html_has_people, html_write_people},
    {"timeline", "How the delivery went", is_always, html_write_timeline},
    {"corrections", "Automatic corrections", html_has_corrections, html_write_corrections},
    {"skipped", "Rows left out on purpose", html_has_skipped, html_write_skipped},
    {"warnings", "Worth knowing", html_has_warnings, html_write_warnings},
    {"settings", "How it was made", is_always, html_write_settings},
    {"words", "The words of this page", is_always, write_words},
};

enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static void write_contents(struct html *html, const struct html_content *content) {
    html_markup(html, "<nav class=\"contents\" aria-label=\"Contents\">\n<ul>\n");
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (sections[i].is_there(content)) {
            html_put(html, "<li><a href=\"#{}\">{}</a></li>\n", span_of(sections[i].id),
                     span_of(sections[i].title));
        }
    }
    html_markup(html, "</ul>\n</nav>\n");
}

static void write_sections(struct html *html, const struct html_content *content) {
    for (size_t i = 0; i < SECTION_COUNT && !html_has_failed(html); i++) {
        if (sections[i].is_there(content)) {
            html_begin_section(html, sections[i].id, sections[i].title);
            sections[i].write(html, content);
            html_markup(html, "</section>\n");
        }
    }
}

static int write_page(const struct report *report, const struct html_content *content,
                      struct error *error) {
    struct html html = html_begin(report);
    struct text title = {0};
    text_append_format(&title, "Migration report: %s", report->migration->name);
    html_write_head(&html, HTML_REPORT, text_string(&title));
    text_free(&title);
    html_write_overview(&html, content);
    write_contents(&html, content);
    write_sections(&html, content);
    html_write_foot(&html, HTML_REPORT);
    return html_end(&html, error);
}

static int count_parts(struct html_content *content, struct error *error) {
    struct mentions *mentions = content->mentions;
    const struct mention_filter all = {0};
    return mentions_count(mentions, MENTION_PART, &all, &content->parts, error) == 0
               ? mentions_count_without_author(mentions, &content->parts_without_author, error)
               : -1;
}

int report_write_html(const struct report *report, struct error *error) {
    struct summary summary;
    struct flow flow;
    struct history history;
    struct html_content content = {.summary = &summary, .flow = &flow, .history = &history};
    if (summary_load(report->workspace, &summary, error) != 0) {
        return -1;
    }
    flow_count(&summary, &flow);
    content.mentions = mentions_gather(report, error);
    int rc = content.mentions != NULL && count_parts(&content, error) == 0 &&
                     history_load(report->workspace, &history, error) == 0
                 ? write_page(report, &content, error)
                 : -1;
    mentions_close(content.mentions);
    summary_free(&summary);
    return rc;
}
