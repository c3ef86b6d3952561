/* The texts that ValDB2 shows: a report's content and a campaign's description, as Markdown; and
 * the notebook's own layout.
 *
 * Everything is appended to the caller's text. Inputs are raw columns: null and empty are the same,
 * and each is cleaned here. */
#ifndef ROWPOST_VALDB_TEXTS_H
#define ROWPOST_VALDB_TEXTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"
#include "valdb/patterns.h"

/* How a line feed and a bar are written. */
enum texts_layout {
    LAYOUT_BLOCK,
    LAYOUT_LINE, /* each LF as a blank: for lines of a list */
    LAYOUT_CELL  /* likewise, with `|` escaped: for cells of a table */
};

/* CR LF and CR become LF; C0 controls but tab and LF are dropped; blanks, tabs and LF at the ends
 * are trimmed. */
void texts_append_clean(struct text *out, struct span raw, enum texts_layout layout);

/* True where two raw texts are the same once cleaned. */
bool texts_are_equal_cleaned(struct span a, struct span b);

/* `**Comments:** ...`, an empty line, `**Links:** ...`: no line feed at the end. */
void texts_append_comments_and_links(struct text *out, struct patterns *patterns,
                                     struct span comments, struct span links);

/* The status as it reads: trimmed, and NOT YET DONE for none. */
struct span texts_status(struct span raw);

/* The content as the notebook lays it out (its cell 36): a code block to Markdown. */
void texts_append_notebook_content(struct text *out, struct span comments);

/* An older row of a report that is in the content of the newest. */
struct earlier_row {
    int64_t moment;
    struct span status;
    struct span comments;
};

/* `**Earlier:**`, and a line for each row below it. */
void texts_begin_earlier(struct text *out);
void texts_append_earlier(struct text *out, const struct earlier_row *row);

/* One version of a row, from the tables of earlier versions. */
struct history_row {
    struct span version;
    bool has_moment;
    int64_t moment;
    struct span status;
    struct span comments;
    struct span links;
    struct span who;
};

/* `**History:**` and the head of a table, and a version in it: nothing where it has the same
 * content as the one before it, which is NULL for the first. */
void texts_begin_history(struct text *out);
void texts_append_version(struct text *out, const struct history_row *row,
                          const struct history_row *before);

#endif
