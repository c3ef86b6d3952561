/* What is proved once all documents are made: that every used row is in one, that every column of
 * the source is read or named as unused, and that every record that is referred to comes first. */
#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/plan_private.h"
#include "migration/sqlfile/sql_token.h"

static int fail(const struct file_plan *plan, size_t line, const struct text *what,
                struct error *error) {
    return text_check(what, error) == 0
               ? parsed_file_fail(&plan->file->parsed, line, error, "%s", text_string(what))
               : -1;
}

static int prepare_rows(struct file_plan *plan, const struct judged_rows *rows, const char *columns,
                        const char *where, struct statement *statement, struct error *error) {
    struct text sql = {0};
    struct text name = {0};
    text_append_format(&name, "rows %s", rows->classify->name);
    text_append_format(&sql, "SELECT %s FROM temp.", columns);
    sql_append_name(text_string(&name), &sql);
    text_append_format(&sql, " WHERE %s", where);
    int rc = text_check(&sql, error) == 0
                 ? statement_prepare(statement, plan->database, text_string(&sql), error)
                 : -1;
    text_free(&sql);
    text_free(&name);
    return rc;
}

/* ---- rows ---- */

static int find_lost_row(struct file_plan *plan, const struct judged_rows *rows,
                         struct error *error) {
    struct statement used = {0};
    struct text what = {0};
    int rc = prepare_rows(plan, rows,
                          rows->has_document ? "\"row number\", \"row label\", document"
                                             : "\"row number\", \"row label\", row",
                          "\"row outcome\" = 0", &used, error);
    while (rc == 0 && (rc = statement_step(&used, error)) == 1) {
        rc = 0;
        if (ledger_is_settled(rows->in_ledger, statement_integer(&used, 0))) {
            continue;
        }
        text_append_format(&what, "classify %s: row ", rows->table->name);
        statement_append_value(&used, 1, &what);
        text_append_string(&what, " is used in the document ");
        statement_append_value(&used, 2, &what);
        text_append_format(&what,
                           ", which no kind makes; expected a kind from %s with that key (of the "
                           "same type: 17 is not '17')",
                           rows->classify->name);
        rc = fail(plan, rows->classify->line, &what, error);
    }
    statement_finalize(&used);
    text_free(&what);
    return rc;
}

