/* Lists from a workspace, one thing a line, written as they are read: rejected and skipped rows,
 * findings, planned documents.
 *
 * The text form has tab-separated fields; the JSON form is one object a line. A kind of NULL means
 * every kind. */
#ifndef ROWPOST_REPORT_ROW_LIST_H
#define ROWPOST_REPORT_ROW_LIST_H

#include <stdio.h>

#include "base/error.h"
#include "workspace/workspace.h"

enum list_format { LIST_TEXT, LIST_JSON };

/* kind, query, row, reason (or rule), the row itself. */
int row_list_rejects(struct workspace *workspace, const char *kind, enum list_format format,
                     FILE *out, struct error *error);
int row_list_skips(struct workspace *workspace, const char *kind, enum list_format format,
                   FILE *out, struct error *error);

/* kind, key, field, planned, found. */
int row_list_findings(struct workspace *workspace, const char *kind, enum list_format format,
                      FILE *out, struct error *error);

/* Who was looked up in the people directory and is not simply found there: kind, name, outcome, how
 * often the source has the name, and whom the directory has. */
int row_list_people(struct workspace *workspace, const char *kind, enum list_format format,
                    FILE *out, struct error *error);

/* {"key": ..., "body": ...} for each document that the last plan has. */
int row_list_documents(struct workspace *workspace, const char *kind, FILE *out,
                       struct error *error);

/* The documents that were delivered and still are, of kinds that cannot be removed through the API:
 * what an administrator of the target has to remove by hand. Kind, key and the target's id. */
int row_list_unremovable(struct workspace *workspace, FILE *out, struct error *error);

#endif
