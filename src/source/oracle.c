/* Oracle by its own protocol (src/oracle): the driver of `oracle://` and `oracle+tcps://`. */
#define _POSIX_C_SOURCE 200809L /* fdopen, O_CLOEXEC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/output_file.h"
#include "oracle/oracle.h"
#include "source/driver_private.h"
#include "source/oracle_private.h"

struct oracle_source {
    struct source base;
    struct oracle_connection *connection;
    struct text banner;
    FILE *trace;
    bool has_open_rows;
};

struct oracle_rows {
    struct rows base;
    struct oracle_result *result;
    struct text *scratch; /* one a column */
};

/* What to do about the server's commonest refusals, in addition to its own words. */
static const struct advice {
    int code;
    const char *sentence;
} advices[] = {
    {1017, "check the user and --source-password-file or ROWPOST_SOURCE_PASSWORD"},
    {1005, "no password was given: use --source-password-file or ROWPOST_SOURCE_PASSWORD"},
    {1045, "the database user needs the privilege CREATE SESSION"},
    {28000, "the database user is locked: an administrator has to unlock it"},
    {28001, "the password has expired: set a new one with Oracle's tools first"},
    {18, "no room for another session: try again later"},
    {20, "no room for another process: try again later"},
    {1033, "the database starts or stops: try again later"},
    {1034, "the instance is down: its administrator has to start it"},
    {1035, "the database takes privileged users only at the moment: try again later"},
    {1089, "the database stops: try again later"},
    {1109, "the database is not open: its administrator has to open it"},
    {2391, "this user has too many sessions: end one, or try again later"},
};

static const char *find_advice(int code) {
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (advices[i].code == code) {
            return advices[i].sentence;
        }
    }
    return NULL;
}

static enum error_code code_of(enum oracle_failure failure) {
    switch (failure) {
    case ORACLE_USAGE:
        return ERROR_USAGE;
    case ORACLE_SIGN_IN:
        return ERROR_SESSION;
    case ORACLE_MEMORY:
        return ERROR_MEMORY;
    default:
        return ERROR_SOURCE;
    }
}

/* Connecting or reading has failed. Returns -1. */
static int explain(const struct oracle_source *source, const struct oracle_error *problem,
                   struct error *error) {
    const char *advice = find_advice(problem->code);
    bool is_refused = problem->failure == ORACLE_SIGN_IN && problem->code != 0;
    return error_set(error, code_of(problem->failure), "%s: %s%s%s%s", source_name(&source->base),
                     is_refused ? "the database refuses the sign-in: " : "", problem->message,
                     advice == NULL ? "" : "; ", advice == NULL ? "" : advice);
}

static void close_source(struct source *base) {
    struct oracle_source *source = (struct oracle_source *)base;
    oracle_close(source->connection);
    if (source->trace != NULL) {
        fclose(source->trace);
    }
    text_free(&source->banner);
    text_free(&source->base.schema);
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
    if (output_file_check("--trace", path, error) != 0) {
        return -1;
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

static int execute(struct oracle_source *source, const char *sql, struct error *error) {
    struct oracle_error problem;
    return oracle_execute(source->connection, sql, &problem) == 0
               ? 0
               : explain(source, &problem, error);
}

static int connect_to(struct oracle_source *source, const struct oracle_url *url,
                      const struct source_access *access, struct error *error) {
    struct text password = {0};
    struct oracle_error problem;
    const char *user = text_string(&url->user);
    text_append(&password, text_span(&url->password));
    if (password.length == 0 &&
        source_ask_password(access, user, source_name(&source->base), &password, error) != 0) {
        text_wipe(&password);
        return -1;
    }
    const struct oracle_options options = {
        .address = text_string(&url->address),
        .tns_admin = access->tns_admin,
        .user = user,
        .password = text_string(&password),
        .ca_file = access->ca_file,
        .silence_limit = access->timeout * 1000,
        .trace = source->trace == NULL ? NULL : write_trace,
        .trace_context = source->trace,
    };
    source->connection = oracle_connect(&options, &problem);
    text_wipe(&password);
    if (source->connection == NULL) {
        return explain(source, &problem, error);
    }
    text_append_format(&source->banner, "Oracle %s (%s)", oracle_version(source->connection),
                       oracle_banner(source->connection));
    if (oracle_warning(source->connection) != NULL) {
        text_append_format(&source->banner, "; it reports: %s", oracle_warning(source->connection));
    }
    /* For what is read as a TIMESTAMP of the session's zone. */
    return execute(source, "ALTER SESSION SET TIME_ZONE = '+00:00'", error);
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
    source->base.catalog = &oracle_catalog;
    text_append_string(&source->base.schema,
                       access->schema == NULL ? access->usual_schema : access->schema);
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

static int begin(struct source *base, bool *is_one_moment, struct error *error) {
    *is_one_moment = execute((struct oracle_source *)base, "SET TRANSACTION READ ONLY", error) == 0;
    return *is_one_moment ? 0 : -1;
}

static int end(struct source *base, struct error *error) {
    return execute((struct oracle_source *)base, "COMMIT", error);
}

static int start(struct oracle_source *source, struct oracle_rows *rows, const char *sql,
                 struct error *error) {
    struct oracle_error problem;
    if (source->has_open_rows) {
        return error_set(error, ERROR_INTERNAL,
                         "%s: one table at a time is what a connection of this kind can read",
                         source_name(&source->base));
    }
    rows->result = oracle_query(source->connection, sql, &problem);
    return rows->result == NULL ? explain(source, &problem, error) : 0;
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

static int step(struct rows *base, struct error *error) {
    struct oracle_error problem;
    int rc = oracle_next_row(((struct oracle_rows *)base)->result, &problem);
    return rc < 0 ? explain((const struct oracle_source *)base->source, &problem, error) : rc;
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
    .begin = begin,
    .end = end,
    .describe = describe,
    .query = query,
    .close_rows = close_rows,
    .step = step,
    .value = value_of,
};
