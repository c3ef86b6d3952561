/* The notebook's credentials.json (its cells 10 to 13): where the new service is, which cookies and
 * which list of administrators to use; and where the old database is. What the command line says
 * wins. */
#ifndef ROWPOST_CLI_CREDENTIALS_H
#define ROWPOST_CLI_CREDENTIALS_H

#include "base/error.h"
#include "cli/options.h"

/* Fills the options that the command line left open from the file that --credentials names; does
 * nothing without one. ERROR_INPUT names the file and the key. */
int credentials_load(struct options *options, struct error *error);

/* Appends old.database_password of the file to `password`, which the caller ends with text_wipe();
 * nothing where there is no file or no such entry. */
int credentials_load_source_password(struct options *options, struct text *password,
                                     struct error *error);

/* Fills options->token from --token-file or ROWPOST_TOKEN, and options->client_secret from
 * --client-secret-file or ROWPOST_CLIENT_SECRET, where they are given. */
int credentials_load_secrets(struct options *options, struct error *error);

/* Fills options->ldap_password from --ldap-password-file or ROWPOST_LDAP_PASSWORD where --ldap-bind
 * names who asks the people directory. A line's end behind it does not belong to it; blanks do. */
int credentials_load_ldap_password(struct options *options, struct error *error);

#endif
