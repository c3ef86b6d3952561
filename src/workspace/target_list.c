#include "workspace/target_list.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/statement.h"

struct target_list {
    struct workspace *workspace;
    sqlite3 *database;
    struct statement add;
};

/* Asks a question about ?1: 1 or 0; or -1. */
static int ask(struct workspace *workspace, const char *sql, struct span parameter,
               struct error *error) {
    struct statement question;
    if (statement_prepare(&question, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_text(&question, 1, parameter);
    int64_t answer;
    return statement_read_once(&question, 0, &answer, error) == 0 ? answer != 0 : -1;
}

int target_list_was_read(struct workspace *workspace, const char *kind, struct error *error) {
    return ask(workspace, "SELECT EXISTS (SELECT 1 FROM target_list WHERE kind = ?1)",
               span_of(kind), error);
}

int target_list_is_late(struct workspace *workspace, const char *kind, struct error *error) {
    return ask(workspace,
               "SELECT EXISTS (SELECT 1 FROM document d JOIN kind k ON k.position = d.kind"
               " WHERE k.name = ?1 AND d.state NOT IN ('pending', 'waiting'))",
               span_of(kind), error);
}

#define POSITIONS "(SELECT position FROM kind WHERE name IN (SELECT value FROM json_each(?1)))"

int target_list_is_settled(struct workspace *workspace, struct span kinds, struct error *error) {
    return ask(workspace,
               "SELECT NOT EXISTS (SELECT 1 FROM document WHERE kind IN " POSITIONS
               " AND state IN ('sending', 'unknown', 'handed out'))",
               kinds, error);
}

struct target_list *target_list_begin(struct workspace *workspace, struct error *error) {
    struct target_list *list = calloc(1, sizeof *list);
    if (list == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    list->workspace = workspace;
    list->database = workspace_database(workspace);
    if (workspace_begin(workspace, error) != 0 ||
        statement_execute(list->database,
                          "CREATE TEMP TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID",
                          error) != 0 ||
        statement_prepare(&list->add, list->database,
                          "INSERT OR IGNORE INTO temp.seen (id) VALUES (?1)", error) != 0) {
        target_list_end(list);
        return NULL;
    }
    return list;
}

void target_list_end(struct target_list *list) {
    if (list == NULL) {
        return;
    }
    struct error ignored;
    statement_finalize(&list->add);
    workspace_roll_back(list->workspace); /* after a commit there is nothing to undo */
    statement_execute(list->database, "DROP TABLE IF EXISTS temp.seen", &ignored);
    free(list);
}

int target_list_add(struct target_list *list, struct span id, struct error *error) {
    statement_bind_text(&list->add, 1, id);
    return statement_run(&list->add, error) == 0 ? sqlite3_changes(list->database) : -1;
}

/* Runs statements about the kind ?1, the kinds ?2 and the moment ?3, and commits. */
static int keep(struct target_list *list, const char *const *statements, size_t count,
                const char *kind, struct span kinds, struct error *error) {
    char now[DATE_MOMENT_SIZE];
    int rc = 0;
    date_format_moment(date_now(), now);
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct statement statement;
        rc = statement_prepare(&statement, list->database, statements[i], error);
        if (rc == 0) {
            statement_bind_string(&statement, 1, kind);
            statement_bind_text(&statement, 2, kinds);
            statement_bind_string(&statement, 3, now);
            rc = statement_run_once(&statement, error);
        }
    }
    return rc == 0 ? workspace_commit(list->workspace, error) : -1;
}

int target_list_keep_before(struct target_list *list, const char *kind, struct error *error) {
    static const char *const statements[] = {
        "INSERT OR IGNORE INTO listed_record (kind, id) SELECT ?1, id FROM temp.seen",
        "INSERT INTO target_list (kind, read_before) VALUES (?1, ?3)",
    };
    return keep(list, statements, sizeof statements / sizeof *statements, kind, (struct span){0},
                error);
}

/* The target's names are compared as texts: an answer may have as a number what a path has as a
 * text. */
int target_list_keep_strangers(struct target_list *list, const char *kind, struct span kinds,
                               struct error *error) {
    static const char *const statements[] = {
        "CREATE TEMP TABLE strange AS SELECT id FROM temp.seen"
        " EXCEPT SELECT id FROM listed_record"
        "  WHERE kind = ?1 OR kind IN (SELECT value FROM json_each(?2))"
        " EXCEPT SELECT CAST(d.target_id AS TEXT) FROM document d"
        "  JOIN kind k ON k.position = d.kind WHERE d.target_id IS NOT NULL"
        "  AND k.name IN (SELECT value FROM json_each(?2))",
        "DELETE FROM stranger WHERE kind = ?1 AND id NOT IN (SELECT id FROM temp.strange)",
        "INSERT OR IGNORE INTO stranger (kind, id, found) SELECT ?1, id, ?3 FROM temp.strange",
        "DROP TABLE temp.strange",
        "UPDATE target_list SET read_after = ?3 WHERE kind = ?1",
    };
    return keep(list, statements, sizeof statements / sizeof *statements, kind, kinds, error);
}

int target_list_claim(struct workspace *workspace, const char *kind, struct span id,
                      struct error *error) {
    struct statement claim;
    if (statement_prepare(&claim, workspace_database(workspace),
                          "INSERT OR IGNORE INTO listed_record (kind, id) VALUES (?1, ?2)",
                          error) != 0) {
        return -1;
    }
    statement_bind_string(&claim, 1, kind);
    statement_bind_text(&claim, 2, id);
    return statement_run_once(&claim, error);
}
