#include "migration/sqlfile/file_kind.h"

#include <stdio.h>

#include "base/json_memory.h"
#include "migration/sqlfile/compare.h"
#include "migration/sqlfile/file_list.h"

enum { STATUS_NOT_FOUND = 404 }; /* many services report this without JSON */

static const struct file_kind *of(const struct migration_kind *kind) {
    return kind->context;
}

/* ---- requests ---- */

static int build(const struct file_request *request, const struct kind_document *document,
                 struct kind_draft *draft) {
    const struct template_scope scope = {.document = document};
    draft->method = request->method;
    return template_append(&request->path, &scope, TEMPLATE_PATH, draft->path);
}

/* 1; 0 where a value cannot be in a header. One whose value is null or empty is left out. */
static int append_headers(const struct file_kind *kind, const struct kind_document *document,
                          struct text *out) {
    const struct template_scope scope = {.document = document};
    struct text value = {0};
    int rc = 1;
    for (size_t i = 0; i < kind->header_count && rc >= 0; i++) {
        text_clear(&value);
        rc = template_append(&kind->headers[i], &scope, TEMPLATE_HEADER, &value);
        struct span trimmed = span_trim_blanks(text_span(&value));
        if (rc == 1 && trimmed.length > 0) {
            text_append_format(out, "%s: ", kind->headers[i].annotation->name);
            text_append(out, trimmed);
            text_append_char(out, '\n');
        }
    }
    out->failed = out->failed || value.failed;
    text_free(&value);
    return rc >= 0;
}

static int build_create(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft) {
    return build(&of(kind)->create, document, draft) == 1
               ? append_headers(of(kind), document, draft->headers)
               : 0;
}

static int build_find(const struct migration_kind *kind, const struct kind_document *document,
                      struct kind_draft *draft) {
    return build(&of(kind)->find, document, draft);
}

static int build_read(const struct migration_kind *kind, const struct kind_document *document,
                      struct kind_draft *draft) {
    return draft->part < of(kind)->read_count
               ? build(&of(kind)->reads[draft->part], document, draft)
               : 0;
}

/* The members that the annotation names, or all. */
static json_t *updated_body(const struct file_kind *kind, const json_t *body) {
    return kind->updated.count == 0 ? json_incref((json_t *)body)
                                    : members_pick(&kind->updated, body);
}

static int build_update(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft) {
    if (build(&of(kind)->update, document, draft) == 0) {
        return 0;
    }
    json_t *body = updated_body(of(kind), document->body);
    char *dumped = body == NULL ? NULL : json_memory_dump(body, JSON_COMPACT | JSON_ENCODE_ANY);
    bool is_empty = json_is_object(body) && json_object_size(body) == 0;
    draft->body->failed = draft->body->failed || dumped == NULL;
    text_append_string(draft->body, dumped);
    json_memory_free(dumped);
    json_decref(body);
    return is_empty ? 0 : append_headers(of(kind), document, draft->headers);
}

static int build_remove(const struct migration_kind *kind, const struct kind_document *document,
                        struct kind_draft *draft) {
    return build(&of(kind)->remove, document, draft);
}

static int build_list(const struct migration_kind *kind, const struct kind_document *document,
                      struct kind_draft *draft) {
    (void)document;
    return file_list_append_path(&of(kind)->list.path, draft->part, draft->listed, draft->path);
}

/* ---- answers ---- */

static struct condition_scope scope_of(const struct kind_document *document,
                                       const struct kind_answer *answer) {
    return (struct condition_scope){.status = answer->status,
                                    .answers = &answer->json,
                                    .answer_count = 1,
                                    .location = answer->location,
                                    .document = document};
}

static bool is_true(const struct condition *condition, const struct kind_document *document,
                    const struct kind_answer *answer) {
    const struct condition_scope scope = scope_of(document, answer);
    return condition != NULL && condition_test(condition, &scope) == 1;
}

