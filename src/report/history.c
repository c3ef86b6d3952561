#include "report/history.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/statement.h"

#define SECOND INT64_C(1000000)
#define QUIET (600 * SECOND)
#define YEAR (SECOND * 86400 * 366)

/* Steps of a tenth from 1 microsecond; the last is beyond three minutes. */
enum { STEPS = 200 };
#define STEP 1.1

/* One sitting's answer times. */
struct histogram {
    uint32_t counts[HISTORY_SLICES][STEPS];
};

struct reading {
    struct history *history;
    struct histogram *histograms; /* as many as there are sittings */
};

struct read_attempt {
    int64_t begin, end;
    struct span purpose, outcome;
    bool is_answered;
    int64_t duration;
};

static const int64_t widths[] = {
    SECOND / 10,    SECOND / 5,     SECOND / 2,     SECOND,        2 * SECOND,    5 * SECOND,
    10 * SECOND,    15 * SECOND,    30 * SECOND,    60 * SECOND,   120 * SECOND,  300 * SECOND,
    600 * SECOND,   900 * SECOND,   1800 * SECOND,  3600 * SECOND, 7200 * SECOND, 21600 * SECOND,
    43200 * SECOND, 86400 * SECOND, 604800 * SECOND};

enum { WIDTH_COUNT = sizeof widths / sizeof *widths };

static int64_t floor_to(int64_t moment, int64_t width) {
    int64_t rest = moment % width;
    return moment - (rest < 0 ? rest + width : rest);
}

int64_t history_choose_width(int64_t begin, int64_t end) {
    for (size_t i = 0; i < WIDTH_COUNT; i++) {
        if ((end - floor_to(begin, widths[i])) / widths[i] < HISTORY_SLICES) {
            return widths[i];
        }
    }
    return (end - begin) / (HISTORY_SLICES - 1) + 1;
}

/* False for an attempt whose moment cannot be read: a damaged file. */
static bool read_attempt(const struct statement *row, struct read_attempt *attempt) {
    if (date_parse_moment(statement_text(row, 0), &attempt->begin) != 0) {
        return false;
    }
    attempt->duration = statement_integer(row, 1);
    if (attempt->duration < 0 || attempt->duration > YEAR) {
        return false;
    }
    attempt->end = attempt->begin + attempt->duration;
    attempt->purpose = statement_text(row, 2);
    attempt->outcome = statement_text(row, 3);
    attempt->is_answered = statement_integer(row, 4) != 0;
    return true;
}

static void begin_sitting(struct history *history, const struct read_attempt *attempt) {
    if (history->count == HISTORY_SITTINGS) {
        memmove(&history->sittings[0], &history->sittings[1],
                (HISTORY_SITTINGS - 1) * sizeof *history->sittings);
        history->count--;
        history->earlier++;
    }
    history->sittings[history->count++] =
        (struct history_sitting){.begin = attempt->begin, .end = attempt->end};
}

static void find_sitting(struct reading *reading, const struct read_attempt *attempt) {
    struct history *history = reading->history;
    struct history_sitting *last =
        history->count == 0 ? NULL : &history->sittings[history->count - 1];
    if (last == NULL || attempt->begin - last->end > QUIET) {
        begin_sitting(history, attempt);
        return;
    }
    if (attempt->begin < last->begin && last->begin - attempt->begin <= QUIET) {
        last->begin = attempt->begin;
    }
    if (attempt->end > last->end) {
        last->end = attempt->end;
    }
}

/* Words of the attempt table (docs/workspace.md) that are no trouble: `exists` is looked up, and
 * `missing` is what a look-up may well find, and what undo is after. */
static bool is_trouble(const struct read_attempt *attempt) {
    static const char *const troubles[] = {
        "refused",     "different",   "not taken", "uncertain", "session not accepted",
        "not the API", "interrupted", NULL};
    for (const char *const *word = troubles; *word != NULL; word++) {
        if (span_equal_string(attempt->outcome, *word)) {
            return true;
        }
    }
    return span_equal_string(attempt->purpose, "verify") &&
           span_equal_string(attempt->outcome, "missing");
}

