/* The columns of a kind's SELECT that its requests, headers and conditions use: kept with each
 * document, each with its type. */
#include <string.h>

#include "base/json_writer.h"
#include "migration/sqlfile/plan_private.h"

/* Names that are not columns, but have a meaning of their own. */
static bool is_part(const char *name) {
    static const char *const parts[] = {"key", "body", "rows", "ordering_key", "expect"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (sqlite3_stricmp(parts[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- which are used ---- */

struct finding_values {
    const struct file_plan *plan;
    const struct file_kind *kind;
    const struct statement *documents;
    struct document_values *values;
};

static struct value_column *find_value(const struct document_values *values,
                                       const struct statement *documents, const char *name) {
    for (size_t i = 0; i < values->count; i++) {
        if (strcmp(sqlite3_column_name(documents->handle, values->columns[i].column), name) == 0) {
            return (struct value_column *)&values->columns[i];
        }
    }
    return NULL;
}

static int find_column(const struct statement *documents, const char *name) {
    for (int i = 0; i < sqlite3_column_count(documents->handle); i++) {
        const char *column = sqlite3_column_name(documents->handle, i);
        if (!is_part(column) && strcmp(column, name) == 0) {
            return i;
        }
    }
    return -1;
}

static int fail_missing(const struct finding_values *finding, const struct annotation *annotation,
                        const char *name, struct error *error) {
    struct text columns = {0};
    for (int i = 0; i < sqlite3_column_count(finding->documents->handle); i++) {
        text_append_format(&columns, "%s%s", i == 0 ? "" : ", ",
                           sqlite3_column_name(finding->documents->handle, i));
    }
    parsed_file_fail(&finding->plan->file->parsed, annotation->line, error,
                     "%s: the kind %s has no value %s; its SELECT gives %s",
                     annotation_forms[annotation->word].word, finding->kind->annotation->name, name,
                     text_string(&columns));
    text_free(&columns);
    return -1;
}

static int take_use(void *context, const struct annotation *annotation, const char *name,
                    struct error *error) {
    struct finding_values *finding = context;
    struct document_values *values = finding->values;
    struct value_column *value = find_value(values, finding->documents, name);
    if (value == NULL) {
        int column = find_column(finding->documents, name);
        if (column < 0) {
            return fail_missing(finding, annotation, name, error);
        }
        if (values->count == VALUES_MOST) {
            return parsed_file_fail(&finding->plan->file->parsed, annotation->line, error,
                                    "kind %s: it uses more than %d values; expected fewer",
                                    finding->kind->annotation->name, VALUES_MOST);
        }
        value = &values->columns[values->count++];
        *value = (struct value_column){.column = column};
    }
    if (annotation->word == WORD_CREATE || annotation->word == WORD_FIND) {
        value->path = annotation;
    } else if (annotation->word == WORD_HEADER) {
        value->header = annotation;
    }
    return 0;
}

static int check_column(const struct finding_values *finding, int column, struct error *error) {
    const char *name = sqlite3_column_name(finding->documents->handle, column);
    const struct annotation *annotation = finding->kind->annotation;
    if (is_part(name)) {
        return 0;
    }
    if (condition_is_reserved(name)) {
        return parsed_file_fail(&finding->plan->file->parsed, annotation->sql_line, error,
                                "kind %s: a column is called %s, which has a meaning of its own in "
                                "conditions and requests; expected another name",
                                annotation->name, name);
    }
    if (find_value(finding->values, finding->documents, name) == NULL) {
        return parsed_file_fail(&finding->plan->file->parsed, annotation->sql_line, error,
                                "kind %s: nothing uses the column %s; expected it in a path or a "
                                "header as {%s}, in a condition as :%s, or not at all",
                                annotation->name, name, name, name);
    }
    return 0;
}

int document_values_find(const struct file_plan *plan, size_t kind,
                         const struct statement *documents, struct document_values *values,
                         struct error *error) {
    struct finding_values finding = {plan, &plan->file->file_kinds[kind], documents, values};
    int rc = file_kind_each_column(finding.kind, take_use, &finding, error);
    for (int i = 0; i < sqlite3_column_count(documents->handle) && rc == 0; i++) {
        rc = check_column(&finding, i, error);
    }
    return rc;
}

/* ---- their values ---- */

static bool begins_with(const struct statement *documents, int column, const char *marker) {
    struct span value = statement_text(documents, column);
    size_t length = strlen(marker);
    return value.length > length && memcmp(value.data, marker, length) == 0;
}

bool document_value_is_marker(const struct statement *documents, int column) {
    return sqlite3_column_type(documents->handle, column) == SQLITE_TEXT &&
           begins_with(documents, column, "{\"$new\":");
}

/* Whether the value is a part of the path itself, and not of its query. */
static bool is_in_path(const struct value_column *value, const char *name) {
    struct text piece = {0};
    text_append_format(&piece, "{%s}", name);
    const char *path = value->path->text;
    const char *at = strstr(path, text_string(&piece));
    bool is_in = at != NULL && (size_t)(at - path) < strcspn(path, "?");
    text_free(&piece);
    return is_in;
}

static int check_value(const struct value_column *value, const struct statement *documents,
                       struct text *reason) {
    int type = sqlite3_column_type(documents->handle, value->column);
    const char *name = sqlite3_column_name(documents->handle, value->column);
    if (type == SQLITE_BLOB) {
        text_append_format(reason, "has bytes as its value %s; expected a text or a number", name);
    } else if (type == SQLITE_TEXT && begins_with(documents, value->column, "{\"$secret\":")) {
        text_append_format(reason, "has a secret as its value %s; expected it in the body", name);
    } else if (type == SQLITE_NULL && value->path != NULL) {
        text_append_format(reason, "has no value %s, which --@ %s needs; expected no null", name,
                           annotation_forms[value->path->word].word);
    } else if (value->path != NULL && statement_text(documents, value->column).length == 0 &&
               is_in_path(value, name)) {
        text_append_format(reason, "has an empty value %s, which the path of --@ %s needs", name,
                           annotation_forms[value->path->word].word);
    } else if (value->header != NULL &&
               !template_fits_header(statement_text(documents, value->column))) {
        text_append_format(reason,
                           "has a line feed or the like in its value %s, which is in the "
                           "header %s; expected one line",
                           name, value->header->name);
    }
    return reason->length == 0 ? 0 : -1;
}

static void append_value(struct json_writer *json, const struct statement *documents, int column) {
    sqlite3_stmt *row = documents->handle;
    json_write_key(json, sqlite3_column_name(row, column));
    if (sqlite3_column_type(row, column) == SQLITE_INTEGER) {
        json_write_integer(json, sqlite3_column_int64(row, column));
    } else if (sqlite3_column_type(row, column) == SQLITE_FLOAT) {
        json_write_real(json, sqlite3_column_double(row, column));
    } else if (document_value_is_marker(documents, column)) {
        json_write_raw(json, statement_text(documents, column));
    } else {
        json_write_string(json, statement_text(documents, column));
    }
}

int document_values_append(const struct document_values *values, const struct statement *documents,
                           struct text *json, struct text *reason) {
    struct json_writer writer = json_writer_to(json);
    json_begin_object(&writer);
    for (size_t i = 0; i < values->count; i++) {
        if (check_value(&values->columns[i], documents, reason) != 0) {
            return -1;
        }
        append_value(&writer, documents, values->columns[i].column);
    }
    json_end_object(&writer);
    return 0;
}
