#include "report/html_listing_private.h"

#include "report/fields.h"

static void write_cut(struct html *html, const struct html_listing *listing, int64_t total) {
    if (total > HTML_LISTING_ENTRIES) {
        html_put(html, "<p class=\"cut\">The first {} of {} {} are shown here. All of them: ",
                 html_number(HTML_LISTING_ENTRIES), html_number(total), span_of(listing->noun));
        html_put_command(html, &listing->command);
        html_markup(html, "</p>\n");
    }
}

void html_begin_listing(struct html *html, const struct html_listing *listing, int64_t total) {
    html_put(html,
             listing->fold == HTML_LISTING_OPEN ? "<details class=\"fold{}{}\" open>\n"
                                                : "<details class=\"fold{}{}\">\n",
             span_of(listing->class_name == NULL ? "" : " "), span_of(listing->class_name));
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
    for (size_t i = 0; i < HTML_LISTING_COLUMNS && listing->columns[i] != NULL; i++) {
        html_put(html, "<th scope=\"col\" role=\"columnheader\">{}</th>",
                 span_of(listing->columns[i]));
    }
    html_markup(html, "</tr></thead>\n");
}

void html_end_listing(struct html *html) {
    html_markup(html, "</table>\n</details>\n");
}

/* On a phone the cells are below each other, for which they are no table cells to the style; the
 * roles keep them cells to those who hear them, and a label names each. */
void html_begin_entry(struct html *html, const struct html_listing *listing, const char *anchor,
                      int64_t number, const struct span facts[HTML_LISTING_COLUMNS]) {
    struct text plain = {0};
    text_append_format(&plain, "%s-%lld", anchor, (long long)number);
    html_put(html,
             "<tbody role=\"rowgroup\" id=\"{}\"><tr role=\"row\"><th scope=\"row\" "
             "role=\"rowheader\">{}</th>",
             text_span(&plain), facts[0]);
    text_clear(&plain);
    size_t count = 1;
    while (count < HTML_LISTING_COLUMNS && listing->columns[count] != NULL) {
        html_put(html,
                 span_is_empty(facts[count])
                     ? "<td role=\"cell\" data-label=\"{}\" class=\"none\">{}</td>"
                     : "<td role=\"cell\" data-label=\"{}\">{}</td>",
                 span_of(listing->columns[count]),
                 span_is_empty(facts[count]) ? span_of(HTML_DASH) : facts[count]);
        count++;
    }
    text_append_integer(&plain, (int64_t)count);
    html_put(html, "</tr>\n<tr class=\"more\" role=\"row\"><td colspan=\"{}\" role=\"cell\">",
             text_span(&plain));
    text_free(&plain);
}

void html_begin_more(struct html *html, const char *summary) {
    html_put(html, "<details><summary>{}</summary>\n", span_of(summary));
}

void html_end_more(struct html *html) {
    html_markup(html, "</details></td></tr></tbody>\n");
}

struct span html_listing_cut(struct html_listing_texts *texts, struct span text) {
    size_t most = texts->left < HTML_LISTING_TEXT ? texts->left : HTML_LISTING_TEXT;
    if (text.length > most) {
        while (most > 0 && ((unsigned char)text.data[most] & 0xC0) == 0x80) {
            most--;
        }
        text.length = most;
    }
    texts->left -= text.length;
    return text;
}

static void write_text(struct html *html, const char *label, const struct text *text,
                       struct span command, struct html_listing_texts *texts) {
    html_check(html, text_check(text, &html->error));
    struct span whole = text_span(text);
    struct span shown = html_listing_cut(texts, whole);
    html_put(html, "<p class=\"label\">{}</p>\n", span_of(label));
    if (shown.length > 0) {
        html_put(html, "<pre tabindex=\"0\" role=\"group\" aria-label=\"{}\">{}</pre>\n",
                 span_of(label), shown);
    }
    if (shown.length < whole.length) {
        html_put(html,
                 "<p class=\"cut\">{} of {} bytes are left out here. The whole: "
                 "<code>{}</code></p>\n",
                 html_number((int64_t)(whole.length - shown.length)),
                 html_number((int64_t)whole.length), command);
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
