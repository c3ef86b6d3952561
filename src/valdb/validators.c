#include "valdb/validators.h"

#include "base/json_writer.h"
#include "valdb/lookups.h"

#define RIGHTS                                                                                     \
    "SELECT UR.ID AS ID, U.USER_NAME AS USER_NAME, U.EMAIL AS EMAIL, U.ADMIN AS ADMIN,"            \
    " U.VALIDATOR AS VALIDATOR, UR.CATEGORY AS CATEGORY, UR.SUBCATEGORY AS SUBCATEGORY,"           \
    " UR.STATUS_KIND AS STATUS_KIND"                                                               \
    " FROM USERS U, USER_RIGHTS UR"                                                                \
    " WHERE U.USER_NAME = UR.USER_NAME AND U.ADMIN = 0 AND U.VALIDATOR = 1"

/* The notebook asks for no order (its cell 15). What it gets from the site's backup is the order of
 * the index that SQLite makes for the join; the second statement asks for that order, so that every
 * database gives the same bodies. */
static const char *const rights_sql[] = {
    [RULES_CORRECTED] = RIGHTS " ORDER BY UR.ID",
    [RULES_NOTEBOOK] =
        RIGHTS " ORDER BY (SELECT MIN(F.ID) FROM USER_RIGHTS F WHERE F.USER_NAME = U.USER_NAME),"
               " " SOURCE_BY_BYTES "UR.CATEGORY, " SOURCE_BY_BYTES "UR.SUBCATEGORY,"
               " " SOURCE_BY_BYTES "UR.STATUS_KIND, UR.ID",
};

/* What the join above hides. NOT IN is looked up in a list that is made once, where NOT EXISTS
 * reads the other table, which has no index in the site's backups, for each row. */
static const char rightless_sql[] =
    "SELECT U.USER_NAME AS USER_NAME, U.EMAIL AS EMAIL, U.ADMIN AS ADMIN, U.VALIDATOR AS VALIDATOR"
    " FROM USERS U WHERE U.ADMIN = 0 AND U.VALIDATOR = 1 AND (U.USER_NAME IS NULL OR U.USER_NAME"
    " NOT IN (SELECT UR.USER_NAME FROM USER_RIGHTS UR WHERE UR.USER_NAME IS NOT NULL))"
    " ORDER BY " SOURCE_BY_BYTES "U.USER_NAME";

static const char rights_of_nobody_sql[] =
    "SELECT UR.ID AS ID, UR.USER_NAME AS USER_NAME, UR.CATEGORY AS CATEGORY,"
    " UR.SUBCATEGORY AS SUBCATEGORY, UR.STATUS_KIND AS STATUS_KIND"
    " FROM USER_RIGHTS UR WHERE UR.USER_NAME IS NULL OR UR.USER_NAME NOT IN"
    " (SELECT U.USER_NAME FROM USERS U WHERE U.USER_NAME IS NOT NULL AND U.ADMIN = 0"
    " AND U.VALIDATOR = 1)"
    " ORDER BY UR.ID";

static const char no_role_sql[] =
    "SELECT U.USER_NAME AS USER_NAME, U.EMAIL AS EMAIL, U.ADMIN AS ADMIN, U.VALIDATOR AS VALIDATOR"
    " FROM USERS U WHERE (U.ADMIN IS NULL OR U.ADMIN <> 1)"
    " AND (U.ADMIN IS NULL OR U.VALIDATOR IS NULL OR U.VALIDATOR <> 1)"
    " ORDER BY " SOURCE_BY_BYTES "U.USER_NAME";

enum { MAX_LOGIN_CHARACTERS = 8 };

enum column {
    COLUMN_ID,
    COLUMN_USER_NAME,
    COLUMN_EMAIL,
    COLUMN_CATEGORY,
    COLUMN_SUBCATEGORY,
    COLUMN_STATUS_KIND,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
    "ID", "USER_NAME", "EMAIL", "CATEGORY", "SUBCATEGORY", "STATUS_KIND",
};

/* What is known of a login once its first right that counts was read. */
struct login {
    const char *refusal; /* why none of its rights can be used, or NULL */
    struct user *user;
};

struct reading {
    struct rules *rules;
    struct users *users;
    struct rows *rows;
    size_t columns[COLUMN_COUNT];
    struct text texts[COLUMN_COUNT];
    struct span values[COLUMN_COUNT];
    struct row_reference reference;
    struct map logins; /* to struct login */
    struct arena arena;
    struct text reason;
    struct text email;
};

static int skip(struct reading *reading, enum skip rule, struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    struct text *json = &reading->rules->json;
    text_clear(json);
    rows_append_json(reading->rows, json);
    return sink->skip_row(sink->context, reading->reference, skip_rules[rule].id, text_span(json),
                          error);
}

