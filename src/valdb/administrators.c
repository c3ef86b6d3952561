#include "valdb/administrators.h"

#include "base/fold.h"
#include "people/csv.h"
#include "valdb/logins.h"
#include "valdb/lookups.h"

/* `key` finds the login in the database where no login has the very spelling. */
static const char list_sql[] = "CREATE TEMP TABLE \"administrators-list\"(row INTEGER PRIMARY KEY,"
                               " line, user_name, email, fullname, key)";
static const char insert_sql[] =
    "INSERT INTO \"administrators-list\"(line, user_name, email, fullname, key)"
    " VALUES(?, ?, ?, ?, ?)";

static const char *const list_columns[LIST_FIELD_COUNT] = {
    [LIST_USER_NAME] = "user_name", [LIST_EMAIL] = "email", [LIST_FULLNAME] = "fullname"};

/* A login of the list finds the administrator of that very spelling; under the corrected rules else
 * the only one with that key. */
#define LOGIN_SPELLED                                                                              \
    "(SELECT l.user_name FROM valdb_login l WHERE l.user_name = a.user_name AND l.role <> 1"       \
    " ORDER BY l.role LIMIT 1)"
#define LOGIN_FOLDED                                                                               \
    "(SELECT MIN(l.user_name) FROM valdb_login l WHERE l.key = a.key AND a.key <> '' AND l.role"   \
    " <> 1 HAVING COUNT(DISTINCT l.user_name) = 1)"

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
    int joined; /* the first column behind it */
    struct arena arena;
    struct map by_login; /* to struct administrator */
    struct text text;
    struct text email;
};

static int insert_line(struct statement *insert, const struct csv *csv, const size_t *columns,
                       struct text *key, struct error *error) {
    text_clear(key);
    logins_append_key(csv_field(csv, columns[LIST_USER_NAME]), key);
    statement_bind_integer(insert, 1, (int64_t)csv_line(csv));
    for (int i = LIST_USER_NAME; i < LIST_FIELD_COUNT; i++) {
        statement_bind_text(insert, i + 1, csv_field(csv, columns[i]));
    }
    statement_bind_text(insert, LIST_FIELD_COUNT + 1, text_span(key));
    return statement_run(insert, error);
}

static int insert_lines(struct statement *insert, struct csv *csv, int64_t *lines,
                        struct error *error) {
    size_t columns[LIST_FIELD_COUNT] = {0};
    struct text key = {0};
    int rc = 0;
    for (int i = LIST_USER_NAME; i < LIST_FIELD_COUNT && rc == 0; i++) {
        rc = csv_find_column(csv, list_columns[i], &columns[i], error);
    }
    while (rc == 0 && (rc = csv_next(csv, error)) == 1) {
        (*lines)++;
        rc = insert_line(insert, csv, columns, &key, error);
    }
    text_free(&key);
    return rc;
}

