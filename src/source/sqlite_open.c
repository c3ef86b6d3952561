#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/sqlite_file.h"
#include "source/sqlite_private.h"

enum { BUSY_TIMEOUT = 5000 /* milliseconds */ };

static int check_kind(const char *path, const struct stat *status, struct error *error) {
    if (S_ISDIR(status->st_mode)) {
        return error_set(error, ERROR_SOURCE, "%s is a folder; a source is a SQLite file", path);
    }
    if (!S_ISREG(status->st_mode)) {
        return error_set(error, ERROR_SOURCE, "%s is not a file; a source is a SQLite file", path);
    }
    if (status->st_size == 0) {
        return error_set(error, ERROR_SOURCE, "%s is empty, not a database", path);
    }
    return 0;
}

static int read_header(int file, const char *path, char header[HEADER_SIZE], struct error *error) {
    ssize_t bytes = pread(file, header, HEADER_SIZE, 0);
    if (bytes < 0) {
        return error_set(error, ERROR_SOURCE, "cannot read %s: %s", path, strerror(errno));
    }
    if (bytes < HEADER_SIZE || memcmp(header, SQLITE_FILE_MAGIC, sizeof SQLITE_FILE_MAGIC) != 0) {
        return error_set(error, ERROR_SOURCE,
                         "%s is not a SQLite database: it does not begin with \"%s\"", path,
                         SQLITE_FILE_MAGIC);
    }
    return 0;
}

static bool stat_beside(const char *path, const char *suffix, struct stat *status) {
    struct text name = {0};
    text_append_format(&name, "%s%s", path, suffix);
    bool is_there = !name.failed && stat(text_string(&name), status) == 0;
    text_free(&name);
    return is_there;
}

/* Looks at the file itself, because SQLite takes an empty file for a database and opens a folder
 * or a text without a word. */
static int inspect_file(const char *path, struct file_state *state, struct error *error) {
    int rc = -1;
    struct stat wal;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return error_set(error, ERROR_SOURCE, "cannot open the database %s: %s", path,
                         strerror(errno));
    }
    if (fstat(file, &state->status) != 0) {
        error_set(error, ERROR_SOURCE, "cannot read %s: %s", path, strerror(errno));
        goto out;
    }
    state->has_live_wal = stat_beside(path, "-wal", &wal) && wal.st_size > 0;
    if (check_kind(path, &state->status, error) != 0) {
        goto out;
    }
    rc = read_header(file, path, state->header, error);
out:
    close(file);
    return rc;
}

static bool is_written_by_wal(const struct file_state *state) {
    return state->header[READ_VERSION] == WAL_VERSION;
}

static bool is_unchanged(const struct file_state *a, const struct file_state *b) {
    const struct timespec *before = &a->status.st_mtim;
    const struct timespec *after = &b->status.st_mtim;
    return a->status.st_size == b->status.st_size && a->has_live_wal == b->has_live_wal &&
           memcmp(a->header + CHANGE_COUNTER, b->header + CHANGE_COUNTER, 4) == 0 &&
           before->tv_sec == after->tv_sec && before->tv_nsec == after->tv_nsec;
}

/* `file://` and the path, each of its parts percent-encoded. */
static void append_uri(struct text *uri, const char *path, const char *mode) {
    text_append_string(uri, "file://");
    for (const char *part = path; *part != '\0';) {
        size_t length = strcspn(part, "/");
        text_append_percent_encoded(uri, (struct span){part, length});
        part += length;
        if (*part == '/') {
            text_append_char(uri, '/');
            part++;
        }
    }
    text_append_string(uri, mode);
}

/* No extension, no second database, no text taken for a misspelt column's name; a schema that asks
 * for functions of its own is not trusted. */
static int harden(sqlite3 *database) {
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
    };
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (sqlite3_db_config(database, options[i].option, options[i].value, NULL) != SQLITE_OK) {
            return -1;
        }
    }
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(database, BUSY_TIMEOUT);
    return 0;
}

/* A cache of 4 MB: rows are streamed, and it has to hold the inner pages of what is joined. Sorting
 * takes as much again, and more of it is no faster. The last one reads the file. */
