/* A running amendment, and what only changed documents need (amend_changed.c). */
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
    enum state before; /* of a document whose record is known to be there, for the change */
    int (*settle_found)(struct amend *amend, struct task *task, enum judgement judgement,
                        struct error *error);
};

/* How update and undo differ. */
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
    int64_t unsettled; /* records whose outcome is not known */
    int64_t kept;      /* records not known to be made here, or whose change was refused */
    int64_t refused;   /* of the pass: changes that the target did not take */
    int64_t removed;   /* of the pass: records that are gone */
};

/* Finishes the task in that state, with its findings and without a verdict. */
int amend_finish(struct amend *amend, struct task *task, enum state state, struct error *error);

/* The change is sent once it is durable that the record may differ from now on. */
int amend_change(struct amend *amend, struct task *task, struct error *error);

/* Whether records of the kind can be changed: by a request, and only while they are what was
 * delivered, which is to be compared. Else documents that wait for a change are reported. */
bool amend_can_change(const struct amend *amend);

/* Settles a document that is planned differently than it was delivered, by the final result of a
 * look-up or of the answer to the change. The record is changed only while it is what was
 * delivered; then it has to be read back as it is planned now, and counts as delivered in that
 * form. */
int amend_settle_changed(struct amend *amend, struct task *task, enum judgement judgement,
                         struct error *error);

#endif
