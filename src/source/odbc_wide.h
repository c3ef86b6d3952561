/* Text of ODBC's wide functions: UTF-16 units in the machine's order, as unixODBC has them, to
 * UTF-8 and back. Private to the ODBC driver. */
#ifndef ROWPOST_SOURCE_ODBC_WIDE_H
#define ROWPOST_SOURCE_ODBC_WIDE_H

#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>

#include "base/text.h"

/* The text in UTF-16, terminated; the caller frees it. What is not UTF-8 becomes U+FFFD. `*length`
 * is in units, may be NULL. NULL: no memory. */
SQLWCHAR *wide_of(struct span text, SQLSMALLINT *length);

/* As wide_of(), for a text without limit. */
SQLWCHAR *wide_of_long(struct span text, SQLINTEGER *length);

/* Appends `bytes` of UTF-16, wherever they stand in memory. A surrogate without its other half
 * becomes U+FFFD; half a unit at the end is left out. */
void wide_append(struct text *out, const void *units, size_t bytes);

#endif
