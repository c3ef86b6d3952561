#include "report/dry_run.h"

#include <string.h>

#include "base/json_memory.h"
#include "base/shell_word.h"
#include "report/field_differences.h"
#include "report/fields.h"
#include "report/placeholders_private.h"
#include "report/plan_diff_private.h"
#include "workspace/due.h"

struct writing {
    const struct dry_run *dry_run;
    struct journal *journal;
    const struct migration_kind *kind;
    enum kind_request request;
    struct text line;
};

/* A document with placeholders, as its kind sees it. */
struct filled {
    struct text body;
    struct text values;
    struct text expect;
    json_t *parsed[3];
    struct kind_document document;
};

/* A request of the document's. */
struct built {
    struct kind_draft draft;
    struct text path;
    struct text headers;
    struct text body;
};

static void free_filled(struct filled *filled) {
    for (size_t i = 0; i < sizeof filled->parsed / sizeof *filled->parsed; i++) {
        json_decref(filled->parsed[i]);
    }
    text_free(&filled->body);
    text_free(&filled->values);
    text_free(&filled->expect);
}

/* A damaged workspace may hold what is not JSON: then it is null to the kind. */
static int fill(struct writing *writing, const struct due_document *due, struct filled *filled,
                struct error *error) {
    struct placeholder_owner owner = {writing->kind->name, due->key, 0};
    const struct span spans[] = {due->body, due->values, due->expect};
    struct text *const texts[] = {&filled->body, &filled->values, &filled->expect};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (placeholders_fill(spans[i], writing->journal, &owner, texts[i], error) != 0) {
            return -1;
        }
        filled->parsed[i] = json_memory_load(text_string(texts[i]), texts[i]->length,
                                             JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    }
    filled->document = (struct kind_document){.key = due->key,
                                              .body = filled->parsed[0],
                                              .values = filled->parsed[1],
                                              .expect = filled->parsed[2],
                                              .id = due->target_id};
    return 0;
}

/* ---- a line ---- */

static void append_text(struct writing *writing, const struct built *built, struct span key) {
    struct text *line = &writing->line;
    text_append_format(line, "%s\t", built->draft.method);
    placeholders_append_plain(text_span(&built->path), line);
    text_append_format(line, "\t%s\t", writing->kind->name);
    fields_append_visible(line, key);
    text_append_char(line, '\n');
}

static void append_headers(struct text *line, struct span headers) {
    while (headers.length > 0) {
        text_append_string(line, " -H ");
        placeholders_append_shell(span_cut(&headers, '\n'), line);
    }
}

static void append_curl(struct writing *writing, const struct built *built,
                        const struct due_document *due) {
    struct text *line = &writing->line;
    struct span body = text_span(&built->body);
    text_append_format(line, "curl -sS -X %s -H 'Accept: application/json'%s%s",
                       built->draft.method, *writing->dry_run->sign_in == '\0' ? "" : " ",
                       writing->dry_run->sign_in);
    append_headers(line, text_span(&built->headers));
    if (body.length > 0) {
        text_append_string(line, " -H 'Content-Type: application/json' --data ");
        placeholders_append_shell(body, line);
    }
    text_append_string(line, " \"${TARGET:?}\"");
    placeholders_append_shell(text_span(&built->path), line);
    text_append_char(line, '\n');
    if (due->is_referred && built->draft.which == KIND_CREATE) {
        text_append_string(line, "# ");
        placeholders_append_name(span_of(writing->kind->name), due->key, line);
        text_append_string(line, "= its id: 17, or '\"text\"'\n");
    }
}

/* What was delivered, and what is planned. */
static int append_fields(struct writing *writing, const struct due_document *due,
                         struct error *error) {
    struct field_differences differences = {0};
    json_t *former = json_memory_load(due->former.data, due->former.length, JSON_ALLOW_NUL, NULL);
    json_t *planned = json_memory_load(due->body.data, due->body.length, JSON_ALLOW_NUL, NULL);
    struct text values = {0};
    int rc = former == NULL || planned == NULL
                 ? 0
                 : field_differences_find(&differences, former, planned, error);
    for (size_t i = 0; i < differences.count && rc == 0; i++) {
        const struct field_difference *difference = &differences.items[i];
        text_clear(&values);
        text_append_string(&values, difference->field.length == 0
                                        ? "whole record"
                                        : text_string(&difference->field));
        text_append_string(&values, ": ");
        diff_append_value(difference->first, difference->second, &values);
        text_append_string(&values, " -> ");
        diff_append_value(difference->second, difference->first, &values);
        text_append_string(&writing->line, writing->dry_run->form == DRY_RUN_CURL ? "#   " : "\t");
        fields_append_visible(&writing->line, text_span(&values));
        text_append_char(&writing->line, '\n');
        rc = text_check(&values, error);
    }
    text_free(&values);
    field_differences_free(&differences);
    json_decref(former);
    json_decref(planned);
    return rc;
}

