/* The types of data that the two sides can exchange, and how. Private to src/oracle. */
#ifndef ROWPOST_ORACLE_DATA_TYPES_H
#define ROWPOST_ORACLE_DATA_TYPES_H

#include "oracle/bytes.h"

/* Oracle's numbers of the types that a column may have. */
enum data_type {
    TYPE_VARCHAR = 1,
    TYPE_NUMBER = 2,
    TYPE_INTEGER = 3,
    TYPE_LONG = 8,
    TYPE_ROWID = 11,
    TYPE_DATE = 12,
    TYPE_RAW = 23,
    TYPE_LONG_RAW = 24,
    TYPE_CHAR = 96,
    TYPE_BINARY_FLOAT = 100,
    TYPE_BINARY_DOUBLE = 101,
    TYPE_CURSOR = 102,
    TYPE_OBJECT = 109,
    TYPE_REFERENCE = 111,
    TYPE_CLOB = 112,
    TYPE_BLOB = 113,
    TYPE_FILE = 114,
    TYPE_JSON = 119,
    TYPE_VECTOR = 127,
    TYPE_TIMESTAMP = 180,
    TYPE_TIMESTAMP_ZONE = 181,
    TYPE_INTERVAL_MONTHS = 182,
    TYPE_INTERVAL_SECONDS = 183,
    TYPE_UNIVERSAL_ROWID = 208,
    TYPE_TIMESTAMP_LOCAL = 231,
    TYPE_BOOLEAN = 252
};

/* Appends the list as the second message of the negotiation has it: for each type its number, the
 * number that it is sent as, and the form of its bytes. */
void data_types_put(struct bytes *message);

#endif
