#include "delivery/turned_away.h"

#include "delivery/probe.h"

enum {
    STATUS_FORBIDDEN = 403,
    MOST_TURNED_AWAY = 5 /* in a row, none accepted in between */
};

/* A session that may not write is forbidden every change; one that may write is forbidden only this
 * one. */
static int probe(struct loop *loop, const struct task *task, struct error *error) {
    struct session *session = loop->dispatch.session;
    int rc = probe_target(loop->migration, session, loop->give_up_after, error);
    if (rc != 0 || task->exchange.status != STATUS_FORBIDDEN ||
        task_request(task) == REQUEST_COUNT) {
        return rc;
    }
    int may_write = probe_may_write(loop->migration, session, error);
    if (may_write == 0) {
        return error_set(error, ERROR_SESSION, "the session may not write");
    }
    return may_write < 0 ? -1 : 0;
}

/* Settles what was turned away, by the result of the probe. */
static int settle_all(struct loop *loop, enum judgement judgement, struct error *error) {
    struct task *task;
    int rc = 0;
    while (rc == 0 && (task = task_list_take(&loop->turned_away)) != NULL) {
        struct answer answer;
        judge_read_answer(task, &answer);
        enum judgement own =
            judgement == JUDGED_REFUSED ? judge_turned_away(task, &answer) : judgement;
        if (own == JUDGED_BROKEN) {
            error_set_no_memory(error);
        }
        loop->turned_away_running += own == JUDGED_REFUSED;
        rc = loop_settle(loop, task, own, &answer, error);
        answer_clear(&answer);
    }
    return rc;
}

/* Why it stops where none of several records is accepted, and what to do. `refuse` of a migration
 * file is about changes only. */
static void append_reason(const struct loop *loop, const struct task *task,
                          const struct answer *answer, struct text *out) {
    const struct migration_file *file = loop->migration->file;
    text_append_format(out, "%s %s: %s; so were %d %s in a row, with none accepted in between. ",
                       task->exchange.method, text_string(&task->exchange.path), answer->message,
                       MOST_TURNED_AWAY, task->kind->name);
    if (file != NULL && task_request(task) != REQUEST_COUNT) {
        text_append_format(out,
                           "If the target is to refuse each of them by itself, write --@ refuse "
                           ":status = %d into the kind %s of %s and plan again; else correct",
                           task->exchange.status, task->kind->name, file->path);
    } else {
        text_append_string(out, "Correct");
    }
    text_append_string(out, " the path or what the session may do. apply --retry-refused sends "
                            "these again");
}

/* A target that answers the probe, and accepts none of several records, accepts none at all. */
static int settle_probed(struct loop *loop, enum judgement judgement, struct error *error) {
    struct text reason = {0};
    struct answer answer;
    judge_read_answer(loop->turned_away.first, &answer);
    enum error_code code = answer.class == ANSWER_FORBIDDEN ? ERROR_SESSION : ERROR_TARGET;
    append_reason(loop, loop->turned_away.first, &answer, &reason);
    answer_clear(&answer);
    int rc = settle_all(loop, judgement, error);
    if (rc == 0 && loop->turned_away_running >= MOST_TURNED_AWAY) {
        loop->turned_away_running = 0;
        loop_stop(loop, code, text_string(&reason));
        rc = text_check(&reason, error);
    }
    text_free(&reason);
    return rc;
}

int turned_away_examine(struct loop *loop, struct error *error) {
    struct task *first = loop->turned_away.first;
    struct error reason;
    if (first == NULL || loop->dispatch.in_flight_count > 0) {
        return 0;
    }
    if (loop->is_stopped) {
        return settle_all(loop, JUDGED_UNCERTAIN, error);
    }
    int rc = probe(loop, first, &reason);
    if (rc < 0 && reason.code == ERROR_INTERRUPTED) {
        return settle_all(loop, JUDGED_UNCERTAIN, error);
    }
    if (rc < 0) {
        return settle_all(loop, reason.code == ERROR_SESSION ? JUDGED_SIGN_IN : JUDGED_MISDIRECTED,
                          error);
    }
    return settle_probed(loop, rc == 0 ? JUDGED_REFUSED : JUDGED_UNCERTAIN, error);
}
