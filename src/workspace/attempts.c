#include "workspace/attempts.h"

#include "base/statement.h"

int attempts_each(struct workspace *workspace, int64_t after, attempt_taker *take, void *context,
                  struct error *error) {
    static const char sql[] =
        "SELECT id, started, coalesce(duration_us, -1), purpose, outcome,"
        " status IS NOT NULL AND duration_us >= 0 FROM attempt WHERE id > ?1 ORDER BY id";
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&rows, 1, after);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        const struct read_attempt attempt = {.id = statement_integer(&rows, 0),
                                             .started = statement_text(&rows, 1),
                                             .duration = statement_integer(&rows, 2),
                                             .purpose = purpose_of(statement_text(&rows, 3)),
                                             .outcome =
                                                 attempt_outcome_of(statement_text(&rows, 4)),
                                             .is_answered = statement_integer(&rows, 5) != 0};
        take(context, &attempt);
    }
    statement_finalize(&rows);
    return rc;
}

int attempts_exist(struct workspace *workspace, bool *exist, struct error *error) {
    int64_t found = 0;
    int rc = statement_query_integer(workspace_database(workspace),
                                     "SELECT EXISTS (SELECT 1 FROM attempt)", 0, &found, error);
    *exist = found != 0;
    return rc;
}

int attempts_sum_durations(struct workspace *workspace, size_t kind, int64_t *duration,
                           struct error *error) {
    static const char sql[] = "SELECT total(a.duration_us) FROM attempt a JOIN document d"
                              " ON d.id = a.document WHERE d.kind = ?1 AND d.change IS NOT 'gone'";
    struct statement sum;
    if (statement_prepare(&sum, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&sum, 1, (int64_t)kind);
    return statement_read_once(&sum, 0, duration, error);
}

/* Nearest ranks: the smallest value that so many percent do not exceed. */
#define RANK(percent)                                                                              \
    "max(CASE WHEN rank = (answered * " percent " + 99) / 100 THEN duration_us END)"

int attempts_each_timing(struct workspace *workspace, timing_taker *take, void *context,
                         struct error *error) {
    static const char sql[] =
        "WITH total AS (SELECT purpose, min(id) AS first, count(*) AS attempts,"
        "   count(CASE WHEN status IS NOT NULL THEN duration_us END) AS answered"
        "  FROM attempt GROUP BY purpose),"
        " ranked AS (SELECT purpose, duration_us,"
        "   row_number() OVER (PARTITION BY purpose ORDER BY duration_us) AS rank"
        "  FROM attempt WHERE duration_us IS NOT NULL AND status IS NOT NULL)"
        " SELECT purpose, attempts, answered, " RANK("50") ", " RANK("90") ", " RANK(
            "99") ", " RANK("100") " FROM total LEFT JOIN ranked USING (purpose) GROUP BY purpose "
                                   "ORDER BY first";
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        struct timing timing = {.purpose = purpose_of(statement_text(&rows, 0)),
                                .attempts = statement_integer(&rows, 1),
                                .answered = statement_integer(&rows, 2)};
        for (int i = 0; i < TIMING_RANK_COUNT; i++) {
            timing.ranks[i] = statement_integer(&rows, 3 + i);
        }
        if (timing.purpose < PURPOSE_COUNT) {
            take(context, &timing);
        }
    }
    statement_finalize(&rows);
    return rc;
}
