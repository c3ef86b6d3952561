/* What a migration is: kinds of documents in the order in which they are posted, the tables and the
 * rules that make documents of rows, and for each kind how it is posted, found again and compared.
 *
 * A migration is constant data and plain functions. It reads staged tables (staging/staging.h) and
 * puts what it makes into a sink (base/plan_entry.h); it does not know the workspace or HTTP. What
 * it reads of the target is JSON that the delivery hands to it. */
#ifndef ROWPOST_MIGRATION_MIGRATION_H
#define ROWPOST_MIGRATION_MIGRATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/plan_entry.h"
#include "base/span.h"
#include "base/text.h"
#include "staging/staging.h"
#include "staging/table.h"

struct migration_topics;
struct people_access;

/* An option that belongs to a migration: it is on the command line of `plan`, `run` and `demo`
 * beside the program's own, and its value is kept in the workspace under its name. Constant data.
 */
struct migration_option {
    const char *name;  /* "rules" */
    const char *value; /* what its value is called in the help: "SET"; NULL: a switch */
    const char *help;
    const char *const *choices; /* the values there are, the default first, NULL behind the last;
                                   NULL: any text */
    bool may_repeat;
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

/* How strictly a record of the target is held against the document that was planned. */
enum comparison {
    COMPARE_ANSWER,   /* the answer to the post: everything is there, nothing has changed yet */
    COMPARE_LISTED,   /* found in a list of names: what the list does not show is passed */
    COMPARE_READ_BACK /* read back: parts that the API leaves out, or fills in later, are passed */
};

/* Told each field that differs; both values are short texts for people. And told that memory ran
 * out: then a comparison has shown nothing. */
struct difference_sink {
    void *context;
    void (*add)(void *context, const char *field, struct span planned, struct span found);
    void (*fail)(void *context); /* or NULL */
};

enum lookup_result { LOOKUP_FOUND, LOOKUP_MISSING, LOOKUP_UNREADABLE };

struct migration_kind {
    const char *name;      /* "validators" */
    const char *post_path; /* "/api/users/" */

    /* What one such document is called in a sentence: "user", "campaign". */
    const char *noun;

    /* The fields of a record that hold the target's own name for it, and when it was made. */
    const char *id_field;
    const char *created_field;

    /* True where the record is the one that the document speaks of, however it differs. */
    bool (*is_record_of)(struct span key, const json_t *body, const json_t *record);

    /* The path by which a document is found again. 1: appended; 0: this one cannot be read back
     * by a path of its own (its existence can still be asked for by build_existence_path). */
    int (*build_lookup_path)(struct span key, const json_t *body, struct text *path);

    /* A path whose answer is a list that tells whether the record exists at all, for a target that
     * cannot read the record itself; NULL where build_lookup_path is enough. */
    void (*build_existence_path)(struct span key, const json_t *body, struct text *path);

    /* Picks the record out of a look-up's (or an existence list's) answer. `*record` is borrowed
     * from `answer`. */
    enum lookup_result (*find_record)(const json_t *answer, struct span key, const json_t *body,
                                      const json_t **record);

    /* Compares field by field and reports every difference. Returns their number. */
    size_t (*compare)(const json_t *body, const json_t *record, enum comparison comparison,
                      const struct difference_sink *differences);

    /* True where a refusal with this message means that the record may be there already. */
    bool (*means_exists)(const json_t *answer);

    /* True where a refusal with this answer was decided before anything was stored; NULL: no answer
     * says so. After every other refusal the record is looked for. */
    bool (*is_refused_unstored)(const json_t *answer);

    /* How a record that differs is brought to what was planned: which fields can be, and the path
     * and the body of a PUT; NULL where the target does not let it be changed. `id` is the target's
     * own name for the record. */
    bool (*can_update)(const char *field);
    void (*build_update)(struct span id, const json_t *body, struct text *path,
                         struct text *update);

    /* The path of a DELETE; NULL where the target has none. */
    void (*build_removal_path)(struct span id, struct text *path);

    /* The body without the parts that other rows have put into it, to show a row beside what it has
     * become: a new reference, or NULL for the whole body. `row` is a row's content. The function
     * is NULL where a body has no such parts. */
    json_t *(*pick_for_row)(const json_t *body, const json_t *row);

    /* Parts that a look-up leaves out and that have to be read one by one (a campaign's report
     * contents): their number, the path of one, and its comparison. NULL: there are none. */
    size_t (*count_parts)(const json_t *body);
    void (*build_part_path)(struct span key, const json_t *body, size_t part, struct text *path);
    size_t (*compare_part)(const json_t *body, size_t part, const json_t *answer,
                           const struct difference_sink *differences);
};

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

    /* A cheap path that answers JSON to whoever is signed in, for probing. */
    const char *probe_path;

    /* A path and a body that the target refuses from whoever may write, and forbids to others: to
     * ask for the role without writing anything. */
    const char *refused_path;
    const char *refused_body;

    /* The options of this migration only. */
    const struct migration_option *options;
    size_t option_count;

    /* What is staged, and what `snapshot` copies. */
    const struct table *tables;
    size_t table_count;

    /* The default schema on a server. */
    const char *schema;

    /* What a person has to know, in a sentence each without a full stop; NULL: nothing. What a
     * session needs so that it may write and read back, and the role that it lacks where it may not
     * write; what removing records, and changing records that were there before, does beyond it. */
    const char *session_advice;
    const char *writing_role;
    const char *target_example; /* an address, for messages */
    const char *undo_advice;
    const char *update_advice;

    /* Checks the options before anything is opened. 0, or -1 with ERROR_USAGE. */
    int (*check)(const struct migration *migration, const struct migration_settings *settings,
                 struct error *error);

    /* How many of the tables, from the first one on, are read under these settings: the others need
     * not be staged. */
    size_t (*count_tables)(const struct migration *migration,
                           const struct migration_settings *settings);

    /* How words are staged under these settings. */
    enum staging_padding (*padding)(const struct migration *migration,
                                    const struct migration_settings *settings);

    /* Reads the staged tables and puts the entries. The connection of the staging is left as it
     * was: TEMP tables of the migration's own are gone. */
    int (*plan)(const struct migration *migration, const struct migration_settings *settings,
                struct staging *staging, struct plan_sink *sink, struct error *error);

    /* What its rows and documents are about (migration/topics.h), for reports; NULL: not known. */
    const struct migration_topics *topics;
};

/* The kind of that name, or NULL with an error that lists the kinds there are. */
const struct migration_kind *migration_find_kind(const struct migration *migration,
                                                 const char *name, struct error *error);

#endif
