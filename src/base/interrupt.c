#define _POSIX_C_SOURCE 200809L
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t requested_by; /* the signal, or 0 */

static void note_request(int signal_number) {
    requested_by = signal_number;
}

void interrupt_watch(void) {
    struct sigaction action = {.sa_handler = note_request, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool interrupt_requested(void) {
    return requested_by != 0;
}

int interrupt_set_error(struct error *error, const char *where) {
    return error_set(error, ERROR_INTERRUPTED, "stopped by %s%s",
                     requested_by == SIGTERM ? "SIGTERM" : "Ctrl-C", where);
}
