#include "storage.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum verb { INSERT, REPLACE, DELETE, FIND, GET, EACH, VERBS };

struct storage {
    sqlite3 *database;
    sqlite3_stmt *statement[COLLECTIONS][VERBS];
    sqlite3_stmt *find_report;
    sqlite3_stmt *each_owned;
    sqlite3_stmt *each_named;
    long long last[COLLECTIONS];
    struct storage_counts counts;
    struct text found;
};

static const char *const table_names[COLLECTIONS] = {"users", "campaigns", "reports"};

static const char *const verb_sql[VERBS] = {
    [INSERT] = "INSERT INTO %s(n, owner, name, detail, mark, record) VALUES(?, ?, ?, ?, ?, ?)",
    [REPLACE] = "REPLACE INTO %s(n, owner, name, detail, mark, record) VALUES(?, ?, ?, ?, ?, ?)",
    [DELETE] = "DELETE FROM %s WHERE n = ?",
    [FIND] =
        "SELECT n, owner, name, detail, mark, record FROM %s WHERE name = ? ORDER BY n LIMIT 1",
    [GET] = "SELECT n, owner, name, detail, mark, record FROM %s WHERE n = ?",
    [EACH] = "SELECT n, owner, name, detail, mark, record FROM %s ORDER BY n",
};

static const char find_report_sql[] = "SELECT n, owner, name, detail, mark, record FROM reports"
                                      " WHERE name = ? AND detail = ? ORDER BY n LIMIT 1";
static const char each_owned_sql[] = "SELECT n, owner, name, detail, mark, record FROM reports"
                                     " WHERE owner = ? ORDER BY n";
static const char each_named_sql[] = "SELECT n, owner, name, detail, mark, record FROM reports"
                                     " WHERE name = ? ORDER BY n";

