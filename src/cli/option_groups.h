/* The order and the headings under which the help shows options and verbs. */
#ifndef ROWPOST_CLI_OPTION_GROUPS_H
#define ROWPOST_CLI_OPTION_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/option_table.h"

/* The heading of a group of options, or of verbs; NULL after the last. */
const char *option_group_title(size_t group);
const char *verb_group_title(size_t group);

/* Whether it belongs to the group. Options and verbs that no group names are in the last one. */
bool option_is_in_group(const struct option *option, size_t group);
bool verb_is_in_group(const struct verb *verb, size_t group);

#endif
