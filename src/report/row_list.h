/* A list of a workspace, one thing a line, written as it is read. The text form has tab-separated
 * fields; the JSON form is one object a line, with the names that the listing gives its columns. */
#ifndef ROWPOST_REPORT_ROW_LIST_H
#define ROWPOST_REPORT_ROW_LIST_H

#include <stdio.h>

#include "base/error.h"
#include "workspace/listing.h"

enum list_format { LIST_TEXT, LIST_JSON };

/* `name` is the kind or the table that the listing is asked for; NULL: all. */
int row_list_write(struct workspace *workspace, enum listing_of which, const char *name,
                   enum list_format format, FILE *out, struct error *error);

#endif
