#include "valdb/patterns.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/pattern.h"

#define ADDRESS "[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\\.[a-zA-Z0-9-.]+"
/* [^\\s<>"]+ without control characters, where runs of ASCII are taken without a look at the tables
 * of Unicode. */
#define NO_BLANK "(?:[!#-;=?-~]++|[^\\s<>\"\\x00-\\x1f])++"
#define RELEASE "[0-9]{1,3}_[0-9]{1,3}_[0-9]{1,3}"
#define RELEASE_REST "[^\\s\\x00-\\x1f]{0,40}"

/* UTF with UCP makes \s mean white space of every script. What is not UTF-8 does not match. */
static const struct {
    const char *expression;
    uint32_t options;
    uint32_t group; /* that is looked for; 0: all of it */
} sources[PATTERN_COUNT] = {
    [PATTERN_ADDRESS] = {ADDRESS, 0, 0},
    [PATTERN_LEADING_ADDRESS] = {ADDRESS, PCRE2_ANCHORED, 0},
    [PATTERN_WHOLE_ADDRESS] = {ADDRESS, PCRE2_ANCHORED | PCRE2_ENDANCHORED, 0},
    [PATTERN_CAMPAIGN_NAME] = {RELEASE, PCRE2_ANCHORED, 0},
    [PATTERN_TARGET] = {"Target:\\s*(" RELEASE RELEASE_REST ")", PCRE2_UTF | PCRE2_UCP, 1},
    [PATTERN_REFERENCE] = {"Reference:\\s*(" RELEASE RELEASE_REST ")", PCRE2_UTF | PCRE2_UCP, 1},
    [PATTERN_LINK] = {"(?:(\\[[0-9]{1,9}+(?:\\.[0-9]{1,9}+){0,9}+\\])\\s*)?(https?://" NO_BLANK ")",
                      PCRE2_UTF | PCRE2_UCP, 2},
};

struct patterns {
    pcre2_code *codes[PATTERN_COUNT];
    pcre2_match_data *match;
};

struct patterns *patterns_create(struct error *error) {
    struct patterns *patterns = calloc(1, sizeof *patterns);
    if (patterns == NULL || (patterns->match = pcre2_match_data_create(4, NULL)) == NULL) {
        free(patterns);
        error_set_no_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < PATTERN_COUNT; i++) {
        int code;
        PCRE2_SIZE offset;
        patterns->codes[i] = pcre2_compile((PCRE2_SPTR)sources[i].expression, PCRE2_ZERO_TERMINATED,
                                           sources[i].options, &code, &offset, NULL);
        if (patterns->codes[i] == NULL) {
            patterns_free(patterns);
            error_set(error, ERROR_INTERNAL, "pattern %zu: PCRE2 error %d at %zu", i, code,
                      (size_t)offset);
            return NULL;
        }
        /* Without JIT the interpreter does the same, only slower. */
        pcre2_jit_compile(patterns->codes[i], PCRE2_JIT_COMPLETE);
    }
    return patterns;
}

void patterns_free(struct patterns *patterns) {
    if (patterns == NULL) {
        return;
    }
    for (size_t i = 0; i < PATTERN_COUNT; i++) {
        pcre2_code_free(patterns->codes[i]);
    }
    pcre2_match_data_free(patterns->match);
    free(patterns);
}

/* The subject has been found to be UTF-8 where the pattern asks for it. */
static bool match_checked(struct patterns *patterns, enum pattern pattern, struct span subject,
                          size_t offset) {
    return pattern_match(patterns->codes[pattern], subject, offset, PCRE2_NO_UTF_CHECK,
                         patterns->match, NULL) == MATCH_FOUND;
}

/* A group of the last match; null where it took no part. */
static struct span group(struct patterns *patterns, struct span subject, uint32_t number) {
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(patterns->match);
    if (number >= pcre2_get_ovector_count(patterns->match)) {
        return (struct span){0};
    }
    const PCRE2_SIZE *pair = ends + (size_t)2 * number;
    if (pair[0] == PCRE2_UNSET) {
        return (struct span){0};
    }
    return (struct span){subject.data + pair[0], pair[1] - pair[0]};
}

bool patterns_find(struct patterns *patterns, enum pattern pattern, struct span subject,
                   struct span *found) {
    bool is_utf = (sources[pattern].options & PCRE2_UTF) != 0;
    if (span_is_empty(subject) || (is_utf && !json_is_utf8(subject)) ||
        !match_checked(patterns, pattern, subject, 0)) {
        return false;
    }
    if (found != NULL) {
        *found = group(patterns, subject, sources[pattern].group);
    }
    return true;
}

bool patterns_next_link(struct patterns *patterns, struct span links, size_t *offset,
                        struct span *number, struct span *address) {
    if (*offset >= links.length) {
        return false;
    }
    /* Most fields have no address, or no further one: a look costs less than a match. */
    struct span rest = {links.data + *offset, links.length - *offset};
    if (span_find(rest, "://") == NULL || (*offset == 0 && !json_is_utf8(links)) ||
        !match_checked(patterns, PATTERN_LINK, links, *offset)) {
        return false;
    }
    *number = group(patterns, links, 1);
    *address = group(patterns, links, sources[PATTERN_LINK].group);
    *offset = (size_t)(address->data - links.data) + address->length;
    return true;
}
