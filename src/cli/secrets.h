/* What signs in and is in no credentials file: tokens and passwords from files of their own or from
 * the environment. */
#ifndef ROWPOST_CLI_SECRETS_H
#define ROWPOST_CLI_SECRETS_H

#include "base/error.h"
#include "cli/options.h"

/* How the secret is sent, as the migration says it where the command line does not: fills
 * options->auth_scheme and options->auth_header. 0, or -1 with the error. */
int secrets_use_auth(struct options *options, struct error *error);

/* How the token is sent is the migration's to say where the command line does not: fills
 * options->auth_scheme and options->auth_header where there is a token for them, or cookies. 0, or
 * -1 with the error. */
int secrets_take_auth(struct options *options, struct error *error);

/* Fills options->token from --token-file or ROWPOST_TOKEN, and options->client_secret from
 * --client-secret-file or ROWPOST_CLIENT_SECRET, where they are given. */
int secrets_load(struct options *options, struct error *error);

/* Fills options->ldap_password from --ldap-password-file or ROWPOST_LDAP_PASSWORD where --ldap-bind
 * names who asks the people directory. A line's end behind it does not belong to it; blanks do. */
int secrets_load_ldap_password(struct options *options, struct error *error);

#endif
