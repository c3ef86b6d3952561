/* Which documents are handed out, which part each is in, and their way into the files of the parts.
 *
 * In SQL, once part_documents_register() has been called, `part_of_key(key, parts)` is the part of
 * a key, from 0. */
#ifndef ROWPOST_WORKSPACE_PART_DOCUMENTS_PRIVATE_H
#define ROWPOST_WORKSPACE_PART_DOCUMENTS_PRIVATE_H

#include "workspace/part_file_private.h"

/* The key that decides in which part a document is: documents that have to stay in order stay
 * together. */
#define PART_KEY "coalesce(document.ordering_key, document.key)"

/* What apply would send or look up. */
#define PART_TO_DELIVER " state IN ('pending', 'unknown') AND change IS NOT 'gone'"

/* Refuses a kind with documents to deliver that refer to undelivered ones, unless both are in the
 * same part: ERROR_USAGE. */
int part_documents_check(struct workspace *parent, int64_t kind, struct error *error);

int part_documents_register(sqlite3 *database, struct error *error);

/* Writes the drafts of all parts of a kind, durably. */
int part_documents_copy(struct workspace *parent, int64_t kind, struct part_file *files,
                        int64_t parts, struct error *error);

#endif
