/* Lines as a carrier: as many connections as there are exchanges under way at once, kept open for
 * the next ones. */
#ifndef ROWPOST_TARGET_LINES_H
#define ROWPOST_TARGET_LINES_H

#include "target/carrier.h"

extern const struct carrier_kind carrier_lines;

#endif
