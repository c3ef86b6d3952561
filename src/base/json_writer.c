#include "base/json_writer.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#else
#include "base/word.h"
#endif

enum { MAX_DEPTH = 64 };

/* What the string writer does with a byte. Letters name the short escapes. */
enum { PLAIN = 0, CONTROL = 1, NOT_ASCII = 2 };

#define REPEAT_16(x) x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x
#define REPEAT_128(x)                                                                              \
    REPEAT_16(x), REPEAT_16(x), REPEAT_16(x), REPEAT_16(x), REPEAT_16(x), REPEAT_16(x),            \
        REPEAT_16(x), REPEAT_16(x)

/* clang-format off */
static const unsigned char classes[256] = {
    CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
    'b', 't', 'n', CONTROL, 'f', 'r', CONTROL, CONTROL,
    REPEAT_16(CONTROL),
    PLAIN, PLAIN, '"', PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, /* 0x20 to 0x27 */
    PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN,
    REPEAT_16(PLAIN),
    REPEAT_16(PLAIN),
    PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, PLAIN, /* 0x50 to 0x57 */
    PLAIN, PLAIN, PLAIN, PLAIN, '\\', PLAIN, PLAIN, PLAIN,
    REPEAT_16(PLAIN),
    REPEAT_16(PLAIN),
    REPEAT_128(NOT_ASCII),
};
/* clang-format on */

/* Long runs of harmless text are stepped over sixteen bytes at a time where the processor can
 * (SSE2, which every x86-64 has), and eight elsewhere. */
#ifdef __SSE2__

enum { BLOCK_SIZE = 16 };

typedef unsigned block_mark;

static inline __m128i block_at(const char *data) {
    return _mm_loadu_si128((const __m128i *)(const void *)data);
}

/* A bit for each byte that JSON does not take as it is; the lowest is for the first byte. Bytes
 * that are not ASCII are negative. */
static inline block_mark block_mark_special(const char *data) {
    __m128i block = block_at(data);
    __m128i low = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
    __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    return (block_mark)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, backslash)));
}

/* How many bytes are before the first mark. */
static inline size_t block_before(block_mark mark) {
    return (size_t)__builtin_ctz(mark);
}

static inline block_mark block_mark_not_ascii(const char *data) {
    return (block_mark)_mm_movemask_epi8(block_at(data));
}

#else

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

/* Which byte a mark belongs to depends on the machine. */
static inline size_t block_before(block_mark mark) {
    (void)mark;
    return 0;
}

#endif

/* How many bytes at the start have no mark; stops at most one block before the first that has, so
 * the caller looks at the rest byte by byte. */
static inline size_t count_unmarked(const char *data, size_t length,
                                    block_mark (*mark_at)(const char *block)) {
    size_t i = 0;
    for (; length - i >= BLOCK_SIZE; i += BLOCK_SIZE) {
        block_mark mark = mark_at(data + i);
        if (mark != 0) {
            return i + block_before(mark);
        }
    }
    return i;
}

/* Bytes of input between two checks for room, and the most that one byte of it becomes. */
enum { CHUNK = 1024, LONGEST_ESCAPE = 6 };

/* Writes the escape of the special byte (or character) at the start; returns how much of the input
 * it was. */
static size_t write_special(const char *data, size_t length, char **room) {
    static const char hex[] = "0123456789abcdef";
    unsigned char byte = (unsigned char)data[0];
    if (classes[byte] == NOT_ASCII) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(data, length, &code);
        memcpy(*room, "\xEF\xBF\xBD", 3); /* U+FFFD */
        *room += 3;
        return bytes;
    }
    *(*room)++ = '\\';
    if (classes[byte] != CONTROL) {
        *(*room)++ = (char)classes[byte];
        return 1;
    }
    memcpy(*room, "u00", 3);
    (*room)[3] = hex[byte >> 4];
    (*room)[4] = hex[byte & 15];
    *room += 5;
    return 1;
}

/* How many bytes at the start are PLAIN. */
static size_t count_plain(const char *data, size_t length) {
    size_t i = count_unmarked(data, length, block_mark_special);
    while (i < length && classes[(unsigned char)data[i]] == PLAIN) {
        i++;
    }
    return i;
}

/* Bytes at the start of the span that need no escape in JSON; looks no further than a character
 * after `enough`. */
static size_t plain_run(const char *data, size_t length, size_t enough) {
    size_t at = count_plain(data, enough);
    while (at < enough) {
        uint32_t code = UTF8_INVALID;
        size_t bytes = 0;
        if (classes[(unsigned char)data[at]] == NOT_ASCII) {
            bytes = utf8_decode(data + at, length - at, &code);
        }
        if (code == UTF8_INVALID) {
            break;
        }
        at += bytes;
        if (at < enough) {
            at += count_plain(data + at, enough - at);
        }
    }
    return at;
}

