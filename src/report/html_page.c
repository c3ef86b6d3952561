#include "base/date.h"
#include "base/version.h"
#include "report/html_assets_private.h"
#include "report/html_sections_private.h"
#include "report/html_time_private.h"

/* Nothing is fetched from anywhere; style and script are those of this program, by their hashes. */
void html_write_head(struct html *html, const char *page, const char *title) {
    html_markup(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html_put(html, "<meta name=\"generator\" content=\"{}\">\n", span_of(version_text));
    if (page != NULL) {
        html_put(html, "<meta name=\"rowpost\" content=\"{}\">\n", span_of(page));
    }
    html_put(html,
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src '{}'; ",
             span_of(report_css_hash));
    if (page != NULL) {
        html_put(html, "script-src '{}'; ", span_of(report_js_hash));
    }
    html_markup(html, "base-uri 'none'; form-action 'none'\">\n");
    html_markup(html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n"
                      "<meta name=\"robots\" content=\"noindex\">\n");
    html_put(html, "<title>{}</title>\n", span_of(title));
    html_markup(html, "<style>");
    html_put_asset(html, report_css, report_css_size);
    html_markup(html, "</style>\n</head>\n<body>\n"
                      "<a class=\"skip\" href=\"#main\">To the content</a>\n");
}

void html_write_foot(struct html *html, const char *page) {
    html_put(html, "</main>\n<footer><p>Written by {}.</p></footer>\n", span_of(version_text));
    if (page != NULL) {
        html_markup(html, "<script>");
        html_put_asset(html, report_js, report_js_size);
        html_markup(html, "</script>\n");
    }
    html_markup(html, "</body>\n</html>\n");
}

void html_begin_section(struct html *html, const char *id, const char *title) {
    html_put(html, "<section aria-labelledby=\"{}\">\n<h2 id=\"{}\">{}</h2>\n", span_of(id),
             span_of(id), span_of(title));
}

static bool has_name(const struct html_table *table) {
    return table->label != NULL || table->labelled_by != NULL;
}

void html_begin_table(struct html *html, const struct html_table *table) {
    if (has_name(table)) {
        html_put(
            html,
            table->label != NULL
                ? "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">"
                : "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-labelledby=\"{}\">",
            span_of(table->label != NULL ? table->label : table->labelled_by));
    }
    html_put(html, "<table class=\"{}\">\n<caption>{}{}</caption>\n<thead><tr>",
             span_of(table->class_name), span_of(table->caption), span_of(table->note));
    for (size_t i = 0; i < HTML_TABLE_COLUMNS && table->columns[i] != NULL; i++) {
        if (table->classes[i] == NULL) {
            html_put(html, "<th scope=\"col\">{}</th>", span_of(table->columns[i]));
        } else {
            html_put(html, "<th scope=\"col\" class=\"{}\">{}</th>", span_of(table->classes[i]),
                     span_of(table->columns[i]));
        }
    }
    html_markup(html, "</tr></thead>\n<tbody>\n");
}

void html_end_table(struct html *html, const struct html_table *table) {
    html_markup(html, has_name(table) ? "</tbody></table></div>\n" : "</tbody></table>\n");
}

struct span html_standing_words(enum standing standing) {
    static const char *const words[STANDING_COUNT] = {
        [STANDING_PENDING] = "not sent yet",
        [STANDING_HANDED_OUT] = "handed out to another workspace",
        [STANDING_WAITING] = "waiting for another record",
        [STANDING_UNCLEAR] = "not known yet",
        [STANDING_REFUSED] = "refused by the target",
        [STANDING_DIFFERENT] = "different on the target",
        [STANDING_ALTERED] = "read back different",
        [STANDING_DUPLICATE] = "several times on the target",
        [STANDING_MISSING] = "missing on the target",
        [STANDING_CHANGED] = "on the target, planned differently now",
        [STANDING_STRANDED] = "delivered, no longer planned",
        [STANDING_UNREAD] = "on the target, not read back",
        [STANDING_NOT_COMPARED] = "on the target, its content not compared",
        [STANDING_EQUAL] = "on the target, read back equal",
        [STANDING_LEFT_OUT] = "no longer planned",
    };
    return span_of(words[standing]);
}

void html_write_origin(struct html *html) {
    struct workspace *workspace = html->report->workspace;
    struct text target = {0};
    html_check(html, workspace_get_setting(workspace, "target", &target, &html->error));
    html_put(html, "<p class=\"meta\">Migration {}", span_of(html->report->migration->name));
    if (target.length > 0) {
        html_put(html, " to {}", text_span(&target));
    }
    html_markup(html, ", as of ");
    html_write_moment(html, date_now());
    html_markup(html, ".");
    if (workspace_is_at_work(workspace)) {
        html_markup(html, " Rowpost was working on it at that moment.");
    }
    html_markup(html, "</p>\n<p class=\"meta\">Contains personal data: share with care.</p>\n");
    text_free(&target);
}
