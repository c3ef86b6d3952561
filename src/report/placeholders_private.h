/* Places in requests for what is not known before the delivery: late ids and drawn secrets. They
 * are words that no percent-encoding touches, until they are written as variables of a shell. */
#ifndef ROWPOST_REPORT_PLACEHOLDERS_PRIVATE_H
#define ROWPOST_REPORT_PLACEHOLDERS_PRIVATE_H

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "workspace/journal_records.h"

/* Whose a secret is. */
struct placeholder_owner {
    const char *kind;
    struct span key;
    size_t secrets; /* how many it has had so far */
};

/* Appends the JSON text with ids in the place of references that are known, and placeholders, which
 * are texts, for all else. */
int placeholders_fill(struct span json, struct journal *journal, struct placeholder_owner *owner,
                      struct text *out, struct error *error);

/* Appends the name of the variable for the id of a record. */
void placeholders_append_name(struct span kind, struct span key, struct text *out);

/* Appends the text as people read it, with `$new_users__17` for a placeholder. */
void placeholders_append_plain(struct span text, struct text *out);

/* Appends the text as one word of a shell, in which a placeholder is the value of its variable;
 * that of an id takes the quotation marks around it with it, as it may be a number. A command with
 * a variable that is not set is not run. */
void placeholders_append_shell(struct span text, struct text *out);

#endif
