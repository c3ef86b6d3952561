/* The command line: verbs and options as tables, from which parsing and `--help` are made.
 *
 * options_parse() fills a `struct options` whose texts point into argv, the environment or memory
 * that options_free() releases. */
#ifndef ROWPOST_CLI_OPTIONS_H
#define ROWPOST_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "http/session.h"
#include "metrics/metrics.h"
#include "migration/migration.h"

enum {
    MAX_VALUES = 80,
    MAX_OWNED = 32,
    MAX_JOBS = 64,
    DEFAULT_GIVE_UP_AFTER = 120,
    DEFAULT_SETTLE = 30
};

/* An option of the program's own, as it was given; a switch has no value. */
struct given_option {
    const char *name;
    const char *value;
};

struct options {
    const char *program; /* the path by which it was started */
    int64_t started;     /* clock time */
    const char *verb;
    const char *argument;   /* the verb's own: a key; or NULL */
    const char **arguments; /* all of them, where the verb takes several */
    size_t argument_count;
    const char *source;
    const char *schema;
    const char *source_password_file;
    const char *source_ca_file;
    const char *trace;
    const char *tns_admin;
    long source_timeout;  /* seconds; 0: the driver's default */
    const char *old_user; /* the credentials' database of the notebook: user, host:port, service */
    const char *old_url;
    const char *old_service;
    const char *workspace;
    const char *target;
    const char *cookies;
    const char *token_file;
    enum auth_scheme auth_scheme;
    const char *auth_header;
    const char *credentials;
    bool has_credentials; /* the content of that file has been read */
    const char *people;
    bool people_refresh;
    const char *ldap_attributes;
    const char *ldap_bind;
    const char *ldap_password_file;
    bool ldap_starttls;
    long ldap_timeout; /* seconds */
    const char *kind;
    const char *ca_file;
    const char *client_cert;
    const char *client_key;
    const char *netrc;
    const char *oauth2_token_url;
    const char *oauth2_audience;
    const char *client_id;
    const char *client_secret_file;
    const char *directory;
    const char *output;
    const char *format;
    const char *metrics_file;
    const char *tables;
    const char *save; /* a new test's name */
    const char *rows; /* of which it is made */
    const char *table;
    const char *keep_staged;
    int64_t as_of;
    bool deep;
    bool json;
    bool insecure;
    bool new_target;
    bool retry_refused;
    bool accept_rejects;
    bool help;
    const char *only;
    const char *key;
    const char *each_author;
    long jobs; /* 0: automatic */
    long limit;
    double rate; /* requests a second, 0: no limit */
    bool save_cookies;
    bool client_in_form;
    bool update_existing;
    bool dry_run;
    bool yes;
    bool force;
    long into;          /* parts; 0: not given */
    long recall;        /* a part's number; 0: none */
    long sample;        /* rows to show next to their documents; 0: none */
    long give_up_after; /* seconds */
    double settle;      /* seconds */
    enum log_level log;
    enum log_format log_format;

    /* In their order; of an option that counts once, the last value. */
    struct given_option *given;
    size_t given_count;

    /* The migration that --migration names, or the default; and its own options as they were
     * given. */
    const struct migration *migration;
    struct migration_value values[MAX_VALUES];
    size_t value_count;

    /* what --metrics reports while the verb is running; owned by main() */
    struct metrics *metrics;

    /* what the texts above may point to */
    struct text token;
    struct text client_secret;
    struct text ldap_password;
    char *owned[MAX_OWNED];
    size_t owned_count;
};

/* 0; or -1 with ERROR_USAGE that names the option and what was expected. */
int options_parse(int argc, char **argv, struct options *options, struct error *error);
void options_free(struct options *options);

/* Whether the migration has the option; and adds a value of it, both borrowed. -1 with ERROR_USAGE
 * where the option does not take it. */
bool options_has_option(const struct options *options, const char *name);
int options_add_value(struct options *options, const char *name, const char *value,
                      struct error *error);

/* Appends the help of the program (verb NULL) or of one verb, with the migration's options. Returns
 * -1 for an unknown verb. */
int options_append_help(const char *verb, const struct migration *migration, struct text *out);

#endif
