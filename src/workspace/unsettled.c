#include "workspace/unsettled.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/statement.h"
#include "base/text.h"

int64_t unsettled_time(int64_t least, int64_t longest) {
    int64_t twice = longest < INT64_MAX / 4 ? 2 * longest : 0;
    return twice > least ? twice : least;
}

/* From the workspace; a file without a delivery has no time. */
static int load_time(struct workspace *workspace, int64_t *time, struct error *error) {
    struct text least = {0};
    int64_t longest = 0;
    int rc = workspace_get_setting(workspace, UNSETTLED_SETTING, &least, error);
    if (rc == 0) {
        rc = statement_query_integer(workspace_database(workspace),
                                     "SELECT coalesce(max(duration_us), 0) FROM attempt", 0,
                                     &longest, error);
    }
    *time = unsettled_time(strtoll(text_string(&least), NULL, 10), longest);
    text_free(&least);
    return rc;
}

/* A damaged file may have any text: what is not a moment is ignored. */
static void note(struct summary *summary, const struct statement *statement, int64_t time) {
    size_t kind = (size_t)statement_integer(statement, 0);
    int64_t since;
    if (kind < summary->kind_count &&
        date_parse_moment(statement_text(statement, 2), &since) == 0) {
        summary->kinds[kind].unsettled = statement_integer(statement, 1);
        summary->kinds[kind].settled_at = summary_add(since, time);
    }
}

int unsettled_load(struct workspace *workspace, struct summary *summary, struct error *error) {
    static const char sql[] =
        "SELECT kind, count(*), max(uncertain_since) FROM document WHERE state = 'unknown'"
        " AND uncertain_since IS NOT NULL GROUP BY kind";
    struct statement statement;
    int64_t time;
    if (summary_count_ever(summary, STATE_UNKNOWN) == 0) {
        return 0;
    }
    if (load_time(workspace, &time, error) != 0 ||
        statement_prepare(&statement, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        note(summary, &statement, time);
    }
    statement_finalize(&statement);
    return rc;
}
