/* The proofs after all documents are made: that every used row is in one, and that every column of
 * the source is read or named as unused. */
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

/* ---- rows ---- */

static int find_lost_row(struct file_plan *plan, const struct judged_rows *rows,
                         struct error *error) {
    struct statement used = {0};
    struct text what = {0};
    int rc = judged_rows_select(plan, rows,
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

/* A column that `unused` names has to exist. */
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
