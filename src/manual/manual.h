/* The manual: what the build makes of the tables behind the command line (cli/option_table.h), so
 * that man pages and completion cannot disagree with the program.
 *
 * Each function appends to `out`, which stays the caller's; text_check() reports that memory ran
 * out. */
#ifndef ROWPOST_MANUAL_MANUAL_H
#define ROWPOST_MANUAL_MANUAL_H

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "cli/option_table.h"

/* The source of a man page, for scdoc(1): of the program (verb NULL) or of one verb. Name,
 * synopsis, options, exit status, examples and references are the tables'. `prose` is the file of
 * docs/man/: the description in scdoc's markup, and a line `@options@` where the options go; the
 * text after it follows them. -1 where that line is not there once. */
int manual_append_page(const struct verb *verb, struct span prose, struct text *out,
                       struct error *error);

/* The completion of a shell: a script for bash's `complete`, a function for zsh's compsys. */
void manual_append_bash(struct text *out);
void manual_append_zsh(struct text *out);

/* What a shell offers after an option, or in the place of a verb's argument: words that the table
 * has, words of the workspace (`rowpost complete`), files, folders, or nothing. */
enum manual_value { MANUAL_WORDS, MANUAL_WORKSPACE, MANUAL_FILES, MANUAL_FOLDERS, MANUAL_TEXT };

enum { MANUAL_SUFFIXES = 6 };

struct manual_completion {
    const char *name; /* of the option; of the verb, where its argument is meant; or of the value */
    enum manual_value value;
    const char *what; /* MANUAL_WORKSPACE: what `rowpost complete` is asked for */
    const char *suffixes[MANUAL_SUFFIXES]; /* MANUAL_FILES: of the files that are meant, none: any
                                              file; of an argument with MANUAL_WORDS, the words.
                                              Ended by NULL */
};

const struct manual_completion *manual_completion_of(const struct option *option);

/* Of the argument of a verb that has one. */
const struct manual_completion *manual_completion_of_argument(const struct verb *verb);

#endif
