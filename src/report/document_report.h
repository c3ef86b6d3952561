/* One document as people and programs read it: its body, where it stands, the source rows that
 * became it, every attempt and what was found different. */
#ifndef ROWPOST_REPORT_DOCUMENT_REPORT_H
#define ROWPOST_REPORT_DOCUMENT_REPORT_H

#include "base/error.h"
#include "base/text.h"
#include "workspace/workspace.h"

enum document_format { DOCUMENT_TEXT, DOCUMENT_JSON };

/* Appends every document with that key (of one kind, or of any where `kind` is NULL), as JSON one a
 * line. Returns how many there are, or -1 with the error. */
int document_append(struct workspace *workspace, const char *kind, const char *key,
                    enum document_format format, struct text *out, struct error *error);

#endif
