#include "staging/table_set_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/interrupt.h"

enum { LOOK_EVERY = 1024 /* rows */ };

int table_set_see_row(struct table_set *set, struct error *error) {
    if (++set->rows % LOOK_EVERY != 0) {
        return 0;
    }
    progress_update(&set->progress, set->rows, NULL);
    return interrupt_requested() ? error_set(error, ERROR_INTERRUPTED,
                                             "stopped before all rows of %s were read; nothing is "
                                             "left of them. Run the same command again",
                                             source_name(set->source))
                                 : 0;
}

static bool is_there(const struct table_entry *entry) {
    return entry->shape.table != NULL;
}

static int ignore_column(void *context, const struct source_column *column, struct error *error) {
    (void)context;
    (void)column;
    (void)error;
    return 0;
}

/* A table that may be missing is asked for before the reading begins: on some databases a query
 * that fails ends the transaction. 1: it is there; 0: it is not, which is reported; -1: the
 * error. */
static int look_for(struct table_set *set, const char *name, struct error *error) {
    struct error missing = {0};
    if (source_list_columns(set->source, name, ignore_column, NULL, &missing) == 0) {
        return 1;
    }
    if (missing.code != ERROR_USAGE) {
        *error = missing;
        return -1;
    }
    if (set->warn != NULL) {
        struct text text = {0};
        text_append_format(&text, "%s is left out: %s", name, missing.message);
        set->warn(set->warn_context, text_string(&text));
        text_free(&text);
    }
    return 0;
}

static int find_qualified(struct table_set *set, struct table_entry *entry,
                          const struct table_choice *choice, const char *name,
                          const struct table *declared, struct error *error) {
    int found = declared != NULL && declared->is_optional && choice->names == NULL
                    ? look_for(set, name, error)
                    : 1;
    if (found <= 0) {
        return found;
    }
    return shape_make(&entry->shape, set->source, name, declared, choice->extent, error);
}

static int find_table(struct table_set *set, struct table_entry *entry,
                      const struct table_choice *choice, const char *name,
                      const struct table *declared, struct error *error) {
    struct text qualified = {0};
    if (choice->schema != NULL && strchr(name, '.') == NULL) {
        text_append_format(&qualified, "%s.", choice->schema);
    }
    text_append_string(&qualified, name);
    int rc = text_check(&qualified, error);
    if (rc == 0) {
        rc = find_qualified(set, entry, choice, text_string(&qualified), declared, error);
    }
    text_free(&qualified);
    return rc;
}

static const char *source_name_of(const struct table *table) {
    return table->source == NULL ? table->name : table->source;
}

