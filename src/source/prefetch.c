#define _POSIX_C_SOURCE 200809L /* pthread_sigmask */
#include "source/prefetch.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"

enum { BATCH_COUNT = 3, BATCH_ROWS = 256, BATCH_BYTES = 256 * 1024 };

/* A batch whose texts took more than this gives its memory back before it is filled again. */
enum { KEPT_BYTES = 2 * BATCH_BYTES };

enum ending { ROWS_FOLLOW, ROWS_END, ROWS_FAIL };

struct batch {
    struct value *values; /* of one row behind the other */
    size_t row_count;
    struct arena texts;
    size_t text_bytes;
    enum ending ending; /* what comes after the last row */
    struct error error; /* ROWS_FAIL */
};

struct prefetch {
    struct rows *rows;
    size_t column_count;
    const char **column_names;
    struct arena names;
    size_t batch_rows; /* that a batch has room for */

    /* The thread fills the batches one after another, the caller empties them behind it. A batch
     * belongs to the caller from when it is counted in `filled` until it no longer is. */
    struct batch batches[BATCH_COUNT];
    size_t filled;
    pthread_mutex_t lock; /* guards `filled` */
    pthread_cond_t changed;
    atomic_bool is_stopped;
    bool has_thread;
    pthread_t thread;

    /* The caller's. */
    size_t current; /* batch */
    size_t next_row;
    const struct value *row; /* NULL before the first and after the last */
};

static void empty_batch(struct batch *batch) {
    if (batch->text_bytes > KEPT_BYTES) {
        arena_free(&batch->texts);
    } else {
        arena_reset(&batch->texts);
    }
    batch->row_count = 0;
    batch->text_bytes = 0;
    batch->ending = ROWS_FOLLOW;
}

/* Copies the driver's current row to the end of the batch. */
static int take_row(const struct prefetch *prefetch, struct batch *batch) {
    const struct rows *rows = prefetch->rows;
    struct value *row = &batch->values[batch->row_count * prefetch->column_count];
    for (size_t i = 0; i < prefetch->column_count; i++) {
        row[i] = rows->driver->value(rows, i);
        row[i].text = arena_copy(&batch->texts, row[i].text);
        batch->text_bytes += row[i].text.length;
    }
    if (batch->texts.failed) {
        return error_set_no_memory(&batch->error);
    }
    batch->row_count++;
    return 1;
}

static void fill_batch(struct prefetch *prefetch, struct batch *batch) {
    struct rows *rows = prefetch->rows;
    empty_batch(batch);
    pthread_mutex_lock(&rows->source->lock);
    int rc = 1;
    while (rc == 1 && batch->row_count < prefetch->batch_rows && batch->text_bytes < BATCH_BYTES &&
           !atomic_load_explicit(&prefetch->is_stopped, memory_order_relaxed)) {
        rc = rows->driver->step(rows, &batch->error);
        if (rc == 1) {
            rc = take_row(prefetch, batch);
        }
    }
    pthread_mutex_unlock(&rows->source->lock);
    if (rc != 1) {
        batch->ending = rc == 0 ? ROWS_END : ROWS_FAIL;
    }
}

/* False where the caller wants no more. */
static bool wait_for_room(struct prefetch *prefetch) {
    pthread_mutex_lock(&prefetch->lock);
    while (prefetch->filled == BATCH_COUNT && !atomic_load(&prefetch->is_stopped)) {
        pthread_cond_wait(&prefetch->changed, &prefetch->lock);
    }
    pthread_mutex_unlock(&prefetch->lock);
    return !atomic_load(&prefetch->is_stopped);
}

static void hand_over(struct prefetch *prefetch) {
    pthread_mutex_lock(&prefetch->lock);
    prefetch->filled++;
    pthread_cond_signal(&prefetch->changed);
    pthread_mutex_unlock(&prefetch->lock);
}

static void *read_ahead(void *context) {
    struct prefetch *prefetch = context;
    enum ending ending = ROWS_FOLLOW;
    for (size_t i = 1; ending == ROWS_FOLLOW && wait_for_room(prefetch); i++) {
        struct batch *batch = &prefetch->batches[i % BATCH_COUNT];
        fill_batch(prefetch, batch);
        ending = batch->ending;
        hand_over(prefetch);
    }
    return NULL;
}

/* The thread is born with every signal blocked, so that all of them go to the program's own. */
static void start_thread(struct prefetch *prefetch) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    prefetch->has_thread = pthread_create(&prefetch->thread, NULL, read_ahead, prefetch) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void stop_thread(struct prefetch *prefetch) {
    if (!prefetch->has_thread) {
        return;
    }
    pthread_mutex_lock(&prefetch->lock);
    atomic_store(&prefetch->is_stopped, true);
    pthread_cond_signal(&prefetch->changed);
    pthread_mutex_unlock(&prefetch->lock);
    pthread_join(prefetch->thread, NULL);
}

