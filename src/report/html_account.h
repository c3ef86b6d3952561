/* The account in figures: what became of the rows of each query, and where the documents of each
 * kind stand; below them the corrections that were applied and the warnings of the plan. */
#ifndef ROWPOST_REPORT_HTML_ACCOUNT_H
#define ROWPOST_REPORT_HTML_ACCOUNT_H

#include "report/html_writer.h"
#include "workspace/account.h"

/* Two tables. */
void html_write_figures(struct html *html, const struct account *account);

/* Sections of the page; nothing where there is nothing to say. */
void html_write_corrections(struct html *html, const struct account *account);
void html_write_warnings(struct html *html, const struct account *account);

#endif
