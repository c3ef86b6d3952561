/* Base64 (RFC 4648). The caller owns the texts that are appended to. */
#ifndef ROWPOST_TARGET_BASE64_H
#define ROWPOST_TARGET_BASE64_H

#include "base/span.h"
#include "base/text.h"

/* Section 4: with '+' and '/', padded. */
void base64_append_encoded(struct text *out, struct span bytes);

/* Section 5: with '-' and '_', without padding. 0, or -1 for what is none; where memory runs out,
 * `out` knows. */
int base64_append_url_decoded(struct text *out, struct span encoded);

#endif
