/* What every report is made of: the workspace, the migration behind it and the file that it goes
 * to.
 *
 * All are borrowed. A report is written as it is read, so that a large workspace needs no more
 * memory than a small one; whoever has opened the file tells what could not be written. */
#ifndef ROWPOST_REPORT_REPORT_H
#define ROWPOST_REPORT_REPORT_H

#include <stdio.h>

#include "migration/migration.h"
#include "workspace/workspace.h"

struct report {
    struct workspace *workspace;
    const struct migration *migration; /* what its corrections and rules mean */
    FILE *out;
};

#endif
