/* BINARY_FLOAT and BINARY_DOUBLE, as the server sends them, as text. Private to src/oracle. */
#ifndef ROWPOST_ORACLE_FLOATING_H
#define ROWPOST_ORACLE_FLOATING_H

#include <stdbool.h>
#include <stddef.h>

#include "oracle/bytes.h"

/* Appends the number with the fewest digits that are read back as the same float (4 bytes) or
 * double (8 bytes), whatever the locale: "0", "1.5", "-2", "0.0001", "1000000"; with an exponent
 * below 0.0001 and from 1e16 on, "1e+20", "3.5e-30"; "Inf", "-Inf", "NaN". False: another length.
 *
 * The encoding sorts as the numbers do: IEEE 754, big endian, with the sign's bit set where there
 * is none and all bits complemented where there is one. */
bool floating_append(const unsigned char *bytes, size_t length, struct bytes *out);

#endif
