#include "cli/next_command.h"

#include <string.h>

#include "base/shell_word.h"
#include "report/command.h"

/* Options of this run that the next one also needs. */
static const char *const carried[] = {"to",
                                      "credentials",
                                      "cookies",
                                      "save-cookies",
                                      "token-file",
                                      "auth-scheme",
                                      "auth-header",
                                      "cacert",
                                      "cert",
                                      "cert-key",
                                      "netrc",
                                      "oauth2-token-url",
                                      "client-id",
                                      "client-secret-file",
                                      "client-in-form",
                                      "oauth2-audience",
                                      "insecure",
                                      "jobs",
                                      "rate",
                                      "give-up-after",
                                      "settle"};

enum next_step next_step_of(const struct summary *summary) {
    int64_t planned = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        planned = summary_add(planned, summary->kinds[i].documents);
    }
    if (summary_count_standing(summary, STANDING_PENDING) > 0 ||
        summary_count_class(summary, CLASS_UNCLEAR) > 0) {
        return NEXT_APPLY;
    }
    if (summary_count_standing(summary, STANDING_HANDED_OUT) > 0) {
        return NEXT_MERGE;
    }
    if (summary_count_class(summary, CLASS_BAD) > 0 ||
        summary_count_standing(summary, STANDING_WAITING) > 0) {
        return NEXT_LOOK;
    }
    if (summary_count_standing(summary, STANDING_UNREAD) > 0) {
        return NEXT_VERIFY;
    }
    return planned > 0 ? NEXT_REPORT : NEXT_PLAN;
}

void next_command_append(const struct options *options, const char *verb, struct text *out) {
    command_append(options->program, verb, options->workspace, out);
}

static const struct given_option *find_given(const struct options *options, const char *name) {
    for (size_t i = 0; i < options->given_count; i++) {
        if (strcmp(options->given[i].name, name) == 0) {
            return &options->given[i];
        }
    }
    return NULL;
}

bool next_command_append_target(const struct options *options, struct span known,
                                struct text *out) {
    bool has_target = options->target != NULL;
    for (size_t i = 0; i < sizeof carried / sizeof *carried; i++) {
        const struct given_option *given = find_given(options, carried[i]);
        if (given != NULL) {
            text_append_format(out, " --%s", given->name);
        }
        if (given != NULL && given->value != NULL) {
            text_append_char(out, ' ');
            shell_word_append(out, span_of(given->value));
        }
    }
    if (has_target) {
        return true;
    }
    return command_append_target(known, options->migration->target_example, out);
}
