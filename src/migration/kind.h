/* A kind of documents: how one of them is sent, found again, read back and compared.
 *
 * Delivery asks these functions and knows no migration. A kind of the program is constant data and
 * plain functions; a kind of a migration file has its SQL as `context`. No function sends anything;
 * what they read of the target is the JSON that delivery hands to them. Where memory runs out, a
 * text is marked as failed, or `fail` of the difference sink is called. */
#ifndef ROWPOST_MIGRATION_KIND_H
#define ROWPOST_MIGRATION_KIND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/record_id.h"
#include "base/span.h"
#include "base/text.h"

/* A document as its kind gets it: references to other records are resolved. Everything is
 * borrowed. */
struct kind_document {
    struct span key;
    const json_t *body;
    const json_t *values; /* an object: what paths, headers and conditions use; or NULL */
    const json_t *expect; /* members that the record has in addition to the body; or NULL */
    struct record_id id;  /* the target's own name for the record; null where it is not known */
};

/* The requests that a kind builds. */
enum kind_request {
    KIND_CREATE,    /* sends the document */
    KIND_FIND,      /* finds the record, and may read it */
    KIND_EXISTENCE, /* a list that shows whether there are such records, and how many */
    KIND_READ,      /* reads one part of the record */
    KIND_UPDATE,    /* brings the record to the document, by the target's own name for it */
    KIND_REMOVE,    /* removes the record, by the target's own name for it */
    KIND_LIST,      /* one page of all records of the kind */
    KIND_REQUEST_COUNT
};

/* A request to be filled in. The texts are empty, and the method is the usual one: POST, GET, PUT
 * or DELETE. */
struct kind_draft {
    enum kind_request which;
    size_t part;        /* KIND_READ: which part; KIND_LIST: which page; from 0 */
    size_t listed;      /* KIND_LIST: how many records the earlier pages have shown */
    const char *method; /* a constant */
    struct text *path;
    struct text *headers; /* lines `Name: value`, each with a line feed after it */
    struct text *body;    /* KIND_UPDATE: what is sent; KIND_CREATE sends the document's body */
};

/* An answer, as a kind sees it. */
struct kind_answer {
    enum kind_request to;
    int status;
    const json_t *json;   /* NULL where the body is no JSON */
    struct span location; /* the header Location; null where there is none */
};

/* How a kind reads an answer to a request that changes something. */
enum kind_reading {
    READING_NONE,    /* not decided: the status decides (http/answer.h) */
    READING_DONE,    /* it was carried out, and this answer shows it */
    READING_EXISTS,  /* not carried out, since there may be such a record */
    READING_AGAIN,   /* not carried out: retry later */
    READING_REFUSED, /* not carried out, and never will be; it may still have been stored */
    READING_UNSTORED /* the same, decided before anything was stored */
};

/* The records that an answer shows for a document. Starts from `{0}`; kind_matches_free(). */
struct kind_matches {
    size_t count;
    const json_t *record; /* the first, borrowed from the answer; NULL where it has only names */
    struct span created;  /* when the first was made, as the target writes it; null: not known */
    struct text id;       /* the target's own name for the first; empty: not known */
    bool id_is_number;
    struct text names;   /* of all, as people read them: "17, 18" */
    const char *failure; /* why the answer cannot show any; or NULL. Owned by the kind, valid until
                            its next call */
};

/* Adds a record by the fields that have the target's own name for it, and when it was made. */
void kind_matches_add_record(struct kind_matches *matches, const json_t *record,
                             const char *id_field, const char *created_field);

/* Adds a record of which the answer has only the name, a text or a number. */
void kind_matches_add_id(struct kind_matches *matches, const json_t *id);
void kind_matches_free(struct kind_matches *matches);

/* Called for each record in a list of the target, with the key by which the target knows it; null
 * where only the target's own name is needed. 0, or -1 to stop. */
struct listed_sink {
    void *context;
    int (*take)(void *context, struct span key, struct record_id id);
};

/* Called for each name by which a document refers to another one. 0, or -1 to stop. */
struct name_sink {
    void *context;
    int (*take)(void *context, struct span name);
};

/* How strictly a record of the target is compared with the planned document. */
enum comparison {
    COMPARE_ANSWER,   /* the answer to the post: everything is there, nothing has changed yet */
    COMPARE_LISTED,   /* found in a list of names: what the list does not show is not compared */
    COMPARE_READ_BACK /* read back: parts that the API leaves out, or fills in later, are not
                         compared */
};

/* Which parts of a record are read. */
enum kind_depth { DEPTH_RECORD, DEPTH_PARTS };

/* `add` is called for each field that differs; both values are short texts for people. `fail` is
 * called where memory ran out: then the comparison has no result. */
struct difference_sink {
    void *context;
    void (*add)(void *context, const char *field, struct span planned, struct span found);
    void (*fail)(void *context); /* or NULL */
};

