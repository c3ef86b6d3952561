/* ROWID and UROWID, as Oracle prints them. Private to src/oracle. */
#ifndef ROWPOST_ORACLE_ROWID_H
#define ROWPOST_ORACLE_ROWID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oracle/bytes.h"

/* Where a row of a table lies. */
struct rowid {
    uint32_t object;
    uint16_t file;
    uint32_t block;
    uint16_t slot;
};

enum { ROWID_LENGTH = 18 };

/* Appends 18 characters: object, file, block and slot in 6, 3, 6 and 3 digits to the base 64
 * (Oracle SQL Language Reference, "Rowid Values"). Where memory runs out, `out` knows. */
void rowid_append(const struct rowid *rowid, struct bytes *out);

/* Appends a UROWID. The first byte tells its kind; 1: a rowid as above (4 + 2 + 4 + 2 bytes, big
 * endian); any other: the key of a row without a place of its own, "*" and the bytes in base 64
 * without padding. False, and nothing is appended: there is no byte, or a rowid of another size. */
bool universal_rowid_append(const unsigned char *bytes, size_t length, struct bytes *out);

#endif