static int find_tables(struct table_set *set, const struct table_choice *choice,
                       struct error *error) {
    for (size_t i = 0; i < set->count; i++) {
        const struct table *declared =
            choice->names == NULL
                ? &choice->tables[i]
                : shape_find_declared(choice->tables, choice->table_count, choice->names[i]);
        const char *name = choice->names != NULL ? choice->names[i] : source_name_of(declared);
        if (find_table(set, &set->entries[i], choice, name, declared, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int table_set_open(struct table_set *set, const struct table_choice *choice, struct error *error) {
    set->count = choice->names == NULL ? choice->table_count : choice->name_count;
    set->entries = calloc(set->count + 1, sizeof *set->entries);
    if (set->entries == NULL) {
        return error_set_no_memory(error);
    }
    if (find_tables(set, choice, error) != 0 ||
        source_begin_read_transaction(set->source, &set->is_one_moment, error) != 0) {
        return -1;
    }
    set->is_reading = true;
    return 0;
}

/* The rows that the condition leaves at the source are counted by it, too. */
static int measure_left(struct table_set *set, const struct shape *shape,
                        struct table_measure *measure, struct error *error) {
    int64_t all = measure->rows;
    if (shape_condition(shape) != NULL &&
        source_measure_table(set->source, shape->source_table, NULL, 0, NULL, &all, NULL, error) !=
            0) {
        return -1;
    }
    measure->left = all - measure->rows;
    return 0;
}

int table_set_measure(struct table_set *set, struct error *error) {
    for (size_t i = 0; i < set->count; i++) {
        struct shape *shape = &set->entries[i].shape;
        struct table_measure *measure = &set->entries[i].measure;
        if (!is_there(&set->entries[i])) {
            continue;
        }
        measure->bytes =
            arena_allocate(&shape->names, (shape->column_count + 1) * sizeof *measure->bytes);
        if (measure->bytes == NULL) {
            return error_set_no_memory(error);
        }
        if (source_measure_table(set->source, shape->source_table, shape->source_columns,
                                 shape->column_count, shape_condition(shape), &measure->rows,
                                 measure->bytes, error) != 0 ||
            measure_left(set, shape, measure, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static uint64_t count_all(const struct table_set *set) {
    uint64_t total = 0;
    for (size_t i = 0; i < set->count; i++) {
        total += (uint64_t)set->entries[i].measure.rows;
    }
    return total;
}

static void begin_progress(struct table_set *set, const char *label) {
    set->rows = 0;
    progress_begin(&set->progress, label, count_all(set));
}

static void end_progress(struct table_set *set) {
    progress_update(&set->progress, set->rows, NULL);
    progress_end(&set->progress);
}

int table_set_copy(struct table_set *set, struct staged_file *file, enum table_sums sums,
                   struct error *error) {
    int rc = 0;
    begin_progress(set, "rows copied");
    for (size_t i = 0; i < set->count && rc == 0; i++) {
        if (is_there(&set->entries[i])) {
            rc = table_copy(set, &set->entries[i], file, sums, error);
        }
    }
    end_progress(set);
    return rc == 0 ? staged_file_commit(file, error) : -1;
}

static int note_tables(const struct table_set *set, struct staged_file *file, const char *taken,
                       struct error *error) {
    for (size_t i = 0; i < set->count; i++) {
        const struct table_entry *entry = &set->entries[i];
        struct staged_note note = {.table = entry->shape.table,
                                   .rows = entry->sum.rows,
                                   .checksum = entry->sum.checksum,
                                   .source = source_name(set->source),
                                   .taken = taken,
                                   .is_one_moment = set->is_one_moment};
        if (is_there(entry) && staged_file_note(file, &note, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_table(struct table_set *set, const struct table_entry *entry, struct source *copy,
                       struct error *error) {
    struct table_sum sum;
    if (table_read_back(set, copy, entry->shape.table, &sum, error) != 0) {
        return -1;
    }
    if (sum.rows == entry->sum.rows && strcmp(sum.checksum, entry->sum.checksum) == 0) {
        return 0;
    }
    return error_set(error, ERROR_DISK,
                     "%s: the table %s is not read back as it was written: %lld rows of %lld, "
                     "checksum %s instead of %s. Check the disk and the memory of this machine",
                     source_name(copy), entry->shape.table, (long long)sum.rows,
                     (long long)entry->sum.rows, sum.checksum, entry->sum.checksum);
}

/* By the way in which a plan would read it. */
static int check_tables(struct table_set *set, const char *path, struct error *error) {
    struct text url = {0};
    struct source *copy = NULL;
    text_append_format(&url, "sqlite:%s", path);
    if (text_check(&url, error) == 0) {
        copy = source_open(text_string(&url), NULL, error);
    }
    text_free(&url);
    int rc = copy == NULL ? -1 : 0;
    begin_progress(set, "rows checked");
    for (size_t i = 0; i < set->count && rc == 0; i++) {
        if (is_there(&set->entries[i])) {
            rc = check_table(set, &set->entries[i], copy, error);
        }
    }
    end_progress(set);
    source_close(copy);
    return rc;
}

int table_set_seal(struct table_set *set, struct staged_file *file, const char *taken,
                   struct error *error) {
    return note_tables(set, file, taken, error) == 0 && staged_file_seal(file, error) == 0
               ? check_tables(set, staged_file_partial_path(file), error)
               : -1;
}

int table_set_finish(struct table_set *set, struct error *error) {
    if (!set->is_reading) {
        return 0;
    }
    set->is_reading = false;
    return source_end_read_transaction(set->source, error);
}

void table_set_close(struct table_set *set) {
    table_set_finish(set, NULL);
    for (size_t i = 0; set->entries != NULL && i < set->count; i++) {
        shape_free(&set->entries[i].shape);
    }
    free(set->entries);
    set->entries = NULL;
}
