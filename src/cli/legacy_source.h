/* The legacy database that the command line or the credentials file names, opened. */
#ifndef ROWPOST_CLI_LEGACY_SOURCE_H
#define ROWPOST_CLI_LEGACY_SOURCE_H

#include "cli/options.h"
#include "source/source.h"

/* Whether --from or the credentials (loaded before) name one. */
bool legacy_source_is_named(const struct options *options);

/* 0 where --from names a source, or the credentials (loaded before) name one under "old": then it
 * becomes options->source. Else -1 with ERROR_USAGE. */
int legacy_source_require(struct options *options, struct error *error);

/* Opens options->source with the schema and the user of the options. Its password is the first that
 * is found in --source-password-file, ROWPOST_SOURCE_PASSWORD, the credentials file (only for the
 * user that it names), or a terminal. */
struct source *legacy_source_open(struct options *options, struct error *error);

#endif
