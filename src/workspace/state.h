/* The words of the account: how a source row ended, and where a document stands.
 *
 * They are stored as these words, so that the file reads well in `sqlite3`. */
#ifndef ROWPOST_WORKSPACE_STATE_H
#define ROWPOST_WORKSPACE_STATE_H

#include "base/span.h"

/* A document's delivery. Each document is in exactly one. */
enum state {
    STATE_PENDING,   /* planned, not sent */
    STATE_SENDING,   /* about to leave, or on its way; after a crash: unknown */
    STATE_UNKNOWN,   /* it may have arrived; it is looked up before anything is sent again */
    STATE_DELIVERED, /* the target answered with the record that was sent, or it was found there */
    STATE_PRESENT,   /* the target had an equal record already */
    STATE_DIFFERENT, /* the target has a record of that name that differs; it is not touched */
    STATE_REFUSED,   /* the target looked at it and did not take it */
    STATE_COUNT
};

/* What reading it back has shown. */
enum verdict { VERDICT_NONE, VERDICT_EQUAL, VERDICT_DIFFERENT, VERDICT_MISSING, VERDICT_COUNT };

/* What a later plan says of a document that an earlier plan had made. */
enum change {
    CHANGE_NONE,
    CHANGE_CHANGED, /* another body is planned now; the delivered one stands in the record */
    CHANGE_GONE,    /* the later plan does not have it */
    CHANGE_COUNT
};

const char *state_name(enum state state);     /* "pending" ... */
const char *verdict_name(enum verdict value); /* NULL for VERDICT_NONE */
const char *change_name(enum change change);  /* NULL for CHANGE_NONE */

/* The words back; an unknown word (a damaged file) gives the COUNT value. */
enum state state_of(struct span name);
enum verdict verdict_of(struct span name);
enum change change_of(struct span name);

#endif
