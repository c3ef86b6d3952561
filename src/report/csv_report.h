/* The documents as CSV, one row each: for spreadsheets and `cut`. The columns are those of
 * docs/report.md. */
#ifndef ROWPOST_REPORT_CSV_REPORT_H
#define ROWPOST_REPORT_CSV_REPORT_H

#include "report/report.h"

int csv_report_write(const struct report *report, struct error *error);

#endif
