/* The journal of a delivery: which document is next, what was sent, what came back, where each
 * document stands.
 *
 * journal_open() prepares it on a workspace that is open for work; the caller closes it. Everything
 * is written into the workspace's open transaction (workspace_begin() is the caller's, as is
 * workspace_commit(): what is not committed is not durable). Spans are borrowed for the call. */
#ifndef ROWPOST_WORKSPACE_JOURNAL_H
#define ROWPOST_WORKSPACE_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

struct journal;

struct journal *journal_open(struct workspace *workspace, struct error *error);
void journal_close(struct journal *journal);

/* After a crash: what was being sent may have arrived. Every such document becomes unknown, with an
 * attempt that says so; `*count` is their number. */
int journal_recover(struct journal *journal, int64_t *count, struct error *error);

/* Puts refused documents back to pending. */
int journal_retry_refused(struct journal *journal, struct error *error);

/* The first document of the kind behind `after` in the state, that the last plan still has; 0 where
 * there is none. A key that is not null asks for that document alone. */
int journal_find_next(struct journal *journal, size_t kind, enum state state, struct span key,
                      int64_t after, int64_t *document, struct error *error);

/* As journal_find_next(), whether or not the last plan still has the document. */
int journal_find_next_ever(struct journal *journal, size_t kind, enum state state, struct span key,
                           int64_t after, int64_t *document, struct error *error);

/* The first document of the kind behind `after` that the target should have: delivered, present or
 * different. */
int journal_find_next_sent(struct journal *journal, size_t kind, int64_t after, int64_t *document,
                           struct error *error);

/* How many documents of the kind are pending, being sent or unknown; or should be on the target. */
int journal_count_open(struct journal *journal, size_t kind, int64_t *count, struct error *error);
int journal_count_sent(struct journal *journal, size_t kind, int64_t *count, struct error *error);
int journal_count_in(struct journal *journal, size_t kind, enum state state, int64_t *count,
                     struct error *error);

/* The target's own name for the record, empty where it is not known; cleared first. */
int journal_load_target_id(struct journal *journal, int64_t document, struct text *target_id,
                           struct error *error);

/* The key and the body that is (to be) delivered. The texts are cleared first. */
int journal_load(struct journal *journal, int64_t document, struct text *key, struct text *body,
                 struct error *error);

int journal_set_state(struct journal *journal, int64_t document, enum state state,
                      struct error *error);

/* As journal_set_state(), with the name that the target has given the record. */
int journal_set_made(struct journal *journal, int64_t document, enum state state,
                     struct span target_id, struct error *error);

int journal_set_verdict(struct journal *journal, int64_t document, enum verdict verdict,
                        struct error *error);

/* One request and its end. */
struct attempt {
    int64_t document;
    const char *purpose; /* "post", "look up", "verify" */
    int64_t started;     /* microseconds since 1970 */
    int64_t duration;    /* microseconds; -1: not known */
    const char *method;
    const char *path;
    int status; /* 0: no answer */
    const char *outcome;
    struct span excerpt; /* what the answer says, short */
};

int journal_add_attempt(struct journal *journal, const struct attempt *attempt,
                        struct error *error);

/* Forgets what was found different before, of one part of the work ("apply", "verify"). */
int journal_clear_findings(struct journal *journal, int64_t document, const char *during,
                           struct error *error);
int journal_add_finding(struct journal *journal, int64_t document, const char *during,
                        const char *field, struct span planned, struct span found,
                        struct error *error);

#endif
