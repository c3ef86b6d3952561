#include "cli/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "cli/migrations.h"
#include "cli/option_table.h"
#include "cli/sqlalchemy_url.h"
#include "migration/sqlfile/sqlfile.h"
#include "people/people.h"
#include "workspace/row_sample.h"
#include "workspace/split.h"

enum { LONGEST_SETTLE = 24 * 3600 };

void options_free(struct options *options) {
    free(options->arguments);
    for (size_t i = 0; i < options->owned_count; i++) {
        free(options->owned[i]);
    }
    struct text *const secrets[] = {&options->token, &options->client_secret,
                                    &options->ldap_password};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        text_wipe(secrets[i]);
    }
}

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

/* By the default migration, as nobody has named one yet. */
const char *option_kind_choice(size_t index) {
    return index < migrations_default->kind_count ? migrations_default->kinds[index].name : NULL;
}

int option_parse_log_format(struct options *options, const char *value, struct error *error) {
    for (size_t i = 0; log_formats[i] != NULL; i++) {
        if (strcmp(log_formats[i], value) == 0) {
            options->log_format = (enum log_format)i;
            return 0;
        }
    }
    return error_set(error, ERROR_USAGE, "--log-format %s: expected text or json", value);
}

int option_parse_auth_scheme(struct options *options, const char *value, struct error *error) {
    for (size_t i = AUTH_BEARER; i < AUTH_SCHEMES; i++) {
        if (strcmp(auth_schemes[i], value) == 0) {
            options->auth_scheme = (enum auth_scheme)i;
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

static const struct migration_option *find_own(const struct migration *migration,
                                               const char *name) {
    for (size_t i = 0; i < migration->option_count; i++) {
        if (strcmp(migration->options[i].name, name) == 0) {
            return &migration->options[i];
        }
    }
    return NULL;
}

/* Whether the value is one of the option's words; any is where it has none. */
static int check_choice(const struct migration_option *option, const char *value,
                        struct error *error) {
    struct text words = {0};
    for (size_t i = 0; option->choices != NULL && option->choices[i] != NULL; i++) {
        if (strcmp(option->choices[i], value) == 0) {
            text_free(&words);
            return 0;
        }
        text_append_format(&words, "%s%s", i == 0 ? "" : " or ", option->choices[i]);
    }
    int rc = option->choices == NULL ? 0
                                     : error_set(error, ERROR_USAGE, "--%s %s: expected %s",
                                                 option->name, value, text_string(&words));
    text_free(&words);
    return rc;
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

static int parse_option(const struct verb *verb, struct options *options, int argc, char **argv,
                        int *position, struct error *error) {
    const char *argument = argv[*position];
    const char *value;
    struct option option;
    if (!find_option(verb, options->migration, argument, &option, &value)) {
        return error_set(error, ERROR_USAGE, "%s: %s takes no such option; see `rowpost %s --help`",
                         argument, verb->name, verb->name);
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
    if (verb->argument == NULL || (options->argument != NULL && !option_takes_many(verb))) {
        return error_set(error, ERROR_USAGE, "%s: %s takes %s; see `rowpost %s --help`", argument,
                         verb->name, verb->argument == NULL ? "options only" : "one argument",
                         verb->name);
    }
    options->argument = argument;
    options->arguments[options->argument_count++] = argument;
    return 0;
}

/* In whatever place but that of the source the address is: no message may repeat it. */
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

/* --migration counts before the other options, which may be the migration's own. */
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
    options->as_of = date_today();
    options->give_up_after = DEFAULT_GIVE_UP_AFTER;
    options->settle = DEFAULT_SETTLE;
    options->ldap_timeout = PEOPLE_PATIENCE;
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
        if (!is_option_over && argv[i][0] == '-' && argv[i][1] != '\0') {
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
    if (argc < 2) {
        return error_set(error, ERROR_USAGE, "no verb; see `rowpost --help`");
    }
    if (refuse_passwords(argc, argv, error) != 0) {
        return -1;
    }
    const struct verb *verb = option_find_verb(argv[1]);
    if (verb == NULL) {
        return error_set(error, ERROR_USAGE, "%s is no verb; see `rowpost --help`", argv[1]);
    }
    options->verb = verb->name;
    options->arguments = calloc((size_t)argc, sizeof *options->arguments);
    if (options->arguments == NULL) {
        return error_set_no_memory(error);
    }
    if (choose_migration(options, argc, argv, error) != 0 ||
        parse_all(verb, options, argc, argv, error) != 0) {
        return -1;
    }
    if (!options->help && verb->needs_argument && options->argument == NULL) {
        return error_set(error, ERROR_USAGE, "%s needs %s; see `rowpost %s --help`", verb->name,
                         verb->argument, verb->name);
    }
    return 0;
}
