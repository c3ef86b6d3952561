#include "workspace/delivered_batch.h"

/* Documents that are passed over on the way to the next one, rather than to begin another UPDATE:
 * each takes a tenth of that. */
enum { LARGEST_GAP = 8 };

#define NO_NAME SIZE_MAX /* as a length: the name is null */

/* NULL where the document is not among them. */
static const struct delivered *find(const struct delivered_batch *batch, int64_t document) {
    size_t first = 0;
    size_t behind = batch->count;
    while (first < behind) {
        size_t middle = first + (behind - first) / 2;
        if (batch->rows[middle].document < document) {
            first = middle + 1;
        } else {
            behind = middle;
        }
    }
    return first < batch->count && batch->rows[first].document == document ? &batch->rows[first]
                                                                           : NULL;
}

/* rowpost_is_delivered(id) */
static void is_delivered(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    const struct delivered_batch *batch = sqlite3_user_data(context);
    sqlite3_result_int(context, find(batch, sqlite3_value_int64(values[0])) != NULL);
}

/* rowpost_delivered_as(id) */
static void delivered_as(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    const struct delivered_batch *batch = sqlite3_user_data(context);
    const struct delivered *delivered = find(batch, sqlite3_value_int64(values[0]));
    if (delivered == NULL || delivered->length == NO_NAME) {
        sqlite3_result_null(context);
        return;
    }
    sqlite3_result_text64(context, text_string(&batch->names) + delivered->name, delivered->length,
                          SQLITE_STATIC, SQLITE_UTF8);
}

static int define(struct delivered_batch *batch, const char *name,
                  void (*function)(sqlite3_context *, int, sqlite3_value **), struct error *error) {
    return sqlite3_create_function(batch->database, name, 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, batch,
                                   function, NULL, NULL) == SQLITE_OK
               ? 0
               : statement_fail(batch->database, error);
}

int delivered_batch_open(struct delivered_batch *batch, sqlite3 *database, struct error *error) {
    batch->database = database;
    if (define(batch, "rowpost_is_delivered", is_delivered, error) != 0 ||
        define(batch, "rowpost_delivered_as", delivered_as, error) != 0) {
        return -1;
    }
    return statement_prepare(&batch->write, database,
                             "UPDATE document"
                             " SET state = 'delivered', target_id = rowpost_delivered_as(id)"
                             " WHERE id BETWEEN ?1 AND ?2 AND rowpost_is_delivered(id)",
                             error);
}

void delivered_batch_close(struct delivered_batch *batch) {
    struct error ignored;
    statement_finalize(&batch->write);
    if (batch->database != NULL) {
        define(batch, "rowpost_is_delivered", NULL, &ignored);
        define(batch, "rowpost_delivered_as", NULL, &ignored);
    }
    text_free(&batch->names);
}

/* Writes those from `first` on that lie close together. Returns how many, or -1. */
static int write_run(struct delivered_batch *batch, size_t first, struct error *error) {
    size_t last = first;
    while (last + 1 < batch->count &&
           batch->rows[last + 1].document - batch->rows[last].document <= LARGEST_GAP) {
        last++;
    }
    statement_bind_integer(&batch->write, 1, batch->rows[first].document);
    statement_bind_integer(&batch->write, 2, batch->rows[last].document);
    if (statement_run(&batch->write, error) != 0) {
        return -1;
    }
    int written = (int)(last - first) + 1;
    int changed = sqlite3_changes(batch->database);
    return changed == written
               ? written
               : error_set(error, ERROR_INTERNAL, "%d documents were delivered and %d were noted",
                           written, changed);
}

int delivered_batch_write(struct delivered_batch *batch, struct error *error) {
    int written = 0;
    for (size_t i = 0; i < batch->count && written >= 0; i += (size_t)written) {
        written = write_run(batch, i, error);
    }
    batch->count = 0; /* where it failed, nothing of the transaction is kept */
    text_clear(&batch->names);
    return written < 0 ? -1 : 0;
}

/* Documents come to their end nearly in their order. */
static void insert(struct delivered_batch *batch, struct delivered delivered) {
    size_t at = batch->count++;
    for (; at > 0 && batch->rows[at - 1].document > delivered.document; at--) {
        batch->rows[at] = batch->rows[at - 1];
    }
    batch->rows[at] = delivered;
}

int delivered_batch_add(struct delivered_batch *batch, int64_t document, struct span target_id,
                        struct error *error) {
    const struct delivered delivered = {.document = document,
                                        .name = batch->names.length,
                                        .length =
                                            span_is_null(target_id) ? NO_NAME : target_id.length};
    text_append(&batch->names, target_id);
    if (text_check(&batch->names, error) != 0) {
        return -1;
    }
    insert(batch, delivered);
    return batch->count == DELIVERED_BATCH_SIZE ? delivered_batch_write(batch, error) : 0;
}
