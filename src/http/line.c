#define _GNU_SOURCE /* explicit_bzero, POLLRDHUP */
#include "http/line.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "http/cookie_jar.h"
#include "http/framing.h"
#include "http/method.h"
#include "http/secret.h"

enum {
    RECEIVED_AT_ONCE = 16 * 1024, /* no more than libcurl reads at once */

    /* How long a kept connection may have been idle: longer, and it is looked at before it is used,
     * since the target may have closed it; much longer, and it is not used, since whatever stands
     * between may have forgotten it without a word. */
    IDLE_TRUSTED = CLOCK_MILLISECOND,
    IDLE_MOST = 100 * CLOCK_SECOND
};

enum stage { STAGE_IDLE, STAGE_CONNECTING, STAGE_SENDING, STAGE_READING };

struct line {
    struct request_form *form;
    struct wire *wire;
    struct framing framing;
    enum stage stage;
    bool is_kept;       /* the connection has carried an exchange before, and may carry another */
    int64_t idle_since; /* while it is kept */
    bool is_wary;       /* the target has closed a kept one unasked: look each time */

    /* the exchange under way */
    struct exchange *exchange;
    enum departure departure;
    struct text request; /* holds secrets */
    size_t sent;         /* of the request, over this connection */
    bool has_left;       /* a byte of it may have reached the target, over whatever connection */
    bool is_deaf;        /* the target takes no more of the request */
    bool is_closing;     /* the target has closed its side; an answer may be there nevertheless */
    int64_t deadline;
};

struct line *line_create(struct request_form *form) {
    struct line *line = calloc(1, sizeof *line);

    if (line == NULL) {
        return NULL;
    }
    line->form = form;
    line->wire = wire_create(form->settings);
    if (line->wire == NULL) {
        line_free(line);
        return NULL;
    }
    return line;
}

void line_free(struct line *line) {
    if (line == NULL) {
        return;
    }
    wire_free(line->wire);
    secret_free(&line->request);
    explicit_bzero(&line->framing, sizeof line->framing);
    free(line);
}

struct exchange *line_exchange(const struct line *line) {
    return line->exchange;
}

/* Ends the exchange; the connection can be used again only after a whole answer. */
static bool end_failed(struct line *line, const char *why) {
    wire_close(line->wire);
    line->is_kept = false;
    line->stage = STAGE_IDLE;
    exchange_end_failed(line->exchange, line->has_left ? EXCHANGE_LOST : EXCHANGE_NOT_SENT, why);
    return true;
}

static bool end_answered(struct line *line, size_t surplus) {
    bool is_all_sent = line->sent == line->request.length;

    line->is_kept =
        line->framing.keeps_connection && is_all_sent && surplus == 0 && !line->is_closing;
    line->idle_since = clock_now();
    if (!line->is_kept) {
        wire_close(line->wire);
    }
    line->stage = STAGE_IDLE;
    exchange_end_answered(line->exchange, line->framing.status);
    return true;
}

static int take_field(void *context, int status, struct span name, struct span value) {
    struct line *line = context;
    struct cookie_jar *jar = line->form->settings->jar;

    exchange_take_field(line->exchange, status, name, value);
    if (jar == NULL || !span_equal_ignoring_ascii_case(name, span_of("Set-Cookie"))) {
        return 0;
    }
    return cookie_jar_take(jar, status, value, request_target(text_span(&line->request)),
                           (int64_t)time(NULL));
}

/* Starts over on a connection that has carried nothing yet. */
static bool reconnect(struct line *line) {
    line->is_kept = false;
    line->is_deaf = false;
    line->is_closing = false;
    line->sent = 0;
    line->stage = STAGE_CONNECTING;
    framing_begin(&line->framing, &line->exchange->answer, take_field, line);
    return wire_open(line->wire) == 0 ? false : end_failed(line, "no memory left for a connection");
}

/* The connection has ended without a whole answer. A kept one may have been closed before the
 * request reached the target: what reads, and what has not left at all, may then leave again. */
static bool end_broken(struct line *line, const char *why) {
    bool has_begun = framing_has_begun(&line->framing);

    line->is_wary |= line->is_kept && !has_begun;
    if (line->is_kept && !has_begun && (line->departure == DEPARTS_AGAIN || !line->has_left)) {
        return reconnect(line);
    }
    return end_failed(line, has_begun ? why : FRAMING_NOT_BEGUN);
}

static bool send_rest(struct line *line) {
    while (line->sent < line->request.length && !line->is_deaf) {
        struct span rest = {line->request.data + line->sent, line->request.length - line->sent};
        size_t sent = 0;
        enum movement movement = wire_send(line->wire, rest, &sent);

        /* Under TLS some of it may have left that is not counted yet. */
        line->has_left |= sent > 0 || line->form->is_tls;
        if (movement == MOVED_NONE) {
            return false;
        }
        line->sent += sent;
        line->is_deaf = movement == MOVED_BROKEN;
    }
    line->stage = STAGE_READING;
    return line->has_left ? false : end_broken(line, FRAMING_NOT_BEGUN);
}

