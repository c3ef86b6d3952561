#define _POSIX_C_SOURCE 200809L /* strdup */
#include "people/csv.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fold.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/utf8.h"

enum { BLOCK_SIZE = 65536, END_OF_FILE = -1, READ_FAILED = -2 };

enum field_end { FIELD_FOLLOWS, RECORD_ENDS, FIELD_BROKEN };

struct csv {
    FILE *file;
    char *path;
    char block[BLOCK_SIZE];
    size_t at, filled;
    size_t line;        /* the reader's position */
    size_t record_line; /* where the record began */
    struct text bytes;  /* the fields of the record in a row */
    size_t *ends;       /* where each of them ends there */
    size_t field_count;
    size_t field_capacity;
    bool quoted; /* the record has a field in quotes */
    struct arena header;
    struct span *names;
    size_t name_count;
};

static int fail(const struct csv *csv, size_t line, const char *what, struct error *error) {
    return error_set(error, ERROR_INPUT, "%s, line %zu: %s", csv->path, line, what);
}

/* The next byte, which stays where it is; END_OF_FILE or READ_FAILED (with the error). */
static int peek_byte(struct csv *csv, struct error *error) {
    if (csv->at == csv->filled) {
        csv->at = 0;
        csv->filled = fread(csv->block, 1, sizeof csv->block, csv->file);
        if (csv->filled == 0 && ferror(csv->file)) {
            error_set(error, ERROR_INPUT, "cannot read %s: %s", csv->path, strerror(errno));
            return READ_FAILED;
        }
        if (csv->filled == 0) {
            return END_OF_FILE;
        }
    }
    return (unsigned char)csv->block[csv->at];
}

/* Appends the bytes of the block before the next of the stop bytes (at most eight, NUL always among
 * them). */
static void take_run(struct csv *csv, const char *stops) {
    size_t stop_count = strlen(stops) + 1;
    size_t start = csv->at;
    while (csv->at < csv->filled && memchr(stops, csv->block[csv->at], stop_count) == NULL) {
        csv->at++;
    }
    text_append(&csv->bytes, (struct span){csv->block + start, csv->at - start});
}

static enum field_end fail_on_nul(const struct csv *csv, struct error *error) {
    fail(csv, csv->line, "a NUL byte; the file is not UTF-8 text (UTF-16?), save it as UTF-8",
         error);
    return FIELD_BROKEN;
}

/* A line's end; its first byte is a peeked CR. */
static enum field_end take_carriage_return(struct csv *csv, struct error *error) {
    csv->at++;
    int byte = peek_byte(csv, error);
    if (byte == READ_FAILED) {
        return FIELD_BROKEN;
    }
    if (byte != '\n') {
        fail(csv, csv->line, "a carriage return without a line feed; a line ends with CR LF or LF",
             error);
        return FIELD_BROKEN;
    }
    csv->at++;
    csv->line++;
    return RECORD_ENDS;
}

/* What must follow a field: a comma, a line's end or the file's. `otherwise` is the message for
 * anything else. */
static enum field_end take_end(struct csv *csv, const char *otherwise, struct error *error) {
    int byte = peek_byte(csv, error);
    switch (byte) {
    case ',':
        csv->at++;
        return FIELD_FOLLOWS;
    case '\n':
        csv->at++;
        csv->line++;
        return RECORD_ENDS;
    case '\r':
        return take_carriage_return(csv, error);
    case END_OF_FILE:
        return RECORD_ENDS;
    case READ_FAILED:
        return FIELD_BROKEN;
    case '\0':
        return fail_on_nul(csv, error);
    default:
        fail(csv, csv->line, otherwise, error);
        return FIELD_BROKEN;
    }
}

static enum field_end read_plain_field(struct csv *csv, struct error *error) {
    size_t before = 0;
    do { /* a field may reach over the block's end */
        before = csv->at;
        take_run(csv, ",\"\r\n");
    } while (csv->at == csv->filled && csv->at > before && peek_byte(csv, error) >= 0);
    return take_end(
        csv, "a quote inside a field; put the whole field in quotes, and double this one", error);
}

