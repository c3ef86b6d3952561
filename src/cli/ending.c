#include "cli/ending.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/log.h"
#include "base/noun.h"
#include "cli/next_command.h"
#include "cli/option_table.h"
#include "cli/steps.h"
#include "cli/verbs.h"
#include "report/command.h"

enum { DAY_LENGTH = sizeof "2026-01-01" - 1 };

void ending_append_duration(const struct options *options, struct text *line) {
    text_append_string(line, " in");
    duration_append(clock_now() - options->started, line);
    text_append_char(line, '.');
}

/* "8 source rows were rejected: rowpost rejects -w site.rowpost." */
static void append_rejects(const struct options *options, int64_t rows, struct span accepted,
                           struct text *line) {
    text_append_format(line, "%lld source %s rejected", (long long)rows,
                       noun_of(rows, "row was", "rows were"));
    if (accepted.length >= DAY_LENGTH) {
        text_append_string(line, " and accepted on ");
        text_append(line, (struct span){accepted.data, DAY_LENGTH});
    }
    text_append_string(line, ": ");
    next_command_append(options, "rejects", line);
    text_append_char(line, '.');
}

int ending_append_reasons(const struct options *options, const struct summary *summary,
                          unsigned remainder, struct workspace *workspace, struct text *line,
                          struct error *error) {
    struct text accepted = {0};
    struct text reasons = {0};
    int64_t rows = summary_count_rows(summary, OUTCOME_REJECTED);
    if (workspace_get_setting(workspace, "rejects-accepted", &accepted, error) != 0) {
        return -1;
    }
    bool rows_count = rows > 0 && (remainder & REMAINDER_ROWS) != 0 && accepted.length == 0;
    bool documents_count = summary_append_remainder(summary, remainder, &reasons);
    if (documents_count || rows_count) {
        text_append_string(line, " Exit status 1, because ");
        text_append(line, text_span(&reasons));
        text_append_string(line, documents_count ? (rows_count ? ", and " : ".") : "");
    }
    if (rows > 0) {
        text_append_string(line, rows_count ? "" : " ");
        append_rejects(options, rows, text_span(&accepted), line);
    }
    line->failed = line->failed || reasons.failed;
    text_free(&accepted);
    text_free(&reasons);
    return documents_count || rows_count ? EXIT_SOMETHING_WRONG : EXIT_ALL_WELL;
}

/* Delivers to, or reads back from, the target that this run or the workspace knows. */
static void append_target_command(const struct options *options, const char *verb,
                                  struct span target, struct text *line) {
    struct text command = {0};
    next_command_append(options, verb, &command);
    bool is_known = next_command_append_target(options, target, &command);
    text_append_string(line, is_known ? " Next: " : " Next, with the address of your service: ");
    text_append(line, text_span(&command));
    line->failed = line->failed || command.failed;
    text_free(&command);
}

static void append_report(const struct options *options, struct text *line) {
    text_append_string(line, " Next: ");
    next_command_append(options, "report", line);
    text_append_string(line, " -o report.html");
}

int ending_append_next(const struct options *options, const struct summary *summary,
                       struct workspace *workspace, struct text *line, struct error *error) {
    struct text target = {0};
    if (workspace_get_setting(workspace, "target", &target, error) != 0) {
        return -1;
    }
    switch (next_step_of(summary)) {
    case NEXT_APPLY:
        append_target_command(options, "apply", text_span(&target), line);
        break;
    case NEXT_VERIFY:
        append_target_command(options, "verify", text_span(&target), line);
        break;
    case NEXT_MERGE:
        text_append_string(line, " Next: ");
        next_command_append(options, "merge", line);
        command_append_parts(summary, line);
        break;
    case NEXT_LOOK:
    case NEXT_REPORT:
        append_report(options, line);
        break;
    case NEXT_PLAN:
    case NEXT_STEP_COUNT:
        break;
    }
    text_free(&target);
    return 0;
}

int ending_print(const struct options *options, const struct text *line, struct error *error) {
    if (text_check(line, error) != 0) {
        return -1;
    }
    if (options->json) {
        log_info("%s", text_string(line));
    } else {
        printf("%s\n", text_string(line));
    }
    return 0;
}

