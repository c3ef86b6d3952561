#include "report/flow.h"

#include <stdlib.h>
#include <string.h>

const struct flow_meaning flow_meanings[FLOW_PLACES] = {
    [FLOW_ROWS_READ] = {FLOW_ROWS, "source row", "source rows", "plain"},
    [FLOW_USED] = {FLOW_OUTCOMES, "used", "used", "plain"},
    [FLOW_SKIPPED] = {FLOW_OUTCOMES, "skipped by a rule", "skipped by a rule", "quiet"},
    [FLOW_REJECTED] = {FLOW_OUTCOMES, "rejected", "rejected", "bad"},
    [FLOW_PLANNED] = {FLOW_DOCUMENTS, "document", "documents", "plain"},
    [FLOW_DELIVERED] = {FLOW_STATES, "delivered", "delivered", "good"},
    [FLOW_PRESENT] = {FLOW_STATES, "already there", "already there", "good"},
    [FLOW_DIFFERENT] = {FLOW_STATES, "there, but different", "there, but different", "bad"},
    [FLOW_DUPLICATE] = {FLOW_STATES, "there several times", "there several times", "bad"},
    [FLOW_REFUSED] = {FLOW_STATES, "refused", "refused", "bad"},
    [FLOW_UNCLEAR] = {FLOW_STATES, "unclear", "unclear", "wait"},
    [FLOW_PENDING] = {FLOW_STATES, "not sent yet", "not sent yet", "wait"},
    [FLOW_EQUAL] = {FLOW_VERDICTS, "read back equal", "read back equal", "good"},
    [FLOW_NOT_COMPARED] = {FLOW_VERDICTS, "not compared", "not compared", "wait"},
    [FLOW_FOUND_DIFFERENT] = {FLOW_VERDICTS, "read back different", "read back different", "bad"},
    [FLOW_FOUND_DUPLICATE] = {FLOW_VERDICTS, "found several times", "found several times", "bad"},
    [FLOW_MISSING] = {FLOW_VERDICTS, "missing", "missing", "bad"},
    [FLOW_UNREAD] = {FLOW_VERDICTS, "not read back", "not read back", "wait"},
};

static const enum flow_place outcome_places[OUTCOME_COUNT] = {[OUTCOME_USED] = FLOW_USED,
                                                              [OUTCOME_SKIPPED] = FLOW_SKIPPED,
                                                              [OUTCOME_REJECTED] = FLOW_REJECTED};

/* Where a document of a state is drawn; FLOW_UNCLEAR and FLOW_PENDING by its standing. */
static enum flow_place place_of(enum state state) {
    static const enum flow_place places[STATE_COUNT] = {[STATE_DELIVERED] = FLOW_DELIVERED,
                                                        [STATE_PRESENT] = FLOW_PRESENT,
                                                        [STATE_DIFFERENT] = FLOW_DIFFERENT,
                                                        [STATE_REFUSED] = FLOW_REFUSED,
                                                        [STATE_DUPLICATE] = FLOW_DUPLICATE};
    switch (standing_class_of(state, VERDICT_NONE, CHANGE_NONE)) {
    case CLASS_OPEN:
        return FLOW_PENDING;
    case CLASS_UNCLEAR:
        return FLOW_UNCLEAR;
    default:
        return places[state];
    }
}

static const enum flow_place verdict_places[VERDICT_COUNT] = {
    [VERDICT_NONE] = FLOW_UNREAD,
    [VERDICT_EQUAL] = FLOW_EQUAL,
    [VERDICT_NOT_COMPARED] = FLOW_NOT_COMPARED,
    [VERDICT_DIFFERENT] = FLOW_FOUND_DIFFERENT,
    [VERDICT_MISSING] = FLOW_MISSING,
    [VERDICT_DUPLICATE] = FLOW_FOUND_DUPLICATE,
};

void flow_add_link(struct flow *flow, enum flow_place from, enum flow_place to, int64_t count) {
    if (count <= 0) {
        return;
    }
    struct flow_link *link = flow->links;
    struct flow_link *end = flow->links + flow->link_count;
    while (link < end && (link->from != from || link->to != to)) {
        link++;
    }
    if (link == end) {
        if (flow->link_count == FLOW_MAX_LINKS) {
            return;
        }
        flow->link_count++;
        *link = (struct flow_link){.from = from, .to = to};
    }
    link->count = summary_add(link->count, count);
    flow->nodes[to].count = summary_add(flow->nodes[to].count, count);
}

static void count_rows(const struct summary *summary, struct flow *flow) {
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct summary_table *table = &summary->tables[i];
        struct flow_node *rows = &flow->nodes[FLOW_ROWS_READ];
        rows->count = summary_add(rows->count, table->rows - table->left);
        for (enum row_outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            flow_add_link(flow, FLOW_ROWS_READ, outcome_places[outcome], table->outcomes[outcome]);
        }
    }
}

/* What is on the target has been read back, or not yet. */
static void count_state(const struct summary_kind *kind, enum state state, struct flow *flow) {
    enum flow_place place = place_of(state);
    flow_add_link(flow, FLOW_PLANNED, place, kind->states[state]);
    if (place != FLOW_DELIVERED && place != FLOW_PRESENT && place != FLOW_DIFFERENT &&
        place != FLOW_DUPLICATE) {
        return;
    }
    for (enum verdict verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        flow_add_link(flow, place, verdict_places[verdict], kind->read_back[state][verdict]);
    }
}

