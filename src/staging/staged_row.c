#include <math.h>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "source/sqlite_value.h"
#include "staging/staging.h"
#include "staging/typed_value_private.h"

enum { CHARACTERS_SHOWN = 60 }; /* of a value, in a reason */

static const char hex_digits[] = "0123456789abcdef";

/* One call finds the value; it is as good as a protected one, as the connection is used by one
 * thread. */
struct value staged_value(const struct statement *statement, int column) {
    return sqlite_value_read(sqlite3_column_value(statement->handle, column));
}

void staged_row_append_upper(const char *name, struct text *out) {
    for (; *name != '\0'; name++) {
        text_append_char(out, (char)(*name >= 'a' && *name <= 'z' ? *name - ('a' - 'A') : *name));
    }
}

static void append_hex(struct span bytes, struct text *out) {
    for (size_t i = 0; i < bytes.length; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        text_append_char(out, hex_digits[byte >> 4]);
        text_append_char(out, hex_digits[byte & 15]);
    }
}

/* At most so many characters; control characters and what is no UTF-8 are visible as \x00. */
static void append_visible(struct span bytes, size_t most, struct text *out) {
    size_t at = 0;
    for (size_t shown = 0; at < bytes.length && shown < most; shown++) {
        uint32_t code = 0;
        struct span character = {bytes.data + at, 0};
        character.length = utf8_decode(character.data, bytes.length - at, &code);
        at += character.length;
        if (code >= 0x20 && code != 0x7f && code != UTF8_INVALID) {
            text_append(out, character);
            continue;
        }
        for (size_t i = 0; i < character.length; i++) {
            text_append_string(out, "\\x");
            append_hex((struct span){character.data + i, 1}, out);
        }
    }
    if (at < bytes.length) {
        text_append_string(out, "...");
    }
}

void staged_value_append_readable(struct value value, size_t most, struct text *out) {
    switch (value.kind) {
    case VALUE_NULL:
        text_append_string(out, "(null)");
        return;
    case VALUE_INTEGER:
        text_append_integer(out, value.integer);
        return;
    case VALUE_REAL:
        text_append_real(out, value.real);
        return;
    case VALUE_TEXT:
        append_visible(value.text, most, out);
        return;
    case VALUE_BLOB:
        text_append_string(out, "x'");
        append_hex(
            (struct span){value.text.data, value.text.length < most ? value.text.length : most},
            out);
        text_append_string(out, value.text.length > most ? "...'" : "'");
        return;
    }
}

void staged_value_append_reason(const struct table_column *column, struct value value,
                                struct text *reason) {
    bool is_bare = value.kind != VALUE_TEXT || !span_is_empty(span_trim(value.text));
    staged_row_append_upper(column->name, reason);
    text_append_string(reason, is_bare ? " is " : " is \"");
    staged_value_append_readable(value, CHARACTERS_SHOWN, reason);
    text_append_format(reason, "%s; expected %s", is_bare ? "" : "\"",
                       typed_value_expected(column->type));
}

bool staged_row_check(const struct table *table, const struct statement *statement, int first,
                      struct text *reason) {
    text_clear(reason);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct table_column *column = &table->columns[i];
        if (column->need != COLUMN_READ) {
            continue;
        }
        struct value value = staged_value(statement, first++);
        if (!typed_value_is_valid(column->type, value)) {
            staged_value_append_reason(column, value, reason);
            return false;
        }
    }
    return true;
}

static void write_value(struct json_writer *writer, struct value value) {
    struct text text = {0};
    switch (value.kind) {
    case VALUE_NULL:
        json_write_null(writer);
        break;
    case VALUE_INTEGER:
        json_write_integer(writer, value.integer);
        break;
    case VALUE_REAL:
        if (isfinite(value.real)) {
            json_write_real(writer, value.real);
        } else {
            text_append_real(&text, value.real);
            json_write_string(writer, text_span(&text));
        }
        break;
    case VALUE_TEXT:
        json_write_string(writer, value.text);
        break;
    case VALUE_BLOB:
        append_hex(value.text, &text);
        json_begin_object(writer);
        json_member_string(writer, "hex", text_span(&text));
        json_end_object(writer);
        break;
    }
    writer->out->failed = writer->out->failed || text.failed;
    text_free(&text);
}

void staged_row_append_json(const struct table *table, const struct statement *statement, int first,
                            struct text *out) {
    struct json_writer writer = json_writer_to(out);
    struct text name = {0};
    json_begin_object(&writer);
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].need == COLUMN_READ) {
            text_clear(&name);
            staged_row_append_upper(table->columns[i].name, &name);
            json_write_key(&writer, text_string(&name));
            write_value(&writer, staged_value(statement, first++));
        }
    }
    json_end_object(&writer);
    out->failed = out->failed || name.failed;
    text_free(&name);
}

/* The place of a key among the columns that are read. */
static int find_read_column(const struct table *table, const char *name) {
    int place = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].need == COLUMN_READ) {
            if (strcmp(table->columns[i].name, name) == 0) {
                return place;
            }
            place++;
        }
    }
    return -1;
}

void staged_row_append_label(const struct table *table, const struct statement *statement,
                             int first, struct text *out) {
    for (size_t i = 0; i < TABLE_MOST_KEYS && table->keys[i] != NULL; i++) {
        int place = find_read_column(table, table->keys[i]);
        text_append_string(out, i == 0 ? "" : ", ");
        if (place >= 0) {
            staged_value_append_readable(staged_value(statement, first + place), SIZE_MAX, out);
        }
    }
}

void staged_row_append_columns(const struct table *table, const char *alias, struct text *sql) {
    const char *separator = "";
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].need == COLUMN_READ) {
            text_append_string(sql, separator);
            if (alias != NULL) {
                text_append_format(sql, "%s.", alias);
            }
            text_append_quoted(sql, '"', span_of(table->columns[i].name));
            separator = ", ";
        }
    }
}
