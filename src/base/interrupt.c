#define _POSIX_C_SOURCE 200809L
#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t is_requested;

static void note_request(int signal_number) {
    (void)signal_number;
    is_requested = 1;
}

void interrupt_watch(void) {
    struct sigaction action = {.sa_handler = note_request, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool interrupt_requested(void) {
    return is_requested != 0;
}
