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

static const int percents[TIMING_RANK_COUNT] = {
    [TIMING_P50] = 50, [TIMING_P90] = 90, [TIMING_P99] = 99, [TIMING_MAX] = 100};

/* The nearest rank, from 1: the smallest value that so many percent do not exceed. */
static int64_t rank_of(int percent, int64_t count) {
    return (count * percent + 99) / 100;
}

/* SQLite sorts on disk where there is much; here the ranks are picked while the rows are read. */
static int read_ranks(struct workspace *workspace, struct timing *timing, struct error *error) {
    static const char sql[] = "SELECT duration_us FROM attempt WHERE purpose = ?1"
                              " AND duration_us IS NOT NULL AND status IS NOT NULL"
                              " ORDER BY duration_us";
    struct statement durations;
    if (statement_prepare(&durations, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&durations, 1, purpose_name(timing->purpose));
    int rc;
    size_t rank = 0;
    for (int64_t position = 1; (rc = statement_step(&durations, error)) == 1; position++) {
        while (rank < TIMING_RANK_COUNT && position == rank_of(percents[rank], timing->answered)) {
            timing->ranks[rank++] = statement_integer(&durations, 0);
        }
    }
    statement_finalize(&durations);
    return rc;
}

int attempts_each_timing(struct workspace *workspace, timing_taker *take, void *context,
                         struct error *error) {
    static const char sql[] = "SELECT purpose, count(*),"
                              " count(CASE WHEN status IS NOT NULL THEN duration_us END)"
                              " FROM attempt GROUP BY purpose ORDER BY min(id)";
    struct statement purposes;
    if (statement_prepare(&purposes, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&purposes, error)) == 1) {
        struct timing timing = {.purpose = purpose_of(statement_text(&purposes, 0)),
                                .attempts = statement_integer(&purposes, 1),
                                .answered = statement_integer(&purposes, 2)};
        if (timing.purpose == PURPOSE_COUNT) {
            continue;
        }
        if (read_ranks(workspace, &timing, error) != 0) {
            rc = -1;
            break;
        }
        take(context, &timing);
    }
    statement_finalize(&purposes);
    return rc;
}
