#define _POSIX_C_SOURCE 200809L /* pthread_mutex_t */
#include "source/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/json_writer.h"
#include "source/prefetch.h"
#include "source/sorter.h"

enum { QUERY_SHOWN = 300 }; /* bytes of a query in a message */

static const struct scheme {
    const char *name;
    const struct driver *driver;
} schemes[] = {
    {"sqlite", &sqlite_driver}, {"odbc", &odbc_driver},          {"oracle+odbc", &odbc_driver},
    {"oracle", &oracle_driver}, {"oracle+tcps", &oracle_driver}, {"postgresql", &odbc_driver},
    {"mysql", &odbc_driver},    {"mariadb", &odbc_driver},
};

enum { SCHEME_COUNT = sizeof schemes / sizeof schemes[0] };

static bool is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/* What stands before the colon of a URL (RFC 3986, 3.1, and the underscore of SQLAlchemy's), or
 * null for a bare path. */
static struct span scheme_of(const char *url) {
    size_t length = 0;
    while (is_letter(url[length]) ||
           (length > 0 && url[length] != '\0' && strchr("0123456789+-.", url[length]) != NULL)) {
        length++;
    }
    if (length == 0 || url[length] != ':') {
        return (struct span){NULL, 0};
    }
    return (struct span){url, length};
}

static int refuse_scheme(struct span scheme, struct error *error) {
    struct text known = {0};
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        text_append_format(&known, "%s%s:", i == 0 ? "" : ", ", schemes[i].name);
    }
    error_set(error, ERROR_USAGE,
              "a source cannot be opened by \"%.*s:\"; there is: %s and the bare path of a SQLite "
              "file (write ./ before a path with a colon in it)",
              (int)(scheme.length < 40 ? scheme.length : 40), scheme.data, text_string(&known));
    text_free(&known);
    return -1;
}

static const struct driver *find_driver(struct span scheme) {
    for (size_t i = 0; i < SCHEME_COUNT; i++) {
        if (span_equal_ignoring_ascii_case(scheme, span_of(schemes[i].name))) {
            return schemes[i].driver;
        }
    }
    return NULL;
}

struct source *source_open(const char *url, const struct source_access *access,
                           struct error *error) {
    static const struct source_access nothing;
    struct span scheme = scheme_of(url);
    const struct driver *driver = &sqlite_driver;
    const char *location = url;
    if (!span_is_null(scheme)) {
        driver = find_driver(scheme);
        location = url + scheme.length + 1;
    }
    if (driver == NULL) {
        refuse_scheme(scheme, error);
        return NULL;
    }
    struct source *source = driver->open(url, location, access == NULL ? &nothing : access, error);
    if (source != NULL) {
        source->driver = driver;
        pthread_mutex_init(&source->lock, NULL);
    }
    return source;
}

void source_close(struct source *source) {
    if (source != NULL) {
        pthread_mutex_destroy(&source->lock);
        source->driver->close(source);
    }
}

int source_hold_still(struct source *source, bool *is_still, struct error *error) {
    *is_still = false;
    if (source->driver->hold_still == NULL) {
        return 0;
    }
    pthread_mutex_lock(&source->lock);
    int rc = source->driver->hold_still(source, is_still, error);
    pthread_mutex_unlock(&source->lock);
    return rc;
}

int source_ask_password(const struct source_access *access, const char *user, const char *place,
                        struct text *password, struct error *error) {
    if (access->ask_password != NULL &&
        access->ask_password(access->context, user, place, password, error) != 0) {
        return -1;
    }
    return text_check(password, error);
}

const char *source_name(const struct source *source) {
    return text_string(&source->name);
}

void source_append_query(struct text *message, const char *sql) {
    struct text line = {0};
    fold_blanks(span_of(sql), &line);
    int shown = line.length > QUERY_SHOWN ? QUERY_SHOWN : (int)line.length;
    text_append_format(message, "; the query was: %.*s%s", shown, text_string(&line),
                       line.length > QUERY_SHOWN ? " ..." : "");
    text_free(&line);
}

static bool is_word_byte(unsigned char byte) {
    return byte == '_' || byte == '$' || byte >= 0x80 || (byte >= '0' && byte <= '9') ||
           (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool source_query_has_word(struct span sql, struct span word) {
    for (size_t at = 0; at + word.length <= sql.length; at++) {
        size_t end = at + word.length;
        if ((at == 0 || !is_word_byte((unsigned char)sql.data[at - 1])) &&
            (end == sql.length || !is_word_byte((unsigned char)sql.data[end])) &&
            span_equal_ignoring_ascii_case((struct span){sql.data + at, word.length}, word)) {
            return true;
        }
    }
    return false;
}

int source_fail(struct text *message, struct error *error) {
    int rc = text_check(message, error);
    if (rc == 0) {
        rc = error_set(error, ERROR_SOURCE, "%s", text_string(message));
    }
    text_free(message);
    return rc;
}

int source_refuse_query(const struct source *source, const char *why, const char *sql,
                        struct error *error) {
    struct text message = {0};
    text_append_format(&message, "%s: %s", source_name(source), why);
    source_append_query(&message, sql);
    return source_fail(&message, error);
}

const char *source_describe(struct source *source) {
    return source->driver->describe == NULL ? "" : source->driver->describe(source);
}

struct rows *source_query(struct source *source, const char *sql, struct error *error) {
    pthread_mutex_lock(&source->lock);
    struct rows *rows = source->driver->query(source, sql, error);
    pthread_mutex_unlock(&source->lock);
    if (rows == NULL) {
        return NULL;
    }
    rows->driver = source->driver;
    rows->source = source;
    rows->prefetch = prefetch_create(rows, error);
    if (rows->prefetch == NULL) {
        rows_close(rows);
        return NULL;
    }
    return rows;
}

void rows_close(struct rows *rows) {
    if (rows == NULL) {
        return;
    }
    struct source *source = rows->source;
    sorter_free(rows->sorter);
    prefetch_free(rows->prefetch);
    pthread_mutex_lock(&source->lock);
    source->driver->close_rows(rows);
    pthread_mutex_unlock(&source->lock);
}

size_t rows_column_count(const struct rows *rows) {
    return prefetch_column_count(rows->prefetch);
}

const char *rows_column_name(const struct rows *rows, size_t column) {
    return prefetch_column_name(rows->prefetch, column);
}

static int refuse_column(const struct rows *rows, const char *name, struct error *error) {
    struct text columns = {0};
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        text_append_format(&columns, "%s%s", i == 0 ? "" : ", ", rows_column_name(rows, i));
    }
    error_set(error, ERROR_SOURCE, "%s: the query gives no column %s; it gives: %s",
              source_name(rows->source), name, text_string(&columns));
    text_free(&columns);
    return -1;
}

int rows_find_column(const struct rows *rows, const char *name, size_t *column,
                     struct error *error) {
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        if (span_equal_ignoring_ascii_case(span_of(rows_column_name(rows, i)), span_of(name))) {
            *column = i;
            return 0;
        }
    }
    return refuse_column(rows, name, error);
}

