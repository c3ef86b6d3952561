#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/driver.h"
#include "source/sqlite_error.h"

enum { BUSY_TIMEOUT = 5000 /* milliseconds */ };

/* The start of every SQLite file (https://sqlite.org/fileformat2.html, 1.3); byte 19 is 2 where it
 * is written by way of a WAL, and four bytes from 24 on count its changes. */
enum { HEADER_SIZE = 28, READ_VERSION = 19, WAL_VERSION = 2, CHANGE_COUNTER = 24 };
static const char magic[16] = "SQLite format 3";

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
    size_t open_rows;
};

struct sqlite_rows {
    struct rows base;
    sqlite3_stmt *statement;
    size_t column_count;
    bool ended;
};

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
    if (bytes < HEADER_SIZE || memcmp(header, magic, sizeof magic) != 0) {
        return error_set(error, ERROR_SOURCE,
                         "%s is not a SQLite database: it does not begin with \"%s\"", path, magic);
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

/* A database that is written by way of a WAL is read with two files beside it, for its locks. Where
 * they cannot be made, as on a read-only medium, it is read without locks, and looked at again when
 * everything was read. */
static int connect_to(struct sqlite_source *source, struct error *error) {
    int code = connect_by(source, "?mode=ro");
    bool is_hindered = code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
    if (is_hindered && is_written_by_wal(&source->opened) && !source->opened.has_live_wal) {
        sqlite3_close(source->database);
        source->database = NULL;
        source->is_without_locks = true;
        code = connect_by(source, "?mode=ro&immutable=1");
    }
    return code == SQLITE_OK
               ? 0
               : sqlite_explain_reading(source->database, source_name(&source->base), NULL, error);
}

/* A connection that may not write leaves the files of its locks behind. SQLite removes them with
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

static void close_source(struct source *base) {
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
static struct source *open_source(const char *url, const char *location,
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
        close_source(&source->base);
        return NULL;
    }
    return &source->base;
}

/* True where nothing but blanks, comments and semicolons follows the statement. */
static bool is_last_statement(sqlite3 *database, const char *rest) {
    while (*rest != '\0') {
        sqlite3_stmt *statement = NULL;
        int code = sqlite3_prepare_v2(database, rest, -1, &statement, &rest);
        sqlite3_finalize(statement);
        if (code != SQLITE_OK || statement != NULL) {
            return false;
        }
    }
    return true;
}

static int refuse_query(const struct sqlite_source *source, const char *why, const char *sql,
                        struct error *error) {
    struct text message = {0};
    text_append_format(&message, "%s: %s", text_string(&source->base.name), why);
    source_append_query(&message, sql);
    return source_fail(&message, error);
}

static int prepare(const struct sqlite_source *source, const char *sql, sqlite3_stmt **statement,
                   struct error *error) {
    const char *rest = "";
    if (sqlite3_prepare_v2(source->database, sql, -1, statement, &rest) != SQLITE_OK) {
        return sqlite_explain_query(source->database, text_string(&source->base.name), sql, error);
    }
    if (*statement == NULL) {
        return refuse_query(source, "the query is empty", sql, error);
    }
    if (!is_last_statement(source->database, rest)) {
        return refuse_query(source, "the query is more than one statement", sql, error);
    }
    if (!sqlite3_stmt_readonly(*statement) || sqlite3_column_count(*statement) == 0) {
        return refuse_query(source, "the query is not one that only reads, such as SELECT", sql,
                            error);
    }
    return 0;
}

/* A transaction holds the shared lock until the rows are closed: without it SQLite lets go of it as
 * soon as it comes to the last row, which may be long before the caller does. */
static void hold_lock(struct sqlite_source *source) {
    if (source->open_rows++ == 0) {
        sqlite3_exec(source->database, "BEGIN", NULL, NULL, NULL);
    }
}

/* An error may have ended the transaction. */
static void release_lock(struct sqlite_source *source) {
    if (--source->open_rows == 0 && !sqlite3_get_autocommit(source->database)) {
        sqlite3_exec(source->database, "COMMIT", NULL, NULL, NULL);
    }
}

/* A transaction that is never given back; reading something makes it begin. */
static int hold_still(struct source *base, bool *is_still, struct error *error) {
    struct sqlite_source *source = (struct sqlite_source *)base;
    hold_lock(source);
    if (sqlite3_exec(source->database, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL) !=
        SQLITE_OK) {
        sqlite_explain_reading(source->database, source_name(base), NULL, error);
        release_lock(source);
        return -1;
    }
    *is_still = true;
    return 0;
}

static int refuse_changed(const struct sqlite_source *source, struct error *error) {
    return error_set(error, ERROR_SOURCE,
                     "%s was changed while it was read, so its rows may be of different moments; "
                     "run the same command again while nobody writes, or read a copy",
                     source_name(&source->base));
}

/* Reading makes the transaction begin. */
static int begin(struct source *base, bool *is_one_moment, struct error *error) {
    return hold_still(base, is_one_moment, error);
}

static int end(struct source *base, struct error *error) {
    struct sqlite_source *source = (struct sqlite_source *)base;
    struct file_state now = {0};
    bool was_held = sqlite3_get_autocommit(source->database) == 0;
    release_lock(source);
    if (!was_held) {
        return refuse_changed(source, error);
    }
    if (!source->is_without_locks) {
        return 0;
    }
    if (inspect_file(source->path, &now, error) != 0) {
        return -1;
    }
    return is_unchanged(&source->opened, &now) ? 0 : refuse_changed(source, error);
}

static sqlite3 *connection_of(const struct source *base) {
    return ((const struct sqlite_source *)base)->database;
}

static void close_rows(struct rows *base) {
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    sqlite3_finalize(rows->statement);
    release_lock((struct sqlite_source *)base->source);
    free(rows);
}

static struct rows *query(struct source *base, const char *sql, struct error *error) {
    struct sqlite_source *source = (struct sqlite_source *)base;
    struct sqlite_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    rows->base.source = base;
    hold_lock(source);
    if (prepare(source, sql, &rows->statement, error) != 0) {
        close_rows(&rows->base);
        return NULL;
    }
    rows->column_count = (size_t)sqlite3_column_count(rows->statement);
    return &rows->base;
}

static size_t column_count(const struct rows *base) {
    return ((const struct sqlite_rows *)base)->column_count;
}

static const char *column_name(const struct rows *base, size_t column) {
    const char *name =
        sqlite3_column_name(((const struct sqlite_rows *)base)->statement, (int)column);
    return name == NULL ? "" : name;
}

static int step(struct rows *base, struct error *error) {
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    if (rows->ended) {
        return 0;
    }
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW) {
        return 1;
    }
    rows->ended = true;
    if (code == SQLITE_DONE) {
        return 0;
    }
    return sqlite_explain_reading(sqlite3_db_handle(rows->statement), source_name(base->source),
                                  sqlite3_sql(rows->statement), error);
}

