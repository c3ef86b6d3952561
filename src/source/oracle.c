/* Oracle by its own protocol (src/oracle): the driver of `oracle://` and `oracle+tcps://`. */
#define _POSIX_C_SOURCE 200809L /* fdopen, O_CLOEXEC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "oracle/oracle.h"
#include "source/decimal.h"
#include "source/driver.h"
#include "source/odbc_dialect.h"
#include "source/oracle_error.h"
#include "source/oracle_url.h"

struct oracle_source {
    struct source base;
    struct oracle_connection *connection;
    struct text schema;
    struct text banner;
    const struct dialect *dialect;
    FILE *trace;
    bool has_open_rows;
};

struct oracle_rows {
    struct rows base;
    struct oracle_result *result;
    struct text *scratch; /* one a column */
};

static void close_source(struct source *base) {
    struct oracle_source *source = (struct oracle_source *)base;
    oracle_close(source->connection);
    if (source->trace != NULL) {
        fclose(source->trace);
    }
    text_free(&source->schema);
    text_free(&source->banner);
    text_free(&source->base.name);
    free(source);
}

static void write_trace(void *context, const char *line) {
    fprintf(context, "%s\n", line);
}

static int open_trace(struct oracle_source *source, const char *path, struct error *error) {
    if (path == NULL) {
        return 0;
    }
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    source->trace = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (source->trace != NULL) {
        return 0;
    }
    error_set(error, ERROR_DISK, "--trace %s: cannot be opened: %s", path, strerror(errno));
    if (descriptor >= 0) {
        close(descriptor);
    }
    return -1;
}

/* What has to be as this program expects it, whatever the client's language: the order of texts. */
static int prepare_session(struct oracle_source *source, struct error *error) {
    struct oracle_error problem;
    for (const char *const *setting = source->dialect->settings; *setting != NULL; setting++) {
        if (oracle_execute(source->connection, *setting, &problem) != 0) {
            return oracle_explain(source_name(&source->base), &problem, error);
        }
    }
    return 0;
}

static int connect_to(struct oracle_source *source, const struct oracle_url *url,
                      const struct source_access *access, struct error *error) {
    struct text password = {0};
    struct oracle_error problem;
    const char *user = text_string(&url->user);
    const char *schema = access->schema == NULL ? SOURCE_DEFAULT_SCHEMA : access->schema;
    if (source_ask_password(access, user, source_name(&source->base), &password, error) != 0) {
        text_wipe(&password);
        return -1;
    }
    text_append_string(&source->schema, schema);
    const struct oracle_options options = {
        .address = text_string(&url->address),
        .tns_admin = access->tns_admin,
        .user = user,
        .password = text_string(&password),
        .schema = schema,
        .ca_file = access->ca_file,
        .silence_limit = access->timeout * 1000,
        .trace = source->trace == NULL ? NULL : write_trace,
        .trace_context = source->trace,
    };
    source->connection = oracle_connect(&options, &problem);
    text_wipe(&password);
    if (source->connection == NULL) {
        return oracle_explain(source_name(&source->base), &problem, error);
    }
    text_append_format(&source->banner, "Oracle %s (%s)", oracle_version(source->connection),
                       oracle_banner(source->connection));
    if (oracle_warning(source->connection) != NULL) {
        text_append_format(&source->banner, "; it says: %s", oracle_warning(source->connection));
    }
    return prepare_session(source, error);
}

static struct source *open_source(const char *address, const char *location,
                                  const struct source_access *access, struct error *error) {
    (void)location;
    struct oracle_url url = {0};
    struct oracle_source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    source->dialect = dialect_find("Oracle");
    int rc = oracle_url_read(&url, address, access->user, error);
    if (rc == 0) {
        text_append(&source->base.name, text_span(&url.name));
        rc = text_check(&source->base.name, error);
    }
    if (rc == 0) {
        rc = open_trace(source, access->trace, error);
    }
    if (rc == 0) {
        rc = connect_to(source, &url, access, error);
    }
    oracle_url_free(&url);
    if (rc != 0) {
        close_source(&source->base);
        return NULL;
    }
    return &source->base;
}

