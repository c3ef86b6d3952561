/* What every report is made of: the workspace, the migration behind it and the file that it goes
 * to.
 *
 * All are borrowed. A report is written as it is read, so that a large workspace needs no more
 * memory than a small one; whoever has opened the file closes it, and tells what closing tells. */
#ifndef ROWPOST_REPORT_REPORT_H
#define ROWPOST_REPORT_REPORT_H

#include <stdio.h>

#include "base/error.h"
#include "base/text.h"
#include "migration/migration.h"
#include "workspace/workspace.h"

struct report {
    struct workspace *workspace;
    const struct migration *migration; /* what its corrections and rules mean */
    FILE *out;
};

/* Writes the text and empties it. 0, or -1 with ERROR_DISK or ERROR_MEMORY. That a reader has seen
 * enough (EPIPE) is no error. */
int report_flush(const struct report *report, struct text *text, struct error *error);

#endif
