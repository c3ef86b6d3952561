/*
 * The database: three collections of JSON records in SQLite, as the real server keeps them in
 * MongoDB.
 *
 * A row is a record with the few values that it is looked up by. Every call is durable against a
 * kill of the process when it returns, unless it is between storage_begin() and storage_commit().
 * Functions return 0, or -1 where SQLite fails (a full disk, say); each describes what it finds.
 * Rows that a call hands out stay good until the next find or get; rows given to a visitor, until
 * it returns. */
#ifndef STANDIN_STORAGE_H
#define STANDIN_STORAGE_H

#include "text.h"

enum collection { USERS, CAMPAIGNS, REPORTS, COLLECTIONS };

/*
 *              users                  campaigns               reports
 * owner        0                      0                       number of the campaign
 * name         email                  name                    campaign_name
 * detail       fullname               none                    group
 * mark         1, or 0 if reading     1, or 0 if its reports  status
 *              it back fails          were never linked
 */
struct row {
    long long n;
    long long owner;
    struct slice name;
    struct slice detail;
    int mark;
    struct slice record;
};

struct storage;

/* Opens or creates FILE (":memory:" for none). NULL: `why` is the reason. The caller closes it. */
struct storage *storage_open(const char *file, char *why, size_t why_size);
void storage_close(struct storage *storage);

/* Everything from here to storage_commit() becomes durable at once. */
int storage_begin(struct storage *storage);
int storage_commit(struct storage *storage);

/* A number never used in this collection. */
long long storage_next(struct storage *storage, enum collection collection);

/* Stores a new row under row->n. */
int storage_insert(struct storage *storage, enum collection collection, const struct row *row);

/* The same, faster, for a caller who has just seen that no row has this name. */
int storage_insert_unseen(struct storage *storage, enum collection collection,
                          const struct row *row);

/* Replaces the row of that number. */
int storage_replace(struct storage *storage, enum collection collection, const struct row *row);

int storage_delete(struct storage *storage, enum collection collection, long long n);
int storage_clear(struct storage *storage);

/* The oldest row of that name: 1 found, 0 none, -1 failed. */
int storage_find(struct storage *storage, enum collection collection, struct slice name,
                 struct row *row);

/* The oldest report of that campaign name and group: 1 found, 0 none, -1 failed. */
int storage_find_report(struct storage *storage, struct slice name, struct slice group,
                        struct row *row);

/* The row of that number: 1 found, 0 none, -1 failed. */
int storage_get(struct storage *storage, enum collection collection, long long n, struct row *row);

/* Looks at one row; anything but 0 ends the walk. */
typedef int storage_visitor(const struct row *row, void *context);

/* Walks the rows, oldest first: of a collection, of one campaign's reports, of one campaign name's.
 */
int storage_each(struct storage *storage, enum collection collection, storage_visitor *visit,
                 void *context);
int storage_each_owned(struct storage *storage, long long owner, storage_visitor *visit,
                       void *context);
int storage_each_named(struct storage *storage, struct slice name, storage_visitor *visit,
                       void *context);

/* How many rows there are, and how many users and campaigns repeat an earlier one's name. */
struct storage_counts {
    long long rows[COLLECTIONS];
    long long duplicates;
};

/* Kept up to date as rows come and go: costs nothing. */
const struct storage_counts *storage_count(const struct storage *storage);

#endif
