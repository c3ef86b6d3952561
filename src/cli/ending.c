#include "cli/ending.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/log.h"
#include "base/noun.h"
#include "cli/next_command.h"
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
