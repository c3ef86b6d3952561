/*
 * The HTTP server: one thread, one event loop, on 127.0.0.1.
 */
#ifndef STANDIN_SERVER_H
#define STANDIN_SERVER_H

#include "standin.h"

#include <signal.h>

struct server;

/*
 * Listens on the port, or on any free one if it is 0. NULL if that fails. The stand-in has to
 * outlive the server.
 */
struct server *server_start(struct standin *standin, unsigned short port);

/* The port that it listens on. */
unsigned short server_port(const struct server *server);

/* Serves until *stop is set, by a signal handler. 0, or -1 if the event loop breaks. */
int server_run(struct server *server, const volatile sig_atomic_t *stop);

/* Closes every connection and frees the server. */
void server_stop(struct server *server);

#endif
