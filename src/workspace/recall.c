#include "workspace/recall.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/statement.h"
#include "workspace/part_file_private.h"
#include "workspace/state.h"

/* The part that is to be recalled. */
struct recall {
    struct workspace *workspace;
    sqlite3 *database;
    struct recalled *recalled;
    int64_t id;
    char token[PART_TOKEN_SIZE];
    struct text file;
};

static int read_part(struct recall *recall, const struct statement *part, struct error *error) {
    recall->id = statement_integer(part, 0);
    recall->recalled->parts = statement_integer(part, 1);
    text_append(&recall->file, statement_text(part, 2));
    snprintf(recall->token, sizeof recall->token, "%s", statement_text(part, 3).data);
    text_append(&recall->recalled->kind, statement_text(part, 4));
    return text_check(&recall->file, error) == 0 ? text_check(&recall->recalled->kind, error) : -1;
}

static int find_part(struct recall *recall, const char *kind, int64_t number, struct error *error) {
    static const char sql[] =
        "SELECT p.id, p.parts, p.file, p.token, k.name FROM part p JOIN kind k"
        " ON k.position = p.kind WHERE p.number = ?1 AND (?2 IS NULL OR k.name = ?2)"
        " AND EXISTS (SELECT 1 FROM document d WHERE d.part = p.id AND d.state = 'handed out')"
        " ORDER BY k.position";
    struct statement part;
    if (statement_prepare(&part, recall->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&part, 1, number);
    statement_bind_string(&part, 2, kind);
    int rc = statement_step(&part, error);
    if (rc == 1) {
        rc = read_part(recall, &part, error);
    } else if (rc == 0) {
        rc = error_set(error, ERROR_USAGE,
                       "%s: no documents%s%s are handed out as part %lld; the verb status lists "
                       "the parts",
                       workspace_path(recall->workspace), kind == NULL ? "" : " of ",
                       kind == NULL ? "" : kind, (long long)number);
    }
    if (rc == 0 && statement_step(&part, error) == 1) {
        rc = error_set(error, ERROR_USAGE,
                       "%s: several kinds have documents handed out as part %lld; name one with "
                       "--kind",
                       workspace_path(recall->workspace), (long long)number);
    }
    statement_finalize(&part);
    return rc;
}

/* Under the lock of the part, so that no program works on it or begins to. */
static int set_aside(struct recall *recall, const char *path, struct error *error) {
    struct part_identity identity = {0};
    int rc = part_file_identify(path, &identity, error);
    if (rc <= 0 || strcmp(identity.token, recall->token) != 0) {
        return rc < 0 ? -1 : 0; /* another file of that name */
    }
    struct workspace *part = workspace_open(path, "split --recall", error);
    if (part == NULL) {
        return -1;
    }
    struct text *name = &recall->recalled->set_aside;
    text_append_format(name, "%s.recalled", text_string(&recall->file));
    rc = text_check(name, error);
    if (rc == 0 && rename(path, text_string(name)) != 0) {
        rc = error_set(error, ERROR_DISK, "%s: cannot be renamed: %s", path, strerror(errno));
    }
    workspace_close(part);
    return rc == 0 ? folder_sync(path, error) : -1;
}

/* Its file, or the draft that a crash left. */
static int set_file_aside(struct recall *recall, struct error *error) {
    struct text draft = {0};
    text_append_format(&draft, "%s.new", text_string(&recall->file));
    int rc = text_check(&draft, error);
    if (rc == 0 && access(text_string(&recall->file), F_OK) == 0) {
        rc = set_aside(recall, text_string(&recall->file), error);
    }
    if (rc == 0 && access(text_string(&draft), F_OK) == 0) {
        rc = set_aside(recall, text_string(&draft), error);
    }
    text_free(&draft);
    return rc;
}

static const char attempts_sql[] =
    "INSERT INTO attempt (document, purpose, started, method, path, outcome, excerpt)"
    " SELECT d.id, ?2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'POST', k.post_path, ?3,"
    "  'the part that had it was recalled'"
    " FROM document d JOIN kind k ON k.position = d.kind"
    " WHERE d.part = ?1 AND d.state = 'handed out'";
static const char documents_sql[] =
    "UPDATE document SET state = 'unknown', uncertain_about = 'POST',"
    " uncertain_since = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    " WHERE part = ?1 AND state = 'handed out'";
static const char part_sql[] =
    "UPDATE part SET recalled = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ?1";

/* Runs one of them; returns how many rows it changed, or -1. */
static int64_t run(const struct recall *recall, const char *sql, struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, recall->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&statement, 1, recall->id);
    statement_bind_string(&statement, 2, purpose_name(PURPOSE_POST));
    statement_bind_string(&statement, 3, attempt_outcome_name(ATTEMPT_INTERRUPTED));
    return statement_run_once(&statement, error) == 0 ? sqlite3_changes64(recall->database) : -1;
}

static int take_back(struct recall *recall, struct error *error) {
    if (workspace_begin(recall->workspace, error) == 0 && run(recall, attempts_sql, error) >= 0) {
        recall->recalled->documents = run(recall, documents_sql, error);
        if (recall->recalled->documents >= 0 && run(recall, part_sql, error) == 1 &&
            workspace_commit(recall->workspace, error) == 0) {
            return 0;
        }
    }
    workspace_roll_back(recall->workspace);
    return -1;
}

int recall_part(struct workspace *workspace, const char *kind, int64_t number,
                struct recalled *recalled, struct error *error) {
    struct recall recall = {
        .workspace = workspace, .database = workspace_database(workspace), .recalled = recalled};
    *recalled = (struct recalled){.number = number};
    int rc = find_part(&recall, kind, number, error);
    if (rc == 0) {
        rc = set_file_aside(&recall, error);
    }
    if (rc == 0) {
        rc = take_back(&recall, error);
    }
    text_free(&recall.file);
    return rc;
}

void recalled_free(struct recalled *recalled) {
    text_free(&recalled->kind);
    text_free(&recalled->set_aside);
}
