/* The bytes of a request in HTTP/1.1 (RFC 9112, 3).
 *
 * `struct request_form` is what all requests of a session have in common; it borrows the settings
 * and owns its texts. Start from `{0}`, end with request_form_free(). */
#ifndef ROWPOST_HTTP_REQUEST_H
#define ROWPOST_HTTP_REQUEST_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "http/exchange.h"
#include "http/transfer_settings.h"

struct request_form {
    const struct transfer_settings *settings;
    bool is_tls;
    struct text prefix; /* the path of the base URL, or nothing */
    struct text host;   /* the field Host, without the port that goes without saying */
    struct text target; /* of the request that was written last: prefix, path and query */
};

/* ERROR_MEMORY. */
int request_form_open(struct request_form *form, const struct transfer_settings *settings,
                      struct error *error);
void request_form_free(struct request_form *form);

/* Writes the request in the place of what stands in `out`, which holds secrets from then on. 1; 0
 * where the path has a character that may not stand in one, which would be another request; -1 with
 * ERROR_INTERNAL for a method that no request is made with, or ERROR_MEMORY. */
int request_write(struct request_form *form, const struct exchange *exchange, struct text *out,
                  struct error *error);

/* The target in the first line of a request that request_write() has written: path and query. */
struct span request_target(struct span request);

#endif
