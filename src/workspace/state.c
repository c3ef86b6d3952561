#include "workspace/state.h"

#include <stddef.h>

static const char *const state_names[STATE_COUNT] = {
    [STATE_PENDING] = "pending",     [STATE_SENDING] = "sending", [STATE_UNKNOWN] = "unknown",
    [STATE_DELIVERED] = "delivered", [STATE_PRESENT] = "present", [STATE_DIFFERENT] = "different",
    [STATE_REFUSED] = "refused",
};

static const char *const verdict_names[VERDICT_COUNT] = {
    [VERDICT_NONE] = NULL,
    [VERDICT_EQUAL] = "equal",
    [VERDICT_DIFFERENT] = "different",
    [VERDICT_MISSING] = "missing",
};

static const char *const change_names[CHANGE_COUNT] = {
    [CHANGE_NONE] = NULL,
    [CHANGE_CHANGED] = "changed",
    [CHANGE_GONE] = "gone",
};

static const char *const presence_names[PERSON_COUNT] = {
    [PERSON_IS_FOUND] = "found",
    [PERSON_IS_CHOSEN] = "several addresses",
    [PERSON_IS_NOBODY] = "nobody",
    [PERSON_IS_SEVERAL] = "several people",
    [PERSON_HAS_NO_ADDRESS] = "no address",
    [PERSON_HAS_NO_NAME] = "no name",
};

const char *state_name(enum state state) {
    return state_names[state];
}

const char *verdict_name(enum verdict value) {
    return verdict_names[value];
}

const char *change_name(enum change change) {
    return change_names[change];
}

const char *presence_name(enum presence presence) {
    return presence_names[presence];
}

/* The position of the name in the list, `count` where it is not there. A null span stands for the
 * list's NULL. */
static size_t find_name(const char *const *names, size_t count, struct span name) {
    for (size_t i = 0; i < count; i++) {
        if (span_equal(span_of(names[i]), name)) {
            return i;
        }
    }
    return count;
}

enum state state_of(struct span name) {
    return (enum state)find_name(state_names, STATE_COUNT, name);
}

enum verdict verdict_of(struct span name) {
    return (enum verdict)find_name(verdict_names, VERDICT_COUNT, name);
}

enum change change_of(struct span name) {
    return (enum change)find_name(change_names, CHANGE_COUNT, name);
}

enum presence presence_of(struct span name) {
    return (enum presence)find_name(presence_names, PERSON_COUNT, name);
}
