/* A task: one document on its way, from the workspace to a final state.
 *
 * A task owns its texts, its JSON and what was found different; task_create() and task_free().
 * While its exchange is under way it must stay where it is. */
#ifndef ROWPOST_DELIVERY_TASK_H
#define ROWPOST_DELIVERY_TASK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "http/session.h"
#include "migration/migration.h"
#include "workspace/journal.h"

/* What its next exchange is for. */
enum task_step {
    STEP_POST,      /* send the document */
    STEP_LOOK_UP,   /* read the record back */
    STEP_EXISTENCE, /* ask whether there is such a record, since it cannot be read */
    STEP_PART,      /* read one part of the record */
    STEP_COUNT,     /* count the records of that name in a list */
    STEP_UPDATE,    /* bring the record to what was planned */
    STEP_REMOVE     /* remove the record */
};

struct finding {
    char *field;
    char *planned; /* NULL for null */
    char *found;
    struct finding *next;
};

struct task {
    int64_t document;
    const struct migration_kind *kind;
    struct text key;
    struct text body; /* references to records that are known are filled in, once it was loaded */
    struct text values;
    struct text expect;
    enum document_version version;
    struct text target_id; /* the target's own name for the record, once an answer has shown it */
    struct text made_id;   /* the name in the answer to the post, while the look-up after it shows
                              whether such records are found; else empty */
    struct text update;    /* the body of STEP_UPDATE */
    struct text refusal;   /* what the target answered when it refused the post */
    struct text sent;      /* the body as it is sent, where it has secrets */
    struct text secrets;   /* that were sent, a line each */
    bool id_is_number;
    json_t *planned; /* the body, parsed when it is first needed; so are the next two */
    json_t *planned_values;
    json_t *planned_expect;
    json_t *parts; /* an array: the answers of the parts so far; or NULL */

    enum task_step step;
    size_t part;
    size_t counted; /* parts that the progress has counted */
    bool is_loaded;
    bool is_resolved;
    bool is_changed;          /* the last plan has another version of it */
    bool may_wait;            /* for other records; for which ones is read before it is sent */
    const char *fault;        /* why its request cannot be sent, a constant; or NULL */
    size_t unresolved;        /* references to records that are not known */
    bool looks_first;         /* it was not sent yet: a look-up shows whether the target has it */
    bool may_have_arrived;    /* an earlier try may have been carried out */
    bool is_repeated;         /* the document was sent more than once, none of them turned away */
    bool is_refused;          /* its post was refused, but may have been stored */
    bool is_refused_unstored; /* by the kind, the refusal came before anything was stored */
    bool is_delivered;        /* the answer to its post was read in full */
    bool is_deep;             /* a look-up reads the parts, too */
    bool is_to_be_counted;    /* a look-up counts the records of that name, too */
    bool is_listed_only;      /* the target has no path that reads the record back */
    int unreadable;           /* how often the application could not read the record */
    int tries;                /* failed tries of this step */
    int conflicts;            /* how often the post was refused because of another record */
    int posts;                /* how often the document, its update or its removal was sent */
    int64_t created;          /* when the record of the last post's answer was made, or -1 */
    int64_t due;              /* clock time before which it is delayed */
    int64_t looked_at;        /* clock time at which the last look-up was sent */

    struct uncertainty uncertainty; /* the last request whose answer was lost */
    int64_t uncertain_at;           /* clock time at which it was sent */
    enum evidence evidence;

    struct finding *findings;
    struct finding *last_finding;
    size_t finding_count;
    bool is_out_of_memory; /* a finding could not be kept, or a comparison could not be made */

    struct exchange exchange;
    struct task *next; /* in the list it is in */
};

/* A document as journal_select() gives it: a null body leaves key and body to task_load(). NULL
 * with the error where memory ran out. */
struct task *task_create(const struct migration_kind *kind, enum task_step step,
                         const struct selected_document *document, struct error *error);
void task_free(struct task *task);

/* Fills key, body and what belongs to it from the workspace, unless they are there, and replaces
 * references with the target's own names. */
int task_load(struct task *task, struct journal *journal, struct error *error);

/* Frees the memory of body and answer, until task_load(). */
void task_unload(struct task *task);

/* From now on the task is about the version of the last plan, or about what was delivered. */
void task_set_version(struct task *task, enum document_version version);

/* What its step asks the target to do; REQUEST_COUNT where it only reads. */
enum request task_request(const struct task *task);

/* The body as JSON; NULL with the error where it is none (a damaged workspace). */
const json_t *task_planned(struct task *task, struct error *error);

/* The document as its kind sees it, once task_planned() has given the body. */
struct kind_document task_document(const struct task *task);

/* What the exchange of the task's step is for its kind. */
enum kind_request task_kind_request(const struct task *task);

/* Writes the exchange of the task's step. 1: ready to be sent; 0: a look-up for which there is no
 * path, or what cannot be sent: a reference in it is not known, or `fault` shows why; -1: the
 * error, as of task_planned() where the body is not JSON. */
int task_prepare(struct task *task, struct error *error);

/* Puts asterisks over the secrets that were sent, wherever the answer repeats them. */
void task_mask_secrets(struct task *task);

/* A sink that keeps differences as the task's findings. */
struct difference_sink task_difference_sink(struct task *task);
void task_add_finding(struct task *task, const char *field, const char *planned, const char *found);
void task_forget_findings(struct task *task);

/* Writes the findings into the journal and replaces earlier ones. */
int task_write_findings(const struct task *task, struct journal *journal, const char *during,
                        struct error *error);

/* Writes the exchange that has ended into the journal. */
int task_write_attempt(const struct task *task, struct journal *journal, enum purpose purpose,
                       enum attempt_outcome outcome, const char *message, struct error *error);

#endif