int proofs_check_rows(struct file_plan *plan, struct error *error) {
    for (size_t i = 0; i < plan->file->table_count; i++) {
        if (ledger_count_open(plan->rows[i].in_ledger) > 0 &&
            find_lost_row(plan, &plan->rows[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- columns ---- */

struct columns {
    struct file_plan *plan;
    size_t table;
};

/* The `unused` that names the column of the table, as the source or as the SELECT calls it. */
static const struct annotation *find_unused(const struct file_plan *plan, const struct table *table,
                                            const char *column) {
    for (size_t i = 0; i < plan->file->parsed.count; i++) {
        const struct annotation *unused = &plan->file->parsed.annotations[i];
        if (unused->word != WORD_UNUSED || sqlite3_stricmp(unused->name, table->name) != 0) {
            continue;
        }
        for (size_t k = 0; k < unused->list_count; k++) {
            if (sqlite3_stricmp(unused->list[k], column) == 0) {
                return unused;
            }
        }
    }
    return NULL;
}

/* The place of a column of the source in the SELECT, or -1. */
static ptrdiff_t find_selected(const struct table *table, const char *source_column) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (sqlite3_stricmp(table->source_columns[i], source_column) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

static int check_column(void *context, const struct source_column *column, struct error *error) {
    struct columns *columns = context;
    struct file_plan *plan = columns->plan;
    const struct table *table = &plan->file->tables[columns->table];
    const struct annotation *of = plan->file->file_tables[columns->table].annotation;
    ptrdiff_t selected = find_selected(table, column->name);
    const char *name = selected < 0 ? column->name : table->columns[selected].name;
    const struct annotation *unused = find_unused(plan, table, column->name);
    unused = unused == NULL ? find_unused(plan, table, name) : unused;
    bool is_read = (selected >= 0 && guard_has_read(&plan->guard, table->name, name)) ||
                   table_select_only_names(table, column->name);
    if (unused != NULL && is_read) {
        return parsed_file_fail(&plan->file->parsed, unused->line, error,
                                "unused %s: the column %s is read; expected it in one of the two",
                                table->name, name);
    }
    if (unused == NULL && !is_read) {
        return parsed_file_fail(&plan->file->parsed, of->line, error,
                                "table %s: nothing reads the column %s of the source's %s; "
                                "expected it to be read, or --@ unused %s %s: WHY",
                                table->name, column->name, table->source, table->name, name);
    }
    return 0;
}

struct wanted_column {
    const char *name;
    bool is_there;
};

static int find_column(void *context, const struct source_column *column, struct error *error) {
    struct wanted_column *wanted = context;
    (void)error;
    wanted->is_there = wanted->is_there || sqlite3_stricmp(wanted->name, column->name) == 0;
    return 0;
}

/* What `unused` names has to be there. */
static int check_unused(struct file_plan *plan, const struct annotation *unused,
                        struct error *error) {
    const struct table *table = &plan->file->tables[sqlfile_find_table(plan->file, unused->name)];
    for (size_t i = 0; i < unused->list_count; i++) {
        struct wanted_column wanted = {.name = unused->list[i]};
        for (size_t k = 0; k < table->column_count; k++) {
            wanted.is_there =
                wanted.is_there || sqlite3_stricmp(table->columns[k].name, wanted.name) == 0;
        }
        if (staging_list_columns(plan->staging, table->name, find_column, &wanted, error) != 0) {
            return -1;
        }
        if (!wanted.is_there) {
            return parsed_file_fail(&plan->file->parsed, unused->line, error,
                                    "unused %s: the source's %s has no column %s; expected one "
                                    "of its columns",
                                    unused->name, table->source, wanted.name);
        }
    }
    return 0;
}

int proofs_check_columns(struct file_plan *plan, struct error *error) {
    for (size_t i = 0; i < plan->file->parsed.count; i++) {
        const struct annotation *annotation = &plan->file->parsed.annotations[i];
        if (annotation->word == WORD_UNUSED && check_unused(plan, annotation, error) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < plan->file->table_count; i++) {
        struct columns columns = {.plan = plan, .table = i};
        if (staging_list_columns(plan->staging, plan->file->tables[i].name, check_column, &columns,
                                 error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- references ---- */

/* Why there is no such document: what has become of the row of that key. */
static void append_reason(struct file_plan *plan, const struct annotation *kind, struct span key,
                          struct text *what) {
    for (size_t i = 0; i < kind->list_count; i++) {
        const struct judged_rows *rows = file_plan_find_rows(plan, kind->list[i]);
        struct statement left = {0};
        struct error ignored;
        if (prepare_rows(plan, rows, "\"row outcome\", \"row because\"",
                         "\"row outcome\" <> 0 AND \"row label\" = ?1", &left, &ignored) == 0) {
            statement_bind_text(&left, 1, key);
            if (statement_step(&left, &ignored) == 1) {
                text_append_format(what, ", whose row is %s: ",
                                   statement_integer(&left, 0) == OUTCOME_SKIPPED ? "skipped"
                                                                                  : "rejected");
                statement_append_value(&left, 1, what);
            }
        }
        statement_finalize(&left);
    }
}

enum { FROM_KIND, FROM_KEY, TO_KIND, TO_KEY, TO_PLACE };

/* A reference that no document fulfils before it is needed. */
static int check_reference(struct file_plan *plan, const struct statement *reference,
                           struct error *error) {
    struct span to_kind = statement_text(reference, TO_KIND);
    struct span to_key = statement_text(reference, TO_KEY);
    size_t from = (size_t)statement_integer(reference, FROM_KIND);
    const struct annotation *kind = plan->file->kind_annotations[from];
    ptrdiff_t to = sqlfile_find_kind(plan->file, to_kind.data);
    struct text what = {0};
    int rc = 0;
    if (to < 0 && sqlfile_find(plan->file, WORD_EXISTING, to_kind.data) != NULL) {
        return 0;
    }
    text_append_format(&what, "kind %s: document %s refers to %s %s", kind->name,
                       statement_text(reference, FROM_KEY).data, to_kind.data, to_key.data);
    if (to < 0) {
        text_append_string(&what, "; expected the name of a kind or of an existing");
        rc = fail(plan, kind->sql_line, &what, error);
    } else if ((size_t)to > from) {
        text_append_format(&what,
                           ", which is delivered later; expected the kind %s before the "
                           "kind %s",
                           to_kind.data, kind->name);
        rc = fail(plan, kind->sql_line, &what, error);
    } else if (sqlite3_column_type(reference->handle, TO_PLACE) == SQLITE_NULL) {
        text_append_string(&what, ", which is not migrated");
        append_reason(plan, plan->file->kind_annotations[to], to_key, &what);
        text_append_string(&what, "; expected it to be rejected or skipped, too");
        rc = fail(plan, kind->sql_line, &what, error);
    }
    text_free(&what);
    return rc;
}

static const char references_sql[] =
    "SELECT r.kind, r.key, r.to_kind, r.to_key, d.place FROM temp.\"plan reference\" r"
    " LEFT JOIN temp.\"plan document\" d ON d.kind = ?1 AND d.key = r.to_key WHERE r.to_kind = ?2";

static int check_to_kind(struct file_plan *plan, struct span to_kind, struct error *error) {
    struct statement references = {0};
    int rc = statement_prepare(&references, plan->database, references_sql, error);
    statement_bind_integer(&references, 1, sqlfile_find_kind(plan->file, to_kind.data));
    statement_bind_text(&references, 2, to_kind);
    while (rc == 0 && (rc = statement_step(&references, error)) == 1) {
        rc = check_reference(plan, &references, error);
    }
    statement_finalize(&references);
    return rc;
}

/* ---- cycles within a kind ---- */

/* Every cycle has a reference to a document that is not before it: the walk begins there. */
static const char cycle_sql[] =
    "WITH RECURSIVE reach(start, key, steps) AS ("
    "  SELECT r.key, r.to_key, 1 FROM temp.\"plan reference\" r"
    "    JOIN temp.\"plan document\" f ON f.kind = ?1 AND f.key = r.key"
    "    JOIN temp.\"plan document\" t ON t.kind = ?1 AND t.key = r.to_key"
    "    WHERE r.kind = ?1 AND r.to_kind = ?2 AND t.place >= f.place"
    "  UNION"
    "  SELECT reach.start, r.to_key, reach.steps + 1 FROM reach"
    "    JOIN temp.\"plan reference\" r ON r.kind = ?1 AND r.to_kind = ?2 AND r.key = reach.key"
    "    WHERE reach.key <> reach.start AND reach.steps < 10000)"
    "SELECT start, steps FROM reach WHERE key = start LIMIT 1";

static int check_cycles(struct file_plan *plan, size_t kind, struct error *error) {
    const struct annotation *annotation = plan->file->kind_annotations[kind];
    struct statement cycles = {0};
    struct text what = {0};
    int rc = statement_prepare(&cycles, plan->database, cycle_sql, error);
    statement_bind_integer(&cycles, 1, (int64_t)kind);
    statement_bind_string(&cycles, 2, annotation->name);
    if (rc == 0 && (rc = statement_step(&cycles, error)) == 1) {
        text_append_format(&what,
                           "kind %s: document %s refers to itself, over %lld steps; expected no "
                           "cycle (a second kind can set the reference when all are there)",
                           annotation->name, statement_text(&cycles, 0).data,
                           (long long)statement_integer(&cycles, 1));
        rc = fail(plan, annotation->sql_line, &what, error);
    }
    statement_finalize(&cycles);
    text_free(&what);
    return rc;
}

int proofs_check_references(struct file_plan *plan, struct error *error) {
    struct statement kinds = {0};
    int rc = statement_execute(plan->database,
                               "CREATE INDEX temp.\"plan reference key\" ON"
                               " \"plan reference\"(kind, key)",
                               error);
    if (rc == 0) {
        rc = statement_prepare(&kinds, plan->database,
                               "SELECT DISTINCT to_kind FROM temp.\"plan reference\"", error);
    }
    while (rc == 0 && (rc = statement_step(&kinds, error)) == 1) {
        rc = check_to_kind(plan, statement_text(&kinds, 0), error);
    }
    statement_finalize(&kinds);
    for (size_t i = 0; i < plan->file->kind_count && rc == 0; i++) {
        rc = check_cycles(plan, i, error);
    }
    return rc;
}
