#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/conditions_private.h"
#include "migration/sqlfile/functions.h"
#include "migration/sqlfile/sql_token.h"

/* An answer has 64 MB at most (http/session.h); as JSON with escapes it may be longer. */
enum { LOOK_EVERY = 1000 /* steps */, VALUE_MOST = 256 * 1024 * 1024 };

/* ---- which parameters an annotation has ---- */

#define BIT(kind) (1u << (kind))
#define OF_ANSWER (BIT(PARAMETER_STATUS) | BIT(PARAMETER_ANSWER))
#define OF_DOCUMENT (BIT(PARAMETER_BODY) | BIT(PARAMETER_KEY) | BIT(PARAMETER_COLUMN))
#define OF_CHANGE (OF_ANSWER | BIT(PARAMETER_LOCATION) | OF_DOCUMENT)

static const unsigned allowed[WORD_COUNT] = {
    [WORD_READY] = OF_ANSWER,
    [WORD_EXISTING] = BIT(PARAMETER_ANSWER),
    [WORD_SUCCESS] = OF_CHANGE,
    [WORD_CONFLICT] = OF_CHANGE,
    [WORD_RETRY] = OF_CHANGE,
    [WORD_REFUSE] = OF_CHANGE,
    [WORD_ID] = OF_CHANGE,
    [WORD_MATCH] = OF_ANSWER | OF_DOCUMENT,
    [WORD_ACTUAL] =
        BIT(PARAMETER_ANSWER) | BIT(PARAMETER_FURTHER_ANSWER) | OF_DOCUMENT | BIT(PARAMETER_ID),
    [WORD_EACH] = BIT(PARAMETER_ANSWER),
};

static const struct {
    const char *name;
    enum parameter_kind kind;
    const char *shown;
} known[] = {
    {"status", PARAMETER_STATUS, ":status"},
    {"answer", PARAMETER_ANSWER, ":answer"},
    {NULL, PARAMETER_FURTHER_ANSWER, ":answer2 and so on"},
    {"location", PARAMETER_LOCATION, ":location"},
    {"body", PARAMETER_BODY, ":body"},
    {"key", PARAMETER_KEY, ":key"},
    {"id", PARAMETER_ID, ":id"},
    {NULL, PARAMETER_COLUMN, "a column of the kind's SELECT"},
    {NULL, PARAMETER_SETTING, ":as_of or an option of the file"},
};

enum { KNOWN = sizeof known / sizeof *known };

/* `answer2` is 1; 0 for what is none. */
static size_t further_answer(const char *name) {
    static const char word[] = "answer";
    size_t number = 0;
    if (strncmp(name, word, sizeof word - 1) != 0) {
        return 0;
    }
    for (name += sizeof word - 1; isdigit((unsigned char)*name) && number < 1000; name++) {
        number = 10 * number + (size_t)(*name - '0');
    }
    return *name == '\0' && number > 1 ? number - 1 : 0;
}

static struct parameter parameter_of(const struct conditions *conditions, const char *name) {
    struct parameter parameter = {.kind = PARAMETER_COLUMN, .name = name};
    for (size_t i = 0; i < KNOWN; i++) {
        if (known[i].name != NULL && strcmp(known[i].name, name) == 0) {
            parameter.kind = known[i].kind;
            return parameter;
        }
    }
    parameter.answer = further_answer(name);
    if (parameter.answer > 0) {
        parameter.kind = PARAMETER_FURTHER_ANSWER;
    } else if (map_find(&conditions->settings, span_of(name)) != NULL) {
        parameter.kind = PARAMETER_SETTING;
    }
    return parameter;
}

