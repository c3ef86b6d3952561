/* The transfers of a session: libcurl's multi handle, driven by the sockets that it names.
 *
 * A transfer is made when it is first needed and then used again; connections are kept open and
 * shared. One thread uses them. */
#ifndef ROWPOST_HTTP_TRANSFERS_H
#define ROWPOST_HTTP_TRANSFERS_H

#include "base/error.h"
#include "http/exchange.h"
#include "http/transfer.h"
#include "http/transfer_settings.h"

/* How many exchanges may be under way at a time. */
enum { TRANSFERS_MOST = 64 };

/* Why an exchange that was abandoned has no answer. */
#define TRANSFERS_GIVEN_UP "given up before an answer came"

struct transfers;

/* NULL with the error. The settings are borrowed. */
struct transfers *transfers_open(const struct transfer_settings *settings, struct error *error);

/* Gives up what is under way. NULL is allowed. */
void transfers_close(struct transfers *transfers);

/* Starts an exchange, fewer than TRANSFERS_MOST being under way; over a connection that is open its
 * request leaves at once. 0, or -1 with ERROR_MEMORY or ERROR_INTERNAL (a method that there is
 * not), and the exchange was not taken. */
int transfers_send(struct transfers *transfers, struct exchange *exchange, struct error *error);

/* Drives a transfer of another owner, which carries an exchange, in addition to their own; one at a
 * time. The exchange is handed back as the others are. 0, or -1 with ERROR_MEMORY. */
int transfers_drive(struct transfers *transfers, struct transfer *guest, struct error *error);

/* The next exchange that has ended: one that has already, or one that ends before clock_now() is
 * `until`; else NULL, at once where nothing is under way. */
struct exchange *transfers_wait(struct transfers *transfers, int64_t until);

/* A further exchange that has ended, as far as the last wait has seen, or NULL. */
struct exchange *transfers_take(struct transfers *transfers);

/* Ends every exchange that was not handed back, as lost. */
void transfers_abandon(struct transfers *transfers);

#endif
