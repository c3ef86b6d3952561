#include "report/history.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "workspace/attempts.h"

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

/* An attempt with its moments. */
struct dated_attempt {
    const struct read_attempt *read;
    int64_t begin, end;
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
static bool date_attempt(const struct read_attempt *read, struct dated_attempt *attempt) {
    int64_t duration = read->duration < 0 ? 0 : read->duration;
    if (date_parse_moment(read->started, &attempt->begin) != 0 || duration > YEAR) {
        return false;
    }
    attempt->read = read;
    attempt->end = attempt->begin + duration;
    return true;
}

static void begin_sitting(struct history *history, const struct dated_attempt *attempt) {
    if (history->count == HISTORY_SITTINGS) {
        history->duration += history->sittings[0].end - history->sittings[0].begin;
        memmove(&history->sittings[0], &history->sittings[1],
                (HISTORY_SITTINGS - 1) * sizeof *history->sittings);
        history->count--;
        history->earlier++;
    }
    history->sittings[history->count++] =
        (struct history_sitting){.begin = attempt->begin, .end = attempt->end};
}

static void find_sitting(struct reading *reading, const struct dated_attempt *attempt) {
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

/* No trouble is `exists`, which is looked up, and `missing`, which a look-up may well find and
 * which undo is after. */
bool history_is_trouble(enum purpose purpose, enum attempt_outcome outcome) {
    static const bool troubles[ATTEMPT_OUTCOME_COUNT + 1] = {
        [ATTEMPT_DIFFERENT] = true,  [ATTEMPT_REFUSED] = true, [ATTEMPT_NOT_TAKEN] = true,
        [ATTEMPT_UNCERTAIN] = true,  [ATTEMPT_SESSION] = true, [ATTEMPT_NOT_API] = true,
        [ATTEMPT_INTERRUPTED] = true};
    return troubles[outcome] || (purpose == PURPOSE_VERIFY && outcome == ATTEMPT_MISSING);
}

static void count_end(struct history_slice *slice, const struct read_attempt *attempt) {
    bool is_equal = attempt->outcome == ATTEMPT_EQUAL || attempt->outcome == ATTEMPT_FOUND;
    bool is_verify = attempt->purpose == PURPOSE_VERIFY;
    bool is_undo = attempt->purpose == PURPOSE_UNDO;
    if (!is_verify && !is_undo && (is_equal || attempt->outcome == ATTEMPT_DELIVERED)) {
        slice->delivered++;
    }
    if (is_verify && (is_equal || attempt->outcome == ATTEMPT_DIFFERENT ||
                      attempt->outcome == ATTEMPT_MISSING)) {
        slice->read_back++;
    }
    if (history_is_trouble(attempt->purpose, attempt->outcome)) {
        slice->troubles++;
    }
}

static size_t step_of(int64_t duration) {
    double step = duration < 1 ? 0 : log((double)duration) / log(STEP);
    return step >= STEPS ? STEPS - 1 : (size_t)step;
}

static void count_attempt(struct reading *reading, const struct dated_attempt *attempt) {
    struct history *history = reading->history;
    for (size_t i = history->count; i-- > 0;) {
        struct history_sitting *sitting = &history->sittings[i];
        if (attempt->end < sitting->begin || attempt->end > sitting->end) {
            continue;
        }
        size_t at = (size_t)((attempt->end - sitting->first) / sitting->width);
        struct history_slice *slice = &sitting->slices[at];
        sitting->attempts++;
        count_end(slice, attempt->read);
        if (attempt->read->is_answered) {
            slice->answered++;
            reading->histograms[i].counts[at][step_of(attempt->read->duration)]++;
        }
        return;
    }
}

static void place_attempt(void *context, const struct read_attempt *read) {
    struct dated_attempt attempt;
    struct reading *reading = context;
    if (date_attempt(read, &attempt)) {
        find_sitting(reading, &attempt);
        reading->history->attempts++;
        reading->history->troubles += history_is_trouble(read->purpose, read->outcome);
    }
}

static void sort_attempt(void *context, const struct read_attempt *read) {
    struct dated_attempt attempt;
    if (date_attempt(read, &attempt)) {
        count_attempt(context, &attempt);
    }
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
        history->duration += sitting->end - sitting->begin;
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
    if (attempts_each(workspace, 0, place_attempt, &reading, error) != 0) {
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
    int rc = attempts_each(workspace, 0, sort_attempt, &reading, error);
    if (rc == 0) {
        read_percentiles(&reading);
    }
    free(reading.histograms);
    return rc;
}
