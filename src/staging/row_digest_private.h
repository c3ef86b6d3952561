/* A checksum of a table's rows that does not depend on their order: the sum, modulo 2^256, of the
 * SHA-256 of each row. Two sources that hold the same rows give the same sum, in whatever order
 * they hand them out.
 *
 * A row is hashed as its values behind each other: `n` for null, `i` and the digits of a whole
 * number and `;`, `r` and the sixteen hexadecimal digits of an IEEE 754 double, `t` or `b`, the
 * number of bytes, `:` and the bytes of a text or a blob. `struct row_digest` starts from
 * row_digest_create() and ends with row_digest_free(). */
#ifndef ROWPOST_STAGING_ROW_DIGEST_PRIVATE_H
#define ROWPOST_STAGING_ROW_DIGEST_PRIVATE_H

#include "base/error.h"
#include "source/source.h"
#include "staging/snapshot.h"

struct row_digest;

/* NULL: no memory, or no SHA-256. */
struct row_digest *row_digest_create(struct error *error);
void row_digest_free(struct row_digest *digest);

/* Adds one value to the row at hand. */
void row_digest_add(struct row_digest *digest, struct value value);

/* Ends the row at hand and adds it to the sum. 0, or -1 with the error. */
int row_digest_end_row(struct row_digest *digest, struct error *error);

/* The sum so far, in hexadecimal. */
void row_digest_format(const struct row_digest *digest, char text[SNAPSHOT_CHECKSUM_SIZE]);

#endif
