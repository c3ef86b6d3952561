#include <sqlite3.h>
#include <stdlib.h>

#include "base/fold.h"
#include "people/store_private.h"

/* A file without a name, which is gone however the program ends, needs no journal. The cache is
 * also what an index is sorted in: 8 MiB. */
static const char schema_sql[] =
    "PRAGMA temp_store = FILE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "PRAGMA cache_size = -8192;"
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, person INTEGER, login_key TEXT, name_key TEXT,"
    " login TEXT, fullname TEXT, email TEXT, list INTEGER, line INTEGER, dn TEXT,"
    " addresses INTEGER);"
    "CREATE TABLE likeness (value TEXT, login_key TEXT, entry INTEGER)";

static const char begin_sql[] = "DROP INDEX IF EXISTS entry_login; DROP INDEX IF EXISTS entry_name;"
                                "DROP INDEX IF EXISTS likeness_value; BEGIN";

static const char index_sql[] =
    "CREATE INDEX entry_login ON entry (login_key) WHERE login_key IS NOT NULL;"
    "CREATE INDEX entry_name ON entry (name_key) WHERE name_key IS NOT NULL;"
    "CREATE INDEX likeness_value ON likeness (value)";

enum store_statement {
    ADD_ENTRY,
    ADD_LIKENESS,
    JOIN_LOGINS,
    EACH_SECOND_ADDRESS,
    FIND_LOGIN,
    FIND_NEAR,
    EACH_NAMESAKE,
    READ_ENTRY,
    STATEMENT_COUNT
};

static const char *const statements_sql[STATEMENT_COUNT] = {
    [ADD_ENTRY] = "INSERT INTO entry (person, login_key, name_key, login, fullname, email, list,"
                  " line, dn, addresses) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [ADD_LIKENESS] = "INSERT INTO likeness VALUES (?1, ?2, ?3)",
    [JOIN_LOGINS] = "UPDATE entry SET person = first.id FROM"
                    " (SELECT login_key, min(id) AS id FROM entry WHERE login_key IS NOT NULL"
                    "  GROUP BY login_key HAVING count(*) > 1) AS first"
                    " WHERE entry.login_key = first.login_key AND entry.id > first.id"
                    " AND entry.id > ?1",
    [EACH_SECOND_ADDRESS] =
        "SELECT e.login, e.email, e.list, e.line, f.email, f.list, f.line"
        " FROM entry e JOIN entry f ON f.id = e.person"
        " WHERE e.id > ?1 AND e.email <> '' AND e.email <> f.email COLLATE NOCASE ORDER BY e.id",
    [FIND_LOGIN] =
        "SELECT coalesce(person, id) FROM entry WHERE login_key = ?1 ORDER BY id LIMIT 1",
    [FIND_NEAR] = "SELECT id FROM entry WHERE login_key = ?1 AND login_key <> ?2"
                  " UNION ALL SELECT entry FROM likeness WHERE value = ?1 AND login_key <> ?2"
                  " LIMIT 1",
    [EACH_NAMESAKE] = "SELECT person FROM"
                      " (SELECT coalesce(person, id) AS person, id FROM entry WHERE name_key = ?1"
                      "  UNION ALL"
                      "  SELECT coalesce(person, id), id FROM entry WHERE login_key = ?1)"
                      " GROUP BY person ORDER BY min(id)",
    [READ_ENTRY] = "SELECT login, fullname, email, list, line, dn, addresses FROM entry"
                   " WHERE id = ?1",
};

struct store {
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    int64_t last;        /* entry */
    int64_t last_before; /* the list that is loaded */
    struct text login_key, name_key, likeness;
};

static int fail(const struct store *store, struct error *error) {
    if (sqlite3_errcode(store->database) == SQLITE_NOMEM) {
        return error_set_no_memory(error);
    }
    return error_set(error, ERROR_DISK,
                     "the people cannot be kept in a temporary file: %s; is there room in TMPDIR, "
                     "or else in /var/tmp?",
                     sqlite3_errmsg(store->database));
}

static int run(const struct store *store, const char *sql, struct error *error) {
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
                                                                             : fail(store, error);
}

