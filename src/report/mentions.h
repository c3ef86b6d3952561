/* What a workspace has about which person and which thing: every document, every part of one, and
 * every row that is in no document, each with its topics (migration/topics.h).
 *
 * mentions_gather() reads the workspace once and keeps what it finds in a temporary database, so
 * that memory does not grow with it. A row that lacks a topic has it from its partner, the row of
 * the same name in another table. A person's name is replaced by the address that the people
 * directory has for it. The caller closes it with mentions_close(). */
#ifndef ROWPOST_REPORT_MENTIONS_H
#define ROWPOST_REPORT_MENTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "migration/topics.h"
#include "report/report.h"
#include "workspace/standing.h"

struct mentions;

enum mention_of { MENTION_DOCUMENT, MENTION_PART, MENTION_REJECTED, MENTION_SKIPPED };

/* Spans live until the next mention. */
struct mention {
    int64_t number;         /* from 1, of its sort, in the order of the workspace's listings */
    int64_t document;       /* its id; 0 for a row */
    enum standing standing; /* of the document */
    struct span place;      /* the kind of the document, the table of the row */
    struct span name;       /* the key of the document, the name of the row */
    struct span note;       /* the state of the part, the reason or the rule of the row */
    struct span content;    /* the row as JSON */
    bool has_no_author;     /* of a part */
    struct span about[TOPIC_MOST];
};

/* NULL with the error. */
struct mentions *mentions_gather(const struct report *report, struct error *error);
void mentions_close(struct mentions *mentions); /* NULL is allowed */

/* The topics of the migration; none: 0. */
size_t mentions_topic_count(const struct mentions *mentions);
const struct topic *mentions_topic(const struct mentions *mentions, size_t topic);

/* Which mentions are meant: of any topic (MENTION_ANY_TOPIC) or of one, with that value; a null
 * value: all. MENTION_ANY_TOPIC also finds documents and rows by their name. Case, blanks and
 * spelling of the value do not count (base/fold.h). `limit` 0: all. */
enum { MENTION_ANY_TOPIC = TOPIC_MOST };
struct mention_filter {
    size_t topic;
    struct span value;
    int64_t limit;
};

typedef int mention_taker(void *context, const struct mention *mention, struct error *error);

/* Calls `take` for each until it returns other than 0. 0, or -1 with the error. */
int mentions_each(struct mentions *mentions, enum mention_of sort,
                  const struct mention_filter *filter, mention_taker *take, void *context,
                  struct error *error);

int mentions_count(struct mentions *mentions, enum mention_of sort,
                   const struct mention_filter *filter, int64_t *count, struct error *error);

/* Who or what has how many parts and rows, in alphabetical order. */
struct mentioned_value {
    struct span value;
    int64_t parts;    /* of planned documents */
    int64_t rejected; /* rows */
};
typedef int mentioned_value_taker(void *context, const struct mentioned_value *value,
                                  struct error *error);
int mentions_each_value(struct mentions *mentions, size_t topic, mentioned_value_taker *take,
                        void *context, struct error *error);

/* Parts without an author on the target: how many, and by the name that the source has, the most
 * frequent first; an empty name: the source has none. `value->parts` counts. */
int mentions_count_without_author(struct mentions *mentions, int64_t *count, struct error *error);
int mentions_each_without_author(struct mentions *mentions, mentioned_value_taker *take,
                                 void *context, struct error *error);

/* Appends the name that the source has for somebody, who is given by address or name; nothing where
 * the people directory does not know them. 0 or -1. */
int mentions_append_name(struct mentions *mentions, struct span who, struct text *out,
                         struct error *error);

#endif
