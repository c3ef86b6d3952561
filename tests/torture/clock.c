/* A library to be preloaded (LD_PRELOAD): the process has a clock of its own.
 *
 *   ROWPOST_CLOCK_SKEW=SECONDS   what is read of the time of day is so many seconds ahead; less
 *                                than 0: behind
 *
 * Clocks that count from the start of the machine are left as they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static time_t skew;

__attribute__((constructor)) static void begin(void) {
    const char *seconds = getenv("ROWPOST_CLOCK_SKEW");
    skew = seconds == NULL ? 0 : (time_t)strtol(seconds, NULL, 10);
}

static void *find_real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        abort();
    }
    return found;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (real == NULL) {
        real = (int (*)(clockid_t, struct timespec *))find_real("clock_gettime");
    }
    int rc = real(clock, now);
    if (rc == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        now->tv_sec += skew;
    }
    return rc;
}

int gettimeofday(struct timeval *now, void *zone) {
    struct timespec moment;
    (void)zone;
    int rc = clock_gettime(CLOCK_REALTIME, &moment);
    now->tv_sec = moment.tv_sec;
    now->tv_usec = moment.tv_nsec / 1000;
    return rc;
}

time_t time(time_t *out) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return (time_t)-1;
    }
    if (out != NULL) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}