/* SQLite gives NULL for a blob of no bytes, which is not SQL's null. */
static struct span bytes_of(sqlite3_value *value, const void *bytes) {
    if (bytes == NULL) {
        return span_of("");
    }
    return (struct span){bytes, (size_t)sqlite3_value_bytes(value)};
}

/* One call finds the column's value; each sqlite3_column_...() would find it once more. The value
 * is as good as a protected one: the connection is without mutexes, and under the source's lock. */
static struct value value_of(const struct rows *base, size_t position) {
    sqlite3_stmt *statement = ((const struct sqlite_rows *)base)->statement;
    sqlite3_value *found = sqlite3_column_value(statement, (int)position);
    struct value value = {.kind = VALUE_NULL};
    switch (sqlite3_value_type(found)) {
    case SQLITE_INTEGER:
        value.kind = VALUE_INTEGER;
        value.integer = sqlite3_value_int64(found);
        break;
    case SQLITE_FLOAT:
        value.kind = VALUE_REAL;
        value.real = sqlite3_value_double(found);
        break;
    case SQLITE_TEXT:
        value.kind = VALUE_TEXT;
        value.text = bytes_of(found, sqlite3_value_text(found));
        break;
    case SQLITE_BLOB:
        value.kind = VALUE_BLOB;
        value.text = bytes_of(found, sqlite3_value_blob(found));
        break;
    default:
        break;
    }
    return value;
}

const struct driver sqlite_driver = {
    .open = open_source,
    .close = close_source,
    .hold_still = hold_still,
    .begin = begin,
    .end = end,
    .sqlite = connection_of,
    .read = query,
    .query = query,
    .close_rows = close_rows,
    .column_count = column_count,
    .column_name = column_name,
    .step = step,
    .value = value_of,
    .is_sorted_here = true,
};
