#include "workspace/merge.h"

#include "base/statement.h"
#include "workspace/part_file_private.h"

/* A part's documents are spread over the parent's file: if several parts are merged, most pages are
 * copied back from the log once for all of them. 256 MB. */
enum { CHECKPOINT_PAGES = 16384 };

/* The part is attached as `part`. */
struct merge {
    struct workspace *workspace;
    sqlite3 *database;
    const char *path;
    struct part_identity identity;
    struct merged *merged;
};

/* Runs a statement, of which ?1 is the part's id. */
static int run(const struct merge *merge, const char *sql, struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, merge->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&statement, 1, merge->identity.id);
    return statement_run_once(&statement, error);
}

static int count(const struct merge *merge, const char *sql, int64_t *value, struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, merge->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&statement, 1, merge->identity.id);
    return statement_read_once(&statement, 0, value, error);
}

static int refuse(const struct merge *merge, const char *why, struct error *error) {
    return error_set(error, ERROR_WORKSPACE, "%s: %s; nothing of it was merged", merge->path, why);
}

/* The part that the parent has handed out under this token. */
static int find_part(struct merge *merge, struct error *error) {
    struct statement part;
    if (statement_prepare(
            &part, merge->database,
            "SELECT p.id, p.recalled IS NOT NULL, k.name, p.documents FROM main.part p"
            " JOIN main.kind k ON k.position = p.kind WHERE p.token = ?1",
            error) != 0) {
        return -1;
    }
    statement_bind_string(&part, 1, merge->identity.token);
    int rc = statement_step(&part, error);
    if (rc == 1) {
        merge->identity.id = statement_integer(&part, 0);
        merge->merged->documents = statement_integer(&part, 3);
        text_append(&merge->merged->kind, statement_text(&part, 2));
        rc = statement_integer(&part, 1) != 0
                 ? refuse(merge,
                          "this part was recalled: its documents are the parent's again, which "
                          "looks them up",
                          error)
                 : text_check(&merge->merged->kind, error);
    } else if (rc == 0) {
        rc = refuse(merge, "this part was handed out by another workspace", error);
    }
    statement_finalize(&part);
    return rc;
}

/* Both have the same plan, and what was delivered went to the same target. */
static int check_settings(const struct merge *merge, struct error *error) {
    int64_t other_plan;
    int64_t other_target;
    if (count(merge,
              "SELECT count(*) FROM main.setting a JOIN part.setting b USING (name)"
              " WHERE name IN ('planned', 'migration', 'source') AND a.value IS NOT b.value",
              &other_plan, error) != 0 ||
        count(merge,
              "SELECT count(*) FROM main.setting a JOIN part.setting b USING (name)"
              " WHERE name = 'target' AND a.value <> b.value",
              &other_target, error) != 0) {
        return -1;
    }
    if (other_plan > 0) {
        return refuse(merge, "this part is of another plan than the workspace has now", error);
    }
    return other_target > 0
               ? refuse(merge, "this part was delivered to another target than the workspace",
                        error)
               : 0;
}

/* For each document of the part, except those that the parent has handed out again to another part:
 * how many attempts it has in parent and part, the part's attempt at the position of the parent's
 * last one (0 where the part has fewer), and that last one. */
static const char compare_sql[] =
    "CREATE TEMP TABLE merging AS WITH counts AS MATERIALIZED"
    "  (SELECT d.id AS document, d.state, d.part = ?1 AS is_ours,"
    "    p.state NOT IN ('pending', 'sending', 'unknown', 'waiting') AS is_settled,"
    "    (SELECT count(*) FROM main.attempt a WHERE a.document = d.id) AS here,"
    "    (SELECT count(*) FROM part.attempt a WHERE a.document = d.id) AS there"
    "   FROM part.document p CROSS JOIN main.document d ON d.id = p.id AND d.kind = p.kind"
    "    AND d.key = p.key AND d.part >= ?1)"
    " SELECT document, state, is_ours, is_settled, here, there, iif(there < here OR here = 0, 0,"
    "   (SELECT a.id FROM part.attempt a WHERE a.document = c.document AND c.here ="
    "     (SELECT count(*) FROM part.attempt b WHERE b.document = a.document AND b.id <= a.id)))"
    "   AS known,"
    "  iif(here = 0, NULL, (SELECT max(a.id) FROM main.attempt a WHERE a.document = c.document))"
    "   AS last FROM counts c";

