#include "staging/shape_private.h"

#include <string.h>

#include "base/map.h"
#include "staging/typed_view_private.h"

static bool is_same_name(const char *a, const char *b) {
    return span_equal_ignoring_ascii_case(span_of(a), span_of(b));
}

static void append_lower(const char *name, struct text *out) {
    for (; *name != '\0'; name++) {
        text_append_char(out, (char)(*name >= 'A' && *name <= 'Z' ? *name + ('a' - 'A') : *name));
    }
}

void shape_append_table(const char *table, struct text *out) {
    const char *point = strrchr(table, '.');
    append_lower(point == NULL ? table : point + 1, out);
}

const struct table *shape_find_declared(const struct table *tables, size_t count,
                                        const char *table) {
    const char *point = strrchr(table, '.');
    for (size_t i = 0; i < count; i++) {
        if (is_same_name(tables[i].name, point == NULL ? table : point + 1)) {
            return &tables[i];
        }
    }
    return NULL;
}

/* The source's columns, by their own names, in their order. */
static int take_column(void *context, const struct source_column *column, struct error *error) {
    struct map *columns = context;
    return map_put(columns, span_of(column->name), columns) == 0 ? 0 : error_set_no_memory(error);
}

/* The source's spelling of a declared column: the same letters, or else the same but for their
 * case; NULL where it is not there. */
static const char *find_spelling(const struct map *columns, const char *name) {
    if (map_find(columns, span_of(name)) != NULL) {
        return name;
    }
    for (size_t i = 0; i < map_count(columns); i++) {
        if (is_same_name(map_key_at(columns, i).data, name)) {
            return map_key_at(columns, i).data;
        }
    }
    return NULL;
}

static void add_column(struct shape *shape, const char *name, const char *spelling,
                       const struct table_column *declared) {
    shape->columns[shape->column_count] = (struct shape_column){name, declared};
    shape->source_columns[shape->column_count++] =
        arena_copy(&shape->names, span_of(spelling)).data;
}

static int fail_column(const struct source *source, const struct shape *shape,
                       const struct map *columns, const char *name, struct error *error) {
    struct text there = {0};
    for (size_t i = 0; i < map_count(columns); i++) {
        text_append_format(&there, "%s%s", i == 0 ? "" : ", ", map_key_at(columns, i).data);
    }
    error_set(error, ERROR_USAGE, "%s: the table %s has no column %s; it has: %s",
              source_name(source), shape->source_table, name, text_string(&there));
    text_free(&there);
    return -1;
}

static int take_declared(struct shape *shape, const struct source *source,
                         const struct map *columns, enum shape_extent extent, struct error *error) {
    for (size_t i = 0; shape->declared != NULL && i < shape->declared->column_count; i++) {
        const struct table_column *column = &shape->declared->columns[i];
        const char *const *names = shape->declared->source_columns;
        const char *name = names == NULL ? column->name : names[i];
        const char *spelling = find_spelling(columns, name);
        if (column->need == COLUMN_COPIED && extent == SHAPE_READ_COLUMNS) {
            continue;
        }
        if (spelling != NULL) {
            add_column(shape, column->name, spelling, column);
        } else if (column->need == COLUMN_READ) {
            return fail_column(source, shape, columns, name, error);
        } else {
            text_append_format(&shape->missing, "%s%s", shape->missing.length == 0 ? "" : ", ",
                               column->name);
        }
    }
    return 0;
}

static bool is_taken(const struct shape *shape, const char *spelling) {
    for (size_t i = 0; i < shape->column_count; i++) {
        if (strcmp(shape->source_columns[i], spelling) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_used(const struct shape *shape, const char *name) {
    for (size_t i = 0; i < shape->column_count; i++) {
        if (is_same_name(shape->columns[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* The spelling in lower case; where two columns differ in nothing else, the later one gets a number
 * at its end. */
static void append_free_name(const struct shape *shape, const char *spelling, struct text *name) {
    append_lower(spelling, name);
    size_t length = name->length;
    for (int number = 2; !name->failed && is_used(shape, text_string(name)); number++) {
        name->length = length;
        text_append_format(name, "_%d", number);
    }
}

static void take_others(struct shape *shape, const struct map *columns) {
    struct text name = {0};
    for (size_t i = 0; i < map_count(columns); i++) {
        const char *spelling = map_key_at(columns, i).data;
        if (!is_taken(shape, spelling)) {
            text_clear(&name);
            append_free_name(shape, spelling, &name);
            add_column(shape, arena_copy(&shape->names, text_span(&name)).data, spelling, NULL);
        }
    }
    shape->names.failed = shape->names.failed || name.failed;
    text_free(&name);
}

static int name_table(struct shape *shape, const char *table, const struct table *declared,
                      struct error *error) {
    struct text name = {0};
    shape_append_table(table, &name);
    shape->declared = declared;
    shape->table =
        declared != NULL ? declared->name : arena_copy(&shape->names, text_span(&name)).data;
    shape->source_table = arena_copy(&shape->names, span_of(table)).data;
    bool has_failed = name.failed || shape->names.failed;
    text_free(&name);
    return has_failed ? error_set_no_memory(error) : 0;
}

int shape_make(struct shape *shape, struct source *source, const char *table,
               const struct table *declared, enum shape_extent extent, struct error *error) {
    struct map columns = {0};
    int rc = -1;
    if (name_table(shape, table, declared, error) != 0 ||
        source_list_columns(source, table, take_column, &columns, error) != 0) {
        goto out;
    }
    size_t most = map_count(&columns) + (declared == NULL ? 0 : declared->column_count) + 1;
    shape->columns = arena_allocate(&shape->names, most * sizeof *shape->columns);
    shape->source_columns = arena_allocate(&shape->names, most * sizeof *shape->source_columns);
    if (shape->columns == NULL || shape->source_columns == NULL) {
        error_set_no_memory(error);
        goto out;
    }
    if (take_declared(shape, source, &columns, extent, error) != 0) {
        goto out;
    }
    if (extent == SHAPE_ALL_COLUMNS) {
        take_others(shape, &columns);
    }
    rc = shape->names.failed ? error_set_no_memory(error) : text_check(&shape->missing, error);
out:
    map_free(&columns);
    return rc;
}

const char *shape_condition(const struct shape *shape) {
    return shape->declared == NULL ? NULL : shape->declared->only;
}

void shape_free(struct shape *shape) {
    arena_free(&shape->names);
    text_free(&shape->missing);
}

/* Without types, so that SQLite changes no value, and without a key, so that it refuses no row. */
void shape_append_create(const struct shape *shape, struct text *sql) {
    text_append_string(sql, "CREATE TABLE ");
    text_append_quoted(sql, '"', span_of(shape->table));
    for (size_t i = 0; i < shape->column_count; i++) {
        text_append_string(sql, i == 0 ? "(" : ", ");
        text_append_quoted(sql, '"', span_of(shape->columns[i].name));
    }
    text_append_char(sql, ')');
}

void shape_append_insert(const struct shape *shape, struct text *sql) {
    text_append_string(sql, "INSERT INTO ");
    text_append_quoted(sql, '"', span_of(shape->table));
    text_append_string(sql, " VALUES ");
    for (size_t i = 0; i < shape->column_count; i++) {
        text_append_string(sql, i == 0 ? "(?" : ", ?");
    }
    text_append_char(sql, ')');
}
