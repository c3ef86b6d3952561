/* A plan of a migration file under way, and its steps. Private to src/migration/sqlfile. */
#ifndef ROWPOST_MIGRATION_SQLFILE_PLAN_PRIVATE_H
#define ROWPOST_MIGRATION_SQLFILE_PLAN_PRIVATE_H

#include "base/arena.h"
#include "base/marker.h"
#include "migration/ledger.h"
#include "migration/sqlfile/guard.h"

/* The rows of a table with their outcomes: the TEMP table `rows NAME`, and the view NAME over those
 * that are used. */
struct judged_rows {
    const struct annotation *classify;
    const struct table *table;
    struct ledger_table *in_ledger;
    bool has_document; /* its SELECT defines which document a row is in; else each row has its own
                          document */
    struct map fixes;  /* of used rows: by id, to int64_t */
};

struct file_plan {
    const struct sqlfile *file;
    struct staging *staging;
    sqlite3 *database;
    struct plan_sink *sink;
    struct ledger *ledger;
    struct guard guard;
    struct judged_rows *rows; /* one for each table of the file, in its order */
    struct text drop;         /* SQL that drops what was made */
    struct arena arena;
};

/* Runs SQL of the program that makes something called `name`. `kind` is TABLE or VIEW. */
int file_plan_create(struct file_plan *plan, const char *kind, const char *name,
                     const struct text *sql, struct error *error);

/* The result column of that name (any case), or -1. */
int statement_find_column(const struct statement *statement, const char *name);

/* Appends a value of the current row as a person can read it. */
void statement_append_value(const struct statement *statement, int column, struct text *out);

/* The rows that a kind's annotation names. */
struct judged_rows *file_plan_find_rows(struct file_plan *plan, const char *name);

/* A prepared SELECT of columns of rows with outcomes. */
int judged_rows_select(struct file_plan *plan, const struct judged_rows *rows, const char *columns,
                       const char *where, struct statement *statement, struct error *error);

/* ---- lookups.c ---- */
int lookup_run(struct file_plan *plan, const struct annotation *annotation, struct error *error);

/* ---- classify.c ---- */
int classify_run(struct file_plan *plan, struct judged_rows *rows, struct error *error);

/* ---- kinds.c ---- */
int kind_run(struct file_plan *plan, size_t kind, struct error *error);

/* ---- document_values.c ---- */

enum { VALUES_MOST = 64 };

/* A column of a kind's SELECT that a request, a header or a condition uses. */
struct value_column {
    int column;
    const struct annotation *path;   /* of a request that is needed to send anything; or NULL */
    const struct annotation *header; /* or NULL */
};

struct document_values {
    struct value_column columns[VALUES_MOST];
    size_t count;
};

/* Finds the columns. Each column has to be used, and each used name has to be a column. */
int document_values_find(const struct file_plan *plan, size_t kind,
                         const struct statement *documents, struct document_values *values,
                         struct error *error);

/* Appends them as a JSON object. A value that cannot be sent is -1, with the reason in `reason`. */
int document_values_append(const struct document_values *values, const struct statement *documents,
                           struct text *json, struct text *reason);

/* Whether a column's value is a marker of new_id(). */
bool document_value_is_marker(const struct statement *documents, int column);

/* ---- bodies.c ---- */

struct body_reader {
    struct statement validity;
    struct marker marker;
};

/* Start from `{0}`; to be closed in any case. */
int body_reader_open(struct body_reader *reader, sqlite3 *database, struct error *error);
void body_reader_close(struct body_reader *reader);

/* Checks that the body is JSON, and counts the objects and arrays that are in it as text. `*found`
 * is the first of these. -1 with what is wrong in `reason`. */
int body_inspect(const struct body_reader *reader, struct span body, size_t *texts,
                 struct text *found, struct text *reason);

/* Calls `refer` for each record that the body (which is JSON) refers to. */
int body_list_references(struct body_reader *reader, struct span body,
                         int (*refer)(void *context, const char *kind, const char *key,
                                      struct error *error),
                         void *context, struct error *error);

/* ---- document_references.c ---- */

/* The documents of a kind that is made, and what they refer to. */
struct document_references {
    struct file_plan *plan;
    size_t kind;
    int64_t place;         /* of the last document: its number in the kind, from 1 */
    bool has_later;        /* one refers to itself, or to one that was not made before it */
    struct statement note; /* a document */
    struct statement find;
    struct statement keep;  /* a reference within the kind */
    struct statement order; /* a document's place under its ordering key */
};

/* The TEMP tables of a plan. */
int document_references_prepare(struct file_plan *plan, struct error *error);

/* Start from `{0}`; to be closed in any case. */
int document_references_open(struct document_references *references, struct file_plan *plan,
                             size_t kind, struct error *error);
void document_references_close(struct document_references *references);

/* The next document of the kind; its ordering key may be null. 1; 0: there is one of that key
 * already; -1: the error. */
int document_references_note(struct document_references *references, struct span key,
                             struct span ordering_key, struct error *error);

/* The document `key` refers to another. ERROR_INPUT with the line where that is in no kind, in a
 * later one, or not migrated. */
int document_references_add(struct document_references *references, struct span key,
                            const char *to_kind, const char *to_key, struct error *error);

/* All documents of the kind are made: checks the references within it. ERROR_INPUT with the line
 * where one is not migrated, or for a cycle. */
int document_references_end(struct document_references *references, struct error *error);

/* ERROR_INPUT with the line of the kind's SELECT; -1. */
int document_references_fail(const struct document_references *references, const struct text *what,
                             struct error *error);

/* ---- document_order.c ---- */

/* The TEMP tables; emptied for the next kind. */
int document_order_prepare(struct file_plan *plan, struct error *error);
int document_order_clear(struct file_plan *plan, struct error *error);

/* ERROR_INPUT with the line and the documents where some wait for each other. */
int document_order_check(struct document_references *references, struct error *error);

/* ---- proofs.c: each is ERROR_INPUT with the line ---- */
int proofs_check_rows(struct file_plan *plan, struct error *error);
int proofs_check_columns(struct file_plan *plan, struct error *error);

/* ---- joins.c ---- */

/* Warns where an annotation's SQL compares a column of texts with one of numbers, and no two of
 * their values are equal: `'17' = 17` is false. */
int joins_check(struct file_plan *plan, struct error *error);

#endif
