/* What a plan costs: no join reads a table once for each row of another, and ten times the rows of
 * any table take ten times the steps. Steps are those of SQLite's machine, which are the same on
 * every computer. */
#include "valdb_fixture.h"

#include <string.h>

/* Rows for `%d` logins, rights, campaigns of ten reports and rows of the history. */
static const char rows_sql[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    " INSERT INTO users SELECT 'u' || i, 'u' || i || '@lab.example', i %% 50 = 0, 1 FROM n;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    " INSERT INTO user_rights SELECT i, 'u' || (i %% 300 + 1), 'HLT', 'Data', 'TAU' FROM n;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    " INSERT INTO releases SELECT i, 'HLT', 'Data', '1_0_' || (i / 10), 1, 1655280000, 'TAU'"
    " FROM n;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    " INSERT INTO status(id, validation_status, user_name) SELECT i, 'OK', 'Anna Brown' FROM n;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
    " INSERT INTO releases_lv SELECT i, 'HLT', 'Data', '1_0_' || (i / 10), 1, 1655280000, 'TAU'"
    " FROM n;"
    "INSERT INTO status_lv SELECT * FROM status";

enum { USERS, RIGHTS, RELEASES, STATUS, HISTORY, TABLE_KINDS, FEW = 300, MANY = 3000 };

static void make_rows(struct text *sql, const int counts[TABLE_KINDS]) {
    text_append_format(sql, rows_sql, counts[USERS], counts[RIGHTS], counts[RELEASES],
                       counts[STATUS], counts[HISTORY]);
}

static bool begins_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

/* The loops of a statement come in nesting order, with one parent; only the first may read a whole
 * table. In a subquery that runs for each row none may, and an index that SQLite makes there is
 * made for each row. */
static void check_plan(const char *sql, sqlite3_stmt *plan) {
    int parent = -1;
    int correlated = -1;
    bool is_inner = false;
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(plan, 3);
        bool is_search = begins_with(detail, "SEARCH ");
        bool is_scan = is_search
                           ? strstr(detail, " USING ") == NULL
                           : begins_with(detail, "SCAN ") && !begins_with(detail, "SCAN CONSTANT");
        if (begins_with(detail, "CORRELATED")) {
            correlated = sqlite3_column_int(plan, 0);
        } else if (is_scan || is_search) {
            bool is_repeated = sqlite3_column_int(plan, 1) == correlated;
            is_inner = is_repeated || sqlite3_column_int(plan, 1) == parent;
            parent = sqlite3_column_int(plan, 1);
            if ((is_inner && is_scan) || (is_repeated && strstr(detail, "AUTOMATIC") != NULL)) {
                fail_msg("%s: for each row, %s", sql, detail);
            }
        }
    }
}

static void look_at_loops(void *context, sqlite3 *database, const char *sql, int64_t steps) {
    struct text explain = {0};
    sqlite3_stmt *plan = NULL;
    int *count = context;
    (void)steps;
    if (begins_with(sql, "CREATE")) {
        return;
    }
    text_append_format(&explain, "EXPLAIN QUERY PLAN %s", sql);
    assert_int_equal(sqlite3_prepare_v2(database, text_string(&explain), -1, &plan, NULL),
                     SQLITE_OK);
    check_plan(sql, plan);
    sqlite3_finalize(plan);
    text_free(&explain);
    (*count)++;
}

static void no_table_is_read_for_each_row_of_another(void **state) {
    (void)state;
    static const int counts[TABLE_KINDS] = {FEW, FEW, FEW, FEW, FEW};
    struct text sql = {0};
    int statements = 0;
    make_rows(&sql, counts);
    struct legacy legacy = {.sql = text_string(&sql), .admins = "u50,u50@lab.example,U\n"};
    plan_traced(&legacy, RULES_NOTEBOOK, look_at_loops, &statements);
    legacy.with_history = true;
    plan_traced(&legacy, RULES_CORRECTED, look_at_loops, &statements);
    text_free(&sql);
    assert_true(statements > 12);
}

static void add_steps(void *context, sqlite3 *database, const char *sql, int64_t steps) {
    int64_t *sum = context;
    (void)database;
    (void)sql;
    *sum += steps;
}

static int64_t count_steps(const int counts[TABLE_KINDS], enum rule_set rules) {
    struct text sql = {0};
    int64_t steps = 0;
    make_rows(&sql, counts);
    struct legacy legacy = {.sql = text_string(&sql),
                            .admins = "u50,u50@lab.example,U\n",
                            .with_history = rules == RULES_CORRECTED};
    plan_traced(&legacy, rules, add_steps, &steps);
    text_free(&sql);
    release_plans(NULL);
    return steps;
}

static void expect_linear(enum rule_set rules) {
    static const int few[TABLE_KINDS] = {FEW, FEW, FEW, FEW, FEW};
    int64_t base = count_steps(few, rules);
    for (int table = 0; table < TABLE_KINDS; table++) {
        int counts[TABLE_KINDS] = {FEW, FEW, FEW, FEW, FEW};
        counts[table] = MANY;
        int64_t steps = count_steps(counts, rules);
        /* What grows is a part of it. */
        assert_in_range((uintmax_t)steps, (uintmax_t)base, (uintmax_t)(10 * base));
    }
    static const int many[TABLE_KINDS] = {MANY, MANY, MANY, MANY, MANY};
    int64_t steps = count_steps(many, rules);
    assert_in_range((uintmax_t)steps, (uintmax_t)(9 * base), (uintmax_t)(11 * base));
}

static void ten_times_the_rows_take_ten_times_the_steps(void **state) {
    (void)state;
    expect_linear(RULES_CORRECTED);
}

static void so_they_do_under_the_notebooks_rules(void **state) {
    (void)state;
    expect_linear(RULES_NOTEBOOK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(no_table_is_read_for_each_row_of_another),
        plan_test(ten_times_the_rows_take_ten_times_the_steps),
        plan_test(so_they_do_under_the_notebooks_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