static int reject(struct reading *reading, enum correction correction, struct span reason,
                  struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    struct text *json = &reading->rules->json;
    text_clear(json);
    rows_append_json(reading->rows, json);
    rules_corrects(reading->rules, KIND_VALIDATORS, correction);
    return sink->reject_row(sink->context, reading->reference, reason, text_span(json), error);
}

static void load_values(struct reading *reading) {
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        reading->values[i] = rows_text(reading->rows, reading->columns[i], &reading->texts[i]);
    }
    reading->reference.row = reading->values[COLUMN_ID];
}

static const char *find_broken_text(const struct reading *reading) {
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (!json_is_utf8(reading->values[i])) {
            return column_names[i];
        }
    }
    return NULL;
}

enum right { RIGHT_REJECTED, RIGHT_OF_SUMMARY, RIGHT_OF_GROUP };

/* What the right allows; for RIGHT_REJECTED the reading's reason says why not. */
static enum right find_group(struct reading *reading, struct group_id *id) {
    struct rules *rules = reading->rules;
    struct span kind = reading->values[COLUMN_STATUS_KIND];
    bool is_folded = false;
    id->group = GROUP_NONE;
    enum token_match match = token_find_group(kind, rules->settings->rules, &id->group);
    if (match != TOKEN_UNKNOWN && id->group == GROUP_SUMMARY) {
        return RIGHT_OF_SUMMARY;
    }
    if (rules_find_subcategory(rules, reading->values[COLUMN_CATEGORY],
                               reading->values[COLUMN_SUBCATEGORY], id, &is_folded,
                               &reading->reason) != 0) {
        return RIGHT_REJECTED;
    }
    bool is_without_kind = span_is_empty(rules->is_corrected ? span_trim(kind) : kind);
    if (match == TOKEN_UNKNOWN && (rules->is_corrected || !is_without_kind)) {
        text_clear(&reading->reason);
        text_append_string(&reading->reason,
                           is_without_kind ? "no status kind" : "unknown group \"");
        if (!is_without_kind) {
            text_append(&reading->reason, kind);
            text_append_char(&reading->reason, '"');
        }
        text_append_string(&reading->reason, "; expected one of ValDB's groups, such as TAU");
        return RIGHT_REJECTED;
    }
    if (is_folded || match == TOKEN_FOLDED) {
        rules_corrects(rules, KIND_VALIDATORS, CORRECTION_TOKENS_FOLDED);
    }
    return RIGHT_OF_GROUP;
}

/* The directory's full name for a login (correction fullnames-found), or null. */
static int find_fullname(struct rules *rules, struct span login, struct span *fullname,
                         struct error *error) {
    *fullname = (struct span){0};
    if (!rules->is_corrected) {
        return 0;
    }
    if (lookups_find_fullname(rules, KIND_VALIDATORS, login, fullname, error) != 0) {
        return -1;
    }
    if (!span_is_null(*fullname)) {
        rules_corrects(rules, KIND_VALIDATORS, CORRECTION_FULLNAMES_FOUND);
    }
    return 0;
}

/* Whose document the login's rights go into: its own, or its twin's. */
static int find_user(struct reading *reading, struct login *login, struct error *error) {
    struct rules *rules = reading->rules;
    struct span name = reading->values[COLUMN_USER_NAME];
    users_append_email(rules, KIND_VALIDATORS, name, reading->values[COLUMN_EMAIL],
                       &reading->email);
    struct span email = text_span(&reading->email);
    login->refusal = users_refusal(rules, email);
    if (login->refusal != NULL) {
        return 0;
    }
    struct user *twin = users_find_email(reading->users, email);
    if (twin != NULL && rules_corrects(rules, KIND_VALIDATORS, CORRECTION_TWINS_MERGED)) {
        login->user = twin;
        return 0;
    }
    struct span fullname;
    if (find_fullname(rules, name, &fullname, error) != 0) {
        return -1;
    }
    login->user = users_add(reading->users, ROLE_VALIDATOR, name, email, fullname, error);
    return login->user == NULL ? -1 : 0;
}

static struct login *find_login(struct reading *reading, struct error *error) {
    struct span name = reading->values[COLUMN_USER_NAME];
    struct login *login = map_find(&reading->logins, name);
    if (login != NULL) {
        return login;
    }
    login = arena_allocate(&reading->arena, sizeof *login);
    if (login == NULL || map_put(&reading->logins, name, login) != 0) {
        error_set_no_memory(error);
        return NULL;
    }
    *login = (struct login){0};
    return find_user(reading, login, error) == 0 ? login : NULL;
}

/* To a sink that wants to see rows that are used. */
static int show_row(struct reading *reading, struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    struct text *json = &reading->rules->json;
    if (!migration_wants_content(sink, reading->reference)) {
        return 0;
    }
    text_clear(json);
    rows_append_json(reading->rows, json);
    return sink->give_content(sink->context, reading->reference, text_span(json), error);
}

