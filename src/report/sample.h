/* A sample of a plan: some source rows beside what they have become, for somebody who knows the
 * data to look at. Where rows were used their content is not in the workspace, and is looked up in
 * the source (staging/row_lookup.h). */
#ifndef ROWPOST_REPORT_SAMPLE_H
#define ROWPOST_REPORT_SAMPLE_H

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "migration/migration.h"
#include "staging/row_lookup.h"
#include "workspace/row_sample.h"
#include "workspace/workspace.h"

/* Wants the content of the rows that were used. 0 or -1. */
int sample_want_rows(const struct row_sample *sample, struct row_lookup *rows, struct error *error);

/* For people, at most 80 columns wide: each row, and its document as far as the row has made it. */
int sample_append_text(const struct row_sample *sample, const struct row_lookup *rows,
                       const struct migration *migration, struct workspace *workspace,
                       struct text *out, struct error *error);

/* For programs: a member `sample` of an object, with whole bodies. */
int sample_write_json(const struct row_sample *sample, const struct row_lookup *rows,
                      struct workspace *workspace, struct json_writer *json, struct error *error);

#endif
