#include "base/pattern.h"

#include "base/memory.h"

enum match pattern_match(const pcre2_code *code, struct span text, size_t offset, uint32_t options,
                         pcre2_match_data *match, pcre2_match_context *limits) {
    PCRE2_SPTR subject = (PCRE2_SPTR)text.data;
    int rc = pcre2_match(code, subject, text.length, offset, options, match, limits);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) {
        rc = pcre2_match(code, subject, text.length, offset, options | PCRE2_NO_JIT, match, limits);
    }
    switch (rc) {
    case PCRE2_ERROR_NOMEMORY:
        memory_note_failure();
        return MATCH_NO_MEMORY;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        return MATCH_TOO_LONG;
    default:
        return rc >= 0 ? MATCH_FOUND : MATCH_ABSENT;
    }
}
