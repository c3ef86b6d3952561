#include "report/document_report.h"

#include <stdbool.h>

#include "base/json_writer.h"
#include "base/statement.h"
#include "report/fields.h"
#include "report/indented_json.h"

/* A list that belongs to a document: a title, a query with ?1 as the document, and the names of its
 * columns. */
enum { MAX_COLUMNS = 8 };

struct column {
    const char *name;
    bool is_json;
};

struct section {
    const char *name; /* for people */
    const char *key;  /* for programs */
    const char *sql;
    struct column columns[MAX_COLUMNS];
};

static const struct section sections[] = {
    [DOCUMENT_SOURCE_ROWS] = {"source rows",
                              "source_rows",
                              "SELECT q.name, s.row, s.content FROM source_row s"
                              " JOIN query q ON q.id = s.query WHERE s.document = ?1"
                              " ORDER BY s.rowid",
                              {{"query", false}, {"row", false}, {"content", true}}},
    [DOCUMENT_ATTEMPTS] = {"attempts",
                           "attempts",
                           "SELECT started, purpose, method, path, status, outcome, duration_us,"
                           " excerpt FROM attempt WHERE document = ?1 ORDER BY id",
                           {{"started", false},
                            {"purpose", false},
                            {"method", false},
                            {"path", false},
                            {"status", false},
                            {"outcome", false},
                            {"microseconds", false},
                            {"answer", false}}},
    [DOCUMENT_FINDINGS] =
        {"findings",
         "findings",
         "SELECT during, field, planned_value, found_value FROM finding"
         " WHERE document = ?1 ORDER BY id",
         {{"during", false}, {"field", false}, {"planned", false}, {"found", false}}},
};

enum { SECTION_COUNT = sizeof sections / sizeof *sections };

/* The document's own columns. */
static const char document_sql[] =
    "SELECT d.id, k.name, d.key, d.state, d.verdict, d.change, d.origin, d.target_id, b.body,"
    " b.changed_body FROM document d JOIN kind k ON k.position = d.kind"
    " JOIN body b ON b.document = d.id"
    " WHERE d.key = ?1 AND (?2 IS NULL OR k.name = ?2) ORDER BY d.kind";

static const char *const document_columns[] = {"kind",   "key",    "state",     "verdict",
                                               "change", "origin", "target_id", NULL};
enum { BODY_COLUMN = 8, CHANGED_BODY_COLUMN = 9 };

static size_t count_columns(const struct section *section) {
    size_t count = 0;
    while (count < MAX_COLUMNS && section->columns[count].name != NULL) {
        count++;
    }
    return count;
}

/* The columns of a source row. */
enum { QUERY_COLUMN, ROW_COLUMN, CONTENT_COLUMN };

/* A value of the section's row. The content of a source row that was used is looked up. */
static struct span value_of(const struct section *section, const struct statement *rows, int column,
                            const struct row_lookup *lookup) {
    struct span value = statement_text(rows, column);
    if (section != &sections[DOCUMENT_SOURCE_ROWS] || column != CONTENT_COLUMN ||
        !span_is_null(value)) {
        return value;
    }
    return row_lookup_content(lookup, statement_text(rows, QUERY_COLUMN),
                              statement_text(rows, ROW_COLUMN));
}

static void write_section_row(const struct section *section, const struct statement *rows,
                              const struct row_lookup *lookup, struct json_writer *json) {
    json_begin_object(json);
    for (size_t i = 0; i < count_columns(section); i++) {
        struct span value = value_of(section, rows, (int)i, lookup);
        json_write_key(json, section->columns[i].name);
        if (sqlite3_column_type(rows->handle, (int)i) == SQLITE_INTEGER) {
            json_write_integer(json, statement_integer(rows, (int)i));
        } else if (section->columns[i].is_json && !span_is_null(value)) {
            json_write_raw(json, value);
        } else {
            json_write_string(json, value);
        }
    }
    json_end_object(json);
}

/* What is JSON stands below, one value a line. */
static void append_section_row(const struct section *section, const struct statement *rows,
                               const struct row_lookup *lookup, struct text *out) {
    struct span content = {0};
    text_append_string(out, "  ");
    const char *separator = "";
    for (size_t i = 0; i < count_columns(section); i++) {
        struct span value = value_of(section, rows, (int)i, lookup);
        if (section->columns[i].is_json) {
            content = value;
            continue;
        }
        if (span_is_empty(value)) {
            continue;
        }
        text_append_format(out, "%s%s ", separator, section->columns[i].name);
        text_append(out, value);
        separator = ", ";
    }
    text_append_char(out, '\n');
    if (!span_is_null(content)) {
        fields_append_text(out, content, 4);
    }
}

