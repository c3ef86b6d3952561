/* Makes texts comparable: one case, single blanks. What is folded is appended to `out`, which
 * stays the caller's. The result does not depend on the machine's locale. */
#ifndef ROWPOST_BASE_FOLD_H
#define ROWPOST_BASE_FOLD_H

#include "base/span.h"
#include "base/text.h"

/* Every character by its Unicode simple lower case; a byte that is not UTF-8 stays as it is. */
void fold_case(struct span text, struct text *out);

/* Runs of white space (Python's str.split() set) become one blank, none at the ends. */
void fold_blanks(struct span text, struct text *out);

#endif
