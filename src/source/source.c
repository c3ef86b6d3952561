#include "source/source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/driver_private.h"

static const struct scheme {
    const char *name;
    const struct driver *driver;
} schemes[] = {
    {"sqlite", &sqlite_driver},
    {"odbc", &odbc_driver},
    {"oracle+odbc", &odbc_driver},
    {"oracle", &oracle_driver},
    {"oracle+tcps", &oracle_driver},
    {"postgresql", &odbc_driver},
    {"mysql", &odbc_driver},
    {"mariadb", &odbc_driver},
    {"oracle+cx_oracle", &oracle_driver},
    {"oracle+oracledb", &oracle_driver},
};

enum { SCHEME_COUNT = sizeof schemes / sizeof schemes[0] };

static bool is_letter(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/* The part before the colon of a URL (RFC 3986, 3.1, and the underscore of SQLAlchemy's), or null
 * for a bare path. */
static struct span scheme_of(const char *url) {
    size_t length = 0;
    while (is_letter(url[length]) ||
           (length > 0 && url[length] != '\0' && strchr("0123456789+-._", url[length]) != NULL)) {
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

/* Something like `postgres//me:password@host` is no path, and is not repeated. */
static bool is_mistyped_address(const char *path) {
    const char *at = strrchr(path, '@');
    const char *colon = strchr(path, ':');
    return at != NULL && colon != NULL && colon < at && access(path, F_OK) != 0;
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
    if (driver == &sqlite_driver && is_mistyped_address(location)) {
        error_set(error, ERROR_USAGE,
                  "the source is no file, and looks like the address of a database with a password "
                  "in it; expected SCHEME://USER@HOST:PORT/NAME, and the password from "
                  "--source-password-file FILE or ROWPOST_SOURCE_PASSWORD");
        return NULL;
    }
    struct source *source = driver->open(url, location, access == NULL ? &nothing : access, error);
    if (source != NULL) {
        source->driver = driver;
    }
    return source;
}

void source_close(struct source *source) {
    if (source != NULL) {
        source->driver->close(source);
    }
}

int source_begin_read_transaction(struct source *source, bool *is_one_moment, struct error *error) {
    *is_one_moment = false;
    return source->driver->begin == NULL ? 0 : source->driver->begin(source, is_one_moment, error);
}

int source_end_read_transaction(struct source *source, struct error *error) {
    return source->driver->end == NULL ? 0 : source->driver->end(source, error);
}

struct sqlite3 *source_sqlite(const struct source *source) {
    return source->driver->sqlite == NULL ? NULL : source->driver->sqlite(source);
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

int source_fail(enum error_code code, struct text *message, struct error *error) {
    int rc = text_check(message, error);
    if (rc == 0) {
        rc = error_set(error, code, "%s", text_string(message));
    }
    text_free(message);
    return rc;
}

const char *source_describe(struct source *source) {
    return source->driver->describe == NULL ? "" : source->driver->describe(source);
}

void rows_close(struct rows *rows) {
    if (rows == NULL) {
        return;
    }
    for (size_t i = 0; rows->columns != NULL && i < rows->column_count; i++) {
        text_free(&rows->columns[i].scratch);
    }
    free(rows->columns);
    arena_free(&rows->names);
    rows->driver->close_rows(rows);
}

size_t rows_column_count(const struct rows *rows) {
    return rows->column_count;
}

const char *rows_column_name(const struct rows *rows, size_t column) {
    return rows->columns[column].name;
}

int rows_step(struct rows *rows, struct error *error) {
    int rc = rows->driver->step(rows, error);
    return rc < 0 ? error_add_context(error, "table %s", rows->table) : rc;
}

static struct value tagged_value(struct span text, struct text *scratch) {
    struct value value = {.kind = VALUE_TEXT, .text = text};
    if (text.length == 0) {
        return value;
    }
    struct span rest = {text.data + 1, text.length - 1};
    value.text = rest;
    text_clear(scratch);
    switch (*text.data) {
    case 'i':
        return decimal_value(rest, scratch);
    case 'r':
        text_append(scratch, rest);
        return (struct value){.kind = VALUE_REAL, .real = strtod(text_string(scratch), NULL)};
    case 'b':
        text_append_hex_decoded(scratch, rest);
        return (struct value){.kind = VALUE_BLOB, .text = text_span(scratch)};
    default:
        return value;
    }
}

struct value rows_value(const struct rows *rows, size_t column) {
    struct value value = rows->driver->value(rows, column);
    struct rows_column *read = &rows->columns[column];
    if (value.kind == VALUE_BLOB && read->form == FORM_UTF8) {
        value.kind = VALUE_TEXT;
    }
    if (value.kind == VALUE_TEXT && read->form == FORM_TAGGED) {
        return tagged_value(value.text, &read->scratch);
    }
    return value;
}
