#include "people/directory_filter.h"

#include <ldap.h>

void directory_filter_append_value(struct text *out, struct span value) {
    struct berval escaped = {0};
    /* The library only reads what it is given. */
    struct berval plain = {.bv_len = value.length, .bv_val = (char *)value.data};
    if (value.length == 0) {
        return;
    }
    if (ldap_bv2escaped_filter_value(&plain, &escaped) != 0) {
        out->failed = true;
        return;
    }
    text_append(out, (struct span){escaped.bv_val, escaped.bv_len});
    ldap_memfree(escaped.bv_val == plain.bv_val ? NULL : escaped.bv_val);
}

static void append_equality(struct text *out, const char *attribute, struct span value) {
    text_append_format(out, "(%s=", attribute);
    directory_filter_append_value(out, value);
    text_append_char(out, ')');
}

/* A URL may leave the brackets of its filter away, as ldapsearch(1) lets one do. */
static void append_own(struct text *out, const char *filter) {
    text_append_string(out, filter[0] == '(' ? "" : "(");
    text_append_string(out, filter);
    text_append_string(out, filter[0] == '(' ? "" : ")");
}

void directory_filter_append(struct text *out, const struct directory_place *place,
                             const struct span *names, size_t count) {
    if (place->filter != NULL) {
        text_append_string(out, "(&");
        append_own(out, place->filter);
    }
    text_append_string(out, "(|");
    for (size_t i = 0; i < count; i++) {
        append_equality(out, place->attributes[DIRECTORY_LOGIN], names[i]);
        append_equality(out, place->attributes[DIRECTORY_NAME], names[i]);
    }
    text_append_char(out, ')');
    if (place->filter != NULL) {
        text_append_char(out, ')');
    }
}
