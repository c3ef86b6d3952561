#include "delivery/loop.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/noun.h"
#include "delivery/notice.h"
#include "delivery/turned_away.h"

enum {
    WAIT_MS = 100,
    LARGEST_BATCH = 2048,
    FED_AT_LEAST = 32,                /* no longer than the target takes for what is under way */
    BODIES_WAITING = 4 * 1024 * 1024, /* a whole batch's, if they are small */
    /* More than a batch: the commit that frees the next batch also has the outcomes of the last
     * one. */
    COMMIT_CHANGES = 2 * LARGEST_BATCH,
    COMMIT_INTERVAL = 200 * CLOCK_MILLISECOND,
    BATCH_SHORT = 100 * CLOCK_MILLISECOND, /* a batch that lasts less is doubled */
    BATCH_LONG = 1000 * CLOCK_MILLISECOND  /* and one that lasts more is halved */
};

int loop_open(struct loop *loop, const struct loop_settings *settings, struct session *session,
              struct workspace *workspace, struct error *error) {
    loop->workspace = workspace;
    loop->metrics = settings->metrics;
    loop->give_up_after = settings->give_up_after;
    loop->settlement.least = settings->settle;
    loop->dispatch.session = session;
    loop->dispatch.jitter = (uint64_t)clock_now() | 1;
    loop->dispatch.journal = journal_open(workspace, error);
    pace_begin(&loop->dispatch.pace, settings->jobs, settings->rate);
    return loop->dispatch.journal == NULL ? -1 : 0;
}

void loop_stop(struct loop *loop, enum error_code code, const char *message) {
    if (!loop->is_stopped) {
        loop->is_stopped = true;
        error_set(&loop->reason, code, "%s", message);
    }
}

int loop_write(struct loop *loop, struct error *error) {
    if (workspace_begin(loop->workspace, error) != 0) {
        return -1;
    }
    if (loop->opened == 0) {
        loop->opened = clock_now();
    }
    loop->changes++;
    return 0;
}

size_t loop_room_for_bodies(const struct loop *loop) {
    const struct dispatch *dispatch = &loop->dispatch;
    size_t waiting = dispatch->ready.bytes + dispatch->delayed.bytes + loop->marked.bytes;
    return waiting < BODIES_WAITING ? BODIES_WAITING - waiting : 0;
}

void loop_mark(struct loop *loop, struct task *task) {
    task_list_append(&loop->marked, task);
}

/* Metrics are no reason to stop a delivery. */
static void write_metrics(struct loop *loop) {
    const struct dispatch *dispatch = &loop->dispatch;
    struct error error;
    metrics_set_pace(loop->metrics, dispatch->pace.jobs, dispatch->in_flight_count,
                     pace_is_paused(&dispatch->pace, clock_now()));
    if (metrics_read(loop->metrics, loop->workspace, &error) == 0 &&
        metrics_write(loop->metrics, &error) == 0) {
        loop->has_lost_metrics = false;
    } else if (!loop->has_lost_metrics) {
        loop->has_lost_metrics = true;
        log_warning("%s", error.message);
    }
}

/* The progress and the metrics show only what is durable. */
static void show_state(struct loop *loop) {
    if (loop->opened != 0) {
        return;
    }
    notice_progress(loop);
    if (metrics_is_due(loop->metrics)) {
        write_metrics(loop);
    }
}

/* Makes durable what was written; marked documents may be sent. */
static int commit(struct loop *loop, struct error *error) {
    if (journal_commit(loop->dispatch.journal, error) != 0) {
        return -1;
    }
    loop->opened = 0;
    loop->changes = 0;
    struct task *task;
    while ((task = task_list_take(&loop->marked)) != NULL) {
        dispatch_add(&loop->dispatch, task);
    }
    show_state(loop);
    return 0;
}

int loop_recover(struct loop *loop, int64_t sending, struct error *error) {
    if (loop_write(loop, error) != 0 || journal_recover(loop->dispatch.journal, error) != 0 ||
        commit(loop, error) != 0) {
        return -1;
    }
    log_info("an earlier run ended while %lld %s being sent; %s looked up first",
             (long long)sending, noun_of(sending, "document was", "documents were"),
             noun_of(sending, "it is", "they are"));
    return 0;
}

int loop_doubt(struct loop *loop, struct task *task, struct error *error) {
    task->uncertainty = (struct uncertainty){
        .is_open = true, .about = task_request(task), .since = task->exchange.started};
    task->uncertain_at = task->exchange.began;
    bool is_post = task->uncertainty.about == REQUEST_POST; /* a change makes no record */
    return journal_set_uncertain(loop->dispatch.journal, task->document, task->uncertainty.about,
                                 task->uncertainty.since, is_post ? task->evidence : EVIDENCE_NONE,
                                 error);
}

int loop_await_settlement(struct loop *loop, struct task *task, struct error *error) {
    int64_t moment;
    if (settlement_find(&loop->settlement, loop->dispatch.journal, task, &moment, error) != 0) {
        return -1;
    }
    if (task->looked_at >= moment) {
        return 0;
    }
    notice_settlement(loop, task, moment);
    task_forget_findings(task);
    task->step = STEP_LOOK_UP;
    task->tries = 0;
    dispatch_settle(&loop->dispatch, task, moment);
    return 1;
}

