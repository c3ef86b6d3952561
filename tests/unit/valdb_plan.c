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
    for (size_t i = 0; i < plan->table_count; i++) {
        free(plan->tables[i].name);
    }
    for (size_t i = 0; i < plan->correction_count; i++) {
        free(plan->corrections[i].id);
    }
    for (size_t i = 0; i < plan->warning_count; i++) {
        free(plan->warnings[i].key);
        free(plan->warnings[i].text);
    }
    for (size_t i = 0; i < plan->person_count; i++) {
        free(plan->persons[i].name);
        free(plan->persons[i].found);
    }
    free(plan->persons);
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
    json_t *value =
        json_loadb(json.data, json.length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
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

/* Tables come first. */
static void take_table(struct plan *plan, const struct plan_table *table) {
    assert_true(plan->table_count < TABLES);
    assert_int_equal(plan->document_count + plan->row_count, 0);
    plan->tables[plan->table_count++] =
        (struct read_table){.name = copy(table->name), .rows = table->rows};
}

static void take_document(struct plan *plan, const struct plan_document *document) {
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
                               .origin = copy(document->origin),
                               .rows = document->rows};
}

static void take_row(struct plan *plan, const struct plan_row *row) {
    struct settled_row settled = {
        .table = row->table, .row = copy(row->row), .outcome = row->outcome};
    assert_true(row->table < plan->table_count);
    if (row->outcome == OUTCOME_USED) {
        assert_true(plan->document_count > 0);
        assert_true(span_is_null(row->because) && span_is_null(row->content));
        settled.document = plan->document_count;
        plan->documents[plan->document_count - 1].used++;
    } else {
        assert_false(span_is_empty(row->because));
        settled.because = copy(row->because);
        settled.content = parse(row->content);
    }
    plan->rows = grow(plan->rows, plan->row_count, sizeof *plan->rows);
    plan->rows[plan->row_count++] = settled;
    plan->tables[row->table].outcomes[row->outcome]++;
}

static void take_correction(struct plan *plan, const struct plan_correction *correction) {
    assert_true(plan->correction_count < CORRECTIONS);
    plan->corrections[plan->correction_count++] = (struct counted_correction){
        .kind = correction->kind, .id = copy(correction->id), .times = correction->times};
}

static void take_warning(struct plan *plan, const struct plan_warning *warning) {
    assert_true(warning->kind < KIND_COUNT);
    assert_true(plan->warning_count < WARNINGS);
    plan->warnings[plan->warning_count++] =
        (struct given_warning){.key = copy(warning->key), .text = copy(warning->text)};
}

static void take_person(struct plan *plan, const struct plan_person *person) {
    assert_true(person->kind < KIND_COUNT);
    plan->persons = grow(plan->persons, plan->person_count, sizeof *plan->persons);
    plan->persons[plan->person_count++] = (struct told_person){.kind = person->kind,
                                                               .name = copy(person->name),
                                                               .outcome = person->outcome,
                                                               .uses = person->uses,
                                                               .found = copy(person->found)};
}

static int put(void *context, const struct plan_entry *entry, struct error *error) {
    struct plan *plan = context;
    (void)error;
    switch (entry->kind) {
    case PLAN_TABLE:
        take_table(plan, &entry->table);
        break;
    case PLAN_DOCUMENT:
        take_document(plan, &entry->document);
        break;
    case PLAN_ROW:
        take_row(plan, &entry->row);
        break;
    case PLAN_CORRECTION:
        take_correction(plan, &entry->correction);
        break;
    case PLAN_WARNING:
        take_warning(plan, &entry->warning);
        break;
    case PLAN_PERSON:
        take_person(plan, &entry->person);
        break;
    case PLAN_ANSWER:
    case PLAN_ENTRY_KIND_COUNT:
        fail_msg("an entry of kind %d", entry->kind);
    }
    return 0;
}

struct plan_sink sink_of(struct plan *plan) {
    return (struct plan_sink){.context = plan, .put = put};
}

void plan_check_balance(const struct plan *plan) {
    for (size_t i = 0; i < plan->table_count; i++) {
        const struct read_table *table = &plan->tables[i];
        int64_t settled = table->outcomes[OUTCOME_USED] + table->outcomes[OUTCOME_SKIPPED] +
                          table->outcomes[OUTCOME_REJECTED];
        if (table->rows != settled) {
            fail_msg("%s: %lld rows, %lld settled", table->name, (long long)table->rows,
                     (long long)settled);
        }
    }
    for (size_t i = 0; i < plan->document_count; i++) {
        const struct made_document *document = &plan->documents[i];
        if (document->rows != document->used) {
            fail_msg("%s states %lld rows, %lld follow", document->key, (long long)document->rows,
                     (long long)document->used);
        }
    }
}
