/* A migration planned into a workspace: the golden databases, from source to workspace. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include "workspace_fixture.h"

#include "base/date.h"
#include "delivery/plan.h"
#include "valdb/valdb.h"

#define GOLDEN ROWPOST_TEST_DATA "/golden/"

static const struct migration_value notebook[] = {{"rules", "notebook"},
                                                  {"admins", GOLDEN "legacy.admins.csv"}};
static const struct migration_value corrected[] = {{"rules", "corrected"},
                                                   {"admins", GOLDEN "legacy.admins.csv"}};
static const struct migration_value with_alias[] = {
    {"alias", "Susy=NPS"}, {"alias", "TAU=Tau"}, {"admins", GOLDEN "legacy.admins.csv"}};

static int plan_into(struct workspace *workspace, const struct migration *migration,
                     const struct migration_value *values, size_t value_count,
                     struct error *error) {
    struct migration_settings settings = {.values = values, .value_count = value_count};
    struct source *source = source_open("sqlite:" GOLDEN "legacy.db", NULL, error);
    assert_non_null(source);
    assert_int_equal(date_parse_day(span_of("2023-03-15"), &settings.as_of), 0);
    const struct staging_settings staged = {.tables = migration->tables,
                                            .table_count =
                                                migration->count_tables(migration, &settings),
                                            .padding = migration->padding(migration, &settings)};
    struct staging *staging = staging_open(source, &staged, error);
    assert_non_null(staging);
    const struct plan_origin origin = {.source = source_name(source), .staging = staging};
    int rc = plan_run(migration, &settings, &origin, workspace, NULL, error);
    staging_close(staging);
    source_close(source);
    return rc;
}

static void plan_golden(struct workspace *workspace, const struct migration_value *values,
                        size_t value_count) {
    struct error error = {0};
    if (plan_into(workspace, &valdb_migration, values, value_count, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

static void the_notebooks_plan_holds_the_golden_documents(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_golden(workspace, notebook, 2);
    assert_rows(workspace,
                "SELECT name, count(document.id) FROM kind LEFT JOIN document ON kind = position"
                " GROUP BY position",
                "validators|115\n"
                "administrators|5\n"
                "authors|0\n"
                "campaigns|40");
    assert_rows(workspace, "SELECT DISTINCT state FROM document", "pending");
    workspace_close(workspace);
}

static void a_plan_balances_and_every_used_row_has_its_document(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_golden(workspace, corrected, 2);
    assert_rows(workspace,
                "SELECT count(*) FROM source_table WHERE rows <> used + skipped + rejected", "0");
    assert_rows(workspace,
                "SELECT count(*) FROM source_table t WHERE rows <>"
                " (SELECT count(*) FROM source_row WHERE source_table = t.id)",
                "0");
    assert_rows(workspace,
                "SELECT count(*) FROM document d WHERE rows <>"
                " (SELECT count(*) FROM source_row WHERE document = d.id)",
                "0");
    assert_rows(workspace,
                "SELECT count(*) FROM source_row WHERE outcome = 'used' AND document NOT IN"
                " (SELECT id FROM document)",
                "0");
    assert_rows(workspace,
                "SELECT count(*) FROM source_row WHERE outcome <> 'used' AND (because IS NULL OR"
                " content IS NULL OR NOT json_valid(content))",
                "0");
    assert_rows(workspace, "SELECT count(*) FROM body WHERE NOT json_valid(body)", "0");
    workspace_close(workspace);
}

static void a_plan_notes_with_what_it_was_made(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_golden(workspace, with_alias, 3);
    assert_rows(workspace,
                "SELECT name, value FROM setting WHERE name IN ('migration', 'rules', 'as-of',"
                " 'history', 'alias', 'people', 'one-moment') ORDER BY name",
                "alias|Susy=NPS TAU=Tau\n"
                "as-of|2023-03-15\n"
                "history|no\n"
                "migration|valdb\n"
                "one-moment|yes\n"
                "people|\n"
                "rules|corrected");
    workspace_close(workspace);
}

static void the_same_plan_again_changes_nothing(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_golden(workspace, corrected, 2);
    change(workspace, "UPDATE document SET state = 'delivered'");
    plan_golden(workspace, corrected, 2);
    assert_rows(workspace, "SELECT DISTINCT state, change FROM document", "delivered|-");
    workspace_close(workspace);
}

static void another_rule_set_marks_what_was_delivered_otherwise(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    plan_golden(workspace, notebook, 2);
    change(workspace, "UPDATE document SET state = 'delivered'");
    plan_golden(workspace, corrected, 2);
    assert_rows(workspace,
                "SELECT DISTINCT state, change FROM document WHERE kind = 3 AND"
                " key IN (SELECT key FROM document WHERE state = 'delivered')",
                "delivered|changed");
    workspace_close(workspace);
}

/* Makes one document, and then finds that the source has failed. */
static int fail_half_way(const struct migration *migration,
                         const struct migration_settings *settings, struct staging *staging,
                         struct plan_sink *sink, struct error *error) {
    const struct plan_entry entry = document_entry(0, "anna", "{}", 0);
    (void)migration;
    (void)settings;
    (void)staging;
    assert_int_equal(sink->put(sink->context, &entry, error), 0);
    return error_set(error, ERROR_SOURCE, "the source has failed");
}

/* Uses one row less than it states. */
static int lose_a_row(const struct migration *migration, const struct migration_settings *settings,
                      struct staging *staging, struct plan_sink *sink, struct error *error) {
    const struct plan_entry entry = document_entry(0, "anna", "{}", 1);
    (void)migration;
    (void)settings;
    (void)staging;
    return sink->put(sink->context, &entry, error);
}

static void a_plan_that_fails_half_way_leaves_the_workspace_as_it_was(void **state) {
    (void)state;
    struct error error = {0};
    struct migration failing = valdb_migration;
    failing.plan = fail_half_way;
    struct workspace *workspace = open_it();
    assert_int_equal(plan_into(workspace, &failing, corrected, 2, &error), -1);
    assert_int_equal(error.code, ERROR_SOURCE);
    assert_string_equal(error.message, "the source has failed");
    assert_rows(workspace, "SELECT count(*) FROM document", "0");
    assert_rows(workspace, "SELECT count(*) FROM setting", "0");
    workspace_close(workspace);
}

static void a_plan_that_does_not_balance_leaves_the_workspace_as_it_was(void **state) {
    (void)state;
    struct error error = {0};
    struct migration losing = valdb_migration;
    losing.plan = lose_a_row;
    struct workspace *workspace = open_it();
    assert_int_equal(plan_into(workspace, &losing, corrected, 2, &error), -1);
    assert_int_equal(error.code, ERROR_BALANCE);
    assert_rows(workspace, "SELECT count(*) FROM document", "0");
    assert_rows(workspace, "SELECT count(*) FROM setting", "0");
    workspace_close(workspace);
}

#define folder_test(test) cmocka_unit_test_teardown(test, empty_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(the_notebooks_plan_holds_the_golden_documents),
        folder_test(a_plan_balances_and_every_used_row_has_its_document),
        folder_test(a_plan_notes_with_what_it_was_made),
        folder_test(the_same_plan_again_changes_nothing),
        folder_test(another_rule_set_marks_what_was_delivered_otherwise),
        folder_test(a_plan_that_fails_half_way_leaves_the_workspace_as_it_was),
        folder_test(a_plan_that_does_not_balance_leaves_the_workspace_as_it_was),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
