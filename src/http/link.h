/* The field Link of an answer (RFC 8288, 3), as lists use it for their pages. Nothing is owned. */
#ifndef ROWPOST_HTTP_LINK_H
#define ROWPOST_HTTP_LINK_H

#include "base/span.h"

/* What is between the angle brackets of the first link whose rel has the word `next`; null where
 * there is none. */
struct span link_find_next(struct span value);

#endif
