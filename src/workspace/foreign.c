#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/statement.h"
#include "workspace/opening_private.h"

enum { MOST_BYTES = 256 * 1024 * 1024 }; /* of one value */

int foreign_check_links(int descriptor, const char *path, struct error *error) {
    struct stat file;
    if (fstat(descriptor, &file) != 0) {
        return error_set(error, ERROR_DISK, "%s: cannot be read: %s", path, strerror(errno));
    }
    return file.st_nlink <= 1
               ? 0
               : error_set(error, ERROR_WORKSPACE,
                           "%s: the file has %lu names (hard links), and would be damaged by work "
                           "under more than one; make a copy of it, and work on that",
                           path, (unsigned long)file.st_nlink);
}

void foreign_defend(sqlite3 *database) {
    static const struct {
        int limit;
        int most;
    } limits[] = {
        {SQLITE_LIMIT_LENGTH, MOST_BYTES},
        {SQLITE_LIMIT_SQL_LENGTH, 100000},
        {SQLITE_LIMIT_COLUMN, 200},
        {SQLITE_LIMIT_EXPR_DEPTH, 100},
        {SQLITE_LIMIT_COMPOUND_SELECT, 10},
        {SQLITE_LIMIT_ATTACHED, 1},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    };
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        sqlite3_limit(database, limits[i].limit, limits[i].most);
    }
}

int foreign_check_schema(sqlite3 *database, const char *path, struct error *error) {
    static const char sql[] = "SELECT count(*) FROM sqlite_schema WHERE type IN ('view', 'trigger')"
                              " OR sql LIKE 'CREATE VIRTUAL%'";
    int64_t count = 0;
    if (statement_query_integer(database, sql, 0, &count, error) != 0) {
        return -1;
    }
    return count == 0 ? 0
                      : error_set(error, ERROR_WORKSPACE,
                                  "%s: has views, triggers or virtual tables, which no workspace "
                                  "has: somebody has added them. It was left as it is; drop them, "
                                  "or use a copy without them",
                                  path);
}
