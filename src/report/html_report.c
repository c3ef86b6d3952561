#include <string.h>

#include "base/version.h"
#include "report/html_assets_private.h"
#include "report/html_sections_private.h"
#include "report/report.h"

/* Nothing is fetched from anywhere; style and script are those of this program, by their hashes. */
static void write_head(struct html *html) {
    html_markup(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html_put(html,
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'\">\n",
             span_of(report_css_hash), span_of(report_js_hash));
    html_markup(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n"
                      "<meta name=\"robots\" content=\"noindex\">\n");
    html_put(html,
             "<meta name=\"generator\" content=\"{}\">\n<title>Migration report: {}</title>\n",
             span_of(version_text), span_of(html->report->migration->name));
    html_markup(html, "<style>");
    html_put_asset(html, report_css, report_css_size);
    html_markup(html, "</style>\n</head>\n<body>\n"
                      "<a class=\"skip\" href=\"#summary\">To the summary</a>\n");
}

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

static void write_words(struct html *html) {
    struct text nouns = {0};
    append_nouns(html->report->migration, &nouns);
    html_put(
        html,
        "<section aria-labelledby=\"words\">\n<h2 id=\"words\">The words of this page</h2>\n"
        "<dl class=\"glossary\">\n"
        "<dt>Source row</dt><dd>One line of a table of the old database.</dd>\n"
        "<dt>Document</dt><dd>What is sent to the new service, made of one or more "
        "rows:{}.</dd>\n"
        "<dt>Target</dt><dd>The new service.</dd>\n"
        "<dt>Used, skipped, rejected</dt><dd>A row was used if it is in a document; skipped if a "
        "rule says that it stays behind; rejected if it could not be understood.</dd>\n"
        "<dt>Delivered</dt><dd>The target answered with the very record that was sent.</dd>\n"
        "<dt>Already there</dt><dd>The target had an equal record before.</dd>\n"
        "<dt>Different</dt><dd>The target has a record of that name that is not what was planned. "
        "It is not overwritten unasked.</dd>\n"
        "<dt>Refused</dt><dd>The target looked at the document and did not take it.</dd>\n"
        "<dt>Read back</dt><dd>After the delivery each record was fetched from the target and "
        "compared with what was planned, field by field.</dd>\n"
        "</dl>\n</section>\n",
        text_span(&nouns));
    text_free(&nouns);
}

static void write_foot(struct html *html) {
    html_put(html, "</main>\n<footer><p>Written by {}.</p></footer>\n<script>",
             span_of(version_text));
    html_put_asset(html, report_js, report_js_size);
    html_markup(html, "</script>\n</body>\n</html>\n");
}

int report_write_html(const struct report *report, struct error *error) {
    struct summary summary;
    struct flow flow;
    if (summary_load(report->workspace, &summary, error) != 0) {
        return -1;
    }
    flow_count(&summary, &flow);
    struct html html = html_begin(report);
    write_head(&html);
    html_write_overview(&html, &summary, &flow);
    html_write_flow(&html, &flow);
    html_write_figures(&html, &summary);
    html_markup(&html, "</section>\n");
    html_write_documents(&html, &summary);
    html_write_rejected(&html, &summary);
    html_write_timeline(&html);
    html_write_corrections(&html, &summary);
    html_write_skipped(&html, &summary);
    html_write_warnings(&html, &summary);
    html_write_settings(&html);
    write_words(&html);
    write_foot(&html);
    summary_free(&summary);
    return html_end(&html, error);
}
