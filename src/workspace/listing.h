/* Lists of a workspace, read one row at a time: the only place for the queries of reports, lists
 * and `show`.
 *
 *     struct listing listing;
 *     listing_open(&listing, workspace, LISTING_REJECTS, &(struct listing_filter){0}, error);
 *     while ((rc = listing_next(&listing, error)) == 1) { ... listing_text(&listing, ROW_NAME) ...
 * } listing_close(&listing);
 *
 * Spans live until the next row. */
#ifndef ROWPOST_WORKSPACE_LISTING_H
#define ROWPOST_WORKSPACE_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/json_writer.h"
#include "base/span.h"
#include "base/statement.h"
#include "workspace/workspace.h"

/* The meaning of the filter's `name` comes first in each comment, then the columns. */
enum listing_of {
    LISTING_REJECTS,   /* of a table: table, row, reason, content */
    LISTING_SKIPS,     /* of a table: table, row, rule, content */
    LISTING_FINDINGS,  /* of a kind: kind, key, during, field, planned, found; then, with null keys,
                          the strangers */
    LISTING_PERSONS,   /* of a kind, not simply found: kind, name, outcome, uses, found */
    LISTING_EXPORT,    /* of a kind, in the version of the last plan: key, body */
    LISTING_DELIVERED, /* of a kind: kind, key, id (the target's own) */
    LISTING_KEYS,      /* of a kind, that begin with the filter's key: kind, key */
    LISTING_KINDS,     /* that begin with the filter's key: kind */
    LISTING_TABLES,    /* that begin with the filter's key: table */
    LISTING_DOCUMENTS, /* of a kind, with the filter's key: see enum document_column */
    LISTING_ROWS_OF_KEY,          /* of a kind, used in documents with that key: table, row */
    LISTING_ROWS_OF_DOCUMENT,     /* table, row, content (null: it is looked up in the source) */
    LISTING_ATTEMPTS_OF_DOCUMENT, /* the last ones: see enum attempt_column */
    LISTING_FINDINGS_OF_DOCUMENT, /* during, field, planned, found */
    LISTING_BODY_OF_DOCUMENT,     /* body, changed_body */
    LISTING_SETTINGS,             /* name, value */
    LISTING_BODIES,  /* every document in the order of documents_each(): see enum body_column */
    LISTING_UNUSED,  /* every row that is in no document: see enum unused_column */
    LISTING_LOOKUPS, /* every name that was looked up: as LISTING_PERSONS */
    LISTING_DOCUMENTS_OF_ROW, /* of the used rows with the filter's key as their name: table, kind,
                                 key of the document */
    LISTING_ENDINGS,          /* how requests ended: see enum ending_column */
    LISTING_OWNER,            /* pid, host, verb, since; no row where nobody worked on it */
    LISTING_COUNT
};

/* The columns of rejects, skips and a document's rows; a reason and a rule are at the same place.
 */
enum row_column { ROW_TABLE, ROW_NAME, ROW_BECAUSE, ROW_CONTENT };
enum { USED_ROW_CONTENT = 2 };

enum document_column {
    DOCUMENT_ID,
    DOCUMENT_KIND,
    DOCUMENT_KEY,
    DOCUMENT_STATE,
    DOCUMENT_VERDICT,
    DOCUMENT_CHANGE,
    DOCUMENT_ORIGIN,
    DOCUMENT_TARGET_ID,
    DOCUMENT_PART,
    DOCUMENT_BODY,
    DOCUMENT_CHANGED_BODY
};

enum attempt_column {
    ATTEMPT_STARTED,
    ATTEMPT_PURPOSE,
    ATTEMPT_METHOD,
    ATTEMPT_PATH,
    ATTEMPT_STATUS,
    ATTEMPT_OUTCOME,
    ATTEMPT_DURATION,
    ATTEMPT_ANSWER
};

enum body_column { BODY_DOCUMENT, BODY_KIND, BODY_KEY, BODY_STANDING, BODY_TEXT };
enum unused_column {
    UNUSED_TABLE,
    UNUSED_NAME,
    UNUSED_BECAUSE,
    UNUSED_CONTENT,
    UNUSED_IS_REJECTED
};
enum person_column { PERSON_KIND, PERSON_NAME, PERSON_OUTCOME, PERSON_USES, PERSON_WHO };

/* The requests for one purpose with one outcome, by the current standing of their documents. */
enum ending_column { ENDING_PURPOSE, ENDING_OUTCOME, ENDING_STANDING, ENDING_REQUESTS };

enum finding_column { FINDING_DURING, FINDING_FIELD, FINDING_PLANNED, FINDING_FOUND };

struct listing_filter {
    const char *name; /* a kind or a table; NULL: all */
    const char *key;
    int64_t document;
    int64_t limit; /* 0: all */
};

struct listing_column {
    const char *name; /* for programs */
    bool is_json;     /* it is JSON already */
};

struct listing {
    const struct listing_column *columns;
    size_t column_count;
    struct statement rows;
};

/* 0; or -1 with the error, and nothing has to be closed. */
int listing_open(struct listing *listing, struct workspace *workspace, enum listing_of which,
                 const struct listing_filter *filter, struct error *error);
void listing_close(struct listing *listing);

/* 1: a row is there; 0: the end; -1: the error. */
int listing_next(struct listing *listing, struct error *error);

/* The value as text; null for null. */
struct span listing_text(const struct listing *listing, int column);
int64_t listing_integer(const struct listing *listing, int column);
bool listing_is_integer(const struct listing *listing, int column);

/* Writes the value as a member of an object: its column's name, and a number, JSON or a text. */
void listing_write_member(const struct listing *listing, int column, struct json_writer *json);

#endif
