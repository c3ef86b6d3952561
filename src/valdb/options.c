#include "valdb/options.h"

#include <string.h>

#include "valdb/tokens.h"

static const char *const rule_sets[] = {
    [RULES_CORRECTED] = "corrected", [RULES_NOTEBOOK] = "notebook", NULL};

static int read_rules(struct valdb_options *options, const char *value, struct error *error) {
    for (enum rule_set set = RULES_CORRECTED; set <= RULES_NOTEBOOK; set++) {
        if (strcmp(rule_sets[set], value) == 0) {
            options->rules = set;
            return 0;
        }
    }
    return error_set(error, ERROR_USAGE, "--rules %s: expected corrected or notebook", value);
}

static int read_history(struct valdb_options *options, const char *value, struct error *error) {
    (void)value;
    (void)error;
    options->history = true;
    return 0;
}

static int read_alias(struct valdb_options *options, const char *value, struct error *error) {
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value || equals[1] == '\0') {
        return error_set(error, ERROR_USAGE,
                         "--alias %s: expected OLD=NEW, such as --alias Susy=NPS", value);
    }
    if (options->alias_count == OPTIONS_MOST_ALIASES) {
        return error_set(error, ERROR_USAGE, "--alias: at most %d", OPTIONS_MOST_ALIASES);
    }
    struct alias alias = {.from = {value, (size_t)(equals - value)}, .to = span_of(equals + 1)};
    if (!token_is_group_name(alias.from)) {
        return error_set(error, ERROR_USAGE,
                         "--alias %s: ValDB has no group %.*s; an alias renames a group, such as "
                         "--alias Susy=NPS",
                         value, (int)alias.from.length, alias.from.data);
    }
    options->aliases[options->alias_count++] = alias;
    return 0;
}

static int read_admins(struct valdb_options *options, const char *value, struct error *error) {
    (void)error;
    options->admins = value;
    return 0;
}

const struct migration_option valdb_option_table[OPTION_COUNT] = {
    {"rules", "SET", "corrected (default) or notebook", rule_sets, false, NULL},
    {"history", NULL, "put the earlier versions of each report into its content", NULL, false,
     NULL},
    {"alias", "OLD=NEW", "rename a group for the target (may be repeated)", NULL, true, NULL},
    {"admins", "CSV", "the administrators' list: user_name,email,fullname", NULL, false, NULL},
};

/* In the order of the table. */
static int (*const readers[OPTION_COUNT])(struct valdb_options *, const char *, struct error *) = {
    read_rules, read_history, read_alias, read_admins};

static int read_value(struct valdb_options *options, const struct migration_value *value,
                      struct error *error) {
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(valdb_option_table[i].name, value->name) == 0) {
            return readers[i](options, value->value, error);
        }
    }
    return error_set(error, ERROR_USAGE, "--%s: the ValDB migration has no such option",
                     value->name);
}

int valdb_options_read(const struct migration_settings *settings, struct valdb_options *options,
                       struct error *error) {
    *options = (struct valdb_options){.rules = RULES_CORRECTED};
    for (size_t i = 0; i < settings->value_count; i++) {
        if (read_value(options, &settings->values[i], error) != 0) {
            return -1;
        }
    }
    if (options->history && options->rules == RULES_NOTEBOOK) {
        return error_set(error, ERROR_USAGE,
                         "--history: the notebook does not read earlier versions; leave out either "
                         "--history or --rules notebook");
    }
    return 0;
}
