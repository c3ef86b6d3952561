#include <stdlib.h>

#include "base/fold.h"
#include "base/statement.h"
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
    struct statement_explainer explainer;
    struct statement statements[STATEMENT_COUNT];
    int64_t last;        /* entry */
    int64_t last_before; /* the list that is loaded */
    struct text login_key, name_key, likeness;
};

/* What statement_fail() reports. */
static int explain(void *context, struct error *error) {
    const struct store *store = context;
    if (sqlite3_errcode(store->database) == SQLITE_NOMEM) {
        error_set_no_memory(error);
    } else {
        error_set(error, ERROR_DISK,
                  "the people cannot be kept in a temporary file: %s; is there room in TMPDIR, or "
                  "else in /var/tmp?",
                  sqlite3_errmsg(store->database));
    }
    return 0;
}

struct store *store_open(struct error *error) {
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    int code = sqlite3_open("", &store->database);
    store->explainer = (struct statement_explainer){
        .database = store->database, .explain = explain, .context = store};
    statement_add_explainer(&store->explainer);
    if (code != SQLITE_OK) {
        statement_fail(store->database, error);
    } else if (statement_execute(store->database, schema_sql, error) == 0 &&
               statement_execute(store->database, index_sql, error) == 0) {
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
        statement_finalize(&store->statements[i]);
    }
    statement_remove_explainer(&store->explainer);
    sqlite3_close(store->database);
    text_free(&store->login_key);
    text_free(&store->name_key);
    text_free(&store->likeness);
    free(store);
}

/* The statement, prepared once and ready to be bound; NULL with the error. */
static struct statement *ready(struct store *store, enum store_statement which,
                               struct error *error) {
    struct statement *found = &store->statements[which];
    if (found->handle == NULL &&
        statement_prepare(found, store->database, statements_sql[which], error) != 0) {
        return NULL;
    }
    statement_reset(found);
    return found;
}

/* An empty key belongs to nobody; it is null. */
static void bind_key(struct statement *statement, int position, const struct text *key) {
    const struct span nobodys = {0};
    statement_bind_text(statement, position, key->length == 0 ? nobodys : text_span(key));
}

int store_begin_list(struct store *store, struct error *error) {
    store->last_before = store->last;
    return statement_execute(store->database, begin_sql, error);
}

static int show_second_addresses(struct store *store,
                                 void (*show)(void *context,
                                              const struct store_second_address *second),
                                 void *context, struct error *error) {
    int rc = -1;
    struct statement *each = ready(store, EACH_SECOND_ADDRESS, error);
    if (each == NULL) {
        return -1;
    }
    statement_bind_integer(each, 1, store->last_before);
    while ((rc = statement_step(each, error)) == 1) {
        const struct store_second_address second = {.login = statement_text(each, 0),
                                                    .email = statement_text(each, 1),
                                                    .list = statement_integer(each, 2),
                                                    .line = statement_integer(each, 3),
                                                    .first_email = statement_text(each, 4),
                                                    .first_list = statement_integer(each, 5),
                                                    .first_line = statement_integer(each, 6)};
        show(context, &second);
    }
    return rc;
}

int store_end_list(struct store *store,
                   void (*show)(void *context, const struct store_second_address *second),
                   void *context, struct error *error) {
    if (statement_execute(store->database, index_sql, error) != 0) {
        return -1;
    }
    struct statement *join = ready(store, JOIN_LOGINS, error);
    if (join == NULL) {
        return -1;
    }
    statement_bind_integer(join, 1, store->last_before);
    if (statement_run(join, error) != 0) {
        return -1;
    }
    if (sqlite3_changes(store->database) > 0 &&
        show_second_addresses(store, show, context, error) != 0) {
        return -1;
    }
    return statement_execute(store->database, "COMMIT", error);
}

/* The likeness of a login that is not its key: found by nothing else. */
static int add_likeness(struct store *store, struct span login, int64_t id, struct error *error) {
    text_clear(&store->likeness);
    fold_likeness(login, &store->likeness);
    if (store->likeness.length == 0 ||
        span_equal(text_span(&store->likeness), text_span(&store->login_key))) {
        return text_check(&store->likeness, error);
    }
    struct statement *add = ready(store, ADD_LIKENESS, error);
    if (add == NULL) {
        return -1;
    }
    statement_bind_text(add, 1, text_span(&store->likeness));
    statement_bind_text(add, 2, text_span(&store->login_key));
    statement_bind_integer(add, 3, id);
    return statement_run(add, error);
}

