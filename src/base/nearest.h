/* The word that was probably meant where one was not found: "did you mean".
 *
 *     struct nearest nearest = nearest_to(span_of("aply"));
 *     nearest_offer(&nearest, "apply");   for each word that there is
 *     nearest_append(&nearest, "", &out); "; did you mean apply?", or nothing
 *
 * The words are borrowed until the last call. */
#ifndef ROWPOST_BASE_NEAREST_H
#define ROWPOST_BASE_NEAREST_H

#include <stddef.h>

#include "base/span.h"
#include "base/text.h"

/* What is farther apart than any word that may have been meant. */
enum { NEAREST_FAR = 128 };

/* How many characters have to be put in, left out, replaced or swapped with their neighbour to make
 * one of the other (the optimal string alignment distance); A-Z and a-z are the same. NEAREST_FAR
 * where one of them is longer than that. */
size_t nearest_distance(struct span a, struct span b);

/* The distance where the word may have been meant, as a third of it at most is wrong; else
 * NEAREST_FAR. */
size_t nearest_typing_distance(struct span wanted, struct span word);

struct nearest {
    struct span wanted;
    const char *word; /* the nearest so far, or NULL */
    size_t distance;
};

struct nearest nearest_to(struct span wanted);

/* A word that begins with what was typed may have been meant as well. Of equals the first counts.
 */
void nearest_offer(struct nearest *nearest, const char *word);

/* Appends "; did you mean WORD?", with `before` (such as "--") in front of the word; nothing where
 * no word is near. */
void nearest_append(const struct nearest *nearest, const char *before, struct text *out);

#endif
