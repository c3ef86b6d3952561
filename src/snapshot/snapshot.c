#include "snapshot/snapshot.h"

#include <string.h>

#include "base/interrupt.h"
#include "base/progress.h"
#include "snapshot/layout.h"

enum { LOOK_EVERY = 1024 /* rows */ };

struct taking {
    const struct snapshot_order *order;
    struct source *source;
    struct snapshot *snapshot;
    struct copy_file *file;
    const char *tables[SNAPSHOT_MOST_TABLES]; /* as the source knows them */
    int64_t counts[SNAPSHOT_MOST_TABLES];     /* as the source counts them */
    struct progress progress;
    uint64_t rows; /* seen so far */
};

static void warn(void *context, const char *text) {
    const struct taking *taking = context;
    taking->order->warn(taking->order->context, text);
}

static int see_row(void *context, struct error *error) {
    struct taking *taking = context;
    if (++taking->rows % LOOK_EVERY != 0) {
        return 0;
    }
    progress_update(&taking->progress, taking->rows, NULL);
    if (!interrupt_requested()) {
        return 0;
    }
    return error_set(error, ERROR_INTERRUPTED,
                     "stopped before %s was whole; nothing is left of it. Run the same command "
                     "again",
                     taking->order->path);
}

static int check_name(const struct snapshot *snapshot, struct error *error) {
    const char *name = text_string(&snapshot->tables[snapshot->table_count - 1].name);
    if (strcmp(name, "snapshot") == 0 || strncmp(name, "sqlite_", strlen("sqlite_")) == 0) {
        return error_set(error, ERROR_USAGE,
                         "--tables: a table with the name %s is the snapshot's own", name);
    }
    for (size_t i = 0; i + 1 < snapshot->table_count; i++) {
        if (strcmp(text_string(&snapshot->tables[i].name), name) == 0) {
            return error_set(error, ERROR_USAGE, "--tables: %s stands there twice", name);
        }
    }
    return 0;
}

static int add_table(struct taking *taking, const char *table, struct error *error) {
    struct snapshot *snapshot = taking->snapshot;
    if (snapshot->table_count == SNAPSHOT_MOST_TABLES) {
        return error_set(error, ERROR_USAGE, "--tables: at most %d", SNAPSHOT_MOST_TABLES);
    }
    struct text *name = &snapshot->tables[snapshot->table_count].name;
    taking->tables[snapshot->table_count++] = table;
    shape_append_table(table, name);
    return text_check(name, error) == 0 ? check_name(snapshot, error) : -1;
}

/* A table that may be missing is asked for before the source is held still: on some databases a
 * query that fails ends the transaction. The tables that must be there have been seen by then, so a
 * source that cannot be read at all is not taken for one that lacks the table. */
static int look_for_table(struct taking *taking, const struct layout_table *table,
                          struct error *error) {
    struct error missing = {0};
    int64_t count = 0;
    if (table_count(taking->source, table->name, " WHERE 1 = 0", &count, &missing) == 0) {
        return add_table(taking, table->name, error);
    }
    if (!table->is_optional) {
        *error = missing;
        return -1;
    }
    struct text text = {0};
    text_append_format(&text, "%s is left out: %s", table->name, missing.message);
    warn(taking, text_string(&text));
    text_free(&text);
    return 0;
}

