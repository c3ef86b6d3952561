/* What validators write: comments, links, the summary's releases.
 *
 * Each function fills the caller's buffer and returns it, or returns NULL where the field is null.
 * All texts are invented. */
#ifndef ROWPOST_SAMPLE_TEXTS_H
#define ROWPOST_SAMPLE_TEXTS_H

#include "random.h"

enum { TEXTS_SIZE = 2048 };

/* No comment, or some sentences, with the odd special character. About 200 bytes on average. */
const char *texts_make_comments(struct random *random, char buffer[TEXTS_SIZE]);

/* The comments of a SUMMARY row: the releases, then comments. */
const char *texts_make_summary(struct random *random, const char *target, const char *reference,
                               char buffer[TEXTS_SIZE]);

/* None, bare addresses, numbered addresses, a remark, or a remark around an address. About 100
 * bytes on average. */
const char *texts_make_links(struct random *random, char buffer[TEXTS_SIZE]);

#endif
