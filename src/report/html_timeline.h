/* How the delivery went over time: for each sitting a picture of three rows above one axis
 * (documents a second, answer times, requests that went wrong) and the same as a table; below them
 * how long the target took to answer, by purpose. */
#ifndef ROWPOST_REPORT_HTML_TIMELINE_H
#define ROWPOST_REPORT_HTML_TIMELINE_H

#include "report/html_writer.h"

void html_write_timeline(struct html *html);

/* The end of an axis for values up to `most`: 1, 2 or 5 times a power of ten, and not less than
 * `most`; 1 for 0. */
double html_round_up(double most);

#endif
