/* A value of SQLite's as a struct value: for the driver, and for staging, which reads its views by
 * the same connection. */
#ifndef ROWPOST_SOURCE_SQLITE_VALUE_H
#define ROWPOST_SOURCE_SQLITE_VALUE_H

#include <sqlite3.h>

#include "source/source.h"

/* SQLite gives NULL for bytes of no length, which is not SQL's null. */
static inline struct span sqlite_value_bytes(sqlite3_value *value, const void *bytes) {
    return bytes == NULL ? span_of("") : (struct span){bytes, (size_t)sqlite3_value_bytes(value)};
}

/* The value as it is; its bytes live as long as SQLite's. */
static inline struct value sqlite_value_read(sqlite3_value *found) {
    struct value value = {.kind = VALUE_NULL};
    switch (sqlite3_value_type(found)) {
    case SQLITE_INTEGER:
        value.kind = VALUE_INTEGER;
        value.integer = sqlite3_value_int64(found);
        break;
    case SQLITE_FLOAT:
        value.kind = VALUE_REAL;
        value.real = sqlite3_value_double(found);
        break;
    case SQLITE_TEXT:
        value.kind = VALUE_TEXT;
        value.text = sqlite_value_bytes(found, sqlite3_value_text(found));
        break;
    case SQLITE_BLOB:
        value.kind = VALUE_BLOB;
        value.text = sqlite_value_bytes(found, sqlite3_value_blob(found));
        break;
    default:
        break;
    }
    return value;
}

#endif
