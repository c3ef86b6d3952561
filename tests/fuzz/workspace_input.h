/* What an input of the workspace target stands for: a file, told as a change to a small workspace
 * in order, so that inputs are short and say what is wrong with it.
 *
 * s and SQL: the statements are carried out on the workspace;
 * p and patches: each a place in two bytes, big-endian, a length in one, and the bytes;
 * t, two bytes, and patches: it is cut to that length first;
 * everything else is the file itself. */
#ifndef ROWPOST_TESTS_WORKSPACE_INPUT_H
#define ROWPOST_TESTS_WORKSPACE_INPUT_H

#include "base/span.h"
#include "base/text.h"

/* Appends the file's bytes. */
void workspace_input_expand(struct span input, struct text *content);

#endif
