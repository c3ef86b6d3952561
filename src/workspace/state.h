/* The words of a workspace: how a source row ended, where a document is, what an attempt was for
 * and how it ended.
 *
 * They are stored as these words, so that the file is readable in `sqlite3`. Each list is an enum
 * with one text for each value; an unknown text (a damaged file) gives the COUNT value, whose text
 * is NULL. */
#ifndef ROWPOST_WORKSPACE_STATE_H
#define ROWPOST_WORKSPACE_STATE_H

#include "base/plan_entry.h"
#include "base/span.h"

/* A document's delivery. Each document is in exactly one. */
enum state {
    STATE_PENDING,    /* planned, not sent */
    STATE_SENDING,    /* about to be sent, or on its way; after a crash: unknown */
    STATE_UNKNOWN,    /* it may have arrived; it is looked up before anything is sent again */
    STATE_DELIVERED,  /* the target answered with the record that was sent, or it was found there */
    STATE_PRESENT,    /* the target already had an equal record */
    STATE_DIFFERENT,  /* the target has a record of that name that differs; it is not touched */
    STATE_REFUSED,    /* the target read it and refused it */
    STATE_DUPLICATE,  /* the target has several records of that name */
    STATE_HANDED_OUT, /* a part has it (workspace/split.h): only merging or recalling the part
                         changes it */
    STATE_WAITING, /* for a record that the target does not have, or behind one that waits; not sent
                    */
    STATE_COUNT
};

/* The result of reading it back. */
enum verdict {
    VERDICT_NONE,
    VERDICT_EQUAL,
    VERDICT_NOT_COMPARED, /* it is there; what is in it could not be compared */
    VERDICT_DIFFERENT,
    VERDICT_MISSING,
    VERDICT_DUPLICATE,
    VERDICT_COUNT
};

/* How a later plan treats a document of an earlier plan. */
enum change {
    CHANGE_NONE,
    CHANGE_CHANGED, /* another body is planned now; the delivered one stays in the record */
    CHANGE_GONE,    /* the later plan does not have it */
    CHANGE_COUNT
};

/* A request that changes something on the target. */
enum request { REQUEST_POST, REQUEST_PUT, REQUEST_DELETE, REQUEST_COUNT };

/* The evidence that this workspace made the target's record. */
enum evidence {
    EVIDENCE_NONE,
    EVIDENCE_ANSWER,  /* the answer to a request of its own */
    EVIDENCE_ABSENCE, /* a look-up before such a request, which did not find the record */
    EVIDENCE_COUNT
};

/* What a request is made for. */
enum purpose {
    PURPOSE_POST,
    PURPOSE_LOOK_UP,
    PURPOSE_VERIFY,
    PURPOSE_UPDATE,
    PURPOSE_UNDO,
    PURPOSE_COUNT
};

/* How a request ended. */
enum attempt_outcome {
    ATTEMPT_DELIVERED,    /* the target made the record because it was sent */
    ATTEMPT_EQUAL,        /* the target has an equal record */
    ATTEMPT_EQUAL_SO_FAR, /* equal, and more is to be read */
    ATTEMPT_FOUND,        /* the target has the record; what is in it is not compared */
    ATTEMPT_DIFFERENT,
    ATTEMPT_MISSING,
    ATTEMPT_DUPLICATE, /* the target has several records of that name */
    ATTEMPT_EXISTS,    /* not accepted, as there is a record of that name */
    ATTEMPT_REFUSED,
    ATTEMPT_NOT_TAKEN, /* certainly not carried out */
    ATTEMPT_UNCERTAIN, /* it may have been carried out */
    ATTEMPT_SESSION,   /* the session is not accepted */
    ATTEMPT_NOT_API,   /* what answered is not the API */
    ATTEMPT_INTERRUPTED,
    ATTEMPT_OUTCOME_COUNT
};

const char *state_name(enum state value);                     /* "pending" ... */
const char *verdict_name(enum verdict value);                 /* NULL for VERDICT_NONE */
const char *change_name(enum change value);                   /* NULL for CHANGE_NONE */
const char *request_name(enum request value);                 /* "POST" ... */
const char *evidence_name(enum evidence value);               /* NULL for EVIDENCE_NONE */
const char *purpose_name(enum purpose value);                 /* "post", "look up" ... */
const char *row_outcome_name(enum row_outcome value);         /* "used" ... */
const char *attempt_outcome_name(enum attempt_outcome value); /* "delivered", "not taken" ... */
const char *person_outcome_name(enum person_outcome value);   /* "several addresses" ... */

enum state state_of(struct span word);
enum verdict verdict_of(struct span word);
enum change change_of(struct span word);
enum request request_of(struct span word);
enum evidence evidence_of(struct span word);
enum purpose purpose_of(struct span word);
enum row_outcome row_outcome_of(struct span word);
enum attempt_outcome attempt_outcome_of(struct span word);
enum person_outcome person_outcome_of(struct span word);

#endif
