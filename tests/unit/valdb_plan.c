#define _POSIX_C_SOURCE 200809L /* strndup */
#include "valdb_plan.h"

#include <stdlib.h>
#include <string.h>

static struct plan *plans; /* of the test */

struct plan *plan_create(void) {
    struct plan *plan = calloc(1, sizeof *plan);
    assert_non_null(plan);
    plan->next = plans;
    plans = plan;
    return plan;
}

static void release(struct plan *plan) {
    for (size_t i = 0; i < plan->document_count; i++) {
        free(plan->documents[i].key);
        free(plan->documents[i].origin);
        json_decref(plan->documents[i].body);
    }
    for (size_t i = 0; i < plan->row_count; i++) {
        free(plan->rows[i].row);
        free(plan->rows[i].because);
        json_decref(plan->rows[i].content);
    }
    for (int i = 0; i < plan->query_count; i++) {
        free(plan->queries[i].name);
    }
    for (size_t i = 0; i < plan->correction_count; i++) {
        free(plan->corrections[i].id);
    }
    for (size_t i = 0; i < plan->warning_count; i++) {
        free(plan->warnings[i].key);
        free(plan->warnings[i].text);
    }
    for (size_t i = 0; i < plan->lookup_count; i++) {
        free(plan->lookups[i].name);
        free(plan->lookups[i].found);
    }
    free(plan->lookups);
    free(plan->documents);
    free(plan->rows);
    free(plan);
}

int release_plans(void **state) {
    (void)state;
    while (plans != NULL) {
        struct plan *next = plans->next;
        release(plans);
        plans = next;
    }
    return 0;
}

static char *copy(struct span span) {
    return span_is_null(span) ? NULL : strndup(span.data, span.length);
}

static json_t *parse(struct span json) {
    json_error_t error;
    json_t *value = json_loadb(json.data, json.length, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL) {
        fail_msg("%s: %.*s", error.text, (int)json.length, json.data);
    }
    return value;
}

/* Room for one more of `count` items; grows at powers of two. */
static void *grow(void *items, size_t count, size_t size) {
    if ((count & (count - 1)) != 0) {
        return items;
    }
    void *grown = realloc(items, (count == 0 ? 1 : 2 * count) * size);
    assert_non_null(grown);
    return grown;
}

static int begin_query(void *context, size_t kind, const char *name, const char *sql, int *query,
                       struct error *error) {
    struct plan *plan = context;
    (void)error;
    assert_true(kind < KIND_COUNT);
    assert_non_null(sql);
    assert_true(plan->query_count < QUERIES);
    *query = plan->query_count++;
    plan->queries[*query].name = copy(span_of(name));
    return 0;
}

static int end_query(void *context, int query, int64_t rows_read, struct error *error) {
    struct plan *plan = context;
    (void)error;
    assert_false(plan->queries[query].has_ended);
    plan->queries[query].has_ended = true;
    plan->queries[query].rows_read = rows_read;
    return 0;
}

static int add_document(void *context, const struct document *document, int64_t *id,
                        struct error *error) {
    struct plan *plan = context;
    (void)error;
    for (size_t i = 0; i < plan->document_count; i++) {
        if (plan->documents[i].kind == document->kind &&
            span_equal_string(document->key, plan->documents[i].key)) {
            fail_msg("%s is made twice", plan->documents[i].key);
        }
    }
    plan->documents = grow(plan->documents, plan->document_count, sizeof *plan->documents);
    plan->documents[plan->document_count++] =
        (struct made_document){.kind = document->kind,
                               .key = copy(document->key),
                               .body = parse(document->body),
                               .origin = copy(document->origin)};
    *id = (int64_t)plan->document_count;
    return 0;
}

static int settle_row(struct plan *plan, struct row_reference row, struct settled_row settled) {
    settled.query = row.query;
    settled.row = copy(row.row);
    plan->rows = grow(plan->rows, plan->row_count, sizeof *plan->rows);
    plan->rows[plan->row_count++] = settled;
    plan->queries[row.query].fates[settled.fate]++;
    return 0;
}

static int use_row(void *context, struct row_reference row, int64_t document, struct error *error) {
    (void)error;
    return settle_row(context, row,
                      (struct settled_row){.fate = ROW_WAS_USED, .document = document});
}

static int skip_row(void *context, struct row_reference row, const char *rule, struct span content,
                    struct error *error) {
    (void)error;
    return settle_row(context, row,
                      (struct settled_row){.fate = ROW_WAS_SKIPPED,
                                           .because = copy(span_of(rule)),
                                           .content = parse(content)});
}

static int reject_row(void *context, struct row_reference row, struct span reason,
                      struct span content, struct error *error) {
    (void)error;
    assert_false(span_is_empty(reason));
    return settle_row(context, row,
                      (struct settled_row){.fate = ROW_WAS_REJECTED,
                                           .because = copy(reason),
                                           .content = parse(content)});
}

static int count_correction(void *context, size_t kind, const char *correction, int64_t times,
                            struct error *error) {
    struct plan *plan = context;
    (void)error;
    assert_true(plan->correction_count < CORRECTIONS);
    plan->corrections[plan->correction_count++] =
        (struct counted_correction){.kind = kind, .id = copy(span_of(correction)), .times = times};
    return 0;
}

static int warn(void *context, size_t kind, struct span key, struct span text,
                struct error *error) {
    struct plan *plan = context;
    (void)error;
    assert_true(kind < KIND_COUNT);
    assert_true(plan->warning_count < WARNINGS);
    plan->warnings[plan->warning_count++] =
        (struct given_warning){.key = copy(key), .text = copy(text)};
    return 0;
}

static int tell_lookup(void *context, const struct person_lookup *lookup, struct error *error) {
    struct plan *plan = context;
    (void)error;
    assert_true(lookup->kind < KIND_COUNT);
    plan->lookups = grow(plan->lookups, plan->lookup_count, sizeof *plan->lookups);
    plan->lookups[plan->lookup_count++] = (struct told_lookup){.kind = lookup->kind,
                                                               .name = copy(lookup->name),
                                                               .outcome = lookup->outcome,
                                                               .uses = lookup->uses,
                                                               .found = copy(lookup->found)};
    return 0;
}

struct migration_sink plan_sink(struct plan *plan) {
    return (struct migration_sink){.context = plan,
                                   .begin_query = begin_query,
                                   .end_query = end_query,
                                   .add_document = add_document,
                                   .use_row = use_row,
                                   .skip_row = skip_row,
                                   .reject_row = reject_row,
                                   .count_correction = count_correction,
                                   .warn = warn,
                                   .tell_lookup = tell_lookup};
}

void plan_check_balance(const struct plan *plan) {
    for (int i = 0; i < plan->query_count; i++) {
        const struct read_query *query = &plan->queries[i];
        int64_t settled = query->fates[ROW_WAS_USED] + query->fates[ROW_WAS_SKIPPED] +
                          query->fates[ROW_WAS_REJECTED];
        if (!query->has_ended || query->rows_read != settled) {
            fail_msg("%s: %lld rows read, %lld settled", query->name, (long long)query->rows_read,
                     (long long)settled);
        }
    }
}
