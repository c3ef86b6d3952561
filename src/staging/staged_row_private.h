/* The message for a value that is not of its column's type. */
#ifndef ROWPOST_STAGING_STAGED_ROW_PRIVATE_H
#define ROWPOST_STAGING_STAGED_ROW_PRIVATE_H

#include "base/text.h"
#include "source/source.h"
#include "staging/table.h"

/* Appends `ADMIN is 2; expected 0 or 1`. */
void staged_value_append_reason(const struct table_column *column, struct value value,
                                struct text *reason);

/* Appends the value as a person can read it: of text and bytes at most so many characters, and
 * nothing of it invisible. */
void staged_value_append_readable(struct value value, size_t most, struct text *out);

#endif
