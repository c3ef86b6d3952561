/* Cookie files in Netscape format: seven fields a line, separated by tabs (host, whether its
 * subdomains are meant, path, whether only for https, end in seconds since 1970, name, value).
 *
 * The file is read here so that a fault in it can be reported; which cookie goes with which request
 * is the jar's business. No name and no value of a cookie is ever part of an error. */
#ifndef ROWPOST_HTTP_COOKIES_H
#define ROWPOST_HTTP_COOKIES_H

#include "base/error.h"
#include "http/cookie_jar.h"

/* Puts every cookie that has not expired into the jar, which is for that host and channel. Lines
 * that cannot be read are left out; a warning counts them. ERROR_INPUT for a file that cannot be
 * read, is not in the format or has no cookie that would be sent to the host, with the first
 * reason; the jar then holds part of the file. ERROR_MEMORY. */
int cookies_load(const char *path, const char *host, enum cookies_channel channel,
                 struct cookie_jar *jar, struct error *error);

/* Writes the jar's cookies, but for those that have expired, to a file, at once. Of a file that is
 * there, comments, lines that cannot be read, the order, the mode and a symbolic link to it stay as
 * they are; a new one has mode 0600. ERROR_DISK, ERROR_INPUT where the former file cannot be read,
 * or ERROR_MEMORY. */
int cookies_save(const struct cookie_jar *jar, const char *path, struct error *error);

#endif
