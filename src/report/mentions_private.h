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
    struct statement insert_person;
    struct statement address;
    struct topic_part part; /* what is described at the moment */
    struct text folded[TOPIC_MOST];
    struct text found; /* the folded name */
};

/* Where the folded name is that of a person whom the people directory knows, it becomes their
 * folded address, and `value`, which may be NULL, becomes the address. */
int mentions_resolve_person(struct mentions *mentions, struct text *folded, struct text *value,
                            struct error *error);

#endif