static int open_section(struct workspace *workspace, const struct section *section,
                        int64_t document, struct statement *rows, struct error *error) {
    if (statement_prepare(rows, workspace_database(workspace), section->sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(rows, 1, document);
    return 0;
}

static int write_section(struct workspace *workspace, enum document_section which, int64_t document,
                         const struct row_lookup *lookup, struct json_writer *json,
                         struct error *error) {
    const struct section *section = &sections[which];
    struct statement rows;
    if (open_section(workspace, section, document, &rows, error) != 0) {
        return -1;
    }
    json_write_key(json, section->key);
    json_begin_array(json);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        write_section_row(section, &rows, lookup, json);
    }
    json_end_array(json);
    statement_finalize(&rows);
    return rc;
}

int document_write_section(struct workspace *workspace, enum document_section which,
                           int64_t document, struct json_writer *json, struct error *error) {
    return write_section(workspace, which, document, NULL, json, error);
}

static int append_section(struct workspace *workspace, const struct section *section,
                          int64_t document, const struct row_lookup *lookup, struct text *out,
                          struct error *error) {
    struct statement rows;
    if (open_section(workspace, section, document, &rows, error) != 0) {
        return -1;
    }
    int rc;
    const char *title = section->name;
    while ((rc = statement_step(&rows, error)) == 1) {
        if (title != NULL) {
            text_append_format(out, "\n%s\n", title);
            title = NULL;
        }
        append_section_row(section, &rows, lookup, out);
    }
    statement_finalize(&rows);
    return rc;
}

static int append_text(struct workspace *workspace, const struct statement *document,
                       const struct row_lookup *rows, struct text *out, struct error *error) {
    for (int i = 0; document_columns[i] != NULL; i++) {
        struct span value = statement_text(document, i + 1);
        if (!span_is_null(value)) {
            text_append_format(out, "%-10s ", document_columns[i]);
            text_append(out, value);
            text_append_char(out, '\n');
        }
    }
    text_append_string(out, "\nbody\n");
    json_append_indented(out, statement_text(document, BODY_COLUMN));
    text_append_char(out, '\n');
    if (!span_is_null(statement_text(document, CHANGED_BODY_COLUMN))) {
        text_append_string(out, "\nbody as planned now\n");
        json_append_indented(out, statement_text(document, CHANGED_BODY_COLUMN));
        text_append_char(out, '\n');
    }
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (append_section(workspace, &sections[i], statement_integer(document, 0), rows, out,
                           error) != 0) {
            return -1;
        }
    }
    return 0;
}

static void write_body(struct json_writer *json, const char *key, struct span body) {
    json_write_key(json, key);
    if (span_is_null(body)) {
        json_write_null(json);
    } else {
        json_write_raw(json, body);
    }
}

static int append_json(struct workspace *workspace, const struct statement *document,
                       const struct row_lookup *rows, struct text *out, struct error *error) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    for (int i = 0; document_columns[i] != NULL; i++) {
        json_member_string(&json, document_columns[i], statement_text(document, i + 1));
    }
    write_body(&json, "body", statement_text(document, BODY_COLUMN));
    write_body(&json, "changed_body", statement_text(document, CHANGED_BODY_COLUMN));
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (write_section(workspace, (enum document_section)i, statement_integer(document, 0), rows,
                          &json, error) != 0) {
            return -1;
        }
    }
    json_end_object(&json);
    text_append_char(out, '\n');
    return 0;
}

int document_append(struct workspace *workspace, const char *kind, const char *key,
                    const struct row_lookup *rows, enum document_format format, struct text *out,
                    struct error *error) {
    struct statement document;
    if (statement_prepare(&document, workspace_database(workspace), document_sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&document, 1, key);
    statement_bind_string(&document, 2, kind);
    int count = 0;
    int rc;
    while ((rc = statement_step(&document, error)) == 1) {
        if (format == DOCUMENT_TEXT && count > 0) {
            text_append_char(out, '\n');
        }
        rc = format == DOCUMENT_JSON ? append_json(workspace, &document, rows, out, error)
                                     : append_text(workspace, &document, rows, out, error);
        if (rc != 0) {
            break;
        }
        count++;
    }
    statement_finalize(&document);
    if (rc < 0 || text_check(out, error) != 0) {
        return -1;
    }
    return count;
}
