/*
 * Late work: requests that are carried out after the client was answered by somebody else, as an
 * application continues its work after a proxy that has given up on it.
 *
 * A campaign is checked when it arrives and stored late, as the real server checks and inserts in
 * two steps; everything else is carried out late as a whole. Work that is still waiting when the
 * stand-in ends is lost. */
#ifndef STANDIN_LATE_H
#define STANDIN_LATE_H

#include "request.h"
#include "standin.h"

struct late;

/* NULL if memory runs out. The caller frees it. */
struct late *late_new(void);
void late_free(struct late *late);

/* Forgets what waits. */
void late_reset(struct late *late);

/* Takes over what the request, whose route is known, has to do, for so many milliseconds later;
 * PACE_HELD: until late_release(). A campaign that is refused is not taken over. */
void late_take(struct late *late, struct standin *standin, struct request *request,
               long milliseconds);

/* Carries out what was taken over for less than no time: it waits for this call. */
void late_release(struct late *late);

/* How many wait. */
size_t late_count(const struct late *late);

/* How long nothing is due, at most `longest`, in milliseconds. */
int late_idle(const struct late *late, int longest);

/* Carries out what is due. */
void late_work(struct late *late, struct standin *standin);

#endif
