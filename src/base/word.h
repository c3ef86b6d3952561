/* Eight bytes of text at a time: what lets a search step over a word that has nothing it looks for.
 *
 * A word is eight bytes in their order in memory. A mark is not zero where the word has such a
 * byte, whichever it is; zero if it has none. */
#ifndef ROWPOST_BASE_WORD_H
#define ROWPOST_BASE_WORD_H

#include <stdint.h>
#include <string.h>

#define WORD_OF(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

static inline uint64_t word_at(const char *data) {
    uint64_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

/* Bytes below `limit`, which is at most 0x80. */
static inline uint64_t word_mark_below(uint64_t word, unsigned char limit) {
    return (word - WORD_OF(limit)) & ~word & WORD_OF(0x80);
}

static inline uint64_t word_mark_equal(uint64_t word, char byte) {
    return word_mark_below(word ^ WORD_OF((unsigned char)byte), 1);
}

/* Bytes that are not ASCII. */
static inline uint64_t word_mark_high(uint64_t word) {
    return word & WORD_OF(0x80);
}

#endif
