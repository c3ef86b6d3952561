/* A workspace in the folder of the test, and plans written into it by hand. */
#ifndef ROWPOST_TESTS_WORKSPACE_FIXTURE_H
#define ROWPOST_TESTS_WORKSPACE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER_FILE "move.rowpost"

#include "base/statement.h"
#include "folder_fixture.h"
#include "workspace/planning.h"
#include "workspace/workspace.h"

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

/* What a plan by hand makes: documents of kind 0, each made of one row. */
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

static inline void put(struct planning *planning, struct plan_entry entry) {
    struct error error = {0};
    if (planning_put(planning, &entry, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

/* The entry has to be refused with that code, and with these words in the message. */
static inline void refuse(struct planning *planning, struct plan_entry entry, enum error_code code,
                          const char *words) {
    struct error error = {0};
    assert_int_equal(planning_put(planning, &entry, &error), -1);
    assert_int_equal(error.code, code);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
}

static inline struct plan_entry table_entry(const char *name, int64_t rows) {
    return (struct plan_entry){.kind = PLAN_TABLE, .table = {.name = span_of(name), .rows = rows}};
}

static inline struct plan_entry document_entry(size_t kind, const char *key, const char *body,
                                               int64_t rows) {
    return (struct plan_entry){
        .kind = PLAN_DOCUMENT,
        .document = {.kind = kind, .key = span_of(key), .body = span_of(body), .rows = rows}};
}

static inline struct plan_entry used_row(size_t table, const char *row) {
    return (struct plan_entry){
        .kind = PLAN_ROW, .row = {.table = table, .row = span_of(row), .outcome = OUTCOME_USED}};
}

static inline struct plan_entry unused_row(size_t table, const char *row, enum row_outcome outcome,
                                           const char *because) {
    return (struct plan_entry){.kind = PLAN_ROW,
                               .row = {.table = table,
                                       .row = span_of(row),
                                       .outcome = outcome,
                                       .because = span_of(because),
                                       .content = span_of("{}")}};
}

static inline struct plan_entry correction_entry(size_t kind, const char *id, int64_t times) {
    return (struct plan_entry){.kind = PLAN_CORRECTION,
                               .correction = {.kind = kind, .id = span_of(id), .times = times}};
}

static inline struct plan_entry warning_entry(size_t kind, const char *key, const char *text) {
    return (struct plan_entry){
        .kind = PLAN_WARNING,
        .warning = {.kind = kind, .key = span_of(key), .text = span_of(text)}};
}

/* Adds the documents (a NULL key ends them), each made of one row of its key's name in the table
 * "rows", which has `more` further rows. */
static inline void add_documents(struct planning *planning, const struct hand_document *documents,
                                 int64_t more) {
    int64_t rows = more;
    for (const struct hand_document *one = documents; one->key != NULL; one++) {
        rows++;
    }
    put(planning, table_entry("rows", rows));
    for (const struct hand_document *one = documents; one->key != NULL; one++) {
        put(planning, document_entry(0, one->key, one->body, 1));
        put(planning, used_row(0, one->key));
    }
}

/* A whole plan of these documents. */
static inline void plan_documents(struct workspace *workspace,
                                  const struct hand_document *documents) {
    struct error error = {0};
    struct planning *planning = begin_plan(workspace);
    add_documents(planning, documents, 0);
    if (planning_finish(planning, &error) != 0) {
        fail_msg("%s", error.message);
    }
}

#endif
