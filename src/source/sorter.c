#include "source/sorter.h"

#include <stdlib.h>
#include <string.h>

#include "source/sort_file.h"
#include "source/sort_record.h"

/* Bytes that are gathered before a run is written; and how many runs of one level become one of the
 * next, so that each row is written once more where there are 64 times as many. */
enum { RUN_BYTES = 4 * 1024 * 1024, RUNS_OF_LEVEL = 64, LEVELS = 8 };

/* A gathered row: where its record stands, and the first bytes of its key. */
struct entry {
    uint64_t prefix;
    const char *record;
};

struct level {
    struct sort_run runs[RUNS_OF_LEVEL];
    size_t count;
};

struct sorter {
    struct sort_record_shape shape;
    size_t *keys;
    size_t run_bytes;

    /* what is gathered; the records do not move, as the entries point at them */
    char *bytes;
    size_t used, room;
    struct entry *entries;
    size_t entry_count, entry_room;

    struct sort_file *file; /* NULL: all of it is in memory */
    struct level *levels;   /* the runs of a higher level are older */
    struct sort_merge *merge;
    size_t next_entry;
    struct value *row;
};

struct sorter *sorter_create(const struct sorter_settings *settings, struct error *error) {
    struct sorter *sorter = calloc(1, sizeof *sorter);
    if (sorter == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    sorter->run_bytes = settings->run_bytes == 0 ? RUN_BYTES : settings->run_bytes;
    sorter->row = calloc(settings->column_count + 1, sizeof *sorter->row);
    sorter->keys = calloc(settings->key_count + 1, sizeof *sorter->keys);
    sorter->levels = calloc(LEVELS, sizeof *sorter->levels);
    if (sorter->row == NULL || sorter->keys == NULL || sorter->levels == NULL) {
        sorter_free(sorter);
        error_set_no_memory(error);
        return NULL;
    }
    for (size_t i = 0; i < settings->key_count; i++) {
        sorter->keys[i] = settings->keys[i];
    }
    sorter->shape = (struct sort_record_shape){.column_count = settings->column_count,
                                               .keys = sorter->keys,
                                               .key_count = settings->key_count};
    return sorter;
}

static void forget_gathered(struct sorter *sorter) {
    free(sorter->bytes);
    free(sorter->entries);
    sorter->bytes = NULL;
    sorter->entries = NULL;
    sorter->used = sorter->room = 0;
    sorter->entry_count = sorter->entry_room = 0;
}

void sorter_free(struct sorter *sorter) {
    if (sorter == NULL) {
        return;
    }
    forget_gathered(sorter);
    sort_merge_free(sorter->merge);
    sort_file_free(sorter->file);
    free(sorter->levels);
    free(sorter->keys);
    free(sorter->row);
    free(sorter);
}

/* Of the same keys, the one that was added first stands first in memory. */
static int compare_entries(const void *left, const void *right) {
    const struct entry *a = left;
    const struct entry *b = right;
    if (a->prefix != b->prefix) {
        return a->prefix < b->prefix ? -1 : 1;
    }
    int order = sort_record_compare(a->record, b->record);
    if (order != 0) {
        return order;
    }
    return a->record < b->record ? -1 : a->record > b->record;
}

static void sort_gathered(struct sorter *sorter) {
    if (sorter->entry_count > 0) {
        qsort(sorter->entries, sorter->entry_count, sizeof *sorter->entries, compare_entries);
    }
}

/* Makes one run of a level's runs, which then are none any more. */
static int merge_level(struct sorter *sorter, struct level *level, struct sort_run *merged,
                       struct error *error) {
    struct sort_merge *merge =
        sort_merge_create(sorter->file, level->runs, level->count, sorter->run_bytes, error);
    if (merge == NULL) {
        return -1;
    }
    const char *record = NULL;
    int rc;
    while ((rc = sort_merge_step(merge, &record, error)) == 1) {
        if (sort_file_write(sorter->file, record, error) != 0) {
            rc = -1;
            break;
        }
    }
    sort_merge_free(merge);
    level->count = 0;
    return rc == 0 ? sort_file_end_run(sorter->file, merged, error) : -1;
}

/* A level that is full makes room by becoming one run of the next. */
static int keep_run(struct sorter *sorter, struct sort_run run, struct error *error) {
    for (struct level *level = sorter->levels; level < sorter->levels + LEVELS; level++) {
        if (level->count < RUNS_OF_LEVEL) {
            level->runs[level->count++] = run;
            return 0;
        }
        struct sort_run merged;
        if (merge_level(sorter, level, &merged, error) != 0) {
            return -1;
        }
        level->runs[level->count++] = run;
        run = merged;
    }
    return error_set(error, ERROR_INTERNAL, "more rows than can be sorted");
}

static int write_run(struct sorter *sorter, struct error *error) {
    struct sort_run run;
    if (sorter->file == NULL && (sorter->file = sort_file_create(error)) == NULL) {
        return -1;
    }
    sort_gathered(sorter);
    for (size_t i = 0; i < sorter->entry_count; i++) {
        if (sort_file_write(sorter->file, sorter->entries[i].record, error) != 0) {
            return -1;
        }
    }
    sorter->used = 0;
    sorter->entry_count = 0;
    if (sorter->room > sorter->run_bytes) { /* for one large row */
        free(sorter->bytes);
        sorter->bytes = NULL;
        sorter->room = 0;
    }
    return sort_file_end_run(sorter->file, &run, error) == 0 ? keep_run(sorter, run, error) : -1;
}

/* Room for one more row of that size, which nothing is gathered beside if it is a large one. */
static int make_room(struct sorter *sorter, size_t needed, struct error *error) {
    bool is_full =
        sorter->used + sorter->entry_count * sizeof *sorter->entries + needed > sorter->run_bytes;
    if (is_full && sorter->entry_count > 0 && write_run(sorter, error) != 0) {
        return -1;
    }
    if (sorter->room - sorter->used < needed) {
        size_t room = needed > sorter->run_bytes ? needed : sorter->run_bytes;
        free(sorter->bytes); /* it is empty: what is not has room for a whole run */
        sorter->bytes = malloc(room);
        sorter->room = sorter->bytes == NULL ? 0 : room;
        if (sorter->bytes == NULL) {
            return error_set_no_memory(error);
        }
    }
    if (sorter->entry_count == sorter->entry_room) {
        size_t room = sorter->entry_room == 0 ? 1024 : 2 * sorter->entry_room;
        struct entry *entries = realloc(sorter->entries, room * sizeof *entries);
        if (entries == NULL) {
            return error_set_no_memory(error);
        }
        sorter->entries = entries;
        sorter->entry_room = room;
    }
    return 0;
}

int sorter_add(struct sorter *sorter, const struct value *row, struct error *error) {
    if (make_room(sorter, sort_record_room(&sorter->shape, row), error) != 0) {
        return -1;
    }
    char *record = sorter->bytes + sorter->used;
    size_t length = sort_record_write(&sorter->shape, row, record);
    if (length == 0) {
        return error_set(error, ERROR_SOURCE, "a row of more than 4 GB cannot be sorted");
    }
    sorter->used += length;
    sorter->entries[sorter->entry_count++] =
        (struct entry){.prefix = sort_record_prefix(record), .record = record};
    return 0;
}

/* The runs that are there, the oldest first. */
static size_t gather_runs(const struct sorter *sorter, struct sort_run *runs) {
    size_t count = 0;
    for (size_t i = LEVELS; i-- > 0;) {
        const struct level *level = &sorter->levels[i];
        for (size_t j = 0; j < level->count; j++) {
            runs[count++] = level->runs[j];
        }
    }
    return count;
}

int sorter_finish(struct sorter *sorter, struct error *error) {
    if (sorter->file == NULL) {
        sort_gathered(sorter);
        return 0;
    }
    if (sorter->entry_count > 0 && write_run(sorter, error) != 0) {
        return -1;
    }
    forget_gathered(sorter);
    struct sort_run *runs = calloc((size_t)LEVELS * RUNS_OF_LEVEL, sizeof *runs);
    if (runs == NULL) {
        return error_set_no_memory(error);
    }
    size_t count = gather_runs(sorter, runs);
    sorter->merge = sort_merge_create(sorter->file, runs, count, sorter->run_bytes, error);
    free(runs);
    return sorter->merge == NULL ? -1 : 0;
}

int sorter_step(struct sorter *sorter, struct error *error) {
    const char *record = NULL;
    int rc = 1;
    if (sorter->merge != NULL) {
        rc = sort_merge_step(sorter->merge, &record, error);
    } else if (sorter->next_entry < sorter->entry_count) {
        record = sorter->entries[sorter->next_entry++].record;
    } else {
        rc = 0;
    }
    if (rc == 1) {
        sort_record_read(&sorter->shape, record, sorter->row);
    } else {
        memset(sorter->row, 0, sorter->shape.column_count * sizeof *sorter->row);
    }
    return rc;
}

const struct value *sorter_row(const struct sorter *sorter) {
    return sorter->row;
}
