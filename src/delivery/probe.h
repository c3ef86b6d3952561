/* The first question to a target: is the API there, and is the session accepted? Asked before
 * anything is sent. */
#ifndef ROWPOST_DELIVERY_PROBE_H
#define ROWPOST_DELIVERY_PROBE_H

#include "base/error.h"
#include "migration/migration.h"
#include "target/session.h"

/* 0: it answers as an API does, or is there and busy. -1: ERROR_SESSION or ERROR_TARGET with what
 * it said. */
int probe_target(const struct migration *migration, struct session *session, struct error *error);

#endif
