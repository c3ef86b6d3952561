#include "report/csv_row.h"

#include <string.h>

#include "base/utf8.h"

struct csv_row csv_row_begin(struct text *out) {
    return (struct csv_row){.out = out};
}

static void separate(struct csv_row *row) {
    if (row->has_cells) {
        text_append_char(row->out, ',');
    }
    row->has_cells = true;
}

static bool is_one_of(char character, const char *characters) {
    return character != '\0' && strchr(characters, character) != NULL;
}

static bool needs_quotes(struct span value) {
    for (size_t i = 0; i < value.length; i++) {
        if (is_one_of(value.data[i], "\",\r\n")) {
            return true;
        }
    }
    return false;
}

static void append_cleaned(struct text *out, struct span value) {
    for (size_t at = 0; at < value.length;) {
        uint32_t code = 0;
        size_t size = utf8_decode(value.data + at, value.length - at, &code);
        if (code == UTF8_INVALID) {
            text_append_string(out, "\xEF\xBF\xBD");
        } else {
            text_append_string(out, code == '"' ? "\"" : "");
            text_append(out, (struct span){value.data + at, size});
        }
        at += size;
    }
}

void csv_row_add(struct csv_row *row, struct span value) {
    separate(row);
    bool is_formula = value.length > 0 && is_one_of(value.data[0], "=+-@\t\r");
    const char *quote = needs_quotes(value) ? "\"" : "";
    text_append_string(row->out, quote);
    text_append_string(row->out, is_formula ? "'" : "");
    append_cleaned(row->out, value);
    text_append_string(row->out, quote);
}

void csv_row_add_integer(struct csv_row *row, int64_t value) {
    separate(row);
    text_append_integer(row->out, value);
}

void csv_row_end(struct csv_row *row) {
    text_append_string(row->out, "\r\n");
}
