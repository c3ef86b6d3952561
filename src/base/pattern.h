/* A PCRE2 pattern is looked for: "not found" is never the answer where it could not be looked for.
 */
#ifndef ROWPOST_BASE_PATTERN_H
#define ROWPOST_BASE_PATTERN_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/span.h"

enum match {
    MATCH_FOUND,
    MATCH_ABSENT, /* or the text is not UTF-8, where the pattern asks for it */
    MATCH_TOO_LONG,
    MATCH_NO_MEMORY /* memory_check() reports it from now on */
};

/* As pcre2_match(), which fills `match`. Where the stack of the compiled code is too small for the
 * text, PCRE2 interprets the pattern, which needs none. `limits` may be NULL. */
enum match pattern_match(const pcre2_code *code, struct span text, size_t offset, uint32_t options,
                         pcre2_match_data *match, pcre2_match_context *limits);

#endif
