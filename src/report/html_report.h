/* The account for people, as one page of HTML that needs nothing else: no network, no other file,
 * and no script to be read. It is what an operator sends to whoever owns the data.
 *
 * The page forbids itself everything but its own style and script (Content-Security-Policy), so
 * that nothing a source has written into it can act. It is written as the workspace is read; long
 * tables are cut (report/html_listing.h), so that it stays a page that a browser opens at once. */
#ifndef ROWPOST_REPORT_HTML_REPORT_H
#define ROWPOST_REPORT_HTML_REPORT_H

#include "report/report.h"

int html_report_write(const struct report *report, struct error *error);

#endif
