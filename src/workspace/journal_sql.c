#include "workspace/journal_private.h"
#include "workspace/schema_private.h"

/* Documents with the texts that belong to them, where ?5 wants them. */
#define COLUMNS_AND(may_wait)                                                                      \
    "SELECT d.id, d.key, b.body, b.\"values\", b.expect, d.uncertain_about, d.uncertain_since,"    \
    " d.evidence, d.state = 'unknown', d.change IS 'changed', " may_wait " FROM document d"        \
    " LEFT JOIN body b ON b.document = d.id AND ?5 WHERE "

/* The `+` keeps SQLite from the index over (kind, key), by which it would sort the whole kind for
 * each selection. */
#define SELECT_AND(may_wait)                                                                       \
    COLUMNS_AND(may_wait)                                                                          \
    "d.id > ?1 AND +d.kind = ?2 AND (?3 IS NULL OR d.key = ?3) AND " D_IS_CHOSEN " AND "

/* ?7: only those to which the delivery is limited. */
#define IS_CHOSEN(id) "(?7 = 0 OR " id " IN (SELECT document FROM temp.chosen))"
#define D_IS_CHOSEN IS_CHOSEN("d.id")
#define ID_IS_CHOSEN IS_CHOSEN("id")

#define IS_AFTER_WAITING                                                                           \
    "EXISTS (SELECT 1 FROM temp.waiting w WHERE w.kind = d.kind"                                   \
    " AND w.ordering_key = d.ordering_key)"

#define MAY_WAIT                                                                                   \
    "(EXISTS (SELECT 1 FROM reference r WHERE r.document = d.id) OR " IS_AFTER_WAITING ")"

/* The first open document under the ordering key of the document of that prefix. */
#define FIRST_IN_ORDER(of)                                                                         \
    "(SELECT o.id FROM document o INDEXED BY document_open WHERE o.kind = " of "kind"              \
    " AND o.ordering_key = " of "ordering_key AND " SCHEMA_IS_OPEN("o.") " ORDER BY o.id LIMIT 1)"

/* No document before it under its ordering key is open, and no document to which it refers is
 * open. */
#define D_FIRST_IN_ORDER FIRST_IN_ORDER("d.")
#define P_IS_OPEN SCHEMA_IS_OPEN("p.")
#define IS_FREE                                                                                    \
    "(d.ordering_key IS NULL OR d.id = " D_FIRST_IN_ORDER ")"                                      \
    " AND NOT EXISTS (SELECT 1 FROM reference r JOIN kind k ON k.name = r.kind"                    \
    "   JOIN document p ON p.kind = k.position AND p.key = r.key"                                  \
    "   WHERE r.document = d.id AND p.id <> d.id AND " P_IS_OPEN ")"

/* The next one under the ordering key of document ?1, and all that refer to it. */
#define S_FIRST_IN_ORDER FIRST_IN_ORDER("s.")
#define FOLLOWERS                                                                                  \
    "SELECT " S_FIRST_IN_ORDER " FROM document s WHERE s.id = ?1"                                  \
    " UNION SELECT r.document FROM document s JOIN kind k ON k.position = s.kind"                  \
    "  JOIN reference r ON r.kind = k.name AND r.key = s.key WHERE s.id = ?1"

#define CERTAIN "uncertain_about = NULL, uncertain_since = NULL"

/* The target's own name for the record ?1, ?2: of the document of that kind and key; else of a
 * record that the target has; else of a document that only the parent of this part has. */
#define RECORDS(kind_of, key_of)                                                                   \
    " LEFT JOIN kind k ON k.name = " kind_of                                                       \
    " LEFT JOIN document d ON d.kind = k.position AND d.key = " key_of                             \
    " LEFT JOIN existing e ON e.name = " kind_of " AND e.key = " key_of                            \
    " LEFT JOIN known_record n ON n.kind = " kind_of " AND n.key = " key_of
#define RECORD_ID                                                                                  \
    "iif(d.id IS NULL, coalesce(e.id, n.id),"                                                      \
    " iif(d.state IN ('delivered', 'present'), d.target_id, NULL))"

