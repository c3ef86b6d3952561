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

/* What came of looking a person up in the people directory. */
enum presence {
    PERSON_IS_FOUND,
    PERSON_IS_CHOSEN,  /* one person with several addresses; the first was taken */
    PERSON_IS_NOBODY,  /* no entry */
    PERSON_IS_SEVERAL, /* several people; none was taken */
    PERSON_HAS_NO_ADDRESS,
    PERSON_HAS_NO_NAME,
    PERSON_COUNT
};

const char *state_name(enum state state);     /* "pending" ... */
const char *verdict_name(enum verdict value); /* NULL for VERDICT_NONE */
const char *change_name(enum change change);  /* NULL for CHANGE_NONE */

const char *presence_name(enum presence presence); /* "found", "several addresses" ... */

/* The words back; an unknown word (a damaged file) gives the COUNT value. */
enum state state_of(struct span name);
enum verdict verdict_of(struct span name);
enum change change_of(struct span name);
enum presence presence_of(struct span name);

#endif
