#include "delivery/settlement.h"

#include "workspace/unsettled.h"

void settlement_note(struct settlement *settlement, const struct exchange *exchange) {
    if (exchange->end != EXCHANGE_NOT_SENT && exchange->duration > settlement->longest) {
        settlement->longest = exchange->duration;
    }
}

/* Read when it is first needed: it reads every attempt. */
static int load(struct settlement *settlement, struct journal *journal, struct error *error) {
    int64_t longest = 0;
    if (settlement->is_loaded) {
        return 0;
    }
    if (journal_longest_exchange(journal, &longest, error) != 0) {
        return -1;
    }
    settlement->is_loaded = true;
    settlement->longest = longest > settlement->longest ? longest : settlement->longest;
    return 0;
}

int settlement_find(struct settlement *settlement, struct journal *journal, const struct task *task,
                    int64_t *moment, struct error *error) {
    *moment = 0;
    if (!task->uncertainty.is_open) {
        return 0;
    }
    if (load(settlement, journal, error) != 0) {
        return -1;
    }
    *moment = task->uncertain_at + unsettled_time(settlement->least, settlement->longest);
    return 0;
}
