/* What a driver is: the part behind source.h that knows one kind of database.
 *
 * Private to src/source. A driver's own structs begin with `struct source` and `struct rows`, so
 * that a pointer to the one is a pointer to the other. The driver allocates them in open() and
 * query() and frees them, `name` included, in close() and close_rows(); source.c fills in the rest.
 * What belongs to one source is called by one thread at a time, but not always by the same one. To
 * add a driver, write its functions and add its scheme to the table in source.c. */
#ifndef ROWPOST_SOURCE_DRIVER_H
#define ROWPOST_SOURCE_DRIVER_H

#include <pthread.h>

#include "base/text.h"
#include "source/source.h"

struct driver {
    /* `url` is the whole, `location` what follows the scheme; `access` is not NULL. Leaves `name`
     * set. */
    struct source *(*open)(const char *url, const char *location,
                           const struct source_access *access, struct error *error);
    void (*close)(struct source *source);

    /* NULL where the database cannot be held still; else as source_hold_still(). */
    int (*hold_still)(struct source *source, bool *is_still, struct error *error);

    /* What the server calls itself; NULL where there is none. The text is the source's. */
    const char *(*describe)(const struct source *source);

    struct rows *(*query)(struct source *source, const char *sql, struct error *error);
    void (*close_rows)(struct rows *rows);
    size_t (*column_count)(const struct rows *rows);
    const char *(*column_name)(const struct rows *rows, size_t column);
    int (*step)(struct rows *rows, struct error *error); /* after the end: 0 again */
    struct value (*value)(const struct rows *rows, size_t column);

    /* Rows are put in order by this program, which is cheaper than by the driver's library. A
     * server does it while this program waits anyway. */
    bool is_sorted_here;
};

struct source {
    const struct driver *driver;
    struct text name;     /* for messages: the URL without secrets */
    pthread_mutex_t lock; /* held while the driver is at work on the source or on rows of it */
};

struct rows {
    const struct driver *driver;
    struct source *source;
    struct prefetch *prefetch;
    struct sorter *sorter; /* NULL: in the order in which the driver gives them */
};

extern const struct driver sqlite_driver;
extern const struct driver odbc_driver;
extern const struct driver oracle_driver;

/* The schema that holds the legacy site's tables on a server. */
#define SOURCE_DEFAULT_SCHEMA "CMS_PDMV_VAL"

/* Asks for the password by the access's callback. The driver ends `password` with text_wipe(); it
 * stays empty where there is nobody to ask. */
int source_ask_password(const struct source_access *access, const char *user, const char *place,
                        struct text *password, struct error *error);

/* Adds `; the query was: ...` to a message under construction: on one line, and cut where it is
 * long. */
void source_append_query(struct text *message, const char *sql);

/* Ends a message under construction: it becomes the error, ERROR_SOURCE, and is released. Returns
 * -1. */
int source_fail(struct text *message, struct error *error);

/* A query that is not taken, with the reason. Returns -1. */
int source_refuse_query(const struct source *source, const char *why, const char *sql,
                        struct error *error);

/* True where the query has the word, in whatever case. */
bool source_query_has_word(struct span sql, struct span word);

#endif
