/* `kind NAME from ROWS, ...`: documents, each with the rows that are in it. */
#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/plan_private.h"

enum { WARNINGS_MOST = 20 };

struct making {
    struct file_plan *plan;
    const struct annotation *annotation;
    size_t kind;
    struct statement documents;
    struct statement used[16];
    struct body_reader reader;
    struct document_references references;
    int key, body, rows, ordering_key, expect; /* columns */
    struct document_values values;
    int64_t warnings;
    struct arena arena; /* of one document's rows */
    struct text key_text;
    struct text text;
    struct text found;
    struct text values_json;
};

static int fail(const struct making *making, struct error *error, const char *what) {
    return parsed_file_fail(&making->plan->file->parsed, making->annotation->sql_line, error,
                            "kind %s: %s", making->annotation->name, what);
}

static int fail_document(struct making *making, struct error *error, const char *what) {
    struct text message = {0};
    text_append_format(&message, "document %s %s", text_string(&making->key_text), what);
    fail(making, error, text_string(&message));
    text_free(&message);
    return -1;
}

static bool is_from(const struct making *making) {
    return strcmp(making->annotation->second, "from") == 0;
}

/* ---- statements ---- */

static int prepare_used(struct making *making, size_t index, struct error *error) {
    const struct judged_rows *rows =
        file_plan_find_rows(making->plan, making->annotation->list[index]);
    const char *where = rows->has_document
                            ? "\"row outcome\" = 0 AND document = ?1 ORDER BY \"row number\""
                            : "\"row outcome\" = 0 AND row = ?1 ORDER BY \"row number\"";
    return judged_rows_select(making->plan, rows, "\"row number\", \"row label\"", where,
                              &making->used[index], error);
}

