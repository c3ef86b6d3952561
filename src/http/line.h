/* A line to the target: one connection that carries one exchange after the other.
 *
 * The promises of session.h are kept here: a request that may change something leaves at most once;
 * one that reads may leave again where a kept connection breaks before a byte of the answer; and an
 * exchange is EXCHANGE_NOT_SENT only if no byte of it has left. Nothing here waits. */
#ifndef ROWPOST_HTTP_LINE_H
#define ROWPOST_HTTP_LINE_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/exchange.h"
#include "http/request.h"
#include "http/wire.h"

struct line;

/* NULL where memory ran out. The form and its settings are borrowed. */
struct line *line_create(struct request_form *form);
void line_free(struct line *line);

/* Takes the exchange; what can leave at once leaves. 1 where it has ended already, else 0; or -1,
 * and it was not taken. */
int line_begin(struct line *line, struct exchange *exchange, struct error *error);

/* Goes on with what `watched` has become ready for. True once the exchange has ended. */
bool line_advance(struct line *line, const struct pollfd *watched, size_t count);

/* Fills in what the line waits for; returns how many that are. */
size_t line_watch(const struct line *line, struct pollfd watched[WIRE_WATCHED]);

/* How long the line may be left alone if nothing gets ready, in milliseconds. */
int line_patience(const struct line *line, int64_t now);

/* The exchange that it carries, or that has ended last. */
struct exchange *line_exchange(const struct line *line);

/* Ends the exchange as lost for that reason, whatever became of it. */
struct exchange *line_give_up(struct line *line, const char *reason);

#endif