/* `success` and `conflict` are about a record that is made; for a change and a removal the status
 * shows whether it was carried out. */
static enum kind_reading read_answer(const struct migration_kind *kind,
                                     const struct kind_document *document,
                                     const struct kind_answer *answer) {
    const struct file_kind *file_kind = of(kind);
    const struct {
        const struct condition *condition;
        bool is_for_creation;
        enum kind_reading reading;
    } readings[] = {
        {file_kind->success, true, READING_DONE},
        {file_kind->conflict, true, READING_EXISTS},
        {file_kind->retry, false, READING_AGAIN},
        {file_kind->refuse, false, READING_REFUSED},
    };
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        if ((answer->to == KIND_CREATE || !readings[i].is_for_creation) &&
            is_true(readings[i].condition, document, answer)) {
            return readings[i].reading;
        }
    }
    return READING_NONE;
}

/* ---- the target's own names for records ---- */

/* A value that is not an id must not count as a missing id: the record would be sent again. */
static int take_match(void *context, sqlite3_stmt *row) {
    struct kind_matches *matches = context;
    json_t *id = file_list_id(row, 0);
    if (id != NULL) {
        kind_matches_add_id(matches, id);
    } else if (sqlite3_column_type(row, 0) != SQLITE_NULL) {
        matches->failure = "an id is neither a text nor a whole number";
        return -1;
    }
    json_decref(id);
    return 0;
}

/* An answer that `success` does not accept shows no record. */
static bool find_created(const struct file_kind *kind, const struct kind_document *document,
                         const struct kind_answer *answer, struct kind_matches *matches) {
    const struct condition_scope scope = scope_of(document, answer);
    return kind->id != NULL && is_true(kind->success, document, answer) &&
           condition_query(kind->id, &scope, take_match, matches) == 0;
}

static bool find_matches(const struct migration_kind *kind, const struct kind_document *document,
                         const struct kind_answer *answer, struct kind_matches *matches) {
    const struct condition_scope scope = scope_of(document, answer);
    if (answer->to == KIND_CREATE) {
        return find_created(of(kind), document, answer, matches);
    }
    if (answer->to != KIND_FIND && answer->to != KIND_EXISTENCE) {
        return false;
    }
    if (answer->json == NULL && answer->status != STATUS_NOT_FOUND) {
        return false;
    }
    if (condition_query(of(kind)->match, &scope, take_match, matches) != 0) {
        const char *failure = condition_failure(of(kind)->match);
        matches->failure = *failure == '\0' ? matches->failure : failure;
        return false;
    }
    matches->record = matches->count > 0 ? answer->json : NULL;
    return true;
}

static int each_listed(const struct migration_kind *kind, const struct kind_answer *answer,
                       const struct listed_sink *sink) {
    return file_list_each(of(kind)->each, answer, sink);
}

static void mask(const struct migration_kind *kind, json_t *answer) {
    members_mask(&of(kind)->secret, answer);
}

/* ---- comparing ---- */

static size_t add_difference(const struct difference_sink *sink, const char *field,
                             const char *found) {
    sink->add(sink->context, field, span_of("as planned"), span_of(found));
    return 1;
}

