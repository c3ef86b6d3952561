/*
 * Faults: what goes wrong between a client and the server, on demand.
 *
 * A list of faults is set as a JSON array. For each request the first fault in the list that
 * matches and is not used up strikes. A fault is an object; all fields but `kind` have defaults:
 *
 *   method    "POST"; absent: any
 *   path      how the decoded path begins; absent: any
 *   match     a substring of the body or of the query as sent; absent: any
 *   skip      how many matching requests are let off first; 0
 *   times     how many are struck after that, -1 for ever; 1
 *   when      "before": the request is not carried out, not even its sign-in. "after": it is
 * carried out and stored, and what goes wrong is its answer. The default stands with the kinds.
 *   kind      see below
 *   status    of `status`, and of a spoilt answer that the fault itself makes; 503
 *   headers   an object, added to such an answer; Content-Type among them replaces the type
 *   body      the body of such an answer; a plain error page
 *   delay_ms  a pause before the fault strikes, or where a `slow-` kind stops in between; 0.
 *             -1: until the list is set again
 *
 * A pause holds up its own connection only, and no worker.
 *
 *   kind            default  what the client meets
 *   status          before   that status with those headers and an HTML body, as a proxy answers
 *   delay           before   nothing but the pause: the request is carried out after it (before),
 *                            or its answer waits (after)
 *   drop            before   the connection is closed without an answer
 *   reset           before   the connection is reset (RST) without an answer
 *   html            before   200 with an HTML page
 *   login-redirect  before   302 to /oauth2/auth with an HTML body
 *   null            before   200 with JSON null
 *   other-record    before   200 with a JSON record that is not the one asked for
 *   truncate        after    the right Content-Length, half the body, then the connection closes
 *   wrong-length    after    the whole body, a Content-Length that is 64 bytes more, then it closes
 *   slow-headers    after    half of the header block, the pause, the rest; then it closes
 *   slow-body       after    the headers and half the body, the pause, the rest; then it closes
 *   late            after    the status at once; the request is carried out so many `delay_ms`
 *                            later
 *   late-drop       after    the connection is closed at once; otherwise the same
 *   repeat          after    nothing: the request is carried out as it is, and once more so many
 *                            `delay_ms` later, as by a proxy that sends it again; both have passed
 *                            the checks by then
 *   partial         -        matches campaign posts only: one that passes the checks is stored
 *                            with half its reports unlinked and answered with 500
 *
 * What truncate, wrong-length and the slow- kinds spoil is the server's own answer if `after`, and
 * one with the fault's status, headers and body if `before`.
 */
#ifndef STANDIN_FAULTS_H
#define STANDIN_FAULTS_H

#include "request.h"

enum fault_kind {
    FAULT_STATUS,
    FAULT_DELAY,
    FAULT_DROP,
    FAULT_RESET,
    FAULT_HTML,
    FAULT_LOGIN_REDIRECT,
    FAULT_NULL,
    FAULT_OTHER_RECORD,
    FAULT_TRUNCATE,
    FAULT_WRONG_LENGTH,
    FAULT_SLOW_HEADERS,
    FAULT_SLOW_BODY,
    FAULT_LATE,
    FAULT_LATE_DROP,
    FAULT_REPEAT,
    FAULT_PARTIAL
};

enum fault_when { FAULT_BEFORE, FAULT_AFTER };

struct fault;
struct faults;

/* NULL if memory runs out. The caller frees it. */
struct faults *faults_new(void);
void faults_free(struct faults *faults);

/* Replaces the list. -1: `why` is the reason, and the old list stays. */
int faults_set(struct faults *faults, const json_t *list, char *why, size_t why_size);

/* The list as it was set, with `hits` (matched) and `struck` in each. The caller's. */
json_t *faults_show(const struct faults *faults);

/*
 * The fault that strikes the request, or NULL. It stays good, even if the list is replaced, until
 * fault_release().
 */
struct fault *faults_match(struct faults *faults, const struct request *request);
void fault_release(struct fault *fault);

enum fault_kind fault_kind(const struct fault *fault);

/* The pause of a fault that strikes at that moment, in milliseconds; of `slow-` kinds none. */
long fault_pause(const struct fault *fault, enum fault_when when);

/* The pause of a `slow-` kind, within its answer. */
long fault_inner_pause(const struct fault *fault);

/* Whether the request is carried out late, or once more later; and how much later, in milliseconds
 * (less than 0: when the list is set again). */
bool fault_is_late(const struct fault *fault);
bool fault_repeats(const struct fault *fault);
long fault_lateness(const struct fault *fault);

/* Whether the request is not carried out at all. */
bool fault_prevents(const struct fault *fault);

/* Puts the fault's own answer in place of the request's, where its kind says so. */
void fault_answer(const struct fault *fault, struct request *request);

#endif
