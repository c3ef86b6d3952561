#include "snapshot/shape.h"

#include <string.h>

static void append_lower(struct span name, struct text *out) {
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        text_append_char(out, (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
    }
}

void shape_append_table(const char *table, struct text *out) {
    const char *point = strrchr(table, '.');
    append_lower(span_of(point == NULL ? table : point + 1), out);
}

/* The column of that name, or NULL. */
static const struct layout_column *find_column(const struct layout_table *layout,
                                               const char *name) {
    for (size_t i = 0; layout != NULL && i < layout->column_count; i++) {
        if (span_equal_ignoring_ascii_case(span_of(layout->columns[i].name), span_of(name))) {
            return &layout->columns[i];
        }
    }
    return NULL;
}

static void add_column(struct shape *shape, struct shape_column column) {
    shape->columns[shape->column_count++] = column;
}

static void take_layout(struct shape *shape, const struct rows *rows) {
    for (size_t i = 0; shape->layout != NULL && i < shape->layout->column_count; i++) {
        const struct layout_column *column = &shape->layout->columns[i];
        size_t position = 0;
        if (rows_find_column(rows, column->name, &position, NULL) == 0) {
            add_column(shape, (struct shape_column){.source = position,
                                                    .name = column->name,
                                                    .declaration = column->declaration,
                                                    .type = column->type});
            continue;
        }
        text_append_format(&shape->missing, "%s%s", shape->missing.length == 0 ? "" : ", ",
                           column->name);
    }
}

static void take_others(struct shape *shape, const struct rows *rows) {
    struct text name = {0};
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        if (find_column(shape->layout, rows_column_name(rows, i)) != NULL) {
            continue;
        }
        text_clear(&name);
        append_lower(span_of(rows_column_name(rows, i)), &name);
        add_column(shape,
                   (struct shape_column){.source = i,
                                         .name = arena_copy(&shape->names, text_span(&name)).data,
                                         .declaration = NULL,
                                         .type = COLUMN_ANY});
    }
    shape->names.failed = shape->names.failed || name.failed;
    text_free(&name);
}

int shape_make(struct shape *shape, const char *table, const struct rows *rows,
               struct error *error) {
    struct text name = {0};
    shape_append_table(table, &name);
    shape->table = arena_copy(&shape->names, text_span(&name)).data;
    shape->layout = layout_find_table(text_span(&name));
    text_free(&name);
    size_t most =
        rows_column_count(rows) + (shape->layout == NULL ? 0 : shape->layout->column_count);
    shape->columns = arena_allocate(&shape->names, (most + 1) * sizeof *shape->columns);
    if (shape->columns == NULL) {
        return error_set_no_memory(error);
    }
    take_layout(shape, rows);
    take_others(shape, rows);
    return shape->names.failed ? error_set_no_memory(error) : text_check(&shape->missing, error);
}

void shape_free(struct shape *shape) {
    arena_free(&shape->names);
    text_free(&shape->missing);
}

void shape_append_quoted(const char *name, struct text *sql) {
    text_append_char(sql, '"');
    for (; *name != '\0'; name++) {
        text_append_string(sql, *name == '"' ? "\"\"" : (const char[]){*name, '\0'});
    }
    text_append_char(sql, '"');
}

/* Names of the layout stand as the site's own script writes them. */
static void append_name(const struct shape_column *column, struct text *sql) {
    if (column->declaration == NULL) {
        shape_append_quoted(column->name, sql);
    } else {
        text_append_format(sql, "%s %s", column->name, column->declaration);
    }
}

void shape_append_create(const struct shape *shape, struct text *sql) {
    text_append_string(sql, "CREATE TABLE ");
    if (shape->layout == NULL) {
        shape_append_quoted(shape->table, sql);
    } else {
        text_append_string(sql, shape->table);
    }
    for (size_t i = 0; i < shape->column_count; i++) {
        text_append_string(sql, i == 0 ? "(" : ", ");
        append_name(&shape->columns[i], sql);
    }
    text_append_char(sql, ')');
}

void shape_append_insert(const struct shape *shape, struct text *sql) {
    text_append_string(sql, "INSERT INTO ");
    shape_append_quoted(shape->table, sql);
    text_append_string(sql, " VALUES ");
    for (size_t i = 0; i < shape->column_count; i++) {
        text_append_string(sql, i == 0 ? "(?" : ", ?");
    }
    text_append_char(sql, ')');
}
