/* Long runs of harmless text, stepped over sixteen bytes at a time where the processor can (SSE2,
 * which every x86-64 has), and eight elsewhere.
 *
 * Each function counts bytes at the start that are all as it says; it may stop early, at most one
 * block before the first byte that is not, so the caller looks at the rest byte by byte. */
#ifndef ROWPOST_BASE_BLOCK_H
#define ROWPOST_BASE_BLOCK_H

#include <stddef.h>

#ifdef __SSE2__

#include <emmintrin.h>

enum { BLOCK_SIZE = 16 };

typedef unsigned block_mark;

static inline __m128i block_at(const char *data) {
    return _mm_loadu_si128((const __m128i *)(const void *)data);
}

/* A bit for each byte that JSON does not take as it stands, the first byte's the lowest. Bytes that
 * are not ASCII are negative. */
static inline block_mark block_mark_special(const char *data) {
    __m128i block = block_at(data);
    __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
    __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    return (block_mark)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, backslash)));
}

/* How many bytes stand before the first mark. */
static inline size_t block_before(block_mark mark) {
    return (size_t)__builtin_ctz(mark);
}

static inline block_mark block_mark_not_ascii(const char *data) {
    return (block_mark)_mm_movemask_epi8(block_at(data));
}

#else

#include <stdint.h>

#include "base/word.h"

enum { BLOCK_SIZE = sizeof(uint64_t) };

typedef uint64_t block_mark;

static inline block_mark block_mark_special(const char *data) {
    uint64_t word = word_at(data);
    return word_mark_below(word, 0x20) | word_mark_equal(word, '"') | word_mark_equal(word, '\\') |
           word_mark_high(word);
}

static inline block_mark block_mark_not_ascii(const char *data) {
    return word_mark_high(word_at(data));
}

/* Which byte a mark stands for depends on the machine. */
static inline size_t block_before(block_mark mark) {
    (void)mark;
    return 0;
}

#endif

/* ASCII that is neither a control character, nor a quotation mark, nor a backslash. */
static inline size_t block_count_plain(const char *data, size_t length) {
    size_t i = 0;
    for (; length - i >= BLOCK_SIZE; i += BLOCK_SIZE) {
        block_mark mark = block_mark_special(data + i);
        if (mark != 0) {
            return i + block_before(mark);
        }
    }
    return i;
}

static inline size_t block_count_ascii(const char *data, size_t length) {
    size_t i = 0;
    for (; length - i >= BLOCK_SIZE; i += BLOCK_SIZE) {
        block_mark mark = block_mark_not_ascii(data + i);
        if (mark != 0) {
            return i + block_before(mark);
        }
    }
    return i;
}

#endif
