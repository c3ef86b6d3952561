/* The summary of a workspace as people and programs read it.
 *
 * Both forms are appended to a text, which stays the caller's. The JSON form is one object, as
 * docs/report.schema.json describes it: `tables`, each with its rows by outcome and reason;
 * `kinds`, each with its documents by state and verdict, and its corrections; `parts`, `people`,
 * `warnings`, `settings`, `owner`. */
#ifndef ROWPOST_REPORT_SUMMARY_REPORT_H
#define ROWPOST_REPORT_SUMMARY_REPORT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "workspace/summary.h"
#include "workspace/workspace.h"

/* The version of the schema. It grows when a member goes or changes its meaning. */
enum { SUMMARY_VERSION = 2 };

/* Colours for a terminal, or none. */
enum report_colours { REPORT_PLAIN, REPORT_COLOURED };

/* How the text form is written, and of what program and workspace its commands are. */
struct summary_form {
    enum report_colours colours;
    const char *program;
    const char *workspace;
};

void summary_append_text(const struct summary *summary, const struct summary_form *form,
                         struct text *out);

/* The state of the delivery: the documents of each kind. */
void summary_append_delivery(const struct summary *summary, const struct summary_form *form,
                             struct text *out);

/* What may keep a run from being done: a bit each. */
enum remainder {
    REMAINDER_ROWS = 1,    /* rows that the plan rejected */
    REMAINDER_OPEN = 2,    /* documents that were not sent yet */
    REMAINDER_UNCLEAR = 4, /* documents that may or may not have arrived */
    REMAINDER_BAD = 8      /* documents that were refused, differ or are missing; strangers */
};

/* Appends which documents of the set there are: "3 documents are pending, 1 document is refused".
 * False, and nothing is appended, where there is none. */
bool summary_append_remainder(const struct summary *summary, unsigned set, struct text *out);

int summary_append_json(const struct summary *summary, struct workspace *workspace,
                        struct text *out, struct error *error);

/* The members of that object, for a caller that adds to them. */
int summary_write_members(const struct summary *summary, struct workspace *workspace,
                          struct json_writer *json, struct error *error);

#endif
