#include "report/html_listing_private.h"

#include "report/fields.h"

static void write_cut(struct html *html, const struct html_listing *listing, int64_t total) {
    if (total > HTML_LISTING_ENTRIES) {
        html_put(html,
                 "<p class=\"cut\">The first {} of {} {} are shown here. All of them: "
                 "<code>{}</code></p>\n",
                 html_number(HTML_LISTING_ENTRIES), html_number(total), span_of(listing->noun),
                 span_of(listing->command));
    }
}

void html_begin_listing(struct html *html, const struct html_listing *listing, int64_t total) {
    html_markup(html, listing->fold == HTML_LISTING_OPEN ? "<details class=\"fold\" open>\n"
                                                         : "<details class=\"fold\">\n");
    html_put(html,
             "<summary><h3 id=\"{}\">{} <span class=\"count\">{}</span></h3></summary>\n"
             "<p>{}</p>\n",
             span_of(listing->id), span_of(listing->title), html_number(total),
             span_of(listing->explanation));
    write_cut(html, listing, total);
    html_put(html,
             "<table class=\"listing\" role=\"table\" data-noun=\"{}\" data-name=\"{}\">\n"
             "<caption>{}</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">",
             span_of(listing->noun), span_of(listing->title), span_of(listing->title));
    for (size_t i = 0; i < HTML_LISTING_COLUMNS; i++) {
        html_put(html, "<th scope=\"col\" role=\"columnheader\">{}</th>",
                 span_of(listing->columns[i]));
    }
    html_markup(html, "</tr></thead>\n");
}

void html_end_listing(struct html *html) {
    html_markup(html, "</table>\n</details>\n");
}

/* On a phone the cells stand below each other, for which they are no table cells to the style; the
 * roles keep them cells to those who hear them. */
void html_begin_entry(struct html *html, const struct span facts[HTML_LISTING_COLUMNS]) {
    html_put(
        html,
        "<tbody role=\"rowgroup\"><tr role=\"row\"><th scope=\"row\" role=\"rowheader\">{}</th>"
        "<td role=\"cell\">{}</td><td role=\"cell\">{}</td></tr>\n"
        "<tr class=\"more\" role=\"row\"><td colspan=\"3\" role=\"cell\">",
        facts[0], facts[1], facts[2]);
}

void html_begin_more(struct html *html, const char *summary) {
    html_put(html, "<details><summary>{}</summary>\n", span_of(summary));
}

void html_end_more(struct html *html) {
    html_markup(html, "</details></td></tr></tbody>\n");
}

/* Not in the middle of a character. */
static size_t cut_at(struct span text, size_t most) {
    if (text.length <= most) {
        return text.length;
    }
    while (most > 0 && ((unsigned char)text.data[most] & 0xC0) == 0x80) {
        most--;
    }
    return most;
}

static void write_text(struct html *html, const char *label, const struct text *text,
                       struct span command, struct html_listing_texts *texts) {
    if (text_check(text, &html->error) != 0) {
        html_fail(html);
    }
    struct span whole = text_span(text);
    size_t shown = cut_at(whole, texts->left < HTML_LISTING_TEXT ? texts->left : HTML_LISTING_TEXT);
    texts->left -= shown;
    html_put(html, "<p class=\"label\">{}</p>\n", span_of(label));
    if (shown > 0) {
        html_put(html, "<pre tabindex=\"0\" role=\"group\" aria-label=\"{}\">{}</pre>\n",
                 span_of(label), (struct span){whole.data, shown});
    }
    if (shown < whole.length) {
        html_put(html,
                 "<p class=\"cut\">{} of {} bytes are left out here. The whole: "
                 "<code>{}</code></p>\n",
                 html_number((int64_t)(whole.length - shown)), html_number((int64_t)whole.length),
                 command);
    }
}

void html_write_json(struct html *html, const char *label, struct span json, struct span command,
                     struct html_listing_texts *texts) {
    struct text indented = {0};
    json_append_indented(&indented, json);
    write_text(html, label, &indented, command, texts);
    text_free(&indented);
}

void html_write_columns(struct html *html, const char *label, struct span json, struct span command,
                        struct html_listing_texts *texts) {
    struct text columns = {0};
    fields_append_text(&columns, json, 0);
    write_text(html, label, &columns, command, texts);
    text_free(&columns);
}
