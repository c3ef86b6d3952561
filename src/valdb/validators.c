#include "valdb/steps_private.h"

#include "valdb/lookups.h"

enum { MAX_LOGIN_CHARACTERS = 8 };

/* What the rights of a login have become so far. */
struct login {
    bool is_judged;      /* one of its rights counted: the next two are set */
    const char *refusal; /* why none of its rights can be used, or NULL */
    struct user *user;
};

struct reading {
    struct rules *rules;
    struct users *users;
    struct cursor cursor;
    struct cursor_part part; /* of the table that is read */
    int joined;              /* the first column after it */
    struct map logins;       /* to struct login */
    struct arena arena;
    struct text reason;
    struct text email;
};

/* The columns of the joined row of USERS. */
enum { JOINED_USER_NAME, JOINED_EMAIL, JOINED_ROLE, JOINED_REASON };

static struct span joined_text(const struct reading *reading, int column) {
    return statement_text(&reading->cursor.statement, reading->joined + column);
}

static struct span right_text(const struct reading *reading, enum rights_field field) {
    return cursor_text(&reading->cursor, reading->part, (int)field);
}

/* A right that joins with several rows of USERS is settled by the first. */
static int skip(struct reading *reading, enum skip rule, struct error *error) {
    return cursor_is_settled(&reading->cursor, reading->part)
               ? 0
               : cursor_skip(&reading->cursor, reading->part, skip_rules[rule].id, error);
}

static int reject(struct reading *reading, enum correction correction, struct span reason,
                  struct error *error) {
    if (cursor_is_settled(&reading->cursor, reading->part)) {
        return 0;
    }
    rules_count(reading->rules, KIND_VALIDATORS, correction);
    return cursor_reject(&reading->cursor, reading->part, reason, error);
}

enum right { RIGHT_REJECTED, RIGHT_OF_SUMMARY, RIGHT_OF_GROUP };

/* What the right allows; for RIGHT_REJECTED the reading's reason is the cause. */
static enum right find_group(struct reading *reading, struct group_id *id) {
    struct rules *rules = reading->rules;
    struct span kind = right_text(reading, RIGHTS_STATUS_KIND);
    struct token group = {.value = GROUP_NONE};
    bool is_known = token_find(TOKENS_RIGHT_GROUP, kind, rules->options.rules, &group);
    if (is_known && group.value == GROUP_SUMMARY) {
        return RIGHT_OF_SUMMARY;
    }
    if (rules_find_subcategory(rules, right_text(reading, RIGHTS_CATEGORY),
                               right_text(reading, RIGHTS_SUBCATEGORY), id, &group.corrections,
                               &reading->reason) != 0) {
        return RIGHT_REJECTED;
    }
    bool is_corrected = rules_allow(rules, CORRECTION_ROW_REJECTED);
    bool is_without_kind = span_is_empty(is_corrected ? span_trim(kind) : kind);
    if (!is_known && (is_corrected || !is_without_kind)) {
        struct span shown = {0};
        if (!is_without_kind) {
            shown = kind;
        }
        token_explain_unknown(TOKENS_RIGHT_GROUP, shown, rules->options.rules, &reading->reason);
        return RIGHT_REJECTED;
    }
    id->group = (unsigned char)group.value;
    rules_count_all(rules, KIND_VALIDATORS, group.corrections);
    return RIGHT_OF_GROUP;
}

/* The directory's full name for a login (correction fullnames-found), or null. */
static int find_fullname(struct rules *rules, struct span login, struct span *fullname,
                         struct error *error) {
    *fullname = (struct span){0};
    if (!rules_allow(rules, CORRECTION_FULLNAMES_FOUND)) {
        return 0;
    }
    if (lookups_find_fullname(rules, KIND_VALIDATORS, login, fullname, error) != 0) {
        return -1;
    }
    if (!span_is_null(*fullname)) {
        rules_count(rules, KIND_VALIDATORS, CORRECTION_FULLNAMES_FOUND);
    }
    return 0;
}

