/* Character references of HTML: `&amp;`, `&#8364;`, `&#x20ac;`. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "migration/sqlfile/functions.h"

/* Those of Latin-1 and of typography (HTML, 13.5). Others stay as they are. */
static const struct {
    const char *name;
    uint32_t code;
} entities[] = {
    {"amp", 0x26},      {"lt", 0x3c},       {"gt", 0x3e},       {"quot", 0x22},
    {"apos", 0x27},     {"nbsp", 0xa0},     {"iexcl", 0xa1},    {"cent", 0xa2},
    {"pound", 0xa3},    {"curren", 0xa4},   {"yen", 0xa5},      {"brvbar", 0xa6},
    {"sect", 0xa7},     {"uml", 0xa8},      {"copy", 0xa9},     {"ordf", 0xaa},
    {"laquo", 0xab},    {"not", 0xac},      {"shy", 0xad},      {"reg", 0xae},
    {"macr", 0xaf},     {"deg", 0xb0},      {"plusmn", 0xb1},   {"sup2", 0xb2},
    {"sup3", 0xb3},     {"acute", 0xb4},    {"micro", 0xb5},    {"para", 0xb6},
    {"middot", 0xb7},   {"cedil", 0xb8},    {"sup1", 0xb9},     {"ordm", 0xba},
    {"raquo", 0xbb},    {"frac14", 0xbc},   {"frac12", 0xbd},   {"frac34", 0xbe},
    {"iquest", 0xbf},   {"Agrave", 0xc0},   {"Aacute", 0xc1},   {"Acirc", 0xc2},
    {"Atilde", 0xc3},   {"Auml", 0xc4},     {"Aring", 0xc5},    {"AElig", 0xc6},
    {"Ccedil", 0xc7},   {"Egrave", 0xc8},   {"Eacute", 0xc9},   {"Ecirc", 0xca},
    {"Euml", 0xcb},     {"Igrave", 0xcc},   {"Iacute", 0xcd},   {"Icirc", 0xce},
    {"Iuml", 0xcf},     {"ETH", 0xd0},      {"Ntilde", 0xd1},   {"Ograve", 0xd2},
    {"Oacute", 0xd3},   {"Ocirc", 0xd4},    {"Otilde", 0xd5},   {"Ouml", 0xd6},
    {"times", 0xd7},    {"Oslash", 0xd8},   {"Ugrave", 0xd9},   {"Uacute", 0xda},
    {"Ucirc", 0xdb},    {"Uuml", 0xdc},     {"Yacute", 0xdd},   {"THORN", 0xde},
    {"szlig", 0xdf},    {"agrave", 0xe0},   {"aacute", 0xe1},   {"acirc", 0xe2},
    {"atilde", 0xe3},   {"auml", 0xe4},     {"aring", 0xe5},    {"aelig", 0xe6},
    {"ccedil", 0xe7},   {"egrave", 0xe8},   {"eacute", 0xe9},   {"ecirc", 0xea},
    {"euml", 0xeb},     {"igrave", 0xec},   {"iacute", 0xed},   {"icirc", 0xee},
    {"iuml", 0xef},     {"eth", 0xf0},      {"ntilde", 0xf1},   {"ograve", 0xf2},
    {"oacute", 0xf3},   {"ocirc", 0xf4},    {"otilde", 0xf5},   {"ouml", 0xf6},
    {"divide", 0xf7},   {"oslash", 0xf8},   {"ugrave", 0xf9},   {"uacute", 0xfa},
    {"ucirc", 0xfb},    {"uuml", 0xfc},     {"yacute", 0xfd},   {"thorn", 0xfe},
    {"yuml", 0xff},     {"OElig", 0x152},   {"oelig", 0x153},   {"Scaron", 0x160},
    {"scaron", 0x161},  {"Yuml", 0x178},    {"fnof", 0x192},    {"circ", 0x2c6},
    {"tilde", 0x2dc},   {"ensp", 0x2002},   {"emsp", 0x2003},   {"thinsp", 0x2009},
    {"zwnj", 0x200c},   {"zwj", 0x200d},    {"lrm", 0x200e},    {"rlm", 0x200f},
    {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018},  {"rsquo", 0x2019},
    {"sbquo", 0x201a},  {"ldquo", 0x201c},  {"rdquo", 0x201d},  {"bdquo", 0x201e},
    {"dagger", 0x2020}, {"Dagger", 0x2021}, {"bull", 0x2022},   {"hellip", 0x2026},
    {"permil", 0x2030}, {"prime", 0x2032},  {"Prime", 0x2033},  {"lsaquo", 0x2039},
    {"rsaquo", 0x203a}, {"euro", 0x20ac},   {"trade", 0x2122},  {"larr", 0x2190},
    {"uarr", 0x2191},   {"rarr", 0x2192},   {"darr", 0x2193},   {"harr", 0x2194},
    {"minus", 0x2212},  {"le", 0x2264},     {"ge", 0x2265},     {"ne", 0x2260},
    {"infin", 0x221e},  {"asymp", 0x2248},  {"hearts", 0x2665}, {"check", 0x2713},
};

/* In a number below this one, browsers read Windows-1252 (HTML, 13.2.5.80). */
static const uint16_t windows[32] = {0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021,
                                     0x2c6,  0x2030, 0x160,  0x2039, 0x152,  0x8d,   0x17d,  0x8f,
                                     0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                     0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

enum { REFERENCE_MOST = 12 };

static uint32_t number_of(const char *digits) {
    bool is_hex = *digits == 'x' || *digits == 'X';
    char *end;
    unsigned long code = strtoul(digits + is_hex, &end, is_hex ? 16 : 10);
    bool is_number = isxdigit((unsigned char)digits[is_hex]) && *end == '\0';
    if (!is_number || code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
        return 0;
    }
    return code >= 0x80 && code < 0xa0 ? windows[code - 0x80] : (uint32_t)code;
}

/* The character of the reference at the start of the text, and its length; 0: it is none. */
static size_t read_reference(struct span text, uint32_t *code) {
    char name[REFERENCE_MOST] = "";
    size_t length = 1;
    while (length < text.length && length < REFERENCE_MOST && text.data[length] != ';') {
        name[length - 1] = text.data[length];
        length++;
    }
    if (length == text.length || length == REFERENCE_MOST) {
        return 0;
    }
    *code = *name == '#' ? number_of(name + 1) : 0;
    for (size_t i = 0; *name != '#' && i < sizeof entities / sizeof *entities; i++) {
        if (strcmp(entities[i].name, name) == 0) {
            *code = entities[i].code;
        }
    }
    return *code == 0 ? 0 : length + 1;
}

void html_append_unescaped(struct span text, struct text *out) {
    for (size_t at = 0; at < text.length;) {
        uint32_t code = 0;
        struct span rest = {text.data + at, text.length - at};
        size_t length = *rest.data == '&' ? read_reference(rest, &code) : 0;
        if (length == 0) {
            const char *next = memchr(rest.data + 1, '&', rest.length - 1);
            length = next == NULL ? rest.length : (size_t)(next - rest.data);
            text_append(out, (struct span){rest.data, length});
        } else {
            char buffer[UTF8_MAX_BYTES];
            text_append(out, (struct span){buffer, utf8_encode(code, buffer)});
        }
        at += length;
    }
}
