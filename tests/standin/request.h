/*
 * One request on its way: what the client sent, its progress, the answer that it will get.
 *
 * The server makes requests and keeps spent ones for the next; handlers only read what was sent and
 * fill `answer`. */
#ifndef STANDIN_REQUEST_H
#define STANDIN_REQUEST_H

#include "answer.h"

#include <microhttpd.h>
#include <stdbool.h>

struct fault;
struct route;

enum { REQUEST_ARGUMENTS = 2 };

struct request {
    struct MHD_Connection *connection;
    long long connection_number;
    const char *method;
    struct text uri;    /* as sent */
    struct text path;   /* decoded, without the query */
    struct slice query; /* as sent, after the '?'; points into uri */
    struct text body;
    struct text arguments[REQUEST_ARGUMENTS]; /* the segments of the route's '*' */
    struct answer answer;
    json_t *document; /* a campaign that passed the checks and waits to be stored */

    /* The server's own. */
    const struct route *route;
    struct fault *fault;
    int step;
    bool arrived;
    bool is_counted; /* as under way */
    bool is_dropped; /* neither carried out nor answered any more */
    bool holds_worker;
    long long due;        /* when the pause ends, in milliseconds of the monotonic clock */
    struct request *next; /* in the queue for a worker, or among the spent ones */
    struct text wire;     /* the bytes of an answer that the server writes itself */
    size_t wire_sent;
    size_t wire_pause;
};

/* Takes the address of a new request apart. */
void request_set_uri(struct request *request, const char *uri);

/* Makes a spent request as good as new; memory for its texts is kept. */
void request_recycle(struct request *request);

void request_free(struct request *request);

/* The value of a header, NULL if the client sent none. */
const char *request_header(const struct request *request, const char *name);

/* Appends a parameter of the query, decoded. 1 if it is there, if only as a name; 0 if not. */
int request_parameter(const struct request *request, const char *name, struct text *value);

/*
 * The body as a JSON object, the caller's. NULL: the answer is set to that of the real server, 400
 * for broken JSON, 500 where it was not announced as JSON or is no object. */
json_t *request_payload(struct request *request);

#endif
