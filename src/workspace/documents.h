/* The documents of a workspace one after the other, each with the data of its line in a list.
 *
 * Kind by kind in the order in which they are posted, within a kind in the order of planning. The
 * spans of a `struct listed_document` live until the callback returns. Only the current document is
 * in memory. */
#ifndef ROWPOST_WORKSPACE_DOCUMENTS_H
#define ROWPOST_WORKSPACE_DOCUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "base/statement.h"
#include "base/text.h"
#include "workspace/standing.h"
#include "workspace/workspace.h"

struct listed_document {
    int64_t id;
    struct span kind;
    struct span key;
    enum state state; /* STATE_COUNT: a word that the program does not know */
    enum verdict verdict;
    enum change change;
    enum standing standing;
    struct span origin;
    struct span target_id;
    int64_t source_rows;
    int64_t attempts;
    int64_t duration; /* of all attempts, microseconds */
    int64_t findings;
    struct span fields; /* the first fields that were found different, separated by commas */

    /* The last attempt; of a refused document the last that was refused. Null and 0 where there is
     * none. */
    struct span started;
    struct span purpose;
    struct span outcome;
    struct span answer;
    int64_t status;
};

/* Documents are selected by a set of standings (workspace/standing.h). */
#define DOCUMENTS_ALL (~UINT32_C(0))
#define DOCUMENTS_PLANNED                                                                          \
    (DOCUMENTS_ALL & ~(STANDING_BIT(STANDING_STRANDED) | STANDING_BIT(STANDING_LEFT_OUT)))
uint32_t documents_wanting_attention(void);

typedef int document_taker(void *context, const struct listed_document *document,
                           struct error *error);

struct document_filter {
    const char *kind; /* NULL: of any */
    const char *key;  /* NULL: all */
    uint32_t standings;
};

/* Calls `take` for each document of the filter until it returns other than 0. 0, or -1 with the
 * error. */
int documents_each(struct workspace *workspace, const struct document_filter *filter,
                   document_taker *take, void *context, struct error *error);

/* The source rows of a selection's first `limit` documents, or only of that document (0: of all),
 * documents in the order of documents_each(): the table of rows has no index over documents, and is
 * read once for all of them. The caller owns the struct and closes it. */
struct document_rows {
    struct statement rows;
    int state; /* 1: there is a current row; 0: the end */
    bool is_used;
};
int document_rows_open(struct workspace *workspace, uint32_t standings, int64_t limit,
                       int64_t document, struct document_rows *rows, struct error *error);

/* The next row of that document: 1 with `*table` and `*row`, which live until the next call; 0
 * where there is none; -1 with the error. Documents are asked for in order. */
int document_rows_next(struct document_rows *rows, int64_t document, struct span *table,
                       struct span *row, struct error *error);
void document_rows_close(struct document_rows *rows);

/* Appends the reason for the document's standing, in a sentence; nothing where there is no
 * problem. */
void document_append_reason(const struct listed_document *document, struct text *out);

#endif
