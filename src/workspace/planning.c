#include "workspace/planning.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/statement.h"
#include "workspace/state.h"
#include "workspace/used_rows.h"

enum planning_statement {
    FIND_DOCUMENT,
    INSERT_DOCUMENT,
    INSERT_BODY,
    KEEP_DOCUMENT,
    REPLACE_DOCUMENT,
    REPLACE_BODY,
    MARK_CHANGED,
    KEEP_CHANGED_BODY,
    INSERT_ROW,
    INSERT_QUERY,
    END_QUERY,
    COUNT_CORRECTION,
    INSERT_WARNING,
    INSERT_LOOKUP,
    KEEP_ANSWER,
    STATEMENT_COUNT
};

static const char *const statement_sql[STATEMENT_COUNT] = {
    [FIND_DOCUMENT] = "SELECT id, sha256, state, plan FROM document WHERE kind = ?1 AND key = ?2",
    [INSERT_DOCUMENT] = "INSERT INTO document (kind, key, sha256, origin, plan)"
                        " VALUES (?1, ?2, ?3, ?4, ?5)",
    [INSERT_BODY] = "INSERT INTO body (document, body) VALUES (?1, ?2)",
    [KEEP_DOCUMENT] = "UPDATE document SET plan = ?2, change = NULL, origin = ?3 WHERE id = ?1",
    [REPLACE_DOCUMENT] = "UPDATE document SET plan = ?2, change = NULL, origin = ?3, sha256 = ?4,"
                         " state = 'pending', verdict = NULL WHERE id = ?1",
    [REPLACE_BODY] = "UPDATE body SET body = ?2, changed_body = NULL WHERE document = ?1",
    [MARK_CHANGED] = "UPDATE document SET plan = ?2, change = 'changed' WHERE id = ?1",
    [KEEP_CHANGED_BODY] = "UPDATE body SET changed_body = ?2 WHERE document = ?1",
    [INSERT_ROW] = "INSERT INTO source_row (query, row, fate, because, content)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)",
    [INSERT_QUERY] = "INSERT INTO query (id, kind, name, sql) VALUES (?1, ?2, ?3, ?4)",
    [END_QUERY] = "UPDATE query SET rows_read = ?2, used = ?3, skipped = ?4, rejected = ?5"
                  " WHERE id = ?1",
    [COUNT_CORRECTION] = "INSERT INTO correction (kind, id, times) VALUES (?1, ?2, ?3)"
                         " ON CONFLICT (kind, id) DO UPDATE SET times = times + excluded.times",
    [INSERT_WARNING] = "INSERT INTO warning (kind, key, text) VALUES (?1, ?2, ?3)",
    [INSERT_LOOKUP] = "INSERT INTO lookup (kind, name, outcome, uses, found)"
                      " VALUES (?1, ?2, ?3, ?4, ?5)",
    [KEEP_ANSWER] = "INSERT INTO directory_answer (directory, name, answer) VALUES (?1, ?2, ?3)"
                    " ON CONFLICT (directory, name) DO UPDATE SET answer = excluded.answer",
};

static const char *const fate_names[] = {[FATE_SKIPPED] = "skipped", [FATE_REJECTED] = "rejected"};

enum { DIGEST_TEXT_SIZE = 65, MAX_QUERIES = 32, FATE_COUNT = 3 };

struct planning {
    struct workspace *workspace;
    struct statement statements[STATEMENT_COUNT];
    struct used_rows used;
    EVP_MD_CTX *digest;
    int64_t plan; /* counts the plans that this workspace has seen */
    int queries;
    int64_t rows_read[MAX_QUERIES + 1]; /* by the query's number, from 1; -1: it has not ended */
    int64_t fates[MAX_QUERIES + 1][FATE_COUNT];
    int64_t rows;
    bool is_first;
};

/* What is left of an earlier plan but its documents, and what a directory has answered, is written
 * anew. */
static const char forget_sql[] = "DELETE FROM kind; DELETE FROM query; DELETE FROM source_row;"
                                 "DELETE FROM correction; DELETE FROM warning;"
                                 "DELETE FROM lookup;";

