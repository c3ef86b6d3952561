/* The whole account for programs: what account_append_json() writes, and the corrections with their
 * meaning, how quick the target was, and every document that a person should look at with all that
 * was asked and answered. docs/report.schema.json describes it. */
#ifndef ROWPOST_REPORT_JSON_REPORT_H
#define ROWPOST_REPORT_JSON_REPORT_H

#include "report/report.h"

int json_report_write(const struct report *report, struct error *error);

#endif
