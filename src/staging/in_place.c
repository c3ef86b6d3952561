/* The tables of a SQLite file, read where they are. */
#include <string.h>

#include "staging/staging_private.h"

/* The names by which SQLite knows the number of a row. A column of the same name hides one. */
static const char *const row_names[] = {NULL, "rowid", "_rowid_", "oid"};

/* Which of them is free, from 1; no row where the table has no such numbers. */
static const char row_name_sql[] =
    "SELECT n.place FROM pragma_table_list(?1) t,"
    "  (SELECT 1 AS place, 'rowid' AS name UNION ALL SELECT 2, '_rowid_'"
    "   UNION ALL SELECT 3, 'oid') n"
    " WHERE t.schema = 'main' AND t.type = 'table' AND NOT t.wr"
    " AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(?1, 'main') c"
    "                 WHERE c.name = n.name COLLATE NOCASE)"
    " ORDER BY n.place LIMIT 1";

/* NULL where the rows have no number. */
static int find_row_name(sqlite3 *database, const char *table, const char **name,
                         struct error *error) {
    struct statement statement;
    int64_t place;
    if (statement_prepare(&statement, database, row_name_sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&statement, 1, table);
    int rc = statement_read_once(&statement, 0, &place, error);
    *name = row_names[place];
    return rc;
}

static void append_copy_name(const struct shape *shape, struct text *out) {
    struct text name = {0};
    text_append_format(&name, "staging %s", shape->table);
    text_append_string(out, "temp.");
    text_append_quoted(out, '"', span_of(text_string(&name)));
    text_free(&name);
}

static void append_columns(const struct shape *shape, struct text *sql) {
    for (size_t i = 0; i < shape->column_count; i++) {
        text_append_string(sql, i == 0 ? "" : ", ");
        text_append_quoted(sql, '"', span_of(shape->source_columns[i]));
    }
}

/* `CREATE TABLE temp."staging users"(...); INSERT INTO ... SELECT ... FROM main."users"`, the
 * columns without types. */
static int copy_rows(sqlite3 *database, const struct shape *shape, struct error *error) {
    struct text sql = {0};
    text_append_string(&sql, "CREATE TABLE ");
    append_copy_name(shape, &sql);
    text_append_string(&sql, "(");
    append_columns(shape, &sql);
    text_append_string(&sql, "); INSERT INTO ");
    append_copy_name(shape, &sql);
    text_append_string(&sql, " SELECT ");
    append_columns(shape, &sql);
    text_append_string(&sql, " FROM main.");
    text_append_quoted(&sql, '"', span_of(shape->source_table));
    typed_view_append_where(shape_condition(shape), &sql);
    return statement_execute_text(database, &sql, error);
}

/* Where the table numbers its rows, the view reads the table itself; a view, a virtual table or a
 * table WITHOUT ROWID is copied into a TEMP table, as it is, so that each row keeps one number. */
static int view_in_place(struct staging *staging, struct table_entry *entry,
                         struct staged_table *table, struct error *error) {
    sqlite3 *database = staging->database;
    const struct shape *shape = &entry->shape;
    struct view_source *view = &table->view;
    struct text *place = &table->place;
    if (find_row_name(database, shape->source_table, &view->row, error) != 0) {
        return -1;
    }
    if (view->row != NULL) {
        text_append_string(place, "main.");
        text_append_quoted(place, '"', span_of(shape->source_table));
        view->condition = shape_condition(shape);
    } else if (copy_rows(database, shape, error) == 0) {
        view->row = row_names[1];
        append_copy_name(shape, place);
    } else {
        return -1;
    }
    view->place = text_string(place);
    view->columns = shape->source_columns;
    view->database = database;
    view->table = shape->source_table;
    return text_check(place, error);
}

/* A name with a dot in it is a table's own first, and then a schema, which SQLite does not have,
 * and a table (source.h). */
static int drop_schema(struct staging *staging, struct table_entry *entry,
                       struct staged_table *table, struct error *error) {
    const char *dot = strchr(entry->shape.source_table, '.');
    struct statement named;
    int64_t is_named;
    (void)table;
    if (dot == NULL) {
        return 0;
    }
    if (statement_prepare(&named, staging->database,
                          "SELECT 1 FROM pragma_table_list WHERE schema = 'main'"
                          " AND name = ?1 COLLATE NOCASE",
                          error) != 0) {
        return -1;
    }
    statement_bind_string(&named, 1, entry->shape.source_table);
    int rc = statement_read_once(&named, 0, &is_named, error);
    if (rc == 0 && !is_named) {
        entry->shape.source_table = dot + 1;
    }
    return rc;
}

int in_place_open(struct staging *staging, struct error *error) {
    return staging_each_table(staging, drop_schema, error) == 0
               ? staging_each_table(staging, view_in_place, error)
               : -1;
}

int in_place_count_left(const struct staging *staging, struct table_entry *entry,
                        struct error *error) {
    struct text sql = {0};
    int64_t all = 0;
    if (shape_condition(&entry->shape) == NULL) {
        return 0;
    }
    text_append_string(&sql, "SELECT COUNT(*) FROM main.");
    text_append_quoted(&sql, '"', span_of(entry->shape.source_table));
    int rc = text_check(&sql, error) == 0
                 ? statement_query_integer(staging->database, text_string(&sql), 0, &all, error)
                 : -1;
    entry->measure.left = all - entry->measure.rows;
    text_free(&sql);
    return rc;
}

static int drop_view(struct staging *staging, struct table_entry *entry, struct staged_table *table,
                     struct error *error) {
    struct text sql = {0};
    (void)table;
    text_append_string(&sql, "DROP VIEW IF EXISTS temp.");
    text_append_quoted(&sql, '"', span_of(entry->shape.declared->name));
    text_append_string(&sql, "; DROP TABLE IF EXISTS ");
    append_copy_name(&entry->shape, &sql);
    statement_execute_text(staging->database, &sql, error);
    return 0;
}

void in_place_close(struct staging *staging) {
    staging_each_table(staging, drop_view, NULL);
}
