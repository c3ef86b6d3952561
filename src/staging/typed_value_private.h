/* What a value is as a value of its column's type, and what is stored of it.
 *
 * The same functions serve the views over staged tables, the copy of a table and the check of a
 * row, so a value has one form however it came. */
#ifndef ROWPOST_STAGING_TYPED_VALUE_PRIVATE_H
#define ROWPOST_STAGING_TYPED_VALUE_PRIVATE_H

#include <stdbool.h>

#include "base/text.h"
#include "source/source.h"
#include "staging/staging.h"
#include "staging/table.h"

/* The value in the form of the type (table.h). A value that cannot be of the type comes back as it
 * is. The result borrows from `value` or from `scratch`, which is cleared first. */
struct value typed_value(enum column_type type, enum staging_padding padding, struct value value,
                         struct text *scratch);

/* True where a value that typed_value() gave is of the type: a text is UTF-8 without NUL. */
bool typed_value_is_valid(enum column_type type, struct value typed);

/* "0 or 1": what a person should put there instead. */
const char *typed_value_expected(enum column_type type);

/* Appends `ADMIN is 2; expected 0 or 1`: the message for a value that is not of its column's type.
 */
void staged_value_append_reason(const struct table_column *column, struct value value,
                                struct text *reason);

/* Appends the value as a person can read it: of text and bytes at most so many characters, and
 * nothing of it invisible. */
void staged_value_append_readable(struct value value, size_t most, struct text *out);

/* What a staged file holds of the value: null and blank text as they are, padding kept, a moment as
 * whole seconds since 1970 where these are exact and are read as a moment again. What is not of the
 * type stays as it came, and the result is false. typed_value() of `*stored` is typed_value() of
 * the value. Borrows as above. */
bool stored_value(enum column_type type, struct value value, struct text *scratch,
                  struct value *stored);

/* NaN, which SQLite cannot hold, as text; every other value as it is. */
struct value storable_value(struct value value, struct text *scratch);

#endif
