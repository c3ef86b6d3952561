/* The tables of the command line: every option, every verb with the options that it takes and
 * examples. Constant data. Parsing, `--help`, the man pages and the completion of both shells are
 * made from them, so a new option needs only an entry here. A migration adds the options of its own
 * (migration/migration.h). */
#ifndef ROWPOST_CLI_OPTION_TABLE_H
#define ROWPOST_CLI_OPTION_TABLE_H

#include "cli/options.h"

enum option_type {
    OPTION_TEXT, /* the field at `offset` is a const char * */
    OPTION_FLAG, /* the field at `offset` is a bool */
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_PARSED,      /* `parse` reads the value */
    OPTION_MIGRATION,   /* the migration itself; it is read before all others */
    OPTION_OF_MIGRATION /* kept under its name for the migration */
};

struct option {
    const char *name;
    char letter;       /* or '\0' */
    const char *value; /* its value, in capitals; NULL: none. FILE, CSV, PEM and SOURCE are files to
                          a shell that completes it, FOLDER is a folder */
    const char *help;
    enum option_type type;
    size_t offset;
    int (*parse)(struct options *options, const char *value, struct error *error);
    bool is_global;  /* every verb takes it */
    bool may_repeat; /* each occurrence counts */
    /* The allowed words, NULL after the last; one of the two is set, or neither: any text. */
    const char *(*choice)(size_t index);
    const char *const *choices;
};

/* How a verb reacts to an interrupt: one that changes nothing ends at once. */
enum verb_stop { STOP_AT_ONCE, STOP_IN_ORDER };

struct verb {
    const char *name;
    const char *argument; /* the verb's arguments, in capitals, or NULL: a word for each; optional
                             ones are in brackets, and `PART...` is any number */
    bool needs_argument;
    const char *summary;
    const char *options[60]; /* names, ended by NULL */
    const char *examples;
    int (*run)(struct options *options, struct error *error);
    enum verb_stop stop;
};

extern const struct option option_table[];
extern const size_t option_count;
extern const struct verb verb_table[];
extern const size_t verb_count;

/* Whether the verb takes any number of arguments: its argument ends with `...`. */
bool option_takes_many(const struct verb *verb);

/* How many arguments the verb takes; SIZE_MAX: any number. */
size_t option_least_arguments(const struct verb *verb);
size_t option_most_arguments(const struct verb *verb);

/* The verb of that name, or NULL. */
const struct verb *option_find_verb(const char *name);

/* Appends "; did you mean VERB?" where the name is near to that of a verb. */
void option_append_near_verb(const char *name, struct text *out);

/* The options that a verb takes: its own; the migration's, where --migration is among them; those
 * that every verb takes. False after the last. */
bool option_of_verb(const struct verb *verb, const struct migration *migration, size_t index,
                    struct option *option);

/* A migration's option as one of the program's. */
struct option option_of_migration(const struct migration_option *option);

/* The allowed words of an option, if it has any; NULL after the last. */
bool option_has_choices(const struct option *option);
const char *option_choice(const struct option *option, size_t index);

/* Appends the verb's examples, a command a line; one that is wider than a terminal continues on the
 * next line. */
void option_append_examples(const struct verb *verb, struct text *out);

/* The meaning of an exit status, by its number; NULL after the last. */
const char *option_exit_meaning(size_t status);

/* The allowed words of options. */
const char *option_log_format_choice(size_t index);
const char *option_kind_choice(size_t index);
const char *option_auth_choice(size_t index);

/* ERROR_USAGE that lists the allowed words of the option, and the one that was probably meant. */
int option_fail_choice(const char *option, const char *value, const char *(*choice)(size_t index),
                       struct error *error);

/* The parsers of values that are not plain texts. */
int option_parse_auth_scheme(struct options *options, const char *value, struct error *error);
int option_parse_day(struct options *options, const char *value, struct error *error);
int option_parse_settle(struct options *options, const char *value, struct error *error);
int option_parse_give_up(struct options *options, const char *value, struct error *error);
int option_parse_source_timeout(struct options *options, const char *value, struct error *error);
int option_parse_ldap_timeout(struct options *options, const char *value, struct error *error);
int option_parse_into(struct options *options, const char *value, struct error *error);
int option_parse_recall(struct options *options, const char *value, struct error *error);
int option_parse_sample(struct options *options, const char *value, struct error *error);
int option_parse_limit(struct options *options, const char *value, struct error *error);
int option_parse_rate(struct options *options, const char *value, struct error *error);
int option_parse_log_format(struct options *options, const char *value, struct error *error);
int option_parse_set(struct options *options, const char *value, struct error *error);
int option_parse_jobs(struct options *options, const char *value, struct error *error);

#endif
