#define _POSIX_C_SOURCE 200809L

#include "legacy.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* The order of the sentences below. */
enum statement {
    STATEMENT_RELEASE,
    STATEMENT_STATUS,
    STATEMENT_RELEASE_VERSION,
    STATEMENT_STATUS_VERSION,
    STATEMENT_USER,
    STATEMENT_RIGHT,
    STATEMENTS
};

static const char *const sentences[STATEMENTS] = {
    [STATEMENT_RELEASE] = "INSERT INTO releases VALUES (?,?,?,?,?,?,?)",
    [STATEMENT_STATUS] = "INSERT INTO status VALUES (?,?,?,?,?,?,?,?)",
    [STATEMENT_RELEASE_VERSION] = "INSERT INTO releases_lv VALUES (?,?,?,?,?,?,?)",
    [STATEMENT_STATUS_VERSION] = "INSERT INTO status_lv VALUES (?,?,?,?,?,?,?,?)",
    [STATEMENT_USER] = "INSERT INTO users VALUES (?,?,?,?)",
    [STATEMENT_RIGHT] = "INSERT INTO user_rights VALUES (NULL,?,?,?,?)",
};

#define RELEASE_COLUMNS                                                                            \
    "(id integer primary key, category text, subcategory text, release_name text, "                \
    "version integer, date "
#define STATUS_COLUMNS                                                                             \
    "(id integer, validation_status text, comments text, links text, user_name text, "             \
    "messageID text, email_subject text, relmon_url text);"
#define SCHEMA(date_type)                                                                          \
    "CREATE TABLE releases" RELEASE_COLUMNS date_type ", status_kind text);"                       \
    "CREATE TABLE status" STATUS_COLUMNS "CREATE TABLE releases_lv" RELEASE_COLUMNS date_type      \
    ", status_kind text);"                                                                         \
    "CREATE TABLE status_lv" STATUS_COLUMNS                                                        \
    "CREATE TABLE users(user_name text, email text, admin short, validator short);"                \
    "CREATE TABLE user_rights(id integer primary key, user_name text, category text, "             \
    "subcategory text, status_kind text);"

static const char *const schemas[] = {
    [LEGACY_DATES_SECONDS] = SCHEMA("integer"),
    [LEGACY_DATES_ISO] = SCHEMA("timestamp"),
};

/* A file that is thrown away when anything fails needs neither a journal nor a sync. */
static const char beginning[] = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                                "PRAGMA locking_mode=EXCLUSIVE; BEGIN";

struct legacy {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    enum legacy_dates dates;
    enum legacy_history history;
    int64_t last_id;
};

static int fail(const struct legacy *legacy, struct error *error) {
    return error_set(error, ERROR_DISK, "the sample database cannot be written: %s",
                     sqlite3_errmsg(legacy->db));
}

static int run(struct legacy *legacy, const char *sql, struct error *error) {
    if (sqlite3_exec(legacy->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        return fail(legacy, error);
    }
    return 0;
}

/* Neither the old file nor what an interrupted program left beside it may survive. */
static int remove_old(const char *path, struct error *error) {
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *name = sqlite3_mprintf("%s%s", path, endings[i]);
        if (name == NULL) {
            return error_set_no_memory(error);
        }
        int failed = unlink(name) != 0 && errno != ENOENT;
        sqlite3_free(name);
        if (failed) {
            return error_set(error, ERROR_DISK, "%s cannot be replaced: %s", path, strerror(errno));
        }
    }
    return 0;
}

