#define _DEFAULT_SOURCE /* strdup */
#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "cli/option_table.h"
#include "cli/sqlalchemy_url.h"
#include "cli/steps.h"
#include "people/people.h"
#include "report/sample.h"

void options_free(struct options *options) {
    for (size_t i = 0; i < options->owned_count; i++) {
        free(options->owned[i]);
    }
    struct text *const secrets[] = {&options->token, &options->client_secret,
                                    &options->ldap_password};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        text_wipe(secrets[i]);
    }
}

struct word {
    const char *name;
    int value;
};

static const struct word rules_words[] = {{"corrected", RULES_CORRECTED},
                                          {"notebook", RULES_NOTEBOOK}};

static const struct word log_format_words[] = {{"text", LOG_TEXT}, {"json", LOG_JSON}};

static const struct word auth_words[] = {{"bearer", AUTH_BEARER},
                                         {"basic", AUTH_BASIC},
                                         {"token", AUTH_TOKEN},
                                         {"cookies", AUTH_COOKIES}};

enum { AUTH_WORDS = sizeof auth_words / sizeof *auth_words };

const char *option_auth_choice(size_t index) {
    return index < AUTH_WORDS ? auth_words[index].name : NULL;
}

const char *option_rules_choice(size_t index) {
    return index < sizeof rules_words / sizeof *rules_words ? rules_words[index].name : NULL;
}

const char *option_log_format_choice(size_t index) {
    return index < sizeof log_format_words / sizeof *log_format_words ? log_format_words[index].name
                                                                      : NULL;
}

const char *option_kind_choice(size_t index) {
    const struct migration *migration = steps_migration();
    return index < migration->kind_count ? migration->kinds[index].name : NULL;
}

/* One of two words; the option's name is for the message. */
static int parse_word(const char *name, const char *value, const struct word words[2], int *chosen,
                      struct error *error) {
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(words[i].name, value) == 0) {
            *chosen = words[i].value;
            return 0;
        }
    }
    return error_set(error, ERROR_USAGE, "--%s %s: expected %s or %s", name, value, words[0].name,
                     words[1].name);
}

int option_parse_rules(struct options *options, const char *value, struct error *error) {
    int chosen = RULES_CORRECTED;
    int rc = parse_word("rules", value, rules_words, &chosen, error);
    options->rules = (enum migration_rules)chosen;
    return rc;
}

int option_parse_log_format(struct options *options, const char *value, struct error *error) {
    int chosen = LOG_TEXT;
    int rc = parse_word("log-format", value, log_format_words, &chosen, error);
    options->log_format = (enum log_format)chosen;
    return rc;
}

int option_parse_auth_scheme(struct options *options, const char *value, struct error *error) {
    for (size_t i = 0; i < AUTH_WORDS; i++) {
        if (strcmp(auth_words[i].name, value) == 0) {
            options->auth_scheme = (enum auth_scheme)auth_words[i].value;
            return 0;
        }
    }
    return error_set(error, ERROR_USAGE,
                     "--auth-scheme %s: expected bearer, basic, token or cookies", value);
}

int option_parse_day(struct options *options, const char *value, struct error *error) {
    if (date_parse_day(span_of(value), &options->as_of) != 0) {
        return error_set(error, ERROR_USAGE, "--as-of %s: expected a day such as 2023-03-15",
                         value);
    }
    return 0;
}

int option_parse_alias(struct options *options, const char *value, struct error *error) {
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value || equals[1] == '\0') {
        return error_set(error, ERROR_USAGE,
                         "--alias %s: expected OLD=NEW, such as --alias Susy=NPS", value);
    }
    if (options->alias_count == MAX_ALIASES) {
        return error_set(error, ERROR_USAGE, "--alias: at most %d", MAX_ALIASES);
    }
    char *copy = strdup(value);
    if (copy == NULL) {
        return error_set_no_memory(error);
    }
    options->owned[options->owned_count++] = copy;
    copy[equals - value] = '\0';
    options->aliases[options->alias_count++] =
        (struct migration_alias){.from = copy, .to = copy + (equals - value) + 1};
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

int option_parse_sample(struct options *options, const char *value, struct error *error) {
    return parse_number("sample", value, 1, SAMPLE_MOST, &options->sample, error);
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

int option_parse_ldap_timeout(struct options *options, const char *value, struct error *error) {
    return parse_number("ldap-timeout", value, 1, 3600, &options->ldap_timeout, error);
}

int option_parse_source_timeout(struct options *options, const char *value, struct error *error) {
    return parse_number("source-timeout", value, 1, 24L * 3600, &options->source_timeout, error);
}

static int set_option(struct options *options, const struct option *option, const char *value,
                      struct error *error) {
    char *field = (char *)options + option->offset;
    switch (option->type) {
    case OPTION_TEXT:
        memcpy(field, &value, sizeof value);
        return 0;
    case OPTION_FLAG:
        *(bool *)(void *)field = true;
        return 0;
    case OPTION_QUIET:
        options->log = LOG_QUIET;
        return 0;
    case OPTION_VERBOSE:
        options->log = options->log >= LOG_VERBOSE ? LOG_DEBUG : LOG_VERBOSE;
        return 0;
    case OPTION_PARSED:
        return option->parse(options, value, error);
    }
    return 0;
}

/* The option that an argument names: `--name`, `--name=value` or `-x`. */
static const struct option *find_option(const char *argument, const char **value) {
    *value = NULL;
    bool is_long = argument[1] == '-';
    const char *name = argument + (is_long ? 2 : 1);
    size_t length = strcspn(name, "=");
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &option_table[i];
        bool is_it =
            is_long ? strlen(option->name) == length && strncmp(option->name, name, length) == 0
                    : option->letter != '\0' && name[0] == option->letter && name[1] == '\0';
        if (is_it) {
            if (is_long && name[length] == '=') {
                *value = name + length + 1;
            }
            return option;
        }
    }
    return NULL;
}