/* At that position the two have different attempts. */
static const char apart_sql[] =
    "CREATE TEMP TABLE apart AS SELECT m.document FROM merging m"
    " JOIN main.attempt a ON a.id = m.last JOIN part.attempt b ON b.id = m.known"
    " WHERE (a.purpose, a.started, a.path) IS NOT (b.purpose, b.started, b.path)"
    "  OR a.duration_us IS NOT b.duration_us";

/* A document that was settled without a further attempt is taken as well, as long as the parent
 * waits for it. */
static const char take_sql[] =
    "CREATE TEMP TABLE taken AS SELECT document, known, is_settled, there - here AS attempts"
    " FROM merging WHERE is_ours AND (there > here OR (is_settled AND state = 'handed out' AND "
    "(known > 0 OR "
    "last IS NULL)))"
    "  AND document NOT IN (SELECT document FROM apart)";

static const char forget_sql[] =
    "DROP TABLE temp.merging; DROP TABLE temp.apart; DROP TABLE temp.taken";

static const char update_sql[] =
    "UPDATE main.document SET (state, verdict, target_id, uncertain_about, uncertain_since, "
    "evidence)"
    "  = (SELECT iif(t.is_settled, p.state, 'handed out'), p.verdict, p.target_id,"
    "   p.uncertain_about, p.uncertain_since, p.evidence FROM part.document p WHERE p.id = "
    "t.document)"
    " FROM temp.taken t WHERE id = t.document";
static const char attempts_sql[] =
    "INSERT INTO main.attempt (document, purpose, started, duration_us, method, path, status,"
    "  outcome, excerpt) SELECT a.document, a.purpose, a.started, a.duration_us, a.method, a.path,"
    "  a.status, a.outcome, a.excerpt FROM part.attempt a JOIN temp.taken t"
    "  ON t.document = a.document WHERE a.id > t.known ORDER BY a.id";
static const char findings_sql[] =
    "DELETE FROM main.finding WHERE document IN (SELECT document FROM temp.taken);"
    "INSERT INTO main.finding (document, found, during, field, planned_value, found_value)"
    " SELECT f.document, f.found, f.during, f.field, f.planned_value, f.found_value"
    " FROM part.finding f WHERE f.document IN (SELECT document FROM temp.taken) ORDER BY f.id";
static const char target_sql[] =
    "INSERT INTO main.setting (name, value) SELECT name, value FROM part.setting"
    " WHERE name = 'target' ON CONFLICT (name) DO UPDATE SET value = excluded.value";

static int compare(const struct merge *merge, struct error *error) {
    return run(merge, compare_sql, error) == 0 && run(merge, apart_sql, error) == 0
               ? run(merge, take_sql, error)
               : -1;
}

/* The file has the documents that were put into it, and no others. */
static int check_documents(const struct merge *merge, struct error *error) {
    int64_t found;
    int64_t known;
    if (count(merge, "SELECT count(*) FROM part.document", &found, error) != 0 ||
        count(merge, "SELECT count(*) FROM temp.merging", &known, error) != 0) {
        return -1;
    }
    int64_t expected = merge->merged->documents;
    return found == expected && known == expected
               ? 0
               : error_set(error, ERROR_BALANCE,
                           "%s: %lld documents were handed out in this part; it has %lld, of which "
                           "%lld are those; nothing of it was merged",
                           merge->path, (long long)expected, (long long)found, (long long)known);
}

