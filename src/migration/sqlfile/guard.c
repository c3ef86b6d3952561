#include "migration/sqlfile/guard.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/interrupt.h"
#include "migration/sqlfile/functions.h"
#include "migration/sqlfile/sql_token.h"

/* Every sensible query returns a row sooner. */
enum { ROW_TIMEOUT_SECONDS = 600, VALUE_MOST = 64 * 1024 * 1024 };

static bool is_over(void *context) {
    struct guard *guard = context;
    guard->is_over = guard->is_over || clock_now() > guard->deadline;
    return guard->is_over;
}

void guard_open(struct guard *guard, const struct sqlfile *file,
                const struct migration_settings *settings, struct staging *staging) {
    *guard = (struct guard){.file = file,
                            .is_noting = true,
                            .settings = settings,
                            .staging = staging,
                            .timeout = (int64_t)ROW_TIMEOUT_SECONDS * CLOCK_SECOND};
    guard->deadline = clock_now() + guard->timeout;
    memory_limit_begin(&guard->memory);
    guard->length_before =
        sqlite3_limit(staging_database(staging), SQLITE_LIMIT_LENGTH, VALUE_MOST);
    staging_watch(staging, is_over, guard);
}

void guard_close(struct guard *guard) {
    staging_watch(guard->staging, NULL, NULL);
    sqlite3_limit(staging_database(guard->staging), SQLITE_LIMIT_LENGTH, guard->length_before);
    memory_limit_end(&guard->memory);
    map_free(&guard->reads);
    text_free(&guard->refusal);
}

/* ---- what is read ---- */

static void append_key(const char *table, const char *column, struct text *key) {
    text_append_ascii_lower(key, span_of(table));
    text_append_char(key, '\n');
    text_append_ascii_lower(key, span_of(column));
}

static void note_read(struct guard *guard, const char *table, const char *column) {
    struct text key = {0};
    append_key(table, column, &key);
    map_put(&guard->reads, text_span(&key), guard);
    text_free(&key);
}

bool guard_has_read(const struct guard *guard, const char *table, const char *column) {
    struct text key = {0};
    append_key(table, column, &key);
    bool has = map_find(&guard->reads, text_span(&key)) != NULL;
    text_free(&key);
    return has;
}

/* ---- what is allowed ---- */

static int refuse(struct guard *guard, const char *format, const char *what) {
    if (guard->refusal.length == 0) {
        text_append_format(&guard->refusal, format, what == NULL ? "" : what);
    }
    return SQLITE_DENY;
}

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names != NULL; names++) {
        if (sqlite3_stricmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

/* SQLite reports a query of a staged table that needs no column as a read of the source's table. */
static bool is_staged(const struct guard *guard, const char *source_table) {
    for (size_t i = 0; i < guard->file->table_count; i++) {
        const struct table *table = &guard->file->tables[i];
        const char *point = strrchr(table->source, '.');
        if (sqlite3_stricmp(table->name, source_table) == 0 ||
            sqlite3_stricmp(point == NULL ? table->source : point + 1, source_table) == 0) {
            return true;
        }
    }
    return false;
}

/* Tables of the source are read through staged ones only: `through` is the view. */
static int allow_read(struct guard *guard, const char *table, const char *column, const char *where,
                      const char *through) {
    static const char *const functions[] = {"json_each", "json_tree", NULL};
    bool is_source = where != NULL && strcmp(where, "temp") != 0 && !is_one_of(table, functions);
    bool is_through = through != NULL && sqlfile_find_table(guard->file, through) >= 0;
    bool is_counted = (column == NULL || *column == '\0') && is_staged(guard, table);
    if (is_source && !is_through && !is_counted) {
        return refuse(guard,
                      "%s is not a table of this file; expected one that a --@ table stages, a "
                      "lookup, a view or used rows",
                      table);
    }
    if (!is_source && guard->is_noting) {
        note_read(guard, table, column == NULL ? "" : column);
    }
    return SQLITE_OK;
}

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *through) {
    struct guard *guard = context;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        return allow_read(guard, first, second, database, through);
    case SQLITE_FUNCTION:
        return sql_functions_allow(second, &guard->refusal) ? SQLITE_OK : SQLITE_DENY;
    default:
        return refuse(guard, "the SQL of a migration reads and computes; expected SELECT or VALUES",
                      NULL);
    }
}

/* ---- parameters ---- */

struct span guard_find_value(const struct guard *guard, struct span name, char day[16]) {
    if (span_equal_string(name, "as_of")) {
        date_format_day(guard->settings->as_of, day);
        return span_of(day);
    }
    for (size_t i = 0; i < guard->file->option_count; i++) {
        if (span_equal_string(name, guard->file->option_annotations[i]->name)) {
            const char *given = migration_find_value(guard->settings, guard->file->options[i].name);
            return span_of(given == NULL ? guard->file->option_annotations[i]->second : given);
        }
    }
    return (struct span){0};
}

