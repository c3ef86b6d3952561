/* A plan's writer: what a migration makes is noted in batches, and a thread of its own writes them
 * into the workspace while the migration goes on.
 *
 * From plan_writer_start() until plan_writer_finish() or plan_writer_abandon() have returned, the
 * planning and its workspace belong to the writer and nothing else may touch them; both stay the
 * caller's. One thread makes all the calls. Spans and strings are copied. The first error of the
 * workspace stops the writing; one of the calls that follow returns it, plan_writer_finish() at the
 * latest. Where no thread can be had, the calls write for themselves. */
#ifndef ROWPOST_DELIVERY_PLAN_WRITER_H
#define ROWPOST_DELIVERY_PLAN_WRITER_H

#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "migration/migration.h"
#include "workspace/planning.h"

struct plan_writer;

/* `planning` has to be without queries yet. NULL: no memory. */
struct plan_writer *plan_writer_start(struct planning *planning, struct error *error);

/* Gives the numbers 1, 2, ... to the queries. */
int plan_writer_begin_query(struct plan_writer *writer, size_t kind, const char *name,
                            const char *sql, int *query, struct error *error);
int plan_writer_end_query(struct plan_writer *writer, int query, int64_t rows_read,
                          struct error *error);

/* `*handle` stands for the document in plan_writer_use_row() until the next one is added. */
int plan_writer_add_document(struct plan_writer *writer, const struct document *document,
                             int64_t *handle, struct error *error);

/* A handle that is not the last document's is ERROR_INTERNAL. */
int plan_writer_use_row(struct plan_writer *writer, struct row_reference row, int64_t handle,
                        struct error *error);

/* Writes the fate of a row that became of no document. */
int plan_writer_drop_row(struct plan_writer *writer, struct row_reference row, enum fate fate,
                         struct span because, struct span content, struct error *error);

int plan_writer_count_correction(struct plan_writer *writer, size_t kind, const char *correction,
                                 int64_t times, struct error *error);
int plan_writer_add_warning(struct plan_writer *writer, size_t kind, struct span key,
                            struct span text, struct error *error);

int plan_writer_add_lookup(struct plan_writer *writer, const struct person_lookup *lookup,
                           struct error *error);

/* Keeps the answer of a people directory for later plans. */
int plan_writer_keep_answer(struct plan_writer *writer, struct span directory, struct span name,
                            struct span answer, struct error *error);

/* Waits until everything is written, and frees the writer; -1 where not all of it could be. */
int plan_writer_finish(struct plan_writer *writer, struct error *error);

/* Stops after the batch that is being written, and frees the writer. */
void plan_writer_abandon(struct plan_writer *writer);

#endif
