#include "metrics/figures.h"

#include "metrics/exposition.h"
#include "workspace/attempts.h"
#include "workspace/summary.h"

/* The upper limits of the histogram's buckets: from a cache's answer to the longest that is waited
 * for. */
static const struct bucket {
    const char *limit; /* seconds, as they are written */
    int64_t microseconds;
} buckets[FIGURES_BUCKETS] = {
    {"0.005", 5000},    {"0.01", 10000},      {"0.025", 25000},   {"0.05", 50000},
    {"0.1", 100000},    {"0.25", 250000},     {"0.5", 500000},    {"1.0", 1000000},
    {"2.5", 2500000},   {"5.0", 5000000},     {"10.0", 10000000}, {"30.0", 30000000},
    {"60.0", 60000000}, {"120.0", 120000000},
};

static void append_rows(const struct summary *summary, struct text *out) {
    static const char name[] = "rowpost_rows";
    exposition_begin(out, name, "gauge", "Source rows of the plan, by table and outcome.");
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct summary_table *table = &summary->tables[i];
        for (enum row_outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            const struct exposition_label labels[] = {
                {"table", table->name}, {"outcome", span_of(row_outcome_name(outcome))}};
            exposition_add(out, name, labels, 2, table->outcomes[outcome]);
        }
    }
}

static void append_documents(const struct summary *summary, struct text *out) {
    static const char name[] = "rowpost_documents";
    exposition_begin(out, name, "gauge", "Documents of the plan, by their state.");
    for (size_t i = 0; i < summary->kind_count; i++) {
        for (size_t state = 0; state < STATE_COUNT; state++) {
            const struct exposition_label labels[] = {
                {"kind", summary->kinds[i].name},
                {"state", span_of(state_name((enum state)state))}};
            exposition_add(out, name, labels, 2, summary->kinds[i].states[state]);
        }
    }
}

static void append_verdicts(const struct summary *summary, struct text *out) {
    static const char name[] = "rowpost_verified_documents";
    exposition_begin(out, name, "gauge", "Documents by what reading them back has shown last.");
    for (size_t i = 0; i < summary->kind_count; i++) {
        for (size_t verdict = VERDICT_NONE + 1; verdict < VERDICT_COUNT; verdict++) {
            const struct exposition_label labels[] = {
                {"kind", summary->kinds[i].name},
                {"verdict", span_of(verdict_name((enum verdict)verdict))}};
            exposition_add(out, name, labels, 2, summary->kinds[i].verdicts[verdict]);
        }
    }
}

static void count_attempt(void *context, const struct read_attempt *attempt) {
    struct figures *figures = context;
    figures->last = attempt->id;
    if (attempt->purpose == PURPOSE_COUNT || attempt->outcome == ATTEMPT_OUTCOME_COUNT) {
        return; /* a damaged file */
    }
    figures->ends[attempt->purpose][attempt->outcome]++;
    if (attempt->is_answered) {
        struct figures_times *times = &figures->times[attempt->purpose];
        size_t bucket = 0;
        while (bucket < FIGURES_BUCKETS && attempt->duration > buckets[bucket].microseconds) {
            bucket++;
        }
        times->buckets[bucket]++;
        times->count++;
        times->sum += attempt->duration;
    }
}

static void append_times(const struct figures_times *times, enum purpose purpose,
                         struct text *out) {
    static const char family[] = "rowpost_answer_duration_seconds";
    struct span word = span_of(purpose_name(purpose));
    struct text name = {0};
    int64_t below = 0;
    text_append_format(&name, "%s_bucket", family);
    for (size_t i = 0; i <= FIGURES_BUCKETS; i++) {
        const char *limit = i < FIGURES_BUCKETS ? buckets[i].limit : "+Inf";
        const struct exposition_label labels[] = {{"purpose", word}, {"le", span_of(limit)}};
        below += times->buckets[i];
        exposition_add(out, text_string(&name), labels, 2, below);
    }
    const struct exposition_label label = {"purpose", word};
    text_clear(&name);
    text_append_format(&name, "%s_sum", family);
    exposition_add_seconds(out, text_string(&name), &label, 1, times->sum);
    text_clear(&name);
    text_append_format(&name, "%s_count", family);
    exposition_add(out, text_string(&name), &label, 1, times->count);
    text_free(&name);
}

static void append_attempts(const struct figures *figures, struct text *out) {
    static const char name[] = "rowpost_attempts_total";
    exposition_begin(
        out, name, "counter",
        "Requests that were made for documents of the workspace, by what they were for "
        "and how they ended.");
    for (enum purpose purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
        for (enum attempt_outcome outcome = 0; outcome < ATTEMPT_OUTCOME_COUNT; outcome++) {
            const struct exposition_label labels[] = {
                {"purpose", span_of(purpose_name(purpose))},
                {"outcome", span_of(attempt_outcome_name(outcome))}};
            if (figures->ends[purpose][outcome] > 0) {
                exposition_add(out, name, labels, 2, figures->ends[purpose][outcome]);
            }
        }
    }
    exposition_begin(out, "rowpost_answer_duration_seconds", "histogram",
                     "How long the target took to answer.");
    for (enum purpose purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
        if (figures->times[purpose].count > 0) {
            append_times(&figures->times[purpose], purpose, out);
        }
    }
}

int figures_append(struct figures *figures, struct workspace *workspace, struct text *out,
                   struct error *error) {
    struct summary summary;
    if (attempts_each(workspace, figures->last, count_attempt, figures, error) != 0 ||
        summary_load_figures(workspace, &summary, error) != 0) {
        return -1;
    }
    append_rows(&summary, out);
    append_documents(&summary, out);
    append_verdicts(&summary, out);
    append_attempts(figures, out);
    summary_free(&summary);
    return 0;
}
