/* The sections of the HTML report, in their order on the page (html_report.c). Each writes nothing
 * where it has nothing to say, unless it is said otherwise. */
#ifndef ROWPOST_REPORT_HTML_SECTIONS_PRIVATE_H
#define ROWPOST_REPORT_HTML_SECTIONS_PRIVATE_H

#include "base/span.h"
#include "base/text.h"
#include "report/flow.h"
#include "report/html_listing_private.h"
#include "report/html_writer_private.h"
#include "workspace/documents.h"
#include "workspace/summary.h"

/* What the whole amounts to; the first that applies. */
enum headline {
    HEADLINE_UNPLANNED, /* there is no plan */
    HEADLINE_UNSENT,    /* nothing was sent yet */
    HEADLINE_OPEN,      /* documents are pending or unclear */
    HEADLINE_BAD,       /* refused, different or missing documents */
    HEADLINE_UNREAD,    /* all delivered, not all read back */
    HEADLINE_LEFT,      /* all there; rows were rejected, or the plan has changed since */
    HEADLINE_OVER,
    HEADLINE_COUNT
};

/* The top of the page, for whoever owns the data and has no other reading of it: is everything
 * over, in a sentence and a few figures; and if not, what is not, and what to do about it. */
void html_write_overview(struct html *html, const struct summary *summary, const struct flow *flow);

/* The summary as a picture: a flow from the source rows to what was read back. Drawn twice, from
 * left to right for wide screens and paper, downwards for a phone; the style shows one of them. The
 * same is below it in words. */
void html_write_flow(struct html *html, const struct flow *flow);

/* Two tables: the rows of each source table by their outcome, the documents of each kind by where
 * they are. */
void html_write_figures(struct html *html, const struct summary *summary);

/* The documents that a person should look at, in a listing for each way in which one can stand out;
 * and what is unfolded below such a document. `rows` are those of the listing's documents; all of
 * this document's are taken. */
void html_write_documents(struct html *html, const struct summary *summary);
int html_write_details(struct html *html, const struct listed_document *document,
                       struct document_rows *rows, struct html_listing_texts *texts,
                       struct error *error);

/* Appends `rowpost show` for the document, quoted for a shell where it has to be. */
void html_append_show_command(struct text *out, struct span kind, struct span key);

/* The source rows that are in no document, by reason or rule and one by one. */
void html_write_rejected(struct html *html, const struct summary *summary);
void html_write_skipped(struct html *html, const struct summary *summary);

/* How the delivery went over time: for each sitting a picture of three rows above one axis
 * (documents a second, answer times, requests that went wrong) and the same as a table; below them
 * how long the target took to answer, by purpose. */
void html_write_timeline(struct html *html);

void html_write_corrections(struct html *html, const struct summary *summary);
void html_write_warnings(struct html *html, const struct summary *summary);

/* What the run was made with, from the workspace's settings, and by which program. The workspace
 * holds no secret. Should the address of a source have one all the same (`//user:secret@host`,
 * `PWD=secret;`), it is left out here. */
void html_write_settings(struct html *html);

/* Appends the value with "***" in the place of what looks like a secret. */
void html_append_without_secrets(struct text *out, struct span value);

/* The end of an axis for values up to `most`: 1, 2 or 5 times a power of ten, and not less than
 * `most`; 1 for 0. */
double html_round_up(double most);

#endif
