#include "staging/staging.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/interrupt.h"
#include "staging/table_set_private.h"
#include "staging/typed_view_private.h"

enum { INSTRUCTIONS_BETWEEN_LOOKS = 100000 /* of SQLite's: some milliseconds */ };

struct staged_table {
    struct view_source view;
    struct text place; /* holds what the view's source borrows */
    int64_t padded;    /* rows with a word or a key that ends in blanks */
};

struct staging {
    struct table_set set;
    struct staged_table *tables; /* one for each entry of the set */
    struct staged_file *file;    /* NULL: the source is read in place */
    sqlite3 *database;
    bool is_kept; /* the file becomes a snapshot */
    char taken[DATE_MOMENT_SIZE];
    struct statement_explainer explainer;
    struct typed_functions functions;
    bool (*is_over)(void *context);
    void *watch_context;
};

/* statement_fail() reports a file's own failures. */
static int explain(void *context, struct error *error) {
    struct staging *staging = context;
    if (sqlite3_errcode(staging->database) == SQLITE_INTERRUPT && !interrupt_requested()) {
        return -1;
    }
    if (sqlite3_errcode(staging->database) == SQLITE_INTERRUPT) {
        error_set(error, ERROR_INTERRUPTED,
                  "stopped while the rows of %s were read. Run the same command again",
                  source_name(staging->set.source));
        return 0;
    }
    if (staging->file != NULL) {
        return -1;
    }
    source_explain_sqlite(staging->set.source, error);
    return 0;
}

static int look_for_interrupt(void *context) {
    const struct staging *staging = context;
    return interrupt_requested() ||
           (staging->is_over != NULL && staging->is_over(staging->watch_context));
}

