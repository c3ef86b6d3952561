/* The HTTP methods that requests are made with, and how often a request may leave. */
#ifndef ROWPOST_TARGET_METHOD_H
#define ROWPOST_TARGET_METHOD_H

#include <stdbool.h>

/* A request that may change something leaves at most once, whatever happens to its connection (RFC
 * 9110, 9.2.2, lets idempotent ones be repeated; here PUT and DELETE are looked up first). */
enum departure { DEPARTS_ONCE, DEPARTS_AGAIN };

struct method {
    const char *name;
    enum departure departure;
    bool always_has_body; /* a length is sent, even if it is 0 */
    const char *override; /* the word, where it is not libcurl's own for what is sent */
};

/* NULL for a method that no request is made with. */
const struct method *method_find(const char *name);

#endif
