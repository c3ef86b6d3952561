#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "source/driver.h"

enum { NAMES_SHOWN = 40 };

/* Rows of texts that a catalog gave. */
struct list {
    struct arena arena;
    const char **cells; /* row by row */
    size_t width;
    size_t count; /* rows */
    size_t capacity;
};

/* The columns of the catalog's lists, in their order. */
enum { PLACE_SCHEMA, PLACE_TABLE, PLACE_WIDTH };
enum { COLUMN_NAME, COLUMN_TYPE, COLUMN_KIND, COLUMN_WIDTH };

/* A table that was found, and what is known of its columns. */
struct table_place {
    struct list tables;
    struct list columns;
    const char *schema;
    const char *name;
};

static const char *cell(const struct list *list, size_t row, size_t column) {
    return list->cells[row * list->width + column];
}

static void list_free(struct list *list) {
    arena_free(&list->arena);
    free(list->cells);
}

static void place_free(struct table_place *place) {
    list_free(&place->tables);
    list_free(&place->columns);
}

static int list_grow(struct list *list, struct error *error) {
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

static int list_add(struct list *list, const struct rows *rows, struct error *error) {
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

static struct rows *start(struct source *source, const struct text *sql, struct error *error) {
    if (text_check(sql, error) != 0) {
        return NULL;
    }
    struct rows *rows = source->driver->read(source, text_string(sql), error);
    if (rows != NULL) {
        rows->driver = source->driver;
        rows->source = source;
    }
    return rows;
}

/* All rows of a query about the catalog, `width` texts each. */
static int collect(struct source *source, const struct text *sql, size_t width, struct list *list,
                   struct error *error) {
    struct rows *rows = start(source, sql, error);
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
    source->driver->close_rows(rows);
    return rc;
}

static void append_quoted(struct text *sql, char quote, const char *content) {
    text_append_char(sql, quote);
    for (const char *c = content; *c != '\0'; c++) {
        text_append_char(sql, *c);
        if (*c == quote) {
            text_append_char(sql, quote);
        }
    }
    text_append_char(sql, quote);
}

/* Appends a form of SQL with its holes filled: `?1` and `?2`. */
static void append_form(struct text *sql, const char *form, const char *first, const char *second) {
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

/* As append_form(), with texts that are put in quotes; NULL is SQL's. */
static void append_question(struct text *sql, const char *form, const char *first,
                            const char *second) {
    const char *given[2] = {first, second};
    struct text literals[2] = {{0}, {0}};
    for (size_t i = 0; i < 2; i++) {
        if (given[i] == NULL) {
            text_append_string(&literals[i], "NULL");
        } else {
            append_quoted(&literals[i], '\'', given[i]);
        }
        sql->failed = sql->failed || literals[i].failed;
    }
    append_form(sql, form, text_string(&literals[0]), text_string(&literals[1]));
    text_free(&literals[0]);
    text_free(&literals[1]);
}

static int list_places(struct source *source, const char *schema, struct list *tables,
                       struct error *error) {
    struct text sql = {0};
    append_question(&sql, source->catalog->tables, schema, NULL);
    int rc = collect(source, &sql, PLACE_WIDTH, tables, error);
    text_free(&sql);
    return rc;
}

static const char *default_schema(const struct source *source) {
    return source->schema.length == 0 ? NULL : text_string(&source->schema);
}

static bool is_same_word(const char *a, const char *b) {
    return span_equal_ignoring_ascii_case(span_of(a), span_of(b));
}

/* How well a name fits what was asked for: 0 not at all, 1 but for its case, 2 exactly. */
static int fit_of(const char *name, const char *asked) {
    if (asked == NULL || strcmp(name, asked) == 0) {
        return 2;
    }
    return is_same_word(name, asked) ? 1 : 0;
}

/* The schema counts before the table. */
static int place_fit(const struct list *tables, size_t row, const char *schema, const char *table) {
    int of_schema = fit_of(cell(tables, row, PLACE_SCHEMA), schema);
    int of_table = fit_of(cell(tables, row, PLACE_TABLE), table);
    return of_schema == 0 || of_table == 0 ? 0 : of_schema * 2 + of_table;
}

static int refuse_twins(const struct source *source, const char *what, const char *name,
                        const char *a, const char *b, struct error *error) {
    return error_set(error, ERROR_SOURCE,
                     "%s: %s %s may be \"%s\" or \"%s\"; write the one that is meant exactly so",
                     source_name(source), what, name, a, b);
}

/* 1: found; 0: it is not there. */
static int find_place(const struct source *source, const char *schema, const char *table,
                      struct table_place *place, struct error *error) {
    const struct list *tables = &place->tables;
    const char *wanted = source->catalog->has_schemas ? schema : NULL;
    int best = 0;
    size_t found = 0;
    size_t twin = 0;
    for (size_t i = 0; i < tables->count; i++) {
        int fit = place_fit(tables, i, wanted, table);
        twin = fit > 0 && fit == best ? i : fit > best ? 0 : twin;
        if (fit > best) {
            best = fit;
            found = i;
        }
    }
    if (twin > 0) {
        return refuse_twins(source, "table", table, cell(tables, found, PLACE_TABLE),
                            cell(tables, twin, PLACE_TABLE), error);
    }
    if (best > 0) {
        place->schema = cell(tables, found, PLACE_SCHEMA);
        place->name = cell(tables, found, PLACE_TABLE);
    }
    return best > 0 ? 1 : 0;
}

static void append_names(const struct list *list, size_t column, struct text *out) {
    for (size_t i = 0; i < list->count && i < NAMES_SHOWN; i++) {
        text_append_format(out, "%s%s", i == 0 ? "" : ", ", cell(list, i, column));
    }
    if (list->count > NAMES_SHOWN) {
        text_append_format(out, " and %zu more", list->count - NAMES_SHOWN);
    }
}

static void append_schemas(struct source *source, struct text *message) {
    struct list schemas = {0};
    struct text sql = {0};
    text_append_string(&sql, source->catalog->schemas);
    if (collect(source, &sql, 1, &schemas, NULL) == 0 && schemas.count > 0) {
        text_append_string(message, "; --schema names another: ");
        append_names(&schemas, 0, message);
    }
    list_free(&schemas);
    text_free(&sql);
}

static int refuse_table(struct source *source, const char *schema, const char *table,
                        const struct list *tables, struct error *error) {
    struct text message = {0};
    text_append_format(&message, "%s has no table %s", source_name(source), table);
    if (source->catalog->has_schemas && schema != NULL) {
        text_append_format(&message, " in schema %s", schema);
    }
    if (tables->count > 0) {
        text_append_string(&message, "; it has: ");
        append_names(tables, PLACE_TABLE, &message);
    } else {
        text_append_string(&message, "; there is none at all that this user may see");
        if (source->catalog->schemas != NULL) {
            append_schemas(source, &message);
        }
    }
    return source_fail(&message, error);
}

/* What stands behind the first dot of a name; the schema before it is copied. NULL: no dot. */
static const char *split_name(const char *name, struct text *schema) {
    const char *dot = strchr(name, '.');
    if (dot == NULL) {
        return NULL;
    }
    text_append(schema, (struct span){name, (size_t)(dot - name)});
    return dot + 1;
}

/* A name with a dot in it is a table's own first, and then a schema and a table. */
static int find_table(struct source *source, const char *name, struct table_place *place,
                      struct error *error) {
    const char *schema = default_schema(source);
    struct text before = {0};
    int rc = list_places(source, schema, &place->tables, error);
    if (rc == 0) {
        rc = find_place(source, schema, name, place, error);
    }
    const char *table = rc == 0 ? split_name(name, &before) : NULL;
    if (table != NULL) {
        list_free(&place->tables);
        place->tables = (struct list){0};
        schema = text_string(&before);
        rc = list_places(source, schema, &place->tables, error);
        rc = rc == 0 ? find_place(source, schema, table, place, error) : rc;
    }
    if (rc == 0) {
        rc = refuse_table(source, schema, table == NULL ? name : table, &place->tables, error);
    }
    text_free(&before);
    return rc < 0 ? -1 : 0;
}

static int open_place(struct source *source, const char *name, struct table_place *place,
                      struct error *error) {
    struct text sql = {0};
    int rc = find_table(source, name, place, error);
    if (rc == 0) {
        append_question(&sql, source->catalog->columns, place->schema, place->name);
        rc = collect(source, &sql, COLUMN_WIDTH, &place->columns, error);
    }
    text_free(&sql);
    return rc;
}

static int refuse_column(const struct source *source, const struct table_place *place,
                         const char *name, struct error *error) {
    struct text message = {0};
    text_append_format(&message, "%s: table %s has no column %s; it has: ", source_name(source),
                       place->name, name);
    append_names(&place->columns, COLUMN_NAME, &message);
    return source_fail(&message, error);
}

static int find_column(const struct source *source, const struct table_place *place,
                       const char *name, size_t *column, struct error *error) {
    const struct list *columns = &place->columns;
    int best = 0;
    size_t twin = 0;
    for (size_t i = 0; i < columns->count; i++) {
        int fit = fit_of(cell(columns, i, COLUMN_NAME), name);
        twin = fit > 0 && fit == best ? i : fit > best ? 0 : twin;
        if (fit > best) {
            best = fit;
            *column = i;
        }
    }
    if (twin > 0) {
        return refuse_twins(source, "column", name, cell(columns, *column, COLUMN_NAME),
                            cell(columns, twin, COLUMN_NAME), error);
    }
    return best > 0 ? 0 : refuse_column(source, place, name, error);
}

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
        if (name_count > 0 && find_column(source, place, names[i], &(*chosen)[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

static const struct column_rule *find_rule(const struct source *source,
                                           const struct table_place *place, size_t column) {
    static const struct column_rule plain = {.kind = ""};
    const char *kind = cell(&place->columns, column, COLUMN_KIND);
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
    append_quoted(&quoted, source->catalog->quote, cell(&place->columns, column, COLUMN_NAME));
    append_form(sql, form == NULL ? "?1" : form, text_string(&quoted), "");
    sql->failed = sql->failed || quoted.failed;
    text_free(&quoted);
}

static void append_from(const struct source *source, const struct table_place *place,
                        struct text *sql) {
    text_append_string(sql, " FROM ");
    if (*place->schema != '\0') {
        append_quoted(sql, source->catalog->quote, place->schema);
        text_append_char(sql, '.');
    }
    append_quoted(sql, source->catalog->quote, place->name);
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
        struct span name = span_of(cell(&place->columns, chosen[i], COLUMN_NAME));
        rows->columns[i].name = arena_copy(&rows->names, name).data;
        rows->columns[i].form = find_rule(rows->source, place, chosen[i])->form;
    }
    return rows->names.failed ? error_set_no_memory(error) : 0;
}

static struct rows *select_columns(struct source *source, const struct table_place *place,
                                   const size_t *chosen, size_t count, struct error *error) {
    struct text sql = {0};
    text_append_string(&sql, "SELECT ");
    for (size_t i = 0; i < count; i++) {
        text_append_string(&sql, i == 0 ? "" : ", ");
        append_column(source, place, chosen[i], find_rule(source, place, chosen[i])->select, &sql);
    }
    append_from(source, place, &sql);
    struct rows *rows = start(source, &sql, error);
    text_free(&sql);
    if (rows != NULL && shape_rows(rows, place, chosen, count, error) != 0) {
        rows_close(rows);
        return NULL;
    }
    return rows;
}

struct rows *source_read_table(struct source *source, const char *table, const char *const *columns,
                               size_t column_count, struct error *error) {
    struct table_place place = {0};
    struct rows *rows = NULL;
    size_t *chosen = NULL;
    size_t count = 0;
    if (open_place(source, table, &place, error) == 0 &&
        choose_columns(source, &place, columns, column_count, &chosen, &count, error) == 0) {
        rows = select_columns(source, &place, chosen, count, error);
    }
    free(chosen);
    place_free(&place);
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
                   size_t count, int64_t *row_count, int64_t *bytes, struct error *error) {
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
    struct rows *rows = start(source, &sql, error);
    text_free(&sql);
    int rc = rows == NULL ? -1 : source->driver->step(rows, error);
    if (rc == 1) {
        rc = take_number(rows, 0, row_count, error);
    }
    for (size_t i = 0, column = 1; i < count && rc == 0; i++) {
        bytes[i] = -1;
        if (find_rule(source, place, chosen[i])->sum != NULL) {
            rc = take_number(rows, column++, &bytes[i], error);
        }
    }
    rows_close(rows);
    return rc;
}

int source_measure_table(struct source *source, const char *table, const char *const *columns,
                         size_t column_count, int64_t *rows, int64_t *bytes, struct error *error) {
    struct table_place place = {0};
    size_t *chosen = NULL;
    size_t count = 0;
    int rc = open_place(source, table, &place, error);
    if (rc == 0) {
        rc = choose_columns(source, &place, columns, column_count, &chosen, &count, error);
    }
    if (rc == 0) {
        rc = measure(source, &place, chosen, bytes == NULL ? 0 : count, rows, bytes, error);
    }
    free(chosen);
    place_free(&place);
    return rc;
}

int source_list_tables(struct source *source,
                       int (*take)(void *context, const char *table, struct error *error),
                       void *context, struct error *error) {
    struct list tables = {0};
    int rc = list_places(source, default_schema(source), &tables, error);
    for (size_t i = 0; i < tables.count && rc == 0; i++) {
        rc = take(context, cell(&tables, i, PLACE_TABLE), error);
    }
    list_free(&tables);
    return rc;
}

int source_list_columns(struct source *source, const char *table,
                        int (*take)(void *context, const struct source_column *column,
                                    struct error *error),
                        void *context, struct error *error) {
    struct table_place place = {0};
    int rc = open_place(source, table, &place, error);
    for (size_t i = 0; i < place.columns.count && rc == 0; i++) {
        const struct source_column column = {.name = cell(&place.columns, i, COLUMN_NAME),
                                             .type = cell(&place.columns, i, COLUMN_TYPE)};
        rc = take(context, &column, error);
    }
    place_free(&place);
    return rc;
}
