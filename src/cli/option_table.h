/* The tables behind the command line: every option, every verb with the options that it takes and
 * examples. Constant data. */
#ifndef ROWPOST_CLI_OPTION_TABLE_H
#define ROWPOST_CLI_OPTION_TABLE_H

#include "cli/options.h"

enum option_type {
    OPTION_TEXT, /* the field at `offset` is a const char * */
    OPTION_FLAG, /* the field at `offset` is a bool */
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_PARSED /* `parse` reads the value */
};

struct option {
    const char *name;
    char letter;       /* or '\0' */
    const char *value; /* what stands behind it, in capitals; NULL: nothing */
    const char *help;
    enum option_type type;
    size_t offset;
    int (*parse)(struct options *options, const char *value, struct error *error);
    bool is_global; /* every verb takes it */
};

struct verb {
    const char *name;
    const char *argument; /* what may stand behind the verb, in capitals, or NULL */
    bool needs_argument;
    const char *summary;
    const char *options[40]; /* names, ended by NULL */
    const char *examples;
    int (*run)(struct options *options, struct error *error);
};

extern const struct option option_table[];
extern const size_t option_count;
extern const struct verb verb_table[];
extern const size_t verb_count;

/* The verb of that name, or NULL. */
const struct verb *option_find_verb(const char *name);

/* The parsers of values that are not plain texts. */
int option_parse_rules(struct options *options, const char *value, struct error *error);
int option_parse_day(struct options *options, const char *value, struct error *error);
int option_parse_alias(struct options *options, const char *value, struct error *error);
int option_parse_give_up(struct options *options, const char *value, struct error *error);
int option_parse_limit(struct options *options, const char *value, struct error *error);
int option_parse_rate(struct options *options, const char *value, struct error *error);
int option_parse_log_format(struct options *options, const char *value, struct error *error);
int option_parse_jobs(struct options *options, const char *value, struct error *error);

#endif