static int take_actual(void *context, sqlite3_stmt *row) {
    json_t **actual = context;
    if (*actual == NULL && sqlite3_column_type(row, 0) == SQLITE_TEXT) {
        *actual = json_memory_load((const char *)sqlite3_column_text(row, 0),
                                   (size_t)sqlite3_column_bytes(row, 0),
                                   JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    }
    return 0;
}

/* The result of `actual` for the answers, or the only answer: a new reference, or NULL where it
 * makes no JSON of them. */
static json_t *find_actual(const struct file_kind *kind, const struct kind_document *document,
                           const json_t *const *answers, size_t count) {
    const struct condition_scope scope = {
        .answers = answers, .answer_count = count, .document = document};
    json_t *actual = NULL;
    if (kind->actual == NULL) {
        return json_incref((json_t *)answers[0]);
    }
    condition_query(kind->actual, &scope, take_actual, &actual);
    return actual;
}

static size_t compare_answers(const struct file_kind *kind, const struct kind_document *document,
                              const json_t *const *answers, size_t count,
                              const struct difference_sink *differences) {
    const struct compare_rules rules = {&kind->unordered, &kind->ignored, &kind->secret};
    json_t *planned = compare_merge(document->body, document->expect);
    json_t *actual = find_actual(kind, document, answers, count);
    size_t found = 0;
    if (planned == NULL && differences->fail != NULL) {
        differences->fail(differences->context);
    } else if (actual == NULL) {
        const char *why = kind->actual == NULL ? "" : condition_failure(kind->actual);
        found = add_difference(differences, "whole record",
                               *why == '\0' ? "what was read back is not what --@ actual expects"
                                            : why);
    } else {
        found = compare_members(planned, actual, &rules, differences);
    }
    json_decref(planned);
    json_decref(actual);
    return found;
}

/* If nothing more is read, the answer to `find` is the whole record. */
static size_t compare(const struct migration_kind *kind, const struct kind_document *document,
                      const json_t *record, enum comparison comparison,
                      const struct difference_sink *differences) {
    return comparison == COMPARE_READ_BACK
               ? compare_answers(of(kind), document, &record, 1, differences)
               : 0;
}

static size_t count_parts(const struct migration_kind *kind, const struct kind_document *document,
                          enum kind_depth depth) {
    (void)document;
    (void)depth;
    return of(kind)->read_count;
}

static size_t compare_part(const struct migration_kind *kind, const struct kind_document *document,
                           size_t part, const json_t *answers,
                           const struct difference_sink *differences) {
    const struct file_kind *file_kind = of(kind);
    const json_t *found[FILE_KIND_READS_MOST] = {NULL};
    size_t unread = 0;
    if (part + 1 < file_kind->read_count) {
        return 0;
    }
    for (size_t i = 0; i < file_kind->read_count; i++) {
        found[i] = json_array_get(answers, i);
        if (found[i] == NULL || json_is_null(found[i])) {
            unread += add_difference(differences, file_kind->reads[i].path.annotation->text,
                                     "it cannot be read back");
        }
    }
    return unread > 0
               ? unread
               : compare_answers(file_kind, document, found, file_kind->read_count, differences);
}

static bool can_update(const struct migration_kind *kind, const char *field) {
    return of(kind)->updated.count == 0 || members_cover(&of(kind)->updated, field);
}

void file_kind_fill(const struct file_kind *file_kind, struct migration_kind *kind) {
    kind->context = file_kind;
    kind->refuses_twins = file_kind->conflict != NULL;
    kind->confirming_requests = file_kind->id == NULL ? 1 + file_kind->read_count : 0;
    kind->is_tried_first = true;
    kind->build[KIND_CREATE] = build_create;
    kind->build[KIND_FIND] = build_find;
    kind->build[KIND_READ] = file_kind->read_count > 0 ? build_read : NULL;
    kind->build[KIND_UPDATE] = file_kind->update.method != NULL ? build_update : NULL;
    kind->build[KIND_REMOVE] = file_kind->remove.method != NULL ? build_remove : NULL;
    kind->build[KIND_LIST] = file_kind->list.method != NULL ? build_list : NULL;
    kind->read_answer = read_answer;
    kind->find_matches = find_matches;
    kind->each_listed = file_kind->each != NULL ? each_listed : NULL;
    kind->mask = file_kind->secret.count > 0 ? mask : NULL;
    kind->compare = file_kind->read_count == 0 && file_kind->actual != NULL ? compare : NULL;
    kind->count_parts = file_kind->read_count > 0 ? count_parts : NULL;
    kind->compare_part = file_kind->read_count > 0 ? compare_part : NULL;
    kind->can_update = file_kind->update.method != NULL ? can_update : NULL;
}
