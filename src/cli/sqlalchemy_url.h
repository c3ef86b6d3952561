/* The notebook's form of a database's address, which people copy from it:
 * `oracle+cx_oracle://USER:PASSWORD@HOST:PORT/?service_name=SERVICE` (SQLAlchemy's database URL).
 * Nothing here puts a password into a message. */
#ifndef ROWPOST_CLI_SQLALCHEMY_URL_H
#define ROWPOST_CLI_SQLALCHEMY_URL_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Owns its texts: start from `{0}`, end with sqlalchemy_url_free(), which wipes the password. */
struct sqlalchemy_url {
    struct text user;     /* decoded; empty where there is none */
    struct text password; /* likewise */
    struct text server;   /* HOST[:PORT] */
    struct text service;  /* empty where there is none */
};

/* True for `oracle+DRIVER://` of a Python driver. */
bool sqlalchemy_url_is_one(const char *value);

/* True for any `oracle...://` address with a password in it. */
bool sqlalchemy_url_has_password(const char *value);

/* Parses the URL. The message of ERROR_USAGE shows what was expected and calls the URL `name`. */
int sqlalchemy_url_read(struct sqlalchemy_url *url, const char *value, const char *name,
                        struct error *error);
void sqlalchemy_url_free(struct sqlalchemy_url *url);

/* Appends `oracle://USER@HOST:PORT/SERVICE`, the form of --from, without the password. */
void sqlalchemy_url_append_address(const struct sqlalchemy_url *url, struct text *out);

#endif
