/* A limit on the memory that the SQL of a migration file takes, for as long as it runs.
 *
 * SQLite does not count its memory in this program: the system limits it (RLIMIT_DATA). */
#ifndef ROWPOST_MIGRATION_SQLFILE_MEMORY_LIMIT_H
#define ROWPOST_MIGRATION_SQLFILE_MEMORY_LIMIT_H

#include <sys/resource.h>

struct memory_limit {
    struct rlimit before;
};

/* Allows 1 GB on top of what the program has now. Nothing is limited where that is not known. */
void memory_limit_begin(struct memory_limit *limit);
void memory_limit_end(const struct memory_limit *limit);

#endif
