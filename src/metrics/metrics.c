#define _POSIX_C_SOURCE 200809L /* open */
#include "metrics/metrics.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/output_file.h"
#include "base/version.h"
#include "metrics/exposition.h"
#include "metrics/figures.h"

enum { INTERVAL = 2 * CLOCK_SECOND, COST_SHARE = 50 };

static const char file_head[] = "# HELP rowpost_";

struct metrics {
    struct text path;
    struct text part; /* the file next to it that is renamed */
    const char *verb;
    int64_t started; /* microseconds since 1970 */
    int64_t written; /* when the file was last written, by the clock */
    int64_t cost;    /* how long reading the workspace took */
    struct figures figures;
    struct text families; /* those of the workspace, as last read */
    size_t jobs;
    size_t in_flight;
    bool is_paused;
    int64_t pauses;
    int64_t rows[OUTCOME_COUNT];
    int64_t documents;
};

static void append_gauge(struct text *out, const char *name, const char *help, int64_t value) {
    exposition_begin(out, name, "gauge", help);
    exposition_add(out, name, NULL, 0, value);
}

static void append_counter(struct text *out, const char *name, const char *help, int64_t value) {
    exposition_begin(out, name, "counter", help);
    exposition_add(out, name, NULL, 0, value);
}

static void append_time(struct text *out, const char *name, const char *help, int64_t moment) {
    exposition_begin(out, name, "gauge", help);
    exposition_add_seconds(out, name, NULL, 0, moment);
}

static void append_program(const struct metrics *metrics, struct text *out) {
    const struct exposition_label build[] = {{"version", span_of(version_number)},
                                             {"commit", span_of(version_commit)}};
    const struct exposition_label verb = {"verb", span_of(metrics->verb)};
    exposition_begin(out, "rowpost_build_info", "gauge", "Which program this is.");
    exposition_add(out, "rowpost_build_info", build, 2, 1);
    exposition_begin(out, "rowpost_run_info", "gauge", "What it does.");
    exposition_add(out, "rowpost_run_info", &verb, 1, 1);
    append_time(out, "rowpost_start_time_seconds", "When it began, in seconds since 1970.",
                metrics->started);
}

static void append_pace(const struct metrics *metrics, struct text *out) {
    append_gauge(out, "rowpost_jobs", "How many requests it allows itself at a time.",
                 (int64_t)metrics->jobs);
    append_gauge(out, "rowpost_requests_in_flight", "How many requests are under way.",
                 (int64_t)metrics->in_flight);
    append_gauge(out, "rowpost_paused", "1 while nothing is sent after repeated failures.",
                 metrics->is_paused);
    append_counter(out, "rowpost_pauses_total", "Pauses after repeated failures, in this run.",
                   metrics->pauses);
}

static void append_planning(const struct metrics *metrics, struct text *out) {
    exposition_begin(out, "rowpost_planned_rows_total", "counter",
                     "Source rows that this run has planned, by their outcome.");
    for (enum row_outcome i = 0; i < OUTCOME_COUNT; i++) {
        const struct exposition_label outcome = {"outcome", span_of(row_outcome_name(i))};
        exposition_add(out, "rowpost_planned_rows_total", &outcome, 1, metrics->rows[i]);
    }
    append_counter(out, "rowpost_planned_documents_total", "Documents that this run has planned.",
                   metrics->documents);
}

/* Written next to its place, then renamed: a reader sees the old file or the new one. */
static int replace_file(const struct metrics *metrics, const struct text *content,
                        struct error *error) {
    const char *path = text_string(&metrics->path);
    const char *part = text_string(&metrics->part);
    int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
    int descriptor = open(part, flags, 0644);
    if (descriptor < 0) {
        return error_set(error, ERROR_DISK, "--metrics %s: %s cannot be opened: %s", path, part,
                         strerror(errno));
    }
    int rc = dprintf(descriptor, "%s", text_string(content)) < 0 ? -1 : 0;
    int reason = errno;
    if (close(descriptor) != 0 && rc == 0) {
        rc = -1;
        reason = errno;
    }
    if (rc == 0 && rename(part, path) != 0) {
        rc = -1;
        reason = errno;
    }
    if (rc != 0) {
        unlink(part);
        return error_set(error, ERROR_DISK, "--metrics %s: cannot be written: %s", path,
                         strerror(reason));
    }
    return 0;
}

