/* Writes a page of HTML as it goes: markup from the program's own templates, values from anywhere.
 *
 * A template is a literal of the program's. Each `{}` in it is replaced by the next value, escaped;
 * there is no other way for a value into the page. It may be between tags or in an attribute in
 * double quotes, nowhere else: not in a tag's or an attribute's name, not in a style, a script or a
 * URL that is followed.
 *
 *     html_put(&html, "<td title=\"{}\">{}</td>", reason, key);
 *
 * The writer borrows the report. Writing never reports: a failure is kept, what follows is thrown
 * away, and html_end() reports it. Loops over many rows ask html_has_failed(). */
#ifndef ROWPOST_REPORT_HTML_WRITER_PRIVATE_H
#define ROWPOST_REPORT_HTML_WRITER_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "report/report.h"

struct html {
    const struct report *report;
    struct text out; /* what is not in the file yet */
    struct error error;
    bool has_failed;
};

struct html html_begin(const struct report *report);

/* Writes what is left and releases everything. 0, or -1 with the first failure. */
int html_end(struct html *html, struct error *error);

bool html_has_failed(const struct html *html);

/* Keeps the failure of a function that was given `html->error`: `rc` is what it returned. */
void html_check(struct html *html, int rc);

/* Markup without values. */
void html_markup(struct html *html, const char *markup);

/* The page's own style or script (report/html_assets_private.h), unchanged. */
void html_put_asset(struct html *html, const char *content, size_t size);

/* Markup with values, spans all of them. */
#define html_put(html, markup, ...)                                                                \
    html_put_spans(html, markup, (const struct span[]){__VA_ARGS__},                               \
                   sizeof(const struct span[]){__VA_ARGS__} / sizeof(struct span))
void html_put_spans(struct html *html, const char *markup, const struct span *values, size_t count);

/* Only a value, between tags. */
void html_text(struct html *html, struct span value);

/* A number for people, "12,345"; the buffer holds it. */
enum { HTML_NUMBER_SIZE = 32 };
struct html_number {
    char digits[HTML_NUMBER_SIZE];
};
struct span html_format_number(struct html_number *number, int64_t value);

/* As a value of html_put(); it lives to the end of the block. */
#define html_number(value) html_format_number(&(struct html_number){{0}}, value)

/* What is shown where there is no value. */
#define HTML_DASH "\xE2\x80\x93"

/* "1" is followed by `one`, every other number by `many`. */
struct span html_plural(int64_t number, const char *one, const char *many);

#endif
