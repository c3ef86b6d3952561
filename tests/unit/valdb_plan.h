/* What a plan put into its sink: the memory behind valdb_fixture.h. Texts are owned by the plan. */
#ifndef ROWPOST_TESTS_VALDB_PLAN_H
#define ROWPOST_TESTS_VALDB_PLAN_H

#include "valdb_fixture.h"

enum row_fate { ROW_WAS_USED, ROW_WAS_SKIPPED, ROW_WAS_REJECTED, ROW_FATES };

struct made_document {
    size_t kind;
    char *key;
    json_t *body;
    char *origin; /* NULL: source rows */
};

struct settled_row {
    int query;
    char *row;
    enum row_fate fate;
    int64_t document; /* of a used row, from 1 */
    char *because;    /* of the others */
    json_t *content;
};

struct read_query {
    char *name;
    bool has_ended;
    int64_t rows_read;
    int64_t fates[ROW_FATES];
};

struct counted_correction {
    size_t kind;
    char *id;
    int64_t times;
};

struct given_warning {
    char *key;
    char *text;
};

struct told_lookup {
    size_t kind;
    char *name;
    enum person_outcome outcome;
    int64_t uses;
    char *found;
};

enum { QUERIES = 16, CORRECTIONS = 64, WARNINGS = 64 };

struct plan {
    struct made_document *documents;
    size_t document_count;
    struct settled_row *rows;
    size_t row_count;
    struct read_query queries[QUERIES];
    int query_count;
    struct counted_correction corrections[CORRECTIONS];
    size_t correction_count;
    struct given_warning warnings[WARNINGS];
    size_t warning_count;
    struct told_lookup *lookups;
    size_t lookup_count;
    struct plan *next; /* of the same test */
};

/* A new plan that release_plans() releases, and the sink that fills it. */
struct plan *plan_create(void);
struct migration_sink plan_sink(struct plan *plan);

/* Fails the test unless each query's rows are used, skipped and rejected rows. */
void plan_check_balance(const struct plan *plan);

#endif
