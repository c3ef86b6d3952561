/*
 * Answers that no proper server sends, written to the socket by hand.
 *
 * wire_prepare() sets the bytes of the request's answer down as its fault has it; wire_send() is
 * then called until it reports that nothing is left, and the connection is to be closed. */
#ifndef STANDIN_WIRE_H
#define STANDIN_WIRE_H

#include "request.h"

enum wire_state { WIRE_DONE, WIRE_BLOCKED, WIRE_PAUSE };

void wire_prepare(struct request *request);

/* WIRE_BLOCKED: call again in a moment. WIRE_PAUSE: call again after the fault's inner pause. */
enum wire_state wire_send(struct request *request);

/* Resets the connection: its client sees an RST, not an end. The socket is still to be closed. */
void wire_reset(const struct request *request);

#endif
