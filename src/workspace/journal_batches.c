#include "workspace/journal_private.h"

/* ---- attempts ---- */

enum { COLUMN_COUNT = 9 };

#define INSERT                                                                                     \
    "INSERT INTO attempt (document, purpose, started, duration_us, method, path, status,"          \
    " outcome, excerpt) VALUES "
#define ROW "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
#define FOUR_ROWS ROW ", " ROW ", " ROW ", " ROW
#define ALL_ROWS FOUR_ROWS ", " FOUR_ROWS ", " FOUR_ROWS ", " FOUR_ROWS

int attempt_batch_open(struct attempt_batch *batch, sqlite3 *database, struct error *error) {
    return statement_prepare(&batch->one, database, INSERT ROW, error) == 0
               ? statement_prepare(&batch->all, database, INSERT ALL_ROWS, error)
               : -1;
}

void attempt_batch_close(struct attempt_batch *batch) {
    statement_finalize(&batch->one);
    statement_finalize(&batch->all);
    for (size_t i = 0; i < ATTEMPT_BATCH_SIZE; i++) {
        text_free(&batch->rows[i].path);
        text_free(&batch->rows[i].excerpt);
    }
}

static int keep(struct attempt_row *row, const struct attempt *attempt, struct error *error) {
    text_clear(&row->path);
    text_clear(&row->excerpt);
    text_append_string(&row->path, attempt->path);
    text_append(&row->excerpt, attempt->excerpt);
    date_format_moment(attempt->started, row->started);
    row->attempt = *attempt;
    row->attempt.path = text_string(&row->path);
    if (!span_is_null(attempt->excerpt)) {
        row->attempt.excerpt = text_span(&row->excerpt);
    }
    return text_check(&row->path, error) == 0 ? text_check(&row->excerpt, error) : -1;
}

static void bind_known(struct statement *statement, int position, int64_t value, bool is_known) {
    if (is_known) {
        statement_bind_integer(statement, position, value);
    } else {
        statement_bind_null(statement, position);
    }
}

static void bind(struct statement *statement, int first, const struct attempt_row *row) {
    const struct attempt *attempt = &row->attempt;
    statement_bind_integer(statement, first, attempt->document);
    statement_bind_string(statement, first + 1, purpose_name(attempt->purpose));
    statement_bind_string(statement, first + 2, row->started);
    bind_known(statement, first + 3, attempt->duration, attempt->duration >= 0);
    statement_bind_string(statement, first + 4, attempt->method);
    statement_bind_text(statement, first + 5, text_span(&row->path));
    bind_known(statement, first + 6, attempt->status, attempt->status != 0);
    statement_bind_string(statement, first + 7, attempt_outcome_name(attempt->outcome));
    statement_bind_text(statement, first + 8, attempt->excerpt);
}

static int write_all(struct attempt_batch *batch, struct error *error) {
    for (int i = 0; i < ATTEMPT_BATCH_SIZE; i++) {
        bind(&batch->all, 1 + i * COLUMN_COUNT, &batch->rows[i]);
    }
    return statement_run(&batch->all, error);
}