static int append_parameter(const struct guard *guard, const struct annotation *annotation,
                            struct span parameter, struct text *sql, struct error *error) {
    char day[16];
    struct span name = {parameter.data + 1, parameter.length - 1};
    struct span value = guard_find_value(guard, name, day);
    if (span_is_null(value)) {
        return parsed_file_fail(&guard->file->parsed,
                                annotation_line_at(annotation, parameter.data), error,
                                "%.*s is no option; expected :as_of or one of --@ option",
                                (int)parameter.length, parameter.data);
    }
    sql_append_literal(value, sql);
    return 0;
}

int guard_append_sql(const struct guard *guard, const struct annotation *annotation,
                     struct text *sql, struct error *error) {
    struct span rest = span_of(annotation->sql);
    struct sql_token token;
    while ((token = sql_token_next(&rest)).kind != SQL_END) {
        if (token.kind != SQL_PARAMETER) {
            text_append(sql, token.text);
        } else if (append_parameter(guard, annotation, token.text, sql, error) != 0) {
            return -1;
        }
    }
    return text_check(sql, error);
}

/* ---- statements ---- */

static int fail(struct guard *guard, const struct annotation *annotation, size_t line,
                const char *message, struct error *error) {
    const struct annotation_form *form = &annotation_forms[annotation->word];
    const char *name = annotation->name != NULL ? annotation->name : annotation->text;
    return parsed_file_fail(&guard->file->parsed, line, error, "%s %s: %s", form->word,
                            name == NULL ? "" : name, message);
}

static int fail_prepare(struct guard *guard, const struct annotation *annotation,
                        const struct text *sql, struct error *error) {
    sqlite3 *database = staging_database(guard->staging);
    int offset = sqlite3_error_offset(database);
    size_t line = annotation->sql_line;
    for (int i = 0; i < offset && (size_t)i < sql->length; i++) {
        line += sql->data[i] == '\n';
    }
    return fail(guard, annotation, line,
                guard->refusal.length > 0 ? text_string(&guard->refusal) : sqlite3_errmsg(database),
                error);
}

static int prepare_text(struct guard *guard, const struct annotation *annotation,
                        const struct text *sql, struct statement *statement, struct error *error) {
    sqlite3 *database = staging_database(guard->staging);
    text_clear(&guard->refusal);
    sqlite3_set_authorizer(database, authorize, guard);
    *statement = (struct statement){.database = database};
    int rc = sqlite3_prepare_v3(database, text_string(sql), (int)sql->length + 1, 0,
                                &statement->handle, NULL);
    sqlite3_set_authorizer(database, NULL, NULL);
    if (rc == SQLITE_OK && statement->handle != NULL && guard->refusal.length == 0) {
        return 0;
    }
    fail_prepare(guard, annotation, sql, error);
    statement_finalize(statement);
    *statement = (struct statement){0};
    return -1;
}

int guard_prepare(struct guard *guard, const struct annotation *annotation, const char *before,
                  const char *after, struct statement *statement, struct error *error) {
    struct text sql = {0};
    text_append_string(&sql, before);
    int rc = guard_append_sql(guard, annotation, &sql, error);
    if (rc == 0) {
        /* A comment may end the SQL. */
        text_append_format(&sql, "%s%s", *after == '\0' ? "" : "\n", after);
        rc = text_check(&sql, error);
    }
    if (rc == 0) {
        rc = prepare_text(guard, annotation, &sql, statement, error);
    }
    text_free(&sql);
    return rc;
}

int guard_step(struct guard *guard, const struct annotation *annotation,
               struct statement *statement, struct error *error) {
    struct error cause = {0};
    guard->deadline = clock_now() + guard->timeout;
    int rc = statement_step(statement, &cause);
    if (rc >= 0) {
        return rc;
    }
    sqlite3 *database = staging_database(guard->staging);
    int code = sqlite3_errcode(database) & 0xff;
    if (guard->is_over && !interrupt_requested()) {
        return fail(guard, annotation, annotation->sql_line,
                    "no row for ten minutes: the SQL does not end, or a join has no index; "
                    "expected a row sooner",
                    error);
    }
    if (code == SQLITE_ERROR || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH) {
        return fail(guard, annotation, annotation->sql_line, sqlite3_errmsg(database), error);
    }
    if (code == SQLITE_NOMEM) {
        return fail(guard, annotation, annotation->sql_line,
                    "the SQL takes more than 1 GB of memory; expected less", error);
    }
    *error = cause;
    return -1;
}
