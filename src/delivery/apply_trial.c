/* The first record that a delivery makes of a kind is looked up before more are sent: if the kind's
 * requests do not find it, they would not find the others either, and what is sent again after a
 * lost answer would be there twice. */
#include "base/clock.h"
#include "base/log.h"
#include "delivery/apply_private.h"

size_t apply_trial_room(const struct apply *apply, size_t wanted) {
    const struct loop *loop = &apply->loop;
    const struct dispatch *dispatch = &loop->dispatch;
    size_t under_way = dispatch->in_flight_count + dispatch->ready.count + dispatch->delayed.count +
                       loop->marked.count + loop->turned_away.count;
    return apply->is_proven ? wanted : under_way == 0;
}

void apply_end_trial(struct apply *apply) {
    apply->loop.is_exhausted = apply->loop.is_exhausted && apply->is_proven;
}

void apply_prove(struct apply *apply) {
    apply_end_trial(apply);
    apply->is_proven = true;
}

bool apply_finds_another(const struct task *task) {
    return task->made_id.length > 0 &&
           !span_equal(text_span(&task->made_id), text_span(&task->target_id));
}

int apply_repeat_trial(struct apply *apply, struct task *task, struct error *error) {
    int64_t moment;
    if (settlement_find(&apply->loop.settlement, apply->journal, task, &moment, error) != 0) {
        return -1;
    }
    if (clock_now() >= moment) {
        return 0;
    }
    if (task->tries == 0) {
        log_info("%s \"%s\" was made, and GET %s does not find it: it is looked up again before "
                 "others are sent, for as long as --settle",
                 task->kind->noun, text_string(&task->key), text_string(&task->exchange.path));
    }
    task->step = STEP_LOOK_UP;
    task->tries++;
    text_clear(&task->target_id);
    text_append(&task->target_id, text_span(&task->made_id));
    dispatch_delay(&apply->loop.dispatch, task);
    return 1;
}

int apply_fail_trial(struct apply *apply, struct task *task, struct error *error) {
    struct text what = {0};
    const char *path = text_string(&task->exchange.path);
    text_append_format(&what, "%s \"%s\": the target has made it, and GET %s ", task->kind->noun,
                       text_string(&task->key), path);
    if (apply_finds_another(task)) {
        text_append_format(&what, "finds %s instead of %s", text_string(&task->target_id),
                           text_string(&task->made_id));
    } else {
        text_append_format(&what, "does not find it (status %d)", task->exchange.status);
    }
    text_append_string(&what, ". Nothing more was sent, as no look-up would find the others. "
                              "Correct how the migration finds a record (--@ find, --@ match) and "
                              "plan again, or let the session read it; where the target shows a "
                              "record late, wait longer with --settle");
    text_clear(&task->target_id);
    text_append(&task->target_id, text_span(&task->made_id));
    int rc = text_check(&what, error);
    if (rc == 0) {
        loop_stop(&apply->loop, ERROR_INPUT, text_string(&what));
    }
    text_free(&what);
    return rc;
}
