/* A command of this program, ready to be pasted into a shell: with the path by which the program
 * was started, for the workspace as it was named, each word quoted where it has to be. A command
 * that is printed as the next step or as advice is appended by these functions. */
#ifndef ROWPOST_REPORT_COMMAND_H
#define ROWPOST_REPORT_COMMAND_H

#include <stdbool.h>

#include "base/span.h"
#include "base/text.h"
#include "workspace/summary.h"

/* Appends `PROGRAM VERB -w WORKSPACE`; without -w where `workspace` is NULL. */
void command_append(const char *program, const char *verb, const char *workspace, struct text *out);

/* Appends `PROGRAM help VERB`, which shows what the verb needs; without a verb `PROGRAM help`. */
void command_append_help(const char *program, const char *verb, struct text *out);

/* Appends ` --to URL`: the target that is known, or the example where none is. False: the example,
 * which a person has to replace. */
bool command_append_target(struct span known, const char *example, struct text *out);

/* Appends ` PARTS-*-of-8.rowpost`, by the file of the first part that is still handed out; nothing
 * where none is. */
void command_append_parts(const struct summary *summary, struct text *out);

/* Appends ` KEY`, with `--` before it where it would be taken for an option. */
void command_append_key(struct span key, struct text *out);

#endif