static const char settings[] = "PRAGMA cache_size = -4000; PRAGMA mmap_size = 0;"
                               "PRAGMA schema_version;";

/* SQLite's result code; the connection is there in any case. */
static int connect_by(struct sqlite_source *source, const char *mode) {
    struct text uri = {0};
    append_uri(&uri, source->path, mode);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    int code = uri.failed ? SQLITE_NOMEM
                          : sqlite3_open_v2(text_string(&uri), &source->database, flags, NULL);
    if (code == SQLITE_OK) {
        code = harden(source->database) != 0
                   ? SQLITE_ERROR
                   : sqlite3_exec(source->database, settings, NULL, NULL, NULL);
    }
    text_free(&uri);
    return code;
}

/* A database that is written by way of a WAL is read with two files next to it, for its locks.
 * Where they cannot be made, as on a read-only medium, it is read without locks, and looked at
 * again when everything was read. */
static int connect_to(struct sqlite_source *source, struct error *error) {
    int code = connect_by(source, "?mode=ro");
    bool is_hindered = code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
    if (is_hindered && is_written_by_wal(&source->opened) && !source->opened.has_live_wal) {
        sqlite3_close(source->database);
        source->database = NULL;
        source->is_without_locks = true;
        code = connect_by(source, "?mode=ro&immutable=1");
    }
    return code == SQLITE_OK ? 0
                             : sqlite_explain(source->database, source_name(&source->base), error);
}

/* A connection that may not write does not remove the files of its locks. SQLite removes them with
 * the last connection that may, and that has nothing to write when the WAL is empty. */
static void remove_lock_files(const struct sqlite_source *source) {
    struct stat wal;
    if (source->had_wal || source->is_without_locks || !is_written_by_wal(&source->opened) ||
        !stat_beside(source->path, "-wal", &wal) || wal.st_size > 0) {
        return;
    }
    sqlite3 *database = NULL;
    if (sqlite3_open_v2(source->path, &database, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
        sqlite3_exec(database, "PRAGMA schema_version", NULL, NULL, NULL);
    }
    sqlite3_close(database);
}

void sqlite_close(struct source *base) {
    struct sqlite_source *source = (struct sqlite_source *)base;
    if (source->database != NULL) {
        sqlite3_close(source->database);
        remove_lock_files(source);
    }
    free(source->path);
    text_free(&source->base.name);
    free(source);
}

/* SQLite has neither schemas nor users: the access is not looked at. */
struct source *sqlite_open(const char *url, const char *location,
                           const struct source_access *access, struct error *error) {
    (void)access;
    struct stat wal;
    struct file_state state = {0};
    if (*location == '\0') {
        error_set(error, ERROR_USAGE, "no path is given for the source; write sqlite:PATH");
        return NULL;
    }
    if (inspect_file(location, &state, error) != 0) {
        return NULL;
    }
    struct sqlite_source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    source->base.catalog = &sqlite_catalog;
    source->opened = state;
    source->path = realpath(location, NULL);
    text_append_string(&source->base.name, url);
    int rc = 0;
    if (source->path == NULL) {
        rc = error_set(error, ERROR_SOURCE, "cannot open the database %s: %s", location,
                       strerror(errno));
    } else {
        source->had_wal = stat_beside(source->path, "-wal", &wal);
        rc = connect_to(source, error);
    }
    if (rc != 0) {
        sqlite_close(&source->base);
        return NULL;
    }
    return &source->base;
}

int sqlite_check_unchanged(const struct sqlite_source *source, struct error *error) {
    struct file_state now = {0};
    if (!source->is_without_locks) {
        return 0;
    }
    if (inspect_file(source->path, &now, error) != 0) {
        return -1;
    }
    if (is_unchanged(&source->opened, &now)) {
        return 0;
    }
    return error_set(error, ERROR_SOURCE,
                     "%s was changed while it was read, so its rows may be of different moments; "
                     "wait until nobody writes, or read a copy",
                     source_name(&source->base));
}
