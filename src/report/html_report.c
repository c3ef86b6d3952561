#include "report/html_report.h"

#include "base/version.h"
#include "report/flow.h"
#include "report/html_account.h"
#include "report/html_assets.h"
#include "report/html_documents.h"
#include "report/html_flow.h"
#include "report/html_rows.h"
#include "report/html_settings.h"
#include "report/html_summary.h"
#include "report/html_timeline.h"
#include "report/html_writer.h"

/* What the page is made of, counted before it is written. */
struct page {
    struct account account;
    struct flow flow;
    struct html_document_counts counts;
};

static int load(struct workspace *workspace, struct page *page, struct error *error) {
    if (account_load(workspace, &page->account, error) != 0) {
        return -1;
    }
    if (flow_load(workspace, &page->account, &page->flow, error) != 0 ||
        html_count_documents(workspace, &page->counts, error) != 0) {
        account_free(&page->account);
        return -1;
    }
    return 0;
}

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
                      "<a class=\"skip\" href=\"#account\">To the account</a>\n");
}

static void write_words(struct html *html) {
    html_markup(
        html,
        "<section aria-labelledby=\"words\">\n<h2 id=\"words\">The words of this page</h2>\n"
        "<dl class=\"glossary\">\n"
        "<dt>Source row</dt><dd>One line of a table of the old database.</dd>\n"
        "<dt>Document</dt><dd>What is sent to the new service, made of one or more rows: a user, a "
        "campaign.</dd>\n"
        "<dt>Target</dt><dd>The new service.</dd>\n"
        "<dt>Used, skipped, rejected</dt><dd>A row was used if it stands in a document; skipped if "
        "a "
        "rule says that it stays behind; rejected if it could not be understood.</dd>\n"
        "<dt>Delivered</dt><dd>The target answered with the very record that was sent.</dd>\n"
        "<dt>Already there</dt><dd>The target had an equal record before.</dd>\n"
        "<dt>Different</dt><dd>The target has a record of that name that is not what was planned. "
        "It "
        "is not overwritten unasked.</dd>\n"
        "<dt>Refused</dt><dd>The target looked at the document and did not take it.</dd>\n"
        "<dt>Read back</dt><dd>After the delivery each record was fetched from the target and "
        "compared with what was planned, field by field.</dd>\n"
        "</dl>\n</section>\n");
}

static void write_foot(struct html *html) {
    html_put(html, "</main>\n<footer><p>Written by {}.</p></footer>\n<script>",
             span_of(version_text));
    html_put_asset(html, report_js, report_js_size);
    html_markup(html, "</script>\n</body>\n</html>\n");
}

/* In reading order. */
static void write_page(struct html *html, const struct page *page) {
    struct summary summary = {&page->account, &page->flow, &page->counts};
    write_head(html);
    html_write_summary(html, &summary);
    html_write_flow(html, &page->flow);
    html_write_figures(html, &page->account);
    html_markup(html, "</section>\n");
    html_write_documents(html, &page->counts);
    html_write_rejected(html, &page->account);
    html_write_timeline(html);
    html_write_corrections(html, &page->account);
    html_write_skipped(html, &page->account);
    html_write_warnings(html, &page->account);
    html_write_settings(html);
    write_words(html);
    write_foot(html);
}

int html_report_write(const struct report *report, struct error *error) {
    struct page page;
    if (load(report->workspace, &page, error) != 0) {
        return -1;
    }
    struct html html = html_begin(report);
    write_page(&html, &page);
    account_free(&page.account);
    return html_end(&html, error);
}