static int look_for_tables(struct taking *taking, bool is_optional, struct error *error) {
    for (size_t i = 0; i < layout_table_count; i++) {
        if (layout_tables[i].is_optional == is_optional &&
            look_for_table(taking, &layout_tables[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int choose_tables(struct taking *taking, struct error *error) {
    if (taking->order->table_count == 0) {
        return look_for_tables(taking, false, error) == 0 ? look_for_tables(taking, true, error)
                                                          : -1;
    }
    for (size_t i = 0; i < taking->order->table_count; i++) {
        if (add_table(taking, taking->order->tables[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int hold_still(struct taking *taking, struct error *error) {
    struct text text = {0};
    if (source_hold_still(taking->source, &taking->snapshot->is_still, error) != 0) {
        return -1;
    }
    if (!taking->snapshot->is_still) {
        text_append_format(&text,
                           "%s cannot be held still: what others write meanwhile may be in one "
                           "table and not in another; take the snapshot while nobody writes",
                           source_name(taking->source));
        warn(taking, text_string(&text));
    }
    text_free(&text);
    return 0;
}

static int count_tables(struct taking *taking, uint64_t *total, struct error *error) {
    *total = 0;
    for (size_t i = 0; i < taking->snapshot->table_count; i++) {
        if (table_count(taking->source, taking->tables[i], "", &taking->counts[i], error) != 0) {
            return -1;
        }
        *total += (uint64_t)taking->counts[i];
    }
    return 0;
}

static int check_count(const struct taking *taking, size_t position, struct error *error) {
    const struct snapshot_table *table = &taking->snapshot->tables[position];
    if (table->sum.rows == taking->counts[position]) {
        return 0;
    }
    return error_set(error, ERROR_SOURCE,
                     "%s: the database counts %lld rows and gives %lld: somebody is writing into "
                     "it. Run the same command again while nobody does",
                     taking->tables[position], (long long)taking->counts[position],
                     (long long)table->sum.rows);
}

static int copy_tables(struct taking *taking, const struct table_watch *watch,
                       struct error *error) {
    struct snapshot *snapshot = taking->snapshot;
    for (size_t i = 0; i < snapshot->table_count; i++) {
        if (table_copy(taking->source, taking->tables[i], taking->file, watch,
                       &snapshot->tables[i].sum, error) != 0 ||
            check_count(taking, i, error) != 0) {
            return -1;
        }
        snapshot->rows += snapshot->tables[i].sum.rows;
    }
    return 0;
}

static int note_tables(const struct taking *taking, struct error *error) {
    const struct snapshot *snapshot = taking->snapshot;
    for (size_t i = 0; i < snapshot->table_count; i++) {
        struct copy_note note = {.table = text_string(&snapshot->tables[i].name),
                                 .rows = snapshot->tables[i].sum.rows,
                                 .checksum = snapshot->tables[i].sum.checksum,
                                 .source = source_name(taking->source),
                                 .taken = snapshot->taken,
                                 .is_still = snapshot->is_still};
        if (copy_file_note(taking->file, &note, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_table(const struct taking *taking, const struct snapshot_table *table,
                       struct source *copy, const struct table_watch *watch, struct error *error) {
    struct table_sum sum;
    if (table_read_back(copy, text_string(&table->name), watch, &sum, error) != 0) {
        return -1;
    }
    if (sum.rows == table->sum.rows && strcmp(sum.checksum, table->sum.checksum) == 0) {
        return 0;
    }
    return error_set(error, ERROR_DISK,
                     "%s: the table %s is not read back as it was written: %lld rows of %lld, "
                     "checksum %s instead of %s. Check the disk and the memory of this machine",
                     copy_file_partial_path(taking->file), text_string(&table->name),
                     (long long)sum.rows, (long long)table->sum.rows, sum.checksum,
                     table->sum.checksum);
}

/* By the door through which a plan would read it. */
static int check_tables(struct taking *taking, const struct table_watch *watch,
                        struct error *error) {
    struct text url = {0};
    struct source *copy = NULL;
    text_append_format(&url, "sqlite:%s", copy_file_partial_path(taking->file));
    if (text_check(&url, error) == 0) {
        copy = source_open(text_string(&url), NULL, error);
    }
    text_free(&url);
    int rc = copy == NULL ? -1 : 0;
    for (size_t i = 0; i < taking->snapshot->table_count && rc == 0; i++) {
        rc = check_table(taking, &taking->snapshot->tables[i], copy, watch, error);
    }
    source_close(copy);
    return rc;
}

/* One of the two ways of the rows, with a progress line. */
static int go(struct taking *taking, const char *label, uint64_t total,
              int (*way)(struct taking *, const struct table_watch *, struct error *),
              struct error *error) {
    const struct table_watch watch = {.context = taking, .see_row = see_row, .warn = warn};
    taking->rows = 0;
    progress_begin(&taking->progress, label, total);
    int rc = way(taking, &watch, error);
    progress_update(&taking->progress, taking->rows, NULL);
    progress_end(&taking->progress);
    return rc;
}

static int fill_file(struct taking *taking, struct error *error) {
    uint64_t total = 0;
    if (choose_tables(taking, error) != 0 || hold_still(taking, error) != 0) {
        return -1;
    }
    date_format_moment(date_now(), taking->snapshot->taken);
    if (count_tables(taking, &total, error) != 0 ||
        go(taking, "rows copied", total, copy_tables, error) != 0 ||
        note_tables(taking, error) != 0 || copy_file_seal(taking->file, error) != 0) {
        return -1;
    }
    return go(taking, "rows checked", total, check_tables, error);
}

int snapshot_take(const struct snapshot_order *order, struct source *source,
                  struct snapshot *snapshot, struct error *error) {
    struct taking taking = {.order = order, .source = source, .snapshot = snapshot};
    memset(snapshot, 0, sizeof *snapshot);
    taking.file = copy_file_create(order->path, order->existing, error);
    if (taking.file == NULL) {
        return -1;
    }
    if (fill_file(&taking, error) != 0) {
        copy_file_discard(taking.file);
        return -1;
    }
    return copy_file_publish(taking.file, error);
}

void snapshot_free(struct snapshot *snapshot) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        text_free(&snapshot->tables[i].name);
    }
}
