#include "base/fold.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/utf8.h"

enum {
    AS_SPELLING = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_IGNORE,
    AS_KEY = AS_SPELLING | UTF8PROC_CASEFOLD,
    AS_LIKENESS = AS_KEY | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK,
    FIRST_GREEK = 0x0370
};

/* Lower-case letters that look like a Latin one, or are one with a stroke, which no normal form
 * takes away. In the order of their codes. */
static const struct lookalike {
    uint32_t code;
    char latin;
} lookalikes[] = {
    {0x00F8, 'o'}, {0x0111, 'd'}, {0x0131, 'i'}, {0x0142, 'l'}, {0x03B1, 'a'}, {0x03B9, 'i'},
    {0x03BA, 'k'}, {0x03BD, 'v'}, {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C5, 'u'}, {0x03C7, 'x'},
    {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'}, {0x043A, 'k'}, {0x043C, 'm'}, {0x043D, 'h'},
    {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'},
    {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x04BB, 'h'}, {0x0501, 'd'}, {0x051B, 'q'},
    {0x051D, 'w'},
};

static char ascii_lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static uint32_t lower_case(uint32_t code) {
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
}

/* The Latin letter that a lower-case letter looks like, or 0. */
static char looks_like(uint32_t code) {
    for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++) {
        if (lookalikes[i].code == code) {
            return lookalikes[i].latin;
        }
    }
    return 0;
}

static void append_code(struct text *out, uint32_t code) {
    char bytes[UTF8_MAX_BYTES];
    text_append(out, (struct span){bytes, utf8_encode(code, bytes)});
}

void fold_case(struct span text, struct text *out) {
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(text.data + at, text.length - at, &code);
        if (code == UTF8_INVALID) {
            text_append(out, (struct span){text.data + at, bytes});
        } else {
            append_code(out, lower_case(code));
        }
        at += bytes;
    }
}

/* How many bytes the text has before its first blank. */
static size_t measure_word(struct span text) {
    size_t at = 0;
    while (at < text.length) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(text.data + at, text.length - at, &code);
        if (utf8_is_blank(code)) {
            break;
        }
        at += bytes;
    }
    return at;
}

void fold_blanks(struct span text, struct text *out) {
    struct span rest = span_trim(text);
    while (rest.length > 0) {
        size_t word = measure_word(rest);
        text_append(out, (struct span){rest.data, word});
        rest = span_trim((struct span){rest.data + word, rest.length - word});
        if (rest.length > 0) {
            text_append_char(out, ' ');
        }
    }
}

/* What utf8proc makes of the text, which is the caller's to free; null where the text is not UTF-8
 * or, then `out` has failed, where memory ran out. */
static struct span map(struct span text, int how, struct text *out) {
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t length =
        utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.length, &mapped,
                     (utf8proc_option_t)how);
    if (length < 0) {
        out->failed = out->failed || length != UTF8PROC_ERROR_INVALIDUTF8;
        return (struct span){0};
    }
    return (struct span){(const char *)mapped, (size_t)length};
}

static bool is_ascii(struct span text) {
    unsigned char all = 0;
    for (size_t i = 0; i < text.length; i++) {
        all |= (unsigned char)text.data[i];
    }
    return all < 0x80;
}

/* ASCII is its own normal form, and most logins and names are ASCII. */
static void fold(struct span text, int how, struct text *out) {
    if (is_ascii(text)) {
        fold_blanks(text, out);
        return;
    }
    struct span mapped = map(text, how, out);
    fold_blanks(span_is_null(mapped) ? text : mapped, out);
    free((void *)mapped.data);
}

void fold_spelling(struct span text, struct text *out) {
    fold(text, AS_SPELLING, out);
}

void fold_key(struct span text, struct text *out) {
    size_t start = out->length;
    fold(text, AS_KEY, out);
    for (size_t i = start; i < out->length; i++) {
        out->data[i] = ascii_lower(out->data[i]);
    }
}

static bool is_letter_or_digit(uint32_t code) {
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static void append_ascii_likeness(struct span text, struct text *out) {
    for (size_t i = 0; i < text.length; i++) {
        char lower = ascii_lower(text.data[i]);
        if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
            text_append_char(out, lower);
        }
    }
}

void fold_likeness(struct span text, struct text *out) {
    if (is_ascii(text)) {
        append_ascii_likeness(text, out);
        return;
    }
    struct span mapped = map(text, AS_LIKENESS, out);
    for (size_t at = 0; at < mapped.length;) {
        uint32_t code = 0;
        at += utf8_decode(mapped.data + at, mapped.length - at, &code);
        char latin = looks_like(code);
        if (is_letter_or_digit(code)) {
            append_code(out, latin == 0 ? code : (unsigned char)latin);
        }
    }
    free((void *)mapped.data);
}

static bool is_unseen(uint32_t code) {
    if (code < 0x80) {
        return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') || code == 0x7F;
    }
    if (utf8proc_get_property((utf8proc_int32_t)code)->ignorable) {
        return true;
    }
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return false;
    }
}

bool fold_has_unseen(struct span text) {
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        at += utf8_decode(text.data + at, text.length - at, &code);
        if (code != UTF8_INVALID && is_unseen(code)) {
            return true;
        }
    }
    return false;
}

/* A Greek or Cyrillic letter that looks like a Latin one. */
static bool is_disguised(uint32_t code) {
    return code >= FIRST_GREEK && looks_like(lower_case(code)) != 0;
}

static bool has_latin_letter(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            return true;
        }
    }
    return false;
}

void fold_append_visible(struct span text, struct text *out) {
    bool is_latin = has_latin_letter(text);
    text_append_char(out, '"');
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(text.data + at, text.length - at, &code);
        if (code == UTF8_INVALID) {
            for (size_t i = 0; i < bytes; i++) {
                text_append_format(out, "<0x%02X>", (unsigned char)text.data[at + i]);
            }
        } else if (code < 0x20 || is_unseen(code) || (is_latin && is_disguised(code))) {
            text_append_format(out, "<U+%04X>", (unsigned)code);
        } else {
            text_append(out, (struct span){text.data + at, bytes});
        }
        at += bytes;
    }
    text_append_char(out, '"');
}
