#define _POSIX_C_SOURCE 200809L /* pthread_sigmask */
#include "delivery/plan_writer.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/arena.h"

enum { BATCH_COUNT = 3, BATCH_COMMANDS = 1024, BATCH_BYTES = 256 * 1024 };

/* A batch whose texts took more than this gives its memory back before it is filled again. */
enum { KEPT_BYTES = 2 * BATCH_BYTES };

enum command_verb {
    BEGIN_QUERY,
    END_QUERY,
    ADD_DOCUMENT,
    ADD_ROW,
    COUNT_CORRECTION,
    ADD_WARNING,
    ADD_LOOKUP,
    KEEP_ANSWER,
    VERB_COUNT
};

enum { MOST_TEXTS = 3 };

/* One call of the planning's. What the members mean is for the verb to say. */
struct command {
    enum command_verb verb;
    enum fate fate;
    enum presence outcome;
    int query;
    size_t kind;
    int64_t number; /* a document's handle, rows read, times */
    struct span texts[MOST_TEXTS];
};

struct batch {
    struct command commands[BATCH_COMMANDS];
    size_t command_count;
    struct arena texts;
    size_t text_bytes;
};

enum ending { BATCHES_FOLLOW, WRITE_WHAT_IS_LEFT, DROP_WHAT_IS_LEFT };

struct plan_writer {
    /* The thread's. */
    struct planning *planning;
    int64_t last_handle;
    int64_t last_document; /* the row that `last_handle` stands for */

    /* The caller fills the batches one after another, the thread writes them behind it. A batch
     * belongs to the thread while it is counted in `handed_over`. */
    struct batch batches[BATCH_COUNT];
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    size_t handed_over;
    enum ending ending;
    struct error error; /* ERROR_NONE: all is well */

    /* The caller's. */
    bool has_thread;
    pthread_t thread;
    size_t current; /* batch */
    int queries;
    int64_t handles;
};

static int write_query(struct plan_writer *writer, const struct command *command,
                       struct error *error) {
    int query = 0;
    if (planning_begin_query(writer->planning, command->kind, command->texts[0].data,
                             command->texts[1].data, &query, error) != 0) {
        return -1;
    }
    if (query != command->query) {
        return error_set(error, ERROR_INTERNAL, "query %d of the plan stands as query %d in it",
                         command->query, query);
    }
    return 0;
}

static int write_query_end(struct plan_writer *writer, const struct command *command,
                           struct error *error) {
    (void)error;
    planning_end_query(writer->planning, command->query, command->number);
    return 0;
}

static int write_document(struct plan_writer *writer, const struct command *command,
                          struct error *error) {
    writer->last_handle = command->number;
    return planning_add_document(writer->planning, command->kind, command->texts[0],
                                 command->texts[1], command->texts[2], &writer->last_document,
                                 error);
}

static int write_row(struct plan_writer *writer, const struct command *command,
                     struct error *error) {
    if (command->fate == FATE_USED && command->number != writer->last_handle) {
        return error_set(error, ERROR_INTERNAL,
                         "row \"%.*s\" is used for document %lld of the plan after document %lld "
                         "has been added",
                         (int)command->texts[0].length, command->texts[0].data,
                         (long long)command->number, (long long)writer->last_handle);
    }
    int64_t document = command->fate == FATE_USED ? writer->last_document : 0;
    return planning_add_row(writer->planning, command->query, command->texts[0], command->fate,
                            document, command->texts[1], command->texts[2], error);
}

static int write_correction(struct plan_writer *writer, const struct command *command,
                            struct error *error) {
    return planning_count_correction(writer->planning, command->kind, command->texts[0].data,
                                     command->number, error);
}

static int write_warning(struct plan_writer *writer, const struct command *command,
                         struct error *error) {
    return planning_add_warning(writer->planning, command->kind, command->texts[0],
                                command->texts[1], error);
}

static int write_lookup(struct plan_writer *writer, const struct command *command,
                        struct error *error) {
    return planning_add_lookup(writer->planning, command->kind, command->texts[0], command->outcome,
                               command->number, command->texts[1], error);
}

static int write_answer(struct plan_writer *writer, const struct command *command,
                        struct error *error) {
    return planning_keep_answer(writer->planning, command->texts[0], command->texts[1],
                                command->texts[2], error);
}