/* Calls `visit` for each table that the source has, until it fails. */
static int for_each_table(struct staging *staging,
                          int (*visit)(struct staging *, struct table_entry *,
                                       struct staged_table *, struct error *),
                          struct error *error) {
    for (size_t i = 0; i < staging->set.count; i++) {
        struct table_entry *entry = &staging->set.entries[i];
        if (entry->shape.table != NULL && visit(staging, entry, &staging->tables[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int connect_to(struct staging *staging, sqlite3 *database, enum staging_padding padding,
                      struct error *error) {
    staging->database = database;
    staging->explainer =
        (struct statement_explainer){.database = database, .explain = explain, .context = staging};
    statement_add_explainer(&staging->explainer);
    sqlite3_progress_handler(database, INSTRUCTIONS_BETWEEN_LOOKS, look_for_interrupt, staging);
    return typed_functions_register(&staging->functions, database, padding, error);
}

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
    if (statement_prepare(&statement, database, row_name_sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&statement, 1, table);
    int rc = statement_step(&statement, error);
    *name = rc == 1 ? row_names[statement_integer(&statement, 0)] : NULL;
    statement_finalize(&statement);
    return rc < 0 ? -1 : 0;
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

static int read_in_place(struct staging *staging, const struct staging_settings *settings,
                         struct error *error) {
    return connect_to(staging, source_sqlite(staging->set.source), settings->padding, error) == 0
               ? for_each_table(staging, view_in_place, error)
               : -1;
}

/* A view reads a staged table by the names that it was given. */
static int view_copy(struct staging *staging, struct table_entry *entry, struct staged_table *table,
                     struct error *error) {
    struct shape *shape = &entry->shape;
    const char **names = arena_allocate(&shape->names, (shape->column_count + 1) * sizeof *names);
    size_t read = 0;
    (void)staging;
    for (size_t i = 0; names != NULL && i < shape->column_count; i++) {
        const struct table_column *declared = shape->columns[i].declared;
        if (declared != NULL && declared->need == COLUMN_READ) {
            names[read++] = shape->columns[i].name;
        }
    }
    text_append_string(&table->place, "main.");
    text_append_quoted(&table->place, '"', span_of(shape->table));
    table->view =
        (struct view_source){.place = text_string(&table->place), .row = "rowid", .columns = names};
    return names == NULL ? error_set_no_memory(error) : text_check(&table->place, error);
}

static int copy(struct staging *staging, const struct staging_settings *settings,
                struct error *error) {
    struct table_set *set = &staging->set;
    date_format_moment(date_now(), staging->taken);
    staging->is_kept = settings->keep != NULL;
    staging->file = staging->is_kept
                        ? staged_file_create(settings->keep, SNAPSHOT_REFUSE_EXISTING, error)
                        : staged_file_create_nameless(settings->beside, error);
    if (staging->file == NULL || table_set_measure(set, error) != 0 ||
        table_set_copy(set, staging->file, staging->is_kept ? TABLE_SUMS_MADE : TABLE_SUMS_SPARED,
                       error) != 0 ||
        connect_to(staging, staged_file_database(staging->file), settings->padding, error) != 0) {
        return -1;
    }
    return for_each_table(staging, view_copy, error);
}

static int create_view(struct staging *staging, struct table_entry *entry,
                       struct staged_table *table, struct error *error) {
    struct text sql = {0};
    typed_view_append_create(entry->shape.declared, &table->view, &sql);
    return statement_execute_text(staging->database, &sql, error);
}

/* The rows of a table that is read in place and that its condition leaves there. */
static int count_left(const struct staging *staging, struct table_entry *entry,
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

/* Two counts by one reading, row by row, which the user may stop. */
static int count_table(struct staging *staging, struct table_entry *entry,
                       struct staged_table *table, struct error *error) {
    struct text sql = {0};
    struct statement count = {0};
    text_append_string(&sql, "SELECT COUNT(*), COUNT(CASE WHEN ");
    typed_view_append_is_padded(entry->shape.declared, &table->view, &sql);
    text_append_format(&sql, " THEN 1 END) FROM %s", table->view.place);
    typed_view_append_where(table->view.condition, &sql);
    int rc = statement_prepare_text(&count, staging->database, &sql, error);
    if (rc == 0 && (rc = statement_step(&count, error)) == 1) {
        table->padded = statement_integer(&count, 1);
        if (staging->file == NULL) {
            entry->measure.rows = statement_integer(&count, 0);
        }
        rc = 0;
    }
    statement_finalize(&count);
    if (rc == 0 && staging->file == NULL) {
        rc = count_left(staging, entry, error);
    }
    return rc == 0 ? 0 : error_add_context(error, "table %s", entry->shape.source_table);
}

static int stage(struct staging *staging, const struct staging_settings *settings,
                 struct error *error) {
    bool is_in_place = source_sqlite(staging->set.source) != NULL && settings->keep == NULL;
    struct table_choice choice = {.tables = settings->tables,
                                  .table_count = settings->table_count,
                                  .schema = is_in_place ? NULL : settings->schema,
                                  .extent = settings->keep == NULL ? SHAPE_READ_COLUMNS
                                                                   : SHAPE_ALL_COLUMNS};
    if (table_set_open(&staging->set, &choice, error) != 0) {
        return -1;
    }
    staging->tables = calloc(staging->set.count + 1, sizeof *staging->tables);
    if (staging->tables == NULL) {
        return error_set_no_memory(error);
    }
    int rc = is_in_place ? read_in_place(staging, settings, error) : copy(staging, settings, error);
    return rc == 0 && for_each_table(staging, create_view, error) == 0
               ? for_each_table(staging, count_table, error)
               : -1;
}

struct staging *staging_open(struct source *source, const struct staging_settings *settings,
                             struct error *error) {
    struct staging *staging = calloc(1, sizeof *staging);
    if (staging == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    staging->set.source = source;
    if (stage(staging, settings, error) != 0) {
        staging_close(staging);
        return NULL;
    }
    return staging;
}

/* The connection is the source's again, as it was. */
static int drop_view(struct staging *staging, struct table_entry *entry, struct staged_table *table,
                     struct error *error) {
    struct text sql = {0};
    (void)table;
    text_append_string(&sql, "DROP VIEW IF EXISTS temp.");
    text_append_quoted(&sql, '"', span_of(entry->shape.table));
    text_append_string(&sql, "; DROP TABLE IF EXISTS ");
    append_copy_name(&entry->shape, &sql);
    statement_execute_text(staging->database, &sql, error);
    return 0;
}

static void disconnect(struct staging *staging) {
    sqlite3_progress_handler(staging->database, 0, NULL, NULL);
    if (staging->file == NULL) {
        for_each_table(staging, drop_view, NULL);
    }
    typed_functions_remove(&staging->functions, staging->database);
    statement_remove_explainer(&staging->explainer);
}

void staging_close(struct staging *staging) {
    if (staging == NULL) {
        return;
    }
    if (staging->database != NULL) {
        disconnect(staging);
    }
    for (size_t i = 0; staging->tables != NULL && i < staging->set.count; i++) {
        text_free(&staging->tables[i].place);
    }
    free(staging->tables);
    staged_file_close(staging->file);
    table_set_close(&staging->set);
    free(staging);
}

sqlite3 *staging_database(const struct staging *staging) {
    return staging->database;
}

/* The place of a table among the entries, or -1 where it is not there. */
static ptrdiff_t find_entry(const struct staging *staging, const char *name) {
    for (size_t i = 0; i < staging->set.count; i++) {
        const char *table = staging->set.entries[i].shape.table;
        if (table != NULL && strcmp(table, name) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

void staging_watch(struct staging *staging, bool (*is_over)(void *context), void *context) {
    staging->is_over = is_over;
    staging->watch_context = context;
}

int staging_list_columns(struct staging *staging, const char *table,
                         int (*take)(void *context, const struct source_column *column,
                                     struct error *error),
                         void *context, struct error *error) {
    ptrdiff_t entry = find_entry(staging, table);
    return entry < 0 ? error_set(error, ERROR_INTERNAL, "the table %s is not staged", table)
                     : source_list_columns(staging->set.source,
                                           staging->set.entries[entry].shape.source_table, take,
                                           context, error);
}

const struct table *staging_find_table(const struct staging *staging, const char *name) {
    ptrdiff_t entry = find_entry(staging, name);
    return entry < 0 ? NULL : staging->set.entries[entry].shape.declared;
}

int64_t staging_count_rows(const struct staging *staging, const char *table) {
    ptrdiff_t entry = find_entry(staging, table);
    return entry < 0 ? 0 : staging->set.entries[entry].measure.rows;
}

int64_t staging_count_left(const struct staging *staging, const char *table) {
    ptrdiff_t entry = find_entry(staging, table);
    return entry < 0 ? 0 : staging->set.entries[entry].measure.left;
}

int64_t staging_count_padded_rows(const struct staging *staging, const char *table) {
    ptrdiff_t entry = find_entry(staging, table);
    return entry < 0 ? 0 : staging->tables[entry].padded;
}

int staging_finish(struct staging *staging, bool *is_one_moment, struct error *error) {
    if (table_set_finish(&staging->set, error) != 0) {
        return -1;
    }
    *is_one_moment = staging->set.is_one_moment;
    if (!staging->is_kept) {
        return 0;
    }
    staging->is_kept = false;
    return table_set_seal(&staging->set, staging->file, staging->taken, error) == 0
               ? staged_file_publish(staging->file, error)
               : -1;
}
