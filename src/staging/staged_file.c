#define _GNU_SOURCE /* mkostemp */
#include "staging/staged_file_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_lock.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/sqlite_file.h"
#include "base/statement.h"
#include "base/version.h"

/* "RPSN", by which what an earlier run has left is known. */
#define APPLICATION_ID "0x5250534e"

struct staged_file {
    struct text path;    /* of a snapshot */
    struct text partial; /* likewise */
    enum snapshot_existing existing;
    bool is_published;
    int descriptor; /* holds the lock; open as long as SQLite has the file, whose own locks would
                       end with it */
    sqlite3 *database;
    struct statement insert;
};

/* Where SQLite notes an application's id in the first page, and how many bytes have to be there. */
enum { HEADER_SIZE = 72, ID_OFFSET = 68 };
static const char id_bytes[4] = "RPSN";

static const char *const companions[] = {SQLITE_FILE_COMPANIONS};

static int fail(const char *path, const char *what, struct error *error) {
    return error_set(error, ERROR_DISK, "%s: %s: %s", path, what, strerror(errno));
}

/* SQLite would play another program's journal next to the new file into it. */
static int check_companions(const char *path, struct error *error) {
    struct text companion = {0};
    int rc = 0;
    for (size_t i = 0; i < sizeof companions / sizeof *companions && rc == 0; i++) {
        text_clear(&companion);
        text_append_format(&companion, "%s%s", path, companions[i]);
        if (access(text_string(&companion), F_OK) == 0) {
            rc = error_set(error, ERROR_USAGE,
                           "%s is in the way: SQLite would take it for a part of the new file; "
                           "move it away, or name another file with -o",
                           text_string(&companion));
        }
    }
    text_free(&companion);
    return rc;
}

static int check_destination(const struct staged_file *file, struct error *error) {
    struct stat status;
    const char *path = text_string(&file->path);
    if (lstat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode)) {
            return error_set(error, ERROR_USAGE, "%s is a folder; name a file with -o", path);
        }
        if (file->existing == SNAPSHOT_REFUSE_EXISTING) {
            return error_set(
                error, ERROR_USAGE,
                "%s: is there already; name another file (`snapshot --force` replaces it)", path);
        }
    }
    return check_companions(path, error);
}

/* Empty, or what SQLite had written of a snapshot by the time the program ended. */
static int check_leftover(const struct staged_file *file, struct error *error) {
    static const char nothing[HEADER_SIZE];
    char header[HEADER_SIZE] = {0};
    ssize_t size = pread(file->descriptor, header, sizeof header, 0);
    bool is_ours = memcmp(header, SQLITE_FILE_MAGIC, sizeof SQLITE_FILE_MAGIC) == 0 &&
                   memcmp(header + ID_OFFSET, id_bytes, sizeof id_bytes) == 0;
    if (size < 0) {
        return fail(text_string(&file->partial), "cannot be read", error);
    }
    if (!is_ours && memcmp(header, nothing, sizeof header) != 0) {
        return error_set(error, ERROR_USAGE,
                         "%s is in the way, and not what a snapshot has left; move it away, or "
                         "name another file with -o",
                         text_string(&file->partial));
    }
    return 0;
}

/* The file may have got its own name while this run waited for nothing: then it is not to be
 * touched. */
static int lock(const struct staged_file *file, struct error *error) {
    const char *partial = text_string(&file->partial);
    struct stat opened;
    struct stat named;
    int owned = file_lock_take(file->descriptor, partial, error);
    if (owned < 0) {
        return -1;
    }
    if (owned == 0 || fstat(file->descriptor, &opened) != 0 || stat(partial, &named) != 0 ||
        opened.st_ino != named.st_ino || opened.st_dev != named.st_dev) {
        return error_set(error, ERROR_USAGE,
                         "%s: another snapshot is being written there; wait for it to end",
                         partial);
    }
    return 0;
}

static int take_partial(struct staged_file *file, struct error *error) {
    const char *partial = text_string(&file->partial);
    file->descriptor = open(partial, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file->descriptor < 0) {
        return fail(partial, "cannot be made", error);
    }
    if (lock(file, error) != 0 || check_leftover(file, error) != 0 ||
        check_companions(partial, error) != 0) {
        close(file->descriptor);
        file->descriptor = -1; /* not this run's to remove */
        return -1;
    }
    if (ftruncate(file->descriptor, 0) != 0 || fchmod(file->descriptor, 0600) != 0) {
        return fail(partial, "cannot be emptied", error);
    }
    return 0;
}

/* Nothing is undone and nothing has to last before the file is sealed. Sorting takes as much memory
 * as the cache. */
static const char settings_sql[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                                   "PRAGMA cache_size = -8000; PRAGMA temp.cache_size = -8000;";

/* The first commit puts the application's id on the disk. */
static const char snapshot_sql[] =
    "PRAGMA application_id = " APPLICATION_ID ";"
    "CREATE TABLE snapshot (table_name TEXT PRIMARY KEY, row_count INTEGER, checksum TEXT,"
    "  source TEXT, taken TEXT, is_consistent INTEGER, program TEXT) WITHOUT ROWID;";

static int open_database(struct staged_file *file, const char *path, struct error *error) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &file->database, flags, NULL) != SQLITE_OK) {
        return statement_fail(file->database, error);
    }
    return statement_execute(file->database, settings_sql, error);
}

static struct staged_file *allocate(struct error *error) {
    struct staged_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    file->descriptor = -1;
    return file;
}

