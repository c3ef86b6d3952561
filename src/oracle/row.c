#include <stdint.h>

#include "oracle/result.h"
#include "oracle/values.h"

static bool append_plain(const unsigned char *bytes, size_t length, struct bytes *out) {
    bytes_append(out, bytes, length);
    return true;
}

static bool append_boolean(const unsigned char *bytes, size_t length, struct bytes *out) {
    bytes_append_text(out, length > 0 && bytes[0] == 1 ? "1" : "0");
    return length > 0;
}

/* From a value's bytes to the value. */
static bool (*const conversions[])(const unsigned char *bytes, size_t length, struct bytes *out) = {
    [FORM_TEXT] = append_plain,        [FORM_NATIONAL] = national_append,
    [FORM_NUMBER] = number_append,     [FORM_MOMENT] = moment_append,
    [FORM_FLOATING] = floating_append, [FORM_BYTES] = append_plain,
    [FORM_BOOLEAN] = append_boolean,   [FORM_MONTHS] = months_append,
    [FORM_SECONDS] = seconds_append,
};

/* The parts of a ROWID come one by one, after a length that shows only whether there is one. */
static void take_rowid(struct reader *reader, struct column *column) {
    unsigned length = reader_byte(reader);
    column->is_null = length == 0 || length == UINT8_MAX;
    if (column->is_null) {
        return;
    }
    struct rowid rowid;
    rowid.object = reader_number(reader);
    rowid.file = (uint16_t)reader_number_of(reader, 2);
    reader_skip(reader, 1);
    rowid.block = reader_number(reader);
    rowid.slot = (uint16_t)reader_number_of(reader, 2);
    rowid_append(&rowid, &column->value);
}

/* A length of its own precedes the text. */
static void take_universal_rowid(struct reader *reader, struct column *column) {
    size_t length;
    column->is_null = reader_text(reader, &length) == NULL;
    if (column->is_null) {
        return;
    }
    const unsigned char *bytes = reader_text(reader, &length);
    if (bytes == NULL || !universal_rowid_append(bytes, length, &column->value)) {
        reader_fail(reader, "the column %s holds no row address", bytes_text(&column->name));
    }
}

/* What a value that is none is called. A text of its bytes takes its place, so that the reader of
 * the rows decides about it. */
static const char *const type_names[] = {
    [FORM_NUMBER] = "NUMBER",
    [FORM_MOMENT] = "date",
    [FORM_MONTHS] = "INTERVAL",
    [FORM_SECONDS] = "INTERVAL",
};

static bool append_odd(enum column_form form, const unsigned char *bytes, size_t length,
                       struct bytes *out) {
    if ((size_t)form >= sizeof type_names / sizeof *type_names || type_names[form] == NULL) {
        return false;
    }
    bytes_append_text(out, "bytes ");
    for (size_t i = 0; i < length; i++) {
        bytes_append_format(out, "%02X", bytes[i]);
    }
    bytes_append_format(out, ", which are no %s", type_names[form]);
    return true;
}

static void take_value(struct reader *reader, struct column *column) {
    size_t length;
    const unsigned char *bytes = reader_text(reader, &length);
    column->is_null = bytes == NULL;
    if (bytes != NULL && !conversions[column->form](bytes, length, &column->value) &&
        !append_odd(column->form, bytes, length, &column->value)) {
        reader_fail(reader, "the column %s holds what its type cannot: %zu bytes for type %u",
                    bytes_text(&column->name), length, column->type);
    }
}

static bool is_always_null(const struct column *column) {
    return column->longest == 0 && column->sent_type != TYPE_LONG &&
           column->sent_type != TYPE_LONG_RAW && column->sent_type != TYPE_UNIVERSAL_ROWID;
}

static void take_column(struct reader *reader, struct column *column) {
    bytes_clear(&column->value);
    if (is_always_null(column)) {
        column->is_null = true;
    } else if (column->form == FORM_ROWID) {
        take_rowid(reader, column);
    } else if (column->form == FORM_UNIVERSAL_ROWID) {
        take_universal_rowid(reader, column);
    } else {
        take_value(reader, column);
    }
    if (column->has_indicator) {
        reader_skip_numbers(reader, 2);
    }
    if (column->value.failed) {
        reader_fail_no_memory(reader);
    }
}

static bool is_repeated(const struct oracle_result *result, size_t column) {
    return column / 8 >= result->repeated.length ||
           (result->repeated.data[column / 8] >> (column % 8) & 1) == 0;
}

void row_take(struct oracle_result *result) {
    struct reader *reader = &result->connection->reader;
    if (result->column_count == 0) {
        reader_fail(reader, "the server sent a row of a query that it has not described");
    } else if (!result->is_readable) {
        reader_fail(reader, "the server sent a row of a type that is not read here");
        describe_check(result, &reader->error);
    }
    for (size_t i = 0; i < result->column_count && reader_is_fine(reader); i++) {
        if (!result->has_repeated || !is_repeated(result, i)) {
            take_column(reader, &result->columns[i]);
        } else if (!result->has_row) {
            reader_fail(reader, "the server repeats a row that it has not sent");
        }
    }
    result->has_repeated = false;
    result->has_row = true;
}
