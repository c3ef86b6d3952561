/* What a plan put into its sink: the memory of valdb_fixture.h. Texts are owned by the plan. */
#ifndef ROWPOST_TESTS_VALDB_PLAN_H
#define ROWPOST_TESTS_VALDB_PLAN_H

#include "valdb_fixture.h"

struct made_document {
    size_t kind;
    char *key;
    json_t *body;
    char *origin; /* NULL: source rows */
    int64_t rows; /* as it states */
    int64_t used; /* as many followed */
};

struct settled_row {
    size_t table;
    char *row;
    enum row_outcome outcome;
    size_t document; /* of a used row, from 1 */
    char *because;   /* of the others */
    json_t *content;
};

struct read_table {
    char *name;
    int64_t rows;
    int64_t outcomes[OUTCOME_COUNT];
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

struct told_person {
    size_t kind;
    char *name;
    enum person_outcome outcome;
    int64_t uses;
    char *found;
};

enum { TABLES = 16, CORRECTIONS = 64, WARNINGS = 64 };

struct plan {
    struct made_document *documents;
    size_t document_count;
    struct settled_row *rows;
    size_t row_count;
    struct read_table tables[TABLES];
    size_t table_count;
    struct counted_correction corrections[CORRECTIONS];
    size_t correction_count;
    struct given_warning warnings[WARNINGS];
    size_t warning_count;
    struct told_person *persons;
    size_t person_count;
    struct plan *next; /* of the same test */
};

/* A new plan that release_plans() releases, and the sink that fills it. */
struct plan *plan_create(void);
struct plan_sink sink_of(struct plan *plan);

/* Fails the test unless each table's rows are used, skipped and rejected rows, and each document is
 * made of as many rows as it states. */
void plan_check_balance(const struct plan *plan);

#endif
