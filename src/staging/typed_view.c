#include "staging/typed_view_private.h"

#include "base/statement.h"
#include "source/sqlite_value.h"
#include "staging/typed_value_private.h"

static const char *const function_names[COLUMN_TYPE_COUNT] = {
    [COLUMN_TEXT] = "staged_text",     [COLUMN_WORD] = "staged_word",
    [COLUMN_KEY] = "staged_key",       [COLUMN_FLAG] = "staged_flag",
    [COLUMN_MOMENT] = "staged_moment", [COLUMN_INTEGER] = "staged_integer",
    [COLUMN_BLOB] = "staged_blob",     [COLUMN_ANY] = "staged_any",
};

static const char padded_name[] = "staged_is_padded";

/* Their result depends on their argument only, and a view of the source may use them. */
enum { FUNCTION_FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS };

static void give(sqlite3_context *context, struct value value) {
    switch (value.kind) {
    case VALUE_NULL:
        sqlite3_result_null(context);
        return;
    case VALUE_INTEGER:
        sqlite3_result_int64(context, value.integer);
        return;
    case VALUE_REAL:
        sqlite3_result_double(context, value.real);
        return;
    case VALUE_TEXT:
        sqlite3_result_text64(context, value.text.data, value.text.length, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
        return;
    case VALUE_BLOB:
        sqlite3_result_blob64(context, value.text.data, value.text.length, SQLITE_TRANSIENT);
        return;
    }
}

/* The class of values that are in their column's form already: they are handed on without a look.
 * Null is one for every type. */
static const int ready_class[COLUMN_TYPE_COUNT] = {
    [COLUMN_TEXT] = SQLITE_TEXT, [COLUMN_WORD] = SQLITE_NULL,   [COLUMN_KEY] = SQLITE_INTEGER,
    [COLUMN_FLAG] = SQLITE_NULL, [COLUMN_MOMENT] = SQLITE_NULL, [COLUMN_INTEGER] = SQLITE_INTEGER,
    [COLUMN_BLOB] = SQLITE_BLOB,
};

static void run_typed(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct typed_function *function = sqlite3_user_data(context);
    int class = sqlite3_value_type(arguments[0]);
    if (class == SQLITE_NULL) {
        return;
    }
    if (class == ready_class[function->type]) {
        sqlite3_result_value(context, arguments[0]);
        return;
    }
    struct value value = sqlite_value_read(arguments[0]);
    struct value typed = typed_value(function->type, function->padding, value, &function->scratch);
    if (function->scratch.failed) {
        sqlite3_result_error_nomem(context);
    } else {
        give(context, typed);
    }
}

static void run_is_padded(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct value value = sqlite_value_read(arguments[0]);
    sqlite3_result_int(context, value.kind == VALUE_TEXT && value.text.length > 0 &&
                                    value.text.data[value.text.length - 1] == ' ');
}

int typed_functions_register(struct typed_functions *functions, sqlite3 *database,
                             enum staging_padding padding, struct error *error) {
    for (int type = 0; type < COLUMN_TYPE_COUNT; type++) {
        struct typed_function *function = &functions->of[type];
        function->type = (enum column_type)type;
        function->padding = padding;
        if (sqlite3_create_function_v2(database, function_names[type], 1, FUNCTION_FLAGS, function,
                                       run_typed, NULL, NULL, NULL) != SQLITE_OK) {
            return statement_fail(database, error);
        }
    }
    return sqlite3_create_function_v2(database, padded_name, 1, FUNCTION_FLAGS, NULL, run_is_padded,
                                      NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : statement_fail(database, error);
}

void typed_functions_remove(struct typed_functions *functions, sqlite3 *database) {
    for (int type = 0; type < COLUMN_TYPE_COUNT; type++) {
        sqlite3_create_function_v2(database, function_names[type], 1, FUNCTION_FLAGS, NULL, NULL,
                                   NULL, NULL, NULL);
        text_free(&functions->of[type].scratch);
    }
    sqlite3_create_function_v2(database, padded_name, 1, FUNCTION_FLAGS, NULL, NULL, NULL, NULL,
                               NULL);
}

/* The source's own index can be used where the column is read as it is, which it is where the
 * source compares bytes. */
static bool has_collation(const struct view_source *source, const char *column) {
    const char *collation = NULL;
    return source->database != NULL &&
           (sqlite3_table_column_metadata(source->database, "main", source->table, column, NULL,
                                          &collation, NULL, NULL, NULL) != SQLITE_OK ||
            sqlite3_stricmp(collation, "BINARY") != 0);
}

/* An expression has no affinity, so that values are compared as they are; its collation is given,
 * so that the source's own does not count. */
static void append_expression(const struct view_source *source, enum column_type type,
                              const char *column, struct text *sql) {
    if (type == COLUMN_ANY) {
        text_append_quoted(sql, '"', span_of(column));
        text_append_string(sql, has_collation(source, column) ? " COLLATE BINARY" : "");
        return;
    }
    text_append_format(sql, "%s(", function_names[type]);
    text_append_quoted(sql, '"', span_of(column));
    text_append_string(sql, ") COLLATE BINARY");
}

void typed_view_append_where(const char *condition, struct text *sql) {
    if (condition != NULL) {
        text_append_format(sql, " WHERE (%s\n)",
                           condition); /* a comment in it ends with its line */
    }
}

void typed_view_append_create(const struct table *table, const struct view_source *source,
                              struct text *sql) {
    text_append_string(sql, "CREATE TEMP VIEW ");
    text_append_quoted(sql, '"', span_of(table->name));
    text_append_format(sql, " AS SELECT %s AS \"row\"", source->row);
    size_t read = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct table_column *column = &table->columns[i];
        if (column->need == COLUMN_READ) {
            text_append_string(sql, ", ");
            append_expression(source, column->type, source->columns[read++], sql);
            text_append_string(sql, " AS ");
            text_append_quoted(sql, '"', span_of(column->name));
        }
    }
    text_append_format(sql, " FROM %s", source->place);
    typed_view_append_where(source->condition, sql);
}

void typed_view_append_is_padded(const struct table *table, const struct view_source *source,
                                 struct text *sql) {
    size_t read = 0;
    text_append_char(sql, '0');
    for (size_t i = 0; i < table->column_count; i++) {
        const struct table_column *column = &table->columns[i];
        if (column->need != COLUMN_READ) {
            continue;
        }
        if (column->type == COLUMN_WORD || column->type == COLUMN_KEY) {
            text_append_format(sql, " OR %s(", padded_name);
            text_append_quoted(sql, '"', span_of(source->columns[read]));
            text_append_char(sql, ')');
        }
        read++;
    }
}
