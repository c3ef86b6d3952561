#include "staging/table_set_private.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "staging/typed_value_private.h"

enum { NAME_SHOWN = 100 /* characters of a key, in a message */ };

enum { DIGEST_SIZE = 32 };

/* A checksum of a table's rows that does not depend on their order: the sum, modulo 2^256, of the
 * SHA-256 of each row. Two sources that hold the same rows give the same sum, in whatever order
 * they hand them out.
 *
 * A row is hashed as its values in a row: `n` for null, `i` and the digits of a whole number and
 * `;`, `r` and the sixteen hexadecimal digits of an IEEE 754 double, `t` or `b`, the number of
 * bytes, `:` and the bytes of a text or a blob. */
struct row_digest {
    EVP_MD_CTX *context; /* NULL: nobody asks */
    struct text row;
    unsigned char sum[DIGEST_SIZE]; /* the most significant byte first */
};

static int row_digest_begin(struct row_digest *digest, struct error *error) {
    digest->context = EVP_MD_CTX_new();
    return digest->context == NULL ? error_set_no_memory(error) : 0;
}

static void row_digest_free(struct row_digest *digest) {
    EVP_MD_CTX_free(digest->context);
    text_free(&digest->row);
}

static void append_bytes(struct text *row, char kind, struct span bytes) {
    text_append_char(row, kind);
    text_append_integer(row, (int64_t)bytes.length);
    text_append_char(row, ':');
    text_append(row, bytes);
}

static void row_digest_add(struct row_digest *digest, struct value value) {
    struct text *row = &digest->row;
    uint64_t bits = 0;
    switch (value.kind) {
    case VALUE_NULL:
        text_append_char(row, 'n');
        return;
    case VALUE_INTEGER:
        text_append_char(row, 'i');
        text_append_integer(row, value.integer);
        text_append_char(row, ';');
        return;
    case VALUE_REAL:
        memcpy(&bits, &value.real, sizeof bits);
        text_append_format(row, "r%016" PRIx64, bits);
        return;
    case VALUE_TEXT:
        append_bytes(row, 't', value.text);
        return;
    case VALUE_BLOB:
        append_bytes(row, 'b', value.text);
        return;
    }
}

static void add_to_sum(unsigned char sum[DIGEST_SIZE], const unsigned char bytes[DIGEST_SIZE]) {
    unsigned carry = 0;
    for (size_t i = DIGEST_SIZE; i-- > 0;) {
        carry += (unsigned)sum[i] + bytes[i];
        sum[i] = (unsigned char)(carry & 0xff);
        carry >>= 8;
    }
}

/* Ends the row at hand and adds it to the sum. */
static int row_digest_end_row(struct row_digest *digest, struct error *error) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    struct span row = text_span(&digest->row);
    if (text_check(&digest->row, error) != 0) {
        return -1;
    }
    if (EVP_DigestInit_ex2(digest->context, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(digest->context, row.data, row.length) != 1 ||
        EVP_DigestFinal_ex(digest->context, bytes, &size) != 1 || size != DIGEST_SIZE) {
        return error_set(error, ERROR_INTERNAL, "SHA-256 is not available in this OpenSSL");
    }
    add_to_sum(digest->sum, bytes);
    text_clear(&digest->row);
    return 0;
}

static void row_digest_format(const struct row_digest *digest, char text[SNAPSHOT_CHECKSUM_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        text[2 * i] = digits[digest->sum[i] >> 4];
        text[2 * i + 1] = digits[digest->sum[i] & 15];
    }
    text[SNAPSHOT_CHECKSUM_SIZE - 1] = '\0';
}

/* One column on its way. */
struct column_copy {
    struct text scratch;
    int64_t bytes;         /* of its texts, as they arrived */
    int64_t unfit;         /* values that are not of the column's type */
    struct text first_row; /* of the first of them */
    struct text reason;    /* likewise */
};

