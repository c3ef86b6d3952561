#include "workspace/state.h"

#include <stddef.h>

/* The position of the name in the list, `count` where it is not there. A null span means the list's
 * NULL. */
static size_t find_name(const char *const *names, size_t count, struct span name) {
    for (size_t i = 0; i < count; i++) {
        if (span_equal(span_of(names[i]), name)) {
            return i;
        }
    }
    return count;
}

/* The texts of an enum, and the two functions that read them. */
#define WORDS(name, count, ...)                                                                    \
    static const char *const name##_words[(count) + 1] = {__VA_ARGS__};                            \
    const char *name##_name(enum name value) {                                                     \
        return name##_words[value];                                                                \
    }                                                                                              \
    enum name name##_of(struct span word) {                                                        \
        return (enum name)find_name(name##_words, count, word);                                    \
    }

WORDS(state, STATE_COUNT, [STATE_PENDING] = "pending", [STATE_SENDING] = "sending",
      [STATE_UNKNOWN] = "unknown", [STATE_DELIVERED] = "delivered", [STATE_PRESENT] = "present",
      [STATE_DIFFERENT] = "different", [STATE_REFUSED] = "refused", [STATE_DUPLICATE] = "duplicate",
      [STATE_HANDED_OUT] = "handed out", [STATE_WAITING] = "waiting")

WORDS(verdict, VERDICT_COUNT, [VERDICT_NONE] = NULL, [VERDICT_EQUAL] = "equal",
      [VERDICT_NOT_COMPARED] = "not compared", [VERDICT_DIFFERENT] = "different",
      [VERDICT_MISSING] = "missing", [VERDICT_DUPLICATE] = "duplicate")

WORDS(change,
      CHANGE_COUNT, [CHANGE_NONE] = NULL, [CHANGE_CHANGED] = "changed", [CHANGE_GONE] = "gone")

WORDS(request,
      REQUEST_COUNT, [REQUEST_POST] = "POST", [REQUEST_PUT] = "PUT", [REQUEST_DELETE] = "DELETE")

WORDS(evidence, EVIDENCE_COUNT, [EVIDENCE_NONE] = NULL, [EVIDENCE_ANSWER] = "answer",
      [EVIDENCE_ABSENCE] = "absence")

WORDS(purpose, PURPOSE_COUNT, [PURPOSE_POST] = "post", [PURPOSE_LOOK_UP] = "look up",
      [PURPOSE_VERIFY] = "verify", [PURPOSE_UPDATE] = "update", [PURPOSE_UNDO] = "undo")

WORDS(row_outcome, OUTCOME_COUNT, [OUTCOME_USED] = "used", [OUTCOME_SKIPPED] = "skipped",
      [OUTCOME_REJECTED] = "rejected")

WORDS(attempt_outcome, ATTEMPT_OUTCOME_COUNT, [ATTEMPT_DELIVERED] = "delivered",
      [ATTEMPT_EQUAL] = "equal", [ATTEMPT_EQUAL_SO_FAR] = "equal so far", [ATTEMPT_FOUND] = "found",
      [ATTEMPT_DIFFERENT] = "different", [ATTEMPT_MISSING] = "missing",
      [ATTEMPT_DUPLICATE] = "duplicate", [ATTEMPT_EXISTS] = "exists", [ATTEMPT_REFUSED] = "refused",
      [ATTEMPT_NOT_TAKEN] = "not taken", [ATTEMPT_UNCERTAIN] = "uncertain",
      [ATTEMPT_SESSION] = "session not accepted", [ATTEMPT_NOT_API] = "not the API",
      [ATTEMPT_INTERRUPTED] = "interrupted")

WORDS(person_outcome,
      PERSON_OUTCOME_COUNT, [PERSON_FOUND] = "found", [PERSON_OF_ADDRESSES] = "several addresses",
      [PERSON_NOBODY] = "nobody", [PERSON_SEVERAL] = "several people",
      [PERSON_WITHOUT_ADDRESS] = "no address", [PERSON_WITHOUT_NAME] = "no name")