void flow_count(const struct summary *summary, struct flow *flow) {
    memset(flow, 0, sizeof *flow);
    count_rows(summary, flow);
    int64_t planned = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        planned += summary->kinds[i].documents;
    }
    flow_add_link(flow, FLOW_USED, FLOW_PLANNED, planned);
    for (size_t i = 0; i < summary->kind_count; i++) {
        for (enum state state = 0; state < STATE_COUNT; state++) {
            count_state(&summary->kinds[i], state, flow);
        }
    }
}

static bool is_drawn(const struct flow *flow, enum flow_stage stage, size_t place) {
    return flow_meanings[place].stage == stage && flow->nodes[place].count > 0;
}

static size_t count_nodes(const struct flow *flow, enum flow_stage stage) {
    size_t nodes = 0;
    for (size_t i = 0; i < FLOW_PLACES; i++) {
        nodes += is_drawn(flow, stage, i);
    }
    return nodes;
}

/* How wide one item can be for the stage to fit: nodes that would get less than `least` are given
 * that, and the others share what is left. 0 where there is room for nothing else. */
static double fit_stage(const struct flow *flow, enum flow_stage stage, struct flow_room room) {
    bool is_fixed[FLOW_PLACES] = {false};
    double available = room.extent - room.gap * (double)(count_nodes(flow, stage) - 1);
    for (;;) {
        double left = available;
        double sum = 0;
        for (size_t i = 0; i < FLOW_PLACES; i++) {
            if (is_drawn(flow, stage, i)) {
                left -= is_fixed[i] ? room.least : 0;
                sum += is_fixed[i] ? 0 : (double)flow->nodes[i].count;
            }
        }
        if (sum <= 0 || left <= 0) {
            return 0;
        }
        bool is_settled = true;
        for (size_t i = 0; i < FLOW_PLACES; i++) {
            if (is_drawn(flow, stage, i) && !is_fixed[i] &&
                left * (double)flow->nodes[i].count / sum < room.least) {
                is_fixed[i] = true;
                is_settled = false;
            }
        }
        if (is_settled) {
            return left / sum;
        }
    }
}

static void place_stage(struct flow *flow, enum flow_stage stage, double scale,
                        struct flow_room room) {
    double offset = 0;
    for (size_t i = 0; i < FLOW_PLACES; i++) {
        struct flow_node *node = &flow->nodes[i];
        if (is_drawn(flow, stage, i)) {
            double size = scale * (double)node->count;
            node->size = size < room.least ? room.least : size;
            node->offset = offset;
            offset += node->size + room.gap;
        }
    }
}

/* The stages of one unit, by the scale of the stage that has the least room for it. */
static void place_unit(struct flow *flow, enum flow_stage first, enum flow_stage last,
                       struct flow_room room) {
    double scale = -1;
    for (enum flow_stage stage = first; stage <= last; stage++) {
        double fitting = count_nodes(flow, stage) == 0 ? -1 : fit_stage(flow, stage, room);
        if (fitting >= 0 && (scale < 0 || fitting < scale)) {
            scale = fitting;
        }
    }
    for (enum flow_stage stage = first; stage <= last; stage++) {
        place_stage(flow, stage, scale, room);
    }
}

bool flow_is_break(const struct flow_link *link) {
    return flow_meanings[link->from].stage <= FLOW_LAST_OF_ROWS &&
           flow_meanings[link->to].stage > FLOW_LAST_OF_ROWS;
}

/* The sums of what leaves and enters each node, in which its bands share its edge. A band is wider
 * at its end than at its beginning where it leads to a node of the least size. */
static void place_links(struct flow *flow) {
    int64_t leaving[FLOW_PLACES] = {0};
    double left[FLOW_PLACES] = {0};
    double entered[FLOW_PLACES] = {0};
    for (size_t i = 0; i < flow->link_count; i++) {
        int64_t *sum = &leaving[flow->links[i].from];
        *sum = summary_add(*sum, flow->links[i].count);
    }
    for (size_t i = 0; i < flow->link_count; i++) {
        struct flow_link *link = &flow->links[i];
        const struct flow_node *from = &flow->nodes[link->from];
        const struct flow_node *to = &flow->nodes[link->to];
        link->from_size = from->size * (double)link->count / (double)leaving[link->from];
        link->to_size = to->size * (double)link->count / (double)to->count;
        link->from_offset = from->offset + left[link->from];
        link->to_offset = to->offset + entered[link->to];
        left[link->from] += link->from_size;
        entered[link->to] += link->to_size;
    }
}

/* In the order of the places, so that bands do not cross more than they must. */
static int compare_links(const void *left, const void *right) {
    const struct flow_link *a = left;
    const struct flow_link *b = right;
    return a->from != b->from ? (int)a->from - (int)b->from : (int)a->to - (int)b->to;
}

void flow_lay_out(struct flow *flow, struct flow_room room) {
    place_unit(flow, 0, FLOW_LAST_OF_ROWS, room);
    place_unit(flow, FLOW_LAST_OF_ROWS + 1, FLOW_STAGES - 1, room);
    qsort(flow->links, flow->link_count, sizeof *flow->links, compare_links);
    place_links(flow);
}
