#include "cli/next_command.h"

#include <string.h>

#include "base/shell_word.h"
#include "cli/option_table.h"
#include "cli/sqlalchemy_url.h"
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

/* What is pending after a kind that is handed out waits for it, as documents refer to those of
 * earlier kinds: another apply would send nothing. */
static bool may_be_sent(const struct summary *summary) {
    for (size_t i = 0; i < summary->kind_count; i++) {
        if (summary->kinds[i].standings[STANDING_PENDING] > 0) {
            return true;
        }
        if (summary->kinds[i].standings[STANDING_HANDED_OUT] > 0) {
            return false;
        }
    }
    return false;
}

enum next_step next_step_of(const struct summary *summary) {
    if (may_be_sent(summary) || summary_count_class(summary, CLASS_UNCLEAR) > 0) {
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
    return summary_count_planned(summary) > 0 ? NEXT_REPORT : NEXT_PLAN;
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

static void append_given(const struct given_option *given, struct text *out) {
    text_append_format(out, " --%s", given->name);
    if (given->value != NULL) {
        text_append_char(out, ' ');
        shell_word_append(out, span_of(given->value));
    }
}

bool next_command_append_target(const struct options *options, struct span known,
                                struct text *out) {
    bool has_target = options->target != NULL;
    for (size_t i = 0; i < sizeof carried / sizeof *carried; i++) {
        const struct given_option *given = find_given(options, carried[i]);
        if (given != NULL) {
            append_given(given, out);
        }
    }
    if (has_target) {
        return true;
    }
    return command_append_target(known, options->migration->target_example, out);
}

/* Without its password: the next run asks for it. */
static void append_source(const struct given_option *from, struct text *out) {
    struct sqlalchemy_url url = {0};
    struct text address = {0};
    if (sqlalchemy_url_read(&url, from->value, "--from", NULL) == 0) {
        sqlalchemy_url_append_address(&url, &address);
    }
    append_given(&(struct given_option){from->name, text_string(&address)}, out);
    sqlalchemy_url_free(&url);
    text_free(&address);
}

static void append_all_given(const struct options *options, struct text *out) {
    for (size_t i = 0; i < options->given_count; i++) {
        const struct given_option *given = &options->given[i];
        if (strcmp(given->name, "workspace") == 0) {
            continue;
        }
        bool is_secret = given->value != NULL && sqlalchemy_url_has_password(given->value);
        (is_secret ? append_source : append_given)(given, out);
    }
}

static void append_arguments(const struct options *options, struct text *out) {
    bool is_option_over = false;
    for (size_t i = 0; i < options->argument_count; i++) {
        struct span argument = span_of(options->arguments[i]);
        bool is_option = shell_word_is_option(argument);
        text_append_string(out, is_option && !is_option_over ? " -- " : " ");
        shell_word_append(out, argument);
        is_option_over = is_option_over || is_option;
    }
}

void next_command_append_again(const struct options *options, struct text *out) {
    const struct verb *verb = options->verb == NULL ? NULL : option_find_verb(options->verb);
    if (verb == NULL) {
        return;
    }
    bool has_workspace = option_is_of_verb(verb, "workspace");
    command_append(options->program, verb->name, has_workspace ? options->workspace : NULL, out);
    append_all_given(options, out);
    append_arguments(options, out);
}
