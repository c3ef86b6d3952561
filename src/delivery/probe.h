/* The first question to a target: is the API there, and is the session accepted? Asked before
 * anything is sent. */
#ifndef ROWPOST_DELIVERY_PROBE_H
#define ROWPOST_DELIVERY_PROBE_H

#include <stdint.h>

#include "base/error.h"
#include "http/session.h"
#include "migration/migration.h"

/* 0: it answers as an API does, and as the migration asks for; also where the migration has no
 * probe. 1: it is there and busy, and the error has its answer. -1: ERROR_SESSION or ERROR_TARGET
 * with its answer, also where it gave no answer for `timeout` microseconds; ERROR_INTERRUPTED. */
int probe_target(const struct migration *migration, struct session *session, int64_t timeout,
                 struct error *error);

/* The same; where the target asks for a pause (Retry-After), that is shown, and it is asked again
 * afterwards, as long as all of it takes no longer than `timeout`. `*answer_time` is how many
 * microseconds the last answer took; 0 where the migration has no probe. */
int probe_await_target(const struct migration *migration, struct session *session, int64_t timeout,
                       int64_t *answer_time, struct error *error);

/* Whether the session may write, found out without writing: the target is sent a record that it has
 * to refuse. Where the migration has no such record, a session that passed the probe may write. 1:
 * it may; 0: the role is missing; -1: the error. */
int probe_may_write(const struct migration *migration, struct session *session,
                    struct error *error);

#endif
