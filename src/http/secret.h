/* What a server repeats of secrets is masked before anybody reads it. Nothing is owned. */
#ifndef ROWPOST_HTTP_SECRET_H
#define ROWPOST_HTTP_SECRET_H

#include "base/text.h"

/* Puts asterisks over the word wherever it is in the text, also where its characters are written as
 * JSON, a URL or HTML may write them (`\u002b`, `\/`, `%2B`, `&#43;`). Words of less than six
 * characters are no secrets. */
void secret_mask_word(struct text *text, struct span word);

#endif
