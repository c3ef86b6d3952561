#include "valdb_plan.h"

#include <stdlib.h>
#include <string.h>

#include "quoted.h"

static const char *const outcome_names[OUTCOME_COUNT] = {"used", "skipped", "rejected"};

static const struct made_document *find_document(const struct plan *plan, enum valdb_kind kind,
                                                 const char *key) {
    for (size_t i = 0; i < plan->document_count; i++) {
        if (plan->documents[i].kind == (size_t)kind && strcmp(plan->documents[i].key, key) == 0) {
            return &plan->documents[i];
        }
    }
    return NULL;
}

const json_t *find_body(const struct plan *plan, enum valdb_kind kind, const char *key) {
    const struct made_document *document = find_document(plan, kind, key);
    return document == NULL ? NULL : document->body;
}

size_t count_documents(const struct plan *plan, enum valdb_kind kind) {
    size_t count = 0;
    for (size_t i = 0; i < plan->document_count; i++) {
        count += plan->documents[i].kind == (size_t)kind;
    }
    return count;
}

void expect_documents(const struct plan *plan, enum valdb_kind kind, const char *keys) {
    struct text found = {0};
    for (size_t i = 0; i < plan->document_count; i++) {
        if (plan->documents[i].kind == (size_t)kind) {
            text_append_string(&found, found.length == 0 ? "" : ", ");
            text_append_string(&found, plan->documents[i].key);
        }
    }
    bool is_equal = strcmp(text_string(&found), keys) == 0;
    if (!is_equal) {
        print_error("documents: \"%s\", expected \"%s\"\n", text_string(&found), keys);
    }
    text_free(&found);
    assert_true(is_equal);
}

/* Follows `.name` and `[position]`; NULL where there is nothing. */
static const json_t *follow(const json_t *value, const char *path) {
    while (value != NULL && *path != '\0') {
        if (*path == '[') {
            char *end;
            value = json_array_get(value, strtoul(path + 1, &end, 10));
            path = end + 1;
        } else {
            size_t length = strcspn(path + 1, ".[");
            struct text name = {0};
            text_append(&name, (struct span){path + 1, length});
            value = json_object_get(value, text_string(&name));
            text_free(&name);
            path += 1 + length;
        }
    }
    return value;
}

static const json_t *value_of(const struct plan *plan, enum valdb_kind kind, const char *key,
                              const char *path) {
    const json_t *body = find_body(plan, kind, key);
    if (body == NULL) {
        fail_msg("no document %s of kind %d", key, kind);
    }
    const json_t *value = follow(body, path);
    if (value == NULL) {
        fail_msg("%s has no %s", key, path);
    }
    return value;
}

void expect_text(const struct plan *plan, enum valdb_kind kind, const char *key, const char *path,
                 const char *text) {
    const json_t *value = value_of(plan, kind, key, path);
    assert_true(json_is_string(value));
    assert_string_equal(json_string_value(value), text);
}

