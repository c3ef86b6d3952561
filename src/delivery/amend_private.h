/* An amendment at work, and what changed documents have of their own (amend_changed.c). */
#ifndef ROWPOST_DELIVERY_AMEND_PRIVATE_H
#define ROWPOST_DELIVERY_AMEND_PRIVATE_H

#include "delivery/amend.h"
#include "delivery/judge.h"
#include "delivery/loop.h"
#include "workspace/journal.h"
#include "workspace/summary.h"

enum { MOST_CHANGES = 3 };

struct amend;

/* One round over the documents of a kind. */
struct amend_pass {
    enum selection_rule rule;
    enum state state;  /* of the documents that it is for */
    enum state before; /* the change: where a document is whose record is known to be there */
    int (*settle_found)(struct amend *amend, struct task *task, enum judgement judgement,
                        struct error *error);
};

/* In what the two differ. */
struct amendment {
    struct amend_pass passes[3];
    size_t pass_count;
    enum task_step change;
    enum judgement aim; /* what a look-up shows when it was carried out */
    enum purpose purpose;
    enum kind_request request; /* that a kind has to have */
};

struct amend {
    const struct migration *migration;
    const struct amendment *amendment;
    const struct amend_settings *settings;
    struct journal *journal;
    struct loop loop;
    struct summary begun; /* where the documents were when it began */
    size_t kind;
    const struct amend_pass *pass;
    int64_t last;
    int64_t unsettled; /* records of which nobody knows what became of them */
    int64_t kept;      /* records that are not known to be made here, or not let go */
    int64_t refused;   /* of the pass: changes that the target did not take */
    int64_t removed;   /* of the pass: records that are gone */
};

/* Ends the task in that state, with its findings, and without a verdict. */
int amend_finish(struct amend *amend, struct task *task, enum state state, struct error *error);

/* The change leaves once it is durable that the record may be another from now on. */
int amend_change(struct amend *amend, struct task *task, struct error *error);

/* Of a document that is planned otherwise than it was delivered: what a look-up or the answer to
 * the change has shown, for good. The record is changed only while it is what was delivered; then
 * it has to be read back as it is planned now, and that is what is delivered from then on. */
int amend_settle_changed(struct amend *amend, struct task *task, enum judgement judgement,
                         struct error *error);

#endif
