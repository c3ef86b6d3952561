/* The records to which documents refer, and the target's own names for them. */
#ifndef ROWPOST_WORKSPACE_JOURNAL_RECORDS_H
#define ROWPOST_WORKSPACE_JOURNAL_RECORDS_H

#include "base/record_id.h"
#include "workspace/journal.h"

/* The target has a record of that name: `name` is what such records are called ("projects"), `key`
 * is the record's. It takes the place of one of the same names. */
int journal_put_existing(struct journal *journal, struct span name, struct span key,
                         struct record_id id, struct error *error);

/* Forgets all records under that name, before they are put anew. */
int journal_forget_existing(struct journal *journal, struct span name, struct error *error);

#endif