/* The user whose document takes the login's rights: its own, or its twin's. */
static int judge_login(struct reading *reading, struct login *login, struct error *error) {
    struct rules *rules = reading->rules;
    struct span name = joined_text(reading, JOINED_USER_NAME);
    struct span field = joined_text(reading, JOINED_EMAIL);
    if (span_is_null(field) && !rules_allow(rules, CORRECTION_EMAIL_FOUND)) {
        login->refusal = "the notebook stops at a null e-mail";
        return 0;
    }
    users_append_email(rules, KIND_VALIDATORS, name, field, &reading->email);
    struct span email = text_span(&reading->email);
    login->refusal = users_refusal(rules, email);
    if (login->refusal != NULL) {
        return 0;
    }
    login->user = users_find_twin(reading->users, rules, KIND_VALIDATORS, email);
    if (login->user != NULL) {
        return 0;
    }
    struct span fullname;
    if (find_fullname(rules, name, &fullname, error) != 0) {
        return -1;
    }
    login->user = users_add(reading->users, ROLE_VALIDATOR, name, email, fullname, error);
    return login->user == NULL ? -1 : 0;
}

static int use_right(struct reading *reading, struct login *login, struct group_id id,
                     struct error *error) {
    struct rules *rules = reading->rules;
    if (!login->is_judged && judge_login(reading, login, error) != 0) {
        return -1;
    }
    login->is_judged = true;
    if (login->refusal != NULL) {
        return reject(reading, CORRECTION_TARGET_ACCEPTS, span_of(login->refusal), error);
    }
    struct user *user = login->user;
    if (!cursor_is_settled(&reading->cursor, reading->part) &&
        cursor_use(&reading->cursor, reading->part, &user->uses, &reading->users->arena, error) !=
            0) {
        return -1;
    }
    if (user->role == ROLE_ADMINISTRATOR) {
        return 0; /* the server gives an administrator every group */
    }
    if (rules_allow(rules, CORRECTION_RIGHTS_DISTINCT) && users_has_group(user, id)) {
        rules_count(rules, KIND_VALIDATORS, CORRECTION_RIGHTS_DISTINCT);
        return 0;
    }
    rules_note_group(rules, id);
    return users_add_group(reading->users, user, id, error);
}

static bool has_usable_length(struct span login) {
    size_t characters = span_count_characters(login);
    return characters > 0 && characters <= MAX_LOGIN_CHARACTERS;
}

/* A right of a validator. */
static int judge_right(struct reading *reading, struct error *error) {
    struct login *login =
        map_find_or_add(&reading->logins, &reading->arena, joined_text(reading, JOINED_USER_NAME),
                        sizeof *login, error);
    if (login == NULL) {
        return -1;
    }
    if (!has_usable_length(joined_text(reading, JOINED_USER_NAME))) {
        return skip(reading, SKIP_LOGIN_LENGTH, error);
    }
    struct group_id id;
    switch (find_group(reading, &id)) {
    case RIGHT_OF_SUMMARY:
        rules_count(reading->rules, KIND_VALIDATORS, CORRECTION_SUMMARY_KEPT);
        return skip(reading, SKIP_SUMMARY_RIGHT, error);
    case RIGHT_REJECTED:
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->reason), error);
    case RIGHT_OF_GROUP:
        break;
    }
    return use_right(reading, login, id, error);
}

static int read_right(void *context, struct error *error) {
    struct reading *reading = context;
    if (!cursor_check(&reading->cursor, reading->part)) {
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->cursor.reason), error);
    }
    if (sqlite3_column_type(reading->cursor.statement.handle, reading->joined + JOINED_ROLE) ==
        SQLITE_NULL) {
        return skip(reading, SKIP_RIGHT_OF_NOBODY, error);
    }
    if (statement_integer(&reading->cursor.statement, reading->joined + JOINED_ROLE) ==
        LOGIN_REJECTED) {
        rules_explain_partner(&valdb_tables[TABLE_USERS], joined_text(reading, JOINED_REASON),
                              &reading->reason);
        return reject(reading, CORRECTION_ROW_REJECTED, text_span(&reading->reason), error);
    }
    return judge_right(reading, error);
}

