#include "report/row_list.h"

#include <errno.h>

#include "base/json_writer.h"
#include "base/statement.h"

/* A column of a list: its name in JSON, and whether it is JSON already. */
struct list_column {
    const char *name;
    bool is_json;
};

enum { MAX_COLUMNS = 6 };

struct list {
    const char *sql; /* ?1 is the kind's name or null; columns in the order below */
    struct list_column columns[MAX_COLUMNS];
    size_t column_count;
};

#define ROWS_OF(fate)                                                                              \
    "SELECT k.name, q.name, s.row, s.because, s.content FROM source_row s"                         \
    " JOIN query q ON q.id = s.query JOIN kind k ON k.position = q.kind"                           \
    " WHERE s.fate = '" fate "' AND (?1 IS NULL OR k.name = ?1)"                                   \
    " ORDER BY k.position, s.query, s.rowid"

static const struct list rejects = {
    ROWS_OF("rejected"),
    {{"kind", false}, {"query", false}, {"row", false}, {"reason", false}, {"content", true}},
    5};

static const struct list skips = {
    ROWS_OF("skipped"),
    {{"kind", false}, {"query", false}, {"row", false}, {"rule", false}, {"content", true}},
    5};

static const struct list findings = {
    "SELECT k.name, d.key, f.during, f.field, f.planned_value, f.found_value FROM finding f"
    " JOIN document d ON d.id = f.document JOIN kind k ON k.position = d.kind"
    " WHERE ?1 IS NULL OR k.name = ?1 ORDER BY k.position, d.id, f.id",
    {{"kind", false},
     {"key", false},
     {"during", false},
     {"field", false},
     {"planned", false},
     {"found", false}},
    6};

static const struct list people = {
    "SELECT k.name, l.name, l.outcome, l.uses, l.found FROM lookup l"
    " JOIN kind k ON k.position = l.kind WHERE l.outcome <> 'found' AND (?1 IS NULL OR k.name = ?1)"
    " ORDER BY k.position, l.uses DESC, l.name",
    {{"kind", false}, {"name", false}, {"outcome", false}, {"uses", true}, {"found", false}},
    5};

static const struct list documents = {
    "SELECT d.key, coalesce(b.changed_body, b.body) FROM document d"
    " JOIN body b ON b.document = d.id JOIN kind k ON k.position = d.kind"
    " WHERE (?1 IS NULL OR k.name = ?1) AND d.change IS NOT 'gone' ORDER BY d.kind, d.id",
    {{"key", false}, {"body", true}},
    2};

static const struct list unremovable = {
    "SELECT k.name, d.key, d.target_id FROM document d JOIN kind k ON k.position = d.kind"
    " WHERE d.state = 'delivered' AND (?1 IS NULL OR k.name = ?1) ORDER BY d.kind, d.id",
    {{"kind", false}, {"key", false}, {"id", false}},
    3};

static void append_json_line(const struct list *list, const struct statement *statement,
                             struct text *line) {
    struct json_writer json = json_writer_to(line);
    json_begin_object(&json);
    for (size_t i = 0; i < list->column_count; i++) {
        struct span value = statement_text(statement, (int)i);
        json_write_key(&json, list->columns[i].name);
        if (list->columns[i].is_json && !span_is_null(value)) {
            json_write_raw(&json, value);
        } else {
            json_write_string(&json, value);
        }
    }
    json_end_object(&json);
}

/* Tabs and line feeds of a value would break the line. */
static void append_field(struct text *line, struct span value) {
    for (size_t i = 0; i < value.length; i++) {
        char c = value.data[i];
        bool is_control = (unsigned char)c < 0x20 || c == 0x7f;
        text_append_char(line, (char)(is_control ? ' ' : c));
    }
}

static void append_text_line(const struct list *list, const struct statement *statement,
                             struct text *line) {
    for (size_t i = 0; i < list->column_count; i++) {
        if (i > 0) {
            text_append_char(line, '\t');
        }
        append_field(line, statement_text(statement, (int)i));
    }
}

static int write_list(const struct list *list, struct workspace *workspace, const char *kind,
                      enum list_format format, FILE *out, struct error *error) {
    struct statement statement;
    struct text line = {0};
    if (statement_prepare(&statement, workspace_database(workspace), list->sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&statement, 1, kind);
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        text_clear(&line);
        if (format == LIST_JSON) {
            append_json_line(list, &statement, &line);
        } else {
            append_text_line(list, &statement, &line);
        }
        text_append_char(&line, '\n');
        if (text_check(&line, error) != 0) {
            rc = -1;
            break;
        }
        errno = 0;
        if (fwrite(line.data, 1, line.length, out) != line.length) {
            /* Whoever reads has seen enough. */
            rc = errno == EPIPE ? 0 : error_set(error, ERROR_DISK, "the output cannot be written");
            break;
        }
    }
    text_free(&line);
    statement_finalize(&statement);
    return rc;
}

int row_list_rejects(struct workspace *workspace, const char *kind, enum list_format format,
                     FILE *out, struct error *error) {
    return write_list(&rejects, workspace, kind, format, out, error);
}

int row_list_skips(struct workspace *workspace, const char *kind, enum list_format format,
                   FILE *out, struct error *error) {
    return write_list(&skips, workspace, kind, format, out, error);
}

int row_list_findings(struct workspace *workspace, const char *kind, enum list_format format,
                      FILE *out, struct error *error) {
    return write_list(&findings, workspace, kind, format, out, error);
}

int row_list_people(struct workspace *workspace, const char *kind, enum list_format format,
                    FILE *out, struct error *error) {
    return write_list(&people, workspace, kind, format, out, error);
}

int row_list_documents(struct workspace *workspace, const char *kind, FILE *out,
                       struct error *error) {
    return write_list(&documents, workspace, kind, LIST_JSON, out, error);
}

int row_list_unremovable(struct workspace *workspace, FILE *out, struct error *error) {
    return write_list(&unremovable, workspace, NULL, LIST_TEXT, out, error);
}
