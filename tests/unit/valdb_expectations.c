#include "valdb_plan.h"

#include <stdlib.h>
#include <string.h>

#include "quoted.h"

static const char *const fate_names[ROW_FATES] = {"used", "skipped", "rejected"};

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
    json_t *expected = json_loads(text_string(&quoted), JSON_DECODE_ANY, NULL);
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

static int query_of(const struct plan *plan, const char *name) {
    for (int i = 0; i < plan->query_count; i++) {
        if (strcmp(plan->queries[i].name, name) == 0) {
            return i;
        }
    }
    fail_msg("no query %s", name);
    return -1;
}

/* The one row of that name, with that fate. */
static const struct settled_row *row_of(const struct plan *plan, const char *query,
                                        const char *row) {
    int position = query_of(plan, query);
    for (size_t i = 0; i < plan->row_count; i++) {
        const struct settled_row *settled = &plan->rows[i];
        const char *name = settled->row == NULL ? "" : settled->row;
        if (settled->query == position && strcmp(name, row) == 0) {
            return settled;
        }
    }
    fail_msg("no row %s in %s", row, query);
    return NULL;
}

static const struct settled_row *row_with_fate(const struct plan *plan, const char *query,
                                               const char *row, enum row_fate fate) {
    const struct settled_row *settled = row_of(plan, query, row);
    if (settled->fate != fate) {
        fail_msg("row %s of %s is %s (%s), not %s", row, query, fate_names[settled->fate],
                 settled->because == NULL ? "" : settled->because, fate_names[fate]);
    }
    return settled;
}

void expect_used(const struct plan *plan, const char *query, const char *row, enum valdb_kind kind,
                 const char *key) {
    const struct settled_row *settled = row_with_fate(plan, query, row, ROW_WAS_USED);
    assert_in_range((uintmax_t)settled->document, 1, plan->document_count);
    const struct made_document *document = &plan->documents[settled->document - 1];
    assert_int_equal(document->kind, kind);
    assert_string_equal(document->key, key);
}

void expect_skipped(const struct plan *plan, const char *query, const char *row, const char *rule) {
    assert_string_equal(row_with_fate(plan, query, row, ROW_WAS_SKIPPED)->because, rule);
}

void expect_rejected(const struct plan *plan, const char *query, const char *row,
                     const char *reason) {
    const char *because = row_with_fate(plan, query, row, ROW_WAS_REJECTED)->because;
    if (strncmp(because, reason, strlen(reason)) != 0) {
        fail_msg("row %s of %s is rejected for \"%s\", not \"%s\"", row, query, because, reason);
    }
}

void expect_lost_value(const struct plan *plan, const char *query, const char *row,
                       const char *path, const char *json) {
    const json_t *value = follow(row_of(plan, query, row)->content, path);
    assert_non_null(value);
    assert_json(value, json);
}

void expect_account(const struct plan *plan, const char *query, int read, int used, int skipped,
                    int rejected) {
    const struct read_query *figures = &plan->queries[query_of(plan, query)];
    assert_int_equal(figures->rows_read, read);
    assert_int_equal(figures->fates[ROW_WAS_USED], used);
    assert_int_equal(figures->fates[ROW_WAS_SKIPPED], skipped);
    assert_int_equal(figures->fates[ROW_WAS_REJECTED], rejected);
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
