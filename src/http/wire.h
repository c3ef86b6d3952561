/* One connection to the target, made by libcurl (CURLOPT_CONNECT_ONLY): names, proxies' tunnels and
 * TLS are libcurl's business, the bytes that go over it are the caller's.
 *
 * A connection is closed, opening or open, and may be opened again after it was closed. Nothing
 * here waits: wire_watch() tells what to wait for. It has a multi handle of its own, since
 * libcurl looks after the connections of one handle together and would close one that has an answer
 * waiting (libcurl 7.88, url.c, extract_if_dead). */
#ifndef ROWPOST_HTTP_WIRE_H
#define ROWPOST_HTTP_WIRE_H

#include <poll.h>
#include <stddef.h>

#include "base/span.h"
#include "http/transfer_settings.h"

enum wire_state { WIRE_CLOSED, WIRE_OPENING, WIRE_OPEN };

/* What came of moving bytes. */
enum movement {
    MOVED_SOME,   /* at least one byte */
    MOVED_NONE,   /* not now: wait and try again */
    MOVED_TO_END, /* the other side has closed in order */
    MOVED_BROKEN  /* the connection is of no use any more: wire_failure() */
};

/* The most descriptors that one connection has to be watched by (two addresses are tried at once).
 */
enum { WIRE_WATCHED = 4 };

struct wire;

/* NULL where memory ran out. The settings are borrowed. */
struct wire *wire_create(const struct transfer_settings *settings);
void wire_free(struct wire *wire);

/* Starts to connect. 0, or -1 where memory ran out. */
int wire_open(struct wire *wire);

/* Goes on connecting and returns how it stands; closed means that it has failed. */
enum wire_state wire_advance(struct wire *wire);

void wire_close(struct wire *wire);

/* Why it could not be made, or why it broke: words that hold no secret, valid until the next call.
 */
const char *wire_failure(const struct wire *wire);

enum movement wire_send(struct wire *wire, struct span bytes, size_t *sent);
enum movement wire_receive(struct wire *wire, char *buffer, size_t size, size_t *received);

/* Fills in what a connection that is opening waits for, and returns how many that are. */
size_t wire_watch(const struct wire *wire, struct pollfd watched[WIRE_WATCHED]);

/* How long one that is opening may be left alone, in milliseconds. */
int wire_patience(const struct wire *wire);

/* The descriptor of one that is open. */
int wire_descriptor(const struct wire *wire);

#endif
