#include "report/sample.h"

#include "base/json_memory.h"
#include "base/noun.h"
#include "report/fields.h"
#include "workspace/listing.h"

/* What this plan has: `changed_body` where the target was sent something else before. */
static int load_body(struct workspace *workspace, int64_t document, struct text *body,
                     struct error *error) {
    struct listing bodies;
    text_clear(body);
    if (listing_open(&bodies, workspace, LISTING_BODY_OF_DOCUMENT,
                     &(struct listing_filter){.document = document}, error) != 0) {
        return -1;
    }
    int rc = listing_next(&bodies, error);
    if (rc == 1) {
        struct span changed = listing_text(&bodies, 1);
        text_append(body, span_is_null(changed) ? listing_text(&bodies, 0) : changed);
    }
    listing_close(&bodies);
    return rc < 0 ? -1 : text_check(body, error);
}

static json_t *parse(struct span json) {
    return span_is_null(json) ? NULL
                              : json_memory_load(json.data, json.length, JSON_ALLOW_NUL, NULL);
}

static void append_document(const struct migration *migration, const struct sampled_row *row,
                            struct span content, struct span body, struct text *out) {
    const struct migration_kind *kind = migration_find_kind(migration, row->kind.data, NULL);
    json_t *whole = parse(body);
    json_t *from = parse(content);
    json_t *picked = NULL;
    if (kind != NULL && kind->pick_for_row != NULL && whole != NULL && from != NULL) {
        picked = kind->pick_for_row(whole, from);
    }
    text_append_format(out, "  document%s\n",
                       picked == NULL ? "" : " (without what other rows have put into it)");
    if (picked != NULL) {
        fields_append(out, picked, 4);
    } else {
        fields_append_text(out, body, 4);
    }
    json_decref(picked);
    json_decref(from);
    json_decref(whole);
}

static void append_title(const struct sampled_row *row, struct text *out) {
    text_append_format(out, "\n%s, row ", row->table.data);
    fields_append_visible(out, row->row);
    text_append_format(out, ": %s", row->outcome.data);
    if (!span_is_null(row->key)) {
        text_append_format(out, ", in %s ", row->kind.data);
        fields_append_visible(out, row->key);
    }
    text_append_char(out, '\n');
    if (!span_is_null(row->because)) {
        fields_append_one(out, "because", row->because, 2);
    }
}

static void append_content(struct span content, struct text *out) {
    text_append_string(out, "  row\n");
    if (span_is_null(content)) {
        text_append_string(out, "    the source does not have it any more\n");
    } else {
        fields_append_text(out, content, 4);
    }
}

int sample_append_text(const struct row_sample *sample, const struct migration *migration,
                       struct workspace *workspace, struct text *out, struct error *error) {
    struct text body = {0};
    int rc = 0;
    text_append_format(out, "\nsample of %zu %s\n", sample->count,
                       noun_of((int64_t)sample->count, "row", "rows"));
    for (size_t i = 0; i < sample->count && rc == 0; i++) {
        const struct sampled_row *row = &sample->rows[i];
        struct span content = row->content;
        append_title(row, out);
        append_content(content, out);
        if (!span_is_null(row->key)) {
            rc = load_body(workspace, row->document, &body, error);
            append_document(migration, row, content, text_span(&body), out);
        }
    }
    text_free(&body);
    return rc == 0 ? text_check(out, error) : -1;
}

static void write_raw_or_null(struct json_writer *json, const char *key, struct span value) {
    json_write_key(json, key);
    if (span_is_null(value)) {
        json_write_null(json);
    } else {
        json_write_raw(json, value);
    }
}

int sample_write_json(const struct row_sample *sample, struct workspace *workspace,
                      struct json_writer *json, struct error *error) {
    struct text body = {0};
    int rc = 0;
    json_write_key(json, "sample");
    json_begin_array(json);
    for (size_t i = 0; i < sample->count && rc == 0; i++) {
        const struct sampled_row *row = &sample->rows[i];
        bool has_document = !span_is_null(row->key);
        json_begin_object(json);
        json_member_string(json, "table", row->table);
        json_member_string(json, "row", row->row);
        json_member_string(json, "outcome", row->outcome);
        json_member_string(json, "because", row->because);
        write_raw_or_null(json, "content", row->content);
        json_member_string(json, "kind", row->kind);
        json_member_string(json, "key", row->key);
        rc = has_document ? load_body(workspace, row->document, &body, error) : 0;
        write_raw_or_null(json, "body", has_document ? text_span(&body) : (struct span){0});
        json_end_object(json);
    }
    json_end_array(json);
    text_free(&body);
    return rc;
}