struct store *store_open(struct error *error) {
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    if (sqlite3_open("", &store->database) != SQLITE_OK) {
        fail(store, error);
    } else if (run(store, schema_sql, error) == 0 && run(store, index_sql, error) == 0) {
        return store;
    }
    store_close(store);
    return NULL;
}

void store_close(struct store *store) {
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
    }
    sqlite3_close(store->database);
    text_free(&store->login_key);
    text_free(&store->name_key);
    text_free(&store->likeness);
    free(store);
}

/* The statement, prepared once and ready to be bound; NULL with the error. */
static sqlite3_stmt *statement(struct store *store, enum store_statement which,
                               struct error *error) {
    sqlite3_stmt **found = &store->statements[which];
    if (*found == NULL && sqlite3_prepare_v3(store->database, statements_sql[which], -1,
                                             SQLITE_PREPARE_PERSISTENT, found, NULL) != SQLITE_OK) {
        fail(store, error);
        return NULL;
    }
    sqlite3_reset(*found);
    return *found;
}

/* Null stays null. The span has to live until the statement is run. */
static void bind_text(sqlite3_stmt *statement, int position, struct span text) {
    sqlite3_bind_text64(statement, position, text.data, text.length, SQLITE_STATIC, SQLITE_UTF8);
}

/* An empty key belongs to nobody; it is null. */
static void bind_key(sqlite3_stmt *statement, int position, const struct text *key) {
    const struct span nobodys = {0};
    bind_text(statement, position, key->length == 0 ? nobodys : text_span(key));
}

static struct span column_text(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return (struct span){text, (size_t)sqlite3_column_bytes(statement, column)};
}

/* 1: a row; 0: the end; -1: the error. */
static int step(const struct store *store, sqlite3_stmt *statement, struct error *error) {
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return 1;
    case SQLITE_DONE:
        sqlite3_reset(statement);
        return 0;
    default:
        return fail(store, error);
    }
}

int store_begin_list(struct store *store, struct error *error) {
    store->last_before = store->last;
    return run(store, begin_sql, error);
}

static int show_second_addresses(struct store *store,
                                 void (*show)(void *context,
                                              const struct store_second_address *second),
                                 void *context, struct error *error) {
    int rc = -1;
    sqlite3_stmt *each = statement(store, EACH_SECOND_ADDRESS, error);
    if (each == NULL) {
        return -1;
    }
    sqlite3_bind_int64(each, 1, store->last_before);
    while ((rc = step(store, each, error)) == 1) {
        const struct store_second_address second = {.login = column_text(each, 0),
                                                    .email = column_text(each, 1),
                                                    .list = sqlite3_column_int64(each, 2),
                                                    .line = sqlite3_column_int64(each, 3),
                                                    .first_email = column_text(each, 4),
                                                    .first_list = sqlite3_column_int64(each, 5),
                                                    .first_line = sqlite3_column_int64(each, 6)};
        show(context, &second);
    }
    return rc;
}

int store_end_list(struct store *store,
                   void (*show)(void *context, const struct store_second_address *second),
                   void *context, struct error *error) {
    if (run(store, index_sql, error) != 0) {
        return -1;
    }
    sqlite3_stmt *join = statement(store, JOIN_LOGINS, error);
    if (join == NULL) {
        return -1;
    }
    sqlite3_bind_int64(join, 1, store->last_before);
    if (step(store, join, error) != 0) {
        return -1;
    }
    if (sqlite3_changes(store->database) > 0 &&
        show_second_addresses(store, show, context, error) != 0) {
        return -1;
    }
    return run(store, "COMMIT", error);
}

/* The likeness of a login that is not its key: found by nothing else. */
static int add_likeness(struct store *store, struct span login, int64_t id, struct error *error) {
    text_clear(&store->likeness);
    fold_likeness(login, &store->likeness);
    if (store->likeness.length == 0 ||
        span_equal(text_span(&store->likeness), text_span(&store->login_key))) {
        return text_check(&store->likeness, error);
    }
    sqlite3_stmt *add = statement(store, ADD_LIKENESS, error);
    if (add == NULL) {
        return -1;
    }
    bind_text(add, 1, text_span(&store->likeness));
    bind_text(add, 2, text_span(&store->login_key));
    sqlite3_bind_int64(add, 3, id);
    return step(store, add, error);
}