static int write_kinds(sqlite3 *database, const struct planning_kind *kinds, size_t count,
                       struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, database,
                          "INSERT INTO kind (position, name, post_path) VALUES (?1, ?2, ?3)",
                          error) != 0) {
        return -1;
    }
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        statement_bind_integer(&statement, 1, (int64_t)i);
        statement_bind_string(&statement, 2, kinds[i].name);
        statement_bind_string(&statement, 3, kinds[i].post_path);
        rc = statement_run(&statement, error);
    }
    statement_finalize(&statement);
    return rc;
}

static int start(struct planning *planning, const struct planning_kind *kinds, size_t kind_count,
                 struct error *error) {
    sqlite3 *database = workspace_database(planning->workspace);
    if (workspace_use_journal(planning->workspace, error) != 0 ||
        workspace_begin(planning->workspace, error) != 0 ||
        statement_query_integer(database, "SELECT coalesce(max(plan), 0) + 1 FROM document", 1,
                                &planning->plan, error) != 0 ||
        statement_execute(database, forget_sql, error) != 0 ||
        write_kinds(database, kinds, kind_count, error) != 0) {
        return -1;
    }
    planning->is_first = planning->plan == 1;
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        if (statement_prepare(&planning->statements[i], database, statement_sql[i], error) != 0) {
            return -1;
        }
    }
    if (used_rows_prepare(&planning->used, database, error) != 0) {
        return -1;
    }
    planning->digest = EVP_MD_CTX_new();
    return planning->digest == NULL ? error_set_no_memory(error) : 0;
}