static void assert_json(const json_t *value, const char *json) {
    struct text quoted = quoted_text(span_of(json));
    json_t *expected = json_loads(text_string(&quoted), JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    text_free(&quoted);
    assert_non_null(expected);
    bool is_equal = json_equal(value, expected) != 0;
    json_decref(expected);
    if (!is_equal) {
        char *found = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        print_error("found %s, expected %s\n", found, json);
        free(found);
    }
    assert_true(is_equal);
}

void expect_json(const struct plan *plan, enum valdb_kind kind, const char *key, const char *path,
                 const char *json) {
    assert_json(value_of(plan, kind, key, path), json);
}

void expect_origin(const struct plan *plan, enum valdb_kind kind, const char *key,
                   const char *words) {
    const struct made_document *document = find_document(plan, kind, key);
    assert_non_null(document);
    assert_non_null(document->origin);
    size_t length = strlen(document->origin);
    assert_true(length >= strlen(words));
    assert_string_equal(document->origin + length - strlen(words), words);
}

static const struct read_table *find_table(const struct plan *plan, const char *name) {
    for (size_t i = 0; i < plan->table_count; i++) {
        if (strcmp(plan->tables[i].name, name) == 0) {
            return &plan->tables[i];
        }
    }
    return NULL;
}

static const struct read_table *table_of(const struct plan *plan, const char *name) {
    const struct read_table *table = find_table(plan, name);
    if (table == NULL) {
        fail_msg("no table %s", name);
    }
    return table;
}

/* The first row of that name. */
static const struct settled_row *row_of(const struct plan *plan, const char *table,
                                        const char *row) {
    size_t number = (size_t)(table_of(plan, table) - plan->tables);
    for (size_t i = 0; i < plan->row_count; i++) {
        if (plan->rows[i].table == number && strcmp(plan->rows[i].row, row) == 0) {
            return &plan->rows[i];
        }
    }
    fail_msg("no row %s in %s", row, table);
    return NULL;
}

static const struct settled_row *row_that_ended(const struct plan *plan, const char *table,
                                                const char *row, enum row_outcome outcome) {
    const struct settled_row *settled = row_of(plan, table, row);
    if (settled->outcome != outcome) {
        fail_msg("row %s of %s is %s (%s), not %s", row, table, outcome_names[settled->outcome],
                 settled->because == NULL ? "" : settled->because, outcome_names[outcome]);
    }
    return settled;
}

void expect_used(const struct plan *plan, const char *table, const char *row, enum valdb_kind kind,
                 const char *key) {
    const struct settled_row *settled = row_that_ended(plan, table, row, OUTCOME_USED);
    assert_in_range(settled->document, 1, plan->document_count);
    const struct made_document *document = &plan->documents[settled->document - 1];
    assert_int_equal(document->kind, kind);
    assert_string_equal(document->key, key);
}

void expect_skipped(const struct plan *plan, const char *table, const char *row, const char *rule) {
    assert_string_equal(row_that_ended(plan, table, row, OUTCOME_SKIPPED)->because, rule);
}

void expect_rejected(const struct plan *plan, const char *table, const char *row,
                     const char *reason) {
    const char *because = row_that_ended(plan, table, row, OUTCOME_REJECTED)->because;
    if (strncmp(because, reason, strlen(reason)) != 0) {
        fail_msg("row %s of %s is rejected for \"%s\", not \"%s\"", row, table, because, reason);
    }
}

void expect_lost_value(const struct plan *plan, const char *table, const char *row,
                       const char *path, const char *json) {
    const json_t *value = follow(row_of(plan, table, row)->content, path);
    assert_non_null(value);
    assert_json(value, json);
}

void expect_outcomes(const struct plan *plan, const char *table, int rows, int used, int skipped,
                     int rejected) {
    const struct read_table *figures = table_of(plan, table);
    assert_int_equal(figures->rows, rows);
    assert_int_equal(figures->outcomes[OUTCOME_USED], used);
    assert_int_equal(figures->outcomes[OUTCOME_SKIPPED], skipped);
    assert_int_equal(figures->outcomes[OUTCOME_REJECTED], rejected);
}

void expect_not_read(const struct plan *plan, const char *table) {
    assert_null(find_table(plan, table));
}

void expect_correction(const struct plan *plan, enum valdb_kind kind, const char *correction,
                       int times) {
    int64_t found = 0;
    for (size_t i = 0; i < plan->correction_count; i++) {
        const struct counted_correction *counted = &plan->corrections[i];
        if (counted->kind == (size_t)kind && strcmp(counted->id, correction) == 0) {
            found += counted->times;
        }
    }
    if (found != times) {
        fail_msg("%s was counted %lld times, expected %d", correction, (long long)found, times);
    }
}

void expect_no_corrections(const struct plan *plan) {
    assert_int_equal(plan->correction_count, 0);
}

void expect_warning(const struct plan *plan, const char *key, const char *words) {
    for (size_t i = 0; i < plan->warning_count; i++) {
        if (strcmp(plan->warnings[i].key, key) == 0) {
            assert_non_null(strstr(plan->warnings[i].text, words));
            return;
        }
    }
    fail_msg("no warning about %s", key);
}

void expect_no_warnings(const struct plan *plan) {
    assert_int_equal(plan->warning_count, 0);
}