/* Runs a step that has to change as many rows as `expected_sql` counts. */
static int run_counted(const struct merge *merge, const char *sql, const char *expected_sql,
                       const char *what, struct error *error) {
    int64_t expected;
    if (count(merge, expected_sql, &expected, error) != 0 || run(merge, sql, error) != 0) {
        return -1;
    }
    int64_t changed = sqlite3_changes64(merge->database);
    return changed == expected
               ? 0
               : error_set(error, ERROR_BALANCE,
                           "%s: %lld %s were to be taken, and %lld were; nothing "
                           "of it was merged",
                           merge->path, (long long)expected, what, (long long)changed);
}

static int take(const struct merge *merge, struct error *error) {
    if (run_counted(merge, update_sql, "SELECT count(*) FROM temp.taken", "outcomes", error) != 0 ||
        run_counted(merge, attempts_sql, "SELECT total(attempts) FROM temp.taken", "attempts",
                    error) != 0) {
        return -1;
    }
    return statement_execute(merge->database, findings_sql, error) == 0
               ? statement_execute(merge->database, target_sql, error)
               : -1;
}

/* Checks that what was taken is equal in parent and part. */
static int check_balance(const struct merge *merge, struct error *error) {
    int64_t unlike;
    if (count(merge,
              "SELECT count(*) FROM temp.taken t JOIN main.document d ON d.id = t.document"
              " JOIN part.document p ON p.id = t.document WHERE"
              " d.state <> iif(t.is_settled, p.state, 'handed out') OR d.verdict IS NOT p.verdict",
              &unlike, error) != 0) {
        return -1;
    }
    return unlike == 0 ? 0
                       : error_set(error, ERROR_BALANCE,
                                   "%s: %lld documents are not here as they are in the part; "
                                   "nothing of it was merged",
                                   merge->path, (long long)unlike);
}

static const char out_sql[] =
    "SELECT (SELECT count(*) FROM temp.taken WHERE NOT is_settled) +"
    " (SELECT count(*) FROM temp.merging WHERE is_ours AND state = 'handed out'"
    "   AND document NOT IN (SELECT document FROM temp.taken))";

static int count_documents(const struct merge *merge, struct error *error) {
    struct merged *merged = merge->merged;
    return count(merge, "SELECT count(*) FROM temp.taken", &merged->taken, error) == 0 &&
                   count(merge, "SELECT count(*) FROM temp.apart", &merged->apart, error) == 0
               ? count(merge, out_sql, &merged->out, error)
               : -1;
}

static int merge_attached(struct merge *merge, struct error *error) {
    if (workspace_begin(merge->workspace, error) == 0 && find_part(merge, error) == 0 &&
        check_settings(merge, error) == 0 && compare(merge, error) == 0 &&
        check_documents(merge, error) == 0 && take(merge, error) == 0 &&
        check_balance(merge, error) == 0 && count_documents(merge, error) == 0 &&
        statement_execute(merge->database, forget_sql, error) == 0 &&
        workspace_commit(merge->workspace, error) == 0) {
        return 0;
    }
    workspace_roll_back(merge->workspace);
    return -1;
}

static int attach(const struct merge *merge, struct error *error) {
    struct statement attach;
    if (statement_prepare(&attach, merge->database, "ATTACH ?1 AS part", error) != 0) {
        return -1;
    }
    statement_bind_string(&attach, 1, merge->path);
    return statement_run_once(&attach, error);
}

int merge_part(struct workspace *workspace, const char *path, struct merged *merged,
               struct error *error) {
    struct merge merge = {.workspace = workspace,
                          .database = workspace_database(workspace),
                          .path = path,
                          .merged = merged};
    *merged = (struct merged){0};
    int rc = part_file_identify(path, &merge.identity, error);
    if (rc <= 0) {
        return rc < 0 ? -1 : refuse(&merge, "this is not a part of another workspace", error);
    }
    merged->number = merge.identity.number;
    merged->parts = merge.identity.parts;
    sqlite3_wal_autocheckpoint(merge.database, CHECKPOINT_PAGES);
    if (attach(&merge, error) != 0) {
        return -1;
    }
    rc = merge_attached(&merge, error);
    sqlite3_exec(merge.database, "DETACH part", NULL, NULL, NULL);
    return rc;
}

void merged_free(struct merged *merged) {
    text_free(&merged->kind);
}
