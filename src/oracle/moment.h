/* DATE and TIMESTAMP, as the server sends them, as text.
 *
 * Private to src/oracle. On the path of every row. */
#ifndef ROWPOST_ORACLE_MOMENT_H
#define ROWPOST_ORACLE_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "oracle/bytes.h"

/* Appends "2013-06-20 23:11:40.000000": always six digits, further ones are cut off. False, and
 * nothing is appended: the bytes are no date, or none of the years 1 to 9999. Where memory runs
 * out, `out` knows.
 *
 * The encoding (Oracle Call Interface Programmer's Guide, "DATE"): century and year of the century,
 * each by 100 more; month; day; hour, minute and second, each by 1 more. A TIMESTAMP has the
 * nanoseconds (4 bytes, big endian) behind, where there are any; one with a zone has the zone (2
 * bytes) behind those. What has a zone is sent in UTC, and is UTC in the text: the zone, whether
 * a distance or the number of a region, is passed over. Before 15 October 1582 Oracle counts by the
 * Julian calendar, and so does the text: it has a 1500-02-29. */
bool moment_append(const unsigned char *bytes, size_t length, struct bytes *out);

#endif