static bool is_commit_due(const struct loop *loop) {
    if (loop->opened == 0) {
        return false;
    }
    bool is_starved =
        loop->marked.count > 0 && loop->dispatch.ready.count < loop->dispatch.pace.jobs;
    return is_starved || loop->changes >= COMMIT_CHANGES ||
           clock_now() - loop->opened >= COMMIT_INTERVAL;
}

/* The batch grows while it is used up quickly, so that a fast target is not kept waiting for the
 * disk, and stays small where a crash would leave much to be looked up. */
static void adapt_batch(struct loop *loop) {
    size_t smallest = 2 * loop->dispatch.pace.jobs;
    if (loop->batch >= smallest && loop->fed < loop->batch) {
        return;
    }
    int64_t now = clock_now();
    if (loop->batch < smallest) {
        loop->batch = smallest;
    } else if (now - loop->last_adapted < BATCH_SHORT && loop->batch * 2 <= LARGEST_BATCH) {
        loop->batch *= 2;
    } else if (now - loop->last_adapted > BATCH_LONG && loop->batch / 2 >= smallest) {
        loop->batch /= 2;
    }
    loop->last_adapted = now;
    loop->fed = 0;
}

/* The next batch is fed in small steps while this one is under way; each step is larger than what
 * can end between two steps, or the batch would never be full. */
static int feed(struct loop *loop, struct error *error) {
    const struct dispatch *dispatch = &loop->dispatch;
    size_t jobs = dispatch->pace.jobs;
    size_t leaving = dispatch->ready.count + loop->marked.count; /* as soon as there is room */
    size_t waiting = leaving + dispatch->delayed.count;
    size_t portion = 2 * jobs > FED_AT_LEAST ? 2 * jobs : FED_AT_LEAST;
    if (loop->is_exhausted || loop->is_stopped) {
        return 0;
    }
    adapt_batch(loop);
    size_t room = loop->batch > waiting ? loop->batch - waiting : 0;
    if (room == 0 || (room < portion && leaving > jobs)) {
        return 0;
    }
    int fed = loop->feed(loop->context, room < portion ? room : portion, error);
    loop->is_exhausted = fed == 0;
    loop->fed += fed > 0 ? (size_t)fed : 0;
    return fed < 0 ? -1 : 0;
}

static bool is_idle(const struct loop *loop) {
    const struct dispatch *dispatch = &loop->dispatch;
    if (dispatch->in_flight_count > 0 || loop->turned_away.count > 0) {
        return false;
    }
    return loop->is_stopped ||
           (loop->is_exhausted && dispatch->ready.count == 0 && dispatch->delayed.count == 0 &&
            dispatch->settling.count == 0 && loop->marked.count == 0);
}

/* No request is sent during this time, so it does not count as the target's silence. */
static bool is_settling(const struct loop *loop) {
    const struct dispatch *dispatch = &loop->dispatch;
    return dispatch->settling.count > 0 && dispatch->in_flight_count == 0 &&
           dispatch->ready.count == 0 && dispatch->delayed.count == 0 && loop->marked.count == 0;
}

static void watch(struct loop *loop) {
    int64_t now = clock_now();
    if (is_settling(loop) || now < loop->dispatch.pace.held_until) {
        loop->last_heard = now;
    }
    if (interrupt_requested()) {
        notice_stop(loop);
        struct error request;
        interrupt_set_error(&request, "");
        loop_stop(loop, request.code, request.message);
    }
    if (clock_now() - loop->last_heard > loop->give_up_after && loop->last_failure[0] != '\0') {
        loop_stop(loop, ERROR_TARGET, loop->last_failure);
    }
}

static int release_list(struct loop *loop, struct task_list *list, struct error *error) {
    struct task *task;
    int rc = 0;
    while ((task = task_list_take(list)) != NULL) {
        if (loop->release(loop->context, task, rc == 0 ? error : NULL) != 0) {
            rc = -1;
        }
    }
    return rc;
}

/* Whether this answer shows that the target is there. */
static void listen(struct loop *loop, const struct task *task, enum judgement judgement,
                   const char *message) {
    bool shows_record = judgement <= JUDGED_REFUSED || judgement == JUDGED_EXISTS;
    loop->turned_away_running = shows_record ? 0 : loop->turned_away_running;
    if (judgement != JUDGED_NOT_TAKEN && judgement != JUDGED_UNCERTAIN) {
        loop->last_heard = clock_now();
        notice_answer(loop);
        pace_answered(&loop->dispatch.pace, task->exchange.duration);
        return;
    }
    const struct log_field fields[] = {
        {"event", span_of("failure"), 0},
        {"kind", span_of(task->kind->name), 0},
        {"key", text_span(&task->key), 0},
        {"outcome", span_of(attempt_outcome_name(judge_outcome(task, judgement))), 0},
        {"method", span_of(task->exchange.method), 0},
        {"path", text_span(&task->exchange.path), 0},
        {"status", {0}, task->exchange.status},
        {"microseconds", {0}, task->exchange.duration}};
    log_verbose_about(fields, sizeof fields / sizeof *fields, "%s \"%s\": %s", task->kind->noun,
                      text_string(&task->key), message);
    loop->retries++;
    snprintf(loop->last_failure, sizeof loop->last_failure, "%s", message);
    if (pace_failed(&loop->dispatch.pace, clock_now())) {
        metrics_count_pause(loop->metrics);
        notice_pause(loop);
    }
}

