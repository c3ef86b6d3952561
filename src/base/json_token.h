/* The tokens of JSON, one at a time: strings, numbers and words where they stand.
 * Private to the JSON scanner; base/json_scan.h is for everyone else and says what is taken.
 *
 * Each begins at the first byte of its token, which is there (`at < end`), and returns what stands
 * behind the token, or NULL. */
#ifndef ROWPOST_BASE_JSON_TOKEN_H
#define ROWPOST_BASE_JSON_TOKEN_H

#include <stdint.h>

#include "base/block.h"
#include "base/span.h"

/* Both as below, from any byte inside the string. */
const char *json_token_rest_of_string(const char *at, const char *end);
const char *json_token_rest_of_name(const char *at, const char *end);

/* From quotation mark to quotation mark. Nearly every string is plain: that much stands here, so
 * that it takes no call. */
static inline const char *json_token_string(const char *at, const char *end) {
    at++;
    at += block_count_plain(at, (size_t)(end - at));
    return at < end && *at == '"' ? at + 1 : json_token_rest_of_string(at, end);
}

/* As a string, but without a backslash. */
static inline const char *json_token_name(const char *at, const char *end) {
    at++;
    at += block_count_plain(at, (size_t)(end - at));
    return at < end && *at == '"' ? at + 1 : json_token_rest_of_name(at, end);
}

/* One character inside a string, written as it is or escaped, and which one it is. */
const char *json_token_character(const char *at, const char *end, uint32_t *code);

const char *json_token_number(const char *at, const char *end);

/* "true", "false" or "null": what comes next is the caller's to look at. */
const char *json_token_word(const char *at, const char *end, struct span word);

#endif
