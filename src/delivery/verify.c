#include "delivery/verify.h"

#include <limits.h>
#include <stdio.h>

#include "base/noun.h"
#include "delivery/judge.h"
#include "delivery/loop.h"
#include "delivery/strangers.h"
#include "workspace/journal.h"
#include "workspace/summary.h"

enum { MOST_LOOK_UPS = 6 /* failed tries of one look-up */ };

struct verify {
    const struct migration *migration;
    struct journal *journal;
    struct loop loop;
    enum verify_depth depth;
    struct summary begun; /* where the documents were when it began */
    size_t kind;
    char label[64]; /* of the progress */
    int64_t last;   /* the documents up to this one have been fed */
    int64_t unread;
};

static int take(void *context, const struct selected_document *document, struct error *error) {
    struct verify *verify = context;
    struct task *task =
        task_create(&verify->migration->kinds[verify->kind], STEP_LOOK_UP, document, error);
    if (task == NULL) {
        return -1;
    }
    task->is_deep = verify->depth == VERIFY_PARTS;
    task->is_to_be_counted = true;
    task->is_delivered = true;
    verify->last = document->id;
    dispatch_add(&verify->loop.dispatch, task);
    return 0;
}

static int feed(void *context, size_t wanted, struct error *error) {
    struct verify *verify = context;
    const struct selection sent = {.rule = SELECT_SENT,
                                   .kind = verify->kind,
                                   .after = verify->last,
                                   .bodies = loop_room_for_bodies(&verify->loop)};
    return journal_select(verify->journal, &sent, wanted, take, verify, error);
}

static bool reads_parts(const struct verify *verify) {
    return verify->depth == VERIFY_PARTS &&
           verify->migration->kinds[verify->kind].count_parts != NULL;
}

static size_t count_parts_of(const struct verify *verify, const struct kind_document *document) {
    const struct migration_kind *kind = &verify->migration->kinds[verify->kind];
    return kind->count_parts(kind, document, DEPTH_PARTS);
}

/* The document's parts that the progress has not counted, as it ended before they were read. */
static size_t count_unread(const struct verify *verify, const struct task *task) {
    if (!reads_parts(verify) || task->planned == NULL) {
        return 0;
    }
    const struct kind_document document = task_document(task);
    size_t parts = count_parts_of(verify, &document);
    return parts > task->counted ? parts - task->counted : 0;
}

/* The task continues with its next part, or after the record with its first one. */
static void count_part(struct verify *verify, struct task *task) {
    if (reads_parts(verify) && task->step == STEP_PART && task->part > task->counted) {
        task->counted++;
        verify->loop.parts++;
    }
}

static int finish(struct verify *verify, struct task *task, enum verdict verdict,
                  struct error *error) {
    verify->loop.finished++;
    verify->loop.parts += count_unread(verify, task);
    int rc = journal_set_verdict(verify->journal, task->document, verdict, error);
    if (rc == 0) {
        rc = task_write_findings(task, verify->journal, "verify", error);
    }
    task_free(task);
    return rc;
}

/* Leaving a look-up out loses only the verdict; one that cannot be written finds no record that is
 * as planned. */
static int release(void *context, struct task *task, struct error *error) {
    struct verify *verify = context;
    if (task->fault == NULL) {
        task_free(task);
        return 0;
    }
    if (loop_write(&verify->loop, error) != 0) {
        task_free(task);
        return -1;
    }
    task_add_finding(task, "whole record", "as planned", task->fault);
    return finish(verify, task, VERDICT_DIFFERENT, error);
}

static int retry_later(struct verify *verify, struct task *task) {
    task->tries++;
    if (task->tries > MOST_LOOK_UPS) {
        verify->unread++;
        task_free(task);
        return 0;
    }
    dispatch_delay(&verify->loop.dispatch, task);
    return 0;
}