int store_add(struct store *store, const struct store_entry *entry, int64_t *id,
              struct error *error) {
    text_clear(&store->login_key);
    text_clear(&store->name_key);
    fold_key(entry->login, &store->login_key);
    fold_key(entry->fullname, &store->name_key);
    sqlite3_stmt *add = statement(store, ADD_ENTRY, error);
    if (add == NULL || text_check(&store->login_key, error) != 0 ||
        text_check(&store->name_key, error) != 0) {
        return -1;
    }
    if (entry->person == 0) {
        sqlite3_bind_null(add, 1);
    } else {
        sqlite3_bind_int64(add, 1, entry->person);
    }
    bind_key(add, 2, &store->login_key);
    bind_key(add, 3, &store->name_key);
    bind_text(add, 4, entry->login);
    bind_text(add, 5, entry->fullname);
    bind_text(add, 6, entry->email);
    sqlite3_bind_int64(add, 7, entry->list);
    sqlite3_bind_int64(add, 8, entry->line);
    bind_text(add, 9, entry->dn);
    sqlite3_bind_int64(add, 10, entry->addresses);
    if (step(store, add, error) != 0) {
        return -1;
    }
    store->last = sqlite3_last_insert_rowid(store->database);
    *id = store->last;
    return add_likeness(store, entry->login, *id, error);
}

/* The number that a prepared look-up gives, or 0; -1 with the error. */
static int64_t find(struct store *store, sqlite3_stmt *look_up, struct error *error) {
    int rc = step(store, look_up, error);
    int64_t found = rc == 1 ? sqlite3_column_int64(look_up, 0) : rc;
    sqlite3_reset(look_up);
    return found;
}

int64_t store_find_login(struct store *store, struct span login, struct error *error) {
    text_clear(&store->login_key);
    fold_key(login, &store->login_key);
    sqlite3_stmt *look_up = statement(store, FIND_LOGIN, error);
    if (look_up == NULL || text_check(&store->login_key, error) != 0) {
        return -1;
    }
    bind_key(look_up, 1, &store->login_key);
    return find(store, look_up, error);
}

int64_t store_find_near(struct store *store, struct span login, struct error *error) {
    text_clear(&store->login_key);
    text_clear(&store->likeness);
    fold_key(login, &store->login_key);
    fold_likeness(login, &store->likeness);
    sqlite3_stmt *look_up = statement(store, FIND_NEAR, error);
    if (look_up == NULL || text_check(&store->login_key, error) != 0 ||
        text_check(&store->likeness, error) != 0) {
        return -1;
    }
    bind_key(look_up, 1, &store->likeness);
    bind_text(look_up, 2, text_span(&store->login_key));
    return find(store, look_up, error);
}

int store_each_namesake(struct store *store, struct span name,
                        int (*take)(void *context, int64_t person, struct error *error),
                        void *context, struct error *error) {
    text_clear(&store->name_key);
    fold_key(name, &store->name_key);
    sqlite3_stmt *each = statement(store, EACH_NAMESAKE, error);
    if (each == NULL || text_check(&store->name_key, error) != 0) {
        return -1;
    }
    bind_key(each, 1, &store->name_key);
    int rc = step(store, each, error);
    while (rc == 1) {
        int taken = take(context, sqlite3_column_int64(each, 0), error);
        rc = taken == 0 ? step(store, each, error) : taken;
        if (taken != 0) {
            break;
        }
    }
    sqlite3_reset(each);
    return rc;
}

int store_read(struct store *store, int64_t id, struct store_entry *entry, struct error *error) {
    sqlite3_stmt *read = statement(store, READ_ENTRY, error);
    if (read == NULL) {
        return -1;
    }
    sqlite3_bind_int64(read, 1, id);
    int rc = step(store, read, error);
    if (rc != 1) {
        return rc == 0 ? error_set(error, ERROR_INTERNAL, "no person %lld", (long long)id) : -1;
    }
    *entry = (struct store_entry){.login = column_text(read, 0),
                                  .fullname = column_text(read, 1),
                                  .email = column_text(read, 2),
                                  .list = sqlite3_column_int64(read, 3),
                                  .line = sqlite3_column_int64(read, 4),
                                  .dn = column_text(read, 5),
                                  .addresses = sqlite3_column_int64(read, 6)};
    return 0;
}