struct migration_kind {
    const char *name;      /* "validators" */
    const char *post_path; /* "/api/users/", or a template of it, for people */
    const char *noun;      /* what one such document is called in a sentence: "user" */
    const void *context;   /* for the functions; or NULL */

    /* The target refuses a second record of the same identity, so that an answer with the record
     * shows that the request made it. */
    bool refuses_twins;

    /* The target answers the post of a record that it has already with the old record, as if it
     * were new: such a document may be looked up before it is sent, which needs a KIND_FIND for
     * each. */
    bool answers_with_old;

    /* The requests that show the record after KIND_CREATE, whose answer never does: KIND_FIND and
     * all parts. 0: that answer does. */
    size_t confirming_requests;

    /* How a record is found was written for this migration, and never tried on the target: the
     * first record that a delivery makes is looked up before others are sent. */
    bool is_tried_first;

    /* 1; 0 where this document has no such request. A function that is NULL: no document has one;
     * KIND_CREATE is then a POST to post_path. */
    int (*build[KIND_REQUEST_COUNT])(const struct migration_kind *kind,
                                     const struct kind_document *document,
                                     struct kind_draft *draft);

    /* Reads an answer to KIND_CREATE, KIND_UPDATE or KIND_REMOVE with any status. NULL:
     * READING_NONE. */
    enum kind_reading (*read_answer)(const struct migration_kind *kind,
                                     const struct kind_document *document,
                                     const struct kind_answer *answer);

    /* The records that an answer shows for the document. The answer to KIND_CREATE or KIND_UPDATE
     * shows the record that was made or changed. False where an answer of this form cannot show
     * it. */
    bool (*find_matches)(const struct migration_kind *kind, const struct kind_document *document,
                         const struct kind_answer *answer, struct kind_matches *matches);

    /* The records on a page of KIND_LIST, each to the sink. 1; 0 where the answer does not show
     * records; -1 where the sink has stopped it. NULL: there is no list. */
    int (*each_listed)(const struct migration_kind *kind, const struct kind_answer *answer,
                       const struct listed_sink *sink);

    /* Masks the parts of an answer that must not be kept, before any of it is kept. NULL:
     * nothing. */
    void (*mask)(const struct migration_kind *kind, json_t *answer);

    /* Compares a matching record field by field and reports every difference. Returns their
     * number. NULL: what KIND_FIND shows is not compared. */
    size_t (*compare)(const struct migration_kind *kind, const struct kind_document *document,
                      const json_t *record, enum comparison comparison,
                      const struct difference_sink *differences);

    /* Parts that KIND_FIND leaves out and that KIND_READ reads one by one: their number. NULL:
     * there are none. */
    size_t (*count_parts)(const struct migration_kind *kind, const struct kind_document *document,
                          enum kind_depth depth);

    /* Compares after each part has been read. `answers` is an array of the answers of the parts up
     * to and with `part`; null for one that cannot be read. */
    size_t (*compare_part)(const struct migration_kind *kind, const struct kind_document *document,
                           size_t part, const json_t *answers,
                           const struct difference_sink *differences);

    /* Whether KIND_UPDATE can change that field of a record. NULL: none. */
    bool (*can_update)(const struct migration_kind *kind, const char *field);

    /* Names by which a document refers to documents of earlier kinds, without a marker
     * (base/marker.h): they have to be on the target first. 0, or -1 where the sink has stopped it.
     * NULL: there are none. */
    int (*each_needed)(const struct migration_kind *kind, const json_t *body,
                       const struct name_sink *sink);

    /* The name by which documents of later kinds refer to this one, borrowed from the body. NULL:
     * none does. */
    struct span (*known_as)(const struct migration_kind *kind, const json_t *body);

    /* The body without the parts that come from other rows, to show a row next to what was made of
     * it: a new reference, or NULL for the whole body. `row` is a row's content. The function is
     * NULL where a body has no such parts. */
    json_t *(*pick_for_row)(const json_t *body, const json_t *row);
};

/* `{"$secret":true}`: the place of a random word that is sent with KIND_CREATE and is not kept. */
bool kind_is_secret(const json_t *value);

/* Whether the value is one, or has one in it. */
bool kind_holds_secret(const json_t *value);

/* Builds a request of that kind: 1, or 0 where there is none. KIND_UPDATE gets the body without its
 * members that are secrets, or arrays with a secret as an item: these are sent once, as people may
 * have changed them since. */
int kind_build(const struct migration_kind *kind, const struct kind_document *document,
               struct kind_draft *draft);

/* Whether anything that is read back of a record is compared with its document. */
bool kind_is_compared(const struct migration_kind *kind);

/* Whether documents of that kind can have such a request at all. */
bool kind_has(const struct migration_kind *kind, enum kind_request which);

#endif
