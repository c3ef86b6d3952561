/* The forms that a verb can write its result in: --format or the extension of -o chooses one. */
#ifndef ROWPOST_CLI_FORMAT_CHOICE_H
#define ROWPOST_CLI_FORMAT_CHOICE_H

#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"

enum { FORMAT_ENDINGS = 3 };

/* A format: its name for --format, and the endings of -o that choose it, ended by NULL. */
struct format_choice {
    const char *name;
    const char *endings[FORMAT_ENDINGS];
};

/* The place of the format among those of the verb: that of --format, else that of the ending, else
 * the first. -1 with ERROR_USAGE where --format names none of them, or the ending is that of
 * another kind of file (`x.pdf`) and there is no --format; the message lists what is possible. */
int format_choose(const struct options *options, const struct format_choice *formats, size_t count,
                  struct error *error);

#endif
