/* The sections of the HTML report, in their order on the page (html_report.c). The page leaves out
 * a section whose html_has_...() is false. */
#ifndef ROWPOST_REPORT_HTML_SECTIONS_PRIVATE_H
#define ROWPOST_REPORT_HTML_SECTIONS_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"
#include "report/flow.h"
#include "report/history.h"
#include "report/html_listing_private.h"
#include "report/html_writer_private.h"
#include "report/mentions.h"
#include "workspace/documents.h"
#include "workspace/summary.h"

/* What all sections are made from. */
struct html_content {
    const struct summary *summary;
    const struct flow *flow;
    const struct history *history;
    struct mentions *mentions;
    int64_t parts; /* of documents, where the migration has a name for them; else 0 */
    int64_t parts_without_author; /* of them */
};

/* What a page is, as its head states it: HTML_PAGES are the pages of a folder, which are known by
 * it when they are written again. */
#define HTML_REPORT "report"
#define HTML_PAGES "pages"

/* The head of a page and its end, with style and script. `page` NULL: a page without a script,
 * which states nothing about itself. */
void html_write_head(struct html *html, const char *page, const char *title);
void html_write_foot(struct html *html, const char *page);

/* A section and its heading; the caller ends it with `</section>`. */
void html_begin_section(struct html *html, const char *id, const char *title);

/* A table with its caption and heads, up to the first row. One with a name for screen readers,
 * which is `label` or the text of the element `labelled_by`, scrolls by itself where it is too
 * wide. */
enum { HTML_TABLE_COLUMNS = 13 };
struct html_table {
    const char *class_name, *label, *labelled_by;
    const char *caption, *note;              /* the note continues the caption; NULL: none */
    const char *columns[HTML_TABLE_COLUMNS]; /* titles, up to the first NULL */
    const char *classes[HTML_TABLE_COLUMNS]; /* of the columns; NULL: none */
};
void html_begin_table(struct html *html, const struct html_table *table);
void html_end_table(struct html *html, const struct html_table *table);

/* The top of the page, for an owner of the data who reads nothing else: is everything done, in a
 * sentence and a few figures. */
void html_write_overview(struct html *html, const struct html_content *content);

/* Where a document is: "on the target, read back equal". */
struct span html_standing_words(enum standing standing);

/* "Migration valdb to https://host/valdb, as it was on ...", and who may see the page. */
void html_write_origin(struct html *html);

/* What is not done yet, and what to do about it. */
bool html_has_plan(const struct html_content *content);
void html_write_concerns(struct html *html, const struct html_content *content);

/* A search over all documents and rows, by an index inside the page. Where there is too much, it is
 * left out, and the page names the command that answers: more than HTML_INDEX_ENTRIES documents, or
 * rows that are in none; more than HTML_INDEX_ROWS rows that are in one. */
enum { HTML_INDEX_ENTRIES = 100000, HTML_INDEX_ROWS = 200000 };
void html_write_index(struct html *html, const struct html_content *content);

/* The summary as a picture: a flow from the source rows to what was read back. Drawn twice, from
 * left to right for wide screens and paper, downwards for a phone; the style shows one of them. The
 * same is below it in words. Then two tables: the rows of each source table by their outcome, the
 * documents of each kind by where they are. */
void html_write_flow(struct html *html, const struct html_content *content);
void html_write_figures(struct html *html, const struct summary *summary);

/* The documents that a person should look at, in a listing for each reason for attention; and what
 * is unfolded below such a document. `rows` are those of the listing's documents; all of this
 * document's are taken. */
bool html_has_attention(const struct html_content *content);
void html_write_documents(struct html *html, const struct html_content *content);
int html_write_details(struct html *html, const struct listed_document *document,
                       struct document_rows *rows, struct html_listing_texts *texts,
                       struct error *error);

/* The source rows that are in no document, by reason or rule and one by one. */
bool html_has_rejected(const struct html_content *content);
bool html_has_skipped(const struct html_content *content);
void html_write_rejected(struct html *html, const struct html_content *content);
void html_write_skipped(struct html *html, const struct html_content *content);

/* When the rejected rows were accepted, as a sentence; only where they were. */
bool html_has_acceptance(const struct summary *summary);
void html_write_acceptance(struct html *html, const struct summary *summary);

/* A listing of such rows: those of the filter, each with its topics and its content. `listing` has
 * the columns for row and table. */
void html_write_rows(struct html *html, const struct html_content *content,
                     const struct html_listing *listing, const char *reason_column,
                     enum mention_of sort, const struct mention_filter *filter);

/* Who was looked up and not simply found, and which parts of documents have no author. */
bool html_has_people(const struct html_content *content);
void html_write_people(struct html *html, const struct html_content *content);

/* How the delivery went over time: for each sitting a picture of three rows above one axis
 * (documents a second, answer times, requests that went wrong) and the same as a table; below them
 * what went wrong and what of it was repaired, and how long the target took to answer. */
void html_write_timeline(struct html *html, const struct html_content *content);
void html_write_faults(struct html *html);

bool html_has_corrections(const struct html_content *content);
bool html_has_warnings(const struct html_content *content);
void html_write_corrections(struct html *html, const struct html_content *content);
void html_write_warnings(struct html *html, const struct html_content *content);

/* What the run was made with, from the workspace's settings, and by which program. The workspace
 * holds no secret. Should the address of a source have one (`//user:secret@host`,
 * `PWD=secret;`), it is left out here. */
void html_write_settings(struct html *html, const struct html_content *content);

/* Appends the value with "***" in the place of what looks like a secret. */
void html_append_without_secrets(struct text *out, struct span value);

/* The end of an axis for values up to `most`: 1, 2 or 5 times a power of ten, and not less than
 * `most`; 1 for 0. */
double html_round_up(double most);

#endif
