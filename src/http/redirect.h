/* What a redirect shows of the target's address: it is not followed, but the same path elsewhere
 * shows which URL is the right one. */
#ifndef ROWPOST_HTTP_REDIRECT_H
#define ROWPOST_HTTP_REDIRECT_H

#include <curl/curl.h>

#include "http/exchange.h"

/* Fills in `moved_to` and `moves_slash` of an exchange with a location. `base` is the URL in front
 * of its path, and `url` the same, parsed. Where memory runs out they stay empty. */
void redirect_read(struct exchange *exchange, const struct text *base, CURLU *url);

#endif
