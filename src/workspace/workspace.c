#define _GNU_SOURCE /* O_CLOEXEC, and the lock of ownership.c */
#include "workspace/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_lock.h"
#include "base/sqlite_file.h"
#include "base/statement.h"
#include "workspace/opening_private.h"
#include "workspace/schema_private.h"
#include "workspace/standing.h"

struct workspace {
    char *path;
    sqlite3 *database;
    int descriptor; /* holds the lock; -1 where the workspace is only read */
    bool in_transaction;
    bool is_at_work; /* another process works on it */
};

/* The file header of SQLite (its file format, section 1.3): magic, user_version and
 * application_id, big-endian. */
enum { HEADER_SIZE = 100, USER_VERSION_OFFSET = 60, APPLICATION_ID_OFFSET = 68 };

static uint32_t read_big_endian(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Looks at the header without SQLite, so that a file that is refused stays untouched.
 * 1: a workspace; 0: an empty file; -1: the error. */
static int check_header(int descriptor, const char *path, struct error *error) {
    unsigned char header[HEADER_SIZE] = {0};
    ssize_t size = pread(descriptor, header, sizeof header, 0);
    if (size < 0) {
        return error_set(error, ERROR_DISK, "%s: cannot be read: %s", path, strerror(errno));
    }
    if (foreign_check_links(descriptor, path, error) != 0) {
        return -1;
    }
    if (size == 0) {
        return 0;
    }
    if (size < HEADER_SIZE || memcmp(header, SQLITE_FILE_MAGIC, sizeof SQLITE_FILE_MAGIC) != 0 ||
        read_big_endian(header + APPLICATION_ID_OFFSET) != SCHEMA_APPLICATION_ID) {
        return error_set(error, ERROR_WORKSPACE,
                         "%s: is not a rowpost workspace; it was left as it is. Name another file "
                         "with -w",
                         path);
    }
    uint32_t version = read_big_endian(header + USER_VERSION_OFFSET);
    if (version != SCHEMA_VERSION) {
        return error_set(error, ERROR_WORKSPACE,
                         "%s: is a workspace of version %u, and this program knows version %d; it "
                         "was left as it is. Use the program that made it, or plan into another "
                         "file with -w",
                         path, version, SCHEMA_VERSION);
    }
    return 1;
}

/* Without mutexes: a workspace belongs to one thread at a time. */
static int open_database(struct workspace *workspace, const char *name, int flags,
                         struct error *error) {
    flags |= SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(name, &workspace->database, flags, NULL) != SQLITE_OK) {
        if (workspace->database == NULL) {
            return error_set_no_memory(error);
        }
        return statement_fail(workspace->database, error);
    }
    foreign_defend(workspace->database);
    sqlite3_busy_timeout(workspace->database, 10000);
    return standing_register(workspace->database, error);
}

static struct workspace *allocate(const char *path, struct error *error) {
    struct workspace *workspace = calloc(1, sizeof *workspace);
    if (workspace == NULL || (workspace->path = strdup(path)) == NULL) {
        free(workspace);
        error_set_no_memory(error);
        return NULL;
    }
    workspace->descriptor = -1;
    return workspace;
}

/* synchronous=FULL: a commit that has returned is on the disk. */
static const char work_pragmas[] = "PRAGMA synchronous = FULL;"
                                   "PRAGMA temp_store = FILE;"
                                   "PRAGMA cache_size = -8000;";

/* Asked of SQLite, not of the header: where the program was killed while it made the tables, the
 * header is there already, and SQLite takes it back when it opens the file. */
static int has_tables(struct workspace *workspace, bool *has, struct error *error) {
    int64_t tables = 0;
    int rc = statement_query_integer(workspace->database, "SELECT count(*) FROM sqlite_schema", 0,
                                     &tables, error);
    *has = tables > 0;
    return rc != 0 ? -1 : foreign_check_schema(workspace->database, workspace->path, error);
}

static int fail_missing(const struct workspace *workspace, struct error *error) {
    return error_set(error, ERROR_WORKSPACE,
                     "%s: there is no such workspace; the verb plan makes one", workspace->path);
}

