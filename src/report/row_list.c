#include "report/row_list.h"

#include <errno.h>

#include "base/json_writer.h"

static void append_json_line(const struct listing *listing, struct text *line) {
    struct json_writer json = json_writer_to(line);
    json_begin_object(&json);
    for (size_t i = 0; i < listing->column_count; i++) {
        listing_write_member(listing, (int)i, &json);
    }
    json_end_object(&json);
}

/* Tabs and line feeds of a value would break the line. */
static void append_field(struct text *line, struct span value) {
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        bool is_control = (unsigned char)c < 0x20 || c == 0x7f;
        text_append_char(line, (char)(is_control ? ' ' : c));
    }
}

static void append_text_line(const struct listing *listing, struct text *line) {
    for (size_t i = 0; i < listing->column_count; i++) {
        text_append_string(line, i == 0 ? "" : "\t");
        append_field(line, listing_text(listing, (int)i));
    }
}

/* 1: written; 0: the reader has seen enough; -1: the error. */
static int write_line(const struct text *line, FILE *out, struct error *error) {
    if (text_check(line, error) != 0) {
        return -1;
    }
    errno = 0;
    if (fwrite(line->data, 1, line->length, out) == line->length) {
        return 1;
    }
    return errno == EPIPE ? 0 : error_set(error, ERROR_DISK, "the output cannot be written");
}

int row_list_write(struct workspace *workspace, enum listing_of which, const char *name,
                   enum list_format format, FILE *out, struct error *error) {
    struct listing listing;
    struct text line = {0};
    if (listing_open(&listing, workspace, which, &(struct listing_filter){.name = name}, error) !=
        0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&listing, error)) == 1) {
        text_clear(&line);
        if (format == LIST_JSON) {
            append_json_line(&listing, &line);
        } else {
            append_text_line(&listing, &line);
        }
        text_append_char(&line, '\n');
        rc = write_line(&line, out, error);
        if (rc != 1) {
            break;
        }
    }
    text_free(&line);
    listing_close(&listing);
    return rc;
}
