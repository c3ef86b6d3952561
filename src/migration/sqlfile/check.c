/* What can be checked of a migration file before it is planned. */
#include <string.h>

#include "base/map.h"
#include "migration/sqlfile/sql_token.h"
#include "migration/sqlfile/sqlfile_private.h"

/* ---- the source's columns ---- */

struct source_columns {
    struct map known; /* in lower case */
    struct text names;
};

static int take_column(void *context, const struct source_column *column, struct error *error) {
    struct source_columns *columns = context;
    struct text folded = {0};
    text_append_ascii_lower(&folded, span_of(column->name));
    text_append_format(&columns->names, "%s%s", columns->names.length == 0 ? "" : ", ",
                       column->name);
    int rc = folded.failed || map_put(&columns->known, text_span(&folded), columns) != 0
                 ? error_set_no_memory(error)
                 : 0;
    text_free(&folded);
    return rc;
}

static bool has_column(const struct source_columns *columns, const char *name) {
    struct text folded = {0};
    text_append_ascii_lower(&folded, span_of(name));
    bool has = map_find(&columns->known, text_span(&folded)) != NULL;
    text_free(&folded);
    return has;
}

int sqlfile_check_columns(const struct sqlfile *file, size_t table, struct source *source,
                          struct error *error) {
    const struct table *declared = &file->tables[table];
    const struct annotation *annotation = file->file_tables[table].annotation;
    struct source_columns columns = {0};
    struct error cause = {0};
    int rc = source_list_columns(source, declared->source, take_column, &columns, &cause);
    if (rc != 0 && cause.code == ERROR_USAGE) {
        parsed_file_fail(&file->parsed, annotation->sql_line, error, "table %s: %s", declared->name,
                         cause.message);
    } else if (rc != 0 && error != NULL) {
        *error = cause;
    }
    for (size_t i = 0; i < declared->column_count && rc == 0; i++) {
        if (!has_column(&columns, declared->source_columns[i])) {
            rc = parsed_file_fail(&file->parsed, annotation->sql_line, error,
                                  "table %s: the source's %s has no column %s; expected one of %s",
                                  declared->name, declared->source, declared->source_columns[i],
                                  text_string(&columns.names));
        }
    }
    map_free(&columns.known);
    text_free(&columns.names);
    return rc;
}

/* ---- records that the SQL names ---- */

/* What a literal in single quotes means. */
static void append_string(struct sql_token token, struct text *out) {
    for (size_t i = 1; i + 1 < token.text.length; i++) {
        text_append_char(out, token.text.data[i]);
        i += token.text.data[i] == '\'';
    }
}

/* What a call of new_id() shows of the record that it names. */
struct naming_call {
    struct text kind; /* where it is a literal */
    struct text key;
    bool has_kind, has_key;
};

/* `('kind', 'key')` at the start of `rest`, either of which may be another expression. */
static void read_call(struct span rest, struct naming_call *call) {
    struct sql_token tokens[5];
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        tokens[i] = sql_token_next_solid(&rest);
    }
    text_clear(&call->kind);
    text_clear(&call->key);
    call->has_kind = tokens[1].kind == SQL_STRING && sql_token_is_char(tokens[2], ',');
    call->has_key =
        call->has_kind && tokens[3].kind == SQL_STRING && sql_token_is_char(tokens[4], ')');
    if (call->has_kind) {
        append_string(tokens[1], &call->kind);
    }
    if (call->has_key) {
        append_string(tokens[3], &call->key);
    }
}

struct naming {
    const char *existing;
    int (*take)(void *context, struct span key, size_t line, struct error *error);
    void *context;
};

static int each_in_sql(const struct annotation *annotation, const struct naming *naming,
                       struct error *error) {
    struct span rest = span_of(annotation->sql);
    size_t line = annotation->sql_line;
    struct naming_call call = {0};
    struct sql_token token;
    int rc = 0;
    while (rc == 0 && (token = sql_token_next(&rest)).kind != SQL_END) {
        if (sql_token_is_word(token, "new_id")) {
            read_call(rest, &call);
            if (!call.has_kind || strcmp(text_string(&call.kind), naming->existing) == 0) {
                rc = naming->take(naming->context,
                                  call.has_key ? text_span(&call.key) : (struct span){0}, line,
                                  error);
            }
        }
        for (size_t i = 0; i < token.text.length; i++) {
            line += token.text.data[i] == '\n';
        }
    }
    text_free(&call.kind);
    text_free(&call.key);
    return rc;
}

int sqlfile_each_named(const struct sqlfile *file, const char *existing,
                       int (*take)(void *context, struct span key, size_t line,
                                   struct error *error),
                       void *context, struct error *error) {
    const struct naming naming = {existing, take, context};
    int rc = 0;
    for (size_t i = 0; i < file->parsed.count && rc == 0; i++) {
        if (file->parsed.annotations[i].sql != NULL) {
            rc = each_in_sql(&file->parsed.annotations[i], &naming, error);
        }
    }
    return rc;
}
