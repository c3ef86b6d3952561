/* The notebook's credentials.json (its cells 10 to 13): where the new service is, which cookies and
 * which list of administrators to use; and where the old database is. The command line takes
 * precedence. */
#ifndef ROWPOST_CLI_CREDENTIALS_H
#define ROWPOST_CLI_CREDENTIALS_H

#include "base/error.h"
#include "cli/options.h"

/* Fills the options that the command line did not set from the file that --credentials names; does
 * nothing without a file, and nothing the second time. Warns of unknown keys. `old.database_url`
 * may be a complete address in the notebook's form (sqlalchemy_url.h), with its user, password and
 * service. ERROR_INPUT names the file and the key, and shows no value. */
int credentials_load(struct options *options, struct error *error);

/* Appends old.database_password of the file, or the password of old.database_url, to `password`,
 * which the caller ends with text_wipe(); nothing where there is no file or no such entry. */
int credentials_load_source_password(struct options *options, struct text *password,
                                     struct error *error);

#endif
