/* Makes texts comparable. What is folded is appended to `out`, which stays the caller's. No result
 * depends on the machine's locale; the tables are those of utf8proc (Unicode 15).
 *
 * Logins and names of people come from databases, lists and directories, typed and exported by
 * different programs. fold_key() is the only comparison of them: two of them are the same where
 * their keys are equal. */
#ifndef ROWPOST_BASE_FOLD_H
#define ROWPOST_BASE_FOLD_H

#include <stdbool.h>

#include "base/span.h"
#include "base/text.h"

/* Every character by its Unicode simple lower case; a byte that is not UTF-8 stays as it is. For
 * what is sent. */
void fold_case(struct span text, struct text *out);

/* Runs of white space (Python's str.split() set, no-break spaces included) become one blank, none
 * at the ends. */
void fold_blanks(struct span text, struct text *out);

/* The text as a person would type it: composed characters (NFC), nothing that is never seen
 * (Default_Ignorable_Code_Point: zero-width characters, byte order marks, soft hyphens), blanks
 * folded. Of a text that is not UTF-8 only the blanks (and by fold_key() the case of ASCII)
 * are folded. */
void fold_spelling(struct span text, struct text *out);

/* The key of a login or a name: its spelling without its case (Unicode's full case folding, so that
 * `ß` is `ss`). Accents count. A text of blanks and invisible characters has the empty key, which
 * belongs to nobody. */
void fold_key(struct span text, struct text *out);

/* What is left of a text where two are nearly equal: letters and digits without case and accents,
 * full-width forms and letters of other alphabets that look Latin as the Latin ones. Equal keys
 * have equal likenesses. Nothing for a text that is not UTF-8. For warnings, never to find
 * somebody by. */
void fold_likeness(struct span text, struct text *out);

/* True where the text has a character that cannot be seen, or that looks like a blank and is none:
 * what fold_append_visible() writes as a number. Blanks, tabs and line breaks are not meant. */
bool fold_has_unseen(struct span text);

/* The text in quotes, for messages: `"js<U+200B>mith"`. Each character that cannot be seen is
 * written by its number, and so is a letter that looks like a Latin one between Latin letters; a
 * byte that is not UTF-8 as `<0xFF>`. */
void fold_append_visible(struct span text, struct text *out);

#endif