static enum field_end read_quoted_field(struct csv *csv, struct error *error) {
    size_t first_line = csv->line;
    csv->quoted = true;
    csv->at++;
    for (;;) {
        int byte = peek_byte(csv, error);
        if (byte == END_OF_FILE) {
            fail(csv, first_line, "the quote that begins here is never closed", error);
            return FIELD_BROKEN;
        }
        if (byte == READ_FAILED) {
            return FIELD_BROKEN;
        }
        if (byte == '\0') {
            return fail_on_nul(csv, error);
        }
        if (byte == '"') {
            csv->at++;
            if (peek_byte(csv, error) != '"') {
                return take_end(csv, "text after a closing quote; a comma must follow it", error);
            }
        }
        if (byte == '\n') {
            csv->line++;
        }
        text_append_char(&csv->bytes, (char)byte);
        csv->at++;
        take_run(csv, "\"\n");
    }
}

static int end_field(struct csv *csv, struct error *error) {
    if (csv->field_count == csv->field_capacity) {
        size_t capacity = csv->field_capacity == 0 ? 16 : csv->field_capacity * 2;
        size_t *ends = realloc(csv->ends, capacity * sizeof *ends);
        if (ends == NULL) {
            return error_set_no_memory(error);
        }
        csv->ends = ends;
        csv->field_capacity = capacity;
    }
    csv->ends[csv->field_count++] = csv->bytes.length;
    return 0;
}

/* The place of the first byte that is not UTF-8, or the length. */
static size_t find_broken_byte(struct span bytes) {
    size_t at = 0;
    while (at < bytes.length) {
        uint32_t code = 0;
        size_t length = utf8_decode(bytes.data + at, bytes.length - at, &code);
        if (code == UTF8_INVALID) {
            break;
        }
        at += length;
    }
    return at;
}

/* Field by field: here they are without the commas between them. Names the very line, for a record
 * can have several. */
static int check_encoding(const struct csv *csv, struct error *error) {
    struct span bytes = text_span(&csv->bytes);
    size_t start = 0;
    for (size_t i = 0; i < csv->field_count; i++) {
        struct span field = {bytes.data + start, csv->ends[i] - start};
        if (!json_is_utf8(field)) {
            size_t line = csv->record_line;
            size_t broken = start + find_broken_byte(field);
            for (size_t at = 0; at < broken; at++) {
                line += bytes.data[at] == '\n';
            }
            return fail(csv, line, "a byte that is not UTF-8; save the file as UTF-8", error);
        }
        start = csv->ends[i];
    }
    return 0;
}

/* Reads the line or lines of one record, an empty one too. 1, 0 at the file's end, or -1. */
static int read_record(struct csv *csv, struct error *error) {
    text_clear(&csv->bytes);
    csv->field_count = 0;
    csv->quoted = false;
    csv->record_line = csv->line;
    int byte = peek_byte(csv, error);
    if (byte < 0) {
        return byte == END_OF_FILE ? 0 : -1;
    }
    enum field_end end = FIELD_FOLLOWS;
    while (end == FIELD_FOLLOWS) {
        byte = peek_byte(csv, error);
        end = byte == '"' ? read_quoted_field(csv, error) : read_plain_field(csv, error);
        if (end == FIELD_BROKEN || end_field(csv, error) != 0) {
            return -1;
        }
    }
    if (text_check(&csv->bytes, error) != 0 || check_encoding(csv, error) != 0) {
        return -1;
    }
    return 1;
}

static bool is_empty_line(const struct csv *csv) {
    return csv->field_count == 1 && csv->bytes.length == 0 && !csv->quoted;
}

static int read_filled_record(struct csv *csv, struct error *error) {
    int rc = read_record(csv, error);
    while (rc == 1 && is_empty_line(csv)) {
        rc = read_record(csv, error);
    }
    return rc;
}

static int skip_byte_order_mark(struct csv *csv, struct error *error) {
    static const char mark[] = "\xEF\xBB\xBF";
    if (peek_byte(csv, error) == READ_FAILED) {
        return -1;
    }
    if (csv->filled >= 3 && memcmp(csv->block, mark, 3) == 0) {
        csv->at = 3;
    }
    return 0;
}