static int (*const write_command[VERB_COUNT])(struct plan_writer *, const struct command *,
                                              struct error *) = {
    [BEGIN_QUERY] = write_query,           [END_QUERY] = write_query_end,
    [ADD_DOCUMENT] = write_document,       [ADD_ROW] = write_row,
    [COUNT_CORRECTION] = write_correction, [ADD_WARNING] = write_warning,
    [ADD_LOOKUP] = write_lookup,           [KEEP_ANSWER] = write_answer,
};

static int write_batch(struct plan_writer *writer, const struct batch *batch, struct error *error) {
    for (size_t i = 0; i < batch->command_count; i++) {
        const struct command *command = &batch->commands[i];
        if (write_command[command->verb](writer, command, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* False where there is nothing more to write. */
static bool wait_for_batch(struct plan_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    while (writer->handed_over == 0 && writer->ending == BATCHES_FOLLOW) {
        pthread_cond_wait(&writer->changed, &writer->lock);
    }
    bool is_wanted = writer->handed_over > 0 && writer->ending != DROP_WHAT_IS_LEFT;
    pthread_mutex_unlock(&writer->lock);
    return is_wanted;
}

static void give_back(struct plan_writer *writer) {
    pthread_mutex_lock(&writer->lock);
    writer->handed_over--;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->lock);
}

static void tell_failure(struct plan_writer *writer, const struct error *error) {
    pthread_mutex_lock(&writer->lock);
    writer->error = *error;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->lock);
}

static void *write_behind(void *context) {
    struct plan_writer *writer = context;
    struct error error = {0};
    for (size_t i = 0; wait_for_batch(writer); i++) {
        if (write_batch(writer, &writer->batches[i % BATCH_COUNT], &error) != 0) {
            tell_failure(writer, &error);
            return NULL;
        }
        give_back(writer);
    }
    return NULL;
}

/* The thread is born with every signal blocked, so that all of them go to the program's own. */
static void start_thread(struct plan_writer *writer) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    writer->has_thread = pthread_create(&writer->thread, NULL, write_behind, writer) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct plan_writer *plan_writer_start(struct planning *planning, struct error *error) {
    struct plan_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    writer->planning = planning;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->changed, NULL);
    start_thread(writer);
    return writer;
}

static int tell_error(const struct plan_writer *writer, struct error *error) {
    if (writer->error.code == ERROR_NONE) {
        return 0;
    }
    if (error != NULL) {
        *error = writer->error;
    }
    return -1;
}

/* Gives the current batch to the thread and waits until the next one is free. */
static int hand_over(struct plan_writer *writer, struct error *error) {
    pthread_mutex_lock(&writer->lock);
    int rc = tell_error(writer, error);
    if (rc == 0) {
        writer->handed_over++;
        pthread_cond_signal(&writer->changed);
        while (writer->handed_over == BATCH_COUNT && writer->error.code == ERROR_NONE) {
            pthread_cond_wait(&writer->changed, &writer->lock);
        }
        rc = tell_error(writer, error);
    }
    pthread_mutex_unlock(&writer->lock);
    return rc;
}

static int write_here(struct plan_writer *writer, struct error *error) {
    if (writer->error.code == ERROR_NONE) {
        write_batch(writer, &writer->batches[writer->current], &writer->error);
    }
    return tell_error(writer, error);
}

static void empty_batch(struct batch *batch) {
    if (batch->text_bytes > KEPT_BYTES) {
        arena_free(&batch->texts);
    } else {
        arena_reset(&batch->texts);
    }
    batch->command_count = 0;
    batch->text_bytes = 0;
}

static int turn_to_next_batch(struct plan_writer *writer, struct error *error) {
    int rc = writer->has_thread ? hand_over(writer, error) : write_here(writer, error);
    if (rc != 0) {
        return -1;
    }
    writer->current = (writer->current + 1) % BATCH_COUNT;
    empty_batch(&writer->batches[writer->current]);
    return 0;
}

/* Copies the command and its texts. A failed batch stays full, so every later call fails too. */
static int note(struct plan_writer *writer, struct command command, struct error *error) {
    struct batch *batch = &writer->batches[writer->current];
    if (batch->command_count == BATCH_COMMANDS || batch->text_bytes >= BATCH_BYTES) {
        if (turn_to_next_batch(writer, error) != 0) {
            return -1;
        }
        batch = &writer->batches[writer->current];
    }
    for (size_t i = 0; i < MOST_TEXTS; i++) {
        command.texts[i] = arena_copy(&batch->texts, command.texts[i]);
        batch->text_bytes += command.texts[i].length;
    }
    if (batch->texts.failed) {
        return error_set_no_memory(error);
    }
    batch->commands[batch->command_count++] = command;
    return 0;
}

int plan_writer_begin_query(struct plan_writer *writer, size_t kind, const char *name,
                            const char *sql, int *query, struct error *error) {
    *query = ++writer->queries;
    return note(writer,
                (struct command){.verb = BEGIN_QUERY,
                                 .kind = kind,
                                 .query = *query,
                                 .texts = {span_of(name), span_of(sql)}},
                error);
}

int plan_writer_end_query(struct plan_writer *writer, int query, int64_t rows_read,
                          struct error *error) {
    return note(writer, (struct command){.verb = END_QUERY, .query = query, .number = rows_read},
                error);
}

int plan_writer_add_document(struct plan_writer *writer, const struct document *document,
                             int64_t *handle, struct error *error) {
    *handle = ++writer->handles;
    return note(writer,
                (struct command){.verb = ADD_DOCUMENT,
                                 .kind = document->kind,
                                 .number = *handle,
                                 .texts = {document->key, document->body, document->origin}},
                error);
}

int plan_writer_use_row(struct plan_writer *writer, struct row_reference row, int64_t handle,
                        struct error *error) {
    return note(writer,
                (struct command){.verb = ADD_ROW,
                                 .fate = FATE_USED,
                                 .query = row.query,
                                 .number = handle,
                                 .texts = {row.row}},
                error);
}

int plan_writer_drop_row(struct plan_writer *writer, struct row_reference row, enum fate fate,
                         struct span because, struct span content, struct error *error) {
    return note(writer,
                (struct command){.verb = ADD_ROW,
                                 .fate = fate,
                                 .query = row.query,
                                 .texts = {row.row, because, content}},
                error);
}

int plan_writer_count_correction(struct plan_writer *writer, size_t kind, const char *correction,
                                 int64_t times, struct error *error) {
    return note(writer,
                (struct command){.verb = COUNT_CORRECTION,
                                 .kind = kind,
                                 .number = times,
                                 .texts = {span_of(correction)}},
                error);
}

int plan_writer_add_warning(struct plan_writer *writer, size_t kind, struct span key,
                            struct span text, struct error *error) {
    return note(writer, (struct command){.verb = ADD_WARNING, .kind = kind, .texts = {key, text}},
                error);
}

static const enum presence persons[] = {
    [PERSON_FOUND] = PERSON_IS_FOUND,
    [PERSON_OF_ADDRESSES] = PERSON_IS_CHOSEN,
    [PERSON_NOBODY] = PERSON_IS_NOBODY,
    [PERSON_SEVERAL] = PERSON_IS_SEVERAL,
    [PERSON_WITHOUT_ADDRESS] = PERSON_HAS_NO_ADDRESS,
    [PERSON_WITHOUT_NAME] = PERSON_HAS_NO_NAME,
};

int plan_writer_add_lookup(struct plan_writer *writer, const struct person_lookup *lookup,
                           struct error *error) {
    return note(writer,
                (struct command){.verb = ADD_LOOKUP,
                                 .kind = lookup->kind,
                                 .outcome = persons[lookup->outcome],
                                 .number = lookup->uses,
                                 .texts = {lookup->name, lookup->found}},
                error);
}

int plan_writer_keep_answer(struct plan_writer *writer, struct span directory, struct span name,
                            struct span answer, struct error *error) {
    return note(writer, (struct command){.verb = KEEP_ANSWER, .texts = {directory, name, answer}},
                error);
}

static void stop_thread(struct plan_writer *writer, enum ending ending) {
    if (!writer->has_thread) {
        return;
    }
    pthread_mutex_lock(&writer->lock);
    writer->ending = ending;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
}

static void release(struct plan_writer *writer) {
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->lock);
    for (size_t i = 0; i < BATCH_COUNT; i++) {
        arena_free(&writer->batches[i].texts);
    }
    free(writer);
}

int plan_writer_finish(struct plan_writer *writer, struct error *error) {
    int rc = turn_to_next_batch(writer, error);
    stop_thread(writer, WRITE_WHAT_IS_LEFT);
    if (rc == 0) {
        rc = tell_error(writer, error);
    }
    release(writer);
    return rc;
}

void plan_writer_abandon(struct plan_writer *writer) {
    stop_thread(writer, DROP_WHAT_IS_LEFT);
    release(writer);
}