static int write_content(const struct metrics *metrics, struct text *content, struct error *error) {
    append_program(metrics, content);
    append_planning(metrics, content);
    append_pace(metrics, content);
    text_append(content, text_span(&metrics->families));
    return text_check(content, error) == 0 ? replace_file(metrics, content, error) : -1;
}

/* What is there has to be metrics: a workspace that was named by mistake must not be lost. */
static int check_place(const char *path, struct error *error) {
    char head[sizeof file_head] = "";
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return 0;
    }
    bool is_file = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    ssize_t length = is_file ? read(descriptor, head, sizeof head - 1) : -1;
    close(descriptor);
    if (length == 0 || strcmp(head, file_head) == 0) {
        return 0;
    }
    return error_set(error, ERROR_USAGE,
                     "--metrics %s: there is something else than metrics; name another file, or "
                     "remove it",
                     path);
}

static void free_metrics(struct metrics *metrics) {
    text_free(&metrics->families);
    text_free(&metrics->part);
    text_free(&metrics->path);
    free(metrics);
}

struct metrics *metrics_open(const char *path, const char *verb, struct error *error) {
    if (output_file_check("--metrics", path, error) != 0 || check_place(path, error) != 0) {
        return NULL;
    }
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (metrics == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    metrics->verb = verb;
    metrics->started = date_now();
    text_append_string(&metrics->path, path);
    text_append_format(&metrics->part, "%s.part", path);
    if (text_check(&metrics->path, error) != 0 || text_check(&metrics->part, error) != 0 ||
        metrics_write(metrics, error) != 0) {
        free_metrics(metrics);
        return NULL;
    }
    return metrics;
}

bool metrics_is_due(const struct metrics *metrics) {
    if (metrics == NULL) {
        return false;
    }
    int64_t pause = metrics->cost * COST_SHARE;
    return clock_now() - metrics->written >= (pause > INTERVAL ? pause : INTERVAL);
}

int metrics_read(struct metrics *metrics, struct workspace *workspace, struct error *error) {
    if (metrics == NULL) {
        return 0;
    }
    struct text families = {0};
    int64_t began = clock_now();
    int rc = figures_append(&metrics->figures, workspace, &families, error);
    if (rc == 0) {
        rc = text_check(&families, error);
    }
    metrics->cost = clock_now() - began;
    if (rc != 0) {
        text_free(&families);
        return -1;
    }
    text_free(&metrics->families);
    metrics->families = families;
    return 0;
}

int metrics_write(struct metrics *metrics, struct error *error) {
    if (metrics == NULL) {
        return 0;
    }
    struct text content = {0};
    int rc = write_content(metrics, &content, error);
    metrics->written = clock_now();
    text_free(&content);
    return rc;
}

int metrics_close(struct metrics *metrics, int exit_status, struct error *error) {
    if (metrics == NULL) {
        return 0;
    }
    struct text content = {0};
    metrics_set_pace(metrics, 0, 0, false);
    append_time(&content, "rowpost_end_time_seconds", "When it ended, in seconds since 1970.",
                date_now());
    append_gauge(&content, "rowpost_exit_status", "How it ended: 0 all well.", exit_status);
    int rc = write_content(metrics, &content, error);
    text_free(&content);
    free_metrics(metrics);
    return rc;
}

void metrics_set_pace(struct metrics *metrics, size_t jobs, size_t in_flight, bool is_paused) {
    if (metrics != NULL) {
        metrics->jobs = jobs;
        metrics->in_flight = in_flight;
        metrics->is_paused = is_paused;
    }
}

void metrics_count_pause(struct metrics *metrics) {
    if (metrics != NULL) {
        metrics->pauses++;
    }
}

void metrics_count_row(struct metrics *metrics, enum row_outcome outcome) {
    if (metrics != NULL) {
        metrics->rows[outcome]++;
    }
}

void metrics_count_document(struct metrics *metrics) {
    if (metrics != NULL) {
        metrics->documents++;
    }
}
