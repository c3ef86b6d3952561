#include <string.h>

#include "source/table_private.h"

enum { NAMES_SHOWN = 40 };

void table_place_free(struct table_place *place) {
    name_list_free(&place->tables);
    name_list_free(&place->columns);
}

static int list_places(struct source *source, const char *schema, struct name_list *tables,
                       struct error *error) {
    return name_list_ask(source, source->catalog->tables, schema, NULL, PLACE_WIDTH, tables, error);
}

static const char *default_schema(const struct source *source) {
    return source->schema.length == 0 ? NULL : text_string(&source->schema);
}

int table_place_list(struct source *source, struct name_list *tables, struct error *error) {
    return list_places(source, default_schema(source), tables, error);
}

/* How well a name fits what was asked for: 0 not at all, 1 but for its case, 2 exactly. */
static int fit_of(const char *name, const char *asked) {
    if (asked == NULL || strcmp(name, asked) == 0) {
        return 2;
    }
    return span_equal_ignoring_ascii_case(span_of(name), span_of(asked)) ? 1 : 0;
}

/* The best of several names, and another that fits as well. */
struct choice {
    int fit;
    size_t best;
    size_t twin; /* 0: there is none */
};

static void consider(struct choice *choice, size_t row, int fit) {
    if (fit > choice->fit) {
        *choice = (struct choice){.fit = fit, .best = row};
    } else if (fit > 0 && fit == choice->fit) {
        choice->twin = row;
    }
}

/* The schema counts before the table. */
static int place_fit(const struct name_list *tables, size_t row, const char *schema,
                     const char *table) {
    int of_schema = fit_of(name_list_cell(tables, row, PLACE_SCHEMA), schema);
    int of_table = fit_of(name_list_cell(tables, row, PLACE_TABLE), table);
    return of_schema == 0 || of_table == 0 ? 0 : of_schema * 2 + of_table;
}

/* A name that may be several is refused: it is not clear which one is meant. */
static int check_choice(const struct source *source, const struct choice *choice,
                        const struct name_list *list, size_t column, const char *asked,
                        struct error *error) {
    if (choice->twin == 0) {
        return 0;
    }
    return error_set(error, ERROR_USAGE,
                     "%s: %s may be \"%s\" or \"%s\"; write the one that is meant exactly so",
                     source_name(source), asked, name_list_cell(list, choice->best, column),
                     name_list_cell(list, choice->twin, column));
}

/* 1: found; 0: it is not there. */
static int find_place(const struct source *source, const char *schema, const char *table,
                      struct table_place *place, struct error *error) {
    const struct name_list *tables = &place->tables;
    const char *wanted = source->catalog->has_schemas ? schema : NULL;
    struct choice choice = {0};
    for (size_t i = 0; i < tables->count; i++) {
        consider(&choice, i, place_fit(tables, i, wanted, table));
    }
    if (check_choice(source, &choice, tables, PLACE_TABLE, table, error) != 0) {
        return -1;
    }
    if (choice.fit > 0) {
        place->schema = name_list_cell(tables, choice.best, PLACE_SCHEMA);
        place->name = name_list_cell(tables, choice.best, PLACE_TABLE);
    }
    return choice.fit > 0 ? 1 : 0;
}

static void append_names(const struct name_list *list, size_t column, struct text *out) {
    for (size_t i = 0; i < list->count && i < NAMES_SHOWN; i++) {
        text_append_format(out, "%s%s", i == 0 ? "" : ", ", name_list_cell(list, i, column));
    }
    if (list->count > NAMES_SHOWN) {
        text_append_format(out, " and %zu more", list->count - NAMES_SHOWN);
    }
}

static void append_schemas(struct source *source, struct text *message) {
    struct name_list schemas = {0};
    const char *question = source->catalog->schemas;
    if (name_list_ask(source, question, NULL, NULL, 1, &schemas, NULL) == 0 && schemas.count > 0) {
        text_append_string(message, "; --schema names another: ");
        append_names(&schemas, 0, message);
    }
    name_list_free(&schemas);
}

static int refuse_table(struct source *source, const char *schema, const char *table,
                        const struct name_list *tables, struct error *error) {
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
    return source_fail(ERROR_USAGE, &message, error);
}

/* The part after the first dot of a name; the schema before it is copied. NULL: no dot. */
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
        name_list_free(&place->tables);
        place->tables = (struct name_list){0};
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

int table_place_open(struct source *source, const char *name, struct table_place *place,
                     struct error *error) {
    return find_table(source, name, place, error) != 0
               ? -1
               : name_list_ask(source, source->catalog->columns, place->schema, place->name,
                               COLUMN_WIDTH, &place->columns, error);
}

static int refuse_column(const struct source *source, const struct table_place *place,
                         const char *name, struct error *error) {
    struct text message = {0};
    text_append_format(&message, "%s: table %s has no column %s; it has: ", source_name(source),
                       place->name, name);
    append_names(&place->columns, COLUMN_NAME, &message);
    return source_fail(ERROR_USAGE, &message, error);
}

int table_place_find_column(const struct source *source, const struct table_place *place,
                            const char *name, size_t *column, struct error *error) {
    const struct name_list *columns = &place->columns;
    struct choice choice = {0};
    for (size_t i = 0; i < columns->count; i++) {
        consider(&choice, i, fit_of(name_list_cell(columns, i, COLUMN_NAME), name));
    }
    *column = choice.best;
    return choice.fit == 0 ? refuse_column(source, place, name, error)
                           : check_choice(source, &choice, columns, COLUMN_NAME, name, error);
}
