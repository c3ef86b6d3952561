#include "staging/row_lookup.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/interrupt.h"
#include "base/map.h"
#include "base/progress.h"

enum { LOOK_EVERY = 1024 /* rows */ };

struct wanted_table {
    size_t missing; /* of its rows that are wanted */
};

struct wanted_row {
    struct span content; /* null: not found yet */
};

struct row_lookup {
    struct arena arena;
    struct map tables; /* by name, to struct wanted_table */
    struct map rows;   /* by `table\nrow`, to struct wanted_row */
    struct text key;

    /* While it runs. */
    struct text json;
    struct progress progress;
    uint64_t seen;
};

struct row_lookup *row_lookup_create(struct error *error) {
    struct row_lookup *lookup = calloc(1, sizeof *lookup);
    if (lookup == NULL) {
        error_set_no_memory(error);
    }
    return lookup;
}

void row_lookup_free(struct row_lookup *lookup) {
    if (lookup != NULL) {
        map_free(&lookup->tables);
        map_free(&lookup->rows);
        arena_free(&lookup->arena);
        text_free(&lookup->key);
        text_free(&lookup->json);
        free(lookup);
    }
}

static void append_key(struct text *key, struct span table, struct span row) {
    text_append(key, table);
    text_append_char(key, '\n');
    text_append(key, row);
}

int row_lookup_want(struct row_lookup *lookup, struct span table, struct span row,
                    struct error *error) {
    text_clear(&lookup->key);
    append_key(&lookup->key, table, row);
    if (text_check(&lookup->key, error) != 0) {
        return -1;
    }
    if (map_find(&lookup->rows, text_span(&lookup->key)) != NULL) {
        return 0;
    }
    struct wanted_table *of =
        map_find_or_add(&lookup->tables, &lookup->arena, table, sizeof *of, error);
    if (of == NULL || map_find_or_add(&lookup->rows, &lookup->arena, text_span(&lookup->key),
                                      sizeof(struct wanted_row), error) == NULL) {
        return -1;
    }
    of->missing++;
    return 0;
}

struct span row_lookup_content(const struct row_lookup *lookup, struct span table,
                               struct span row) {
    if (lookup == NULL) {
        return (struct span){0};
    }
    struct text key = {0};
    append_key(&key, table, row);
    const struct wanted_row *wanted = map_find(&lookup->rows, text_span(&key));
    text_free(&key);
    return wanted == NULL ? span_of(NULL) : wanted->content;
}

static int see_row(struct row_lookup *lookup, struct error *error) {
    if (++lookup->seen % LOOK_EVERY != 0) {
        return 0;
    }
    progress_update(&lookup->progress, lookup->seen, NULL);
    return interrupt_requested()
               ? interrupt_set_error(error, " while the source rows were looked up")
               : 0;
}

/* Keeps the row at hand, where it is wanted and not found yet. */
static int look_at(struct row_lookup *lookup, struct wanted_table *wanted_table,
                   const struct table *table, const struct statement *row, struct error *error) {
    text_clear(&lookup->key);
    append_key(&lookup->key, span_of(table->name), span_of(""));
    staged_row_append_label(table, row, 0, &lookup->key);
    struct wanted_row *wanted = map_find(&lookup->rows, text_span(&lookup->key));
    if (wanted != NULL && span_is_null(wanted->content)) {
        text_clear(&lookup->json);
        staged_row_append_json(table, row, 0, &lookup->json);
        wanted->content = arena_copy(&lookup->arena, text_span(&lookup->json));
        wanted_table->missing--;
    }
    if (lookup->key.failed || lookup->json.failed || lookup->arena.failed) {
        return error_set_no_memory(error);
    }
    return see_row(lookup, error);
}

static int look_through(struct row_lookup *lookup, struct wanted_table *wanted,
                        const struct table *table, sqlite3 *database, struct error *error) {
    struct text sql = {0};
    struct statement rows = {0};
    text_append_string(&sql, "SELECT ");
    staged_row_append_columns(table, "t", &sql);
    text_append_format(&sql, " FROM \"%s\" t", table->name);
    int rc = statement_prepare_text(&rows, database, &sql, error);
    while (rc == 0 && wanted->missing > 0 && (rc = statement_step(&rows, error)) == 1) {
        rc = look_at(lookup, wanted, table, &rows, error);
    }
    statement_finalize(&rows);
    return rc;
}

int row_lookup_run(struct row_lookup *lookup, const struct staging *staging, struct error *error) {
    int rc = 0;
    lookup->seen = 0;
    progress_begin(&lookup->progress, "rows looked through", 0);
    for (size_t i = 0; i < map_count(&lookup->tables) && rc == 0; i++) {
        const struct table *table =
            staging_find_table(staging, map_key_at(&lookup->tables, i).data);
        if (table != NULL) {
            rc = look_through(lookup, map_value_at(&lookup->tables, i), table,
                              staging_database(staging), error);
        }
    }
    progress_end(&lookup->progress);
    return rc;
}
