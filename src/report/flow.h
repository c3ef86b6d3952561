/* A summary as a flow: source rows become used, skipped or rejected; the used ones become
 * documents; documents end as delivered or otherwise; what is on the target is read back.
 *
 * Rows and documents are different units. Within a unit one item is as wide at every stage; the two
 * units have a scale each, and the link between them is no band but a break.
 *
 * flow_count() counts, flow_lay_out() gives every node and every band its place along its edge. The
 * drawing decides which way the flow runs on the page. Plain values, nothing is owned. */
#ifndef ROWPOST_REPORT_FLOW_H
#define ROWPOST_REPORT_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "workspace/summary.h"

enum flow_stage {
    FLOW_ROWS,
    FLOW_OUTCOMES,
    FLOW_DOCUMENTS,
    FLOW_STATES,
    FLOW_VERDICTS,
    FLOW_STAGES,
    FLOW_LAST_OF_ROWS = FLOW_OUTCOMES /* documents are counted after it */
};

enum flow_place {
    FLOW_ROWS_READ,
    FLOW_USED,
    FLOW_SKIPPED,
    FLOW_REJECTED,
    FLOW_PLANNED,
    FLOW_DELIVERED,
    FLOW_PRESENT,
    FLOW_DIFFERENT,
    FLOW_DUPLICATE,
    FLOW_REFUSED,
    FLOW_UNCLEAR, /* being sent, or unknown */
    FLOW_PENDING,
    FLOW_EQUAL,
    FLOW_NOT_COMPARED,
    FLOW_FOUND_DIFFERENT,
    FLOW_FOUND_DUPLICATE,
    FLOW_MISSING,
    FLOW_UNREAD, /* on the target, not read back yet */
    FLOW_PLACES
};

struct flow_node {
    int64_t count;
    double offset, size; /* along its stage */
};

struct flow_link {
    enum flow_place from, to;
    int64_t count; /* of what `to` counts */
    double from_offset, from_size;
    double to_offset, to_size;
};

enum { FLOW_MAX_LINKS = 64 };

struct flow {
    struct flow_node nodes[FLOW_PLACES];
    struct flow_link links[FLOW_MAX_LINKS];
    size_t link_count;
};

/* What each place means. A tone has one meaning: "plain" is counted and nothing more, "good" is on
 * the target as planned, "wait" is not complete, "bad" needs attention, "quiet" is left out on
 * purpose. */
struct flow_meaning {
    enum flow_stage stage;
    const char *one, *many; /* "row used", "rows used" */
    const char *tone;
};
extern const struct flow_meaning flow_meanings[FLOW_PLACES];

void flow_count(const struct summary *summary, struct flow *flow);

/* Adds what goes from one place to another; nothing where the count is 0. */
void flow_add_link(struct flow *flow, enum flow_place from, enum flow_place to, int64_t count);

/* True for the link from rows to documents. */
bool flow_is_break(const struct flow_link *link);

/* The room that a stage has, the gap between two nodes, and the least that a node with a count
 * above 0 is drawn with, however small its share. */
struct flow_room {
    double extent, gap, least;
};
void flow_lay_out(struct flow *flow, struct flow_room room);

#endif
