#include "http/lines.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "http/line.h"
#include "http/request.h"

struct carrier {
    struct request_form form;
    struct line *lines[CARRIER_MOST_EXCHANGES]; /* those that carry an exchange first */
    size_t made;
    size_t under_way;
    struct exchange *ended[CARRIER_MOST_EXCHANGES]; /* and not handed back yet, the first first */
    size_t ended_count;

    /* what the lines under way wait for, line after line, and how much that is of each; and what
     * of it has been waited for, but not been looked at yet */
    struct pollfd watched[CARRIER_MOST_EXCHANGES * WIRE_WATCHED];
    size_t watched_by[CARRIER_MOST_EXCHANGES];
    size_t lines_left;
    size_t watched_left;
};

static void close_lines(struct carrier *carrier) {
    for (size_t i = 0; i < carrier->made; i++) {
        line_free(carrier->lines[i]);
    }
    request_form_free(&carrier->form);
    free(carrier);
}

static struct carrier *open_lines(const struct transfer_settings *settings, struct error *error) {
    struct carrier *carrier = calloc(1, sizeof *carrier);

    if (carrier == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    if (request_form_open(&carrier->form, settings, error) != 0) {
        close_lines(carrier);
        return NULL;
    }
    return carrier;
}

/* A line that carries nothing: the first behind those under way. */
static struct line *find_idle(struct carrier *carrier, struct error *error) {
    if (carrier->under_way + carrier->ended_count == CARRIER_MOST_EXCHANGES) {
        error_set(error, ERROR_INTERNAL, "more than %d requests at a time", CARRIER_MOST_EXCHANGES);
        return NULL;
    }
    if (carrier->under_way < carrier->made) {
        return carrier->lines[carrier->under_way];
    }
    struct line *line = line_create(&carrier->form);
    if (line == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    carrier->lines[carrier->made++] = line;
    return line;
}

static int send_exchange(struct carrier *carrier, struct exchange *exchange, struct error *error) {
    struct line *line = find_idle(carrier, error);
    int rc = line == NULL ? -1 : line_begin(line, exchange, error);

    if (rc < 0) {
        return -1;
    }
    if (rc > 0) {
        carrier->ended[carrier->ended_count++] = exchange;
    } else {
        carrier->under_way++;
    }
    return 0;
}

static struct exchange *take_first(struct carrier *carrier) {
    struct exchange *exchange = carrier->ended[0];

    carrier->ended_count--;
    memmove(carrier->ended, carrier->ended + 1, carrier->ended_count * sizeof(*carrier->ended));
    return exchange;
}

/* A line whose exchange has ended changes its place with the last one under way. */
static struct exchange *retire(struct carrier *carrier, size_t position) {
    struct line *line = carrier->lines[position];

    carrier->under_way--;
    carrier->lines[position] = carrier->lines[carrier->under_way];
    carrier->lines[carrier->under_way] = line;
    return line_exchange(line);
}

/* Lines are looked at one by one, so that the next request can leave before the next answer is
 * read; from the last to the first, so that each is met once: what takes the place of one that has
 * ended was met before, or has begun since. */
static struct exchange *take_ended(struct carrier *carrier) {
    if (carrier->ended_count > 0) {
        return take_first(carrier);
    }
    while (carrier->lines_left > 0) {
        size_t position = --carrier->lines_left;
        size_t count = carrier->watched_by[position];

        carrier->watched_left -= count;
        if (line_advance(carrier->lines[position], carrier->watched + carrier->watched_left,
                         count)) {
            return retire(carrier, position);
        }
    }
    return NULL;
}

/* Fills in what to wait for; lowers `*patience_ms` to how long at most. */
static void watch(struct carrier *carrier, int64_t now, int *patience_ms) {
    size_t count = 0;

    for (size_t i = 0; i < carrier->under_way; i++) {
        int patience = line_patience(carrier->lines[i], now);

        carrier->watched_by[i] = line_watch(carrier->lines[i], carrier->watched + count);
        count += carrier->watched_by[i];
        *patience_ms = patience < *patience_ms ? patience : *patience_ms;
    }
    carrier->lines_left = carrier->under_way;
    carrier->watched_left = count;
}

static struct exchange *wait_for_one(struct carrier *carrier, int timeout_ms) {
    int64_t now = clock_now();
    int64_t until = now + timeout_ms * (int64_t)CLOCK_MILLISECOND;
    struct exchange *exchange = take_ended(carrier);

    while (exchange == NULL && carrier->under_way > 0) {
        int patience = (int)((until - now + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND);

        watch(carrier, now, &patience);
        if (poll(carrier->watched, carrier->watched_left, patience) < 0) {
            /* A signal: nothing was looked at, and the caller may have to know. */
            carrier->lines_left = 0;
            return NULL;
        }
        exchange = take_ended(carrier);
        now = clock_now();
        if (now >= until) {
            break;
        }
    }
    return exchange;
}

static void abandon_all(struct carrier *carrier) {
    while (carrier->ended_count > 0) {
        exchange_end_failed(take_first(carrier), EXCHANGE_LOST, CARRIER_GIVEN_UP);
    }
    carrier->lines_left = 0;
    while (carrier->under_way > 0) {
        line_give_up(carrier->lines[--carrier->under_way], CARRIER_GIVEN_UP);
    }
}

const struct carrier_kind carrier_lines = {.open = open_lines,
                                           .close = close_lines,
                                           .send = send_exchange,
                                           .wait = wait_for_one,
                                           .take = take_ended,
                                           .abandon = abandon_all};
