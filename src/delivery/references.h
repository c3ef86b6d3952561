/* Fills in the markers of a document's texts (base/marker.h): the target's own names for records,
 * and random words. A text without a marker costs only the search for one. */
#ifndef ROWPOST_DELIVERY_REFERENCES_H
#define ROWPOST_DELIVERY_REFERENCES_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "workspace/journal.h"

/* Puts the target's own names for records in the place of the markers, as numbers or as texts. A
 * marker whose record is not known stays, and is counted in `*unresolved`. */
int references_resolve(struct text *json, struct journal *journal, size_t *unresolved,
                       struct error *error);

/* Appends the text to `out` with a new secret in the place of each marker of one, and the secrets
 * to `secrets`, a line each. Secrets have 32 characters of those that a URL takes as they are. Both
 * texts are to be wiped. */
int references_append_secrets(struct span json, struct text *out, struct text *secrets,
                              struct error *error);

#endif
