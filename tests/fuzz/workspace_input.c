#include "workspace_input.h"

#include <sqlite3.h>
#include <string.h>

#include "fuzz.h"
#include "workspace/schema_private.h"

enum { MOST_STEPS = 100000 };

static const char rows_sql[] =
    "INSERT INTO setting VALUES ('source', 'legacy.db'), ('rules', 'corrected');"
    "INSERT INTO kind VALUES (0, 'validators', '/api/users/'), (1, 'campaigns', '/api/c/');"
    "INSERT INTO source_table (id, name, rows, used, skipped, rejected)"
    " VALUES (0, 'users', 4, 2, 1, 1), (1, 'reports', 1, 1, 0, 0);"
    "INSERT INTO document (id, kind, key, rows, sha256, state, verdict, change, origin, target_id,"
    "  plan) VALUES (1, 0, 'ada', 1, 'ab', 'pending', NULL, NULL, NULL, NULL, 1),"
    " (2, 0, 'bob', 1, 'cd', 'delivered', 'equal', NULL, 'twin', '7', 1),"
    " (3, 1, '12_5_0', 1, 'ef', 'refused', NULL, 'changed', NULL, NULL, 1);"
    "INSERT INTO body (document, body, changed_body)"
    " VALUES (1, '{}', NULL), (2, '{}', NULL), (3, '{}', '{\"a\":1}');"
    "INSERT INTO source_row VALUES (0, 'ada', 'used', 1, NULL, NULL),"
    " (0, 'bob', 'used', 2, NULL, NULL), (0, 3, 'skipped', NULL, 'empty', '{}'),"
    " (0, 4, 'rejected', NULL, 'no address', '{}'), (1, 1, 'used', 3, NULL, NULL);"
    "INSERT INTO correction VALUES (0, 'email-found', 2), (1, 'no-date', 1);"
    "INSERT INTO warning VALUES (0, 'ada', 'two addresses');"
    "INSERT INTO attempt VALUES (1, 3, 'post', 't', 9, 'POST', '/', 400, 'refused', NULL);"
    "INSERT INTO finding VALUES (1, 3, 't', 'verify', 'name', '1', '2');";

/* An input's SQL opens no other file. */
static int forbid_attaching(void *context, int action, const char *first, const char *second,
                            const char *database, const char *trigger) {
    (void)context;
    (void)first;
    (void)second;
    (void)database;
    (void)trigger;
    return action == SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK;
}

static int stop(void *context) {
    (void)context;
    return 1;
}

static void change(sqlite3 *database, const char *sql) {
    sqlite3_set_authorizer(database, forbid_attaching, NULL);
    sqlite3_progress_handler(database, MOST_STEPS, stop, NULL);
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 100000);
    sqlite3_exec(database, sql, NULL, NULL, NULL);
    sqlite3_progress_handler(database, 0, NULL, NULL);
    sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL); /* what it may have begun */
}

static void append_workspace(const char *sql, struct text *content) {
    sqlite3 *database = NULL;
    sqlite3_int64 size = 0;

    CHECK(sqlite3_open(":memory:", &database) == SQLITE_OK);
    CHECK(sqlite3_exec(database, "PRAGMA page_size = 512", NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_exec(database, schema_sql, NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_exec(database, rows_sql, NULL, NULL, NULL) == SQLITE_OK);
    change(database, sql);
    unsigned char *bytes = sqlite3_serialize(database, "main", &size, 0);
    CHECK(bytes != NULL);
    text_append(content, fuzz_span(bytes, (size_t)size));
    sqlite3_free(bytes);
    sqlite3_close(database);
}

static size_t take_number(struct span *rest, size_t bytes) {
    size_t number = 0;
    for (size_t i = 0; i < bytes && rest->length > 0; i++) {
        number = number << 8 | (unsigned char)*rest->data++;
        rest->length--;
    }
    return number;
}

static void patch(struct text *content, struct span rest) {
    while (rest.length > 3) {
        size_t place = take_number(&rest, 2);
        size_t length = take_number(&rest, 1);
        length = length < rest.length ? length : rest.length;
        if (place + length <= content->length) {
            memcpy(content->data + place, rest.data, length);
        }
        rest.data += length;
        rest.length -= length;
    }
}

static void append_changed(struct span sql, struct text *content) {
    struct text statements = {0};

    text_append(&statements, sql);
    append_workspace(text_string(&statements), content);
    text_free(&statements);
}

static void append_patched(char what, struct span rest, struct text *content) {
    static struct text whole;

    if (whole.length == 0) {
        append_workspace("", &whole);
    }
    size_t length = what == 't' ? take_number(&rest, 2) : whole.length;
    text_append(content, (struct span){whole.data, length < whole.length ? length : whole.length});
    patch(content, rest);
}

void workspace_input_expand(struct span input, struct text *content) {
    char what = input.length == 0 ? '\0' : *input.data;
    struct span rest = input;

    take_number(&rest, 1);
    if (what == 's') {
        append_changed(rest, content);
    } else if (what == 'p' || what == 't') {
        append_patched(what, rest, content);
    } else {
        text_append(content, input);
    }
}
