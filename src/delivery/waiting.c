#include "delivery/waiting.h"

/* By the state of the document to which it refers. */
static const char *const reasons[STATE_COUNT + 1] = {
    [STATE_PENDING] = "was not sent yet",
    [STATE_SENDING] = "may have arrived",
    [STATE_UNKNOWN] = "may have arrived",
    [STATE_DELIVERED] = "was delivered under an id that no answer has shown",
    [STATE_PRESENT] = "was there under an id that no answer has shown",
    [STATE_DIFFERENT] = "is different on the target",
    [STATE_REFUSED] = "was refused",
    [STATE_DUPLICATE] = "is on the target several times",
    [STATE_HANDED_OUT] = "is handed out in a part",
    [STATE_WAITING] = "waits itself",
    [STATE_COUNT] = "is in a state that this program does not know",
};

static bool is_there(enum state state) {
    return state == STATE_DELIVERED || state == STATE_PRESENT;
}

static const char *find_reason(const struct unmet *unmet) {
    if (!unmet->is_document) {
        return unmet->is_of_plan ? "neither the plan nor the target has"
                                 : "the target does not have";
    }
    return unmet->change == CHANGE_GONE && !is_there(unmet->state) ? "is planned no more"
                                                                   : reasons[unmet->state];
}

void waiting_append_reason(const struct unmet *unmet, struct text *out) {
    text_append_string(out, "waits for ");
    text_append(out, text_span(&unmet->kind));
    text_append_char(out, ' ');
    text_append(out, text_span(&unmet->key));
    text_append_format(out, ",%s which %s",
                       unmet->is_before ? " before it under its ordering key," : "",
                       find_reason(unmet));
}
