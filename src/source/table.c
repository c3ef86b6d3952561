#include <stdlib.h>
#include <string.h>

#include "source/table_private.h"

/* The columns that are meant, by their places in the table: all of them where none is named. */
static int choose_columns(const struct source *source, const struct table_place *place,
                          const char *const *names, size_t name_count, size_t **chosen,
                          size_t *count, struct error *error) {
    if (place->columns.count == 0) {
        return error_set(error, ERROR_SOURCE, "%s: table %s has no columns that this user may see",
                         source_name(source), place->name);
    }
    *count = name_count == 0 ? place->columns.count : name_count;
    *chosen = calloc(*count + 1, sizeof **chosen);
    if (*chosen == NULL) {
        return error_set_no_memory(error);
    }
    for (size_t i = 0; i < *count; i++) {
        (*chosen)[i] = i;
        if (name_count > 0 &&
            table_place_find_column(source, place, names[i], &(*chosen)[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

static const struct column_rule *find_rule(const struct source *source,
                                           const struct table_place *place, size_t column) {
    static const struct column_rule plain = {.kind = ""};
    const char *kind = name_list_cell(&place->columns, column, COLUMN_KIND);
    for (const struct column_rule *rule = source->catalog->rules; rule->kind != NULL; rule++) {
        if (strcmp(rule->kind, kind) == 0) {
            return rule;
        }
    }
    return &plain;
}

/* Appends a column in one of the forms of its rule; NULL is the column as it is. */
static void append_column(const struct source *source, const struct table_place *place,
                          size_t column, const char *form, struct text *sql) {
    struct text quoted = {0};
    text_append_quoted(&quoted, source->catalog->quote,
                       span_of(name_list_cell(&place->columns, column, COLUMN_NAME)));
    sql_append_form(sql, form == NULL ? "?1" : form, text_string(&quoted), "");
    sql->failed = sql->failed || quoted.failed;
    text_free(&quoted);
}

static void append_from(const struct source *source, const struct table_place *place,
                        struct text *sql) {
    text_append_string(sql, " FROM ");
    if (*place->schema != '\0') {
        text_append_quoted(sql, source->catalog->quote, span_of(place->schema));
        text_append_char(sql, '.');
    }
    text_append_quoted(sql, source->catalog->quote, span_of(place->name));
}

/* In parentheses, so that it stays one condition; a comment in it ends with its line. */
static void append_where(const char *condition, struct text *sql) {
    if (condition != NULL) {
        text_append_format(sql, " WHERE (%s\n)", condition);
    }
}

static int shape_rows(struct rows *rows, const struct table_place *place, const size_t *chosen,
                      size_t count, struct error *error) {
    rows->table = arena_copy(&rows->names, span_of(place->name)).data;
    rows->columns = calloc(count + 1, sizeof *rows->columns);
    if (rows->columns == NULL) {
        return error_set_no_memory(error);
    }
    rows->column_count = count;
    for (size_t i = 0; i < count; i++) {
        struct span name = span_of(name_list_cell(&place->columns, chosen[i], COLUMN_NAME));
        rows->columns[i].name = arena_copy(&rows->names, name).data;
        rows->columns[i].form = find_rule(rows->source, place, chosen[i])->form;
    }
    return rows->names.failed ? error_set_no_memory(error) : 0;
}

static struct rows *select_columns(struct source *source, const struct table_place *place,
                                   const size_t *chosen, size_t count, const char *condition,
                                   struct error *error) {
    struct text sql = {0};
    text_append_string(&sql, "SELECT ");
    for (size_t i = 0; i < count; i++) {
        text_append_string(&sql, i == 0 ? "" : ", ");
        append_column(source, place, chosen[i], find_rule(source, place, chosen[i])->select, &sql);
    }
    append_from(source, place, &sql);
    append_where(condition, &sql);
    struct rows *rows = sql_start(source, &sql, error);
    text_free(&sql);
    if (rows == NULL) {
        error_add_context(error, "table %s", place->name);
        return NULL;
    }
    if (shape_rows(rows, place, chosen, count, error) != 0) {
        rows_close(rows);
        return NULL;
    }
    return rows;
}

struct rows *source_read_table(struct source *source, const char *table, const char *const *columns,
                               size_t column_count, const char *condition, struct error *error) {
    struct table_place place = {0};
    struct rows *rows = NULL;
    size_t *chosen = NULL;
    size_t count = 0;
    if (table_place_open(source, table, &place, error) == 0 &&
        choose_columns(source, &place, columns, column_count, &chosen, &count, error) == 0) {
        rows = select_columns(source, &place, chosen, count, condition, error);
    }
    free(chosen);
    table_place_free(&place);
    return rows;
}

/* A count that the source gives, whatever its type; null is none. */
static int take_number(const struct rows *rows, size_t column, int64_t *number,
                       struct error *error) {
    struct text scratch = {0};
    struct value value = rows->driver->value(rows, column);
    if (value.kind == VALUE_TEXT) {
        value = decimal_value(value.text, &scratch);
    }
    *number = value.kind == VALUE_INTEGER ? value.integer : 0;
    text_free(&scratch);
    return value.kind == VALUE_INTEGER || value.kind == VALUE_NULL
               ? 0
               : error_set(error, ERROR_SOURCE, "%s: a count of rows or bytes is no whole number",
                           source_name(rows->source));
}

static int measure(struct source *source, const struct table_place *place, const size_t *chosen,
                   size_t count, const char *condition, int64_t *row_count, int64_t *bytes,
                   struct error *error) {
    struct text sql = {0};
    text_append_string(&sql, "SELECT COUNT(*)");
    for (size_t i = 0; i < count; i++) {
        const char *sum = find_rule(source, place, chosen[i])->sum;
        if (sum != NULL) {
            text_append_string(&sql, ", ");
            append_column(source, place, chosen[i], sum, &sql);
        }
    }
    append_from(source, place, &sql);
    append_where(condition, &sql);
    struct rows *rows = sql_start(source, &sql, error);
    text_free(&sql);
    int rc = rows == NULL ? -1 : source->driver->step(rows, error);
    if (rc == 0) {
        rc = error_set(error, ERROR_SOURCE, "%s gives no COUNT(*)", source_name(source));
    } else if (rc == 1) {
        rc = take_number(rows, 0, row_count, error);
    }
    for (size_t i = 0, column = 1; i < count && rc == 0; i++) {
        bytes[i] = -1;
        if (find_rule(source, place, chosen[i])->sum != NULL) {
            rc = take_number(rows, column++, &bytes[i], error);
        }
    }
    rows_close(rows);
    return rc < 0 ? error_add_context(error, "table %s", place->name) : rc;
}

int source_measure_table(struct source *source, const char *table, const char *const *columns,
                         size_t column_count, const char *condition, int64_t *rows, int64_t *bytes,
                         struct error *error) {
    struct table_place place = {0};
    size_t *chosen = NULL;
    size_t count = 0;
    int rc = table_place_open(source, table, &place, error);
    if (rc == 0) {
        rc = choose_columns(source, &place, columns, column_count, &chosen, &count, error);
    }
    if (rc == 0) {
        rc = measure(source, &place, chosen, bytes == NULL ? 0 : count, condition, rows, bytes,
                     error);
    }
    free(chosen);
    table_place_free(&place);
    return rc;
}

int source_list_tables(struct source *source,
                       int (*take)(void *context, const char *table, struct error *error),
                       void *context, struct error *error) {
    struct name_list tables = {0};
    int rc = table_place_list(source, &tables, error);
    for (size_t i = 0; i < tables.count && rc == 0; i++) {
        rc = take(context, name_list_cell(&tables, i, PLACE_TABLE), error);
    }
    name_list_free(&tables);
    return rc;
}

int source_list_columns(struct source *source, const char *table,
                        int (*take)(void *context, const struct source_column *column,
                                    struct error *error),
                        void *context, struct error *error) {
    struct table_place place = {0};
    int rc = table_place_open(source, table, &place, error);
    for (size_t i = 0; i < place.columns.count && rc == 0; i++) {
        const struct source_column column = {.name = name_list_cell(&place.columns, i, COLUMN_NAME),
                                             .type =
                                                 name_list_cell(&place.columns, i, COLUMN_TYPE)};
        rc = take(context, &column, error);
    }
    table_place_free(&place);
    return rc;
}
