/* The account as people and programs read it, from the workspace alone.
 *
 * Both forms are appended to a text, which stays the caller's. The JSON form is one object, as
 * docs/report.schema.json describes it: `kinds`, each with its `queries` (rows read, used, skipped
 * by rule, rejected by reason), `documents` by state, `verified` by verdict and `corrections`;
 * `warnings`; `settings`; `owner`. */
#ifndef ROWPOST_REPORT_ACCOUNT_REPORT_H
#define ROWPOST_REPORT_ACCOUNT_REPORT_H

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "report/report.h"
#include "workspace/account.h"
#include "workspace/workspace.h"

/* The version of the schema. It grows when a member goes or changes its meaning. */
enum { ACCOUNT_VERSION = 1 };

/* Colours for a terminal, or none. */
enum report_colours { REPORT_PLAIN, REPORT_COLOURED };

void account_append_text(const struct account *account, enum report_colours colours,
                         struct text *out);

int account_append_json(const struct account *account, struct workspace *workspace,
                        struct text *out, struct error *error);

/* The members of that object, for whoever adds to them. */
int account_write_members(const struct account *account, struct workspace *workspace,
                          struct json_writer *json, struct error *error);

/* The text as a report. */
int account_write_text(const struct report *report, struct error *error);

/* One line for each kind and state: where the delivery stands. */
void account_append_delivery(const struct account *account, enum report_colours colours,
                             struct text *out);

#endif
