/* Lines as a carrier: as many connections as there are exchanges under way at once, kept open for
 * the next ones. */
#ifndef ROWPOST_HTTP_LINES_H
#define ROWPOST_HTTP_LINES_H

#include "http/carrier.h"

extern const struct carrier_kind carrier_lines;

#endif
