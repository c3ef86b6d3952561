/* National text (NCHAR, NVARCHAR2, NCLOB), which is UTF-16 on the wire, as UTF-8. Private to
 * src/oracle. */
#ifndef ROWPOST_ORACLE_NATIONAL_H
#define ROWPOST_ORACLE_NATIONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "oracle/bytes.h"

/* Appends the big-endian UTF-16 as UTF-8; half a surrogate pair becomes U+FFFD. False, and nothing
 * is appended: the number of bytes is odd. Where memory runs out, `out` knows. */
bool national_append(const unsigned char *bytes, size_t length, struct bytes *out);

#endif