static int write_each(struct attempt_batch *batch, struct error *error) {
    for (size_t i = 0; i < batch->count; i++) {
        bind(&batch->one, 1, &batch->rows[i]);
        if (statement_run(&batch->one, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int attempt_batch_write(struct attempt_batch *batch, struct error *error) {
    int rc =
        batch->count == ATTEMPT_BATCH_SIZE ? write_all(batch, error) : write_each(batch, error);
    batch->count = 0; /* where it failed, nothing of the transaction is kept */
    return rc;
}

int attempt_batch_add(struct attempt_batch *batch, const struct attempt *attempt,
                      struct error *error) {
    if (keep(&batch->rows[batch->count], attempt, error) != 0) {
        return -1;
    }
    batch->count++;
    return batch->count == ATTEMPT_BATCH_SIZE ? attempt_batch_write(batch, error) : 0;
}

/* ---- documents that were delivered ---- */

/* How many documents one UPDATE writes. */
enum { RUN_SIZE = 16 };

#define NO_NAME SIZE_MAX /* as a length: the name is null */

/* The first document is ?1, the last ?2; their names follow. */
static const char update_sql[] =
    "UPDATE document SET state = 'delivered', evidence = 'answer', uncertain_about = NULL,"
    " uncertain_since = NULL, target_id = CASE id - ?1"
    " WHEN 0 THEN ?3 WHEN 1 THEN ?4 WHEN 2 THEN ?5 WHEN 3 THEN ?6"
    " WHEN 4 THEN ?7 WHEN 5 THEN ?8 WHEN 6 THEN ?9 WHEN 7 THEN ?10"
    " WHEN 8 THEN ?11 WHEN 9 THEN ?12 WHEN 10 THEN ?13 WHEN 11 THEN ?14"
    " WHEN 12 THEN ?15 WHEN 13 THEN ?16 WHEN 14 THEN ?17 WHEN 15 THEN ?18 END"
    " WHERE id BETWEEN ?1 AND ?2";

int delivered_batch_open(struct delivered_batch *batch, sqlite3 *database, struct error *error) {
    batch->database = database;
    return statement_prepare(&batch->write, database, update_sql, error);
}

void delivered_batch_close(struct delivered_batch *batch) {
    statement_finalize(&batch->write);
    text_free(&batch->names);
}

/* How many ids, from `first` on, are consecutive. */
static int find_run(const struct delivered_batch *batch, size_t first) {
    int length = 1;
    while (length < RUN_SIZE && first + (size_t)length < batch->count &&
           batch->rows[first + (size_t)length].document == batch->rows[first].document + length) {
        length++;
    }
    return length;
}

static void bind_name(struct delivered_batch *batch, int position, const struct delivered *row) {
    if (row->length == NO_NAME) {
        statement_bind_null(&batch->write, position);
        return;
    }
    const struct span name = {text_string(&batch->names) + row->name, row->length};
    statement_bind_record_id(&batch->write, position, (struct record_id){name, row->is_number});
}

/* Writes a run; returns its number of documents, or -1. */
static int write_run(struct delivered_batch *batch, size_t first, struct error *error) {
    int length = find_run(batch, first);
    statement_bind_integer(&batch->write, 1, batch->rows[first].document);
    statement_bind_integer(&batch->write, 2, batch->rows[first].document + length - 1);
    for (int i = 0; i < RUN_SIZE; i++) {
        if (i < length) {
            bind_name(batch, 3 + i, &batch->rows[first + (size_t)i]);
        } else {
            statement_bind_null(&batch->write, 3 + i);
        }
    }
    if (statement_run(&batch->write, error) != 0) {
        return -1;
    }
    int changed = sqlite3_changes(batch->database);
    return changed == length
               ? length
               : error_set(error, ERROR_INTERNAL, "%d documents were delivered and %d were noted",
                           length, changed);
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

/* Documents are settled nearly in their order. */
static void insert(struct delivered_batch *batch, struct delivered delivered) {
    size_t at = batch->count++;
    for (; at > 0 && batch->rows[at - 1].document > delivered.document; at--) {
        batch->rows[at] = batch->rows[at - 1];
    }
    batch->rows[at] = delivered;
}

int delivered_batch_add(struct delivered_batch *batch, int64_t document, struct record_id target_id,
                        struct error *error) {
    const struct delivered delivered = {
        .document = document,
        .name = batch->names.length,
        .length = span_is_null(target_id.text) ? NO_NAME : target_id.text.length,
        .is_number = target_id.is_number};
    text_append(&batch->names, target_id.text);
    if (text_check(&batch->names, error) != 0) {
        return -1;
    }
    insert(batch, delivered);
    return batch->count == DELIVERED_BATCH_SIZE ? delivered_batch_write(batch, error) : 0;
}
