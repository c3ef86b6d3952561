#include "metrics/exposition.h"

#include <inttypes.h>

void exposition_begin(struct text *out, const char *name, const char *type, const char *help) {
    text_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void append_escaped(struct text *out, struct span value) {
    for (size_t i = 0; i < value.length; i++) {
        switch (value.data[i]) {
        case '\n':
            text_append_string(out, "\\n");
            break;
        case '"':
        case '\\':
            text_append_char(out, '\\');
            text_append_char(out, value.data[i]);
            break;
        default:
            text_append_char(out, value.data[i]);
        }
    }
}

static void append_head(struct text *out, const char *name, const struct exposition_label *labels,
                        size_t count) {
    text_append_string(out, name);
    for (size_t i = 0; i < count; i++) {
        text_append_format(out, "%c%s=\"", i == 0 ? '{' : ',', labels[i].name);
        append_escaped(out, labels[i].value);
        text_append_char(out, '"');
    }
    text_append_string(out, count > 0 ? "} " : " ");
}

void exposition_add(struct text *out, const char *name, const struct exposition_label *labels,
                    size_t count, int64_t value) {
    append_head(out, name, labels, count);
    text_append_format(out, "%" PRId64 "\n", value);
}

void exposition_add_seconds(struct text *out, const char *name,
                            const struct exposition_label *labels, size_t count,
                            int64_t microseconds) {
    append_head(out, name, labels, count);
    text_append_format(out, "%" PRId64 ".%06d\n", microseconds / 1000000,
                       (int)(microseconds % 1000000));
}