/* Escapes about a chunk from the start of the span; returns how much of it, or 0 where memory ran
 * out. */
static size_t append_chunk(struct text *out, struct span value) {
    size_t chunk = value.length < CHUNK ? value.length : CHUNK;
    char *start = text_reserve(out, (chunk + UTF8_MAX_BYTES) * LONGEST_ESCAPE);
    if (start == NULL) {
        return 0;
    }
    char *room = start;
    size_t at = 0;
    while (at < chunk) {
        size_t run = plain_run(value.data + at, value.length - at, chunk - at);
        memcpy(room, value.data + at, run);
        room += run;
        at += run;
        if (at < chunk) {
            at += write_special(value.data + at, value.length - at, &room);
        }
    }
    out->length += (size_t)(room - start);
    text_terminate(out);
    return at;
}

void json_append_quoted(struct text *out, struct span value) {
    text_append_char(out, '"');
    while (value.length > 0) {
        size_t written = append_chunk(out, value);
        if (written == 0) {
            return;
        }
        value.data += written;
        value.length -= written;
    }
    text_append_char(out, '"');
}

/* How many bytes at the start are ASCII. */
static size_t count_ascii(const char *data, size_t length) {
    size_t i = count_unmarked(data, length, block_mark_not_ascii);
    while (i < length && (unsigned char)data[i] < 0x80) {
        i++;
    }
    return i;
}

bool json_is_utf8(struct span span) {
    size_t i = 0;
    if (span.length == 0) {
        return true; /* null has no bytes to point at */
    }
    while ((i += count_ascii(span.data + i, span.length - i)) < span.length) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(span.data + i, span.length - i, &code);
        if (code == UTF8_INVALID) {
            return false;
        }
        i += bytes;
    }
    return true;
}

struct json_writer json_writer_to(struct text *out) {
    return (struct json_writer){.out = out};
}

/* The comma before every item but the first; none between a key and its value. */
static void separate(struct json_writer *writer) {
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->depth == 0) {
        return;
    }
    uint64_t bit = UINT64_C(1) << (writer->depth - 1);
    if ((writer->has_items & bit) != 0) {
        text_append_char(writer->out, ',');
    }
    writer->has_items |= bit;
}

static void begin(struct json_writer *writer, char bracket) {
    assert(writer->depth < MAX_DEPTH);
    separate(writer);
    text_append_char(writer->out, bracket);
    writer->has_items &= ~(UINT64_C(1) << writer->depth);
    writer->depth++;
}

static void end(struct json_writer *writer, char bracket) {
    assert(writer->depth > 0 && !writer->after_key);
    writer->depth--;
    text_append_char(writer->out, bracket);
}

void json_begin_object(struct json_writer *writer) {
    begin(writer, '{');
}

void json_end_object(struct json_writer *writer) {
    end(writer, '}');
}

void json_begin_array(struct json_writer *writer) {
    begin(writer, '[');
}

void json_end_array(struct json_writer *writer) {
    end(writer, ']');
}

void json_write_key(struct json_writer *writer, const char *key) {
    assert(!writer->after_key);
    separate(writer);
    json_append_quoted(writer->out, span_of(key));
    text_append_char(writer->out, ':');
    writer->after_key = true;
}

void json_write_string(struct json_writer *writer, struct span value) {
    if (span_is_null(value)) {
        json_write_null(writer);
        return;
    }
    separate(writer);
    json_append_quoted(writer->out, value);
}

void json_write_integer(struct json_writer *writer, int64_t value) {
    separate(writer);
    text_append_integer(writer->out, value);
}

void json_write_real(struct json_writer *writer, double value) {
    if (!isfinite(value)) {
        json_write_null(writer);
        return;
    }
    separate(writer);
    text_append_real(writer->out, value);
}

void json_write_boolean(struct json_writer *writer, bool value) {
    separate(writer);
    text_append_string(writer->out, value ? "true" : "false");
}

void json_write_null(struct json_writer *writer) {
    separate(writer);
    text_append_string(writer->out, "null");
}

void json_write_raw(struct json_writer *writer, struct span json) {
    separate(writer);
    text_append(writer->out, json);
}

void json_member_string(struct json_writer *writer, const char *key, struct span value) {
    json_write_key(writer, key);
    json_write_string(writer, value);
}

void json_member_integer(struct json_writer *writer, const char *key, int64_t value) {
    json_write_key(writer, key);
    json_write_integer(writer, value);
}

void json_member_boolean(struct json_writer *writer, const char *key, bool value) {
    json_write_key(writer, key);
    json_write_boolean(writer, value);
}
