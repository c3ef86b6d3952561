/* The standing of a document: the result of its state, verdict and change. All code that counts,
 * lists, colours or judges documents uses this.
 *
 * In SQL on a workspace's connection, `standing(state, verdict, change)` is the same as a number,
 * and `is_sent(state, verdict, change)` is 1 where the target should have the document. */
#ifndef ROWPOST_WORKSPACE_STANDING_H
#define ROWPOST_WORKSPACE_STANDING_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "workspace/state.h"

enum standing {
    STANDING_PENDING,    /* planned, not sent */
    STANDING_HANDED_OUT, /* a part of this workspace has to send it */
    STANDING_WAITING,    /* planned, not sent, as it refers to a record that the target does not
                            have, or comes after a document that waits */
    STANDING_UNCLEAR,    /* being sent, or not known whether it has arrived; the next apply looks it
                            up. An unknown word is unclear, too */
    STANDING_REFUSED,    /* the target did not take it */
    STANDING_DIFFERENT,  /* the target has another record of that name */
    STANDING_ALTERED, /* it was on the target as planned, and reading it back found a difference */
    STANDING_DUPLICATE, /* the target has several records of that name */
    STANDING_MISSING,   /* it was on the target, and reading it back found nothing */
    STANDING_CHANGED,   /* on the target as it was sent; planned differently now */
    STANDING_STRANDED,  /* delivered, or not known whether it has arrived; and no longer planned */
    STANDING_UNREAD,    /* on the target, not read back yet */
    STANDING_NOT_COMPARED, /* on the target, found there; what is in it could not be compared */
    STANDING_EQUAL,        /* on the target, read back and found equal */
    STANDING_LEFT_OUT,     /* no longer planned, and nothing of it was delivered */
    STANDING_COUNT
};

enum standing_class {
    CLASS_OPEN,    /* it has to be sent: by apply, or by a part that was handed out */
    CLASS_UNCLEAR, /* apply has to look it up */
    CLASS_BAD,     /* a person has to look at it */
    CLASS_WELL,
    STANDING_CLASS_COUNT
};

struct standing_meaning {
    const char *name; /* "pending" ... */
    enum standing_class class;
    bool wants_attention; /* a person should look at it, even if it is settled */
    bool is_due;          /* the next apply of this workspace sends it or looks it up */
    bool is_sent;         /* the target should have it: it can be read back */
    const char *reason;   /* a sentence; NULL where no reason is needed */
};

extern const struct standing_meaning standing_meanings[STANDING_COUNT];

/* A set of standings has a bit for each. */
#define STANDING_BIT(standing) (UINT32_C(1) << (standing))

/* The COUNT values are allowed: unknown words. */
enum standing standing_of(enum state state, enum verdict verdict, enum change change);
enum standing_class standing_class_of(enum state state, enum verdict verdict, enum change change);

/* Makes the functions known to the connection. 0, or -1 with the error. */
int standing_register(sqlite3 *database, struct error *error);

#endif