const char *const journal_sql[JOURNAL_STATEMENT_COUNT] = {
    [SELECT_PLANNED] = SELECT_AND("0") "d.state = ?4 AND d.change IS NOT 'gone' ORDER BY d.id",
    [SELECT_FREE] = SELECT_AND(MAY_WAIT) "d.state = ?4 AND d.change IS NOT 'gone' AND " IS_FREE
                                         " ORDER BY d.id",
    [SELECT_EVER] = SELECT_AND("0") "d.state = ?4 ORDER BY d.id",
    [SELECT_SENT] = SELECT_AND("0") "is_sent(d.state, d.verdict, d.change) ORDER BY d.id",
    [SELECT_CHANGED] = SELECT_AND("0") "d.state = ?4 AND d.change = 'changed' ORDER BY d.id",
    [SELECT_FREED] =
        COLUMNS_AND(MAY_WAIT) "d.id IN (" FOLLOWERS ") AND d.kind = ?2"
                              " AND (?3 IS NULL OR d.key = ?3) AND " D_IS_CHOSEN
                              " AND ((d.state = 'pending' AND d.id <= ?4)"
                              "  OR (d.state = 'unknown' AND d.id <= ?6))"
                              " AND d.change IS NOT 'gone' AND " IS_FREE " ORDER BY d.id",
    [MARK_SENDING] = "UPDATE document SET state = 'sending' WHERE id > ?1 AND +kind = ?2"
                     " AND (?3 IS NULL OR key = ?3) AND " ID_IS_CHOSEN " AND state = 'pending'"
                     " AND change IS NOT 'gone' AND id <= ?4",
    [LOAD_TARGET_ID] = "SELECT target_id FROM document WHERE id = ?1",
    [LOAD] = "SELECT d.key, b.body, b.\"values\", b.expect FROM document d"
             " JOIN body b ON b.document = d.id WHERE d.id = ?1",
    [LOAD_CHANGED] = "SELECT d.key, b.changed_body, b.changed_values, b.changed_expect"
                     " FROM document d JOIN body b ON b.document = d.id"
                     " WHERE d.id = ?1 AND b.changed_body IS NOT NULL",
    [LONGEST_EXCHANGE] = "SELECT max(duration_us) FROM attempt",
    [SET_STATE] = "UPDATE document SET state = ?2, " CERTAIN " WHERE id = ?1",
    [NOTE_WAITING] = "INSERT OR IGNORE INTO temp.waiting (kind, ordering_key, document)"
                     " SELECT kind, ordering_key, id FROM document WHERE id = ?1"
                     " AND ordering_key IS NOT NULL",
    [SET_SENDING] = "UPDATE document SET state = 'sending', uncertain_about = ?2,"
                    " uncertain_since = NULL WHERE id = ?1",
    [SET_ABSENT] =
        "UPDATE document SET state = 'sending', evidence = 'absence', " CERTAIN " WHERE id = ?1",
    [SET_UNCERTAIN] = "UPDATE document SET state = 'unknown', uncertain_about = ?2,"
                      " uncertain_since = ?3, evidence = coalesce(?4, evidence) WHERE id = ?1",
    [SET_FOUND] = "UPDATE document SET state = ?2, target_id = coalesce(?3, target_id),"
                  " evidence = ?4, " CERTAIN " WHERE id = ?1",
    [SET_VERDICT] = "UPDATE document SET verdict = ?2 WHERE id = ?1",
    [RENEW] = "UPDATE document SET state = 'pending', target_id = NULL, evidence = NULL, " CERTAIN
              " WHERE id = ?1",
    [ADOPT] = "UPDATE document SET sha256 = coalesce((SELECT changed_sha256 FROM body"
              "  WHERE document = ?1), sha256), change = nullif(change, 'changed') WHERE id = ?1",
    [ADOPT_BODY] = "UPDATE body SET body = changed_body, \"values\" = changed_values,"
                   " expect = changed_expect, changed_body = NULL, changed_values = NULL,"
                   " changed_expect = NULL, changed_sha256 = NULL"
                   " WHERE document = ?1 AND changed_body IS NOT NULL",
    [CLEAR_FINDINGS] = "DELETE FROM finding WHERE document = ?1 AND during = ?2",
    [ADD_FINDING] = "INSERT INTO finding (document, found, during, field, planned_value,"
                    " found_value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [FIND_RECORD] = "SELECT " RECORD_ID " FROM (SELECT 1)" RECORDS("?1", "?2"),
    [FIND_UNMET] =
        "SELECT r.kind, r.key, k.name IS NOT NULL, d.state, d.change"
        " FROM reference r" RECORDS("r.kind", "r.key") " WHERE r.document = ?1"
                                                       " AND " RECORD_ID
                                                       " IS NULL ORDER BY r.kind, r.key LIMIT 1",
    [FIND_WAITING_BEFORE] =
        "SELECT k.name, o.key, 1, o.state, o.change FROM document d JOIN temp.waiting w"
        " ON w.kind = d.kind AND w.ordering_key = d.ordering_key JOIN document o ON o.id = "
        "w.document JOIN kind k ON k.position = o.kind WHERE d.id = ?1 AND o.id < d.id",
    [PUT_EXISTING] = "INSERT OR REPLACE INTO existing (name, key, id) VALUES (?1, ?2, ?3)",
    [FORGET_EXISTING] = "DELETE FROM existing WHERE name = ?1",
};
