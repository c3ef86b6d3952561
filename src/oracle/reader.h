/* Reading what the server sends: values that may lie across packets, each within bounds.
 *
 * Private to src/oracle. A reader that has failed gives zeros and NULL from then on, so that a
 * message is read in one go and asked about at its end (reader_is_fine()); the reason is in
 * `error`. The same holds after the server has broken its message off by markers, whatever their
 * order and number: it begins a new message, and reader_resume() continues there. Pointers live
 * until the next call. */
#ifndef ROWPOST_ORACLE_READER_H
#define ROWPOST_ORACLE_READER_H

#include <stdint.h>

#include "oracle/packet.h"

enum reader_state { READER_FINE, READER_INTERRUPTED, READER_FAILED };

struct reader {
    struct packets *packets;
    const unsigned char *at, *end; /* what is left of the packet */
    enum reader_state state;
    bool is_reset;      /* markers have been answered, and no data has come since */
    unsigned idle;      /* packets in a row that brought nothing */
    struct bytes piece; /* a value that lay across packets */
    struct bytes value; /* a text that came in pieces */
    struct oracle_error error;
};

/* The most that one value may hold, which is what it takes in memory. */
#define READER_LONGEST_VALUE ((size_t)256 * 1024 * 1024)

void reader_start(struct reader *reader, struct packets *packets);
void reader_free(struct reader *reader);

static inline bool reader_is_fine(const struct reader *reader) {
    return reader->state == READER_FINE;
}

/* Fails with a sentence about what the server sent wrong. */
__attribute__((format(printf, 2, 3))) void reader_fail(struct reader *reader, const char *format,
                                                       ...);

/* Fails because memory has run out. */
void reader_fail_no_memory(struct reader *reader);

/* After an interruption: true, and reading continues with the message after it. */
bool reader_resume(struct reader *reader);

/* So many bytes as they are; NULL where there are not so many. */
const unsigned char *reader_take_slowly(struct reader *reader, size_t length);

static inline const unsigned char *reader_take(struct reader *reader, size_t length) {
    if (length <= (size_t)(reader->end - reader->at) && reader_is_fine(reader)) {
        const unsigned char *bytes = reader->at;
        reader->at += length;
        return bytes;
    }
    return reader_take_slowly(reader, length);
}

static inline unsigned reader_byte(struct reader *reader) {
    const unsigned char *byte = reader_take(reader, 1);
    return byte == NULL ? 0 : *byte;
}

unsigned reader_u16(struct reader *reader);        /* big-endian */
unsigned reader_u16_little(struct reader *reader); /* little-endian */

/* A number of universal form; at most so many bytes. */
uint64_t reader_number_of(struct reader *reader, unsigned most);

static inline uint32_t reader_number(struct reader *reader) {
    return (uint32_t)reader_number_of(reader, 4);
}

/* The same with a sign, whose bit is in the length. */
int64_t reader_signed_number(struct reader *reader);

/* A text or raw value after its length, which may come in pieces. NULL: null, or a failure; then
 * the length is 0. */
const unsigned char *reader_text(struct reader *reader, size_t *length);

/* A number, and a text where that is not 0. NULL: none. */
const unsigned char *reader_counted_text(struct reader *reader, size_t *length);

void reader_skip(struct reader *reader, size_t length);
void reader_skip_text(struct reader *reader);
void reader_skip_counted_text(struct reader *reader);

/* Skips so many pairs of a key and a value, each with a number after it. */
void reader_skip_pairs(struct reader *reader, size_t count);

/* Skips so many numbers of universal form. */
void reader_skip_numbers(struct reader *reader, size_t count);

#endif
