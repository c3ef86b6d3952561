/* The values of options that are not plain texts: how they are parsed, and the words that some
 * allow. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/nearest.h"
#include "cli/migrations.h"
#include "cli/option_table.h"
#include "migration/sqlfile/sqlfile.h"
#include "workspace/row_sample.h"
#include "workspace/split.h"

enum { LONGEST_SETTLE = 24 * 3600 };

static const char *const log_formats[] = {[LOG_TEXT] = "text", [LOG_JSON] = "json", NULL};

static const char *const auth_schemes[AUTH_SCHEMES] = {[AUTH_BEARER] = "bearer",
                                                       [AUTH_BASIC] = "basic",
                                                       [AUTH_TOKEN] = "token",
                                                       [AUTH_COOKIES] = "cookies"};

const char *option_auth_choice(size_t index) {
    return AUTH_BEARER + index < AUTH_SCHEMES ? auth_schemes[AUTH_BEARER + index] : NULL;
}

const char *option_log_format_choice(size_t index) {
    return log_formats[index];
}

/* By the default migration, as none is named yet. */
const char *option_kind_choice(size_t index) {
    return index < migrations_default->kind_count ? migrations_default->kinds[index].name : NULL;
}

int option_fail_choice(const char *option, const char *value, const char *(*choice)(size_t index),
                       struct error *error) {
    struct text words = {0};
    struct nearest nearest = nearest_to(span_of(value));
    for (size_t i = 0; choice(i) != NULL; i++) {
        text_append_string(&words, i == 0 ? "" : choice(i + 1) == NULL ? " or " : ", ");
        text_append_string(&words, choice(i));
        nearest_offer(&nearest, choice(i));
    }
    nearest_append(&nearest, "", &words);
    error_set(error, ERROR_USAGE, "--%s %s: expected %s", option, value, text_string(&words));
    text_free(&words);
    return -1;
}

int option_parse_log_format(struct options *options, const char *value, struct error *error) {
    for (size_t i = 0; log_formats[i] != NULL; i++) {
        if (strcmp(log_formats[i], value) == 0) {
            options->log_format = (enum log_format)i;
            return 0;
        }
    }
    return option_fail_choice("log-format", value, option_log_format_choice, error);
}

int option_parse_auth_scheme(struct options *options, const char *value, struct error *error) {
    for (size_t i = AUTH_BEARER; i < AUTH_SCHEMES; i++) {
        if (strcmp(auth_schemes[i], value) == 0) {
            options->auth_scheme = (enum auth_scheme)i;
            return 0;
        }
    }
    return option_fail_choice("auth-scheme", value, option_auth_choice, error);
}

int option_parse_day(struct options *options, const char *value, struct error *error) {
    if (date_parse_day(span_of(value), &options->as_of) != 0) {
        return error_set(error, ERROR_USAGE, "--as-of %s: expected a day such as 2023-03-15",
                         value);
    }
    return 0;
}

/* A whole number in a range; the option's name is for the message. */
static int parse_number(const char *name, const char *value, long least, long most, long *number,
                        struct error *error) {
    char *end;
    errno = 0;
    *number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || *number < least || *number > most) {
        return error_set(error, ERROR_USAGE, "--%s %s: expected a number from %ld to %ld", name,
                         value, least, most);
    }
    return 0;
}

int option_parse_jobs(struct options *options, const char *value, struct error *error) {
    if (strcmp(value, "auto") == 0) {
        options->jobs = 0;
        return 0;
    }
    return parse_number("jobs", value, 1, MAX_JOBS, &options->jobs, error);
}

int option_parse_limit(struct options *options, const char *value, struct error *error) {
    return parse_number("limit", value, 1, 1000000000L, &options->limit, error);
}

int option_parse_into(struct options *options, const char *value, struct error *error) {
    return parse_number("into", value, 1, SPLIT_MOST_PARTS, &options->into, error);
}

int option_parse_recall(struct options *options, const char *value, struct error *error) {
    return parse_number("recall", value, 1, SPLIT_MOST_PARTS, &options->recall, error);
}

int option_parse_sample(struct options *options, const char *value, struct error *error) {
    return parse_number("sample", value, 1, ROW_SAMPLE_MOST, &options->sample, error);
}

/* `N` or `N/s`, a fraction allowed. */
int option_parse_rate(struct options *options, const char *value, struct error *error) {
    char *end;
    errno = 0;
    options->rate = strtod(value, &end);
    if (errno != 0 || end == value || (*end != '\0' && strcmp(end, "/s") != 0) ||
        !(options->rate >= 0.01 && options->rate <= 1e6)) {
        return error_set(error, ERROR_USAGE, "--rate %s: expected requests a second, such as 20/s",
                         value);
    }
    return 0;
}

int option_parse_give_up(struct options *options, const char *value, struct error *error) {
    return parse_number("give-up-after", value, 1, 24L * 3600, &options->give_up_after, error);
}

int option_parse_settle(struct options *options, const char *value, struct error *error) {
    char *end;
    errno = 0;
    options->settle = strtod(value, &end);
    if (errno != 0 || end == value || *end != '\0' ||
        !(options->settle >= 0 && options->settle <= LONGEST_SETTLE)) {
        return error_set(error, ERROR_USAGE, "--settle %s: expected seconds from 0 to %d", value,
                         LONGEST_SETTLE);
    }
    return 0;
}

int option_parse_ldap_timeout(struct options *options, const char *value, struct error *error) {
    return parse_number("ldap-timeout", value, 1, 3600, &options->ldap_timeout, error);
}

int option_parse_source_timeout(struct options *options, const char *value, struct error *error) {
    return parse_number("source-timeout", value, 1, 24L * 3600, &options->source_timeout, error);
}

/* An option of a migration file. */
int option_parse_set(struct options *options, const char *value, struct error *error) {
    const char *equals = strchr(value, '=');
    struct text name = {0};
    if (equals == NULL || equals == value) {
        return error_set(error, ERROR_USAGE, "--set %s: expected NAME=VALUE", value);
    }
    text_append_string(&name, SQLFILE_OPTION_PREFIX);
    text_append(&name, (struct span){value, (size_t)(equals - value)});
    int rc = text_check(&name, error) == 0
                 ? options_add_value(options, text_string(&name), equals + 1, error)
                 : -1;
    text_free(&name);
    return rc;
}
