/* Secrets for signing in that are not in a credentials file: tokens and passwords from files of
 * their own or from the environment. */
#ifndef ROWPOST_CLI_SECRETS_H
#define ROWPOST_CLI_SECRETS_H

#include "base/error.h"
#include "cli/options.h"

/* How the secret is sent, by the migration where the command line does not define it: fills
 * options->auth_scheme and options->auth_header. 0, or -1 with the error. */
int secrets_use_auth(struct options *options, struct error *error);

/* The migration defines how the token is sent where the command line does not: fills
 * options->auth_scheme and options->auth_header where there is a token for them, or cookies. 0, or
 * -1 with the error. */
int secrets_take_auth(struct options *options, struct error *error);

/* Fills options->token from --token-file or ROWPOST_TOKEN, and options->client_secret from
 * --client-secret-file or ROWPOST_CLIENT_SECRET, where they are given. */
int secrets_load(struct options *options, struct error *error);

/* Fills options->ldap_password from --ldap-password-file or ROWPOST_LDAP_PASSWORD where --ldap-bind
 * names the user for the people directory. A line break at the end is not part of it; blanks
 * are. */
int secrets_load_ldap_password(struct options *options, struct error *error);

#endif
