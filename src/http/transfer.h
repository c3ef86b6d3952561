/* One libcurl handle that carries one exchange after the other.
 *
 * A transfer is made once, with everything that does not change, and then gets only what does: the
 * method, the URL, the body. It turns libcurl's behaviour into the promises of session.h: it knows
 * whether a request has left, and a request that may change something leaves only once. */
#ifndef ROWPOST_HTTP_TRANSFER_H
#define ROWPOST_HTTP_TRANSFER_H

#include <curl/curl.h>

#include "http/session.h"
#include "http/transfer_settings.h"

struct transfer;

/* NULL where memory ran out. The settings are borrowed. */
struct transfer *transfer_create(const struct transfer_settings *settings);
void transfer_free(struct transfer *transfer);

/* The handle, to be driven by a multi handle; its CURLINFO_PRIVATE is the transfer. */
CURL *transfer_handle(const struct transfer *transfer);

/* Gets ready to carry the exchange, whose results are cleared. 0 or -1. */
int transfer_begin(struct transfer *transfer, struct exchange *exchange, struct error *error);

/* Fills in how the exchange ended, lets go of it and returns it. */
struct exchange *transfer_end(struct transfer *transfer, CURLcode code);

/* Ends the exchange as lost for that reason, whatever its outcome. */
struct exchange *transfer_give_up(struct transfer *transfer, const char *reason);

#endif
