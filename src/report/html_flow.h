/* The account as a picture: a flow from the source rows to what was read back. Drawn twice, from
 * left to right for wide screens and paper, downwards for a phone; the style shows one of them. The
 * same stands below it in words. */
#ifndef ROWPOST_REPORT_HTML_FLOW_H
#define ROWPOST_REPORT_HTML_FLOW_H

#include "report/flow.h"
#include "report/html_writer.h"

void html_write_flow(struct html *html, const struct flow *flow);

#endif
