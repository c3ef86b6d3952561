/* What a plan is made of, one entry at a time: the vocabulary that a migration and a workspace
 * share.
 *
 * A migration puts entries into a sink; a workspace keeps them. The order is part of the contract:
 *   - every table comes first, with the number of its rows; tables are numbered from 0 in that
 * order;
 *   - a document is followed at once by the rows that are used in it, as many as it states;
 *   - each row of each table comes exactly once: used, skipped or rejected.
 * The code that stores the entries checks all three. Spans live for the call only. */
#ifndef ROWPOST_BASE_PLAN_ENTRY_H
#define ROWPOST_BASE_PLAN_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"

enum plan_entry_kind {
    PLAN_TABLE,
    PLAN_DOCUMENT,
    PLAN_ROW,
    PLAN_CORRECTION,
    PLAN_WARNING,
    PLAN_PERSON,
    PLAN_ANSWER,
    PLAN_ENTRY_KIND_COUNT
};

/* How a source row ends. */
enum row_outcome { OUTCOME_USED, OUTCOME_SKIPPED, OUTCOME_REJECTED, OUTCOME_COUNT };

/* What came of looking a person up. */
enum person_outcome {
    PERSON_FOUND,
    PERSON_OF_ADDRESSES,    /* one person with several addresses; the first was taken */
    PERSON_NOBODY,          /* no entry */
    PERSON_SEVERAL,         /* several entries, so none was taken */
    PERSON_WITHOUT_ADDRESS, /* an entry without an address, as of somebody who has left */
    PERSON_WITHOUT_NAME,    /* an entry without a full name */
    PERSON_OUTCOME_COUNT
};

/* A table that the migration reads: of the source, or a list that is staged like one. */
struct plan_table {
    struct span name; /* as the migration declares it: "users", "administrators-list" */
    int64_t rows;     /* the source's own COUNT(*) of those that are read */
    int64_t left;     /* of those that the migration leaves at the source; they do not come */
    struct span left_because; /* why; null where all are read */
};

/* A body to be posted. `key` is unique in its kind and means something to people: a login, a
 * campaign's name. */
struct plan_document {
    size_t kind; /* position in the migration's kinds */
    struct span key;
    struct span body;   /* JSON */
    struct span values; /* a JSON object: what its paths, headers and conditions use; or null */
    struct span expect; /* a JSON object: what the record has in addition to the body; or null */
    struct span ordering_key; /* documents of one such key are sent in order; or null */
    struct span origin;       /* where it comes from if no source row became it; else null */
    int64_t rows;             /* how many source rows it is made of; they follow */
};

/* A row of a table. One that is used belongs to the document before it. */
struct plan_row {
    size_t table;    /* its number */
    struct span row; /* what names the row in its table: the values of its key columns */
    enum row_outcome outcome;
    struct span because; /* the id of the rule, or the reason; null for a row that is used */
    struct span content; /* the row as JSON; null for a row that is used */
};

struct plan_correction {
    size_t kind;
    struct span id;
    int64_t times;
};

/* What the owner of the data should know and what stops nothing. */
struct plan_warning {
    size_t kind;
    struct span key;
    struct span text;
};

/* Who was looked up in the people directory; once for each name and kind. */
struct plan_person {
    size_t kind;      /* of the documents for which the person was looked up */
    struct span name; /* or login, as the source has it */
    enum person_outcome outcome;
    int64_t uses;      /* how often the source has it where a person is looked up */
    struct span found; /* the person or persons, for people to read */
};

/* What a people directory on a server has answered for a name. */
struct plan_answer {
    struct span directory;
    struct span name;
    struct span answer;
};

struct plan_entry {
    enum plan_entry_kind kind;
    union {
        struct plan_table table;
        struct plan_document document;
        struct plan_row row;
        struct plan_correction correction;
        struct plan_warning warning;
        struct plan_person person;
        struct plan_answer answer;
    };
};

/* Where the entries go. `put` returns 0, or -1 with the error, which ends the plan. */
struct plan_sink {
    void *context;
    int (*put)(void *context, const struct plan_entry *entry, struct error *error);
};

#endif
