#define _GNU_SOURCE /* gethostname */
#include <unistd.h>

#include "base/date.h"
#include "base/statement.h"
#include "workspace/opening_private.h"

int ownership_write(sqlite3 *database, const char *verb, struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, database,
                          "INSERT OR REPLACE INTO owner (one, pid, host, verb, since)"
                          " VALUES (1, ?1, ?2, ?3, ?4)",
                          error) != 0) {
        return -1;
    }
    char host[256] = "";
    if (gethostname(host, sizeof host - 1) != 0) {
        host[0] = '\0';
    }
    char since[DATE_MOMENT_SIZE];
    date_format_moment(date_now(), since);
    statement_bind_integer(&statement, 1, getpid());
    statement_bind_string(&statement, 2, host);
    statement_bind_string(&statement, 3, verb);
    statement_bind_string(&statement, 4, since);
    return statement_run_once(&statement, error);
}

int ownership_refuse(const char *path, struct error *error) {
    sqlite3 *database = NULL;
    struct statement statement = {0};
    int rc = -1;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(database, 2000);
        if (statement_prepare(&statement, database, "SELECT pid, verb, since, host FROM owner",
                              NULL) == 0) {
            rc = statement_step(&statement, NULL);
        }
    }
    if (rc == 1) {
        struct span verb = statement_text(&statement, 1);
        struct span since = statement_text(&statement, 2);
        struct span host = statement_text(&statement, 3);
        error_set(error, ERROR_WORKSPACE,
                  "%s: in use by process %lld (rowpost %.*s on %.*s, since %.*s): wait for it to "
                  "end, or stop it first",
                  path, (long long)statement_integer(&statement, 0), (int)verb.length, verb.data,
                  (int)host.length, host.data, (int)since.length, since.data);
    } else {
        error_set(error, ERROR_WORKSPACE, "%s: in use by another process: wait for it to end",
                  path);
    }
    statement_finalize(&statement);
    sqlite3_close(database);
    return -1;
}
