#include "workspace/journal.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/statement.h"
#include "workspace/attempt_batch_private.h"
#include "workspace/delivered_batch_private.h"

enum journal_statement {
    MARK_SENDING = SELECTION_RULE_COUNT, /* the rules' own come first */
    LOAD,
    LOAD_TARGET_ID,
    LONGEST_EXCHANGE,
    SET_STATE,
    SET_SENDING,
    SET_ABSENT,
    SET_UNCERTAIN,
    SET_FOUND,
    SET_VERDICT,
    RENEW,
    RENEW_BODY,
    CLEAR_FINDINGS,
    ADD_FINDING,
    STATEMENT_COUNT
};

/* The `+` keeps SQLite from the index over (kind, key), by which it would sort the whole kind for
 * each selection. */
#define SELECT                                                                                     \
    "SELECT id, key, body, uncertain_about, uncertain_since, evidence"                             \
    " FROM document LEFT JOIN body ON document = id AND ?5"                                        \
    " WHERE id > ?1 AND +kind = ?2 AND (?3 IS NULL OR key = ?3) AND "

#define CERTAIN "uncertain_about = NULL, uncertain_since = NULL"

static const char *const statement_sql[STATEMENT_COUNT] = {
    [SELECT_PLANNED] = SELECT "state = ?4 AND change IS NOT 'gone' ORDER BY id",
    [SELECT_EVER] = SELECT "state = ?4 ORDER BY id",
    [SELECT_SENT] = SELECT "is_sent(state, verdict, change) ORDER BY id",
    [MARK_SENDING] = "UPDATE document SET state = 'sending' WHERE id > ?1 AND +kind = ?2"
                     " AND (?3 IS NULL OR key = ?3) AND state = 'pending' AND change IS NOT 'gone'"
                     " AND id <= ?4",
    [LOAD_TARGET_ID] = "SELECT target_id FROM document WHERE id = ?1",
    [LOAD] = "SELECT d.key, b.body FROM document d JOIN body b ON b.document = d.id"
             " WHERE d.id = ?1",
    [LONGEST_EXCHANGE] = "SELECT max(duration_us) FROM attempt",
    [SET_STATE] = "UPDATE document SET state = ?2, " CERTAIN " WHERE id = ?1",
    [SET_SENDING] = "UPDATE document SET state = 'sending', uncertain_about = ?2,"
                    " uncertain_since = NULL WHERE id = ?1",
    [SET_ABSENT] =
        "UPDATE document SET state = 'sending', evidence = 'absence', " CERTAIN " WHERE id = ?1",
    [SET_UNCERTAIN] = "UPDATE document SET state = 'unknown', uncertain_about = ?2,"
                      " uncertain_since = ?3 WHERE id = ?1",
    [SET_FOUND] = "UPDATE document SET state = ?2, target_id = coalesce(?3, target_id),"
                  " evidence = ?4, " CERTAIN " WHERE id = ?1",
    [SET_VERDICT] = "UPDATE document SET verdict = ?2 WHERE id = ?1",
    [RENEW] = "UPDATE document SET state = 'pending', sha256 = NULL, target_id = NULL,"
              " evidence = NULL, " CERTAIN ", change = nullif(change, 'changed') WHERE id = ?1",
    [RENEW_BODY] = "UPDATE body SET body = coalesce(changed_body, body), changed_body = NULL"
                   " WHERE document = ?1",
    [CLEAR_FINDINGS] = "DELETE FROM finding WHERE document = ?1 AND during = ?2",
    [ADD_FINDING] = "INSERT INTO finding (document, found, during, field, planned_value,"
                    " found_value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
};

struct journal {
    struct workspace *workspace;
    sqlite3 *database;
    struct attempt_batch attempts;
    struct delivered_batch delivered;
    struct statement statements[STATEMENT_COUNT];
};

struct journal *journal_open(struct workspace *workspace, struct error *error) {
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    journal->workspace = workspace;
    journal->database = workspace_database(workspace);
    if (attempt_batch_open(&journal->attempts, journal->database, error) != 0 ||
        delivered_batch_open(&journal->delivered, journal->database, error) != 0) {
        journal_close(journal);
        return NULL;
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        if (statement_prepare(&journal->statements[i], journal->database, statement_sql[i],
                              error) != 0) {
            journal_close(journal);
            return NULL;
        }
    }
    return journal;
}

void journal_close(struct journal *journal) {
    if (journal == NULL) {
        return;
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        statement_finalize(&journal->statements[i]);
    }
    attempt_batch_close(&journal->attempts);
    delivered_batch_close(&journal->delivered);
    free(journal);
}

int journal_commit(struct journal *journal, struct error *error) {
    return attempt_batch_write(&journal->attempts, error) == 0 &&
                   delivered_batch_write(&journal->delivered, error) == 0
               ? workspace_commit(journal->workspace, error)
               : -1;
}

