/* array_in_order(json, key). */
#include <stdlib.h>

#include "base/arena.h"
#include "base/statement.h"
#include "base/text.h"
#include "migration/sqlfile/functions.h"

struct item {
    size_t place;
    int type; /* of the key: SQLITE_NULL, SQLITE_FLOAT for every number, SQLITE_TEXT */
    double number;
    sqlite3_int64 integer;
    struct span text;
    struct span json;
};

struct ordered_array {
    struct arena arena;
    struct item *items;
    size_t count;
    size_t capacity;
};

static int rank(const struct item *item) {
    return item->type == SQLITE_NULL ? 0 : item->type == SQLITE_TEXT ? 2 : 1;
}

static int compare_keys(const struct item *a, const struct item *b) {
    if (rank(a) != rank(b)) {
        return rank(a) < rank(b) ? -1 : 1;
    }
    if (rank(a) == 2) {
        size_t shorter = a->text.length < b->text.length ? a->text.length : b->text.length;
        int order = shorter == 0 ? 0 : memcmp(a->text.data, b->text.data, shorter);
        return order != 0 ? order
                          : (a->text.length > b->text.length) - (a->text.length < b->text.length);
    }
    if (a->type == SQLITE_INTEGER && b->type == SQLITE_INTEGER) {
        return (a->integer > b->integer) - (a->integer < b->integer);
    }
    return (a->number > b->number) - (a->number < b->number);
}

static int compare(const void *left, const void *right) {
    const struct item *a = left;
    const struct item *b = right;
    int order = compare_keys(a, b);
    return order != 0 ? order : (a->place > b->place) - (a->place < b->place);
}

static struct item *add(struct ordered_array *array) {
    if (array->count == array->capacity) {
        size_t capacity = array->capacity == 0 ? 8 : 2 * array->capacity;
        struct item *grown = realloc(array->items, capacity * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        array->items = grown;
        array->capacity = capacity;
    }
    struct item *item = &array->items[array->count];
    *item = (struct item){.place = array->count++};
    return item;
}

void ordered_array_step(sqlite3_context *context, int count, sqlite3_value **arguments) {
    (void)count;
    struct ordered_array *array = sqlite3_aggregate_context(context, sizeof *array);
    struct span json = statement_value_text(arguments[0]);
    struct item *item = array == NULL ? NULL : add(array);
    if (item == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    item->json = arena_copy(&array->arena, span_is_null(json) ? span_of("null") : json);
    item->type = sqlite3_value_type(arguments[1]);
    item->number = sqlite3_value_double(arguments[1]);
    item->integer = sqlite3_value_int64(arguments[1]);
    if (item->type == SQLITE_TEXT || item->type == SQLITE_BLOB) {
        item->type = SQLITE_TEXT;
        item->text = arena_copy(&array->arena, statement_value_text(arguments[1]));
    }
}

void ordered_array_end(sqlite3_context *context) {
    struct ordered_array *array = sqlite3_aggregate_context(context, 0);
    struct text text = {0};
    text_append_char(&text, '[');
    if (array != NULL && array->count > 0) {
        qsort(array->items, array->count, sizeof *array->items, compare);
    }
    for (size_t i = 0; array != NULL && i < array->count; i++) {
        text_append_string(&text, i == 0 ? "" : ",");
        text_append(&text, array->items[i].json);
    }
    text_append_char(&text, ']');
    text.failed = text.failed || (array != NULL && array->arena.failed);
    sql_function_give(context, &text);
    sqlite3_result_subtype(context, 'J');
    if (array != NULL) {
        free(array->items);
        arena_free(&array->arena);
    }
}
