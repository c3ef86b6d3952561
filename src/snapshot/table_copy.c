#include "snapshot/table_copy.h"

#include <stdlib.h>
#include <string.h>

#include "snapshot/shape.h"
#include "snapshot/stored_value.h"

enum { NAME_SHOWN = 100, VALUE_SHOWN = 60 /* bytes, in a message */ };

/* How often something is so, and the row of the first. */
struct occasion {
    int64_t count;
    struct text first;
};

struct copying {
    const char *table;
    const struct table_watch *watch;
    struct copy_file *file;
    struct rows *rows;
    struct shape shape;
    struct row_digest *digest;
    struct value *values; /* of the row at hand, one for each column of the shape */
    struct text *scratch; /* likewise */
    int64_t row_count;
    struct occasion fractions; /* dates that are finer than a second */
    struct occasion unreadable;
};

/* The legacy tables are upper case wherever case matters (a MariaDB on Linux, say). */
static void append_table(const char *table, struct text *sql) {
    bool is_legacy = layout_find_table(span_of(table)) != NULL;
    for (const char *c = table; *c != '\0'; c++) {
        char character = *c;
        if (is_legacy && character >= 'a' && character <= 'z') {
            character = (char)(character - 'a' + 'A');
        }
        text_append_char(sql, character);
    }
}

static struct rows *query_table(struct source *source, const char *select, const char *table,
                                const char *condition, struct error *error) {
    struct text sql = {0};
    text_append_format(&sql, "%s FROM ", select);
    append_table(table, &sql);
    text_append_string(&sql, condition);
    struct rows *rows = NULL;
    if (text_check(&sql, error) == 0) {
        rows = source_query(source, text_string(&sql), error);
    }
    text_free(&sql);
    return rows;
}

int table_count(struct source *source, const char *table, const char *condition, int64_t *count,
                struct error *error) {
    struct rows *rows = query_table(source, "SELECT COUNT(*) AS N", table, condition, error);
    int rc = rows == NULL ? -1 : rows_step(rows, error);
    *count = rc == 1 ? rows_value(rows, 0).integer : 0;
    rows_close(rows);
    return rc < 0 ? -1 : 0;
}

static int shown(struct span value, int most) {
    return value.length < (size_t)most ? (int)value.length : most;
}

/* `the row with id 17`, or `row 3`. */
static void append_row(const struct copying *copying, struct text *out) {
    const struct layout_table *layout = copying->shape.layout;
    size_t column = 0;
    if (layout == NULL || rows_find_column(copying->rows, layout->row, &column, NULL) != 0) {
        text_append_format(out, "row %lld", (long long)copying->row_count);
        return;
    }
    struct text scratch = {0};
    struct span name = rows_text(copying->rows, column, &scratch);
    if (span_is_null(name)) {
        name = span_of("null");
    }
    text_append_format(out, "the row with %s %.*s", layout->row, shown(name, NAME_SHOWN),
                       name.data);
    text_free(&scratch);
}

static const char *expected_of(enum column_type type) {
    switch (type) {
    case COLUMN_KEY:
        return "a whole number of at most 64 bits";
    case COLUMN_DATE:
        return "ISO text or seconds since 1970";
    case COLUMN_ANY:
    case COLUMN_NUMBER:
    case COLUMN_TEXT:
        break;
    }
    return "a number that SQLite can hold without losing digits";
}

static int fail_value(const struct copying *copying, const struct shape_column *column,
                      struct error *error) {
    struct text row = {0};
    struct text scratch = {0};
    struct span value = rows_text(copying->rows, column->source, &scratch);
    if (span_is_null(value)) {
        value = span_of("null");
    }
    append_row(copying, &row);
    error_set(
        error, ERROR_SOURCE,
        "%s, %s: %s is %.*s, which the snapshot cannot hold; expected %s. Correct the row, or "
        "leave the table out with --tables",
        copying->table, text_string(&row), column->name, shown(value, VALUE_SHOWN), value.data,
        expected_of(column->type));
    text_free(&row);
    text_free(&scratch);
    return -1;
}

static int fail_twice(const struct copying *copying, struct error *error) {
    struct text row = {0};
    append_row(copying, &row);
    error_set(error, ERROR_SOURCE,
              "%s, %s: another row has that id, too, which is the table's primary key in the "
              "backup's layout. Correct the row, or leave the table out with --tables",
              copying->table, text_string(&row));
    text_free(&row);
    return -1;
}

static void note_occasion(const struct copying *copying, struct occasion *occasion) {
    if (occasion->count++ == 0) {
        append_row(copying, &occasion->first);
    }
}

/* Brings a value into the form of its column and adds it to the digest. */
static int take_value(struct copying *copying, size_t position, struct error *error) {
    const struct shape_column *column = &copying->shape.columns[position];
    struct value *stored = &copying->values[position];
    struct text *scratch = &copying->scratch[position];
    switch (
        stored_value(column->type, rows_value(copying->rows, column->source), scratch, stored)) {
    case STORED:
        break;
    case STORED_WITH_FRACTION:
        note_occasion(copying, &copying->fractions);
        break;
    case STORED_UNREADABLE:
        note_occasion(copying, &copying->unreadable);
        break;
    case STORED_NOT:
        return fail_value(copying, column, error);
    }
    row_digest_add(copying->digest, *stored);
    return text_check(scratch, error);
}

