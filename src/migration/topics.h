/* What the rows and documents of a migration are about, in the words of those who own the data: a
 * row of ValDB is about a campaign and a group, and has an author. Reports show it next to a row,
 * and make pages for a person or a group of it.
 *
 * A migration's topics are constant data and plain functions that read JSON. A migration without
 * topics, such as one from a file, is shown by its tables, keys and rows. */
#ifndef ROWPOST_MIGRATION_TOPICS_H
#define ROWPOST_MIGRATION_TOPICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/text.h"

enum { TOPIC_MOST = 3 };

struct topic {
    const char *name; /* "Author", the head of a column */
    const char *page; /* "author": where its values have pages of their own, the start of a
                         page's file name; else NULL */
    bool is_person;   /* its values are addresses, names or logins of people */
};

/* The values of the topics, in their order; an empty text where one is not known. The caller's:
 * starts from `{0}`, and the functions below append. */
struct topic_values {
    struct text values[TOPIC_MOST];
};

/* A part of a document that people count by itself: a report of a campaign. */
struct topic_part {
    struct topic_values about;
    struct text state;  /* as it reads on the target: "OK" */
    bool has_no_author; /* on the target; `about` may have the name that the source has */
};

struct migration_topics {
    const struct topic *topics;
    size_t count;             /* TOPIC_MOST at most */
    const char *part, *parts; /* what a part is called: "report", "reports" */

    /* What a whole document is about. */
    void (*describe_document)(struct span kind, const json_t *body, struct topic_values *about);

    /* Part number `index` of a document, from 0. False: there is none. */
    bool (*describe_part)(struct span kind, const json_t *body, size_t index,
                          struct topic_part *part);

    /* What a row is about, as far as its own columns show it. `row` is the row as JSON. */
    void (*describe_row)(struct span table, const json_t *row, struct topic_values *about);

    /* The table whose row of the same name is about the same: STATUS for RELEASES; or NULL. */
    const char *(*find_partner)(struct span table);
};

#endif
