#include "report/timing.h"

#include "base/statement.h"

static const int percents[TIMING_RANK_COUNT] = {
    [TIMING_P50] = 50, [TIMING_P90] = 90, [TIMING_P99] = 99, [TIMING_MAX] = 100};

/* The nearest rank, from 1: the least that so many percent do not exceed. */
static int64_t rank_of(int percent, int64_t count) {
    return (count * percent + 99) / 100;
}

/* SQLite sorts on disk where there is much; here the ranks are picked as they come by. */
static int read_ranks(struct workspace *workspace, struct timing *timing, struct error *error) {
    static const char sql[] = "SELECT duration_us FROM attempt WHERE purpose = ?1"
                              " AND duration_us IS NOT NULL AND status IS NOT NULL"
                              " ORDER BY duration_us";
    struct statement durations;
    if (statement_prepare(&durations, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_text(&durations, 1, timing->purpose);
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

int timing_each(struct workspace *workspace, timing_taker *take, void *context,
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
        struct timing timing = {.purpose = statement_text(&purposes, 0),
                                .attempts = statement_integer(&purposes, 1),
                                .answered = statement_integer(&purposes, 2)};
        if (read_ranks(workspace, &timing, error) != 0) {
            rc = -1;
            break;
        }
        take(context, &timing);
    }
    statement_finalize(&purposes);
    return rc;
}
