#include <stdlib.h>
#include <string.h>

#include "source/table_private.h"

const char *name_list_cell(const struct name_list *list, size_t row, size_t column) {
    return list->cells[row * list->width + column];
}

void name_list_free(struct name_list *list) {
    arena_free(&list->arena);
    free(list->cells);
}

static int list_grow(struct name_list *list, struct error *error) {
    if (list->count < list->capacity) {
        return 0;
    }
    size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
    const char **cells = realloc(list->cells, capacity * list->width * sizeof *cells);
    if (cells == NULL) {
        return error_set_no_memory(error);
    }
    list->cells = cells;
    list->capacity = capacity;
    return 0;
}

static int list_add(struct name_list *list, const struct rows *rows, struct error *error) {
    if (list_grow(list, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < list->width; i++) {
        struct span text = rows->driver->value(rows, i).text;
        const char *copy = arena_copy(&list->arena, span_is_null(text) ? span_of("") : text).data;
        list->cells[list->count * list->width + i] = copy == NULL ? "" : copy;
    }
    list->count++;
    return list->arena.failed ? error_set_no_memory(error) : 0;
}

struct rows *sql_start(struct source *source, const struct text *sql, struct error *error) {
    if (text_check(sql, error) != 0) {
        return NULL;
    }
    struct rows *rows = source->driver->query(source, text_string(sql), error);
    if (rows != NULL) {
        rows->driver = source->driver;
        rows->source = source;
    }
    return rows;
}

void sql_append_form(struct text *sql, const char *form, const char *first, const char *second) {
    for (const char *at = form; *at != '\0'; at++) {
        bool is_hole = at[0] == '?' && (at[1] == '1' || at[1] == '2');
        if (is_hole) {
            text_append_string(sql, at[1] == '1' ? first : second);
            at++;
        } else {
            text_append_char(sql, *at);
        }
    }
}

/* As sql_append_form(), with texts that are put in quotes; NULL is SQL's. */
static void append_question(struct text *sql, const char *form, const char *first,
                            const char *second) {
    const char *given[2] = {first, second};
    struct text literals[2] = {{0}, {0}};
    for (size_t i = 0; i < 2; i++) {
        if (given[i] == NULL) {
            text_append_string(&literals[i], "NULL");
        } else {
            text_append_quoted(&literals[i], '\'', span_of(given[i]));
        }
        sql->failed = sql->failed || literals[i].failed;
    }
    sql_append_form(sql, form, text_string(&literals[0]), text_string(&literals[1]));
    text_free(&literals[0]);
    text_free(&literals[1]);
}

int name_list_ask(struct source *source, const char *question, const char *first,
                  const char *second, size_t width, struct name_list *list, struct error *error) {
    struct text sql = {0};
    append_question(&sql, question, first, second);
    struct rows *rows = sql_start(source, &sql, error);
    text_free(&sql);
    if (rows == NULL) {
        return -1;
    }
    list->width = width;
    int rc;
    while ((rc = source->driver->step(rows, error)) == 1) {
        if (list_add(list, rows, error) != 0) {
            rc = -1;
            break;
        }
    }
    rows_close(rows);
    return rc;
}