/* Starts the exchanges that may start, unless there is a reason to stop. A token that cannot be
 * renewed is one, and so is a user who does not wait for it. */
static int start_ready(struct loop *loop, struct error *error) {
    if (loop->is_stopped || loop->turned_away.count > 0 || interrupt_requested()) {
        return 0;
    }
    if (dispatch_start(&loop->dispatch, &loop->impossible, error) != 0) {
        if (error->code != ERROR_SESSION && error->code != ERROR_TARGET &&
            error->code != ERROR_INTERRUPTED) {
            return -1;
        }
        loop_stop(loop, error->code, error->message);
    }
    return release_list(loop, &loop->impossible, error);
}

/* Writes the attempt and lets the caller settle the task. While the target accepts requests, the
 * next one is sent first, so that the target is not kept waiting for the workspace. */
int loop_settle(struct loop *loop, struct task *task, enum judgement judgement,
                const struct answer *answer, struct error *error) {
    enum purpose purpose = task->step == STEP_POST ? PURPOSE_POST : loop->purpose;

    if (judgement == JUDGED_BROKEN ||
        (judgement == JUDGED_DELIVERED && start_ready(loop, error) != 0) ||
        loop_write(loop, error) != 0 ||
        task_write_attempt(task, loop->dispatch.journal, purpose, judge_outcome(task, judgement),
                           answer->message, error) != 0) {
        task_free(task);
        return -1;
    }
    return loop->settle(loop->context, task, judgement, answer, error);
}

static int settle(struct loop *loop, struct task *task, struct error *error) {
    struct answer answer;
    settlement_note(&loop->settlement, &task->exchange);
    enum judgement judgement = judge_exchange(task, &answer, error);
    listen(loop, task, judgement, answer.message);
    notice_retry_after(loop, &task->exchange);
    int rc = 0;
    if (judgement == JUDGED_TURNED_AWAY) {
        task_list_append(&loop->turned_away, task);
    } else {
        rc = loop_settle(loop, task, judgement, &answer, error);
    }
    answer_clear(&answer);
    return rc;
}

static int settle_ended(struct loop *loop, struct error *error) {
    struct task *task = dispatch_wait(&loop->dispatch, WAIT_MS);
    while (task != NULL) {
        if (settle(loop, task, error) != 0) {
            return -1;
        }
        task = dispatch_take_ended(&loop->dispatch);
    }
    return 0;
}

static int turn(struct loop *loop, struct error *error) {
    if (feed(loop, error) != 0 || (is_commit_due(loop) && commit(loop, error) != 0)) {
        return -1;
    }
    if (start_ready(loop, error) != 0 || settle_ended(loop, error) != 0 ||
        turned_away_examine(loop, error) != 0) {
        return -1;
    }
    watch(loop);
    show_state(loop);
    return 0;
}

/* Nothing is under way any more: what was not sent returns to its earlier state. */
static int wind_up(struct loop *loop, struct error *error) {
    if (release_list(loop, &loop->marked, error) != 0 ||
        release_list(loop, &loop->dispatch.ready, error) != 0 ||
        release_list(loop, &loop->dispatch.delayed, error) != 0 ||
        release_list(loop, &loop->dispatch.settling, error) != 0) {
        return -1;
    }
    return commit(loop, error);
}

int loop_run(struct loop *loop, const char *label, uint64_t total, struct error *error) {
    int rc = 0;
    loop->is_exhausted = false;
    loop->finished = 0;
    loop->retries = 0;
    loop->parts = 0;
    loop->last_heard = clock_now();
    pace_begin_kind(&loop->dispatch.pace);
    progress_begin(&loop->progress, label, total);
    do {
        rc = turn(loop, error);
    } while (rc == 0 && !is_idle(loop));
    if (rc == 0) {
        rc = wind_up(loop, error);
    }
    progress_end(&loop->progress);
    if (rc == 0 && loop->is_stopped) {
        *error = loop->reason;
        return -1;
    }
    return rc;
}

void loop_close(struct loop *loop) {
    struct task *task;
    while ((task = task_list_take(&loop->marked)) != NULL) {
        task_free(task);
    }
    while ((task = task_list_take(&loop->impossible)) != NULL ||
           (task = task_list_take(&loop->turned_away)) != NULL) {
        task_free(task);
    }
    dispatch_free(&loop->dispatch);
    workspace_roll_back(loop->workspace);
    journal_close(loop->dispatch.journal);
    if (loop->metrics != NULL) {
        write_metrics(loop);
    }
}