static const char schema_sql[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
    "CREATE TABLE IF NOT EXISTS users(n INTEGER PRIMARY KEY, owner INTEGER, name TEXT, detail TEXT,"
    " mark INTEGER, record TEXT);"
    "CREATE TABLE IF NOT EXISTS campaigns(n INTEGER PRIMARY KEY, owner INTEGER, name TEXT,"
    " detail TEXT, mark INTEGER, record TEXT);"
    "CREATE TABLE IF NOT EXISTS reports(n INTEGER PRIMARY KEY, owner INTEGER, name TEXT,"
    " detail TEXT, mark INTEGER, record TEXT);"
    "CREATE INDEX IF NOT EXISTS users_name ON users(name);"
    "CREATE INDEX IF NOT EXISTS campaigns_name ON campaigns(name);"
    "CREATE INDEX IF NOT EXISTS reports_name ON reports(name, detail);"
    "CREATE INDEX IF NOT EXISTS reports_owner ON reports(owner);";

static int prepare(struct storage *storage, const char *sql, sqlite3_stmt **statement) {
    int rc =
        sqlite3_prepare_v3(storage->database, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    return rc == SQLITE_OK ? 0 : -1;
}

static int prepare_all(struct storage *storage) {
    for (int c = 0; c < COLLECTIONS; c++) {
        for (int v = 0; v < VERBS; v++) {
            struct text sql = {0};
            for (const char *at = verb_sql[v]; *at != '\0'; at++) {
                if (at[0] == '%' && at[1] == 's') {
                    text_add_string(&sql, table_names[c]);
                    at++;
                } else {
                    text_add(&sql, at, 1);
                }
            }
            int rc = prepare(storage, sql.data, &storage->statement[c][v]);
            text_free(&sql);
            if (rc != 0) {
                return -1;
            }
        }
    }
    if (prepare(storage, find_report_sql, &storage->find_report) != 0 ||
        prepare(storage, each_owned_sql, &storage->each_owned) != 0 ||
        prepare(storage, each_named_sql, &storage->each_named) != 0) {
        return -1;
    }
    return 0;
}

static long long query_number(struct storage *storage, const char *sql) {
    sqlite3_stmt *statement = NULL;
    long long number = 0;
    if (prepare(storage, sql, &statement) == 0 && sqlite3_step(statement) == SQLITE_ROW) {
        number = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return number;
}

static void count_duplicates(struct storage *storage) {
    storage->counts.duplicates =
        query_number(storage, "SELECT count(name) - count(DISTINCT name) FROM users") +
        query_number(storage, "SELECT count(name) - count(DISTINCT name) FROM campaigns");
}

static void count_all(struct storage *storage) {
    static const char *const rows_sql[COLLECTIONS] = {"SELECT count(*) FROM users",
                                                      "SELECT count(*) FROM campaigns",
                                                      "SELECT count(*) FROM reports"};
    static const char *const last_sql[COLLECTIONS] = {"SELECT coalesce(max(n), 0) FROM users",
                                                      "SELECT coalesce(max(n), 0) FROM campaigns",
                                                      "SELECT coalesce(max(n), 0) FROM reports"};
    for (int c = 0; c < COLLECTIONS; c++) {
        storage->counts.rows[c] = query_number(storage, rows_sql[c]);
        long long last = query_number(storage, last_sql[c]);
        storage->last[c] = last > storage->last[c] ? last : storage->last[c];
    }
    count_duplicates(storage);
}

struct storage *storage_open(const char *file, char *why, size_t why_size) {
    struct storage *storage = calloc(1, sizeof *storage);
    if (storage == NULL) {
        snprintf(why, why_size, "out of memory");
        return NULL;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(file, &storage->database, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(storage->database, schema_sql, NULL, NULL, NULL) != SQLITE_OK ||
        prepare_all(storage) != 0) {
        snprintf(why, why_size, "%s", sqlite3_errmsg(storage->database));
        storage_close(storage);
        return NULL;
    }
    count_all(storage);
    return storage;
}

void storage_close(struct storage *storage) {
    if (storage == NULL) {
        return;
    }
    for (int c = 0; c < COLLECTIONS; c++) {
        for (int v = 0; v < VERBS; v++) {
            sqlite3_finalize(storage->statement[c][v]);
        }
    }
    sqlite3_finalize(storage->find_report);
    sqlite3_finalize(storage->each_owned);
    sqlite3_finalize(storage->each_named);
    sqlite3_close(storage->database);
    text_free(&storage->found);
    free(storage);
}

static int execute(struct storage *storage, const char *sql) {
    return sqlite3_exec(storage->database, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

int storage_begin(struct storage *storage) {
    return execute(storage, "BEGIN");
}

int storage_commit(struct storage *storage) {
    return execute(storage, "COMMIT");
}

long long storage_next(struct storage *storage, enum collection collection) {
    return ++storage->last[collection];
}

static void bind_slice(sqlite3_stmt *statement, int at, struct slice slice) {
    sqlite3_bind_text64(statement, at, slice.data, slice.size, SQLITE_STATIC, SQLITE_UTF8);
}

static int finish(sqlite3_stmt *statement) {
    int rc = sqlite3_step(statement);
    sqlite3_reset(statement);
    return rc == SQLITE_DONE ? 0 : -1;
}

static int write_row(sqlite3_stmt *statement, const struct row *row) {
    sqlite3_bind_int64(statement, 1, row->n);
    sqlite3_bind_int64(statement, 2, row->owner);
    bind_slice(statement, 3, row->name);
    bind_slice(statement, 4, row->detail);
    sqlite3_bind_int(statement, 5, row->mark);
    bind_slice(statement, 6, row->record);
    return finish(statement);
}

int storage_insert_unseen(struct storage *storage, enum collection collection,
                          const struct row *row) {
    if (write_row(storage->statement[collection][INSERT], row) != 0) {
        return -1;
    }
    storage->counts.rows[collection]++;
    if (row->n > storage->last[collection]) {
        storage->last[collection] = row->n;
    }
    return 0;
}

int storage_insert(struct storage *storage, enum collection collection, const struct row *row) {
    struct row earlier;
    if (collection != REPORTS && row->name.data != NULL &&
        storage_find(storage, collection, row->name, &earlier) == 1) {
        storage->counts.duplicates++;
    }
    return storage_insert_unseen(storage, collection, row);
}

int storage_replace(struct storage *storage, enum collection collection, const struct row *row) {
    int rc = write_row(storage->statement[collection][REPLACE], row);
    count_duplicates(storage);
    return rc;
}

int storage_delete(struct storage *storage, enum collection collection, long long n) {
    sqlite3_stmt *statement = storage->statement[collection][DELETE];
    sqlite3_bind_int64(statement, 1, n);
    int rc = finish(statement);
    count_all(storage);
    return rc;
}

int storage_clear(struct storage *storage) {
    int rc = execute(storage, "BEGIN; DELETE FROM users; DELETE FROM campaigns;"
                              " DELETE FROM reports; COMMIT");
    count_all(storage);
    return rc;
}

static struct slice column_slice(sqlite3_stmt *statement, int column) {
    const unsigned char *data = sqlite3_column_text(statement, column);
    return (struct slice){(const char *)data, (size_t)sqlite3_column_bytes(statement, column)};
}

static void read_row(sqlite3_stmt *statement, struct row *row) {
    row->n = sqlite3_column_int64(statement, 0);
    row->owner = sqlite3_column_int64(statement, 1);
    row->name = column_slice(statement, 2);
    row->detail = column_slice(statement, 3);
    row->mark = sqlite3_column_int(statement, 4);
    row->record = column_slice(statement, 5);
}

/* The record is copied, so that the statement need not stay open; name and detail are in it anyway.
 */
static int find_row(struct storage *storage, sqlite3_stmt *statement, struct row *row) {
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        read_row(statement, row);
        text_clear(&storage->found);
        text_add(&storage->found, row->record.data, row->record.size);
        row->record = (struct slice){storage->found.data, storage->found.size};
        row->name = (struct slice){0};
        row->detail = (struct slice){0};
    }
    sqlite3_reset(statement);
    return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

int storage_find(struct storage *storage, enum collection collection, struct slice name,
                 struct row *row) {
    sqlite3_stmt *statement = storage->statement[collection][FIND];
    bind_slice(statement, 1, name);
    return find_row(storage, statement, row);
}

int storage_find_report(struct storage *storage, struct slice name, struct slice group,
                        struct row *row) {
    bind_slice(storage->find_report, 1, name);
    bind_slice(storage->find_report, 2, group);
    return find_row(storage, storage->find_report, row);
}

int storage_get(struct storage *storage, enum collection collection, long long n, struct row *row) {
    sqlite3_stmt *statement = storage->statement[collection][GET];
    sqlite3_bind_int64(statement, 1, n);
    return find_row(storage, statement, row);
}

static int walk(sqlite3_stmt *statement, storage_visitor *visit, void *context) {
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        struct row row;
        read_row(statement, &row);
        if (visit(&row, context) != 0) {
            rc = SQLITE_DONE;
            break;
        }
    }
    sqlite3_reset(statement);
    return rc == SQLITE_DONE ? 0 : -1;
}

int storage_each(struct storage *storage, enum collection collection, storage_visitor *visit,
                 void *context) {
    return walk(storage->statement[collection][EACH], visit, context);
}

int storage_each_owned(struct storage *storage, long long owner, storage_visitor *visit,
                       void *context) {
    sqlite3_bind_int64(storage->each_owned, 1, owner);
    return walk(storage->each_owned, visit, context);
}

int storage_each_named(struct storage *storage, struct slice name, storage_visitor *visit,
                       void *context) {
    bind_slice(storage->each_named, 1, name);
    return walk(storage->each_named, visit, context);
}

const struct storage_counts *storage_count(const struct storage *storage) {
    return &storage->counts;
}
