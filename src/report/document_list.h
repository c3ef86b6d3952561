/* The documents of a workspace one after the other, each with what a line about it says.
 *
 * Kind by kind in the order in which they are posted, within a kind in the order of planning. The
 * spans of a `struct listed_document` live until the callback returns. Nothing is held in memory
 * but the document at hand. */
#ifndef ROWPOST_REPORT_DOCUMENT_LIST_H
#define ROWPOST_REPORT_DOCUMENT_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/statement.h"
#include "base/text.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

/* How a document has fared, in one word; the first that applies. */
enum document_fare {
    FARE_FAILED,  /* refused or different; or verify found it different or missing */
    FARE_UNCLEAR, /* unknown or sending: nobody knows yet whether it has arrived */
    FARE_OPEN,    /* pending */
    FARE_WELL     /* on the target */
};

struct listed_document {
    int64_t id;
    struct span kind;
    struct span key;
    enum state state; /* STATE_COUNT: a word that the program does not know */
    enum verdict verdict;
    enum change change;
    struct span origin;
    struct span target_id;
    int64_t source_rows;
    int64_t attempts;
    int64_t duration; /* of all attempts, microseconds */
    int64_t findings;
    struct span fields; /* the first fields that were found different, separated by commas */

    /* The last attempt; null and 0 where there is none. */
    struct span started;
    struct span purpose;
    struct span outcome;
    struct span answer;
    int64_t status;
};

enum document_selection {
    DOCUMENTS_PLANNED,   /* of this plan: without those that are gone */
    DOCUMENTS_EVER,      /* and those that are gone */
    DOCUMENTS_ATTENTION, /* those that a person should look at: all of the following, of which each
                            document is in one at most */
    DOCUMENTS_REFUSED,
    DOCUMENTS_DIFFERENT, /* the target had another record, or verify found a difference */
    DOCUMENTS_MISSING,
    DOCUMENTS_UNCLEAR,
    DOCUMENTS_CHANGED,  /* planned differently now than they were sent */
    DOCUMENTS_STRANDED, /* delivered, and planned no more */
    DOCUMENT_SELECTIONS
};

typedef int document_taker(void *context, const struct listed_document *document,
                           struct error *error);

/* Calls `take` for each document (of that kind; NULL: of any) until it returns other than 0. 0, or
 * -1 with the error. */
int document_list_each(struct workspace *workspace, const char *kind,
                       enum document_selection selection, document_taker *take, void *context,
                       struct error *error);

/* How many there are. */
int document_count(struct workspace *workspace, enum document_selection selection, int64_t *count,
                   struct error *error);

/* The source rows of a selection's first `limit` documents, documents in the order of
 * document_list_each(): the table of rows has no index over documents, and is read once for all of
 * them. Opened into a struct of the caller's, who closes it. */
struct document_rows {
    struct statement rows;
    int state; /* 1: a row is at hand; 0: the end */
    bool is_used;
};
int document_rows_open(struct workspace *workspace, enum document_selection selection,
                       int64_t limit, struct document_rows *rows, struct error *error);

/* The next row of that document: 1 with `*query` and `*row`, which live until the next call; 0
 * where there is none; -1 with the error. Documents are asked for in order. */
int document_rows_next(struct document_rows *rows, int64_t document, struct span *query,
                       struct span *row, struct error *error);
void document_rows_close(struct document_rows *rows);

enum document_fare document_fare_of(enum state state, enum verdict verdict);

/* Appends why the document stands where it stands, in a sentence; nothing where all is well. */
void document_append_reason(const struct listed_document *document, struct text *out);

#endif
