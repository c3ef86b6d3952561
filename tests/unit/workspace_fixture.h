/* A folder for the workspace of a test, and plans written into it by hand. The folder is emptied
 * after each test and removed after the last. */
#ifndef ROWPOST_TESTS_WORKSPACE_FIXTURE_H
#define ROWPOST_TESTS_WORKSPACE_FIXTURE_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/statement.h"
#include "workspace/planning.h"
#include "workspace/workspace.h"

static char folder[] = "/tmp/rowpost-workspace-XXXXXX";
static char path[64];

static inline int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/move.rowpost", folder);
    return 0;
}

static inline int empty_folder(void **state) {
    (void)state;
    DIR *entries = opendir(folder);
    for (struct dirent *entry = NULL; (entry = readdir(entries)) != NULL;) {
        unlinkat(dirfd(entries), entry->d_name, 0);
    }
    return closedir(entries);
}

static inline int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static inline struct workspace *open_it(void) {
    struct error error = {0};
    struct workspace *workspace = workspace_open_or_create(path, "plan", &error);
    if (workspace == NULL) {
        fail_msg("%s", error.message);
    }
    return workspace;
}

/* Runs statements on the workspace, as a program that delivers would. */
static inline void change(struct workspace *workspace, const char *sql) {
    struct error error = {0};
    if (statement_execute(workspace_database(workspace), sql, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

/* All rows of the query: columns separated by a bar, rows by a line feed; NULL is a dash. */
static inline void assert_rows(struct workspace *workspace, const char *sql, const char *expected) {
    struct error error = {0};
    struct statement statement = {0};
    struct text found = {0};
    assert_int_equal(statement_prepare(&statement, workspace_database(workspace), sql, &error), 0);
    while (statement_step(&statement, &error) == 1) {
        text_append_string(&found, found.length == 0 ? "" : "\n");
        for (int i = 0; i < sqlite3_column_count(statement.handle); i++) {
            struct span value = statement_text(&statement, i);
            text_append_string(&found, i == 0 ? "" : "|");
            text_append(&found, span_is_null(value) ? span_of("-") : value);
        }
    }
    statement_finalize(&statement);
    assert_int_equal(error.code, ERROR_NONE);
    assert_string_equal(text_string(&found), expected);
    text_free(&found);
}

/* What a plan by hand makes: documents of kind 0 that become of one row each. */
struct hand_document {
    const char *key;
    const char *body;
};

static const struct planning_kind hand_kinds[] = {{"users", "/api/users/"},
                                                  {"campaigns", "/api/campaigns/"}};

static inline struct planning *begin_plan(struct workspace *workspace) {
    struct error error = {0};
    struct planning *planning = planning_begin(workspace, hand_kinds, 2, &error);
    if (planning == NULL) {
        fail_msg("%s", error.message);
    }
    return planning;
}

/* Adds the documents (a NULL key ends them), each used from a row of its key's name, as the query
 * "rows". Returns the query. */
static inline int add_documents(struct planning *planning, const struct hand_document *documents) {
    struct error error = {0};
    int query = 0;
    int64_t rows = 0;
    assert_int_equal(planning_begin_query(planning, 0, "rows", "SELECT 1", &query, &error), 0);
    for (const struct hand_document *one = documents; one->key != NULL; one++) {
        int64_t id = 0;
        assert_int_equal(planning_add_document(planning, 0, span_of(one->key), span_of(one->body),
                                               (struct span){0}, &id, &error),
                         0);
        assert_int_equal(planning_add_row(planning, query, span_of(one->key), FATE_USED, id,
                                          (struct span){0}, (struct span){0}, &error),
                         0);
        rows++;
    }
    planning_end_query(planning, query, rows);
    return query;
}

/* A whole plan of these documents. */
static inline void plan_documents(struct workspace *workspace,
                                  const struct hand_document *documents) {
    struct error error = {0};
    struct planning *planning = begin_plan(workspace);
    add_documents(planning, documents);
    if (planning_finish(planning, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

#endif
