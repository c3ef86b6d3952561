/* A workspace in use and a session with its target: what the steps that talk to a target share. */
#ifndef ROWPOST_CLI_TARGET_CONNECTION_H
#define ROWPOST_CLI_TARGET_CONNECTION_H

#include <stdint.h>

#include "base/error.h"
#include "cli/options.h"
#include "http/session.h"
#include "workspace/workspace.h"

/* Starts from `{0}`; target_disconnect() releases what is there. */
struct connection {
    struct workspace *workspace;
    struct session *session;
    int64_t answer_time; /* microseconds that the answer to the probe took; 0: not known */
};

/* Connects, does the work, keeps the cookies, and explains an error. Returns what the work does, or
 * -1 with the error. */
int target_with(struct options *options, const char *verb,
                int (*work)(const struct options *, struct connection *, struct error *),
                struct error *error);

/* Only the session, for the target of the options. */
int target_open_session(struct options *options, struct connection *connection,
                        struct error *error);
void target_disconnect(struct connection *connection);

/* Renewed cookies are written back only if the user asks for it, and never after the session was
 * turned away. */
int target_save_cookies(const struct options *options, const struct connection *connection,
                        struct error *error);

/* Adds the target and what a person can do to an error of a session with it. */
void target_explain(const struct options *options, const struct connection *connection,
                    struct error *error);

/* How many microseconds a target may give no usable answer. */
int64_t target_timeout(const struct options *options);

/* How many microseconds a target may still work on a lost request. */
int64_t target_settle(const struct options *options);

#endif
