/* What two plans have differently: `rowpost diff`.
 *
 * Documents are compared by kind and key, field by field, as the last plan of each workspace has
 * them; what was delivered does not count. Rows are compared by table and name, by their outcome,
 * their reason or rule and the document that they are in. Tables, corrections and skipping rules
 * are compared by their numbers. Settings that differ are shown, and make no plan different.
 *
 * Everything is written as it is read; the HTML page is cut as that of a report is. */
#ifndef ROWPOST_REPORT_PLAN_DIFF_H
#define ROWPOST_REPORT_PLAN_DIFF_H

#include <stdio.h>

#include "base/error.h"
#include "workspace/pairing.h"
#include "workspace/workspace.h"

/* Both workspaces are open for reading and held still; all are borrowed. */
struct plan_diff {
    struct workspace *sides[PAIRING_SIDES];
    FILE *out;
    const char *program; /* the path by which it was started, for the commands that are shown */
};

/* 1: the plans differ; 0: they are equal; -1: the error. */
int plan_diff_write_text(const struct plan_diff *diff, struct error *error);
int plan_diff_write_html(const struct plan_diff *diff, struct error *error);

/* One object: `first` and `second` (file, planned), `settings`, `tables`, `documents`, `rows`,
 * `corrections`, `skips` with what differs, `totals`, `equal`. In an entry `first` and `second` are
 * what each has; null where it has nothing. docs/diff.md describes it. */
int plan_diff_write_json(const struct plan_diff *diff, struct error *error);

#endif
