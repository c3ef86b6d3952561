#include "workspace/journal.h"

#include <stdlib.h>

#include "base/date.h"
#include "workspace/journal_private.h"

/* What workspace/chosen.h fills; and of each ordering key the first document that waits, which the
 * others under that key do not overtake. */
static const char tables_sql[] =
    "CREATE TEMP TABLE IF NOT EXISTS chosen (document INTEGER PRIMARY KEY, is_needed INTEGER);"
    "CREATE TEMP TABLE IF NOT EXISTS waiting (kind INTEGER, ordering_key TEXT, document INTEGER,"
    " PRIMARY KEY (kind, ordering_key)) WITHOUT ROWID;"
    "DELETE FROM temp.waiting";

struct journal *journal_open(struct workspace *workspace, struct error *error) {
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    journal->workspace = workspace;
    journal->database = workspace_database(workspace);
    if (statement_execute(journal->database, tables_sql, error) != 0 ||
        attempt_batch_open(&journal->attempts, journal->database, error) != 0 ||
        delivered_batch_open(&journal->delivered, journal->database, error) != 0 ||
        references_prepare(&journal->references, journal->database, error) != 0) {
        journal_close(journal);
        return NULL;
    }
    for (size_t i = 0; i < JOURNAL_STATEMENT_COUNT; i++) {
        if (statement_prepare(&journal->statements[i], journal->database, journal_sql[i], error) !=
            0) {
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
    for (size_t i = 0; i < JOURNAL_STATEMENT_COUNT; i++) {
        statement_finalize(&journal->statements[i]);
    }
    attempt_batch_close(&journal->attempts);
    delivered_batch_close(&journal->delivered);
    references_finalize(&journal->references);
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
    return statement_run_once(&attempts, error) == 0
               ? statement_execute(journal->database,
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

int journal_retry_waiting(struct journal *journal, struct error *error) {
    return references_retry(journal->database, error);
}

int journal_longest_exchange(struct journal *journal, int64_t *duration, struct error *error) {
    struct statement *longest = &journal->statements[LONGEST_EXCHANGE];
    int rc = statement_step(longest, error);
    *duration = rc == 1 ? statement_integer(longest, 0) : 0;
    statement_reset(longest);
    return rc < 0 ? -1 : 0;
}

/* A statement, of which ?1 is the document. */
static struct statement *of_document(struct journal *journal, enum journal_statement which,
                                     int64_t document) {
    struct statement *statement = &journal->statements[which];
    statement_bind_integer(statement, 1, document);
    return statement;
}

int journal_set_state(struct journal *journal, int64_t document, enum state state,
                      struct error *error) {
    struct statement *set = of_document(journal, SET_STATE, document);
    statement_bind_string(set, 2, state_name(state));
    return statement_run(set, error);
}

int journal_set_waiting(struct journal *journal, int64_t document, struct error *error) {
    struct statement *note = &journal->statements[NOTE_WAITING];
    statement_bind_integer(note, 1, document);
    return journal_set_state(journal, document, STATE_WAITING, error) == 0
               ? statement_run(note, error)
               : -1;
}

int journal_set_sending(struct journal *journal, int64_t document, enum request about,
                        struct error *error) {
    struct statement *set = of_document(journal, SET_SENDING, document);
    statement_bind_string(set, 2, request_name(about));
    return statement_run(set, error);
}

int journal_set_absent(struct journal *journal, int64_t document, struct error *error) {
    return statement_run(of_document(journal, SET_ABSENT, document), error);
}

int journal_set_uncertain(struct journal *journal, int64_t document, enum request about,
                          int64_t since, enum evidence evidence, struct error *error) {
    struct statement *set = of_document(journal, SET_UNCERTAIN, document);
    char moment[DATE_MOMENT_SIZE];
    date_format_moment(since, moment);
    statement_bind_string(set, 2, request_name(about));
    statement_bind_string(set, 3, moment);
    statement_bind_string(set, 4, evidence_name(evidence));
    return statement_run(set, error);
}

int journal_set_found(struct journal *journal, int64_t document, enum state state,
                      struct record_id target_id, enum evidence evidence, struct error *error) {
    struct statement *set = of_document(journal, SET_FOUND, document);
    statement_bind_string(set, 2, state_name(state));
    statement_bind_record_id(set, 3, target_id);
    statement_bind_string(set, 4, evidence_name(evidence));
    return statement_run(set, error);
}

int journal_adopt_changed(struct journal *journal, int64_t document, struct error *error) {
    if (statement_run(of_document(journal, ADOPT, document), error) != 0 ||
        statement_run(of_document(journal, ADOPT_BODY, document), error) != 0) {
        return -1;
    }
    return sqlite3_changes(journal->database) == 0
               ? 0
               : references_renew(&journal->references, document, error);
}

int journal_set_pending_again(struct journal *journal, int64_t document, struct error *error) {
    return statement_run(of_document(journal, RENEW, document), error) == 0
               ? journal_adopt_changed(journal, document, error)
               : -1;
}

int journal_set_delivered(struct journal *journal, int64_t document, struct record_id target_id,
                          struct error *error) {
    return delivered_batch_add(&journal->delivered, document, target_id, error);
}

int journal_set_verdict(struct journal *journal, int64_t document, enum verdict verdict,
                        struct error *error) {
    struct statement *set = of_document(journal, SET_VERDICT, document);
    statement_bind_string(set, 2, verdict_name(verdict));
    return statement_run(set, error);
}

int journal_add_attempt(struct journal *journal, const struct attempt *attempt,
                        struct error *error) {
    return attempt_batch_add(&journal->attempts, attempt, error);
}

int journal_clear_findings(struct journal *journal, int64_t document, const char *during,
                           struct error *error) {
    struct statement *clear = of_document(journal, CLEAR_FINDINGS, document);
    statement_bind_string(clear, 2, during);
    return statement_run(clear, error);
}

int journal_add_finding(struct journal *journal, int64_t document, const char *during,
                        const char *field, struct span planned, struct span found,
                        struct error *error) {
    struct statement *add = of_document(journal, ADD_FINDING, document);
    char now[DATE_MOMENT_SIZE];
    date_format_moment(date_now(), now);
    statement_bind_string(add, 2, now);
    statement_bind_string(add, 3, during);
    statement_bind_string(add, 4, field);
    statement_bind_text(add, 5, planned);
    statement_bind_text(add, 6, found);
    return statement_run(add, error);
}
