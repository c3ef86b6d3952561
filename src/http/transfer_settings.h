/* What all transfers over the same way have in common.
 *
 * `struct transfer_settings` owns its texts and header lines; start from `{0}`, end with
 * transfer_settings_free(), which wipes the headers. Of what is given only the address is borrowed;
 * the rest is copied. */
#ifndef ROWPOST_HTTP_TRANSFER_SETTINGS_H
#define ROWPOST_HTTP_TRANSFER_SETTINGS_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/error.h"
#include "http/address.h"
#include "http/cookie_jar.h"
#include "http/headers.h"
#include "http/session.h"

struct transfer_settings {
    const struct address *address; /* borrowed */
    CURLU *url;                    /* its base, parsed */
    size_t path_at;                /* where the path in it begins, even if it is empty */
    CURLSH *share;                 /* names' addresses, TLS sessions; borrowed, or NULL */
    struct cookie_jar *jar;        /* borrowed, or NULL: no cookies */
    struct headers headers;
    char *ca_file;     /* or NULL */
    char *client_cert; /* or NULL; then so is the key */
    char *client_key;
    char *netrc_file; /* or NULL */
    bool insecure;
    bool goes_direct; /* no proxy is asked for a URL; through a tunnel, perhaps */
    long connect_timeout_ms;
    long answer_timeout_ms;
};

/* The address, the time limits, and the authorities that TLS trusts. ERROR_INPUT for a CA file that
 * is none. */
int transfer_settings_open(struct transfer_settings *settings, const struct address *address,
                           const struct session_settings *given, struct error *error);

/* Who this side is, beyond the headers: a client certificate, or a netrc file where nothing else
 * signs in. ERROR_INPUT for a file that is not right, ERROR_USAGE for a key without a
 * certificate. */
int transfer_settings_add_identity(struct transfer_settings *settings,
                                   const struct session_settings *given, struct error *error);

/* Sets how a handle of libcurl connects. 0, or -1 where memory ran out. */
int transfer_settings_apply(const struct transfer_settings *settings, CURL *easy);

void transfer_settings_free(struct transfer_settings *settings);

#endif