int administrators_stage_list(const struct rules *rules, int64_t *lines, struct error *error) {
    sqlite3 *database = staging_database(rules->staging);
    struct statement insert = {0};
    *lines = 0;
    struct csv *csv = csv_open(rules->options.admins, error);
    int rc = -1;
    if (csv != NULL && statement_execute(database, list_sql, error) == 0 &&
        statement_prepare(&insert, database, insert_sql, error) == 0) {
        rc = insert_lines(&insert, csv, lines, error);
    }
    statement_finalize(&insert);
    csv_close(csv);
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

static struct administrator *find_or_add(struct reading *reading, struct span login,
                                         struct error *error) {
    struct administrator *known = map_find(&reading->by_login, login);
    if (known != NULL) {
        return known;
    }
    known = arena_allocate(&reading->arena, sizeof *known);
    if (known == NULL || map_put(&reading->by_login, login, known) != 0) {
        error_set_no_memory(error);
        return NULL;
    }
    *known = (struct administrator){0};
    return known;
}

static bool is_known(const struct administrator *known) {
    return known->user != NULL || known->refusal != NULL;
}

/* Who comes later with the address of somebody is that administrator (correction twins-merged). */
static int make_user(struct reading *reading, struct administrator *known, struct span login,
                     struct span email, struct span fullname, struct error *error) {
    struct rules *rules = reading->rules;
    known->user = rules_allow(rules, CORRECTION_TWINS_MERGED)
                      ? users_find_email(reading->users, email)
                      : NULL;
    if (known->user != NULL) {
        rules_count(rules, KIND_ADMINISTRATORS, CORRECTION_TWINS_MERGED);
        return 0;
    }
    known->user = users_add(reading->users, ROLE_ADMINISTRATOR, login, email, fullname, error);
    return known->user == NULL ? -1 : 0;
}

/* The name as the body has it: blanks folded as in the people directory, null for none. */
static struct span list_fullname(struct reading *reading) {
    struct span field = row_text(reading, LIST_FULLNAME);
    text_clear(&reading->text);
    if (rules_allow(reading->rules, CORRECTION_FULLNAMES_FOUND)) {
        people_fold_blanks(field, &reading->text);
    } else {
        text_append(&reading->text, field);
    }
    return reading->text.length == 0 ? (struct span){0} : text_span(&reading->text);
}

/* Without blanks around it and without `mailto:`, in lower case. */
static struct span list_email(struct reading *reading) {
    static const char scheme[] = "mailto:";
    struct span field = row_text(reading, LIST_EMAIL);
    text_clear(&reading->email);
    if (!rules_allow(reading->rules, CORRECTION_EMAIL_LOWER)) {
        text_append(&reading->email, field);
        return text_span(&reading->email);
    }
    struct span address = span_trim(field);
    size_t length = sizeof scheme - 1;
    if (address.length > length &&
        span_equal_ignoring_ascii_case((struct span){address.data, length}, span_of(scheme))) {
        address = (struct span){address.data + length, address.length - length};
    }
    fold_case(address, &reading->email);
    if (!span_equal(address, text_span(&reading->email))) {
        rules_count(reading->rules, KIND_ADMINISTRATORS, CORRECTION_EMAIL_LOWER);
    }
    return text_span(&reading->email);
}

/* As in the notebook, the first line of a login counts. */
static int judge_line(struct reading *reading, struct administrator *known, struct span login,
                      struct error *error) {
    struct span email = list_email(reading);
    known->refusal = users_refusal(reading->rules, email);
    return known->refusal != NULL
               ? 0
               : make_user(reading, known, login, email, list_fullname(reading), error);
}

/* The columns of the login that the line finds. */
enum { JOINED_LOGIN, JOINED_REASON };

static int read_line(void *context, struct error *error) {
    struct reading *reading = context;
    const struct statement *statement = &reading->cursor.statement;
    struct span login = statement_text(statement, reading->joined + JOINED_LOGIN);
    struct span reason = statement_text(statement, reading->joined + JOINED_REASON);
    if (!cursor_check(&reading->cursor, reading->part)) {
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->cursor.reason), error);
    }
    if (span_is_null(login)) {
        return skip(reading, SKIP_LISTED_NOT_ADMIN, error);
    }
    if (!span_is_null(reason)) {
        logins_explain_partner(reason, &reading->text);
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->text), error);
    }
    struct administrator *known = find_or_add(reading, login, error);
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
    struct administrator *known = find_or_add(reading, login, error);
    if (known == NULL) {
        return -1;
    }
    /* The notebook cannot do without its list: no list, no administrators. */
    bool is_made_of_row = rules->options.admins == NULL && rules->is_corrected;
    if (!is_known(known) && is_made_of_row && judge_row(reading, known, login, error) != 0) {
        return -1;
    }
    return is_known(known) ? settle(reading, known, error)
                           : skip(reading, SKIP_ADMIN_NOT_LISTED, error);
}

static int read_list(struct reading *reading, struct error *error) {
    const struct table *list = &valdb_tables[TABLE_LIST];
    struct text sql = {0};
    reading->part = rules_part(reading->rules, TABLE_LIST, 0);
    reading->joined = cursor_part_end(list, 0);
    text_append_string(&sql, "SELECT b.*, (SELECT l.reason FROM valdb_login l WHERE l.user_name ="
                             " b.login AND l.role <> 1 ORDER BY l.role LIMIT 1) FROM (SELECT ");
    cursor_append_part(&sql, list, "a");
    text_append_format(&sql, ", %s AS login FROM \"%s\" a) b ORDER BY b.line",
                       login_sql[reading->rules->options.rules], list->name);
    int rc = cursor_each(&reading->cursor, reading->rules->ledger, text_string(&sql), read_line,
                         reading, error);
    text_free(&sql);
    return rc;
}

static int read_database(struct reading *reading, struct error *error) {
    struct text sql = {0};
    reading->part = rules_part(reading->rules, TABLE_USERS, 0);
    text_append_string(&sql, "SELECT ");
    cursor_append_part(&sql, &valdb_tables[TABLE_USERS], "u");
    text_append_string(&sql, " FROM users u WHERE u.admin = 1 ORDER BY u.user_name, u.row");
    int rc = cursor_each(&reading->cursor, reading->rules->ledger, text_string(&sql), read_row,
                         reading, error);
    text_free(&sql);
    return rc;
}

int administrators_read(struct rules *rules, struct users *users, struct error *error) {
    struct reading reading = {.rules = rules, .users = users};
    int rc = rules->options.admins == NULL ? 0 : read_list(&reading, error);
    rc = rc == 0 ? read_database(&reading, error) : -1;
    map_free(&reading.by_login);
    arena_free(&reading.arena);
    text_free(&reading.text);
    text_free(&reading.email);
    return rc;
}
