#include "valdb/steps_private.h"

#include "base/fold.h"

static const char table_sql[] =
    "CREATE TEMP TABLE valdb_login(row, user_name, key, email, role, reason)";
static const char index_sql[] = "CREATE INDEX temp.valdb_login_of_name ON valdb_login(user_name);"
                                "CREATE INDEX temp.valdb_login_of_key ON valdb_login(key)";
static const char insert_sql[] = "INSERT INTO valdb_login VALUES(?, ?, ?, ?, ?, ?)";

struct reading {
    struct rules *rules;
    struct cursor cursor;
    struct cursor_part user;
    struct statement insert;
    struct text key;
};

static int insert(struct reading *reading, enum login_role role, struct span reason,
                  struct error *error) {
    struct cursor *cursor = &reading->cursor;
    struct statement *insert = &reading->insert;
    struct span login = cursor_text(cursor, reading->user, USERS_USER_NAME);
    text_clear(&reading->key);
    fold_key(login, &reading->key);
    statement_bind_integer(insert, 1, statement_integer(&cursor->statement, reading->user.column));
    statement_bind_text(insert, 2, login);
    statement_bind_text(insert, 3, text_span(&reading->key));
    statement_bind_text(insert, 4, cursor_text(cursor, reading->user, USERS_EMAIL));
    statement_bind_integer(insert, 5, role);
    statement_bind_text(insert, 6, reason);
    return statement_run(insert, error);
}

/* ADMIN and VALIDATOR are 0, 1 or null. */
static int read_user(void *context, struct error *error) {
    struct reading *reading = context;
    struct cursor *cursor = &reading->cursor;
    struct cursor_part user = reading->user;
    if (!cursor_check(cursor, user)) {
        struct span reason = text_span(&cursor->reason);
        rules_count(reading->rules, KIND_VALIDATORS, CORRECTION_ROW_REJECTED);
        return insert(reading, LOGIN_REJECTED, reason, error) == 0
                   ? cursor_reject(cursor, user, reason, error)
                   : -1;
    }
    struct span admin = cursor_text(cursor, user, USERS_ADMIN);
    if (span_equal_string(admin, "1")) {
        return insert(reading, LOGIN_ADMINISTRATOR, (struct span){0}, error);
    }
    if (span_equal_string(admin, "0") &&
        span_equal_string(cursor_text(cursor, user, USERS_VALIDATOR), "1")) {
        return insert(reading, LOGIN_VALIDATOR, (struct span){0}, error);
    }
    return cursor_skip(cursor, user, skip_rules[SKIP_NO_ROLE].id, error);
}

int logins_read(struct rules *rules, struct error *error) {
    sqlite3 *database = staging_database(rules->staging);
    struct reading reading = {.rules = rules, .user = rules_part(rules, TABLE_USERS, 0)};
    int rc =
        statement_execute(database, table_sql, error) == 0 &&
                statement_prepare(&reading.insert, database, insert_sql, error) == 0
            ? rules_each_row(rules, &reading.cursor, TABLE_USERS, "", read_user, &reading, error)
            : -1;
    statement_finalize(&reading.insert);
    text_free(&reading.key);
    return rc == 0 ? statement_execute(database, index_sql, error) : -1;
}