static int use_right(struct reading *reading, struct group_id id, struct error *error) {
    struct rules *rules = reading->rules;
    if (!rules->is_corrected && span_is_null(reading->values[COLUMN_EMAIL])) {
        return reject(reading, CORRECTION_ROW_REJECTED,
                      span_of("the notebook stops at a null e-mail"), error);
    }
    struct login *login = find_login(reading, error);
    if (login == NULL) {
        return -1;
    }
    if (login->refusal != NULL) {
        return reject(reading, CORRECTION_TARGET_ACCEPTS, span_of(login->refusal), error);
    }
    if (show_row(reading, error) != 0 ||
        users_add_row(reading->users, login->user, reading->reference, error) != 0) {
        return -1;
    }
    if (login->user->role == ROLE_ADMINISTRATOR) {
        return 0; /* the server gives an administrator every group */
    }
    if (users_has_group(login->user, id) &&
        rules_corrects(rules, KIND_VALIDATORS, CORRECTION_RIGHTS_DISTINCT)) {
        return 0;
    }
    rules_note_group(rules, id);
    return users_add_group(reading->users, login->user, id, error);
}

static int read_right(struct reading *reading, struct error *error) {
    load_values(reading);
    const char *broken = find_broken_text(reading);
    if (broken != NULL) {
        text_clear(&reading->reason);
        text_append_format(&reading->reason, "%s is not valid UTF-8", broken);
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->reason), error);
    }
    size_t characters = span_count_characters(reading->values[COLUMN_USER_NAME]);
    if (characters == 0 || characters > MAX_LOGIN_CHARACTERS) {
        return skip(reading, SKIP_LOGIN_LENGTH, error);
    }
    struct group_id id;
    switch (find_group(reading, &id)) {
    case RIGHT_OF_SUMMARY:
        rules_corrects(reading->rules, KIND_VALIDATORS, CORRECTION_SUMMARY_KEPT);
        return skip(reading, SKIP_SUMMARY_RIGHT, error);
    case RIGHT_REJECTED:
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->reason), error);
    case RIGHT_OF_GROUP:
        break;
    }
    return use_right(reading, id, error);
}

static int read_rights(struct reading *reading, struct error *error) {
    struct migration_sink *sink = reading->rules->sink;
    const char *sql = rights_sql[reading->rules->settings->rules];
    reading->rows = source_query(reading->rules->source, sql, error);
    if (reading->rows == NULL) {
        return -1;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (rows_find_column(reading->rows, column_names[i], &reading->columns[i], error) != 0) {
            return -1;
        }
    }
    if (sink->begin_query(sink->context, KIND_VALIDATORS, "rights", sql, &reading->reference.query,
                          error) != 0) {
        return -1;
    }
    int64_t rows_read = 0;
    int rc;
    while ((rc = rows_step(reading->rows, error)) == 1) {
        rows_read++;
        if (read_right(reading, error) != 0) {
            return -1;
        }
    }
    if (rc < 0) {
        return -1;
    }
    return sink->end_query(sink->context, reading->reference.query, rows_read, error);
}

static void close_reading(struct reading *reading) {
    rows_close(reading->rows);
    map_free(&reading->logins);
    arena_free(&reading->arena);
    text_free(&reading->reason);
    text_free(&reading->email);
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        text_free(&reading->texts[i]);
    }
}

/* Rows that the notebook's join does not return, so that every row of USERS and USER_RIGHTS stands
 * in the account. */
static int show_hidden(struct rules *rules, struct error *error) {
    int64_t rightless = 0;
    int64_t others = 0;
    if (rules_skip_all(rules, KIND_VALIDATORS, "validators-without-rights", rightless_sql,
                       "USER_NAME", SKIP_RIGHTLESS, &rightless, error) != 0 ||
        rules_skip_all(rules, KIND_VALIDATORS, "rights-of-nobody", rights_of_nobody_sql, "ID",
                       SKIP_RIGHT_OF_NOBODY, &others, error) != 0) {
        return -1;
    }
    rules->counts[KIND_VALIDATORS][CORRECTION_RIGHTLESS_SHOWN] += rightless;
    return rules_skip_all(rules, KIND_VALIDATORS, "users-without-role", no_role_sql, "USER_NAME",
                          SKIP_NO_ROLE, &others, error);
}

int validators_read(struct rules *rules, struct users *users, struct error *error) {
    struct reading reading = {.rules = rules, .users = users};
    int rc = read_rights(&reading, error);
    close_reading(&reading);
    if (rc != 0 || !rules->is_corrected) {
        return rc;
    }
    return show_hidden(rules, error);
}