int journal_recover(struct journal *journal, struct error *error) {
    static const char sql[] =
        "INSERT INTO attempt (document, purpose, started, method, path, outcome, excerpt)"
        "  SELECT d.id, CASE d.uncertain_about WHEN 'PUT' THEN 'update' WHEN 'DELETE' THEN 'undo'"
        "    ELSE ?1 END, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), coalesce(d.uncertain_about, "
        "'POST'),"
        "    k.post_path, ?2,"
        "    'the program ended while this was being sent'"
        "  FROM document d JOIN kind k ON k.position = d.kind WHERE d.state = 'sending'";
    struct statement attempts;
    if (statement_prepare(&attempts, journal->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&attempts, 1, purpose_name(PURPOSE_POST));
    statement_bind_string(&attempts, 2, attempt_outcome_name(ATTEMPT_INTERRUPTED));
    int rc = statement_run(&attempts, error);
    statement_finalize(&attempts);
    return rc == 0 ? statement_execute(journal->database,
                                       "UPDATE document SET state = 'unknown',"
                                       " uncertain_about = coalesce(uncertain_about, 'POST'),"
                                       " uncertain_since = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
                                       " WHERE state = 'sending'",
                                       error)
                   : -1;
}

int journal_retry_refused(struct journal *journal, struct error *error) {
    return statement_execute(
        journal->database, "UPDATE document SET state = 'pending' WHERE state = 'refused'", error);
}

static void bind_selection(struct statement *statement, const struct selection *selection) {
    statement_bind_integer(statement, 1, selection->after);
    statement_bind_integer(statement, 2, (int64_t)selection->kind);
    statement_bind_text(statement, 3, selection->key);
}

/* Begins once more behind the document, without bodies. */
static void leave_bodies(struct statement *select, int64_t document) {
    statement_reset(select);
    statement_bind_integer(select, 1, document);
    statement_bind_integer(select, 5, 0);
}

/* A damaged file may hold any word: what is no moment is now. */
static struct uncertainty read_uncertainty(const struct statement *select) {
    struct span since = statement_text(select, 4);
    struct uncertainty uncertainty = {.is_open = !span_is_null(since),
                                      .about = request_of(statement_text(select, 3))};
    if (uncertainty.is_open && date_parse_moment(since, &uncertainty.since) != 0) {
        uncertainty.since = date_now();
    }
    if (uncertainty.about == REQUEST_COUNT) {
        uncertainty.about = REQUEST_POST;
    }
    return uncertainty;
}

static enum evidence read_evidence(const struct statement *select) {
    enum evidence evidence = evidence_of(statement_text(select, 5));
    return evidence == EVIDENCE_COUNT ? EVIDENCE_NONE : evidence;
}

int journal_select(struct journal *journal, const struct selection *selection, size_t limit,
                   journal_take *take, void *context, struct error *error) {
    struct statement *select = &journal->statements[selection->rule];
    size_t bodies = 0;
    int count = 0;
    int rc = 0;
    bind_selection(select, selection);
    statement_bind_string(select, 4, state_name(selection->state));
    statement_bind_integer(select, 5, selection->bodies > 0);
    while ((size_t)count < limit && (rc = statement_step(select, error)) == 1) {
        const struct selected_document document = {.id = statement_integer(select, 0),
                                                   .key = statement_text(select, 1),
                                                   .body = statement_text(select, 2),
                                                   .uncertainty = read_uncertainty(select),
                                                   .evidence = read_evidence(select)};
        if (take(context, &document, error) != 0) {
            rc = -1;
            break;
        }
        count++;
        bodies += document.body.length;
        if (!span_is_null(document.body) && bodies >= selection->bodies) {
            leave_bodies(select, document.id);
        }
    }
    statement_reset(select);
    return rc < 0 ? -1 : count;
}

int journal_mark_sending(struct journal *journal, const struct selection *selection, int64_t last,
                         int count, struct error *error) {
    struct statement *mark = &journal->statements[MARK_SENDING];
    bind_selection(mark, selection);
    statement_bind_integer(mark, 4, last);
    if (statement_run(mark, error) != 0) {
        return -1;
    }
    int marked = sqlite3_changes(journal->database);
    return marked == count
               ? 0
               : error_set(error, ERROR_INTERNAL, "%d documents were to be sent and %d were marked",
                           count, marked);
}

int journal_load_target_id(struct journal *journal, int64_t document, struct text *target_id,
                           struct error *error) {
    struct statement *load = &journal->statements[LOAD_TARGET_ID];
    text_clear(target_id);
    statement_bind_integer(load, 1, document);
    int rc = statement_step(load, error);
    if (rc == 1) {
        text_append(target_id, statement_text(load, 0));
    }
    statement_reset(load);
    return rc < 0 ? -1 : text_check(target_id, error);
}

int journal_longest_exchange(struct journal *journal, int64_t *duration, struct error *error) {
    struct statement *longest = &journal->statements[LONGEST_EXCHANGE];
    int rc = statement_step(longest, error);
    *duration = rc == 1 ? statement_integer(longest, 0) : 0;
    statement_reset(longest);
    return rc < 0 ? -1 : 0;
}

int journal_load(struct journal *journal, int64_t document, struct text *key, struct text *body,
                 struct error *error) {
    struct statement *load = &journal->statements[LOAD];
    text_clear(key);
    text_clear(body);
    statement_bind_integer(load, 1, document);
    int rc = statement_step(load, error);
    if (rc == 1) {
        text_append(key, statement_text(load, 0));
        text_append(body, statement_text(load, 1));
    }
    statement_reset(load);
    if (rc <= 0) {
        return rc < 0 ? -1
                      : error_set(error, ERROR_WORKSPACE,
                                  "document %lld has no body: the workspace is damaged",
                                  (long long)document);
    }
    return text_check(key, error) == 0 ? text_check(body, error) : -1;
}

int journal_set_state(struct journal *journal, int64_t document, enum state state,
                      struct error *error) {
    struct statement *set = &journal->statements[SET_STATE];
    statement_bind_integer(set, 1, document);
    statement_bind_string(set, 2, state_name(state));
    return statement_run(set, error);
}

int journal_set_sending(struct journal *journal, int64_t document, enum request about,
                        struct error *error) {
    struct statement *set = &journal->statements[SET_SENDING];
    statement_bind_integer(set, 1, document);
    statement_bind_string(set, 2, request_name(about));
    return statement_run(set, error);
}

int journal_set_absent(struct journal *journal, int64_t document, struct error *error) {
    struct statement *set = &journal->statements[SET_ABSENT];
    statement_bind_integer(set, 1, document);
    return statement_run(set, error);
}

int journal_set_uncertain(struct journal *journal, int64_t document, enum request about,
                          int64_t since, struct error *error) {
    struct statement *set = &journal->statements[SET_UNCERTAIN];
    char moment[DATE_MOMENT_SIZE];
    date_format_moment(since, moment);
    statement_bind_integer(set, 1, document);
    statement_bind_string(set, 2, request_name(about));
    statement_bind_string(set, 3, moment);
    return statement_run(set, error);
}

int journal_set_found(struct journal *journal, int64_t document, enum state state,
                      struct span target_id, enum evidence evidence, struct error *error) {
    struct statement *set = &journal->statements[SET_FOUND];
    statement_bind_integer(set, 1, document);
    statement_bind_string(set, 2, state_name(state));
    statement_bind_text(set, 3, target_id);
    statement_bind_string(set, 4, evidence_name(evidence));
    return statement_run(set, error);
}

int journal_set_pending_again(struct journal *journal, int64_t document, struct error *error) {
    struct statement *renew = &journal->statements[RENEW];
    struct statement *renew_body = &journal->statements[RENEW_BODY];
    statement_bind_integer(renew, 1, document);
    statement_bind_integer(renew_body, 1, document);
    return statement_run(renew, error) == 0 ? statement_run(renew_body, error) : -1;
}

int journal_set_delivered(struct journal *journal, int64_t document, struct span target_id,
                          struct error *error) {
    return delivered_batch_add(&journal->delivered, document, target_id, error);
}

int journal_set_verdict(struct journal *journal, int64_t document, enum verdict verdict,
                        struct error *error) {
    struct statement *set = &journal->statements[SET_VERDICT];
    statement_bind_integer(set, 1, document);
    statement_bind_string(set, 2, verdict_name(verdict));
    return statement_run(set, error);
}

int journal_add_attempt(struct journal *journal, const struct attempt *attempt,
                        struct error *error) {
    return attempt_batch_add(&journal->attempts, attempt, error);
}

int journal_clear_findings(struct journal *journal, int64_t document, const char *during,
                           struct error *error) {
    struct statement *clear = &journal->statements[CLEAR_FINDINGS];
    statement_bind_integer(clear, 1, document);
    statement_bind_string(clear, 2, during);
    return statement_run(clear, error);
}

int journal_add_finding(struct journal *journal, int64_t document, const char *during,
                        const char *field, struct span planned, struct span found,
                        struct error *error) {
    struct statement *add = &journal->statements[ADD_FINDING];
    char now[DATE_MOMENT_SIZE];
    date_format_moment(date_now(), now);
    statement_bind_integer(add, 1, document);
    statement_bind_string(add, 2, now);
    statement_bind_string(add, 3, during);
    statement_bind_string(add, 4, field);
    statement_bind_text(add, 5, planned);
    statement_bind_text(add, 6, found);
    return statement_run(add, error);
}
