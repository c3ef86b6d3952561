#include "delivery/row_lookup.h"

#include <stdlib.h>

#include "base/interrupt.h"
#include "base/map.h"
#include "base/progress.h"

enum { LOOK_EVERY = 1024 /* rows */ };

struct wanted_row {
    struct span content; /* null: not found yet */
};

struct row_lookup {
    struct arena arena;
    struct map rows; /* by `query\nrow`, to struct wanted_row */
    size_t missing;
    struct text key;

    /* While it runs. */
    struct map queries; /* the names, in the order of their numbers from 1 */
    struct progress progress;
    uint64_t seen;
    bool is_done;
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
        map_free(&lookup->rows);
        map_free(&lookup->queries);
        arena_free(&lookup->arena);
        text_free(&lookup->key);
        free(lookup);
    }
}

static void append_key(struct text *key, struct span query, struct span row) {
    text_append(key, query);
    text_append_char(key, '\n');
    text_append(key, row);
}

int row_lookup_want(struct row_lookup *lookup, struct span query, struct span row,
                    struct error *error) {
    text_clear(&lookup->key);
    append_key(&lookup->key, query, row);
    if (text_check(&lookup->key, error) != 0) {
        return -1;
    }
    if (map_find(&lookup->rows, text_span(&lookup->key)) != NULL) {
        return 0;
    }
    struct wanted_row *wanted = arena_allocate(&lookup->arena, sizeof *wanted);
    if (wanted == NULL || map_put(&lookup->rows, text_span(&lookup->key), wanted) != 0) {
        return error_set_no_memory(error);
    }
    *wanted = (struct wanted_row){0};
    lookup->missing++;
    return 0;
}

struct span row_lookup_content(const struct row_lookup *lookup, struct span query,
                               struct span row) {
    if (lookup == NULL) {
        return (struct span){0};
    }
    struct text key = {0};
    append_key(&key, query, row);
    const struct wanted_row *wanted = map_find(&lookup->rows, text_span(&key));
    text_free(&key);
    struct span content = {0};
    if (wanted != NULL) {
        content = wanted->content;
    }
    return content;
}

/* The row of a query that is wanted and not found yet, or NULL. */
static struct wanted_row *find_wanted(struct row_lookup *lookup, struct row_reference row) {
    text_clear(&lookup->key);
    append_key(&lookup->key, map_key_at(&lookup->queries, (size_t)row.query - 1), row.row);
    struct wanted_row *wanted = map_find(&lookup->rows, text_span(&lookup->key));
    return wanted != NULL && span_is_null(wanted->content) ? wanted : NULL;
}

static int begin_query(void *context, size_t kind, const char *name, const char *sql, int *query,
                       struct error *error) {
    struct row_lookup *lookup = context;
    (void)kind;
    (void)sql;
    if (map_put(&lookup->queries, span_of(name), lookup) != 0) {
        return error_set_no_memory(error);
    }
    *query = (int)map_count(&lookup->queries);
    return 0;
}

static int end_query(void *context, int query, int64_t rows_read, struct error *error) {
    (void)context;
    (void)query;
    (void)rows_read;
    (void)error;
    return 0;
}

static bool wants_content(void *context, struct row_reference row) {
    return find_wanted(context, row) != NULL;
}

/* With the last row that is wanted the reading is ended by an error that nobody sees. */
static int give_content(void *context, struct row_reference row, struct span content,
                        struct error *error) {
    struct row_lookup *lookup = context;
    struct wanted_row *wanted = find_wanted(lookup, row);
    if (wanted != NULL) {
        wanted->content = arena_copy(&lookup->arena, content);
        lookup->missing--;
    }
    if (lookup->arena.failed) {
        return error_set_no_memory(error);
    }
    if (lookup->missing == 0) {
        lookup->is_done = true;
        return error_set(error, ERROR_INTERNAL, "every row is found");
    }
    return 0;
}

static int see_row(struct row_lookup *lookup, struct error *error) {
    if (++lookup->seen % LOOK_EVERY != 0) {
        return 0;
    }
    progress_update(&lookup->progress, lookup->seen, NULL);
    return interrupt_requested()
               ? error_set(error, ERROR_INTERRUPTED, "stopped while the source rows were looked up")
               : 0;
}

static int use_row(void *context, struct row_reference row, int64_t document, struct error *error) {
    (void)row;
    (void)document;
    return see_row(context, error);
}

static int skip_row(void *context, struct row_reference row, const char *rule, struct span content,
                    struct error *error) {
    (void)rule;
    return see_row(context, error) == 0 ? give_content(context, row, content, error) : -1;
}

static int reject_row(void *context, struct row_reference row, struct span reason,
                      struct span content, struct error *error) {
    (void)reason;
    return see_row(context, error) == 0 ? give_content(context, row, content, error) : -1;
}

static int add_document(void *context, const struct document *document, int64_t *id,
                        struct error *error) {
    (void)context;
    (void)document;
    (void)error;
    *id = 1;
    return 0;
}

static int count_correction(void *context, size_t kind, const char *correction, int64_t times,
                            struct error *error) {
    (void)context;
    (void)kind;
    (void)correction;
    (void)times;
    (void)error;
    return 0;
}

static int warn(void *context, size_t kind, struct span key, struct span text,
                struct error *error) {
    (void)context;
    (void)kind;
    (void)key;
    (void)text;
    (void)error;
    return 0;
}

static int tell_lookup(void *context, const struct person_lookup *person, struct error *error) {
    (void)context;
    (void)person;
    (void)error;
    return 0;
}

int row_lookup_run(struct row_lookup *lookup, const struct migration *migration,
                   const struct migration_settings *settings, struct source *source,
                   struct error *error) {
    struct migration_sink sink = {.context = lookup,
                                  .begin_query = begin_query,
                                  .end_query = end_query,
                                  .add_document = add_document,
                                  .use_row = use_row,
                                  .skip_row = skip_row,
                                  .reject_row = reject_row,
                                  .count_correction = count_correction,
                                  .wants_content = wants_content,
                                  .give_content = give_content,
                                  .warn = warn,
                                  .tell_lookup = tell_lookup};
    if (lookup->missing == 0) {
        return 0;
    }
    map_free(&lookup->queries);
    lookup->queries = (struct map){0};
    lookup->seen = 0;
    progress_begin(&lookup->progress, "rows looked through", 0);
    int rc = migration->plan(settings, source, &sink, error);
    progress_end(&lookup->progress);
    return lookup->is_done ? 0 : rc;
}