static const char *describe(const struct source *base) {
    return text_string(&((const struct oracle_source *)base)->banner);
}

static int hold_still(struct source *base, bool *is_still, struct error *error) {
    struct oracle_source *source = (struct oracle_source *)base;
    struct oracle_error problem;
    if (oracle_execute(source->connection, source->dialect->still_statement, &problem) != 0) {
        return oracle_explain(source_name(base), &problem, error);
    }
    *is_still = true;
    return 0;
}

static int start(struct oracle_source *source, struct oracle_rows *rows, const char *sql,
                 struct error *error) {
    struct text translated = {0};
    struct oracle_error problem;
    const char *why = source->has_open_rows
                          ? "one query at a time is what a connection of this kind can do"
                          : dialect_translate(source->dialect, sql, &translated);
    int rc = 0;
    if (why != NULL) {
        rc = source_refuse_query(&source->base, why, sql, error);
    } else if (text_check(&translated, error) != 0) {
        rc = -1;
    } else {
        rows->result = oracle_query(source->connection, text_string(&translated), &problem);
        if (rows->result == NULL) {
            rc = oracle_explain_query(&source->base, source->connection,
                                      text_string(&source->schema), text_string(&translated),
                                      &problem, error);
        }
    }
    text_free(&translated);
    return rc;
}

static void close_rows(struct rows *base) {
    struct oracle_rows *rows = (struct oracle_rows *)base;
    struct oracle_source *source = (struct oracle_source *)base->source;
    for (size_t i = 0; rows->scratch != NULL && i < oracle_column_count(rows->result); i++) {
        text_free(&rows->scratch[i]);
    }
    if (rows->result != NULL) {
        source->has_open_rows = false;
    }
    oracle_result_close(rows->result);
    free(rows->scratch);
    free(rows);
}

static struct rows *query(struct source *base, const char *sql, struct error *error) {
    struct oracle_source *source = (struct oracle_source *)base;
    struct oracle_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    rows->base.source = base;
    if (start(source, rows, sql, error) != 0) {
        free(rows);
        return NULL;
    }
    source->has_open_rows = true;
    rows->scratch = calloc(oracle_column_count(rows->result), sizeof *rows->scratch);
    if (rows->scratch == NULL) {
        error_set_no_memory(error);
        close_rows(&rows->base);
        return NULL;
    }
    return &rows->base;
}

static size_t column_count(const struct rows *base) {
    return oracle_column_count(((const struct oracle_rows *)base)->result);
}

static const char *column_name(const struct rows *base, size_t column) {
    return oracle_column_name(((const struct oracle_rows *)base)->result, column);
}

static int step(struct rows *base, struct error *error) {
    struct oracle_error problem;
    int rc = oracle_next_row(((struct oracle_rows *)base)->result, &problem);
    return rc < 0 ? oracle_explain(source_name(base->source), &problem, error) : rc;
}

static struct value value_of(const struct rows *base, size_t column) {
    const struct oracle_rows *rows = (const struct oracle_rows *)base;
    struct oracle_value value = oracle_value(rows->result, column);
    struct span text = {value.data, value.length};
    if (value.data == NULL) {
        return (struct value){.kind = VALUE_NULL};
    }
    switch (oracle_column_kind(rows->result, column)) {
    case ORACLE_NUMBER:
        return decimal_value(text, &rows->scratch[column]);
    case ORACLE_REAL:
        return (struct value){.kind = VALUE_REAL, .real = strtod(value.data, NULL)};
    case ORACLE_BYTES:
        return (struct value){.kind = VALUE_BLOB, .text = text};
    case ORACLE_TEXT:
    case ORACLE_MOMENT:
        break;
    }
    /* Oracle has no empty text; a CLOB can be empty. */
    if (value.length == 0) {
        return (struct value){.kind = VALUE_NULL};
    }
    return (struct value){.kind = VALUE_TEXT, .text = text};
}

const struct driver oracle_driver = {
    .open = open_source,
    .close = close_source,
    .hold_still = hold_still,
    .describe = describe,
    .query = query,
    .close_rows = close_rows,
    .column_count = column_count,
    .column_name = column_name,
    .step = step,
    .value = value_of,
};
