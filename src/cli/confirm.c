#define _POSIX_C_SOURCE 200809L
#include "cli/confirm.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/duration.h"
#include "base/log.h"
#include "base/noun.h"
#include "base/terminal.h"
#include "base/text.h"

static int ask(struct error *error) {
    char answer[16] = "";
    fprintf(stderr, "Type yes to continue: ");
    return fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "yes\n") == 0
               ? 0
               : error_set(error, ERROR_USAGE, "nothing was changed");
}

int confirm_change(const struct options *options, const char *question, const char *advice,
                   struct error *error) {
    const char *separator = advice == NULL ? "" : "; ";
    const char *more = advice == NULL ? "" : advice;
    if (options->yes) {
        return 0;
    }
    if (!isatty(STDIN_FILENO)) {
        return error_set(error, ERROR_USAGE, "%s%s%s. This is not a terminal: add --yes to confirm",
                         question, separator, more);
    }
    if (log_format() == LOG_JSON) {
        return error_set(
            error, ERROR_USAGE,
            "%s%s%s. With --log-format json no question is asked: add --yes to confirm", question,
            separator, more);
    }
    fprintf(stderr, "%s%s%s.\n", question, separator, more);
    return ask(error);
}

bool confirm_is_wanted(const struct options *options) {
    return strcmp(options->verb, "apply") == 0 && !options->yes && !options->update_existing &&
           log_format() == LOG_TEXT && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* "validators 47, campaigns 54" */
static void append_kinds(const struct migration *migration, const int64_t *open, struct text *out) {
    const char *separator = "";
    for (size_t i = 0; i < migration->kind_count; i++) {
        if (open[i] > 0) {
            text_append_format(out, "%s%s %lld", separator, migration->kinds[i].name,
                               (long long)open[i]);
            separator = ", ";
        }
    }
}

static int64_t count_all(const struct migration *migration, const int64_t *open) {
    int64_t total = 0;
    for (size_t i = 0; i < migration->kind_count; i++) {
        total += open[i];
    }
    return total;
}

/* A document takes at least one answer; the probe has shown how long one takes. */
static void append_estimate(const struct delivery_question *question, int64_t documents,
                            struct text *out) {
    const struct options *options = question->options;
    int64_t jobs = options->jobs > 0 ? options->jobs : 1;
    double time = (double)documents * (double)question->probe_time / (double)jobs;
    double held = options->rate > 0 ? (double)documents / options->rate * CLOCK_SECOND : 0;
    text_append_string(out, "about");
    duration_append((int64_t)(held > time ? held : time), out);
    text_append_format(out, " with %lld %s at a time, as the target took %lld ms to answer",
                       (long long)jobs, noun_of(jobs, "request", "requests"),
                       (long long)(question->probe_time / CLOCK_MILLISECOND));
}

int confirm_delivery(const struct delivery_question *question, const int64_t *open,
                     struct error *error) {
    struct text words = {0};
    const struct migration *migration = question->options->migration;
    int64_t total = count_all(migration, open);
    text_append_format(&words, "apply sends %lld %s to %s:\n  ", (long long)total,
                       noun_of(total, "document", "documents"), question->target);
    append_kinds(migration, open, &words);
    text_append_string(&words, "\n  ");
    append_estimate(question, total, &words);
    int rc = text_check(&words, error);
    if (rc == 0 && total > 0) {
        fprintf(stderr, "%s\n", text_string(&words));
        rc = ask(error);
    }
    text_free(&words);
    return rc;
}
