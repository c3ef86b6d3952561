#include "report/row_list.h"

#include "base/json_writer.h"
#include "report/fields.h"
#include "report/report.h"

static void append_json_line(const struct listing *listing, struct text *line) {
    struct json_writer json = json_writer_to(line);
    json_begin_object(&json);
    for (size_t i = 0; i < listing->column_count; i++) {
        listing_write_member(listing, (int)i, &json);
    }
    json_end_object(&json);
}

/* Tabs and line feeds of a value would break the line. */
static void append_text_line(const struct listing *listing, struct text *line) {
    for (size_t i = 0; i < listing->column_count; i++) {
        text_append_string(line, i == 0 ? "" : "\t");
        fields_append_on_one_line(line, listing_text(listing, (int)i));
    }
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
        if (format == LIST_JSON) {
            append_json_line(&listing, &line);
        } else {
            append_text_line(&listing, &line);
        }
        text_append_char(&line, '\n');
        rc = report_flush(out, &line, error);
        if (rc != 0 || ferror(out) != 0) {
            break; /* the error, or the reader has seen enough */
        }
    }
    text_free(&line);
    listing_close(&listing);
    return rc;
}
