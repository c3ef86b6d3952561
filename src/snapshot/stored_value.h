/* What a value becomes in a column of the snapshot.
 *
 * SQLite turns a value into what its column is declared for, silently, and not always without loss:
 * a text of thirty digits becomes a floating-point number. Here each value is brought into its
 * column's form beforehand, so that SQLite has nothing left to do, what was written can be held
 * against what is read back, and a value that would change is told instead of changed. */
#ifndef ROWPOST_SNAPSHOT_STORED_VALUE_H
#define ROWPOST_SNAPSHOT_STORED_VALUE_H

#include "base/text.h"
#include "snapshot/layout.h"
#include "source/source.h"

enum storing {
    STORED,
    STORED_WITH_FRACTION, /* a date finer than a second: it stays the text that it was */
    STORED_UNREADABLE,    /* not a date at all: it stays what it was, and a plan rejects the row */
    STORED_NOT            /* the column cannot hold it without changing it */
};

/* `*stored` borrows from the value or from `scratch`, which is cleared first. */
enum storing stored_value(enum column_type type, struct value value, struct text *scratch,
                          struct value *stored);

#endif
