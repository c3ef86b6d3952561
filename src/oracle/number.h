/* NUMBER, as the server sends it, as decimal text.
 *
 * Private to src/oracle. On the path of every row. */
#ifndef ROWPOST_ORACLE_NUMBER_H
#define ROWPOST_ORACLE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "oracle/bytes.h"

/* Appends the number with all its digits and without an exponent: "0", "-12.5", "0.01", "100"; the
 * infinities are "~" and "-~". False, and nothing is appended: the bytes are no NUMBER. Where
 * memory runs out, `out` knows.
 *
 * The encoding (Oracle Call Interface Programmer's Guide, "NUMBER"): an exponent to the base 100,
 * then up to 20 digits to the base 100, each by 1 more than its value; of a negative number the
 * exponent is complemented and each digit is 101 less its value, with 102 behind the last. */
bool number_append(const unsigned char *bytes, size_t length, struct bytes *out);

#endif
