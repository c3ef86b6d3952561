/* One document as people and programs read it: its body, where it is, the source rows that
 * became it, every attempt and what was found different. */
#ifndef ROWPOST_REPORT_DOCUMENT_REPORT_H
#define ROWPOST_REPORT_DOCUMENT_REPORT_H

#include <stdint.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "workspace/listing.h"
#include "workspace/workspace.h"

enum document_format { DOCUMENT_TEXT, DOCUMENT_JSON };

/* Where the content of a row that was used comes from: its JSON, or null where it is not known. */
struct row_contents {
    const void *context;
    struct span (*find)(const void *context, struct span table, struct span row);
};

/* Appends every document with that key (of one kind, or of any where `kind` is NULL), as JSON one a
 * line; with the content of its source rows as far as `rows` has it. Returns how
 * many there are, or -1 with the error. */
int document_append(struct workspace *workspace, const char *kind, const char *key,
                    const struct row_contents *rows, enum document_format format, struct text *out,
                    struct error *error);

/* Writes a member of a JSON object: a list of what belongs to a document, such as its attempts;
 * `rows` as above, or NULL. 0, or -1 with the error. */
int document_write_section(struct workspace *workspace, enum listing_of which, const char *key,
                           int64_t document, const struct row_contents *rows,
                           struct json_writer *json, struct error *error);

/* Appends the keys that somebody may have meant who wrote `key`, the nearest first, five at most,
 * each with its kind: "campaigns 12_5_0_pre2". Nothing where none is near. 0 or -1. */
int document_append_near_keys(struct workspace *workspace, const char *key, struct text *out,
                              struct error *error);

#endif
