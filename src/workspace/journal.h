/* The journal of a delivery: which document is next, what was sent, what came back, where each
 * document is.
 *
 * journal_open() prepares it on a workspace that is open for work; the caller closes it. Everything
 * is written into the workspace's open transaction: workspace_begin() is the caller's, as is
 * journal_commit(). What is not committed is not durable. Spans are borrowed for the call. */
#ifndef ROWPOST_WORKSPACE_JOURNAL_H
#define ROWPOST_WORKSPACE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/record_id.h"
#include "base/span.h"
#include "base/text.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

struct journal;

struct journal *journal_open(struct workspace *workspace, struct error *error);
void journal_close(struct journal *journal);

/* Ends the transaction; what was written is durable when it has returned 0. */
int journal_commit(struct journal *journal, struct error *error);

/* After a crash: what was being sent may have arrived. Every such document becomes unknown, with an
 * attempt that records this. */
int journal_recover(struct journal *journal, struct error *error);

/* Puts refused documents back to pending. */
int journal_retry_refused(struct journal *journal, struct error *error);

/* Puts documents that wait for a record back to pending, and deletes what they waited for. */
int journal_retry_waiting(struct journal *journal, struct error *error);

/* Documents of one kind, in the order of their ids. */
enum selection_rule {
    SELECT_PLANNED, /* those in the state that are still in the last plan */
    SELECT_FREE, /* those of SELECT_PLANNED that need not wait: no document before them under their
                    ordering key is open, and none to which they refer */
    SELECT_EVER, /* those in the state, whether or not they are still in the last plan */
    SELECT_SENT, /* those that the target should have: delivered, present or different */
    SELECT_CHANGED, /* those in the state that have another version in the last plan */
    SELECTION_RULE_COUNT
};

struct selection {
    enum selection_rule rule;
    enum state state; /* not used by SELECT_SENT */
    size_t kind;
    struct span key; /* only that document; null: all */
    bool is_chosen;  /* only documents that are chosen (workspace/chosen.h) */
    int64_t after;   /* after this document; 0: all */
    size_t bodies;   /* bodies are included up to this many bytes in total; 0: none */
};

/* A request whose answer was lost: the target may still work on it. */
struct uncertainty {
    bool is_open; /* there is one */
    enum request about;
    int64_t since; /* when the request left, or was found after a crash; microseconds since 1970 */
};

struct selected_document {
    int64_t id;
    struct span key;  /* the spans live until journal_take() returns */
    struct span body; /* null where journal_load() has to load it and the next two */
    struct span values;
    struct span expect;
    struct uncertainty uncertainty;
    enum evidence evidence;
    bool is_unknown; /* its state is unknown */
    bool is_changed; /* the last plan has another version of it */
    bool may_wait;   /* it refers to other records, or comes after one that waits; set by
                        SELECT_FREE and journal_select_freed() */
};

/* Called for each document; 0, or -1 with the error. */
typedef int journal_take(void *context, const struct selected_document *document,
                         struct error *error);

/* Gives the first `limit` documents of the selection to `take`, which must not use the journal.
 * Returns how many documents there were, or -1 with the error. */
int journal_select(struct journal *journal, const struct selection *selection, size_t limit,
                   journal_take *take, void *context, struct error *error);

/* Gives the documents of the selection's kind and key that need not wait any more now that the
 * document is settled: pending documents up to selection->after, and unknown ones up to
 * `last_unknown`. They are given without bodies. */
int journal_select_freed(struct journal *journal, int64_t document,
                         const struct selection *selection, int64_t last_unknown, size_t limit,
                         journal_take *take, void *context, struct error *error);

/* Marks those of the selection up to the document `last` as being sent: pending ones by
 * SELECT_PLANNED, and exactly `count` of them, as journal_select() has given them (else
 * ERROR_INTERNAL). */
int journal_mark_sending(struct journal *journal, const struct selection *selection, int64_t last,
                         int count, struct error *error);

/* The target's own name for the record, empty where it is not known; cleared first. */
int journal_load_target_id(struct journal *journal, int64_t document, struct text *target_id,
                           struct error *error);

/* The duration of the longest exchange so far, in microseconds; 0 where there was none. */
int journal_longest_exchange(struct journal *journal, int64_t *duration, struct error *error);

/* Where the texts of a document go; they are cleared first, and a missing one stays empty. */
struct document_texts {
    struct text *key;
    struct text *body;
    struct text *values;
    struct text *expect;
};

/* What is (to be) delivered; or the version of the last plan, which has to be there. */
enum document_version { VERSION_DELIVERED, VERSION_CHANGED };

int journal_load(struct journal *journal, int64_t document, enum document_version version,
                 const struct document_texts *texts, struct error *error);

/* Nothing about the document is uncertain any more. */
int journal_set_state(struct journal *journal, int64_t document, enum state state,
                      struct error *error);

/* Waiting: it is not sent in this delivery, nor is what comes after it under its ordering key
 * (journal_find_unmet()). */
int journal_set_waiting(struct journal *journal, int64_t document, struct error *error);

/* Sending: this request is about to be sent. */
int journal_set_sending(struct journal *journal, int64_t document, enum request about,
                        struct error *error);

/* Sending once more, as the target was looked at and does not have the record. */
int journal_set_absent(struct journal *journal, int64_t document, struct error *error);

/* Unknown: the request left at that moment, and its outcome is not known. `evidence` is added
 * unless it is EVIDENCE_NONE: an answer may report that the record was made without showing it. */
int journal_set_uncertain(struct journal *journal, int64_t document, enum request about,
                          int64_t since, enum evidence evidence, struct error *error);

/* A look-up has found the record under that name, which may be null; `evidence` is everything that
 * is known about who made it. */
int journal_set_found(struct journal *journal, int64_t document, enum state state,
                      struct record_id target_id, enum evidence evidence, struct error *error);

/* The version of the last plan counts as delivered from now on. */
int journal_adopt_changed(struct journal *journal, int64_t document, struct error *error);

/* Pending again, as the target no longer has it: the next request sends the version of the last
 * plan, not what was sent before. */
int journal_set_pending_again(struct journal *journal, int64_t document, struct error *error);

/* Delivered by the answer to the post (EVIDENCE_ANSWER), under the name that the target has given
 * the record, or null. At most once for a document; it may be written as late as with the
 * commit. */
int journal_set_delivered(struct journal *journal, int64_t document, struct record_id target_id,
                          struct error *error);

int journal_set_verdict(struct journal *journal, int64_t document, enum verdict verdict,
                        struct error *error);

/* One request and its end. */
struct attempt {
    int64_t document;
    enum purpose purpose;
    int64_t started;    /* microseconds since 1970 */
    int64_t duration;   /* microseconds; -1: not known */
    const char *method; /* a constant */
    const char *path;
    int status; /* 0: no answer */
    enum attempt_outcome outcome;
    struct span excerpt; /* the message of the answer, shortened */
};

/* An attempt, too, may be written as late as with the commit. */
int journal_add_attempt(struct journal *journal, const struct attempt *attempt,
                        struct error *error);

/* Forgets what was found different before, of one part of the work ("apply", "verify"). */
int journal_clear_findings(struct journal *journal, int64_t document, const char *during,
                           struct error *error);
int journal_add_finding(struct journal *journal, int64_t document, const char *during,
                        const char *field, struct span planned, struct span found,
                        struct error *error);

#endif
