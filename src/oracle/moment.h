/* DATE, TIMESTAMP and INTERVAL, as the server sends them, as text.
 *
 * Private to src/oracle. On the path of every row. Where memory runs out, `out` knows. */
#ifndef ROWPOST_ORACLE_MOMENT_H
#define ROWPOST_ORACLE_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "oracle/bytes.h"

/* Appends "2013-06-20 23:11:40.000000": six digits, and all nine where the last three are not zero.
 * What import tools have written although it is no day from the year 1 to 9999 is appended in
 * another form, which nobody takes for one: "-0044-03-15 00:00:00", "0000-00-00 00:00:00". False,
 * and nothing is appended: these bytes are no date at all.
 *
 * The encoding (Oracle Call Interface Programmer's Guide, "DATE"): century and year of the century,
 * each by 100 more, and before Christ as much less; month; day; hour, minute and second, each by 1
 * more. A TIMESTAMP has the nanoseconds (4 bytes, big endian) behind, where there are any; one with
 * a zone has the zone (2 bytes) behind those. What has a zone is sent in UTC, and is UTC in the
 * text: the zone, whether a distance or the number of a region, is passed over. Before 15 October
 * 1582 Oracle counts by the Julian calendar, and so does the text: it has a 1500-02-29. */
bool moment_append(const unsigned char *bytes, size_t length, struct bytes *out);

/* Append "+02-06" (years and months) and "+05 10:20:30.000000" (days and time), as TO_CHAR has
 * them; nine digits as above. False, and nothing is appended: these are none.
 *
 * The encoding: years or days (4 bytes) by 2^31 more; months, hours, minutes and seconds by 60
 * more; nanoseconds (4 bytes) by 2^31 more. Each counts down where the interval is negative. */
bool months_append(const unsigned char *bytes, size_t length, struct bytes *out);
bool seconds_append(const unsigned char *bytes, size_t length, struct bytes *out);

#endif
