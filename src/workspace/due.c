#include "workspace/due.h"

#include "base/statement.h"

/* ?1 is the kind's name, ?2 the key, ?3 whether only chosen documents count. */
#define OF_KIND                                                                                    \
    " FROM document d JOIN kind k ON k.position = d.kind JOIN body b ON b.document = d.id"         \
    " WHERE k.name = ?1"
#define COLUMNS                                                                                    \
    "SELECT d.id, d.key, d.target_id, d.state IN ('sending', 'unknown'),"                          \
    " EXISTS (SELECT 1 FROM reference r WHERE r.kind = ?1 AND r.key = d.key),"

/* How deep a document is in a tree of its kind; a damaged file may have a cycle. */
#define DEPTH                                                                                      \
    "(WITH RECURSIVE above (document, depth) AS (SELECT d.id, 0 UNION"                             \
    "  SELECT p.id, depth + 1 FROM above a JOIN reference r ON r.document = a.document"            \
    "  AND r.kind = ?1 JOIN document p ON p.kind = d.kind AND p.key = r.key WHERE depth < 200)"    \
    " SELECT max(depth) FROM above)"
#define SENT(states)                                                                               \
    COLUMNS " b.body, b.\"values\", b.expect, NULL" OF_KIND                                        \
            " AND (?3 = 0 OR d.id IN (SELECT document FROM temp.chosen))"                          \
            " AND d.change IS NOT 'gone' AND d.state IN (" states ")"                              \
            " ORDER BY d.state NOT IN ('sending', 'unknown'), " DEPTH ", d.id"

static const char *const sql[] = {
    [DUE_SENT] = SENT("'sending', 'unknown', 'pending', 'waiting'"),
    [DUE_REFUSED] = SENT("'sending', 'unknown', 'pending', 'waiting', 'refused'"),
    [DUE_CHANGED] = COLUMNS " b.changed_body, b.changed_values, b.changed_expect, b.body" OF_KIND
                            " AND (?2 IS NULL OR d.key = ?2) AND d.change = 'changed' AND d.state "
                            "IN ('delivered', 'present')"
                            " AND b.changed_body IS NOT NULL ORDER BY d.id",
};

static struct due_document read_document(const struct statement *row) {
    return (struct due_document){.id = statement_integer(row, 0),
                                 .key = statement_text(row, 1),
                                 .target_id = statement_record_id(row, 2),
                                 .is_unknown = statement_integer(row, 3) != 0,
                                 .is_referred = statement_integer(row, 4) != 0,
                                 .body = statement_text(row, 5),
                                 .values = statement_text(row, 6),
                                 .expect = statement_text(row, 7),
                                 .former = statement_text(row, 8)};
}

int due_each(struct workspace *workspace, enum due_what what, const struct due_filter *filter,
             int (*take)(void *context, const struct due_document *document, struct error *error),
             void *context, struct error *error) {
    struct statement documents;
    if (statement_prepare(&documents, workspace_database(workspace), sql[what], error) != 0) {
        return -1;
    }
    statement_bind_string(&documents, 1, filter->kind);
    if (what == DUE_CHANGED) {
        statement_bind_string(&documents, 2, filter->key);
    } else {
        statement_bind_integer(&documents, 3, filter->is_chosen);
    }
    int rc;
    while ((rc = statement_step(&documents, error)) == 1) {
        const struct due_document document = read_document(&documents);
        if (take(context, &document, error) != 0) {
            rc = -1;
            break;
        }
    }
    statement_finalize(&documents);
    return rc;
}