static int keep_header(struct csv *csv, struct error *error) {
    csv->names = arena_allocate(&csv->header, csv->field_count * sizeof *csv->names);
    if (csv->names == NULL) {
        return error_set_no_memory(error);
    }
    csv->name_count = csv->field_count;
    struct text name = {0};
    for (size_t i = 0; i < csv->name_count; i++) {
        text_clear(&name);
        fold_spelling(csv_field(csv, i), &name);
        csv->names[i] = arena_copy(&csv->header, text_span(&name));
        csv->header.failed = csv->header.failed || name.failed;
    }
    text_free(&name);
    return csv->header.failed ? error_set_no_memory(error) : 0;
}

static int read_header(struct csv *csv, struct error *error) {
    if (skip_byte_order_mark(csv, error) != 0) {
        return -1;
    }
    int rc = read_filled_record(csv, error);
    if (rc == 0) {
        return error_set(error, ERROR_INPUT,
                         "%s is empty; a list begins with a line of column names", csv->path);
    }
    return rc < 0 ? -1 : keep_header(csv, error);
}

struct csv *csv_open(const char *path, struct error *error) {
    struct csv *csv = calloc(1, sizeof *csv);
    if (csv == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    csv->line = 1;
    csv->path = strdup(path);
    if (csv->path == NULL) {
        error_set_no_memory(error);
        goto failed;
    }
    csv->file = fopen(path, "rb");
    if (csv->file == NULL) {
        error_set(error, ERROR_INPUT, "cannot open %s: %s", path, strerror(errno));
        goto failed;
    }
    setvbuf(csv->file, NULL, _IONBF, 0); /* the block is the buffer */
    if (read_header(csv, error) != 0) {
        goto failed;
    }
    return csv;
failed:
    csv_close(csv);
    return NULL;
}

void csv_close(struct csv *csv) {
    if (csv == NULL) {
        return;
    }
    if (csv->file != NULL) {
        fclose(csv->file);
    }
    text_free(&csv->bytes);
    arena_free(&csv->header);
    free(csv->ends);
    free(csv->path);
    free(csv);
}

static int refuse_missing(const struct csv *csv, const char *name, struct error *error) {
    struct text names = {0};
    for (size_t i = 0; i < csv->name_count; i++) {
        text_append_string(&names, i == 0 ? "" : ", ");
        text_append(&names, csv->names[i]);
    }
    error_set(error, ERROR_INPUT, "%s has no column %s; it has: %s", csv->path, name,
              text_string(&names));
    text_free(&names);
    return -1;
}

int csv_find_column(const struct csv *csv, const char *name, size_t *column, struct error *error) {
    size_t found = csv->name_count;
    for (size_t i = 0; i < csv->name_count; i++) {
        if (!span_equal_ignoring_ascii_case(csv->names[i], span_of(name))) {
            continue;
        }
        if (found < csv->name_count) {
            return error_set(error, ERROR_INPUT,
                             "%s has the column %s twice (columns %zu and %zu); remove or rename "
                             "one of them",
                             csv->path, name, found + 1, i + 1);
        }
        found = i;
    }
    if (found == csv->name_count) {
        return refuse_missing(csv, name, error);
    }
    *column = found;
    return 0;
}

size_t csv_column_count(const struct csv *csv) {
    return csv->name_count;
}

struct span csv_column_name(const struct csv *csv, size_t column) {
    return csv->names[column];
}

int csv_next(struct csv *csv, struct error *error) {
    int rc = read_filled_record(csv, error);
    if (rc != 1 || csv->field_count == csv->name_count) {
        return rc;
    }
    return error_set(error, ERROR_INPUT, "%s, line %zu: %zu fields, where the header has %zu",
                     csv->path, csv->record_line, csv->field_count, csv->name_count);
}

struct span csv_field(const struct csv *csv, size_t column) {
    size_t start = column == 0 ? 0 : csv->ends[column - 1];
    return (struct span){text_string(&csv->bytes) + start, csv->ends[column] - start};
}

size_t csv_line(const struct csv *csv) {
    return csv->record_line;
}
