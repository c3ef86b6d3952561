#include "migration/sqlfile/file_list.h"

#include "base/statement.h"

int file_list_append_path(const struct template *path, size_t page, size_t listed,
                          struct text *out) {
    const struct template_scope scope = {.page = page, .listed = listed};
    return page == 0 || template_has_pages(path) ? template_append(path, &scope, TEMPLATE_PATH, out)
                                                 : 0;
}

json_t *file_list_id(sqlite3_stmt *row, int column) {
    double real = sqlite3_column_double(row, column);
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_FLOAT:
        if (real < -9e15 || real > 9e15 || real != (double)(int64_t)real) {
            return NULL;
        }
        return json_integer(sqlite3_column_int64(row, column));
    case SQLITE_INTEGER:
        return json_integer(sqlite3_column_int64(row, column));
    case SQLITE_TEXT:
        return json_stringn((const char *)sqlite3_column_text(row, column),
                            (size_t)sqlite3_column_bytes(row, column));
    default:
        return NULL;
    }
}

static int column_of(sqlite3_stmt *row, const char *name, int otherwise) {
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        if (sqlite3_stricmp(sqlite3_column_name(row, i), name) == 0) {
            return i;
        }
    }
    return otherwise;
}

/* As text, a number as it is written. */
static struct span key_of(sqlite3_stmt *row, int column) {
    return statement_value_text(sqlite3_column_value(row, column));
}

static int take(void *context, sqlite3_stmt *row) {
    const struct listed_sink *sink = context;
    bool has_key = sqlite3_column_count(row) > 1;
    struct span key = has_key ? key_of(row, column_of(row, "key", 0)) : span_of(NULL);
    json_t *id = file_list_id(row, has_key ? column_of(row, "id", 1) : 0);
    struct text digits = {0};
    struct record_id name = {{json_string_value(id), json_string_length(id)}, json_is_integer(id)};
    if (id == NULL || (has_key && span_is_null(key))) {
        json_decref(id);
        return 0;
    }
    if (name.is_number) {
        text_append_integer(&digits, json_integer_value(id));
        name.text = text_span(&digits);
    }
    int rc = digits.failed ? -1 : sink->take(sink->context, key, name);
    text_free(&digits);
    json_decref(id);
    return rc;
}

int file_list_each(const struct condition *records, const struct kind_answer *answer,
                   const struct listed_sink *sink) {
    const struct condition_scope scope = {.answers = &answer->json, .answer_count = 1};
    if (answer->json == NULL) {
        return 0;
    }
    if (condition_query(records, &scope, take, (void *)sink) == 0) {
        return 1;
    }
    return *condition_failure(records) == '\0' ? -1 : 0;
}
