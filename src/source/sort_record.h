/* A row as the sorter keeps it, in memory and in its file alike: a head, the key by which it is put
 * in order, and the values.
 *
 * Private to src/source. Bytes are this machine's own; a record needs no alignment. */
#ifndef ROWPOST_SOURCE_SORT_RECORD_H
#define ROWPOST_SOURCE_SORT_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "source/source.h"

/* The lengths of the whole record and of its key. */
struct sort_record_head {
    uint32_t length;
    uint32_t key_length;
};

struct sort_record_shape {
    size_t column_count;
    const size_t *keys; /* columns, the first one counts first */
    size_t key_count;
};

/* The most bytes that the row's record takes. */
size_t sort_record_room(const struct sort_record_shape *shape, const struct value *row);

/* Writes the record; returns its length, or 0 where that is beyond what a head can say (4 GB). */
size_t sort_record_write(const struct sort_record_shape *shape, const struct value *row,
                         char *room);

struct sort_record_head sort_record_head(const char *record);

/* The first bytes of the key as a number: where two of them differ, the records are in their
 * order. */
uint64_t sort_record_prefix(const char *record);

/* As memcmp(): the order of the keys. */
int sort_record_compare(const char *a, const char *b);

/* Reads the values back. Texts point into the record and are terminated. */
void sort_record_read(const struct sort_record_shape *shape, const char *record, struct value *row);

#endif
