/* The notebook's own request bodies, made from the golden database with 15 March 2023 as today: the
 * notebook rules give the same bodies for the same keys and no others. */
#include "valdb_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN ROWPOST_TEST_DATA "/golden/"

static int compare_texts(const void *left, const void *right) {
    return strcmp(json_string_value(*(json_t *const *)left),
                  json_string_value(*(json_t *const *)right));
}

/* A copy of the body whose subcategories, a set, stand in order. */
static json_t *with_sorted_subcategories(const json_t *body) {
    json_t *copy = json_deep_copy(body);
    json_t *subcategories = json_object_get(copy, "subcategories");
    size_t count = json_array_size(subcategories);
    json_t **items = calloc(count + 1, sizeof *items);
    assert_non_null(items);
    for (size_t i = 0; i < count; i++) {
        items[i] = json_incref(json_array_get(subcategories, i));
    }
    qsort(items, count, sizeof *items, compare_texts);
    for (size_t i = 0; i < count; i++) {
        json_array_set_new(subcategories, i, items[i]);
    }
    free(items);
    return copy;
}

static void assert_same_body(const struct plan *plan, enum valdb_kind kind, const json_t *line) {
    const char *key = json_string_value(json_object_get(line, "key"));
    const json_t *body = find_body(plan, kind, key);
    if (body == NULL) {
        fail_msg("no document %s", key);
    }
    json_t *planned = with_sorted_subcategories(body);
    json_t *golden = with_sorted_subcategories(json_object_get(line, "body"));
    if (!json_equal(planned, golden)) {
        char *text = json_dumps(planned, JSON_COMPACT);
        char *golden_text = json_dumps(golden, JSON_COMPACT);
        fail_msg("%s\n%s\nis not\n%s", key, text, golden_text);
    }
    json_decref(planned);
    json_decref(golden);
}

static void assert_same_bodies(enum valdb_kind kind, const char *path) {
    struct plan *plan =
        plan_database(GOLDEN "legacy.db", RULES_NOTEBOOK, GOLDEN "legacy.admins.csv", NULL);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t lines = 0;
    json_t *line;
    while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL)) != NULL) {
        assert_same_body(plan, kind, line);
        json_decref(line);
        lines++;
    }
    assert_int_equal(fclose(file), 0);
    assert_true(lines > 0);
    assert_int_equal(count_documents(plan, kind), lines);
}

static void the_notebooks_validators_are_the_golden_ones(void **state) {
    (void)state;
    assert_same_bodies(KIND_VALIDATORS, GOLDEN "notebook/validators.ndjson");
}

static void the_notebooks_administrators_are_the_golden_ones(void **state) {
    (void)state;
    assert_same_bodies(KIND_ADMINISTRATORS, GOLDEN "notebook/administrators.ndjson");
}

static void the_notebooks_campaigns_are_the_golden_ones(void **state) {
    (void)state;
    assert_same_bodies(KIND_CAMPAIGNS, GOLDEN "notebook/campaigns.ndjson");
}

static void the_notebook_rules_correct_nothing(void **state) {
    (void)state;
    struct plan *plan =
        plan_database(GOLDEN "legacy.db", RULES_NOTEBOOK, GOLDEN "legacy.admins.csv", NULL);
    assert_int_equal(count_documents(plan, KIND_AUTHORS), 0);
    expect_no_corrections(plan);
}

static void a_dirty_backup_is_planned_to_its_end_by_both_rule_sets(void **state) {
    (void)state;
    struct plan *plan =
        plan_database(GOLDEN "backup-dirty.db", RULES_CORRECTED, GOLDEN "backup-dirty.admins.csv",
                      GOLDEN "backup-dirty.people.csv");
    assert_true(count_documents(plan, KIND_VALIDATORS) > 0);
    assert_true(count_documents(plan, KIND_ADMINISTRATORS) > 0);
    assert_true(count_documents(plan, KIND_AUTHORS) > 0);
    assert_true(count_documents(plan, KIND_CAMPAIGNS) > 0);
    plan = plan_database(GOLDEN "backup-dirty.db", RULES_NOTEBOOK, GOLDEN "backup-dirty.admins.csv",
                         NULL);
    assert_true(count_documents(plan, KIND_CAMPAIGNS) > 0);
    expect_no_corrections(plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(the_notebooks_validators_are_the_golden_ones),
        plan_test(the_notebooks_administrators_are_the_golden_ones),
        plan_test(the_notebooks_campaigns_are_the_golden_ones),
        plan_test(the_notebook_rules_correct_nothing),
        plan_test(a_dirty_backup_is_planned_to_its_end_by_both_rule_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