struct copying {
    struct table_set *set;
    const struct shape *shape;
    struct staged_file *file;
    struct rows *rows;
    struct row_digest digest;
    struct value *values;        /* of the row at hand, one for each column of the shape */
    struct column_copy *columns; /* likewise */
    int64_t row_count;
};

/* `the row with id 17`, or `row 3` where the table has no key. */
static void append_row(const struct copying *copying, struct text *out) {
    const struct table *declared = copying->shape->declared;
    const char *key = declared == NULL ? NULL : declared->keys[0];
    for (size_t i = 0; key != NULL && i < copying->shape->column_count; i++) {
        if (strcmp(copying->shape->columns[i].name, key) == 0) {
            text_append_format(out, "the row with %s ", key);
            staged_value_append_readable(rows_value(copying->rows, i), NAME_SHOWN, out);
            return;
        }
    }
    text_append_format(out, "row %lld", (long long)copying->row_count);
}

static void note_unfit(const struct copying *copying, const struct table_column *column,
                       struct value value, struct column_copy *copy) {
    if (copy->unfit++ == 0) {
        append_row(copying, &copy->first_row);
        staged_value_append_reason(column, value, &copy->reason);
    }
}

/* Brings a value into the form of its column and adds it to the digest. */
static int take_value(struct copying *copying, size_t position, struct error *error) {
    const struct table_column *column = copying->shape->columns[position].declared;
    struct column_copy *copy = &copying->columns[position];
    struct value *stored = &copying->values[position];
    struct value value = rows_value(copying->rows, position);
    if (value.kind == VALUE_TEXT) {
        copy->bytes += (int64_t)value.text.length;
    }
    if (column == NULL) {
        *stored = storable_value(value, &copy->scratch);
    } else if (!stored_value(column->type, value, &copy->scratch, stored)) {
        note_unfit(copying, column, *stored, copy);
    }
    if (copying->digest.context != NULL) {
        row_digest_add(&copying->digest, *stored);
    }
    return text_check(&copy->scratch, error);
}

static int take_row(struct copying *copying, struct error *error) {
    for (size_t i = 0; i < copying->shape->column_count; i++) {
        if (take_value(copying, i, error) != 0) {
            return -1;
        }
    }
    if (staged_file_add_row(copying->file, copying->values, copying->shape->column_count, error) !=
        0) {
        return -1;
    }
    return copying->digest.context == NULL ? 0 : row_digest_end_row(&copying->digest, error);
}

static int take_rows(struct copying *copying, struct error *error) {
    int rc;
    while ((rc = rows_step(copying->rows, error)) == 1) {
        copying->row_count++;
        if (take_row(copying, error) != 0 || table_set_see_row(copying->set, error) != 0) {
            return -1;
        }
    }
    return rc;
}

static void warn_of_missing_columns(const struct copying *copying) {
    struct text text = {0};
    text_append_format(&text, "%s has no column %s; the snapshot does not have it either",
                       copying->shape->source_table, text_string(&copying->shape->missing));
    copying->set->warn(copying->set->warn_context, text_string(&text));
    text_free(&text);
}

static void warn_of_unfit_values(const struct copying *copying, const struct column_copy *copy) {
    struct text text = {0};
    text_append_format(&text, "%s, %s", copying->shape->source_table,
                       text_string(&copy->first_row));
    if (copy->unfit > 1) {
        text_append_format(&text, " (and %lld others)", (long long)copy->unfit - 1);
    }
    text_append_format(&text, ": %s. It is copied as it is, and a plan rejects such a row",
                       text_string(&copy->reason));
    copying->set->warn(copying->set->warn_context, text_string(&text));
    text_free(&text);
}

static void warn(const struct copying *copying) {
    if (copying->set->warn == NULL) {
        return;
    }
    if (copying->shape->missing.length > 0) {
        warn_of_missing_columns(copying);
    }
    for (size_t i = 0; i < copying->shape->column_count; i++) {
        if (copying->columns[i].unfit > 0) {
            warn_of_unfit_values(copying, &copying->columns[i]);
        }
    }
}

