/* Why a document waits: it refers to a record that the target does not have, and will not have in
 * this run; or a document before it under its ordering key waits. */
#ifndef ROWPOST_DELIVERY_WAITING_H
#define ROWPOST_DELIVERY_WAITING_H

#include "workspace/journal_records.h"

/* Appends "waits for tickets 17, which was refused". */
void waiting_append_reason(const struct unmet *unmet, struct text *out);

#endif
