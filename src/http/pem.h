/* The PEM files that TLS works with, looked at before the first connection, so that what is wrong
 * with one can be said with its name. libcurl reads them again; nothing is kept or owned. */
#ifndef ROWPOST_TARGET_PEM_H
#define ROWPOST_TARGET_PEM_H

#include "base/error.h"

/* ERROR_INPUT unless the file holds a certificate. */
int pem_check_authorities(const char *path, struct error *error);

/* ERROR_INPUT unless there is a certificate that has not expired, and its private key without a
 * pass phrase. `key` may be the same file. */
int pem_check_client(const char *certificate, const char *key, struct error *error);

#endif
