/* What an answer means: nothing is believed that was not read.
 *
 * answer_classify() looks at how the exchange ended, its status, its content type and whether the
 * body is JSON; it owns nothing but the JSON it hands out, which the caller releases with
 * json_decref(). The migration reads the content of the JSON. */
#ifndef ROWPOST_HTTP_ANSWER_H
#define ROWPOST_HTTP_ANSWER_H

#include <jansson.h>

#include "http/session.h"

enum answer_class {
    ANSWER_RECORD,      /* 200 or 201, JSON content type, a JSON body (it may be null) */
    ANSWER_NOT_FOUND,   /* 404 with JSON: the API has no such record */
    ANSWER_REFUSED,     /* 400, 409, 422 with JSON, and any 413 or 4xx that is not named here */
    ANSWER_SIGN_IN,     /* 401, or a redirect (302, 303, 307): the session is not accepted */
    ANSWER_FORBIDDEN,   /* 403: signed in, but the role is missing */
    ANSWER_MISDIRECTED, /* 301, 308, a redirect to the same path at another address or with another
                         * slash at its end, 404 without JSON, 405: this URL is not the API */
    ANSWER_NOT_TAKEN,   /* 429, or nothing was sent: certainly not carried out */
    ANSWER_UNCERTAIN    /* everything else: it may have been carried out */
};

struct answer {
    enum answer_class class;
    json_t *json;      /* the parsed body where it is JSON, else NULL; owned by the caller */
    char message[240]; /* the answer in words, for a person: "400: Name is not unique" */
};

/* Never fails: what cannot be understood is ANSWER_UNCERTAIN. */
void answer_classify(const struct exchange *exchange, struct answer *answer);

/* answer_classify() in two steps, for a caller that masks the JSON before a message is made of it:
 * the class and the JSON, then the message. */
void answer_read(const struct exchange *exchange, struct answer *answer);
void answer_say(const struct exchange *exchange, struct answer *answer);

void answer_clear(struct answer *answer);

#endif