static bool takes(const struct verb *verb, const struct option *option) {
    for (size_t i = 0; verb->options[i] != NULL; i++) {
        if (strcmp(verb->options[i], option->name) == 0) {
            return true;
        }
    }
    return option->is_global;
}

static int parse_option(const struct verb *verb, struct options *options, int argc, char **argv,
                        int *position, struct error *error) {
    const char *argument = argv[*position];
    const char *value;
    const struct option *option = find_option(argument, &value);
    if (option == NULL || !takes(verb, option)) {
        return error_set(error, ERROR_USAGE, "%s: %s takes no such option; see `rowpost %s --help`",
                         argument, verb->name, verb->name);
    }
    if (option->value == NULL) {
        return value == NULL ? set_option(options, option, NULL, error)
                             : error_set(error, ERROR_USAGE, "--%s takes no value", option->name);
    }
    if (value == NULL) {
        if (*position + 1 >= argc) {
            return error_set(error, ERROR_USAGE, "--%s: expected %s behind it", option->name,
                             option->value);
        }
        value = argv[++*position];
    }
    return set_option(options, option, value, error);
}

static int parse_argument(const struct verb *verb, struct options *options, const char *argument,
                          struct error *error) {
    if (verb->argument == NULL || options->argument != NULL) {
        return error_set(error, ERROR_USAGE, "%s: %s takes %s; see `rowpost %s --help`", argument,
                         verb->name, verb->argument == NULL ? "options alone" : "one argument",
                         verb->name);
    }
    options->argument = argument;
    return 0;
}

/* In whatever place the address is: no message may repeat it. */
static int refuse_password(const char *argument, struct error *error) {
    struct sqlalchemy_url url = {0};
    struct text address = {0};
    while (*argument != '\0' && !sqlalchemy_url_has_password(argument)) {
        argument++;
    }
    if (*argument == '\0') {
        return 0;
    }
    if (sqlalchemy_url_read(&url, argument, "--from", NULL) == 0) {
        sqlalchemy_url_append_address(&url, &address);
    } else {
        text_append_string(&address, "oracle://USER@HOST:PORT/SERVICE");
    }
    error_set(error, ERROR_USAGE,
              "a password does not belong into an address, where every user of the machine sees "
              "it; write %s, and the password into a file (--source-password-file) or "
              "ROWPOST_SOURCE_PASSWORD",
              text_string(&address));
    sqlalchemy_url_free(&url);
    text_free(&address);
    return -1;
}

/* The notebook's form of the source's address becomes the program's own. */
static int rewrite_source(struct options *options, struct error *error) {
    struct sqlalchemy_url url = {0};
    struct text address = {0};
    if (options->source == NULL || !sqlalchemy_url_is_one(options->source)) {
        return 0;
    }
    int rc = sqlalchemy_url_read(&url, options->source, "--from", error);
    if (rc == 0) {
        sqlalchemy_url_append_address(&url, &address);
        char *copy = strdup(text_string(&address));
        rc = copy == NULL || address.failed ? error_set_no_memory(error) : 0;
        options->owned[options->owned_count++] = copy;
        options->source = copy;
    }
    sqlalchemy_url_free(&url);
    text_free(&address);
    return rc;
}

int options_parse(int argc, char **argv, struct options *options, struct error *error) {
    memset(options, 0, sizeof *options);
    options->workspace = "valdb.rowpost";
    options->as_of = date_today();
    options->give_up_after = DEFAULT_GIVE_UP_AFTER;
    options->ldap_timeout = PEOPLE_PATIENCE;
    options->log = LOG_NORMAL;
    if (argc < 2) {
        return error_set(error, ERROR_USAGE, "no verb; see `rowpost --help`");
    }
    for (int i = 1; i < argc; i++) {
        if (refuse_password(argv[i], error) != 0) {
            return -1;
        }
    }
    const struct verb *verb = option_find_verb(argv[1]);
    if (verb == NULL) {
        return error_set(error, ERROR_USAGE, "%s is no verb; see `rowpost --help`", argv[1]);
    }
    options->verb = verb->name;
    bool is_option_over = false;
    for (int i = 2; i < argc; i++) {
        int rc;
        if (!is_option_over && strcmp(argv[i], "--") == 0) {
            is_option_over = true;
            continue;
        }
        if (!is_option_over && argv[i][0] == '-' && argv[i][1] != '\0') {
            rc = parse_option(verb, options, argc, argv, &i, error);
        } else {
            rc = parse_argument(verb, options, argv[i], error);
        }
        if (rc != 0) {
            return -1;
        }
    }
    if (!options->help && verb->needs_argument && options->argument == NULL) {
        return error_set(error, ERROR_USAGE, "%s needs %s; see `rowpost %s --help`", verb->name,
                         verb->argument, verb->name);
    }
    return rewrite_source(options, error);
}
