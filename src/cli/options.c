#include "cli/options.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/nearest.h"
#include "base/shell_word.h"
#include "cli/migrations.h"
#include "cli/option_table.h"
#include "cli/sqlalchemy_url.h"
#include "people/people.h"
#include "report/command.h"

void options_free(struct options *options) {
    free(options->arguments);
    free(options->given);
    for (size_t i = 0; i < options->owned_count; i++) {
        free(options->owned[i]);
    }
    struct text *const secrets[] = {&options->token, &options->client_secret,
                                    &options->ldap_password};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        text_wipe(secrets[i]);
    }
}

static const struct migration_option *find_own(const struct migration *migration,
                                               const char *name) {
    for (size_t i = 0; i < migration->option_count; i++) {
        if (strcmp(migration->options[i].name, name) == 0) {
            return &migration->options[i];
        }
    }
    return NULL;
}

/* Whether the value is one of the option's words; true for any value if it has none. */
static int check_choice(const struct migration_option *option, const char *value,
                        struct error *error) {
    struct text words = {0};
    struct nearest nearest = nearest_to(span_of(value));
    for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            text_free(&words);
            return 0;
        }
        text_append_format(&words, "%s%s", i == 0 ? "" : " or ", option->choices[i]);
        nearest_offer(&nearest, option->choices[i]);
    }
    nearest_append(&nearest, "", &words);
    int rc = option->choices == NULL ? 0
                                     : error_set(error, ERROR_USAGE, "--%s %s: expected %s",
                                                 option->name, value, text_string(&words));
    text_free(&words);
    return rc;
}

bool options_has_option(const struct options *options, const char *name) {
    return find_own(options->migration, name) != NULL;
}

int options_add_value(struct options *options, const char *name, const char *value,
                      struct error *error) {
    const struct migration_option *option = find_own(options->migration, name);
    if (option == NULL) {
        return error_set(error, ERROR_USAGE, "the migration %s has no option --%s",
                         options->migration->name, name);
    }
    if (check_choice(option, value, error) != 0) {
        return -1;
    }
    if (options->value_count == MAX_VALUES) {
        return error_set(error, ERROR_USAGE, "--%s: at most %d options of the migration", name,
                         MAX_VALUES);
    }
    options->values[options->value_count++] =
        (struct migration_value){.name = option->name, .value = value};
    return 0;
}

/* Kept for the text of the next command. */
static void note_given(struct options *options, const struct option *option, const char *value) {
    size_t place = option->may_repeat ? options->given_count : 0;
    for (; place < options->given_count; place++) {
        const char *name = options->given[place].name;
        assert(name != NULL);
        if (strcmp(name, option->name) == 0) {
            break;
        }
    }
    options->given[place] = (struct given_option){option->name, value};
    options->given_count += place == options->given_count;
}

static int set_option(struct options *options, const struct option *option, const char *value,
                      struct error *error) {
    char *field = (char *)options + option->offset;
    note_given(options, option, value);
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
    case OPTION_MIGRATION:
        return 0;
    case OPTION_OF_MIGRATION:
        return options_add_value(options, option->name, value == NULL ? "yes" : value, error);
    }
    return 0;
}

/* True where the argument names the option: `--name`, `--name=value` or `-x`; then `*value` is the
 * value, or NULL. */
static bool is_named(const char *argument, const struct option *option, const char **value) {
    *value = NULL;
    if (argument[1] != '-') {
        return option->letter != '\0' && argument[1] == option->letter && argument[2] == '\0';
    }
    const char *name = argument + 2;
    size_t length = strcspn(name, "=");
    if (strlen(option->name) != length || strncmp(option->name, name, length) != 0) {
        return false;
    }
    *value = name[length] == '=' ? name + length + 1 : NULL;
    return true;
}

static bool find_option(const struct verb *verb, const struct migration *migration,
                        const char *argument, struct option *option, const char **value) {
    for (size_t i = 0; option_of_verb(verb, migration, i, option); i++) {
        if (is_named(argument, option, value)) {
            return true;
        }
    }
    return false;
}

/* "; see `rowpost help plan`"; for all verbs where `verb` is NULL. */
static void append_help(const struct options *options, const char *verb, struct text *out) {
    text_append_string(out, "; see `");
    command_append_help(options->program, verb, out);
    text_append_char(out, '`');
}

static int fail_unknown_option(const struct options *options, const struct verb *verb,
                               const char *argument, struct error *error) {
    size_t dashes = strspn(argument, "-");
    struct span typed = {argument + dashes, strcspn(argument + dashes, "=")};
    struct nearest nearest = nearest_to(typed);
    struct text hint = {0};
    struct option option;
    for (size_t i = 0; option_of_verb(verb, options->migration, i, &option); i++) {
        nearest_offer(&nearest, option.name);
    }
    if (typed.length > 1) {
        nearest_append(&nearest, "--", &hint);
    }
    append_help(options, verb->name, &hint);
    error_set(error, ERROR_USAGE, "%s: %s takes no such option%s", argument, verb->name,
              text_string(&hint));
    text_free(&hint);
    return -1;
}

