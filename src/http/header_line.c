#include "http/header_line.h"

#include <string.h>

struct span header_line_take(struct span *lines) {
    const char *end = memchr(lines->data, '\n', lines->length);
    size_t length = end == NULL ? lines->length : (size_t)(end - lines->data);
    struct span line = {lines->data, length};
    size_t passed = end == NULL ? length : length + 1;
    *lines = (struct span){lines->data + passed, lines->length - passed};
    return line;
}

bool header_line_is_name(struct span name) {
    static const char characters[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] == '\0' || strchr(characters, name.data[i]) == NULL) {
            return false;
        }
    }
    return name.length > 0;
}

bool header_line_has_another_purpose(struct span name) {
    static const char *const names[] = {"Accept",       "Accept-Encoding",
                                        "Connection",   "Content-Length",
                                        "Content-Type", "Cookie",
                                        "Expect",       "Host",
                                        "TE",           "Transfer-Encoding",
                                        "Upgrade",      "User-Agent"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (span_equal_ignoring_ascii_case(name, span_of(names[i]))) {
            return true;
        }
    }
    return false;
}

bool header_line_may_be_sent(struct span line) {
    const char *colon = line.length == 0 ? NULL : memchr(line.data, ':', line.length);
    if (colon == NULL) {
        return false;
    }
    const struct span name = {line.data, (size_t)(colon - line.data)};
    for (size_t i = name.length; i < line.length; i++) {
        unsigned char c = (unsigned char)line.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return header_line_is_name(name) && !header_line_has_another_purpose(name) &&
           !span_equal_ignoring_ascii_case(name, span_of("Authorization"));
}
