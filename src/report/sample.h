/* A sample of a plan: some source rows beside what they have become, for somebody who knows the
 * data to look at.
 *
 * The rows are spread over the kinds of documents, over what became of the rows (used, rejected,
 * skipped) and over the order in which they were read. The same plan gives the same sample.
 * sample_choose() reads it from a workspace; where rows were used their content is not there, and
 * is looked up in the source (delivery/row_lookup.h). */
#ifndef ROWPOST_REPORT_SAMPLE_H
#define ROWPOST_REPORT_SAMPLE_H

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "delivery/row_lookup.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

enum { SAMPLE_MOST = 1000 };

struct sample;

/* `count` rows, or all where there are fewer. NULL with the error. */
struct sample *sample_choose(struct workspace *workspace, size_t count, struct error *error);
void sample_free(struct sample *sample); /* NULL is allowed */

/* Wants the content of the rows that were used. 0 or -1. */
int sample_want_rows(const struct sample *sample, struct row_lookup *rows, struct error *error);

/* For people, at most 80 columns wide: each row, and its document as far as the row has made it. */
int sample_append_text(const struct sample *sample, const struct row_lookup *rows,
                       const struct migration *migration, struct workspace *workspace,
                       struct text *out, struct error *error);

/* For programs: a member `sample` of an object, with whole bodies. */
int sample_write_json(const struct sample *sample, const struct row_lookup *rows,
                      struct workspace *workspace, struct json_writer *json, struct error *error);

#endif
