#include "workspace/chosen.h"

#include "base/statement.h"
#include "workspace/schema_private.h"

/* Not on the target, as far as the workspace knows; a needed document of these states is chosen,
 * also where it cannot be sent, so that it can be named. */
#define IS_MISSING(of)                                                                             \
    of "state IN ('pending', 'sending', 'unknown', 'waiting', 'refused', 'handed out')"            \
       " AND " of "change IS NOT 'gone'"

static const char add_sql[] =
    "INSERT OR IGNORE INTO temp.chosen (document, is_needed)"
    " SELECT id, 0 FROM document WHERE kind = ?1 AND (?2 IS NULL OR key = ?2)"
    "  AND state = 'unknown' AND change IS NOT 'gone'"
    " UNION ALL SELECT id, 0 FROM (SELECT id FROM document WHERE kind = ?1"
    "  AND (?2 IS NULL OR key = ?2) AND state = 'pending' AND change IS NOT 'gone'"
    "  ORDER BY id LIMIT ?3)";

static const char add_needed_sql[] =
    "INSERT OR IGNORE INTO temp.chosen (document, is_needed) VALUES (?1, 1)";

#define P_IS_MISSING IS_MISSING("p.")
#define D_IS_MISSING IS_MISSING("d.")
#define O_IS_OPEN SCHEMA_IS_OPEN("o.")
#define D_IS_DUE SCHEMA_IS_DUE("d.")

/* Under an ordering key the closest document before it is enough: that one adds the one before
 * itself. */
static const char add_referred_sql[] =
    "WITH RECURSIVE need (id) AS (SELECT document FROM temp.chosen"
    " UNION SELECT p.id FROM need n JOIN reference r ON r.document = n.id"
    "  JOIN kind k ON k.name = r.kind JOIN document p ON p.kind = k.position AND p.key = r.key"
    "  WHERE " P_IS_MISSING " UNION SELECT (SELECT o.id FROM document o INDEXED BY document_open"
    "  WHERE o.kind = d.kind AND o.ordering_key = d.ordering_key AND " O_IS_OPEN
    "  AND o.id < d.id ORDER BY o.id DESC LIMIT 1) FROM need n"
    "  JOIN document d ON d.id = n.id WHERE d.ordering_key IS NOT NULL)"
    " INSERT OR IGNORE INTO temp.chosen (document, is_needed)"
    " SELECT id, 1 FROM need WHERE id IS NOT NULL";

static const char count_sql[] = "SELECT count(*) FROM temp.chosen c JOIN document d"
                                " ON d.id = c.document WHERE d.kind = ?1 AND " D_IS_DUE;

#define COLUMNS_OF_KIND                                                                            \
    "SELECT d.id, d.kind, d.key, b.body, 0 FROM document d JOIN body b ON b.document = d.id"       \
    " WHERE d.kind = ?1 AND d.id "
#define NEEDED_AND(condition)                                                                      \
    "SELECT d.id, d.kind, d.key, NULL, count(*) OVER () FROM temp.chosen c"                        \
    " JOIN document d ON d.id = c.document WHERE c.is_needed AND " condition                       \
    " AND ?1 IS NOT NULL ORDER BY d.kind, d.id"

static const char *const list_sql[] = {
    [CHOSEN_OF_KIND] = COLUMNS_OF_KIND "IN (SELECT document FROM temp.chosen) ORDER BY d.id",
    [CHOSEN_NOT_OF_KIND] = COLUMNS_OF_KIND "NOT IN (SELECT document FROM temp.chosen)"
                                           " AND " D_IS_MISSING " ORDER BY d.id",
    [CHOSEN_NEEDED] = NEEDED_AND(D_IS_DUE),
    [CHOSEN_UNDELIVERABLE] = NEEDED_AND("NOT (" D_IS_DUE ")"),
};

int chosen_add(struct workspace *workspace, const struct chosen_rule *rule, struct error *error) {
    struct statement add;
    if (statement_prepare(&add, workspace_database(workspace), add_sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&add, 1, (int64_t)rule->kind);
    statement_bind_text(&add, 2, rule->key);
    statement_bind_integer(&add, 3, rule->limit > 0 ? rule->limit : -1);
    return statement_run_once(&add, error);
}

int chosen_add_needed(struct workspace *workspace, int64_t document, struct error *error) {
    struct statement add;
    if (statement_prepare(&add, workspace_database(workspace), add_needed_sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&add, 1, document);
    return statement_run_once(&add, error);
}

int chosen_add_referred(struct workspace *workspace, struct error *error) {
    return statement_execute(workspace_database(workspace), add_referred_sql, error);
}

int chosen_count(struct workspace *workspace, size_t kind, int64_t *count, struct error *error) {
    struct statement ask;
    if (statement_prepare(&ask, workspace_database(workspace), count_sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&ask, 1, (int64_t)kind);
    return statement_read_once(&ask, 0, count, error);
}

int chosen_each(struct workspace *workspace, enum chosen_list list, size_t kind, chosen_take *take,
                void *context, struct error *error) {
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(workspace), list_sql[list], error) != 0) {
        return -1;
    }
    statement_bind_integer(&rows, 1, (int64_t)kind);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        const struct chosen_document document = {.id = statement_integer(&rows, 0),
                                                 .kind = (size_t)statement_integer(&rows, 1),
                                                 .key = statement_text(&rows, 2),
                                                 .body = statement_text(&rows, 3),
                                                 .total = statement_integer(&rows, 4)};
        if (take(context, &document, error) != 0) {
            rc = -1;
            break;
        }
    }
    statement_finalize(&rows);
    return rc < 0 ? -1 : 0;
}
