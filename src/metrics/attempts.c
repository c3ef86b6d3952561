#include "metrics/attempts.h"

#include <string.h>

#include "base/statement.h"
#include "metrics/exposition.h"

/* The upper limits of the histogram's buckets: from a cache's answer to the longest that is waited
 * for. */
static const struct bucket {
    const char *limit; /* seconds, as they are written */
    int64_t microseconds;
} buckets[ATTEMPTS_BUCKETS] = {
    {"0.005", 5000},    {"0.01", 10000},      {"0.025", 25000},   {"0.05", 50000},
    {"0.1", 100000},    {"0.25", 250000},     {"0.5", 500000},    {"1.0", 1000000},
    {"2.5", 2500000},   {"5.0", 5000000},     {"10.0", 10000000}, {"30.0", 30000000},
    {"60.0", 60000000}, {"120.0", 120000000},
};

static void count_end(struct attempts *attempts, struct span purpose, struct span outcome) {
    for (size_t i = 0; i < attempts->end_count; i++) {
        struct attempts_end *end = &attempts->ends[i];
        if (span_equal(end->purpose, purpose) && span_equal(end->outcome, outcome)) {
            end->count++;
            return;
        }
    }
    if (attempts->end_count < ATTEMPTS_MOST_ENDS) {
        attempts->ends[attempts->end_count++] =
            (struct attempts_end){.purpose = arena_copy(&attempts->words, purpose),
                                  .outcome = arena_copy(&attempts->words, outcome),
                                  .count = 1};
    }
}

static struct attempts_times *times_of(struct attempts *attempts, struct span purpose) {
    for (size_t i = 0; i < attempts->purpose_count; i++) {
        if (span_equal(attempts->times[i].purpose, purpose)) {
            return &attempts->times[i];
        }
    }
    if (attempts->purpose_count == ATTEMPTS_MOST_PURPOSES) {
        return NULL;
    }
    struct attempts_times *times = &attempts->times[attempts->purpose_count++];
    *times = (struct attempts_times){.purpose = arena_copy(&attempts->words, purpose)};
    return times;
}

static void count_time(struct attempts *attempts, struct span purpose, int64_t duration) {
    struct attempts_times *times = times_of(attempts, purpose);
    size_t bucket = 0;
    if (times == NULL) {
        return;
    }
    while (bucket < ATTEMPTS_BUCKETS && duration > buckets[bucket].microseconds) {
        bucket++;
    }
    times->buckets[bucket]++;
    times->count++;
    times->sum += duration;
}

int attempts_read(struct attempts *attempts, struct workspace *workspace, struct error *error) {
    static const char sql[] =
        "SELECT id, purpose, outcome, status IS NOT NULL AND duration_us >= 0,"
        " duration_us FROM attempt WHERE id > ?1 ORDER BY id";
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc;
    statement_bind_integer(&statement, 1, attempts->last);
    while ((rc = statement_step(&statement, error)) == 1) {
        struct span purpose = statement_text(&statement, 1);
        attempts->last = statement_integer(&statement, 0);
        count_end(attempts, purpose, statement_text(&statement, 2));
        if (statement_integer(&statement, 3) != 0) {
            count_time(attempts, purpose, statement_integer(&statement, 4));
        }
    }
    statement_finalize(&statement);
    return rc == 0 && attempts->words.failed ? error_set_no_memory(error) : rc;
}

static void append_times(const struct attempts_times *times, struct text *out) {
    static const char family[] = "rowpost_answer_duration_seconds";
    struct text name = {0};
    int64_t below = 0;
    text_append_format(&name, "%s_bucket", family);
    for (size_t i = 0; i <= ATTEMPTS_BUCKETS; i++) {
        const char *limit = i < ATTEMPTS_BUCKETS ? buckets[i].limit : "+Inf";
        const struct exposition_label labels[] = {{"purpose", times->purpose},
                                                  {"le", span_of(limit)}};
        below += times->buckets[i];
        exposition_add(out, text_string(&name), labels, 2, below);
    }
    const struct exposition_label purpose = {"purpose", times->purpose};
    text_clear(&name);
    text_append_format(&name, "%s_sum", family);
    exposition_add_seconds(out, text_string(&name), &purpose, 1, times->sum);
    text_clear(&name);
    text_append_format(&name, "%s_count", family);
    exposition_add(out, text_string(&name), &purpose, 1, times->count);
    text_free(&name);
}

void attempts_append(const struct attempts *attempts, struct text *out) {
    exposition_begin(
        out, "rowpost_attempts_total", "counter",
        "Requests that were made for documents of the workspace, by what they were for "
        "and how they ended.");
    for (size_t i = 0; i < attempts->end_count; i++) {
        const struct attempts_end *end = &attempts->ends[i];
        const struct exposition_label labels[] = {{"purpose", end->purpose},
                                                  {"outcome", end->outcome}};
        exposition_add(out, "rowpost_attempts_total", labels, 2, end->count);
    }
    exposition_begin(out, "rowpost_answer_duration_seconds", "histogram",
                     "How long the target took to answer.");
    for (size_t i = 0; i < attempts->purpose_count; i++) {
        append_times(&attempts->times[i], out);
    }
}

void attempts_free(struct attempts *attempts) {
    arena_free(&attempts->words);
    memset(attempts, 0, sizeof *attempts);
}
