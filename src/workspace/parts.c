#include "workspace/parts.h"

#include "base/statement.h"

int parts_is_part(struct workspace *workspace, struct error *error) {
    int64_t parents = 0;
    return statement_query_integer(workspace_database(workspace), "SELECT count(*) FROM parent", 0,
                                   &parents, error) == 0
               ? parents > 0
               : -1;
}

int parts_refuse_in_part(struct workspace *workspace, const char *verb, struct error *error) {
    struct statement parent;
    if (statement_prepare(&parent, workspace_database(workspace),
                          "SELECT number, parts, file FROM parent", error) != 0) {
        return -1;
    }
    int rc = statement_step(&parent, error);
    if (rc == 1) {
        struct span file = statement_text(&parent, 2);
        rc = error_set(error, ERROR_USAGE,
                       "%s: is part %lld of %lld of %.*s: merge it, and %s there",
                       workspace_path(workspace), (long long)statement_integer(&parent, 0),
                       (long long)statement_integer(&parent, 1), (int)file.length, file.data, verb);
    }
    statement_finalize(&parent);
    return rc;
}

int parts_refuse_while_out(struct workspace *workspace, struct error *error) {
    static const char sql[] =
        "SELECT k.name, p.number, p.parts, p.file FROM part p"
        " LEFT JOIN kind k ON k.position = p.kind WHERE EXISTS"
        " (SELECT 1 FROM document d WHERE d.part = p.id AND d.state = 'handed out') LIMIT 1";
    struct statement part;
    if (statement_prepare(&part, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc = statement_step(&part, error);
    if (rc == 1) {
        struct span kind = statement_text(&part, 0);
        struct span file = statement_text(&part, 3);
        rc = error_set(error, ERROR_USAGE,
                       "%s: %.*s are handed out, as part %lld of %lld (%.*s): merge the parts "
                       "first, or recall them with split --recall",
                       workspace_path(workspace), (int)kind.length, kind.data,
                       (long long)statement_integer(&part, 1),
                       (long long)statement_integer(&part, 2), (int)file.length, file.data);
    }
    statement_finalize(&part);
    return rc;
}