struct planning *planning_begin(struct workspace *workspace, const struct planning_kind *kinds,
                                size_t kind_count, struct error *error) {
    struct planning *planning = calloc(1, sizeof *planning);
    if (planning == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    planning->workspace = workspace;
    if (start(planning, kinds, kind_count, error) != 0) {
        planning_abandon(planning);
        return NULL;
    }
    return planning;
}

int planning_begin_query(struct planning *planning, size_t kind, const char *name, const char *sql,
                         int *query, struct error *error) {
    struct statement *insert = &planning->statements[INSERT_QUERY];
    if (planning->queries == MAX_QUERIES) {
        return error_set(error, ERROR_INTERNAL, "a plan has room for %d queries", MAX_QUERIES);
    }
    *query = ++planning->queries;
    planning->rows_read[*query] = -1;
    statement_bind_integer(insert, 1, *query);
    statement_bind_integer(insert, 2, (int64_t)kind);
    statement_bind_string(insert, 3, name);
    statement_bind_string(insert, 4, sql);
    return statement_run(insert, error);
}

void planning_end_query(struct planning *planning, int query, int64_t rows_read) {
    planning->rows_read[query] = rows_read;
}

static int digest_body(struct planning *planning, struct span body, char text[DIGEST_TEXT_SIZE],
                       struct error *error) {
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[32];
    unsigned size = 0;
    if (EVP_DigestInit_ex(planning->digest, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(planning->digest, body.data, body.length) != 1 ||
        EVP_DigestFinal_ex(planning->digest, bytes, &size) != 1 || size != sizeof bytes) {
        return error_set(error, ERROR_INTERNAL, "SHA-256 is not available in this OpenSSL");
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * sizeof bytes] = '\0';
    return 0;
}

/* Runs `update` on the document and `body_update` on its body. */
static int update_document(struct planning *planning, enum planning_statement update,
                           enum planning_statement body_update, int64_t id, struct span origin,
                           const char *digest, struct span body, struct error *error) {
    struct statement *statement = &planning->statements[update];
    statement_bind_integer(statement, 1, id);
    statement_bind_integer(statement, 2, planning->plan);
    if (update != MARK_CHANGED) {
        statement_bind_text(statement, 3, origin);
    }
    if (update == REPLACE_DOCUMENT) {
        statement_bind_string(statement, 4, digest);
    }
    if (statement_run(statement, error) != 0) {
        return -1;
    }
    struct statement *keep = &planning->statements[body_update];
    statement_bind_integer(keep, 1, id);
    statement_bind_text(keep, 2, body);
    return statement_run(keep, error);
}

static int insert_document(struct planning *planning, size_t kind, struct span key,
                           struct span body, struct span origin, const char *digest, int64_t *id,
                           struct error *error) {
    struct statement *insert = &planning->statements[INSERT_DOCUMENT];
    statement_bind_integer(insert, 1, (int64_t)kind);
    statement_bind_text(insert, 2, key);
    statement_bind_string(insert, 3, digest);
    statement_bind_text(insert, 4, origin);
    statement_bind_integer(insert, 5, planning->plan);
    if (statement_run(insert, error) != 0) {
        return -1;
    }
    *id = sqlite3_last_insert_rowid(workspace_database(planning->workspace));
    struct statement *insert_body = &planning->statements[INSERT_BODY];
    statement_bind_integer(insert_body, 1, *id);
    statement_bind_text(insert_body, 2, body);
    return statement_run(insert_body, error);
}

static int refuse_twice(size_t kind, struct span key, struct error *error) {
    return error_set(error, ERROR_INTERNAL, "the plan makes document \"%.*s\" of kind %zu twice",
                     (int)key.length, key.data, kind);
}

int planning_add_document(struct planning *planning, size_t kind, struct span key, struct span body,
                          struct span origin, int64_t *id, struct error *error) {
    char digest[DIGEST_TEXT_SIZE];
    if (digest_body(planning, body, digest, error) != 0) {
        return -1;
    }
    struct statement *find = &planning->statements[FIND_DOCUMENT];
    statement_bind_integer(find, 1, (int64_t)kind);
    statement_bind_text(find, 2, key);
    int rc = statement_step(find, error);
    if (rc < 0) {
        return -1;
    }
    if (rc == 0) {
        statement_reset(find);
        return insert_document(planning, kind, key, body, origin, digest, id, error);
    }
    *id = statement_integer(find, 0);
    bool is_same = span_equal_string(statement_text(find, 1), digest);
    enum state state = state_of(statement_text(find, 2));
    bool is_twice = statement_integer(find, 3) == planning->plan;
    statement_reset(find);
    if (is_twice) {
        return refuse_twice(kind, key, error);
    }
    if (is_same) {
        return update_document(planning, KEEP_DOCUMENT, KEEP_CHANGED_BODY, *id, origin, digest,
                               (struct span){0}, error);
    }
    if (state == STATE_PENDING || state == STATE_REFUSED) {
        return update_document(planning, REPLACE_DOCUMENT, REPLACE_BODY, *id, origin, digest, body,
                               error);
    }
    return update_document(planning, MARK_CHANGED, KEEP_CHANGED_BODY, *id, origin, digest, body,
                           error);
}

int planning_add_row(struct planning *planning, int query, struct span row, enum fate fate,
                     int64_t document, struct span because, struct span content,
                     struct error *error) {
    planning->fates[query][fate]++;
    planning->rows++;
    if (fate == FATE_USED) {
        return used_rows_add(&planning->used, query, row, document, error);
    }
    if (used_rows_flush(&planning->used, error) != 0) {
        return -1;
    }
    struct statement *insert = &planning->statements[INSERT_ROW];
    statement_bind_integer(insert, 1, query);
    statement_bind_text(insert, 2, row);
    statement_bind_string(insert, 3, fate_names[fate]);
    statement_bind_text(insert, 4, because);
    statement_bind_text(insert, 5, content);
    return statement_run(insert, error);
}

int planning_count_correction(struct planning *planning, size_t kind, const char *correction,
                              int64_t times, struct error *error) {
    struct statement *count = &planning->statements[COUNT_CORRECTION];
    statement_bind_integer(count, 1, (int64_t)kind);
    statement_bind_string(count, 2, correction);
    statement_bind_integer(count, 3, times);
    return statement_run(count, error);
}

int planning_add_warning(struct planning *planning, size_t kind, struct span key, struct span text,
                         struct error *error) {
    struct statement *insert = &planning->statements[INSERT_WARNING];
    statement_bind_integer(insert, 1, (int64_t)kind);
    statement_bind_text(insert, 2, key);
    statement_bind_text(insert, 3, text);
    return statement_run(insert, error);
}

int planning_add_lookup(struct planning *planning, size_t kind, struct span name,
                        enum presence outcome, int64_t uses, struct span found,
                        struct error *error) {
    struct statement *insert = &planning->statements[INSERT_LOOKUP];
    statement_bind_integer(insert, 1, (int64_t)kind);
    statement_bind_text(insert, 2, name);
    statement_bind_string(insert, 3, presence_name(outcome));
    statement_bind_integer(insert, 4, uses);
    statement_bind_text(insert, 5, found);
    return statement_run(insert, error);
}

int planning_keep_answer(struct planning *planning, struct span directory, struct span name,
                         struct span answer, struct error *error) {
    struct statement *keep = &planning->statements[KEEP_ANSWER];
    statement_bind_text(keep, 1, directory);
    statement_bind_text(keep, 2, name);
    statement_bind_text(keep, 3, answer);
    return statement_run(keep, error);
}

static void release(struct planning *planning) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        statement_finalize(&planning->statements[i]);
    }
    used_rows_finalize(&planning->used);
    EVP_MD_CTX_free(planning->digest);
    free(planning);
}

