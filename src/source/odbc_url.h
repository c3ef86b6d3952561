/* From the address of a source to the connection string that an ODBC driver is given.
 *
 * Private to the ODBC driver. `struct odbc_url` owns its texts; odbc_url_free() releases them.
 *
 *   odbc:dsn=NAME, odbc:CONNECTION-STRING   as it stands
 *   oracle+odbc://USER@HOST:PORT/SERVICE
 *   postgresql://USER@HOST:PORT/DATABASE
 *   mysql://USER@HOST:PORT/DATABASE         the same as mariadb://
 *
 * `?driver=NAME` behind the latter names the driver, where the one that is found is not the one
 * that is meant. */
#ifndef ROWPOST_SOURCE_ODBC_URL_H
#define ROWPOST_SOURCE_ODBC_URL_H

#include "base/text.h"
#include "source/source.h"

struct odbc_url {
    struct text name;   /* for messages and the workspace */
    struct text string; /* the connection string without a password */
    struct text user;   /* whose password is to be asked for; empty: nobody's */
};

/* Finds an installed driver: appends the name of the one that fits best one of `names`, a list
 * ended by NULL of how a driver's name may begin, best first, to `driver`, and returns true; else
 * appends those there are, with commas, to `installed`. */
typedef bool odbc_find_driver(const char *const *names, struct text *driver,
                              struct text *installed);

/* Reads `url`; `user` (may be NULL) counts where it names none. ERROR_USAGE for what is not such an
 * address, or has a password in it; the error never repeats the password. */
int odbc_url_read(struct odbc_url *parts, const char *url, const char *user,
                  odbc_find_driver *find_driver, struct error *error);
void odbc_url_free(struct odbc_url *parts);

/* Appends `;KEY={value}` with what the value needs so that every byte of it counts. */
void odbc_append_attribute(struct text *string, const char *key, struct span value);

/* True where the connection string has the key, in whatever case. */
bool odbc_has_attribute(struct span string, const char *key);

#endif