bool condition_is_reserved(const char *name) {
    static const char *const others[] = {"as_of", "page", "offset"};
    for (size_t i = 0; i < KNOWN; i++) {
        if (known[i].name != NULL && sqlite3_stricmp(known[i].name, name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (sqlite3_stricmp(others[i], name) == 0) {
            return true;
        }
    }
    return further_answer(name) > 0;
}

/* ---- the database ---- */

static bool reads_json(const char *table) {
    return sqlite3_stricmp(table, "json_each") == 0 || sqlite3_stricmp(table, "json_tree") == 0;
}

/* A query that needs no column of what it reads (count(*)) reads no table; what it reads may be its
 * own WITH. */
static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *through) {
    struct conditions *conditions = context;
    (void)database;
    (void)through;
    if (action == SQLITE_SELECT || action == SQLITE_RECURSIVE ||
        (action == SQLITE_READ && (reads_json(first) || *second == '\0')) ||
        (action == SQLITE_FUNCTION && sql_functions_allow(second, &conditions->refusal))) {
        return SQLITE_OK;
    }
    if (conditions->refusal.length == 0) {
        text_append_string(&conditions->refusal,
                           action == SQLITE_READ
                               ? "no table can be read here; expected json_each() or json_tree()"
                               : "it reads and computes; expected an expression or a SELECT");
    }
    return SQLITE_DENY;
}

static int is_over(void *context) {
    const struct conditions *conditions = context;
    return clock_now() > conditions->deadline;
}

static int open_database(struct conditions *conditions, struct error *error) {
    if (sqlite3_open(":memory:", &conditions->database) != SQLITE_OK) {
        return error_set_no_memory(error);
    }
    if (sql_functions_register(conditions->database, NULL, error) != 0) {
        return -1;
    }
    sqlite3_limit(conditions->database, SQLITE_LIMIT_LENGTH, VALUE_MOST);
    sqlite3_limit(conditions->database, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_set_authorizer(conditions->database, authorize, conditions);
    sqlite3_progress_handler(conditions->database, LOOK_EVERY, is_over, conditions);
    return 0;
}

static int set_defaults(struct conditions *conditions) {
    int rc = conditions_set(conditions, span_of("as_of"), span_of(""));
    for (size_t i = 0; i < conditions->parsed->count && rc == 0; i++) {
        const struct annotation *option = &conditions->parsed->annotations[i];
        if (option->word == WORD_OPTION) {
            rc = conditions_set(conditions, span_of(option->name), span_of(option->second));
        }
    }
    return rc;
}

struct conditions *conditions_open(const struct parsed_file *parsed, struct error *error) {
    struct conditions *conditions = calloc(1, sizeof *conditions);
    if (conditions == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    conditions->parsed = parsed;
    if (open_database(conditions, error) != 0) {
        conditions_close(conditions);
        return NULL;
    }
    if (set_defaults(conditions) != 0) {
        error_set_no_memory(error);
        conditions_close(conditions);
        return NULL;
    }
    return conditions;
}

void conditions_close(struct conditions *conditions) {
    if (conditions == NULL) {
        return;
    }
    for (struct condition *condition = conditions->first; condition != NULL;
         condition = condition->next) {
        sqlite3_finalize(condition->handle);
    }
    sqlite3_close(conditions->database);
    map_free(&conditions->settings);
    arena_free(&conditions->arena);
    text_free(&conditions->refusal);
    text_free(&conditions->failure);
    free(conditions);
}

int conditions_set(struct conditions *conditions, struct span name, struct span value) {
    const char *copy = arena_copy(&conditions->arena, value).data;
    return copy != NULL && !conditions->arena.failed
               ? map_put(&conditions->settings, name, (void *)copy)
               : -1;
}

/* ---- preparing ---- */

static const char *source_of(const struct annotation *annotation) {
    return annotation->sql != NULL ? annotation->sql : annotation->text;
}

/* `success: what is wrong; expected SQL over :status, :answer, ...` */
static int fail(const struct conditions *conditions, const struct annotation *annotation,
                size_t offset, const char *what, struct error *error) {
    struct text expected = {0};
    for (size_t i = 0; i < KNOWN; i++) {
        if (known[i].kind == PARAMETER_SETTING ||
            (allowed[annotation->word] & BIT(known[i].kind)) != 0) {
            text_append_format(&expected, "%s%s", expected.length == 0 ? "" : ", ", known[i].shown);
        }
    }
    parsed_file_fail(conditions->parsed,
                     annotation_line_at(annotation, source_of(annotation) + offset), error,
                     "%s: %s; expected SQL over %s", annotation_forms[annotation->word].word, what,
                     text_string(&expected));
    text_free(&expected);
    return -1;
}

static bool is_select(struct span text) {
    struct sql_token token = sql_token_next_solid(&text);
    return sql_token_is_word(token, "SELECT") || sql_token_is_word(token, "WITH") ||
           sql_token_is_word(token, "VALUES");
}

/* `(SELECT ...)`: one pair of parentheses around all of it. */
static bool is_select_in_parentheses(struct span text) {
    struct sql_token token = sql_token_next_solid(&text);
    int depth = sql_token_is_char(token, '(');
    if (depth == 0 || !is_select(text)) {
        return false;
    }
    while (depth > 0 && (token = sql_token_next_solid(&text)).kind != SQL_END) {
        depth += sql_token_is_char(token, '(') - sql_token_is_char(token, ')');
    }
    return depth == 0 && sql_token_next_solid(&text).kind == SQL_END;
}

/* A comment may end the expression. Returns the length of the prefix that the program adds. */
static size_t append_sql(const struct annotation *annotation, enum condition_form form,
                         struct text *sql) {
    struct span source = span_of(source_of(annotation));
    bool is_bare = form == CONDITION_ROWS && is_select_in_parentheses(source);
    bool is_rows = is_bare || (form == CONDITION_ROWS && is_select(source));
    text_append_string(sql, is_rows ? "SELECT DISTINCT * FROM " : "SELECT ");
    text_append_string(sql, is_bare ? "" : "(");
    size_t before = sql->length;
    text_append(sql, source);
    text_append_string(sql, is_bare ? "\n" : "\n)");
    text_append_string(sql, form == CONDITION_TRUTH ? " IS TRUE" : "");
    return before;
}

static int prepare_text(struct condition *condition, const struct text *sql, size_t before,
                        struct error *error) {
    struct conditions *conditions = condition->owner;
    const char *tail = NULL;
    text_clear(&conditions->refusal);
    conditions->deadline = clock_now() + CONDITION_TIMEOUT;
    int rc = sqlite3_prepare_v3(conditions->database, text_string(sql), (int)sql->length + 1,
                                SQLITE_PREPARE_PERSISTENT, &condition->handle, &tail);
    if (rc == SQLITE_NOMEM) {
        return error_set_no_memory(error);
    }
    if (rc == SQLITE_OK && condition->handle != NULL && tail != NULL && *tail == '\0') {
        return 0;
    }
    int offset = rc == SQLITE_OK ? 0 : sqlite3_error_offset(conditions->database);
    const char *what = conditions->refusal.length > 0 ? text_string(&conditions->refusal)
                       : rc == SQLITE_OK              ? "it is more than one expression"
                                                      : sqlite3_errmsg(conditions->database);
    return fail(conditions, condition->annotation,
                offset > (int)before ? (size_t)offset - before : 0, what, error);
}

static int fail_parameter(const struct condition *condition, const char *shown,
                          struct error *error) {
    const char *source = source_of(condition->annotation);
    struct span rest = span_of(source);
    struct sql_token token;
    size_t offset = 0;
    while ((token = sql_token_next(&rest)).kind != SQL_END) {
        if (span_equal_string(token.text, shown)) {
            offset = (size_t)(token.text.data - source);
            break;
        }
    }
    struct text what = {0};
    text_append_format(&what, "it cannot have %s", shown);
    fail(condition->owner, condition->annotation, offset, text_string(&what), error);
    text_free(&what);
    return -1;
}

static int take_parameters(struct condition *condition, struct error *error) {
    struct conditions *conditions = condition->owner;
    int count = sqlite3_bind_parameter_count(condition->handle);
    struct parameter *parameters =
        arena_allocate(&conditions->arena, ((size_t)count + 1) * sizeof *parameters);
    if (parameters == NULL) {
        return error_set_no_memory(error);
    }
    for (int i = 0; i < count; i++) {
        const char *shown = sqlite3_bind_parameter_name(condition->handle, i + 1);
        if (shown == NULL || *shown != ':') {
            return fail_parameter(condition, shown == NULL ? "?" : shown, error);
        }
        parameters[i] = parameter_of(conditions, shown + 1);
        bool is_allowed = parameters[i].kind == PARAMETER_SETTING ||
                          (allowed[condition->annotation->word] & BIT(parameters[i].kind)) != 0;
        if (!is_allowed) {
            return fail_parameter(condition, shown, error);
        }
    }
    condition->parameters = parameters;
    condition->parameter_count = count;
    return 0;
}

static int check_columns(const struct condition *condition, int columns, struct error *error) {
    struct text what = {0};
    int found = sqlite3_column_count(condition->handle);
    if (found == columns) {
        return 0;
    }
    text_append_format(&what, "it has %d columns, where %d %s meant", found, columns,
                       columns == 1 ? "is" : "are");
    fail(condition->owner, condition->annotation, 0, text_string(&what), error);
    text_free(&what);
    return -1;
}

int condition_prepare(struct conditions *conditions, const struct annotation *annotation,
                      enum condition_form form, int columns, const struct condition **condition,
                      struct error *error) {
    struct condition *made = arena_allocate(&conditions->arena, sizeof *made);
    struct text sql = {0};
    if (made == NULL) {
        return error_set_no_memory(error);
    }
    *made = (struct condition){
        .owner = conditions, .annotation = annotation, .next = conditions->first};
    conditions->first = made;
    size_t before = append_sql(annotation, form, &sql);
    int rc = text_check(&sql, error) == 0 && prepare_text(made, &sql, before, error) == 0 &&
                     check_columns(made, columns, error) == 0
                 ? take_parameters(made, error)
                 : -1;
    text_free(&sql);
    *condition = made;
    return rc;
}

int condition_each_column(const struct condition *condition,
                          int (*take)(void *context, const struct annotation *annotation,
                                      const char *name, struct error *error),
                          void *context, struct error *error) {
    int rc = 0;
    for (int i = 0; i < condition->parameter_count && rc == 0; i++) {
        if (condition->parameters[i].kind == PARAMETER_COLUMN) {
            rc = take(context, condition->annotation, condition->parameters[i].name, error);
        }
    }
    return rc;
}
