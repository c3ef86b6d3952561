#include "valdb/steps_private.h"

#include "base/fold.h"
#include "people/list.h"
#include "valdb/lookups.h"

/* The columns of the file, then what they mean under the rules, and the key of the login. */
static const char list_sql[] = "CREATE TEMP TABLE \"administrators-list\"(row INTEGER PRIMARY KEY,"
                               " line, user_name, email, fullname, login, address, name, key)";
static const char insert_sql[] =
    "INSERT INTO \"administrators-list\" VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?)";

/* A login of the list finds the administrator of that very spelling; under the corrected rules else
 * the only one with that key. Role 1 is LOGIN_VALIDATOR. */
#define LOGIN_SPELLED                                                                              \
    "(SELECT l.user_name FROM valdb_login l WHERE l.user_name = a.login AND l.role <> 1"           \
    " ORDER BY l.role LIMIT 1)"
#define LOGIN_FOLDED                                                                               \
    "(SELECT MIN(l.user_name) FROM valdb_login l WHERE l.key = a.key AND a.key <> ''"              \
    " AND l.role <> 1 HAVING COUNT(DISTINCT l.user_name) = 1)"

static const char *const login_sql[] = {
    [RULES_CORRECTED] = "COALESCE(" LOGIN_SPELLED ", " LOGIN_FOLDED ")",
    [RULES_NOTEBOOK] = LOGIN_SPELLED,
};

/* What a login has become: of its first line, or of its first row in the database. */
struct administrator {
    struct user *user;
    const char *refusal; /* why it becomes no document */
};

struct reading {
    struct rules *rules;
    struct users *users;
    struct cursor cursor;
    struct cursor_part part;
    int joined; /* the first column after it */
    struct arena arena;
    struct map by_login; /* to struct administrator */
    struct text text;
    struct text email;
};

/* The notebook takes the fields as they are. */
static int insert_line(const struct rules *rules, struct statement *insert,
                       const struct list_line *line, struct error *error) {
    const struct span *meant =
        rules_allow(rules, CORRECTION_EMAIL_FOUND) ? line->values : line->fields;
    struct text key = {0};
    int position = 1;
    fold_key(meant[LIST_LOGIN], &key);
    statement_bind_integer(insert, position++, (int64_t)line->number);
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        statement_bind_text(insert, position++, line->fields[i]);
    }
    for (size_t i = 0; i < LIST_COLUMN_COUNT; i++) {
        statement_bind_text(insert, position++, meant[i]);
    }
    statement_bind_text(insert, position, text_span(&key));
    int rc = statement_run(insert, error);
    text_free(&key);
    return rc;
}

int administrators_stage_list(const struct rules *rules, int64_t *lines, struct error *error) {
    sqlite3 *database = staging_database(rules->staging);
    struct statement insert = {0};
    struct list_line line;
    *lines = 0;
    struct list *list = list_open(rules->options.admins, error);
    int rc = list != NULL && statement_execute(database, list_sql, error) == 0
                 ? statement_prepare(&insert, database, insert_sql, error)
                 : -1;
    while (rc == 0 && (rc = list_next(list, &line, error)) == 1) {
        (*lines)++;
        rc = insert_line(rules, &insert, &line, error);
    }
    statement_finalize(&insert);
    list_close(list);
    return rc;
}

static struct span row_text(const struct reading *reading, int field) {
    return cursor_text(&reading->cursor, reading->part, field);
}

static int reject(struct reading *reading, enum correction correction, struct span reason,
                  struct error *error) {
    rules_count(reading->rules, KIND_ADMINISTRATORS, correction);
    return cursor_reject(&reading->cursor, reading->part, reason, error);
}

static int skip(struct reading *reading, enum skip rule, struct error *error) {
    return cursor_skip(&reading->cursor, reading->part, skip_rules[rule].id, error);
}

/* The row ends as its login did. */
static int settle(struct reading *reading, const struct administrator *known, struct error *error) {
    return known->refusal != NULL
               ? reject(reading, CORRECTION_TARGET_ACCEPTS, span_of(known->refusal), error)
               : cursor_use(&reading->cursor, reading->part, &known->user->uses,
                            &reading->users->arena, error);
}

static bool is_known(const struct administrator *known) {
    return known->user != NULL || known->refusal != NULL;
}

static int make_user(struct reading *reading, struct administrator *known, struct span login,
                     struct span email, struct span fullname, struct error *error) {
    known->user = users_find_twin(reading->users, reading->rules, KIND_ADMINISTRATORS, email);
    if (known->user == NULL) {
        known->user = users_add(reading->users, ROLE_ADMINISTRATOR, login, email, fullname, error);
    }
    return known->user == NULL ? -1 : 0;
}

/* What a line means, and the login that it finds: the columns after those of the file. */
enum { JOINED_ADDRESS, JOINED_NAME, JOINED_LOGIN, JOINED_REASON };

static struct span joined_text(const struct reading *reading, int column) {
    return statement_text(&reading->cursor.statement, reading->joined + column);
}

