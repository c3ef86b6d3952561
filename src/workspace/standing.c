#include "workspace/standing.h"

#include "base/statement.h"

const struct standing_meaning standing_meanings[STANDING_COUNT] = {
    [STANDING_PENDING] = {"pending", CLASS_OPEN, .is_due = true, .reason = "it was not sent yet"},
    [STANDING_HANDED_OUT] = {"handed out", CLASS_OPEN,
                             .reason = "another workspace has to send it; merge that part"},
    [STANDING_WAITING] = {"waiting", CLASS_OPEN, .wants_attention = true, .is_due = true,
                          .reason =
                              "it refers to a record that the target does not have, or comes after "
                              "a document that waits"},
    [STANDING_UNCLEAR] = {"unclear", CLASS_UNCLEAR, .wants_attention = true, .is_due = true,
                          .reason = "it may have arrived; the next apply looks it up"},
    [STANDING_REFUSED] = {"refused", CLASS_BAD, .wants_attention = true,
                          .reason = "the target did not take it"},
    [STANDING_DIFFERENT] = {"different", CLASS_BAD, .wants_attention = true, .is_sent = true,
                            .reason = "the target has another record of that name"},
    [STANDING_ALTERED] = {"read back different", CLASS_BAD, .wants_attention = true,
                          .is_sent = true, .reason = "reading it back found a difference"},
    [STANDING_DUPLICATE] = {"duplicate", CLASS_BAD, .wants_attention = true, .is_sent = true,
                            .reason = "the target has several records of that name"},
    [STANDING_MISSING] = {"missing", CLASS_BAD, .wants_attention = true, .is_sent = true,
                          .reason = "reading it back found nothing"},
    [STANDING_CHANGED] = {"changed", CLASS_WELL, .wants_attention = true, .is_sent = true,
                          .reason = "it is planned differently now than it was sent; apply "
                                    "--update changes it where the target can"},
    [STANDING_STRANDED] = {"stranded", CLASS_WELL, .wants_attention = true,
                           .reason =
                               "it was delivered, or may have arrived, and is planned no more"},
    [STANDING_UNREAD] = {"unread", CLASS_WELL, .is_sent = true},
    [STANDING_NOT_COMPARED] = {"not compared", CLASS_WELL, .is_sent = true},
    [STANDING_EQUAL] = {"equal", CLASS_WELL, .is_sent = true},
    [STANDING_LEFT_OUT] = {"left out", CLASS_WELL, .reason = "it is planned no more"},
};

/* By state, and for what is on the target as planned, by verdict. A verdict is about the record
 * that the target has; for other states it is left from an earlier one. */
static const enum standing planned[STATE_COUNT + 1][VERDICT_COUNT + 1] = {
#define ANY_VERDICT(standing)                                                                      \
    { standing, standing, standing, standing, standing, standing, standing }
#define BY_VERDICT(unread)                                                                         \
    {                                                                                              \
        [VERDICT_NONE] = (unread), [VERDICT_EQUAL] = STANDING_EQUAL,                               \
        [VERDICT_NOT_COMPARED] = STANDING_NOT_COMPARED, [VERDICT_DIFFERENT] = STANDING_ALTERED,    \
        [VERDICT_MISSING] = STANDING_MISSING, [VERDICT_DUPLICATE] = STANDING_DUPLICATE,            \
        [VERDICT_COUNT] = STANDING_UNCLEAR                                                         \
    }
    [STATE_PENDING] = ANY_VERDICT(STANDING_PENDING),
    [STATE_SENDING] = ANY_VERDICT(STANDING_UNCLEAR),
    [STATE_UNKNOWN] = ANY_VERDICT(STANDING_UNCLEAR),
    [STATE_DELIVERED] = BY_VERDICT(STANDING_UNREAD),
    [STATE_PRESENT] = BY_VERDICT(STANDING_UNREAD),
    [STATE_DIFFERENT] = ANY_VERDICT(STANDING_DIFFERENT),
    [STATE_REFUSED] = ANY_VERDICT(STANDING_REFUSED),
    [STATE_DUPLICATE] = BY_VERDICT(STANDING_DUPLICATE),
    [STATE_HANDED_OUT] = ANY_VERDICT(STANDING_HANDED_OUT),
    [STATE_WAITING] = ANY_VERDICT(STANDING_WAITING),
    [STATE_COUNT] = ANY_VERDICT(STANDING_UNCLEAR),
};

/* A document that is not in the last plan is neither sent nor looked up. */
static const enum standing gone[STATE_COUNT + 1] = {
    [STATE_PENDING] = STANDING_LEFT_OUT,    [STATE_SENDING] = STANDING_STRANDED,
    [STATE_UNKNOWN] = STANDING_STRANDED,    [STATE_DELIVERED] = STANDING_STRANDED,
    [STATE_PRESENT] = STANDING_LEFT_OUT,    [STATE_DIFFERENT] = STANDING_LEFT_OUT,
    [STATE_REFUSED] = STANDING_LEFT_OUT,    [STATE_DUPLICATE] = STANDING_STRANDED,
    [STATE_HANDED_OUT] = STANDING_STRANDED, [STATE_WAITING] = STANDING_LEFT_OUT,
    [STATE_COUNT] = STANDING_UNCLEAR,
};

enum standing standing_of(enum state state, enum verdict verdict, enum change change) {
    if (change == CHANGE_GONE) {
        return gone[state];
    }
    enum standing standing = planned[state][verdict];
    bool is_as_sent = standing == STANDING_UNREAD || standing == STANDING_EQUAL;
    return is_as_sent && change == CHANGE_CHANGED ? STANDING_CHANGED : standing;
}

enum standing_class standing_class_of(enum state state, enum verdict verdict, enum change change) {
    return standing_meanings[standing_of(state, verdict, change)].class;
}

static enum standing evaluate(sqlite3_value **values) {
    return standing_of(state_of(statement_value_text(values[0])),
                       verdict_of(statement_value_text(values[1])),
                       change_of(statement_value_text(values[2])));
}

static void give_standing(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, (int)evaluate(values));
}

static void give_is_sent(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int(context, standing_meanings[evaluate(values)].is_sent);
}

int standing_register(sqlite3 *database, struct error *error) {
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    if (sqlite3_create_function_v2(database, "standing", 3, flags, NULL, give_standing, NULL, NULL,
                                   NULL) != SQLITE_OK ||
        sqlite3_create_function_v2(database, "is_sent", 3, flags, NULL, give_is_sent, NULL, NULL,
                                   NULL) != SQLITE_OK) {
        return statement_fail(database, error);
    }
    return 0;
}
