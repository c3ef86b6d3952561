/* What a migration is: the tables that it reads, the rules that make documents from rows, and the
 * kinds of documents in the order in which they are sent (kind.h).
 *
 * A migration is constant data and plain functions. It reads staged tables (staging/staging.h) and
 * puts what it makes into a sink (base/plan_entry.h); it does not know the workspace or HTTP. What
 * it reads of the target is JSON that the delivery hands to it. */
#ifndef ROWPOST_MIGRATION_MIGRATION_H
#define ROWPOST_MIGRATION_MIGRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/plan_entry.h"
#include "base/span.h"
#include "base/text.h"
#include "migration/kind.h"
#include "staging/staging.h"
#include "staging/table.h"

struct migration_topics;
struct people_access;

/* An option that belongs to a migration: it is on the command line of `plan`, `run` and `demo` in
 * addition to the program's own, and its value is kept in the workspace under its name. Constant
 * data. */
struct migration_option {
    const char *name;  /* "rules" */
    const char *value; /* what its value is called in the help: "SET"; NULL: a switch */
    const char *help;
    const char *const *choices; /* the default first, NULL after the last; NULL: any text */
    bool may_repeat;
    const char *otherwise; /* the value where none is given, if an empty one may be given; or NULL:
                              an empty value is none */
};

/* One option as it was given; a switch has the value "yes". */
struct migration_value {
    const char *name;
    const char *value;
};

/* Everything is borrowed and lives as long as the plan. */
struct migration_settings {
    int64_t as_of;                        /* the day that counts as today (base/date.h) */
    const char *people;                   /* the people directory: a list or a server; or NULL */
    const struct people_access *access;   /* how a server is asked (people.h); NULL: anonymously */
    const struct migration_value *values; /* the migration's own options, in the order in which they
                                             were given */
    size_t value_count;
};

/* The last value of that name, or NULL. */
const char *migration_find_value(const struct migration_settings *settings, const char *name);

/* What a correction or a skipping rule means, for the summary and for the report. */
struct migration_rule {
    const char *id;
    const char *meaning;
};

/* The file that a migration was read from. */
struct migration_file {
    const char *path;
    struct span text;
    const char *sha256; /* of the text, in lower-case hexadecimal digits */
};

/* Records that the target already has and to which documents refer by name. Constant data. */
struct migration_existing {
    const char *name;    /* "projects" */
    const char *path;    /* of the request, for people */
    const void *context; /* for the functions; or NULL */

    /* The path of a page, from 0; `listed` is how many records the earlier pages have shown. 1, or
     * 0 where the path does not depend on the page. */
    int (*build)(const struct migration_existing *existing, size_t page, size_t listed,
                 struct text *path);

    /* The records that a page shows, each with its name as the key. As each_listed of kind.h. */
    int (*each)(const struct migration_existing *existing, const struct kind_answer *answer,
                const struct listed_sink *sink);
};

struct migration {
    const char *name;
    const struct migration_file *file; /* NULL: it is part of the program */
    const void *context;               /* the migration's own, for its functions; or NULL */

    const struct migration_kind *kinds;
    size_t kind_count;
    const struct migration_rule *corrections;
    size_t correction_count;
    const struct migration_rule *skips;
    size_t skip_count;

    /* A cheap path that answers JSON to every signed-in user, for probing; NULL: there is none. */
    const char *probe_path;

    /* Whether the answer to the probe shows a session that may write, and may read what it needs.
     * NULL: the answer does not show it. `ready_condition` is for people. */
    bool (*is_ready)(const struct migration *migration, const struct kind_answer *answer);
    const char *ready_condition;

    /* How the secret is sent unless the command line defines it: a word of --auth-scheme, a
     * header's name; NULL: not defined. */
    const char *auth_scheme;
    const char *auth_header;

    const struct migration_existing *existing;
    size_t existing_count;

    /* A path and a body that the target refuses as invalid if the user may write, and forbids
     * otherwise: to check the role without writing anything. */
    const char *refused_path; /* NULL: there is none */
    const char *refused_body;

    /* The options of this migration only. */
    const struct migration_option *options;
    size_t option_count;

    /* What is staged, and what `snapshot` copies. */
    const struct table *tables;
    size_t table_count;

    /* The default schema on a server. */
    const char *schema;

    /* Notes for people, each a sentence without a full stop; NULL: none. What a session needs to
     * write and read back; the role that it lacks where it may not write; the side effects of
     * removing records, and of changing records that existed before. */
    const char *session_advice;
    const char *writing_role;
    const char *target_example; /* an address, for messages */
    const char *undo_advice;
    const char *update_advice;

    /* Checks the options before anything is opened. 0, or -1 with ERROR_USAGE. */
    int (*check)(const struct migration *migration, const struct migration_settings *settings,
                 struct error *error);

    /* The settings that apply to requests and to reading answers from now on; they are copied.
     * NULL: none apply. 0, or -1 with the error. */
    int (*use)(const struct migration *migration, const struct migration_settings *settings,
               struct error *error);

    /* How many of the tables, from the first one on, are read under these settings: the others need
     * no staging. */
    size_t (*count_tables)(const struct migration *migration,
                           const struct migration_settings *settings);

    /* How words are staged under these settings. */
    enum staging_padding (*padding)(const struct migration *migration,
                                    const struct migration_settings *settings);

    /* Reads the staged tables and puts the entries. The connection of the staging is left
     * unchanged: the migration's own TEMP tables are dropped. */
    int (*plan)(const struct migration *migration, const struct migration_settings *settings,
                struct staging *staging, struct plan_sink *sink, struct error *error);

    /* What its rows and documents are about (migration/topics.h), for reports; NULL: not known. */
    const struct migration_topics *topics;
};

/* The kind of that name, or NULL with an error that lists all kinds. */
const struct migration_kind *migration_find_kind(const struct migration *migration,
                                                 const char *name, struct error *error);

#endif
