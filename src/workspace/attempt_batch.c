#include "workspace/attempt_batch_private.h"

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
