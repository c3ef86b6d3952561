/* JSON in C: in the tests ' means ". */
#ifndef ROWPOST_TESTS_QUOTED_H
#define ROWPOST_TESTS_QUOTED_H

#include <string.h>

#include "base/text.h"

/* The text with its quotation marks; the caller frees it by text_free(). */
static inline struct text quoted_text(struct span json) {
    struct text text = {0};
    for (size_t i = 0; i < json.length; i++) {
        text_append_char(&text, json.data[i] == '\'' ? '"' : json.data[i]);
    }
    return text;
}

#endif
