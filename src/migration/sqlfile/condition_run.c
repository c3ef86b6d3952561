/* The evaluation of a condition: its parameters are bound, and its rows are read. */
#include <stdlib.h>
#include <string.h>

#include "base/json_memory.h"
#include "migration/sqlfile/conditions_private.h"
#include "migration/sqlfile/memory_limit.h"

static void bind_text(sqlite3_stmt *statement, int place, struct span value) {
    sqlite3_bind_text64(statement, place, value.data, value.length, SQLITE_STATIC, SQLITE_UTF8);
}

/* JSON as text; SQL's null for none and for JSON's. False where memory ran out. */
static bool bind_json(sqlite3_stmt *statement, int place, const json_t *value) {
    if (value == NULL || json_is_null(value)) {
        sqlite3_bind_null(statement, place);
        return true;
    }
    char *text = json_memory_dump(value, JSON_COMPACT | JSON_ENCODE_ANY);
    return text != NULL && sqlite3_bind_text64(statement, place, text, strlen(text),
                                               json_memory_free, SQLITE_UTF8) == SQLITE_OK;
}

/* A column's value: numbers are numbers, texts are texts, all else is JSON. */
static bool bind_column(sqlite3_stmt *statement, int place, const json_t *value) {
    if (json_is_integer(value)) {
        sqlite3_bind_int64(statement, place, json_integer_value(value));
    } else if (json_is_real(value)) {
        sqlite3_bind_double(statement, place, json_real_value(value));
    } else if (json_is_boolean(value)) {
        sqlite3_bind_int(statement, place, json_is_true(value));
    } else if (json_is_string(value)) {
        bind_text(statement, place,
                  (struct span){json_string_value(value), json_string_length(value)});
    } else {
        return bind_json(statement, place, value);
    }
    return true;
}

static void bind_id(sqlite3_stmt *statement, int place, struct record_id id) {
    char digits[32] = "";
    if (id.is_number && id.text.length < sizeof digits) {
        memcpy(digits, id.text.data, id.text.length);
        sqlite3_bind_int64(statement, place, strtoll(digits, NULL, 10));
    } else {
        bind_text(statement, place, id.text);
    }
}

static bool bind_parameter(const struct condition *condition, int index,
                           const struct condition_scope *scope) {
    const struct parameter *parameter = &condition->parameters[index];
    const struct kind_document none = {0};
    const struct kind_document *document = scope->document == NULL ? &none : scope->document;
    sqlite3_stmt *statement = condition->handle;
    int place = index + 1;
    switch (parameter->kind) {
    case PARAMETER_STATUS:
        return sqlite3_bind_int(statement, place, scope->status) == SQLITE_OK;
    case PARAMETER_ANSWER:
    case PARAMETER_FURTHER_ANSWER:
        return bind_json(statement, place,
                         parameter->answer < scope->answer_count ? scope->answers[parameter->answer]
                                                                 : NULL);
    case PARAMETER_LOCATION:
        bind_text(statement, place, scope->location);
        return true;
    case PARAMETER_BODY:
        return bind_json(statement, place, document->body);
    case PARAMETER_KEY:
        bind_text(statement, place, document->key);
        return true;
    case PARAMETER_ID:
        bind_id(statement, place, document->id);
        return true;
    case PARAMETER_SETTING:
        bind_text(statement, place,
                  span_of(map_find(&condition->owner->settings, span_of(parameter->name))));
        return true;
    case PARAMETER_COLUMN:
        break;
    }
    return bind_column(statement, place, json_object_get(document->values, parameter->name));
}

static void note_failure(const struct condition *condition, int rc) {
    struct conditions *conditions = condition->owner;
    text_append_string(&conditions->failure, rc == SQLITE_INTERRUPT ? "it took more than 10 seconds"
                                             : rc == SQLITE_NOMEM
                                                 ? "it took too much memory"
                                                 : sqlite3_errmsg(conditions->database));
}

static int run(const struct condition *condition, const struct condition_scope *scope,
               int (*take)(void *context, sqlite3_stmt *row), void *context) {
    int rc = SQLITE_ROW;
    for (int i = 0; i < condition->parameter_count; i++) {
        rc = bind_parameter(condition, i, scope) ? rc : SQLITE_NOMEM;
    }
    while (rc == SQLITE_ROW && (rc = sqlite3_step(condition->handle)) == SQLITE_ROW) {
        if (take(context, condition->handle) != 0) {
            return -1;
        }
    }
    if (rc == SQLITE_DONE) {
        return 0;
    }
    note_failure(condition, rc);
    return -1;
}

int condition_query(const struct condition *condition, const struct condition_scope *scope,
                    int (*take)(void *context, sqlite3_stmt *row), void *context) {
    struct conditions *conditions = condition->owner;
    struct memory_limit limit;
    text_clear(&conditions->failure);
    conditions->deadline = clock_now() + CONDITION_TIMEOUT;
    memory_limit_begin(&limit);
    int rc = run(condition, scope, take, context);
    sqlite3_reset(condition->handle);
    sqlite3_clear_bindings(condition->handle);
    memory_limit_end(&limit);
    return rc;
}

static int take_truth(void *context, sqlite3_stmt *row) {
    *(int *)context = sqlite3_column_int(row, 0);
    return 0;
}

int condition_test(const struct condition *condition, const struct condition_scope *scope) {
    int truth = 0;
    return condition_query(condition, scope, take_truth, &truth) == 0 ? truth : -1;
}

const char *condition_failure(const struct condition *condition) {
    return text_string(&condition->owner->failure);
}
