#include "report/xml_text.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/utf8.h"

/* The production Char of XML 1.0. */
static bool is_legal(uint32_t code) {
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
           (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

static const char *const escapes[128] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\r'] = "&#13;"};

/* What an attribute's value would be normalized to blanks. */
static const char *const attribute_escapes[128] = {['\t'] = "&#9;", ['\n'] = "&#10;"};

static void append(struct text *out, struct span value, const char *const *further) {
    for (size_t at = 0; at < value.length;) {
        uint32_t code = 0;
        size_t size = utf8_decode(value.data + at, value.length - at, &code);
        const char *escape = code < 128 ? escapes[code] : NULL;
        if (escape == NULL && code < 128 && further != NULL) {
            escape = further[code];
        }
        if (escape != NULL) {
            text_append_string(out, escape);
        } else if (is_legal(code)) {
            text_append(out, (struct span){value.data + at, size});
        } else {
            text_append_string(out, "\xEF\xBF\xBD");
        }
        at += size;
    }
}

void xml_append_text(struct text *out, struct span value) {
    append(out, value, NULL);
}

void xml_append_attribute(struct text *out, const char *name, struct span value) {
    text_append_format(out, " %s=\"", name);
    append(out, value, attribute_escapes);
    text_append_char(out, '"');
}