/* ---- documents ---- */

static enum kind_request choose_request(const struct writing *writing,
                                        const struct due_document *due) {
    if (!due->is_unknown || writing->request != KIND_CREATE) {
        return writing->request;
    }
    return kind_has(writing->kind, KIND_FIND) ? KIND_FIND : KIND_EXISTENCE;
}

/* A document that has no such request is shown without a path. */
static int write_document(struct writing *writing, const struct due_document *due,
                          const struct filled *filled, struct error *error) {
    struct built built = {0};
    built.draft = (struct kind_draft){.which = choose_request(writing, due),
                                      .path = &built.path,
                                      .headers = &built.headers,
                                      .body = &built.body};
    int is_built = kind_build(writing->kind, &filled->document, &built.draft);
    if (built.draft.which == KIND_CREATE) {
        text_append(&built.body, text_span(&filled->body));
    }
    if (writing->dry_run->form == DRY_RUN_TEXT) {
        append_text(writing, &built, due->key);
    } else if (is_built == 1) {
        append_curl(writing, &built, due);
    }
    int rc = text_check(&built.path, error) == 0 && text_check(&built.headers, error) == 0 &&
                     text_check(&built.body, error) == 0
                 ? 0
                 : -1;
    text_free(&built.path);
    text_free(&built.headers);
    text_free(&built.body);
    return rc;
}

static int take(void *context, const struct due_document *due, struct error *error) {
    struct writing *writing = context;
    struct filled filled = {0};
    int rc =
        fill(writing, due, &filled, error) == 0 ? write_document(writing, due, &filled, error) : -1;
    if (rc == 0 && writing->request == KIND_UPDATE) {
        rc = append_fields(writing, due, error);
    }
    free_filled(&filled);
    return rc == 0 ? report_flush(writing->dry_run->report.out, &writing->line, error) : -1;
}

static int write_kind(struct writing *writing, size_t kind, enum due_what what,
                      enum kind_request request, struct error *error) {
    const struct dry_run *dry_run = writing->dry_run;
    writing->kind = &dry_run->report.migration->kinds[kind];
    writing->request = request;
    const struct due_filter filter = {
        .kind = writing->kind->name, .key = dry_run->key, .is_chosen = dry_run->is_chosen};
    bool is_left_out = what == DUE_CHANGED && dry_run->only != NULL &&
                       strcmp(dry_run->only, writing->kind->name) != 0;
    return is_left_out || !kind_has(writing->kind, request)
               ? 0
               : due_each(dry_run->report.workspace, what, &filter, take, writing, error);
}

/* Records are changed when all is delivered, the last kinds first. */
static int write_all(struct writing *writing, struct error *error) {
    size_t kinds = writing->dry_run->report.migration->kind_count;
    enum due_what sent = writing->dry_run->retry_refused ? DUE_REFUSED : DUE_SENT;
    int rc = 0;
    for (size_t kind = 0; kind < kinds && rc == 0; kind++) {
        rc = write_kind(writing, kind, sent, KIND_CREATE, error);
    }
    for (size_t kind = kinds; kind-- > 0 && rc == 0 && writing->dry_run->update;) {
        rc = write_kind(writing, kind, DUE_CHANGED, KIND_UPDATE, error);
    }
    return rc;
}

int dry_run_write(const struct dry_run *dry_run, struct error *error) {
    struct writing writing = {.dry_run = dry_run, .journal = dry_run->journal};
    if (dry_run->form == DRY_RUN_CURL && dry_run->target != NULL) {
        text_append_string(&writing.line, "TARGET=");
        shell_word_append(&writing.line, span_of(dry_run->target));
        text_append_char(&writing.line, '\n');
    }
    int rc = write_all(&writing, error);
    if (rc == 0) {
        rc = report_flush(dry_run->report.out, &writing.line, error);
    }
    text_free(&writing.line);
    return rc;
}
