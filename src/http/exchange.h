/* An exchange: one request and its outcome.
 *
 * The caller owns it and fills the upper half; the transfer that carries it fills the lower half,
 * from exchange_begin() to exchange_end_answered() or exchange_end_failed(). */
#ifndef ROWPOST_HTTP_EXCHANGE_H
#define ROWPOST_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"

/* How far an exchange got. */
enum exchange_end {
    EXCHANGE_ANSWERED, /* a whole answer was read */
    EXCHANGE_NOT_SENT, /* no byte of the request can have reached the server */
    EXCHANGE_LOST      /* it may have been carried out; no whole answer came back */
};

/* A request that may change something leaves at most once, whatever happens to its connection (RFC
 * 9110, 9.2.2, lets idempotent ones be repeated; here PUT and DELETE are looked up first). */
enum departure { DEPARTS_ONCE, DEPARTS_AGAIN };

struct method {
    const char *name;
    enum departure departure;
    bool always_has_body; /* a length is sent, even if it is 0 */
    const char *override; /* the word, where it is not libcurl's own for what is sent */
};

/* NULL for a method that no request is made with. */
const struct method *method_find(const char *name);

struct exchange {
    /* filled by the caller */
    const char *method;  /* "GET", "POST", "PUT", "PATCH", "DELETE" */
    struct text path;    /* "/api/users/", percent-encoded; the caller frees it */
    struct span body;    /* JSON, or null; borrowed until the exchange is handed back */
    struct text headers; /* of this request only: lines `Name: value`, each ended by a line feed;
                            the caller frees it */

    /* filled when it is handed back */
    enum exchange_end end;
    int status;   /* HTTP status, 0 unless answered */
    bool is_json; /* the content type is one of JSON; or there is none, and it may be JSON */
    char content_type[48]; /* lower case, without parameters; empty if there is none */
    struct text answer;    /* the body as far as it was read; the caller frees it */
    struct text location;  /* of a redirect without its query; the caller frees it, as the answer */
    struct text next;      /* the first reference of a Link with rel=next, as it was written, even
                              if it is to another host (RFC 8288); or empty */
    struct text moved_to;  /* the base URL that a redirect of the same path shows; or empty */
    bool moves_slash;      /* a redirect differs in the slash at the end of the path only */
    long retry_after_ms;   /* from Retry-After (seconds or HTTP date, at most an hour), or -1 */
    char retry_after[64];  /* as it was sent, until the answer ends; empty if there is none */
    int64_t server_date;   /* the answer's Date, microseconds since 1970, or -1 */
    int64_t started;       /* microseconds since 1970 */
    int64_t duration;      /* microseconds */
    char failure[160];     /* why it was not sent or lost, in words; empty if answered */
    int64_t began;         /* the transfer's own: clock_now() when it was started */
    unsigned token_number; /* the session's own: of the token that it was sent with */
    bool is_second;        /* the session's own: the token before was turned away */
};

/* Why such a request cannot be sent, a phrase; NULL where it can: nothing in its path or its
 * headers may end the line that it is in, and a header is none that the program or libcurl sends
 * itself. */
const char *exchange_find_fault(const struct exchange *exchange);

/* Clears the results and starts the clock. */
void exchange_begin(struct exchange *exchange);

/* Takes a field of the header of an answer, whose status is set. Ignored are those that are not
 * wanted, and every further one of the same name except Link. */
void exchange_take_field(struct exchange *exchange, struct span name, struct span value);

/* The fields that exchange_take_field() wants; terminated by NULL. */
extern const char *const exchange_fields[];

enum { EXCHANGE_RETRY_AFTER_MOST_MS = 60 * 60 * 1000 };

/* Milliseconds to wait by the header Retry-After (RFC 9110, 10.2.3): of whole seconds, or until an
 * HTTP date (0 if that is over); never more than an hour. -1 for NULL and for what is neither.
 * `now` is in microseconds since 1970. */
long exchange_parse_retry_after(const char *value, int64_t now);

/* A whole answer was read, its fields were taken. A redirect is not followed; but where it leads to
 * the same path, `moved_to` or `moves_slash` shows which URL is the right one. `base` is the URL in
 * front of the path. */
void exchange_end_answered(struct exchange *exchange, const char *base);

/* There is none, and this is why; `end` is one of the other two. */
void exchange_end_failed(struct exchange *exchange, enum exchange_end end, const char *why);

/* Frees the texts of an exchange and clears it, so that it can be used again. */
void exchange_clear(struct exchange *exchange);

#endif