/* The notebook asks for no order (its cell 15). What it gets from the site's backup is the order of
 * the index that SQLite makes for the join: its logins in the order of their first right, the
 * rights of each by their words. */
static const char *const order_sql[] = {
    [RULES_CORRECTED] = " ORDER BY r.id, r.row, l.role, l.row",
    [RULES_NOTEBOOK] = " ORDER BY first.id, r.category, r.subcategory, r.status_kind, r.id, r.row,"
                       " l.role, l.row",
};

/* A rejected row of USERS decides about a right only where no other row has the login. */
static void append_query(const struct rules *rules, struct text *sql) {
    enum rule_set set = rules->options.rules;
    text_append_string(sql, "SELECT ");
    cursor_append_part(sql, &valdb_tables[TABLE_RIGHTS], "r");
    text_append_format(sql,
                       ", l.user_name, l.email, l.role, l.reason FROM user_rights r LEFT JOIN"
                       " valdb_login l ON l.user_name = r.user_name AND l.role <> %d",
                       LOGIN_ADMINISTRATOR);
    if (set == RULES_NOTEBOOK) {
        text_append_string(sql, " LEFT JOIN (SELECT user_name, MIN(id) AS id FROM user_rights"
                                " GROUP BY user_name) first ON first.user_name = r.user_name");
    }
    text_append_string(sql, order_sql[set]);
}

static int read_rights(struct reading *reading, struct error *error) {
    struct text sql = {0};
    reading->part = rules_part(reading->rules, TABLE_RIGHTS, 0);
    reading->joined = cursor_part_end(&valdb_tables[TABLE_RIGHTS], 0);
    append_query(reading->rules, &sql);
    int rc = cursor_each(&reading->cursor, reading->rules->ledger, text_string(&sql), read_right,
                         reading, error);
    text_free(&sql);
    return rc;
}

/* The rule by which a validator's own row is left out: none of the rights made a document. */
static enum skip find_rule(const struct login *login, struct span name) {
    return login == NULL             ? SKIP_RIGHTLESS
           : has_usable_length(name) ? SKIP_RIGHTS_UNUSED
                                     : SKIP_LOGIN_LENGTH;
}

/* A validator's row ends as the rights did. Administrators and rejected rows are settled. */
static int settle_user(void *context, struct error *error) {
    struct reading *reading = context;
    struct cursor *cursor = &reading->cursor;
    if (cursor_is_settled(cursor, reading->part)) {
        return 0;
    }
    struct span name = cursor_text(cursor, reading->part, USERS_USER_NAME);
    const struct login *login = span_is_null(name) ? NULL : map_find(&reading->logins, name);
    if (login != NULL && login->user != NULL) {
        return cursor_use(cursor, reading->part, &login->user->uses, &reading->users->arena, error);
    }
    if (login != NULL && login->refusal != NULL) {
        return cursor_reject(cursor, reading->part, span_of(login->refusal), error);
    }
    enum skip rule = find_rule(login, name);
    if (rule == SKIP_RIGHTLESS) {
        rules_count(reading->rules, KIND_VALIDATORS, CORRECTION_RIGHTLESS_SHOWN);
    }
    return cursor_skip(cursor, reading->part, skip_rules[rule].id, error);
}

int validators_read(struct rules *rules, struct users *users, struct error *error) {
    struct reading reading = {.rules = rules, .users = users};
    int rc = read_rights(&reading, error);
    if (rc == 0) {
        reading.part = rules_part(rules, TABLE_USERS, 0);
        rc = rules_each_row(rules, &reading.cursor, TABLE_USERS, "", settle_user, &reading, error);
    }
    map_free(&reading.logins);
    arena_free(&reading.arena);
    text_free(&reading.reason);
    text_free(&reading.email);
    return rc;
}
