/* The field Link of an answer (RFC 8288, 3), as lists use it for their pages. Nothing is owned. */
#ifndef ROWPOST_HTTP_LINK_H
#define ROWPOST_HTTP_LINK_H

#include "base/span.h"
#include "base/text.h"

/* What is between the angle brackets of the first link whose rel has the word `next`; null where
 * there is none. */
struct span link_find_next(struct span value);

/* Resolves a reference in the answer to the request of that path, below `base`, as RFC 3986, 5.2
 * defines it, and appends path and query without that of `base`. 1; 0 where it leads to another
 * scheme, host or port, not below `base`, or is no URL. */
int link_resolve(const char *base, struct span path, const char *reference, struct text *out);

#endif
