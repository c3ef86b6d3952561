/* A sample of a plan: some source rows next to what they have become, to be checked by a person who
 * knows the data. The content of a row that was used is not in the workspace: the caller looks it
 * up in the source and puts it into the sample. */
#ifndef ROWPOST_REPORT_SAMPLE_H
#define ROWPOST_REPORT_SAMPLE_H

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "migration/migration.h"
#include "workspace/row_sample.h"
#include "workspace/workspace.h"

/* For people, at most 80 columns wide: each row, and its document as far as the row has made it. */
int sample_append_text(const struct row_sample *sample, const struct migration *migration,
                       struct workspace *workspace, struct text *out, struct error *error);

/* For programs: a member `sample` of an object, with whole bodies. */
int sample_write_json(const struct row_sample *sample, struct workspace *workspace,
                      struct json_writer *json, struct error *error);

#endif
