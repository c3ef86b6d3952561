/* The documents that a person should look at, in a listing for each way in which a document can
 * stand out: what was sent, what was answered, what was found different, of which rows it is. */
#ifndef ROWPOST_REPORT_HTML_DOCUMENTS_H
#define ROWPOST_REPORT_HTML_DOCUMENTS_H

#include "report/document_list.h"
#include "report/html_writer.h"

/* How many there are of each selection that has a listing, for whoever has to mention them. */
struct html_document_counts {
    int64_t of[DOCUMENT_SELECTIONS];
};
int html_count_documents(struct workspace *workspace, struct html_document_counts *counts,
                         struct error *error);

/* A section of the page with the listings that have an entry; nothing where there is none. */
void html_write_documents(struct html *html, const struct html_document_counts *counts);

#endif
