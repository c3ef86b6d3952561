#include <stdlib.h>
#include <string.h>

#include "source/driver.h"
#include "source/odbc_connection.h"
#include "source/odbc_error.h"
#include "source/odbc_rows.h"

struct odbc_source {
    struct source base;
    struct odbc_connection connection;
};

static void close_source(struct source *base) {
    struct odbc_source *source = (struct odbc_source *)base;
    odbc_connection_close(&source->connection);
    text_free(&source->base.schema);
    text_free(&source->base.name);
    free(source);
}

static struct source *open_source(const char *url, const char *location,
                                  const struct source_access *access, struct error *error) {
    (void)location;
    struct odbc_source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    if (odbc_connection_open(&source->connection, url, access, &source->base.name, error) != 0) {
        close_source(&source->base);
        return NULL;
    }
    source->base.catalog = source->connection.dialect->catalog;
    if (access->schema != NULL) {
        text_append_string(&source->base.schema, access->schema);
    }
    return &source->base;
}

static int hold_still(struct source *base, bool *is_still, struct error *error) {
    struct odbc_source *source = (struct odbc_source *)base;
    return odbc_connection_hold_still(&source->connection, source_name(base), is_still, error);
}

typedef const char *translate(const struct dialect *dialect, const char *sql, struct text *out);

static const char *keep_sql(const struct dialect *dialect, const char *sql, struct text *out) {
    (void)dialect;
    text_append_string(out, sql);
    return NULL;
}

static int start(struct odbc_rows *rows, const char *sql, translate *translation,
                 struct error *error) {
    struct text translated = {0};
    int rc = -1;
    const char *why = translation(rows->dialect, sql, &translated);
    if (why != NULL) {
        source_refuse_query(rows->base.source, why, sql, error);
    } else if (!SQL_SUCCEEDED(
                   SQLAllocHandle(SQL_HANDLE_STMT, rows->connection->handle, &rows->statement))) {
        odbc_explain(rows->name, "a query cannot be made", SQL_HANDLE_DBC, rows->connection->handle,
                     span_of(NULL), error);
    } else if (text_check(&translated, error) == 0) {
        rc = odbc_rows_start(rows, &translated, error);
    }
    text_free(&translated);
    return rc;
}

static struct rows *run(struct source *base, const char *sql, translate *translation,
                        struct error *error) {
    struct odbc_source *source = (struct odbc_source *)base;
    struct odbc_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    rows->base.source = base;
    rows->connection = &source->connection;
    rows->dialect = source->connection.dialect;
    rows->name = source_name(base);
    rows->schema = odbc_connection_schema(&source->connection);
    text_append_string(&rows->sql, sql);
    if (odbc_connection_enter(rows->connection, rows->name, error) != 0) {
        text_free(&rows->sql);
        free(rows);
        return NULL;
    }
    if (start(rows, sql, translation, error) != 0) {
        odbc_rows_free(rows);
        return NULL;
    }
    return &rows->base;
}

static struct rows *query(struct source *base, const char *sql, struct error *error) {
    return run(base, sql, dialect_translate, error);
}

static struct rows *read_rows(struct source *base, const char *sql, struct error *error) {
    return run(base, sql, keep_sql, error);
}

static int end(struct source *base, struct error *error) {
    (void)error;
    odbc_connection_let_go(&((struct odbc_source *)base)->connection);
    return 0;
}

static void close_rows(struct rows *base) {
    odbc_rows_free((struct odbc_rows *)base);
}

static size_t column_count(const struct rows *base) {
    return ((const struct odbc_rows *)base)->column_count;
}

static const char *column_name(const struct rows *base, size_t column) {
    return text_string(&((const struct odbc_rows *)base)->columns[column].name);
}

static int step(struct rows *base, struct error *error) {
    return odbc_rows_step((struct odbc_rows *)base, error);
}

static struct value value_of(const struct rows *base, size_t column) {
    return ((const struct odbc_rows *)base)->columns[column].value;
}

const struct driver odbc_driver = {
    .open = open_source,
    .close = close_source,
    .hold_still = hold_still,
    .begin = hold_still,
    .end = end,
    .read = read_rows,
    .query = query,
    .close_rows = close_rows,
    .column_count = column_count,
    .column_name = column_name,
    .step = step,
    .value = value_of,
};
