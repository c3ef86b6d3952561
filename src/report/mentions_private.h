/* The temporary database of report/mentions.h, for the code that fills it and the code that queries
 * it. */
#ifndef ROWPOST_REPORT_MENTIONS_PRIVATE_H
#define ROWPOST_REPORT_MENTIONS_PRIVATE_H

#include "base/statement.h"
#include "report/mentions.h"

struct mentions {
    const struct report *report;
    const struct migration_topics *topics; /* NULL: none */
    sqlite3 *database;
    struct statement insert;
    struct statement address;
    struct topic_part part; /* what is described at the moment */
    struct text folded[TOPIC_MOST];
    struct text found; /* the folded name */
};

#endif
