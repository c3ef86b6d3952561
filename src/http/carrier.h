/* A carrier: whoever takes the exchanges of a session to the target and hands them back.
 *
 * There are two. Lines (lines.h) speak HTTP/1.1 themselves over connections that libcurl makes;
 * they are quick. Transfers (transfers.h) leave all of it to libcurl, for what only it knows: a
 * proxy that plain http goes through, netrc files, and hosts' names in letters beyond ASCII. Both
 * keep the promises of session.h. */
#ifndef ROWPOST_HTTP_CARRIER_H
#define ROWPOST_HTTP_CARRIER_H

#include "base/error.h"
#include "http/exchange.h"
#include "http/transfer_settings.h"

/* How many exchanges may be with a carrier at a time. */
enum { CARRIER_MOST_EXCHANGES = 64 };

/* Why an exchange that was abandoned has no answer. */
#define CARRIER_GIVEN_UP "given up before an answer came"

struct carrier;

struct carrier_kind {
    /* NULL with the error. The settings are borrowed. */
    struct carrier *(*open)(const struct transfer_settings *settings, struct error *error);
    void (*close)(struct carrier *carrier); /* nothing may be under way */

    /* Starts an exchange, which may have ended when it returns. 0; or -1 with ERROR_MEMORY or
     * ERROR_INTERNAL, and it was not taken. */
    int (*send)(struct carrier *carrier, struct exchange *exchange, struct error *error);

    /* The next exchange that has ended: one that is there already, or else one that ends within
     * `timeout_ms`; else NULL. */
    struct exchange *(*wait)(struct carrier *carrier, int timeout_ms);

    /* One of which the last wait has told that it may have ended, or NULL; nothing is waited for.
     */
    struct exchange *(*take)(struct carrier *carrier);

    /* Ends every exchange that was not handed back, as lost. */
    void (*abandon)(struct carrier *carrier);
};

#endif