/* In lower case. */
static struct span find_list_email(struct reading *reading) {
    struct rules *rules = reading->rules;
    struct span address = joined_text(reading, JOINED_ADDRESS);
    text_clear(&reading->email);
    if (!rules_allow(rules, CORRECTION_EMAIL_LOWER)) {
        text_append(&reading->email, address);
        return text_span(&reading->email);
    }
    fold_case(address, &reading->email);
    if (!span_equal(address, row_text(reading, ADMINS_EMAIL))) {
        rules_count(rules, KIND_ADMINISTRATORS, CORRECTION_EMAIL_FOUND);
    }
    if (!span_equal(address, text_span(&reading->email))) {
        rules_count(rules, KIND_ADMINISTRATORS, CORRECTION_EMAIL_LOWER);
    }
    return text_span(&reading->email);
}

/* As in the notebook, the first line of a login counts. No full name is null. */
static int judge_line(struct reading *reading, struct administrator *known, struct span login,
                      struct error *error) {
    struct span email = find_list_email(reading);
    struct span fullname = joined_text(reading, JOINED_NAME);
    known->refusal = users_refusal(reading->rules, email);
    if (known->refusal != NULL) {
        return 0;
    }
    if (span_is_empty(fullname)) {
        fullname = (struct span){0};
    }
    return make_user(reading, known, login, email, fullname, error);
}

static int read_line(void *context, struct error *error) {
    struct reading *reading = context;
    struct span login = joined_text(reading, JOINED_LOGIN);
    struct span reason = joined_text(reading, JOINED_REASON);
    if (!cursor_check(&reading->cursor, reading->part)) {
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->cursor.reason), error);
    }
    if (span_is_null(login)) {
        return skip(reading, SKIP_LISTED_NOT_ADMIN, error);
    }
    if (!span_is_null(reason)) {
        rules_explain_partner(&valdb_tables[TABLE_USERS], reason, &reading->text);
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->text), error);
    }
    struct administrator *known =
        map_find_or_add(&reading->by_login, &reading->arena, login, sizeof *known, error);
    if (known == NULL || (!is_known(known) && judge_line(reading, known, login, error) != 0)) {
        return -1;
    }
    return settle(reading, known, error);
}

static int judge_row(struct reading *reading, struct administrator *known, struct span login,
                     struct error *error) {
    struct rules *rules = reading->rules;
    struct span fullname;
    users_append_email(rules, KIND_ADMINISTRATORS, login, row_text(reading, USERS_EMAIL),
                       &reading->email);
    struct span email = text_span(&reading->email);
    known->refusal = users_refusal(rules, email);
    if (known->refusal != NULL) {
        return 0;
    }
    return lookups_find_fullname(rules, KIND_ADMINISTRATORS, login, &fullname, error) == 0
               ? make_user(reading, known, login, email, fullname, error)
               : -1;
}

/* A row of USERS: as its login in the list; without a list it makes the document. */
static int read_row(void *context, struct error *error) {
    struct reading *reading = context;
    struct rules *rules = reading->rules;
    if (cursor_is_settled(&reading->cursor, reading->part)) {
        return 0; /* rejected */
    }
    struct span login = row_text(reading, USERS_USER_NAME);
    struct administrator *known =
        map_find_or_add(&reading->by_login, &reading->arena, login, sizeof *known, error);
    if (known == NULL) {
        return -1;
    }
    /* The notebook cannot do without its list: no list, no administrators. */
    bool is_made_of_row = rules->options.admins == NULL && rules->is_corrected;
    if (!is_known(known) && is_made_of_row && judge_row(reading, known, login, error) != 0) {
        return -1;
    }
    if (is_known(known)) {
        return settle(reading, known, error);
    }
    if (rules_allow(rules, CORRECTION_FULLNAMES_FOUND) &&
        lookups_explain(rules, KIND_ADMINISTRATORS, login, error) != 0) {
        return -1;
    }
    return skip(reading, SKIP_ADMIN_NOT_LISTED, error);
}

static int read_list(struct reading *reading, struct error *error) {
    const struct table *list = &valdb_tables[TABLE_ADMINS];
    struct text sql = {0};
    reading->part = rules_part(reading->rules, TABLE_ADMINS, 0);
    reading->joined = cursor_part_end(list, 0);
    text_append_string(&sql, "SELECT b.*, (SELECT l.reason FROM valdb_login l WHERE l.user_name ="
                             " b.login AND l.role <> 1 ORDER BY l.role LIMIT 1) FROM (SELECT ");
    cursor_append_part(&sql, list, "a");
    text_append_format(&sql,
                       ", a.address, a.name, %s AS login FROM \"%s\" a) b ORDER BY b.line, b.row",
                       login_sql[reading->rules->options.rules], list->name);
    int rc = cursor_each(&reading->cursor, reading->rules->ledger, text_string(&sql), read_line,
                         reading, error);
    text_free(&sql);
    return rc;
}

int administrators_read(struct rules *rules, struct users *users, struct error *error) {
    struct reading reading = {.rules = rules, .users = users};
    int rc = rules->options.admins == NULL ? 0 : read_list(&reading, error);
    if (rc == 0) {
        reading.part = rules_part(rules, TABLE_USERS, 0);
        rc = rules_each_row(rules, &reading.cursor, TABLE_USERS,
                            " WHERE t.admin = 1 ORDER BY t.user_name, t.row", read_row, &reading,
                            error);
    }
    map_free(&reading.by_login);
    arena_free(&reading.arena);
    text_free(&reading.text);
    text_free(&reading.email);
    return rc;
}