/* Copies: the driver's own may move at a step. */
static int read_names(struct prefetch *prefetch) {
    const struct rows *rows = prefetch->rows;
    prefetch->column_count = rows->driver->column_count(rows);
    prefetch->column_names = calloc(prefetch->column_count + 1, sizeof *prefetch->column_names);
    if (prefetch->column_names == NULL) {
        return -1;
    }
    for (size_t i = 0; i < prefetch->column_count; i++) {
        struct span name = span_of(rows->driver->column_name(rows, i));
        prefetch->column_names[i] = arena_copy(&prefetch->names, name).data;
    }
    return prefetch->names.failed ? -1 : 0;
}

static int allocate_batches(struct prefetch *prefetch) {
    size_t columns = prefetch->column_count == 0 ? 1 : prefetch->column_count;
    size_t fitting = BATCH_BYTES / (columns * sizeof(struct value));
    prefetch->batch_rows = fitting == 0 ? 1 : fitting < BATCH_ROWS ? fitting : BATCH_ROWS;
    for (size_t i = 0; i < BATCH_COUNT; i++) {
        prefetch->batches[i].values = calloc(prefetch->batch_rows * columns, sizeof(struct value));
        if (prefetch->batches[i].values == NULL) {
            return -1;
        }
    }
    return 0;
}

struct prefetch *prefetch_create(struct rows *rows, struct error *error) {
    struct prefetch *prefetch = calloc(1, sizeof *prefetch);
    if (prefetch == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    prefetch->rows = rows;
    pthread_mutex_init(&prefetch->lock, NULL);
    pthread_cond_init(&prefetch->changed, NULL);
    if (read_names(prefetch) != 0 || allocate_batches(prefetch) != 0) {
        prefetch_free(prefetch);
        error_set_no_memory(error);
        return NULL;
    }
    fill_batch(prefetch, &prefetch->batches[0]);
    prefetch->filled = 1;
    if (prefetch->batches[0].ending == ROWS_FOLLOW) {
        start_thread(prefetch);
    }
    return prefetch;
}

void prefetch_free(struct prefetch *prefetch) {
    if (prefetch == NULL) {
        return;
    }
    stop_thread(prefetch);
    pthread_cond_destroy(&prefetch->changed);
    pthread_mutex_destroy(&prefetch->lock);
    for (size_t i = 0; i < BATCH_COUNT; i++) {
        arena_free(&prefetch->batches[i].texts);
        free(prefetch->batches[i].values);
    }
    arena_free(&prefetch->names);
    free(prefetch->column_names);
    free(prefetch);
}

size_t prefetch_column_count(const struct prefetch *prefetch) {
    return prefetch->column_count;
}

const char *prefetch_column_name(const struct prefetch *prefetch, size_t column) {
    return prefetch->column_names[column];
}

/* Gives the emptied batch back and waits for the one behind it. */
static void turn_to_next_batch(struct prefetch *prefetch) {
    prefetch->next_row = 0;
    if (!prefetch->has_thread) {
        fill_batch(prefetch, &prefetch->batches[prefetch->current]);
        return;
    }
    pthread_mutex_lock(&prefetch->lock);
    prefetch->filled--;
    pthread_cond_signal(&prefetch->changed);
    while (prefetch->filled == 0) {
        pthread_cond_wait(&prefetch->changed, &prefetch->lock);
    }
    pthread_mutex_unlock(&prefetch->lock);
    prefetch->current = (prefetch->current + 1) % BATCH_COUNT;
}

static int tell_end(struct batch *batch, struct error *error) {
    if (batch->ending == ROWS_END) {
        return 0;
    }
    batch->ending = ROWS_END;
    if (error != NULL) {
        *error = batch->error;
    }
    return -1;
}

int prefetch_step(struct prefetch *prefetch, struct error *error) {
    struct batch *batch = &prefetch->batches[prefetch->current];
    prefetch->row = NULL;
    if (prefetch->next_row == batch->row_count && batch->ending == ROWS_FOLLOW) {
        turn_to_next_batch(prefetch);
        batch = &prefetch->batches[prefetch->current];
    }
    if (prefetch->next_row == batch->row_count) {
        return tell_end(batch, error);
    }
    prefetch->row = &batch->values[prefetch->next_row++ * prefetch->column_count];
    return 1;
}

const struct value *prefetch_row(const struct prefetch *prefetch) {
    return prefetch->row;
}

struct value prefetch_value(const struct prefetch *prefetch, size_t column) {
    if (prefetch->row == NULL) {
        return (struct value){.kind = VALUE_NULL};
    }
    return prefetch->row[column];
}
