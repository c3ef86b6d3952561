#include "report/document_report.h"

#include <stdbool.h>

#include "report/fields.h"

/* What belongs to a document. */
static const struct section {
    enum listing_of listing;
    const char *title; /* for people */
    const char *key;   /* for programs */
} sections[] = {
    {LISTING_ROWS_OF_DOCUMENT, "source rows", "source_rows"},
    {LISTING_ATTEMPTS_OF_DOCUMENT, "attempts", "attempts"},
    {LISTING_FINDINGS_OF_DOCUMENT, "findings", "findings"},
};

enum { SECTION_COUNT = sizeof sections / sizeof *sections };

/* The content of a source row that was used is looked up; null where the value is the listing's. */
static struct span look_up(const struct listing *listing, enum listing_of which, int column,
                           const struct row_contents *rows) {
    if (which != LISTING_ROWS_OF_DOCUMENT || column != USED_ROW_CONTENT ||
        !span_is_null(listing_text(listing, column)) || rows == NULL) {
        return (struct span){0};
    }
    return rows->find(rows->context, listing_text(listing, ROW_TABLE),
                      listing_text(listing, ROW_NAME));
}

static void write_row(const struct listing *listing, enum listing_of which,
                      const struct row_contents *rows, struct json_writer *json) {
    json_begin_object(json);
    for (size_t i = 0; i < listing->column_count; i++) {
        struct span content = look_up(listing, which, (int)i, rows);
        if (span_is_null(content)) {
            listing_write_member(listing, (int)i, json);
        } else {
            json_write_key(json, listing->columns[i].name);
            json_write_raw(json, content);
        }
    }
    json_end_object(json);
}

/* What is JSON is below, one value a line. */
static void append_row(const struct listing *listing, enum listing_of which,
                       const struct row_contents *rows, struct text *out) {
    struct span content = {0};
    const char *separator = "";
    text_append_string(out, "  ");
    for (size_t i = 0; i < listing->column_count; i++) {
        struct span value = listing_text(listing, (int)i);
        if (listing->columns[i].is_json) {
            content = span_is_null(value) ? look_up(listing, which, (int)i, rows) : value;
        } else if (!span_is_empty(value)) {
            text_append_format(out, "%s%s ", separator, listing->columns[i].name);
            text_append(out, value);
            separator = ", ";
        }
    }
    text_append_char(out, '\n');
    if (!span_is_null(content)) {
        fields_append_text(out, content, 4);
    }
}

int document_write_section(struct workspace *workspace, enum listing_of which, const char *key,
                           int64_t document, const struct row_contents *rows,
                           struct json_writer *json, struct error *error) {
    struct listing listing;
    if (listing_open(&listing, workspace, which, &(struct listing_filter){.document = document},
                     error) != 0) {
        return -1;
    }
    json_write_key(json, key);
    json_begin_array(json);
    int rc;
    while ((rc = listing_next(&listing, error)) == 1) {
        write_row(&listing, which, rows, json);
    }
    json_end_array(json);
    listing_close(&listing);
    return rc;
}

static int append_section(struct workspace *workspace, const struct section *section,
                          int64_t document, const struct row_contents *rows, struct text *out,
                          struct error *error) {
    struct listing listing;
    if (listing_open(&listing, workspace, section->listing,
                     &(struct listing_filter){.document = document}, error) != 0) {
        return -1;
    }
    const char *title = section->title;
    int rc;
    while ((rc = listing_next(&listing, error)) == 1) {
        if (title != NULL) {
            text_append_format(out, "\n%s\n", title);
            title = NULL;
        }
        append_row(&listing, section->listing, rows, out);
    }
    listing_close(&listing);
    return rc;
}

static void append_body(struct text *out, const char *title, struct span body) {
    if (!span_is_null(body)) {
        text_append_format(out, "\n%s\n", title);
        json_append_indented(out, body);
        text_append_char(out, '\n');
    }
}

static int append_text(struct workspace *workspace, const struct listing *document,
                       const struct row_contents *rows, struct text *out, struct error *error) {
    for (int i = DOCUMENT_KIND; i < DOCUMENT_BODY; i++) {
        struct span value = listing_text(document, i);
        if (!span_is_null(value)) {
            text_append_format(out, "%-10s ", document->columns[i].name);
            text_append(out, value);
            text_append_char(out, '\n');
        }
    }
    append_body(out, "body", listing_text(document, DOCUMENT_BODY));
    append_body(out, "body as planned now", listing_text(document, DOCUMENT_CHANGED_BODY));
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (append_section(workspace, &sections[i], listing_integer(document, DOCUMENT_ID), rows,
                           out, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int append_json(struct workspace *workspace, const struct listing *document,
                       const struct row_contents *rows, struct text *out, struct error *error) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    for (int i = DOCUMENT_KIND; i <= DOCUMENT_CHANGED_BODY; i++) {
        listing_write_member(document, i, &json);
    }
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (document_write_section(workspace, sections[i].listing, sections[i].key,
                                   listing_integer(document, DOCUMENT_ID), rows, &json,
                                   error) != 0) {
            return -1;
        }
    }
    json_end_object(&json);
    text_append_char(out, '\n');
    return 0;
}

int document_append(struct workspace *workspace, const char *kind, const char *key,
                    const struct row_contents *rows, enum document_format format, struct text *out,
                    struct error *error) {
    struct listing documents;
    if (listing_open(&documents, workspace, LISTING_DOCUMENTS,
                     &(struct listing_filter){.name = kind, .key = key}, error) != 0) {
        return -1;
    }
    int count = 0;
    int rc;
    while ((rc = listing_next(&documents, error)) == 1) {
        if (format == DOCUMENT_TEXT && count > 0) {
            text_append_char(out, '\n');
        }
        rc = format == DOCUMENT_JSON ? append_json(workspace, &documents, rows, out, error)
                                     : append_text(workspace, &documents, rows, out, error);
        if (rc != 0) {
            break;
        }
        count++;
    }
    listing_close(&documents);
    if (rc < 0 || text_check(out, error) != 0) {
        return -1;
    }
    return count;
}
