/* Values of rows, as the server sends them, as text.
 *
 * Private to src/oracle. On the path of every row. Each function appends to `out`, which knows
 * where memory runs out. False, and nothing is appended: the bytes are no such value. */
#ifndef ROWPOST_ORACLE_VALUES_H
#define ROWPOST_ORACLE_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oracle/bytes.h"

/* ---- NUMBER (number.c) ---- */

/* Appends the number with all its digits and without an exponent: "0", "-12.5", "0.01", "100"; the
 * infinities are "~" and "-~".
 *
 * The encoding (Oracle Call Interface Programmer's Guide, "NUMBER"): an exponent to the base 100,
 * then up to 20 digits to the base 100, each by 1 more than its value; of a negative number the
 * exponent is complemented and each digit is 101 less its value, with 102 after the last. */
bool number_append(const unsigned char *bytes, size_t length, struct bytes *out);

/* ---- BINARY_FLOAT and BINARY_DOUBLE (floating.c) ---- */

/* Appends the number with the fewest digits that are read back as the same float (4 bytes) or
 * double (8 bytes), whatever the locale: "0", "1.5", "-2", "0.0001", "1000000"; with an exponent
 * below 0.0001 and from 1e16 on, "1e+20", "3.5e-30"; "Inf", "-Inf", "NaN". False: another length.
 *
 * The encoding sorts as the numbers do: IEEE 754, big endian, with the sign's bit set where there
 * is none and all bits complemented where there is one. */
bool floating_append(const unsigned char *bytes, size_t length, struct bytes *out);

/* ---- NCHAR, NVARCHAR2, NCLOB (national.c) ---- */

/* Appends the big-endian UTF-16 as UTF-8; half a surrogate pair becomes U+FFFD. False: the number
 * of bytes is not even. */
bool national_append(const unsigned char *bytes, size_t length, struct bytes *out);

/* ---- DATE, TIMESTAMP, INTERVAL (moment.c) ---- */

/* Appends "2013-06-20 23:11:40.000000": six digits, and all nine where the last three are not zero.
 * What import tools have written although it is no day from the year 1 to 9999 is appended in
 * another form, which nobody takes for one: "-0044-03-15 00:00:00", "0000-00-00 00:00:00".
 *
 * The encoding (Oracle Call Interface Programmer's Guide, "DATE"): century and year of the century,
 * each by 100 more, and before Christ as much less; month; day; hour, minute and second, each by 1
 * more. Then a TIMESTAMP has the nanoseconds (4 bytes, big endian), where there are any; one with a
 * zone has the zone (2 bytes) after those. What has a zone is sent in UTC, and is UTC in the text:
 * the zone, whether a distance or the number of a region, is ignored. Before 15 October 1582 Oracle
 * counts by the Julian calendar, and so does the text: it has a 1500-02-29. */
bool moment_append(const unsigned char *bytes, size_t length, struct bytes *out);

/* Append "+02-06" (years and months) and "+05 10:20:30.000000" (days and time), as TO_CHAR has
 * them; nine digits as above.
 *
 * The encoding: years or days (4 bytes) by 2^31 more; months, hours, minutes and seconds by 60
 * more; nanoseconds (4 bytes) by 2^31 more. Each counts down where the interval is negative. */
bool months_append(const unsigned char *bytes, size_t length, struct bytes *out);
bool seconds_append(const unsigned char *bytes, size_t length, struct bytes *out);

/* ---- ROWID and UROWID (rowid.c) ---- */

/* Where a row of a table lies. */
struct rowid {
    uint32_t object;
    uint16_t file;
    uint32_t block;
    uint16_t slot;
};

enum { ROWID_LENGTH = 18 };

/* Appends 18 characters: object, file, block and slot in 6, 3, 6 and 3 digits to the base 64
 * (Oracle SQL Language Reference, "Rowid Values"). */
void rowid_append(const struct rowid *rowid, struct bytes *out);

/* Appends a UROWID. The first byte is its kind; 1: a rowid as above (4 + 2 + 4 + 2 bytes, big
 * endian); any other: the key of a row without a place of its own, "*" and the bytes in base 64
 * without padding. False: there is no byte, or a rowid of another size. */
bool universal_rowid_append(const unsigned char *bytes, size_t length, struct bytes *out);

#endif