int store_add(struct store *store, const struct store_entry *entry, int64_t *id,
              struct error *error) {
    text_clear(&store->login_key);
    text_clear(&store->name_key);
    fold_key(entry->login, &store->login_key);
    fold_key(entry->fullname, &store->name_key);
    struct statement *add = ready(store, ADD_ENTRY, error);
    if (add == NULL || text_check(&store->login_key, error) != 0 ||
        text_check(&store->name_key, error) != 0) {
        return -1;
    }
    if (entry->person == 0) {
        statement_bind_null(add, 1);
    } else {
        statement_bind_integer(add, 1, entry->person);
    }
    bind_key(add, 2, &store->login_key);
    bind_key(add, 3, &store->name_key);
    statement_bind_text(add, 4, entry->login);
    statement_bind_text(add, 5, entry->fullname);
    statement_bind_text(add, 6, entry->email);
    statement_bind_integer(add, 7, entry->list);
    statement_bind_integer(add, 8, entry->line);
    statement_bind_text(add, 9, entry->dn);
    statement_bind_integer(add, 10, entry->addresses);
    if (statement_run(add, error) != 0) {
        return -1;
    }
    store->last = sqlite3_last_insert_rowid(store->database);
    *id = store->last;
    return add_likeness(store, entry->login, *id, error);
}

/* The number that a prepared look-up gives, or 0; -1 with the error. */
static int64_t find(struct statement *look_up, struct error *error) {
    int rc = statement_step(look_up, error);
    int64_t found = rc == 1 ? statement_integer(look_up, 0) : rc;
    statement_reset(look_up);
    return found;
}

int64_t store_find_login(struct store *store, struct span login, struct error *error) {
    text_clear(&store->login_key);
    fold_key(login, &store->login_key);
    struct statement *look_up = ready(store, FIND_LOGIN, error);
    if (look_up == NULL || text_check(&store->login_key, error) != 0) {
        return -1;
    }
    bind_key(look_up, 1, &store->login_key);
    return find(look_up, error);
}

int64_t store_find_near(struct store *store, struct span login, struct error *error) {
    text_clear(&store->login_key);
    text_clear(&store->likeness);
    fold_key(login, &store->login_key);
    fold_likeness(login, &store->likeness);
    struct statement *look_up = ready(store, FIND_NEAR, error);
    if (look_up == NULL || text_check(&store->login_key, error) != 0 ||
        text_check(&store->likeness, error) != 0) {
        return -1;
    }
    bind_key(look_up, 1, &store->likeness);
    statement_bind_text(look_up, 2, text_span(&store->login_key));
    return find(look_up, error);
}

int store_each_namesake(struct store *store, struct span name,
                        int (*take)(void *context, int64_t person, struct error *error),
                        void *context, struct error *error) {
    text_clear(&store->name_key);
    fold_key(name, &store->name_key);
    struct statement *each = ready(store, EACH_NAMESAKE, error);
    if (each == NULL || text_check(&store->name_key, error) != 0) {
        return -1;
    }
    bind_key(each, 1, &store->name_key);
    int rc;
    while ((rc = statement_step(each, error)) == 1) {
        rc = take(context, statement_integer(each, 0), error);
        if (rc != 0) {
            break;
        }
    }
    statement_reset(each);
    return rc;
}

int store_read(struct store *store, int64_t id, struct store_entry *entry, struct error *error) {
    struct statement *read = ready(store, READ_ENTRY, error);
    if (read == NULL) {
        return -1;
    }
    statement_bind_integer(read, 1, id);
    int rc = statement_step(read, error);
    if (rc != 1) {
        return rc == 0 ? error_set(error, ERROR_INTERNAL, "no person %lld", (long long)id) : -1;
    }
    *entry = (struct store_entry){.login = statement_text(read, 0),
                                  .fullname = statement_text(read, 1),
                                  .email = statement_text(read, 2),
                                  .list = statement_integer(read, 3),
                                  .line = statement_integer(read, 4),
                                  .dn = statement_text(read, 5),
                                  .addresses = statement_integer(read, 6)};
    return 0;
}
