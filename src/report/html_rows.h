/* The source rows that are in no document: the rejected ones by reason and one by one, and the
 * skipped ones by rule and one by one. */
#ifndef ROWPOST_REPORT_HTML_ROWS_H
#define ROWPOST_REPORT_HTML_ROWS_H

#include "report/html_writer.h"
#include "workspace/account.h"

/* Sections of the page. A fate that no row has is left out. */
void html_write_rejected(struct html *html, const struct account *account);
void html_write_skipped(struct html *html, const struct account *account);

#endif