/* What arrived has to be what the source counts. */
static int check_measure(const struct copying *copying, const struct table_measure *measure,
                         struct error *error) {
    const struct shape *shape = copying->shape;
    if (copying->row_count != measure->rows) {
        return error_set(error, ERROR_SOURCE,
                         "%s, %s: the database counts %lld rows and gives %lld: somebody is "
                         "writing into it. Run the same command again while nobody does",
                         source_name(copying->set->source), shape->source_table,
                         (long long)measure->rows, (long long)copying->row_count);
    }
    for (size_t i = 0; i < shape->column_count; i++) {
        int64_t bytes = copying->columns[i].bytes;
        if (measure->bytes[i] >= 0 && measure->bytes[i] != bytes) {
            return error_set(
                error, ERROR_SOURCE,
                "%s, %s: the texts of the column %s have %lld bytes in the database, "
                "and %lld arrive: the driver cuts texts off, perhaps at a NUL. Correct "
                "these texts in the database, or read it by another driver",
                source_name(copying->set->source), shape->source_table, shape->source_columns[i],
                (long long)measure->bytes[i], (long long)bytes);
        }
    }
    return 0;
}

static int open_copying(struct copying *copying, enum table_sums sums, struct error *error) {
    const struct shape *shape = copying->shape;
    size_t count = shape->column_count + 1; /* calloc() of nothing may be NULL */
    copying->values = calloc(count, sizeof *copying->values);
    copying->columns = calloc(count, sizeof *copying->columns);
    if (copying->values == NULL || copying->columns == NULL) {
        return error_set_no_memory(error);
    }
    if (sums == TABLE_SUMS_MADE && row_digest_begin(&copying->digest, error) != 0) {
        return -1;
    }
    copying->rows =
        source_read_table(copying->set->source, shape->source_table, shape->source_columns,
                          shape->column_count, shape_condition(shape), error);
    return copying->rows == NULL ? -1 : staged_file_begin_table(copying->file, shape, error);
}

static void close_copying(struct copying *copying) {
    for (size_t i = 0; copying->columns != NULL && i < copying->shape->column_count; i++) {
        text_free(&copying->columns[i].scratch);
        text_free(&copying->columns[i].first_row);
        text_free(&copying->columns[i].reason);
    }
    free(copying->values);
    free(copying->columns);
    row_digest_free(&copying->digest);
    rows_close(copying->rows);
}

int table_copy(struct table_set *set, struct table_entry *entry, struct staged_file *file,
               enum table_sums sums, struct error *error) {
    struct copying copying = {.set = set, .shape = &entry->shape, .file = file};
    int rc = open_copying(&copying, sums, error);
    if (rc == 0) {
        rc = take_rows(&copying, error);
    }
    if (rc == 0) {
        rc = check_measure(&copying, &entry->measure, error);
    }
    if (rc == 0) {
        warn(&copying);
    }
    entry->sum.rows = copying.row_count;
    row_digest_format(&copying.digest, entry->sum.checksum);
    close_copying(&copying);
    return rc;
}

static int digest_rows(struct table_set *set, struct rows *rows, struct row_digest *digest,
                       int64_t *count, struct error *error) {
    int rc;
    while ((rc = rows_step(rows, error)) == 1) {
        for (size_t i = 0; i < rows_column_count(rows); i++) {
            row_digest_add(digest, rows_value(rows, i));
        }
        if (row_digest_end_row(digest, error) != 0 || table_set_see_row(set, error) != 0) {
            return -1;
        }
        ++*count;
    }
    return rc;
}

int table_read_back(struct table_set *set, struct source *copy, const char *table,
                    struct table_sum *sum, struct error *error) {
    struct row_digest digest = {0};
    struct rows *rows = row_digest_begin(&digest, error) != 0
                            ? NULL
                            : source_read_table(copy, table, NULL, 0, NULL, error);
    sum->rows = 0;
    int rc = rows == NULL ? -1 : digest_rows(set, rows, &digest, &sum->rows, error);
    row_digest_format(&digest, sum->checksum);
    rows_close(rows);
    row_digest_free(&digest);
    return rc;
}