struct staged_file *staged_file_create(const char *path, enum snapshot_existing existing,
                                       struct error *error) {
    struct staged_file *file = allocate(error);
    if (file == NULL) {
        return NULL;
    }
    file->existing = existing;
    text_append_string(&file->path, path);
    text_append_format(&file->partial, "%s.partial", path);
    if (text_check(&file->partial, error) != 0 || check_destination(file, error) != 0 ||
        take_partial(file, error) != 0 ||
        open_database(file, text_string(&file->partial), error) != 0 ||
        statement_execute(file->database, snapshot_sql, error) != 0 ||
        statement_execute(file->database, "BEGIN", error) != 0) {
        staged_file_close(file);
        return NULL;
    }
    return file;
}

/* SQLite needs a name to open the file; from then on its descriptor is enough, as there is no
 * journal. */
static int open_nameless(struct staged_file *file, const char *neighbor, struct error *error) {
    struct text name = {0};
    text_append_format(&name, "%s.staging-XXXXXX", neighbor);
    int rc = text_check(&name, error);
    int descriptor = rc == 0 ? mkostemp(name.data, O_CLOEXEC) : -1;
    if (rc == 0 && descriptor < 0) {
        rc = fail(text_string(&name), "cannot be made", error);
    }
    if (rc == 0) {
        close(descriptor);
        rc = open_database(file, text_string(&name), error);
        unlink(text_string(&name));
    }
    text_free(&name);
    return rc;
}

struct staged_file *staged_file_create_nameless(const char *neighbor, struct error *error) {
    struct staged_file *file = allocate(error);
    if (file == NULL) {
        return NULL;
    }
    int rc =
        neighbor == NULL ? open_database(file, "", error) : open_nameless(file, neighbor, error);
    if (rc != 0 || statement_execute(file->database, "BEGIN", error) != 0) {
        staged_file_close(file);
        return NULL;
    }
    return file;
}

sqlite3 *staged_file_database(const struct staged_file *file) {
    return file->database;
}

const char *staged_file_partial_path(const struct staged_file *file) {
    return text_string(&file->partial);
}

int staged_file_begin_table(struct staged_file *file, const struct shape *shape,
                            struct error *error) {
    struct text create = {0};
    struct text insert = {0};
    statement_finalize(&file->insert);
    shape_append_create(shape, &create);
    if (statement_execute_text(file->database, &create, error) != 0) {
        return -1;
    }
    shape_append_insert(shape, &insert);
    return statement_prepare_text(&file->insert, file->database, &insert, error);
}

static void bind_value(struct statement *insert, int position, struct value value) {
    switch (value.kind) {
    case VALUE_NULL:
        statement_bind_null(insert, position);
        return;
    case VALUE_INTEGER:
        statement_bind_integer(insert, position, value.integer);
        return;
    case VALUE_REAL:
        sqlite3_bind_double(insert->handle, position, value.real);
        return;
    case VALUE_TEXT:
        statement_bind_text(insert, position, value.text);
        return;
    case VALUE_BLOB:
        sqlite3_bind_blob64(insert->handle, position, value.text.data, value.text.length,
                            SQLITE_STATIC);
        return;
    }
}

int staged_file_add_row(struct staged_file *file, const struct value *values, size_t count,
                        struct error *error) {
    for (size_t i = 0; i < count; i++) {
        bind_value(&file->insert, (int)i + 1, values[i]);
    }
    return statement_run(&file->insert, error);
}

int staged_file_note(struct staged_file *file, const struct staged_note *note,
                     struct error *error) {
    struct statement insert;
    if (statement_prepare(&insert, file->database,
                          "INSERT INTO snapshot VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", error) != 0) {
        return -1;
    }
    statement_bind_string(&insert, 1, note->table);
    statement_bind_integer(&insert, 2, note->rows);
    statement_bind_string(&insert, 3, note->checksum);
    statement_bind_string(&insert, 4, note->source);
    statement_bind_string(&insert, 5, note->taken);
    statement_bind_integer(&insert, 6, note->is_one_moment);
    statement_bind_string(&insert, 7, version_text);
    int rc = statement_run(&insert, error);
    statement_finalize(&insert);
    return rc;
}

int staged_file_commit(struct staged_file *file, struct error *error) {
    statement_finalize(&file->insert);
    return statement_execute(file->database, "COMMIT", error);
}

int staged_file_seal(struct staged_file *file, struct error *error) {
    if (memory_check(error) != 0) {
        return -1;
    }
    return fsync(file->descriptor) == 0
               ? 0
               : fail(text_string(&file->partial), "cannot be written", error);
}

static int rename_to(const struct staged_file *file, struct error *error) {
    const char *path = text_string(&file->path);
    const char *partial = text_string(&file->partial);
    if (file->existing == SNAPSHOT_REFUSE_EXISTING) {
        return folder_rename_new(partial, path, error);
    }
    return rename(partial, path) == 0 ? 0 : fail(path, "cannot be made", error);
}

int staged_file_publish(struct staged_file *file, struct error *error) {
    if (rename_to(file, error) != 0) {
        return -1;
    }
    file->is_published = true;
    return folder_sync(text_string(&file->path), error);
}

void staged_file_close(struct staged_file *file) {
    if (file == NULL) {
        return;
    }
    if (file->descriptor >= 0 && !file->is_published) {
        unlink(text_string(&file->partial));
    }
    statement_finalize(&file->insert);
    sqlite3_close(file->database);
    if (file->descriptor >= 0) {
        close(file->descriptor);
    }
    text_free(&file->path);
    text_free(&file->partial);
    free(file);
}
