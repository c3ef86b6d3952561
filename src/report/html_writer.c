#include "report/html_writer_private.h"

#include <stdio.h>
#include <string.h>

#include "base/noun.h"
#include "report/xml_text.h"

enum { PIECE = 1 << 16 };

struct html html_begin(const struct report *report) {
    return (struct html){.report = report};
}

bool html_has_failed(const struct html *html) {
    return html->has_failed;
}

void html_check(struct html *html, int rc) {
    html->has_failed = html->has_failed || rc != 0;
}

static void flush(struct html *html) {
    if (!html->has_failed) {
        html_check(html, report_flush(html->report->out, &html->out, &html->error));
    }
}

static void flush_if_full(struct html *html) {
    if (html->out.length >= PIECE || html->out.failed) {
        flush(html);
    }
    if (html->has_failed) {
        text_clear(&html->out);
    }
}

int html_end(struct html *html, struct error *error) {
    flush(html);
    text_free(&html->out);
    if (html->has_failed) {
        *error = html->error;
        return -1;
    }
    return 0;
}

void html_markup(struct html *html, const char *markup) {
    text_append_string(&html->out, markup);
    flush_if_full(html);
}

void html_put_asset(struct html *html, const char *content, size_t size) {
    text_append(&html->out, (struct span){content, size});
    flush_if_full(html);
}

/* What XML takes between tags, HTML takes there and in an attribute in double quotes, too. */
void html_text(struct html *html, struct span value) {
    xml_append_text(&html->out, value);
    flush_if_full(html);
}

void html_put_spans(struct html *html, const char *markup, const struct span *values,
                    size_t count) {
    const char *rest = markup;
    for (size_t i = 0; i < count; i++) {
        const char *place = strstr(rest, "{}");
        if (place == NULL) {
            break;
        }
        text_append(&html->out, (struct span){rest, (size_t)(place - rest)});
        html_text(html, values[i]);
        rest = place + 2;
    }
    html_markup(html, rest);
}

struct span html_format_number(struct html_number *number, int64_t value) {
    char plain[HTML_NUMBER_SIZE];
    int length = snprintf(plain, sizeof plain, "%lld", (long long)value);
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        bool is_grouped = i > 0 && plain[i - 1] != '-' && (length - i) % 3 == 0;
        if (is_grouped) {
            number->digits[at++] = ',';
        }
        number->digits[at++] = plain[i];
    }
    number->digits[at] = '\0';
    return (struct span){number->digits, at};
}

struct span html_plural(int64_t number, const char *one, const char *many) {
    return span_of(noun_of(number, one, many));
}