static int settle(void *context, struct task *task, enum judgement judgement,
                  const struct answer *answer, struct error *error) {
    struct verify *verify = context;
    switch (judgement) {
    case JUDGED_EQUAL:
        return finish(verify, task, VERDICT_EQUAL, error);
    case JUDGED_DIFFERENT:
        return finish(verify, task, VERDICT_DIFFERENT, error);
    case JUDGED_REFUSED:
        task_add_finding(task, "whole record", "as planned", answer->message);
        return finish(verify, task, VERDICT_DIFFERENT, error);
    case JUDGED_DUPLICATE:
        return finish(verify, task, VERDICT_DUPLICATE, error);
    case JUDGED_MISSING:
        task_forget_findings(task);
        return finish(verify, task, VERDICT_MISSING, error);
    case JUDGED_MORE:
        count_part(verify, task);
        dispatch_add_first(&verify->loop.dispatch, task);
        return 0;
    case JUDGED_NOT_TAKEN:
    case JUDGED_UNCERTAIN:
        return retry_later(verify, task);
    case JUDGED_SIGN_IN:
        loop_stop(&verify->loop, ERROR_SESSION, answer->message);
        return release(verify, task, error);
    case JUDGED_MISDIRECTED:
        loop_stop(&verify->loop, ERROR_TARGET, answer->message);
        return release(verify, task, error);
    default:
        task_free(task);
        return error_set(error, ERROR_INTERNAL, "a look-up was judged \"%s\"",
                         judgement_name(judgement));
    }
}

struct part_count {
    const struct verify *verify;
    uint64_t parts;
};

static int add_parts(void *context, const struct selected_document *selected, struct error *error) {
    struct part_count *count = context;
    json_t *body = json_loadb(selected->body.data, selected->body.length, JSON_DECODE_ANY, NULL);
    const struct kind_document document = {.key = selected->key, .body = body};
    (void)error;
    count->parts += body == NULL ? 0 : count_parts_of(count->verify, &document);
    json_decref(body);
    return 0;
}

/* A document of many parts takes as long as that many documents: the progress counts them all. */
static int count_parts(const struct verify *verify, uint64_t *parts, struct error *error) {
    struct part_count count = {.verify = verify};
    const struct selection sent = {.rule = SELECT_SENT, .kind = verify->kind, .bodies = SIZE_MAX};
    *parts = 0;
    if (!reads_parts(verify)) {
        return 0;
    }
    if (journal_select(verify->journal, &sent, INT_MAX, add_parts, &count, error) < 0) {
        return -1;
    }
    *parts = count.parts;
    return 0;
}

static int verify_kind(struct verify *verify, struct error *error) {
    const struct summary *begun = &verify->begun;
    int64_t sent =
        verify->kind < begun->kind_count ? summary_count_sent(&begun->kinds[verify->kind]) : 0;
    if (sent == 0) {
        return 0;
    }
    verify->last = 0;
    const char *name = verify->migration->kinds[verify->kind].name;
    const struct strangers strangers = {.migration = verify->migration,
                                        .workspace = verify->loop.workspace,
                                        .session = verify->loop.dispatch.session,
                                        .timeout = verify->loop.give_up_after};
    uint64_t parts;
    if (count_parts(verify, &parts, error) != 0) {
        return -1;
    }
    snprintf(verify->label, sizeof verify->label, "%s%s", name, parts > 0 ? " with parts" : "");
    return loop_run(&verify->loop, verify->label, (uint64_t)sent + parts, error) == 0
               ? strangers_find(&strangers, verify->kind, error)
               : -1;
}

static int verify_all(struct verify *verify, struct error *error) {
    if (summary_load_figures(verify->loop.workspace, &verify->begun, error) != 0) {
        return -1;
    }
    for (verify->kind = 0; verify->kind < verify->migration->kind_count; verify->kind++) {
        if (verify_kind(verify, error) != 0) {
            return -1;
        }
    }
    if (verify->unread > 0) {
        return error_set(
            error, ERROR_TARGET, "%lld %s could not be read back (%s)", (long long)verify->unread,
            noun_of(verify->unread, "document", "documents"), verify->loop.last_failure);
    }
    return 0;
}

int verify_run(const struct migration *migration, const struct verify_settings *settings,
               struct session *session, struct workspace *workspace, struct error *error) {
    struct verify verify = {.migration = migration,
                            .depth = settings->depth,
                            .loop = {.migration = migration,
                                     .purpose = PURPOSE_VERIFY,
                                     .context = &verify,
                                     .feed = feed,
                                     .settle = settle,
                                     .release = release}};
    int rc = loop_open(&verify.loop, &settings->loop, session, workspace, error);
    verify.journal = verify.loop.dispatch.journal;
    rc = rc == 0 ? verify_all(&verify, error) : -1;
    loop_close(&verify.loop);
    summary_free(&verify.begun);
    return rc;
}