static int fail_empty(const struct workspace *workspace, struct error *error) {
    return error_set(error, ERROR_WORKSPACE, "%s: is empty; the verb plan makes a workspace of it",
                     workspace->path);
}

static int create_tables(struct workspace *workspace, int flags, struct error *error) {
    if ((flags & O_CREAT) == 0) {
        return fail_empty(workspace, error);
    }
    if (statement_execute(workspace->database, schema_page_sql, error) != 0 ||
        statement_execute(workspace->database, "BEGIN", error) != 0 ||
        statement_execute(workspace->database, schema_sql, error) != 0) {
        return -1;
    }
    return statement_execute(workspace->database, "COMMIT", error);
}

static int open_for_work(struct workspace *workspace, int flags, const char *verb,
                         struct error *error) {
    const char *path = workspace->path;
    workspace->descriptor = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (workspace->descriptor < 0 && errno == ENOENT && (flags & O_CREAT) == 0) {
        return fail_missing(workspace, error);
    }
    if (workspace->descriptor < 0) {
        return error_set(error, ERROR_DISK, "%s: cannot be opened: %s", path, strerror(errno));
    }
    if (check_header(workspace->descriptor, path, error) < 0) {
        return -1;
    }
    int owned = file_lock_take(workspace->descriptor, path, error);
    if (owned <= 0) {
        return owned < 0 ? -1 : ownership_refuse(path, error);
    }
    bool is_whole = false;
    if (open_database(workspace, path, SQLITE_OPEN_READWRITE, error) != 0 ||
        statement_execute(workspace->database, work_pragmas, error) != 0 ||
        has_tables(workspace, &is_whole, error) != 0) {
        return -1;
    }
    if (!is_whole && create_tables(workspace, flags, error) != 0) {
        return -1;
    }
    return ownership_write(workspace->database, verb, error);
}

static struct workspace *open_at(const char *path, int flags, const char *verb,
                                 struct error *error) {
    struct workspace *workspace = allocate(path, error);
    if (workspace != NULL && open_for_work(workspace, flags, verb, error) != 0) {
        workspace_close(workspace);
        return NULL;
    }
    return workspace;
}

struct workspace *workspace_open_or_create(const char *path, const char *verb,
                                           struct error *error) {
    return open_at(path, O_CREAT, verb, error);
}

struct workspace *workspace_open(const char *path, const char *verb, struct error *error) {
    return open_at(path, 0, verb, error);
}

/* A copy in a folder that cannot be written has no room for SQLite's shared-memory file; it is read
 * as a file that does not change. */
static int open_as_archive(struct workspace *workspace, struct error *error) {
    sqlite3_close(workspace->database);
    workspace->database = NULL;
    struct text name = {0};
    text_append_string(&name, "file:");
    for (const char *c = workspace->path; *c != '\0'; c++) {
        if (*c == '/') {
            text_append_char(&name, '/');
        } else {
            text_append_percent_encoded(&name, (struct span){c, 1});
        }
    }
    text_append_string(&name, "?immutable=1");
    int rc = text_check(&name, error);
    if (rc == 0) {
        rc = open_database(workspace, name.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, error);
    }
    text_free(&name);
    return rc;
}

static int open_for_reading(struct workspace *workspace, struct error *error) {
    int descriptor = open(workspace->path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) {
        return fail_missing(workspace, error);
    }
    if (descriptor < 0) {
        return error_set(error, ERROR_WORKSPACE, "%s: cannot be opened: %s", workspace->path,
                         strerror(errno));
    }
    int known = check_header(descriptor, workspace->path, error);
    workspace->is_at_work = file_lock_is_taken(descriptor);
    close(descriptor);
    if (known < 0) {
        return -1;
    }
    if (known == 0) {
        return fail_empty(workspace, error);
    }
    /* A process that may write removes the log's files at the end; a reader would leave them. */
    int mode = access(workspace->path, W_OK) == 0 ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    if (open_database(workspace, workspace->path, mode, error) != 0 ||
        statement_execute(workspace->database, "PRAGMA query_only = 1", error) != 0) {
        return -1;
    }
    bool is_whole = false;
    struct error first;
    if (has_tables(workspace, &is_whole, &first) != 0 &&
        (open_as_archive(workspace, error) != 0 || has_tables(workspace, &is_whole, error) != 0)) {
        return -1;
    }
    return is_whole ? 0 : fail_empty(workspace, error);
}

