/* Cookie files in Netscape format: seven fields a line, separated by tabs (host, whether its
 * subdomains are meant, path, whether for https alone, end in seconds since 1970, name, value).
 *
 * The file is read here so that what is wrong with it can be said; which cookie goes with which
 * request is libcurl's business. The store is the one behind the handle that is passed. No name
 * and no value of a cookie is ever part of an error. */
#ifndef ROWPOST_TARGET_COOKIES_H
#define ROWPOST_TARGET_COOKIES_H

#include <curl/curl.h>

#include "base/error.h"

/* How the target is reached; cookies marked secure are for the second alone. */
enum cookies_channel { COOKIES_PLAIN, COOKIES_SECURE };

/* Adds every cookie that has not expired to the store. ERROR_INPUT, naming the line where there is
 * one, for a file that cannot be read, is not in the format or has no cookie that would be sent to
 * `host`; the store then holds part of the file. ERROR_MEMORY. */
int cookies_load(const char *path, const char *host, enum cookies_channel channel, CURL *store,
                 struct error *error);

/* Writes the store to a file of mode 0600 that takes the place of an old one at once. ERROR_DISK
 * or ERROR_MEMORY. */
int cookies_save(CURL *store, const char *path, struct error *error);

#endif
