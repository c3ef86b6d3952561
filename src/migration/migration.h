/* What a migration is: kinds of documents in the order in which they are posted, the rules that
 * make documents of rows, and for each kind how it is posted, found again and compared.
 *
 * A migration is constant data and plain functions; it knows the source and nothing of the
 * workspace or of HTTP. What it makes goes into a sink, what it reads of the target is JSON that
 * the delivery hands it. Spans given to a sink live for the call only. */
#ifndef ROWPOST_MIGRATION_MIGRATION_H
#define ROWPOST_MIGRATION_MIGRATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "source/source.h"

/* One body to be posted. `key` is unique within its kind and means something to people: a login, a
 * campaign's name. */
struct document {
    size_t kind; /* position in the migration's kinds */
    struct span key;
    struct span body;   /* JSON */
    struct span origin; /* where it comes from if no source row became it; else null */
};

/* A row of a query: what the account counts. */
struct row_reference {
    int query;       /* as begin_query gave it */
    struct span row; /* what names the row in its query: its ID, a login, a line's number */
};

/* What came of looking a person up. */
enum person_outcome {
    PERSON_FOUND,
    PERSON_OF_ADDRESSES,    /* one person with several addresses, of which the first was taken */
    PERSON_NOBODY,          /* no entry */
    PERSON_SEVERAL,         /* several entries, so none was taken */
    PERSON_WITHOUT_ADDRESS, /* an entry without an address, as of somebody who has left */
    PERSON_WITHOUT_NAME     /* an entry without a full name */
};

struct person_lookup {
    size_t kind;      /* of the documents for which it was done */
    struct span name; /* or login, as the source has it */
    enum person_outcome outcome;
    int64_t uses;      /* how often the source has it where a person is looked up */
    struct span found; /* the person or persons, for people */
};

/* Where a migration puts what it makes. Every row that a query returns has to end in exactly one
 * of use_row, skip_row and reject_row; end_query says how many rows were read, and who keeps the
 * account compares. All return 0, or -1 with the error. */
struct migration_sink {
    void *context;
    int (*begin_query)(void *context, size_t kind, const char *name, const char *sql, int *query,
                       struct error *error);
    int (*end_query)(void *context, int query, int64_t rows_read, struct error *error);
    int (*add_document)(void *context, const struct document *document, int64_t *id,
                        struct error *error);
    int (*use_row)(void *context, struct row_reference row, int64_t document, struct error *error);
    int (*skip_row)(void *context, struct row_reference row, const char *rule, struct span content,
                    struct error *error);
    int (*reject_row)(void *context, struct row_reference row, struct span reason,
                      struct span content, struct error *error);
    int (*count_correction)(void *context, size_t kind, const char *correction, int64_t times,
                            struct error *error);
    /* A sink may want to see rows that are used, too (those that are not come with their content
     * anyway). Then the migration gives their content, as JSON, at any time. Both may be NULL. */
    bool (*wants_content)(void *context, struct row_reference row);
    int (*give_content)(void *context, struct row_reference row, struct span content,
                        struct error *error);
    /* Something that the owner of the data should know and that stops nothing. */
    int (*warn)(void *context, size_t kind, struct span key, struct span text, struct error *error);
    /* Who was looked up in the people directory; once for each name and kind. */
    int (*tell_lookup)(void *context, const struct person_lookup *lookup, struct error *error);
};

/* For a migration: whether its sink wants the content of a row that is used; and gives it where it
 * does. */
bool migration_wants_content(const struct migration_sink *sink, struct row_reference row);
int migration_show_row(const struct migration_sink *sink, struct row_reference row,
                       struct span content, struct error *error);

enum migration_rules { RULES_CORRECTED, RULES_NOTEBOOK };

struct migration_alias {
    const char *from;
    const char *to;
};

struct migration_settings {
    enum migration_rules rules;
    int64_t as_of;                      /* the day that counts as today */
    bool history;                       /* read the tables of earlier versions too */
    const char *admins;                 /* the administrators' list, or NULL */
    const char *people;                 /* the people directory: a list or a server; or NULL */
    const struct people_access *access; /* how a server is asked (people.h); NULL: anonymously */
    const struct migration_alias *aliases;
    size_t alias_count;
};

/* How strictly a record of the target is held against the document that was planned. */
enum comparison {
    COMPARE_ANSWER,   /* the answer to the post: everything is there, nothing has changed yet */
    COMPARE_LISTED,   /* found in a list of names: what the list does not show is passed */
    COMPARE_READ_BACK /* read back: parts that the API leaves out, or fills in later, are passed */
};

/* Told each field that differs; both values are short texts for people. */
struct difference_sink {
    void *context;
    void (*add)(void *context, const char *field, struct span planned, struct span found);
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

/* What a correction or a skipping rule means, for the account and for the report. */
struct migration_rule {
    const char *id;
    const char *meaning;
};

struct migration {
    const char *name;
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

    /* Reads the source and fills the sink. */
    int (*plan)(const struct migration_settings *settings, struct source *source,
                struct migration_sink *sink, struct error *error);
};

/* The kind of that name, or NULL with an error that lists the kinds there are. */
const struct migration_kind *migration_find_kind(const struct migration *migration,
                                                 const char *name, struct error *error);

#endif