void planning_abandon(struct planning *planning) {
    struct workspace *workspace = planning->workspace;
    release(planning);
    workspace_roll_back(workspace);
}

/* A row may get its fate after its query has ended, so the sums are written last. */
static int write_sums(struct planning *planning, struct error *error) {
    struct statement *end = &planning->statements[END_QUERY];
    for (int query = 1; query <= planning->queries; query++) {
        statement_bind_integer(end, 1, query);
        statement_bind_integer(end, 2, planning->rows_read[query]);
        for (int fate = 0; fate < FATE_COUNT; fate++) {
            statement_bind_integer(end, 3 + fate, planning->fates[query][fate]);
        }
        if (statement_run(end, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Double entry: the reader counted what it read, the fates were counted as they were written. */
static const char unbalanced_sql[] = "SELECT name, rows_read, used, skipped, rejected FROM query"
                                     " WHERE rows_read <> used + skipped + rejected";

static int check_balance(const struct planning *planning, struct error *error) {
    sqlite3 *database = workspace_database(planning->workspace);
    int64_t rows = 0;
    if (statement_query_integer(database, "SELECT count(*) FROM source_row", 0, &rows, error) !=
        0) {
        return -1;
    }
    if (rows != planning->rows) {
        return error_set(error, ERROR_BALANCE,
                         "the account does not balance: %lld rows were given a fate, %lld stand in "
                         "the workspace; nothing was kept",
                         (long long)planning->rows, (long long)rows);
    }
    struct statement statement;
    if (statement_prepare(&statement, database, unbalanced_sql, error) != 0) {
        return -1;
    }
    int rc = statement_step(&statement, error);
    if (rc == 1) {
        struct span name = statement_text(&statement, 0);
        error_set(error, ERROR_BALANCE,
                  "the account does not balance: query %.*s read %lld rows; %lld used, %lld "
                  "skipped, %lld rejected; nothing was kept",
                  (int)name.length, name.data, (long long)statement_integer(&statement, 1),
                  (long long)statement_integer(&statement, 2),
                  (long long)statement_integer(&statement, 3),
                  (long long)statement_integer(&statement, 4));
    }
    statement_finalize(&statement);
    return rc == 0 ? 0 : -1;
}

/* Documents that this plan does not have: what the target may know of is kept and marked, what was
 * never sent is shown as gone and will not be sent. */
static int mark_gone(struct planning *planning, struct error *error) {
    if (planning->is_first) {
        return 0;
    }
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(planning->workspace),
                          "UPDATE document SET change = 'gone' WHERE plan <> ?1", error) != 0) {
        return -1;
    }
    statement_bind_integer(&statement, 1, planning->plan);
    int rc = statement_run(&statement, error);
    statement_finalize(&statement);
    return rc;
}

int planning_finish(struct planning *planning, struct error *error) {
    struct workspace *workspace = planning->workspace;
    if (used_rows_flush(&planning->used, error) != 0 || mark_gone(planning, error) != 0 ||
        write_sums(planning, error) != 0 || check_balance(planning, error) != 0) {
        planning_abandon(planning);
        return -1;
    }
    release(planning);
    if (workspace_commit(workspace, error) != 0) {
        workspace_roll_back(workspace);
        return -1;
    }
    return workspace_use_log(workspace, error);
}