struct workspace *workspace_open_for_reading(const char *path, struct error *error) {
    struct workspace *workspace = allocate(path, error);
    if (workspace != NULL && open_for_reading(workspace, error) != 0) {
        workspace_close(workspace);
        return NULL;
    }
    return workspace;
}

void workspace_close(struct workspace *workspace) {
    if (workspace == NULL) {
        return;
    }
    if (workspace->database != NULL) {
        workspace_roll_back(workspace);
        sqlite3_close(workspace->database);
    }
    if (workspace->descriptor >= 0) {
        close(workspace->descriptor);
    }
    free(workspace->path);
    free(workspace);
}

int workspace_begin_read_transaction(struct workspace *workspace, struct error *error) {
    if (statement_execute(workspace->database, "BEGIN", error) != 0) {
        return -1;
    }
    workspace->in_transaction = true;
    return 0;
}

int workspace_allow_temporary_tables(struct workspace *workspace, struct error *error) {
    return statement_execute(workspace->database, "PRAGMA query_only = 0", error);
}

bool workspace_is_at_work(const struct workspace *workspace) {
    return workspace->is_at_work;
}

const char *workspace_path(const struct workspace *workspace) {
    return workspace->path;
}

sqlite3 *workspace_database(struct workspace *workspace) {
    return workspace->database;
}

int workspace_begin(struct workspace *workspace, struct error *error) {
    if (workspace->in_transaction) {
        return 0;
    }
    if (statement_execute(workspace->database, "BEGIN IMMEDIATE", error) != 0) {
        return -1;
    }
    workspace->in_transaction = true;
    return 0;
}

/* What is written into a file that was removed is lost when the file is closed. */
static int check_file(const struct workspace *workspace, struct error *error) {
    struct stat file;
    if (workspace->descriptor >= 0 && fstat(workspace->descriptor, &file) == 0 &&
        file.st_nlink == 0) {
        return error_set(error, ERROR_DISK,
                         "%s: was removed while it was in use; what was sent since cannot be "
                         "noted. Bring it back from a copy, or plan again: what is there is found",
                         workspace->path);
    }
    return 0;
}

int workspace_commit(struct workspace *workspace, struct error *error) {
    if (!workspace->in_transaction) {
        return 0;
    }
    if (check_file(workspace, error) != 0) {
        return -1;
    }
    if (statement_execute(workspace->database, "COMMIT", error) != 0) {
        return -1;
    }
    workspace->in_transaction = false;
    return 0;
}

void workspace_roll_back(struct workspace *workspace) {
    if (workspace->in_transaction) {
        sqlite3_exec(workspace->database, "ROLLBACK", NULL, NULL, NULL);
        workspace->in_transaction = false;
    }
}

int workspace_use_wal(struct workspace *workspace, struct error *error) {
    return statement_execute(workspace->database, "PRAGMA journal_mode = WAL", error);
}

int workspace_put_setting(struct workspace *workspace, const char *name, struct span value,
                          struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, workspace->database,
                          "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
                          error) != 0) {
        return -1;
    }
    statement_bind_string(&statement, 1, name);
    statement_bind_text(&statement, 2, value);
    return statement_run_once(&statement, error);
}

int workspace_get_setting(struct workspace *workspace, const char *name, struct text *value,
                          struct error *error) {
    struct statement statement;
    text_clear(value);
    if (statement_prepare(&statement, workspace->database,
                          "SELECT value FROM setting WHERE name = ?1", error) != 0) {
        return -1;
    }
    statement_bind_string(&statement, 1, name);
    int rc = statement_step(&statement, error);
    if (rc == 1) {
        text_append(value, statement_text(&statement, 0));
    }
    statement_finalize(&statement);
    return rc < 0 ? -1 : text_check(value, error);
}