static bool take_answer(struct line *line, struct span bytes) {
    size_t taken = 0;

    switch (framing_take(&line->framing, bytes, &taken)) {
    case FRAMING_WHOLE:
        return end_answered(line, bytes.length - taken);
    case FRAMING_BROKEN:
        return end_failed(line, line->framing.failure);
    case FRAMING_MORE:
        break;
    }
    return false;
}

static bool read_answer(struct line *line) {
    char buffer[RECEIVED_AT_ONCE];

    for (;;) {
        size_t received = 0;

        switch (wire_receive(line->wire, buffer, sizeof buffer, &received)) {
        case MOVED_SOME:
            if (take_answer(line, (struct span){buffer, received})) {
                return true;
            }
            break;
        case MOVED_NONE:
            return false;
        case MOVED_TO_END:
            return framing_end(&line->framing) == FRAMING_WHOLE
                       ? end_answered(line, 0)
                       : end_broken(line, line->framing.failure);
        case MOVED_BROKEN:
            return end_broken(line, wire_failure(line->wire));
        }
    }
}

static bool go_on_connecting(struct line *line) {
    struct error error = {0};

    switch (wire_advance(line->wire)) {
    case WIRE_CLOSED:
        return end_failed(line, wire_failure(line->wire));
    case WIRE_OPENING:
        return false;
    case WIRE_OPEN:
        break;
    }
    /* It took a while: cookies and the token are those of this moment. */
    if (request_write(line->form, line->exchange, &line->request, &error) != 1) {
        return end_failed(line, error.message);
    }
    line->stage = STAGE_SENDING;
    return send_rest(line);
}

/* Whether a kept connection can still be used. There is nothing to be read on one that can. */
static bool is_alive(struct line *line) {
    int64_t idle = clock_now() - line->idle_since;
    char unexpected;
    size_t received = 0;

    if (idle > IDLE_MOST) {
        return false;
    }
    /* A second answer to the request before would be believed of what a look-up asks for. */
    if (idle < IDLE_TRUSTED && !line->is_wary && line->departure == DEPARTS_ONCE) {
        return true;
    }
    return wire_receive(line->wire, &unexpected, 1, &received) == MOVED_NONE;
}

int line_begin(struct line *line, struct exchange *exchange, struct error *error) {
    int rc = request_write(line->form, exchange, &line->request, error);
    if (rc < 0) {
        return -1;
    }
    exchange_begin(exchange);
    exchange->handle = line;
    line->exchange = exchange;
    line->sent = 0;
    line->has_left = false;
    if (rc == 0) {
        return end_failed(line, "the path has a character that may not stand in one");
    }
    line->departure = method_find(exchange->method)->departure;
    line->deadline =
        exchange->began + line->form->settings->answer_timeout_ms * (int64_t)CLOCK_MILLISECOND;
    if (!line->is_kept || !is_alive(line)) {
        return reconnect(line);
    }
    line->is_deaf = false;
    line->is_closing = false;
    line->stage = STAGE_SENDING;
    framing_begin(&line->framing, &exchange->answer, take_field, line);
    return send_rest(line);
}

static bool is_ready(int events, int wanted) {
    return (events & (wanted | POLLERR | POLLHUP | POLLNVAL)) != 0;
}

static bool is_overdue(struct line *line) {
    char words[64];

    if (clock_now() < line->deadline) {
        return false;
    }
    snprintf(words, sizeof words, "timed out: no whole answer within %ld ms",
             line->form->settings->answer_timeout_ms);
    return end_failed(line, words);
}

static bool move_bytes(struct line *line, int events) {
    line->is_closing |= (events & (POLLRDHUP | POLLHUP)) != 0;
    if (line->stage == STAGE_SENDING && is_ready(events, POLLOUT) && send_rest(line)) {
        return true;
    }
    return line->stage != STAGE_CONNECTING && is_ready(events, POLLIN | POLLRDHUP) &&
           read_answer(line);
}

bool line_advance(struct line *line, const struct pollfd *watched, size_t count) {
    bool has_ended = line->stage == STAGE_CONNECTING
                         ? go_on_connecting(line)
                         : count > 0 && move_bytes(line, watched[0].revents);
    return has_ended || is_overdue(line);
}

size_t line_watch(const struct line *line, struct pollfd watched[WIRE_WATCHED]) {
    if (line->stage == STAGE_CONNECTING) {
        return wire_watch(line->wire, watched);
    }
    int events = POLLIN | POLLRDHUP | (line->stage == STAGE_SENDING ? POLLOUT : 0);
    watched[0] = (struct pollfd){.fd = wire_descriptor(line->wire), .events = (short)events};
    return 1;
}

int line_patience(const struct line *line, int64_t now) {
    int64_t left = (line->deadline - now) / CLOCK_MILLISECOND + 1;

    left = left < 0 ? 0 : left;
    if (line->stage != STAGE_CONNECTING) {
        return left > INT_MAX ? INT_MAX : (int)left;
    }
    int most = wire_patience(line->wire);
    return left < most ? (int)left : most;
}

struct exchange *line_give_up(struct line *line, const char *reason) {
    line->has_left = true;
    end_failed(line, reason);
    return line->exchange;
}
