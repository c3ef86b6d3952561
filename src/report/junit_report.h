/* The account as JUnit's XML, for whatever shows test results.
 *
 * A kind is a testsuite. Its testcases are its queries (passed where every row has one fate), its
 * rejected rows (failures) and its documents: a failure where one was refused, differs or is
 * missing, an error where nobody knows yet, skipped where it is pending. What is planned no more is
 * left out. */
#ifndef ROWPOST_REPORT_JUNIT_REPORT_H
#define ROWPOST_REPORT_JUNIT_REPORT_H

#include "report/report.h"

int junit_report_write(const struct report *report, struct error *error);

#endif
