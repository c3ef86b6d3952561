#include "base/fold.h"

#include "base/fold_table.h"
#include "base/utf8.h"

static uint32_t lower_case(uint32_t code) {
    if (code < 0x80) {
        return code >= 'A' && code <= 'Z' ? code + 32 : code;
    }
    size_t low = 0;
    size_t high = sizeof case_ranges / sizeof case_ranges[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (case_ranges[middle].last < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == sizeof case_ranges / sizeof case_ranges[0]) {
        return code;
    }
    const struct case_range *range = &case_ranges[low];
    if (code < range->first || (code - range->first) % range->step != 0) {
        return code;
    }
    return (uint32_t)((int32_t)code + range->shift);
}

void fold_case(struct span text, struct text *out) {
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(text.data + at, text.length - at, &code);
        if (code == UTF8_INVALID) {
            text_append(out, (struct span){text.data + at, bytes});
        } else {
            char lower[UTF8_MAX_BYTES];
            text_append(out, (struct span){lower, utf8_encode(lower_case(code), lower)});
        }
        at += bytes;
    }
}

void fold_blanks(struct span text, struct text *out) {
    struct span rest = span_trim(text);
    bool after_blank = false;
    for (size_t at = 0; at < rest.length;) {
        uint32_t code = 0;
        size_t bytes = utf8_decode(rest.data + at, rest.length - at, &code);
        bool blank = utf8_is_blank(code);
        if (!blank) {
            text_append(out, (struct span){rest.data + at, bytes});
        } else if (!after_blank) {
            text_append_char(out, ' ');
        }
        after_blank = blank;
        at += bytes;
    }
}
