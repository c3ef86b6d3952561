/* The short form of an address, which Oracle calls Easy Connect Plus (Oracle Net Services
 * Administrator's Guide, "Easy Connect Plus"), as a descriptor.
 *
 *   [tcp://|tcps://|//]HOST[,HOST...][:PORT][,HOST:PORT...]/SERVICE[:SERVER][/INSTANCE][?KEY=VALUE&...]
 *   HOST:PORT:SID
 *
 * A port holds for the hosts before it that have none; 1521 (2484 for tcps) where none is given. An
 * IPv6 address is in brackets. Groups of hosts with `;` between are address lists. Among several
 * hosts LOAD_BALANCE is on. Private to src/oracle. */
#ifndef ROWPOST_ORACLE_EASY_CONNECT_H
#define ROWPOST_ORACLE_EASY_CONNECT_H

#include <stdbool.h>

#include "oracle/bytes.h"
#include "oracle/failure.h"

/* "expected HOST[:PORT]/SERVICE, ...": what an address may be, for messages. */
extern const char easy_connect_form[];

/* Whether the text is a port's number. */
bool easy_connect_is_port(const char *text);

/* Appends the descriptor. `program` is sent to the listener. 0, or -1 with ORACLE_USAGE. */
int easy_connect_translate(const char *text, const char *program, struct bytes *descriptor,
                           struct oracle_error *error);

#endif
