/* What is unfolded below a document in a listing: the body that was sent, what was answered, what
 * was found different, the source rows that became it. */
#ifndef ROWPOST_REPORT_HTML_DETAILS_H
#define ROWPOST_REPORT_HTML_DETAILS_H

#include "report/document_list.h"
#include "report/html_listing.h"
#include "report/html_writer.h"

/* `rows` are those of the listing's documents; all of this document's are taken. 0, or -1 with the
 * error. */
int html_write_details(struct html *html, const struct listed_document *document,
                       struct document_rows *rows, struct listing_texts *texts,
                       struct error *error);

/* Appends `rowpost show` for the document, quoted for a shell where it has to be. */
void html_append_show_command(struct text *out, struct span kind, struct span key);

#endif
