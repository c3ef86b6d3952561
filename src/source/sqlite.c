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

/* The start of every SQLite file; the bytes at 18 and 19 are 2 where it is written by way of a
 * WAL. */
enum { HEADER_SIZE = 20, READ_VERSION = 19, WAL_VERSION = 2 };
static const char magic[16] = "SQLite format 3";

struct sqlite_source {
    struct source base;
    sqlite3 *database;
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
    ssize_t bytes = read(file, header, HEADER_SIZE);
    if (bytes < 0) {
        return error_set(error, ERROR_SOURCE, "cannot read %s: %s", path, strerror(errno));
    }
    if (bytes < HEADER_SIZE || memcmp(header, magic, sizeof magic) != 0) {
        return error_set(error, ERROR_SOURCE,
                         "%s is not a SQLite database: it does not begin with \"%s\"", path, magic);
    }
    return 0;
}

/* Looks at the file itself, because SQLite takes an empty file for a database and opens a folder
 * or a text without a word. */
static int inspect_file(const char *path, char header[HEADER_SIZE], struct error *error) {
    int rc = -1;
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        return error_set(error, ERROR_SOURCE, "cannot open the database %s: %s", path,
                         strerror(errno));
    }
    if (fstat(file, &status) != 0) {
        error_set(error, ERROR_SOURCE, "cannot read %s: %s", path, strerror(errno));
        goto out;
    }
    if (check_kind(path, &status, error) != 0) {
        goto out;
    }
    rc = read_header(file, path, header, error);
out:
    close(file);
    return rc;
}

static bool has_live_wal(const char *path) {
    struct text wal = {0};
    struct stat status;
    text_append_format(&wal, "%s-wal", path);
    bool live = !wal.failed && stat(text_string(&wal), &status) == 0 && status.st_size > 0;
    text_free(&wal);
    return live;
}

/* A database in WAL mode makes SQLite create two files beside it even to read, unless it is called
 * immutable; one in the older mode is read under a shared lock, so that nobody writes meanwhile,
 * and needs no file. */
static const char *choose_mode(const char *path, const char header[HEADER_SIZE]) {
    if (header[READ_VERSION] == WAL_VERSION && !has_live_wal(path)) {
        return "?mode=ro&immutable=1";
    }
    return "?mode=ro";
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
 * takes as much again, and more of it is no faster. */
static const char settings[] = "PRAGMA query_only = 1; PRAGMA cache_size = -4000;"
                               "PRAGMA mmap_size = 0; PRAGMA schema_version;";

static int connect_to(struct sqlite_source *source, const char *path, const char *mode,
                      struct error *error) {
    struct text uri = {0};
    int rc = -1;
    append_uri(&uri, path, mode);
    if (text_check(&uri, error) != 0) {
        goto out;
    }
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(text_string(&uri), &source->database, flags, NULL) != SQLITE_OK ||
        harden(source->database) != 0 ||
        sqlite3_exec(source->database, settings, NULL, NULL, NULL) != SQLITE_OK) {
        sqlite_explain_reading(source->database, text_string(&source->base.name), NULL, error);
        goto out;
    }
    rc = 0;
out:
    text_free(&uri);
    return rc;
}

static void close_source(struct source *base) {
    struct sqlite_source *source = (struct sqlite_source *)base;
    sqlite3_close(source->database);
    text_free(&source->base.name);
    free(source);
}

/* SQLite has neither schemas nor users: the access is not looked at. */
static struct source *open_source(const char *url, const char *location,
                                  const struct source_access *access, struct error *error) {
    (void)access;
    if (*location == '\0') {
        error_set(error, ERROR_USAGE, "no path is given for the source; write sqlite:PATH");
        return NULL;
    }
    char header[HEADER_SIZE] = {0};
    if (inspect_file(location, header, error) != 0) {
        return NULL;
    }
    struct sqlite_source *source = calloc(1, sizeof *source);
    char *path = realpath(location, NULL);
    bool opened = false;
    if (source == NULL || path == NULL) {
        error_set(error, ERROR_SOURCE, "cannot open the database %s: %s", location,
                  strerror(errno));
        goto out;
    }
    text_append_string(&source->base.name, url);
    opened = connect_to(source, path, choose_mode(path, header), error) == 0;
out:
    free(path);
    if (!opened && source != NULL) {
        close_source(&source->base);
    }
    return opened ? &source->base : NULL;
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
    .query = query,
    .close_rows = close_rows,
    .column_count = column_count,
    .column_name = column_name,
    .step = step,
    .value = value_of,
    .is_sorted_here = true,
};