static int take_row(struct copying *copying, struct error *error) {
    for (size_t i = 0; i < copying->shape.column_count; i++) {
        if (take_value(copying, i, error) != 0) {
            return -1;
        }
    }
    int added =
        copy_file_add_row(copying->file, copying->values, copying->shape.column_count, error);
    if (added != 1) {
        return added == 0 ? fail_twice(copying, error) : -1;
    }
    return row_digest_end_row(copying->digest, error);
}

static int take_rows(struct copying *copying, struct error *error) {
    int rc;
    while ((rc = rows_step(copying->rows, error)) == 1) {
        copying->row_count++;
        if (take_row(copying, error) != 0 ||
            copying->watch->see_row(copying->watch->context, error) != 0) {
            return -1;
        }
    }
    return rc;
}

static void warn_of(const struct copying *copying, const struct occasion *occasion,
                    const char *what) {
    struct text text = {0};
    if (occasion->count == 1) {
        text_append_format(&text, "%s, %s: %s", copying->table, text_string(&occasion->first),
                           what);
    } else if (occasion->count > 1) {
        text_append_format(&text, "%s, %s and %lld others: %s", copying->table,
                           text_string(&occasion->first), (long long)occasion->count - 1, what);
    }
    if (text.length > 0 && !text.failed) {
        copying->watch->warn(copying->watch->context, text_string(&text));
    }
    text_free(&text);
}

static void warn_of_missing_columns(const struct copying *copying) {
    struct text text = {0};
    if (copying->shape.missing.length > 0) {
        text_append_format(&text, "%s has no column %s; nor has the snapshot", copying->table,
                           text_string(&copying->shape.missing));
        copying->watch->warn(copying->watch->context, text_string(&text));
    }
    text_free(&text);
}

static int open_copying(struct copying *copying, struct source *source, struct error *error) {
    copying->rows = query_table(source, "SELECT *", copying->table, "", error);
    if (copying->rows == NULL ||
        shape_make(&copying->shape, copying->table, copying->rows, error) != 0) {
        return -1;
    }
    size_t count = copying->shape.column_count + 1; /* calloc() of nothing may be NULL */
    copying->values = calloc(count, sizeof *copying->values);
    copying->scratch = calloc(count, sizeof *copying->scratch);
    if (copying->values == NULL || copying->scratch == NULL) {
        return error_set_no_memory(error);
    }
    copying->digest = row_digest_create(error);
    return copying->digest == NULL ? -1
                                   : copy_file_begin_table(copying->file, &copying->shape, error);
}

static void close_copying(struct copying *copying) {
    for (size_t i = 0; copying->scratch != NULL && i < copying->shape.column_count; i++) {
        text_free(&copying->scratch[i]);
    }
    free(copying->values);
    free(copying->scratch);
    text_free(&copying->fractions.first);
    text_free(&copying->unreadable.first);
    row_digest_free(copying->digest);
    rows_close(copying->rows);
    shape_free(&copying->shape);
}

int table_copy(struct source *source, const char *table, struct copy_file *file,
               const struct table_watch *watch, struct table_sum *sum, struct error *error) {
    struct copying copying = {.table = table, .watch = watch, .file = file};
    int rc = open_copying(&copying, source, error);
    if (rc == 0) {
        warn_of_missing_columns(&copying);
        rc = take_rows(&copying, error);
    }
    if (rc == 0) {
        sum->rows = copying.row_count;
        row_digest_format(copying.digest, sum->checksum);
        warn_of(&copying, &copying.fractions,
                "the date is finer than a second; it stays a text, so that nothing is lost");
        warn_of(&copying, &copying.unreadable,
                "the date is none; it stays what it is, and a plan rejects such a row");
    }
    close_copying(&copying);
    return rc;
}

static int digest_rows(struct rows *rows, struct row_digest *digest,
                       const struct table_watch *watch, int64_t *count, struct error *error) {
    int rc;
    while ((rc = rows_step(rows, error)) == 1) {
        for (size_t i = 0; i < rows_column_count(rows); i++) {
            row_digest_add(digest, rows_value(rows, i));
        }
        if (row_digest_end_row(digest, error) != 0 || watch->see_row(watch->context, error) != 0) {
            return -1;
        }
        ++*count;
    }
    return rc;
}

int table_read_back(struct source *copy, const char *table, const struct table_watch *watch,
                    struct table_sum *sum, struct error *error) {
    struct text name = {0};
    shape_append_quoted(table, &name);
    struct row_digest *digest = row_digest_create(error);
    struct rows *rows = NULL;
    int rc = -1;
    if (digest != NULL && text_check(&name, error) == 0) {
        rows = query_table(copy, "SELECT *", text_string(&name), "", error);
    }
    sum->rows = 0;
    if (rows != NULL && digest_rows(rows, digest, watch, &sum->rows, error) == 0) {
        row_digest_format(digest, sum->checksum);
        rc = 0;
    }
    rows_close(rows);
    row_digest_free(digest);
    text_free(&name);
    return rc;
}
