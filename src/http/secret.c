#include "http/secret.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SHORTEST_SECRET = 6, MOST_DIGITS = 8 };

/* The ways in which a server may write a character that it repeats. */
static const struct notation {
    const char *start;
    const char *end;
    int base;
    size_t digits; /* how many there are, or 0 for any number */
} notations[] = {
    {"\\u", "", 16, 4},  /* JSON (RFC 8259, 7) */
    {"%", "", 16, 2},    /* a URL (RFC 3986, 2.1) */
    {"&#x", ";", 16, 0}, /* HTML */
    {"&#", ";", 10, 0},
};

/* How many bytes of the text are the character in that notation, or 0. */
static size_t match_notation(const struct notation *notation, struct span text, char character) {
    char digits[MOST_DIGITS + 1] = "";
    size_t start = strlen(notation->start);
    if (text.length <= start || memcmp(text.data, notation->start, start) != 0) {
        return 0;
    }
    size_t count = 0;
    while (count < MOST_DIGITS && start + count < text.length &&
           (notation->digits == 0 || count < notation->digits) &&
           isxdigit((unsigned char)text.data[start + count])) {
        digits[count] = text.data[start + count];
        count++;
    }
    size_t end = strlen(notation->end);
    bool is_whole = count > 0 && (notation->digits == 0 || count == notation->digits) &&
                    text.length - start - count >= end &&
                    memcmp(text.data + start + count, notation->end, end) == 0;
    return is_whole && strtoul(digits, NULL, notation->base) == (unsigned char)character
               ? start + count + end
               : 0;
}

/* How many bytes of the text are the character, in whatever notation, or 0. */
static size_t match_character(struct span text, char character) {
    if (text.length > 0 && text.data[0] == character) {
        return 1;
    }
    if (text.length > 1 && text.data[0] == '\\' && text.data[1] == character) {
        return 2; /* `\/` in JSON */
    }
    for (size_t i = 0; i < sizeof notations / sizeof *notations; i++) {
        size_t matched = match_notation(&notations[i], text, character);
        if (matched > 0) {
            return matched;
        }
    }
    return 0;
}

/* How many bytes at the start of the text are the word, or 0. */
static size_t match_word(struct span text, struct span word) {
    size_t at = 0;
    for (size_t i = 0; i < word.length; i++) {
        struct span rest = {text.data + at, text.length - at};
        size_t matched = match_character(rest, word.data[i]);
        if (matched == 0) {
            return 0;
        }
        at += matched;
    }
    return at;
}

void secret_mask_word(struct text *text, struct span word) {
    for (size_t at = 0; word.length >= SHORTEST_SECRET && at < text->length;) {
        size_t matched = match_word((struct span){text->data + at, text->length - at}, word);
        memset(text->data + at, '*', matched);
        at += matched > 0 ? matched : 1;
    }
}