static int prepare(struct making *making, struct error *error) {
    if (making->annotation->list_count > sizeof making->used / sizeof *making->used) {
        return fail(making, error, "its rows come from too many tables; expected 16 at most");
    }
    if (guard_prepare(&making->plan->guard, making->annotation, "", "", &making->documents,
                      error) != 0) {
        return -1;
    }
    making->key = statement_find_column(&making->documents, "key");
    making->body = statement_find_column(&making->documents, "body");
    making->rows = statement_find_column(&making->documents, "rows");
    making->ordering_key = statement_find_column(&making->documents, "ordering_key");
    making->expect = statement_find_column(&making->documents, "expect");
    if (making->key < 0 || making->body < 0) {
        return fail(making, error, "expected the columns key and body from its SELECT");
    }
    if (document_values_find(making->plan, making->kind, &making->documents, &making->values,
                             error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < making->annotation->list_count; i++) {
        if (prepare_used(making, i, error) != 0) {
            return -1;
        }
    }
    return body_reader_open(&making->reader, making->plan->database, error) == 0
               ? document_references_open(&making->references, making->plan, making->kind, error)
               : -1;
}

static void finish(struct making *making) {
    statement_finalize(&making->documents);
    body_reader_close(&making->reader);
    document_references_close(&making->references);
    for (size_t i = 0; i < sizeof making->used / sizeof *making->used; i++) {
        statement_finalize(&making->used[i]);
    }
    arena_free(&making->arena);
    text_free(&making->key_text);
    text_free(&making->text);
    text_free(&making->found);
    text_free(&making->values_json);
}

/* ---- the rows of a document ---- */

static int use_row(struct making *making, size_t index, struct ledger_uses *uses,
                   struct error *error) {
    struct judged_rows *rows = file_plan_find_rows(making->plan, making->annotation->list[index]);
    struct ledger_row row = {.table = rows->in_ledger,
                             .row = statement_integer(&making->used[index], 0),
                             .label = statement_text(&making->used[index], 1)};
    if (ledger_is_settled(row.table, row.row)) {
        text_clear(&making->text);
        text_append_format(&making->text,
                           "has row %.*s of %s, which another document has, too; expected each "
                           "row in one document",
                           (int)row.label.length, row.label.data, rows->table->name);
        return fail_document(making, error, text_string(&making->text));
    }
    return ledger_use(row, uses, &making->arena, error);
}

static int use_rows(struct making *making, struct ledger_uses *uses, struct error *error) {
    for (size_t i = 0; i < making->annotation->list_count; i++) {
        struct statement *used = &making->used[i];
        int rc;
        sqlite3_bind_value(used->handle, 1,
                           sqlite3_column_value(making->documents.handle, making->key));
        while ((rc = statement_step(used, error)) == 1) {
            if (use_row(making, i, uses, error) != 0) {
                rc = -1;
                break;
            }
        }
        statement_reset(used);
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

/* Checks that there are as many rows as the SELECT has counted. */
static int check_count(struct making *making, int64_t count, struct error *error) {
    int64_t stated = making->rows < 0 ? count : statement_integer(&making->documents, making->rows);
    text_clear(&making->text);
    if (stated != count) {
        text_append_format(&making->text,
                           "states %lld rows, and %lld used rows have it as their document; "
                           "expected all of them in its body",
                           (long long)stated, (long long)count);
    } else if (count == 0) {
        text_append_string(&making->text,
                           "is made of no row; expected used rows whose document it is (of the "
                           "same type: 17 is not '17'), or a kind with `also`");
    } else {
        return 0;
    }
    return fail_document(making, error, text_string(&making->text));
}

/* ---- the body ---- */

static int refer(void *context, const char *kind, const char *key, struct error *error) {
    struct making *making = context;
    return document_references_add(&making->references, text_span(&making->key_text), kind, key,
                                   error);
}

/* Puts the text as a warning about the key. */
static int warn(struct making *making, struct span key, struct error *error) {
    const struct plan_entry entry = {
        .kind = PLAN_WARNING,
        .warning = {.kind = making->kind, .key = key, .text = text_span(&making->text)}};
    return text_check(&making->text, error) == 0
               ? making->plan->sink->put(making->plan->sink->context, &entry, error)
               : -1;
}

static int warn_of_texts(struct making *making, size_t texts, struct error *error) {
    if (making->warnings++ >= WARNINGS_MOST) {
        return 0;
    }
    text_clear(&making->text);
    text_append_format(&making->text,
                       "%zu objects or arrays are in the body as text, the first in \"%s\"; "
                       "json(x) makes them part of it",
                       texts, text_string(&making->found));
    return warn(making, text_span(&making->key_text), error);
}

/* Whether a record is as planned can only be known where the file defines how to compare it. */
static int warn_of_comparison(struct making *making, struct error *error) {
    if (kind_is_compared(&making->plan->file->kinds[making->kind])) {
        return 0;
    }
    text_clear(&making->text);
    text_append_format(&making->text,
                       "line %zu: the kind has no --@ actual and no --@ read: verify finds whether "
                       "a record is there, and compares nothing of it",
                       making->annotation->line);
    return warn(making, span_of(making->annotation->name), error);
}

/* `what` is what the value is: "body". */
static int inspect_value(struct making *making, int column, const char *what, struct error *error) {
    struct span value = statement_text(&making->documents, column);
    struct text reason = {0};
    size_t texts = 0;
    text_clear(&making->found);
    int rc = body_inspect(&making->reader, value, &texts, &making->found, &reason);
    if (reason.length > 0) {
        text_clear(&making->text);
        text_append_format(&making->text,
                           "has %s that is not JSON: %s; expected json_object() "
                           "or the like",
                           what, text_string(&reason));
        fail_document(making, error, text_string(&making->text));
    }
    text_free(&reason);
    if (rc == 0) {
        rc = body_list_references(&making->reader, value, refer, making, error);
    }
    return rc == 0 && texts > 0 ? warn_of_texts(making, texts, error) : rc;
}

/* What the record has in addition to the body: an object, or null. */
static int inspect_expect(struct making *making, struct error *error) {
    struct span expect = making->expect < 0
                             ? span_of(NULL)
                             : span_trim(statement_text(&making->documents, making->expect));
    if (span_is_null(expect)) {
        return 0;
    }
    if (inspect_value(making, making->expect, "an expect", error) != 0) {
        return -1;
    }
    return *expect.data == '{' ? 0
                               : fail_document(making, error,
                                               "has an expect that is no object; expected "
                                               "json_object() or null");
}

/* Records are referred to by the body, by what is expected in addition to it, and by values that go
 * into a path or a header. */
static int inspect_document(struct making *making, struct error *error) {
    if (inspect_value(making, making->body, "a body", error) != 0 ||
        inspect_expect(making, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < making->values.count; i++) {
        int column = making->values.columns[i].column;
        if (document_value_is_marker(&making->documents, column) &&
            inspect_value(making, column, "a value", error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* The values as JSON; null where there are none. */
static int take_values(struct making *making, struct span *values, struct error *error) {
    text_clear(&making->values_json);
    text_clear(&making->text);
    *values = span_of(NULL);
    if (making->values.count == 0) {
        return 0;
    }
    if (document_values_append(&making->values, &making->documents, &making->values_json,
                               &making->text) != 0) {
        return fail_document(making, error, text_string(&making->text));
    }
    *values = text_span(&making->values_json);
    return text_check(&making->values_json, error);
}

/* ---- documents ---- */

/* A column that the SELECT may lack. */
static struct span text_of(const struct making *making, int column) {
    return column < 0 ? span_of(NULL) : statement_text(&making->documents, column);
}

static int note_document(struct making *making, struct error *error) {
    int rc = document_references_note(&making->references, text_span(&making->key_text),
                                      text_of(making, making->ordering_key), error);
    return rc == 0
               ? fail_document(making, error, "is there twice; expected each key once in a kind")
               : (rc < 0 ? -1 : 0);
}

static int put_document(struct making *making, struct error *error) {
    struct ledger_uses uses = {0};
    struct text origin = {0};
    struct span values;
    arena_reset(&making->arena);
    if (take_values(making, &values, error) != 0) {
        return -1;
    }
    if (is_from(making)) {
        if (use_rows(making, &uses, error) != 0 || check_count(making, uses.count, error) != 0) {
            return -1;
        }
    } else {
        text_append_format(&origin, "derived from %s", making->annotation->list[0]);
    }
    struct plan_document document = {.kind = making->kind,
                                     .key = text_span(&making->key_text),
                                     .body = statement_text(&making->documents, making->body),
                                     .values = values,
                                     .expect = text_of(making, making->expect),
                                     .ordering_key = text_of(making, making->ordering_key),
                                     .origin =
                                         is_from(making) ? span_of(NULL) : text_span(&origin)};
    int rc = ledger_put_document(making->plan->ledger, document, &uses, error);
    text_free(&origin);
    return rc;
}

static int take_document(struct making *making, struct error *error) {
    text_clear(&making->key_text);
    text_append(&making->key_text, statement_text(&making->documents, making->key));
    if (span_is_null(statement_text(&making->documents, making->key))) {
        return fail(making, error, "a document has no key; expected no null in the column key");
    }
    if (span_is_null(statement_text(&making->documents, making->body))) {
        return fail_document(making, error, "has no body; expected JSON, and no null");
    }
    return text_check(&making->key_text, error) == 0 && note_document(making, error) == 0 &&
                   inspect_document(making, error) == 0
               ? put_document(making, error)
               : -1;
}

int kind_run(struct file_plan *plan, size_t kind, struct error *error) {
    struct making making = {
        .plan = plan, .annotation = plan->file->kind_annotations[kind], .kind = kind};
    int rc = prepare(&making, error) == 0 ? warn_of_comparison(&making, error) : -1;
    while (rc == 0 &&
           (rc = guard_step(&plan->guard, making.annotation, &making.documents, error)) == 1) {
        rc = take_document(&making, error);
    }
    rc = rc == 0 ? document_references_end(&making.references, error) : rc;
    finish(&making);
    return rc;
}