/* Why a run that failed has its exit status, and what the same command has to wait for. */
static const struct failure {
    const char *reason;    /* NULL: the message is enough */
    const char *condition; /* NULL: the same command would fail again */
} failures[] = {
    [ERROR_SOURCE] = {"a source could not be read", ", once it can be read"},
    [ERROR_TARGET] = {"the target gave no usable answer", ", once it answers"},
    [ERROR_SESSION] = {"the sign-in was not accepted", ", with one that is"},
    [ERROR_DISK] = {"a file could not be written or read", ", once it can be"},
    [ERROR_MEMORY] = {"memory ran out", ", with more memory"},
    [ERROR_BALANCE] = {"the figures do not add up", NULL},
    [ERROR_INTERRUPTED] = {"the run was stopped", ""},
    [ERROR_INTERNAL] = {"of an error in the program", NULL},
};

/* Where the documents of a verb with a target are. */
struct place {
    bool is_known;
    int64_t planned;
    int64_t delivered;
    int64_t unclear;
    struct text words;
};

static void find_place(const struct options *options, struct place *place) {
    struct error ignored; /* the run has an error already */
    struct summary summary;
    const struct verb *verb = options->verb == NULL ? NULL : option_find_verb(options->verb);
    if (verb == NULL || !option_is_of_verb(verb, "to") || !option_is_of_verb(verb, "workspace")) {
        return;
    }
    struct workspace *workspace = workspace_open_for_reading(options->workspace, &ignored);
    if (workspace != NULL && summary_load_figures(workspace, &summary, &ignored) == 0) {
        place->is_known = true;
        place->planned = summary_count_planned(&summary);
        place->delivered = summary_count_there(&summary);
        place->unclear = summary_count_class(&summary, CLASS_UNCLEAR);
        conclusion_of_status.append_outcome(&summary, &place->words);
        summary_free(&summary);
    }
    workspace_close(workspace);
}

static void append_place(const struct place *place, struct text *line) {
    if (place->is_known) {
        text_append_string(line, ", and nothing was lost: ");
        text_append(line, text_span(&place->words));
    }
    if (place->unclear > 0) {
        text_append_format(line, ", %lld to be looked up first", (long long)place->unclear);
    }
}

/* "Ended after 12 s, and nothing was lost: 3 of 5 documents delivered, 0 read back and equal. Exit
 * status 3, because the target gave no usable answer. Next, once it answers: rowpost ..." */
static void append_failure(const struct failure *failure, int exit_status, int64_t duration,
                           const struct place *place, const struct text *next, struct text *line) {
    text_append_string(line, "Ended after");
    duration_append(duration, line);
    append_place(place, line);
    text_append_format(line, ". Exit status %d, because %s.", exit_status, failure->reason);
    if (next->length > 0) {
        text_append_format(line, " Next%s: ", failure->condition);
        text_append(line, text_span(next));
    }
    line->failed = line->failed || next->failed || place->words.failed;
}

static void log_failure(const struct options *options, const struct error *error, int exit_status,
                        const struct failure *failure) {
    struct place place = {0};
    struct text next = {0};
    struct text line = {0};
    int64_t duration = clock_now() - options->started;
    find_place(options, &place);
    if (failure->condition != NULL) {
        next_command_append_again(options, &next);
    }
    append_failure(failure, exit_status, duration, &place, &next, &line);
    enum { OF_PLACE = 3 }; /* the last ones */
    const struct log_field fields[] = {{"because", span_of(failure->reason), 0},
                                       {"microseconds", {0}, duration},
                                       {"next", text_span(&next), 0},
                                       {"planned", {0}, place.planned},
                                       {"delivered", {0}, place.delivered},
                                       {"unclear", {0}, place.unclear}};
    size_t count = sizeof fields / sizeof *fields - (place.is_known ? 0 : OF_PLACE);
    const struct log_ending ending = {text_string(&line), fields, count};
    log_error(error, exit_status, line.failed ? NULL : &ending);
    text_free(&place.words);
    text_free(&next);
    text_free(&line);
}

void ending_log_error(const struct options *options, const struct error *error, int exit_status) {
    const struct failure *failure = &failures[error->code];
    if (failure->reason == NULL) {
        log_error(error, exit_status, NULL);
    } else {
        log_failure(options, error, exit_status, failure);
    }
}