static int prepare(struct legacy *legacy, struct error *error) {
    for (int i = 0; i < STATEMENTS; i++) {
        if (sqlite3_prepare_v3(legacy->db, sentences[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &legacy->statements[i], NULL) != SQLITE_OK) {
            return fail(legacy, error);
        }
    }
    return 0;
}

struct legacy *legacy_create(const char *path, enum legacy_dates dates, enum legacy_history history,
                             struct error *error) {
    if (remove_old(path, error) != 0) {
        return NULL;
    }
    struct legacy *legacy = calloc(1, sizeof *legacy);
    if (legacy == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    legacy->dates = dates;
    legacy->history = history;

    mode_t mask = umask(S_IRWXG | S_IRWXO);
    int opened =
        sqlite3_open_v2(path, &legacy->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    int rc = opened == SQLITE_OK ? run(legacy, beginning, error) : fail(legacy, error);
    umask(mask);

    if (rc != 0 || run(legacy, schemas[dates], error) != 0 || prepare(legacy, error) != 0) {
        legacy_close(legacy);
        return NULL;
    }
    return legacy;
}

int64_t legacy_take_id(struct legacy *legacy) {
    return ++legacy->last_id;
}

bool legacy_keeps_history(const struct legacy *legacy) {
    return legacy->history == LEGACY_HISTORY_FILLED;
}

static void bind_texts(sqlite3_stmt *statement, int first, const char *const *texts, int count) {
    for (int i = 0; i < count; i++) {
        sqlite3_bind_text(statement, first + i, texts[i], -1, SQLITE_STATIC);
    }
}

static int step(struct legacy *legacy, sqlite3_stmt *statement, struct error *error) {
    int stepped = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (stepped != SQLITE_DONE) {
        return fail(legacy, error);
    }
    return 0;
}

/* `buffer` must live until the statement has been run. */
static void bind_date(const struct legacy *legacy, sqlite3_stmt *statement, int place, int64_t date,
                      char buffer[40]) {
    if (date == LEGACY_NO_DATE) {
        sqlite3_bind_null(statement, place);
        return;
    }
    if (legacy->dates == LEGACY_DATES_SECONDS) {
        sqlite3_bind_int64(statement, place, date);
        return;
    }
    struct tm parts;
    time_t seconds = (time_t)date;
    gmtime_r(&seconds, &parts);
    strftime(buffer, 40, "%Y-%m-%d %H:%M:%S.000000", &parts);
    sqlite3_bind_text(statement, place, buffer, -1, SQLITE_STATIC);
}

static int add_release(struct legacy *legacy, enum statement which, const struct legacy_row *row,
                       struct error *error) {
    sqlite3_stmt *statement = legacy->statements[which];
    const char *texts[] = {row->category, row->subcategory, row->release_name};
    char date[40];
    sqlite3_bind_int64(statement, 1, row->id);
    bind_texts(statement, 2, texts, 3);
    sqlite3_bind_int(statement, 5, row->version);
    bind_date(legacy, statement, 6, row->date, date);
    bind_texts(statement, 7, &row->status_kind, 1);
    return step(legacy, statement, error);
}

static const char *or_nothing(const char *text) {
    return text == NULL ? "" : text;
}

static int add_status(struct legacy *legacy, enum statement which, const struct legacy_row *row,
                      struct error *error) {
    sqlite3_stmt *statement = legacy->statements[which];
    char message[48];
    char subject[256];
    snprintf(message, sizeof message, "<%lld@mail.example>", (long long)row->id);
    snprintf(subject, sizeof subject, "Validation of %s %s %s %s", or_nothing(row->release_name),
             or_nothing(row->category), or_nothing(row->subcategory), or_nothing(row->status_kind));
    const char *texts[] = {row->validation_status, row->comments, row->links,
                           row->user_name,         message,       subject,
                           row->relmon_url};
    sqlite3_bind_int64(statement, 1, row->id);
    bind_texts(statement, 2, texts, 7);
    return step(legacy, statement, error);
}

int legacy_add_row(struct legacy *legacy, const struct legacy_row *row, struct error *error) {
    if (add_release(legacy, STATEMENT_RELEASE, row, error) != 0 ||
        add_status(legacy, STATEMENT_STATUS, row, error) != 0) {
        return -1;
    }
    return legacy_add_earlier(legacy, row, error);
}

int legacy_add_earlier(struct legacy *legacy, const struct legacy_row *row, struct error *error) {
    if (!legacy_keeps_history(legacy)) {
        return 0;
    }
    if (add_release(legacy, STATEMENT_RELEASE_VERSION, row, error) != 0) {
        return -1;
    }
    return add_status(legacy, STATEMENT_STATUS_VERSION, row, error);
}

int legacy_add_release_alone(struct legacy *legacy, const struct legacy_row *row,
                             struct error *error) {
    return add_release(legacy, STATEMENT_RELEASE, row, error);
}

int legacy_add_status_alone(struct legacy *legacy, const struct legacy_row *row,
                            struct error *error) {
    return add_status(legacy, STATEMENT_STATUS, row, error);
}

static void bind_flag(sqlite3_stmt *statement, int place, int flag) {
    if (flag == LEGACY_NO_FLAG) {
        sqlite3_bind_null(statement, place);
        return;
    }
    sqlite3_bind_int(statement, place, flag);
}

int legacy_add_user(struct legacy *legacy, const struct legacy_user *user, struct error *error) {
    sqlite3_stmt *statement = legacy->statements[STATEMENT_USER];
    const char *texts[] = {user->user_name, user->email};
    bind_texts(statement, 1, texts, 2);
    bind_flag(statement, 3, user->admin);
    bind_flag(statement, 4, user->validator);
    return step(legacy, statement, error);
}

int legacy_add_right(struct legacy *legacy, const struct legacy_right *right, struct error *error) {
    const char *texts[] = {right->user_name, right->category, right->subcategory,
                           right->status_kind};
    bind_texts(legacy->statements[STATEMENT_RIGHT], 1, texts, 4);
    return step(legacy, legacy->statements[STATEMENT_RIGHT], error);
}

int legacy_finish(struct legacy *legacy, struct error *error) {
    return run(legacy, "COMMIT", error);
}

void legacy_close(struct legacy *legacy) {
    if (legacy == NULL) {
        return;
    }
    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(legacy->statements[i]);
    }
    sqlite3_close(legacy->db);
    free(legacy);
}
