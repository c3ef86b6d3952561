/* A SQLite file as a source: sqlite_open.c opens it and knows whether it has changed, sqlite.c
 * reads it. Private to the SQLite driver. */
#ifndef ROWPOST_SOURCE_SQLITE_PRIVATE_H
#define ROWPOST_SOURCE_SQLITE_PRIVATE_H

#include <sqlite3.h>
#include <sys/stat.h>

#include "source/driver_private.h"

/* The start of every SQLite file (https://sqlite.org/fileformat2.html, 1.3); byte 19 is 2 where it
 * is written by way of a WAL, and four bytes from 24 on count its changes. */
enum { HEADER_SIZE = 28, READ_VERSION = 19, WAL_VERSION = 2, CHANGE_COUNTER = 24 };

/* What shows that a file was changed. */
struct file_state {
    char header[HEADER_SIZE];
    struct stat status;
    bool has_live_wal; /* one with something in it */
};

struct sqlite_source {
    struct source base;
    sqlite3 *database;
    char *path;
    struct file_state opened; /* as it was before it was opened */
    bool had_wal;             /* an empty one counts */
    bool is_without_locks;
};

/* As of a driver. */
struct source *sqlite_open(const char *url, const char *location,
                           const struct source_access *access, struct error *error);
void sqlite_close(struct source *base);

/* After everything was read: ERROR_SOURCE where it was read without locks and the file is not what
 * it was. */
int sqlite_check_unchanged(const struct sqlite_source *source, struct error *error);

/* ERROR_SOURCE: what the last failure of the connection means to a person. Returns -1. */
int sqlite_explain(sqlite3 *database, const char *name, struct error *error);

#endif