static int fail_unknown_verb(const struct options *options, const char *name, struct error *error) {
    struct text hint = {0};
    text_append_format(&hint, "%s", *name == '\0' ? "no verb" : name);
    if (*name != '\0') {
        text_append_string(&hint, " is not a verb");
        option_append_near_verb(name, &hint);
    }
    append_help(options, NULL, &hint);
    error_set(error, ERROR_USAGE, "%s", text_string(&hint));
    text_free(&hint);
    return -1;
}

static int fail_arguments(const struct options *options, const struct verb *verb,
                          const char *argument, struct error *error) {
    struct text hint = {0};
    append_help(options, verb->name, &hint);
    if (argument == NULL) {
        error_set(error, ERROR_USAGE, "%s needs %s%s", verb->name, verb->argument,
                  text_string(&hint));
    } else {
        error_set(error, ERROR_USAGE, "%s: %s takes %s%s%s", argument, verb->name,
                  verb->argument == NULL ? "options only" : "no more than ",
                  verb->argument == NULL ? "" : verb->argument, text_string(&hint));
    }
    text_free(&hint);
    return -1;
}

static int parse_option(const struct verb *verb, struct options *options, int argc, char **argv,
                        int *position, struct error *error) {
    const char *argument = argv[*position];
    const char *value;
    struct option option;
    if (!find_option(verb, options->migration, argument, &option, &value)) {
        return fail_unknown_option(options, verb, argument, error);
    }
    if (option.value == NULL) {
        return value == NULL ? set_option(options, &option, NULL, error)
                             : error_set(error, ERROR_USAGE, "--%s takes no value", option.name);
    }
    if (value == NULL) {
        if (*position + 1 >= argc) {
            return error_set(error, ERROR_USAGE, "--%s: expected %s after it", option.name,
                             option.value);
        }
        value = argv[++*position];
    }
    return set_option(options, &option, value, error);
}

static int parse_argument(const struct verb *verb, struct options *options, const char *argument,
                          struct error *error) {
    if (options->argument_count >= option_most_arguments(verb)) {
        return fail_arguments(options, verb, argument, error);
    }
    options->argument = options->argument_count == 0 ? argument : options->argument;
    options->arguments[options->argument_count++] = argument;
    return 0;
}

/* For an address in any place other than the source: no message may repeat it. */
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

/* The source's own address may have one, which is masked where it is opened. */
static int refuse_passwords(int argc, char **argv, struct error *error) {
    for (int i = 1; i < argc; i++) {
        bool is_source = strncmp(argv[i], "--from=", strlen("--from=")) == 0 ||
                         strcmp(argv[i - 1], "--from") == 0 || strcmp(argv[i - 1], "-f") == 0;
        if (!is_source && refuse_password(argv[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* --migration is read before the other options, which may be the migration's own. */
static int choose_migration(struct options *options, int argc, char **argv, struct error *error) {
    static const char name[] = "--migration";
    size_t length = sizeof name - 1;
    for (int i = 2; i < argc && argv[i] != NULL && strcmp(argv[i], "--") != 0; i++) {
        const char *value = NULL;
        if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') {
            value = argv[i] + length + 1;
        } else if (strcmp(argv[i], name) == 0 && i + 1 < argc) {
            value = argv[i + 1];
        }
        if (value != NULL && (options->migration = migrations_find(value, error)) == NULL) {
            options->migration = migrations_default;
            return -1;
        }
    }
    return 0;
}

static void set_defaults(struct options *options) {
    memset(options, 0, sizeof *options);
    options->workspace = "valdb.rowpost";
    options->migration = migrations_default;
    options->as_of = date_day_of(date_now());
    options->give_up_after = DEFAULT_GIVE_UP_AFTER;
    options->settle = DEFAULT_SETTLE;
    options->ldap_timeout = PEOPLE_TIMEOUT;
    options->log = LOG_NORMAL;
}

static int parse_all(const struct verb *verb, struct options *options, int argc, char **argv,
                     struct error *error) {
    bool is_option_over = false;
    for (int i = 2; i < argc; i++) {
        int rc;
        if (!is_option_over && strcmp(argv[i], "--") == 0) {
            is_option_over = true;
            continue;
        }
        if (!is_option_over && shell_word_is_option(span_of(argv[i]))) {
            rc = parse_option(verb, options, argc, argv, &i, error);
        } else {
            rc = parse_argument(verb, options, argv[i], error);
        }
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

int options_parse(int argc, char **argv, struct options *options, struct error *error) {
    set_defaults(options);
    options->program = argc > 0 ? argv[0] : "rowpost";
    options->started = clock_now();
    if (argc < 2) {
        return fail_unknown_verb(options, "", error);
    }
    if (refuse_passwords(argc, argv, error) != 0) {
        return -1;
    }
    const struct verb *verb = option_find_verb(argv[1]);
    if (verb == NULL) {
        return fail_unknown_verb(options, argv[1], error);
    }
    options->verb = verb->name;
    options->arguments = calloc((size_t)argc, sizeof *options->arguments);
    options->given = calloc((size_t)argc, sizeof *options->given);
    if (options->arguments == NULL || options->given == NULL) {
        return error_set_no_memory(error);
    }
    if (choose_migration(options, argc, argv, error) != 0 ||
        parse_all(verb, options, argc, argv, error) != 0) {
        return -1;
    }
    if (!options->help && options->argument_count < option_least_arguments(verb)) {
        return fail_arguments(options, verb, NULL, error);
    }
    return 0;
}