/* Where the columns of the order stand among the rows'. */
static int find_order(const struct rows *rows, const struct source_order *order, size_t *keys,
                      struct error *error) {
    for (size_t i = 0; i < order->column_count; i++) {
        if (rows_find_column(rows, order->columns[i], &keys[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Reads the rows to their end. */
static int sort_rows(struct rows *rows, const size_t *keys, size_t key_count, struct error *error) {
    struct sorter_settings settings = {
        .column_count = rows_column_count(rows), .keys = keys, .key_count = key_count};
    struct sorter *sorter = sorter_create(&settings, error);
    if (sorter == NULL) {
        return -1;
    }
    int rc;
    while ((rc = prefetch_step(rows->prefetch, error)) == 1) {
        if (sorter_add(sorter, prefetch_row(rows->prefetch), error) != 0) {
            rc = -1;
            break;
        }
    }
    rows->sorter = sorter;
    return rc == 0 ? sorter_finish(sorter, error) : -1;
}

struct rows *source_query_ordered(struct source *source, const struct source_order *order,
                                  struct error *error) {
    if (!source->driver->is_sorted_here) {
        return source_query(source, order->sql, error);
    }
    struct rows *rows = source_query(source, order->unordered_sql, error);
    size_t *keys = calloc(order->column_count + 1, sizeof *keys);
    if (rows != NULL && keys == NULL) {
        error_set_no_memory(error);
    }
    bool is_sorted = rows != NULL && keys != NULL && find_order(rows, order, keys, error) == 0 &&
                     sort_rows(rows, keys, order->column_count, error) == 0;
    free(keys);
    if (!is_sorted) {
        rows_close(rows);
        return NULL;
    }
    return rows;
}

int rows_step(struct rows *rows, struct error *error) {
    return rows->sorter != NULL ? sorter_step(rows->sorter, error)
                                : prefetch_step(rows->prefetch, error);
}

struct value rows_value(const struct rows *rows, size_t column) {
    return rows->sorter != NULL ? sorter_row(rows->sorter)[column]
                                : prefetch_value(rows->prefetch, column);
}

struct span rows_text(const struct rows *rows, size_t column, struct text *scratch) {
    struct value value = rows_value(rows, column);
    text_clear(scratch);
    switch (value.kind) {
    case VALUE_INTEGER:
        text_append_integer(scratch, value.integer);
        return text_span(scratch);
    case VALUE_REAL:
        text_append_real(scratch, value.real);
        return text_span(scratch);
    case VALUE_NULL:
    case VALUE_TEXT:
    case VALUE_BLOB:
        break;
    }
    return value.text;
}

static void append_blob(struct json_writer *writer, struct span bytes) {
    static const char digits[] = "0123456789abcdef";
    struct text hex = {0};
    char *room = text_reserve(&hex, bytes.length < SIZE_MAX / 2 ? bytes.length * 2 : SIZE_MAX);
    for (size_t i = 0; room != NULL && i < bytes.length; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        *room++ = digits[byte >> 4];
        *room++ = digits[byte & 15];
    }
    if (room == NULL) {
        writer->out->failed = true;
    } else {
        hex.length = bytes.length * 2;
    }
    json_begin_object(writer);
    json_member_string(writer, "hex", text_span(&hex));
    json_end_object(writer);
    text_free(&hex);
}

static void append_value(struct json_writer *writer, struct value value) {
    switch (value.kind) {
    case VALUE_NULL:
        json_write_null(writer);
        return;
    case VALUE_INTEGER:
        json_write_integer(writer, value.integer);
        return;
    case VALUE_REAL:
        json_write_real(writer, value.real);
        return;
    case VALUE_TEXT:
        json_write_string(writer, value.text);
        return;
    case VALUE_BLOB:
        append_blob(writer, value.text);
        return;
    }
}

void rows_append_json(const struct rows *rows, struct text *out) {
    struct json_writer writer = json_writer_to(out);
    json_begin_object(&writer);
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        json_write_key(&writer, rows_column_name(rows, i));
        append_value(&writer, rows_value(rows, i));
    }
    json_end_object(&writer);
}
