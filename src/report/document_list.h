/* The documents of a workspace one after the other, each with what a line about it says.
 *
 * Kind by kind in the order in which they are posted, within a kind in the order of planning. The
 * spans of a `struct listed_document` live until the callback returns. Nothing is held in memory
 * but the document at hand. */
#ifndef ROWPOST_REPORT_DOCUMENT_LIST_H
#define ROWPOST_REPORT_DOCUMENT_LIST_H

#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
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
    DOCUMENTS_PLANNED,  /* of this plan: without those that are gone */
    DOCUMENTS_EVER,     /* and those that are gone */
    DOCUMENTS_ATTENTION /* those that a person should look at: failed, unclear, changed since they
                           were sent, or delivered and planned no more */
};

typedef int document_taker(void *context, const struct listed_document *document,
                           struct error *error);

/* Calls `take` for each document (of that kind; NULL: of any) until it returns other than 0. 0, or
 * -1 with the error. */
int document_list_each(struct workspace *workspace, const char *kind,
                       enum document_selection selection, document_taker *take, void *context,
                       struct error *error);

enum document_fare document_fare_of(enum state state, enum verdict verdict);

/* Appends why the document stands where it stands, in a sentence; nothing where all is well. */
void document_append_reason(const struct listed_document *document, struct text *out);

#endif
