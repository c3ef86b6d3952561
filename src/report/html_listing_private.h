/* A long table that can be folded, searched and sorted: rejected rows, refused documents ...
 *
 * An entry can be linked to; the script turns to its page. Without a script it is a table below a
 * heading that folds (`details`); the page's script adds what searches, sorts and turns pages. Each
 * entry is a `tbody` of its own: a row with the facts, and a row with what can be unfolded below
 * it, so that sorting keeps them together.
 *
 * A listing is cut, that the page may stay small: at so many entries, and where the texts that are
 * unfolded get too long. The page names what is left out, with the command that has it. */
#ifndef ROWPOST_REPORT_HTML_LISTING_PRIVATE_H
#define ROWPOST_REPORT_HTML_LISTING_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "report/html_command_private.h"
#include "report/html_writer_private.h"

/* How many entries a listing shows, how many bytes of one unfolded text, and of all together. */
enum { HTML_LISTING_ENTRIES = 500, HTML_LISTING_TEXT = 32 << 10, HTML_LISTING_TEXTS = 2 << 20 };

enum html_listing_fold { HTML_LISTING_OPEN, HTML_LISTING_FOLDED };

enum { HTML_LISTING_COLUMNS = 6 };

struct html_listing {
    const char *id, *title;
    const char *explanation;                   /* what such an entry is, in a sentence or two */
    const char *noun;                          /* "rows": what is counted, and searched */
    const char *columns[HTML_LISTING_COLUMNS]; /* the first names the entry; NULL after the last */
    struct html_command command;               /* what lists all of them */
    const char *class_name;                    /* besides "fold": "unfolded" on paper; or NULL */
    enum html_listing_fold fold;
};

/* The texts of one listing, as they use up what it may hold. */
struct html_listing_texts {
    size_t left;
};

/* As much of the text as may be shown of it, which is used up. It ends with a whole character. */
struct span html_listing_cut(struct html_listing_texts *texts, struct span text);

/* `total` is how many there are; the first HTML_LISTING_ENTRIES are going to be written. */
void html_begin_listing(struct html *html, const struct html_listing *listing, int64_t total);
void html_end_listing(struct html *html);

/* The row of facts, a fact for each column; then html_begin_more(), whatever is unfolded, and
 * html_end_more(). `anchor` and `number` are the entry's id: "document-12". */
void html_begin_entry(struct html *html, const struct html_listing *listing, const char *anchor,
                      int64_t number, const struct span facts[HTML_LISTING_COLUMNS]);
void html_begin_more(struct html *html, const char *summary);
void html_end_more(struct html *html);

/* JSON below its label: as JSON with line breaks, or, where people know the row by its columns, a
 * column a line (report/fields.h). Cut where it is too long; the page then refers to `command`. */
void html_write_json(struct html *html, const char *label, struct span json, struct span command,
                     struct html_listing_texts *texts);
void html_write_columns(struct html *html, const char *label, struct span json, struct span command,
                        struct html_listing_texts *texts);

#endif