static void count_end(struct history_slice *slice, const struct read_attempt *attempt) {
    bool is_equal = span_equal_string(attempt->outcome, "equal");
    bool is_verify = span_equal_string(attempt->purpose, "verify");
    bool is_undo = span_equal_string(attempt->purpose, "undo");
    if (!is_verify && !is_undo && (is_equal || span_equal_string(attempt->outcome, "delivered"))) {
        slice->delivered++;
    }
    if (is_verify && (is_equal || span_equal_string(attempt->outcome, "different") ||
                      span_equal_string(attempt->outcome, "missing"))) {
        slice->read_back++;
    }
    if (is_trouble(attempt)) {
        slice->troubles++;
    }
}

static size_t step_of(int64_t duration) {
    double step = duration < 1 ? 0 : log((double)duration) / log(STEP);
    return step >= STEPS ? STEPS - 1 : (size_t)step;
}

static void count_attempt(struct reading *reading, const struct read_attempt *attempt) {
    struct history *history = reading->history;
    for (size_t i = history->count; i-- > 0;) {
        struct history_sitting *sitting = &history->sittings[i];
        if (attempt->end < sitting->begin || attempt->end > sitting->end) {
            continue;
        }
        size_t at = (size_t)((attempt->end - sitting->first) / sitting->width);
        struct history_slice *slice = &sitting->slices[at];
        sitting->attempts++;
        count_end(slice, attempt);
        if (attempt->is_answered) {
            slice->answered++;
            reading->histograms[i].counts[at][step_of(attempt->duration)]++;
        }
        return;
    }
}

typedef void attempt_taker(struct reading *reading, const struct read_attempt *attempt);

static int each_attempt(struct workspace *workspace, attempt_taker *take, struct reading *reading,
                        struct error *error) {
    static const char sql[] = "SELECT started, duration_us, purpose, outcome, status IS NOT NULL"
                              " AND duration_us IS NOT NULL FROM attempt ORDER BY id";
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        struct read_attempt attempt;
        if (read_attempt(&rows, &attempt)) {
            take(reading, &attempt);
        }
    }
    statement_finalize(&rows);
    return rc;
}

/* The middle of the step that the nearest rank falls into. */
static int64_t read_percentile(const uint32_t counts[STEPS], int64_t answered, int percent) {
    int64_t rank = (answered * percent + 99) / 100;
    for (size_t step = 0; step < STEPS; step++) {
        rank -= counts[step];
        if (rank <= 0 && counts[step] > 0) {
            return (int64_t)llround(pow(STEP, (double)step + 0.5));
        }
    }
    return 0;
}

static void read_percentiles(struct reading *reading) {
    for (size_t i = 0; i < reading->history->count; i++) {
        struct history_sitting *sitting = &reading->history->sittings[i];
        for (size_t at = 0; at < sitting->slice_count; at++) {
            struct history_slice *slice = &sitting->slices[at];
            const uint32_t *counts = reading->histograms[i].counts[at];
            if (slice->answered > 0) {
                slice->typical = read_percentile(counts, slice->answered, 50);
                slice->slow = read_percentile(counts, slice->answered, 90);
            }
        }
    }
}

static void cut_sittings(struct history *history) {
    for (size_t i = 0; i < history->count; i++) {
        struct history_sitting *sitting = &history->sittings[i];
        sitting->width = history_choose_width(sitting->begin, sitting->end);
        sitting->first = floor_to(sitting->begin, sitting->width);
        sitting->slice_count = (size_t)((sitting->end - sitting->first) / sitting->width) + 1;
        if (sitting->slice_count >
            HISTORY_SLICES) { /* the width of the last resort is no round one */
            sitting->first = sitting->begin;
            sitting->slice_count = HISTORY_SLICES;
        }
    }
}

int history_load(struct workspace *workspace, struct history *history, struct error *error) {
    memset(history, 0, sizeof *history);
    struct reading reading = {.history = history};
    if (each_attempt(workspace, find_sitting, &reading, error) != 0) {
        return -1;
    }
    if (history->count == 0) {
        return 0;
    }
    cut_sittings(history);
    reading.histograms = calloc(history->count, sizeof *reading.histograms);
    if (reading.histograms == NULL) {
        return error_set_no_memory(error);
    }
    int rc = each_attempt(workspace, count_attempt, &reading, error);
    if (rc == 0) {
        read_percentiles(&reading);
    }
    free(reading.histograms);
    return rc;
}
