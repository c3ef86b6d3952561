#include "staging/snapshot.h"

#include <string.h>

#include "base/map.h"
#include "staging/table_set_private.h"

static int check_own(const char *name, struct error *error) {
    bool is_own = strcmp(name, "snapshot") == 0 || strncmp(name, "sqlite_", strlen("sqlite_")) == 0;
    return is_own ? error_set(error, ERROR_USAGE,
                              "--tables: a table with the name %s is the snapshot's own", name)
                  : 0;
}

/* Of the names in the snapshot each is there once, and none is the snapshot's own. */
static int check_names(const struct snapshot_order *order, struct error *error) {
    struct map names = {0};
    struct text name = {0};
    int rc =
        order->table_count > SNAPSHOT_MOST_TABLES || order->declared_count > SNAPSHOT_MOST_TABLES
            ? error_set(error, ERROR_USAGE, "--tables: at most %d", SNAPSHOT_MOST_TABLES)
            : 0;
    for (size_t i = 0; i < order->table_count && rc == 0; i++) {
        text_clear(&name);
        shape_append_table(order->tables[i], &name);
        rc = check_own(text_string(&name), error);
        if (rc == 0 && map_find(&names, text_span(&name)) != NULL) {
            rc = error_set(error, ERROR_USAGE, "--tables: %s is there twice", text_string(&name));
        }
        if (rc == 0 && map_put(&names, text_span(&name), &names) != 0) {
            rc = error_set_no_memory(error);
        }
    }
    text_free(&name);
    map_free(&names);
    return rc;
}

static void warn_of_moments(const struct snapshot_order *order, const struct table_set *set) {
    struct text text = {0};
    text_append_format(&text,
                       "%s cannot be read as of one moment: what others write meanwhile may be in "
                       "one table and not in another; take the snapshot while nobody writes",
                       source_name(set->source));
    order->warn(order->context, text_string(&text));
    text_free(&text);
}

static int copy(const struct snapshot_order *order, struct table_set *set, struct staged_file *file,
                struct snapshot *snapshot, struct error *error) {
    struct table_choice choice = {.tables = order->declared,
                                  .table_count = order->declared_count,
                                  .names = order->table_count == 0 ? NULL : order->tables,
                                  .name_count = order->table_count,
                                  .extent = SHAPE_ALL_COLUMNS};
    if (table_set_open(set, &choice, error) != 0) {
        return -1;
    }
    if (!set->is_one_moment) {
        warn_of_moments(order, set);
    }
    date_format_moment(date_now(), snapshot->taken);
    return table_set_measure(set, error) == 0 &&
                   table_set_copy(set, file, TABLE_SUMS_MADE, error) == 0 &&
                   table_set_finish(set, error) == 0
               ? table_set_seal(set, file, snapshot->taken, error)
               : -1;
}

static int describe(const struct table_set *set, struct snapshot *snapshot, struct error *error) {
    snapshot->is_one_moment = set->is_one_moment;
    for (size_t i = 0; i < set->count; i++) {
        const struct table_entry *entry = &set->entries[i];
        if (entry->shape.table == NULL) {
            continue;
        }
        struct snapshot_table *table = &snapshot->tables[snapshot->table_count++];
        text_append_string(&table->name, entry->shape.table);
        table->rows = entry->sum.rows;
        memcpy(table->checksum, entry->sum.checksum, sizeof table->checksum);
        snapshot->rows += table->rows;
        if (text_check(&table->name, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int snapshot_take(const struct snapshot_order *order, struct source *source,
                  struct snapshot *snapshot, struct error *error) {
    struct table_set set = {.source = source, .warn = order->warn, .warn_context = order->context};
    memset(snapshot, 0, sizeof *snapshot);
    struct staged_file *file = check_names(order, error) == 0
                                   ? staged_file_create(order->path, order->existing, error)
                                   : NULL;
    int rc = file == NULL ? -1 : copy(order, &set, file, snapshot, error);
    if (rc == 0) {
        rc = describe(&set, snapshot, error);
    }
    if (rc == 0) {
        rc = staged_file_publish(file, error);
    }
    staged_file_close(file);
    table_set_close(&set);
    return rc;
}

void snapshot_free(struct snapshot *snapshot) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        text_free(&snapshot->tables[i].name);
    }
}
