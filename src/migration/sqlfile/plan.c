#include "migration/sqlfile/plan.h"

#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/functions.h"
#include "migration/sqlfile/plan_private.h"
#include "migration/sqlfile/sql_token.h"
#include "people/people.h"

int file_plan_create(struct file_plan *plan, const char *kind, const char *name,
                     const struct text *sql, struct error *error) {
    text_append_format(&plan->drop, "DROP %s IF EXISTS temp.", kind);
    sql_append_name(name, &plan->drop);
    text_append_string(&plan->drop, ";");
    return text_check(sql, error) == 0 && text_check(&plan->drop, error) == 0
               ? statement_execute(plan->database, text_string(sql), error)
               : -1;
}

int statement_find_column(const struct statement *statement, const char *name) {
    for (int i = 0; i < sqlite3_column_count(statement->handle); i++) {
        if (sqlite3_stricmp(sqlite3_column_name(statement->handle, i), name) == 0) {
            return i;
        }
    }
    return -1;
}

void statement_append_value(const struct statement *statement, int column, struct text *out) {
    struct span text = statement_text(statement, column);
    text_append(out, span_is_null(text) ? span_of("(null)") : text);
}

struct judged_rows *file_plan_find_rows(struct file_plan *plan, const char *name) {
    for (size_t i = 0; i < plan->file->table_count; i++) {
        const struct annotation *classify = plan->file->file_tables[i].classify;
        if (sqlite3_stricmp(classify->name, name) == 0) {
            return &plan->rows[i];
        }
    }
    return NULL;
}

void judged_rows_append_name(const struct judged_rows *rows, struct text *sql) {
    struct text name = {0};
    text_append_format(&name, "rows %s", rows->classify->name);
    sql_append_name(text_string(&name), sql);
    text_free(&name);
}

int judged_rows_select(struct file_plan *plan, const struct judged_rows *rows, const char *columns,
                       const char *where, struct statement *statement, struct error *error) {
    struct text sql = {0};
    text_append_format(&sql, "SELECT %s FROM temp.", columns);
    judged_rows_append_name(rows, &sql);
    text_append_format(&sql, " WHERE %s", where);
    int rc = text_check(&sql, error) == 0
                 ? statement_prepare(statement, plan->database, text_string(&sql), error)
                 : -1;
    text_free(&sql);
    return rc;
}

/* A view of the file: tried under the guard first. */
static int create_view(struct file_plan *plan, const struct annotation *annotation,
                       struct error *error) {
    struct statement tried = {0};
    struct text sql = {0};
    text_append_string(&sql, "CREATE TEMP VIEW ");
    sql_append_name(annotation->name, &sql);
    text_append_string(&sql, " AS ");
    plan->guard.is_noting = false; /* only reads of the view count */
    int rc = guard_prepare(&plan->guard, annotation, "", "", &tried, error);
    plan->guard.is_noting = true;
    statement_finalize(&tried);
    if (rc == 0 && guard_append_sql(&plan->guard, annotation, &sql, error) == 0) {
        rc = file_plan_create(plan, "VIEW", annotation->name, &sql, error);
    } else {
        rc = -1;
    }
    text_free(&sql);
    return rc;
}

/* An assertion: a row is a failure. */
static int run_check(struct file_plan *plan, const struct annotation *annotation,
                     struct error *error) {
    struct statement check = {0};
    struct text values = {0};
    int rc = guard_prepare(&plan->guard, annotation, "", "", &check, error);
    rc = rc == 0 ? guard_step(&plan->guard, annotation, &check, error) : -1;
    if (rc == 1) {
        for (int i = 0; i < sqlite3_column_count(check.handle); i++) {
            text_append_format(&values, "%s%s = ", i == 0 ? "" : ", ",
                               sqlite3_column_name(check.handle, i));
            statement_append_value(&check, i, &values);
        }
        rc = parsed_file_fail(&plan->file->parsed, annotation->line, error,
                              "the check \"%s\" does not hold: it finds %s; expected no row",
                              annotation->text, text_string(&values));
    }
    text_free(&values);
    statement_finalize(&check);
    return rc;
}

static int run_annotation(struct file_plan *plan, const struct annotation *annotation,
                          struct error *error) {
    switch (annotation->word) {
    case WORD_LOOKUP:
        return lookup_run(plan, annotation, error);
    case WORD_VIEW:
        return create_view(plan, annotation, error);
    case WORD_CLASSIFY:
        return classify_run(plan, file_plan_find_rows(plan, annotation->name), error);
    case WORD_KIND:
        return kind_run(plan, (size_t)sqlfile_find_kind(plan->file, annotation->name), error);
    case WORD_CHECK:
        return run_check(plan, annotation, error);
    default:
        return 0;
    }
}

static int add_tables(struct file_plan *plan, struct error *error) {
    for (size_t i = 0; i < plan->file->table_count; i++) {
        const struct table *table = &plan->file->tables[i];
        plan->rows[i] = (struct judged_rows){
            .classify = plan->file->file_tables[i].classify,
            .table = table,
            .in_ledger = ledger_add_table(plan->ledger, table,
                                          staging_count_rows(plan->staging, table->name), error)};
        if (plan->rows[i].in_ledger == NULL) {
            return -1;
        }
    }
    return 0;
}

/* Under the kind that the rows are made into. */
static int put_fixes(struct file_plan *plan, struct error *error) {
    for (size_t i = 0; i < plan->file->table_count; i++) {
        struct judged_rows *rows = &plan->rows[i];
        size_t kind = 0;
        for (size_t k = plan->file->kind_count; k-- > 0;) {
            const struct annotation *of = plan->file->kind_annotations[k];
            for (size_t n = 0; n < of->list_count; n++) {
                kind = sqlite3_stricmp(of->list[n], rows->classify->name) == 0 ? k : kind;
            }
        }
        for (size_t f = 0; f < map_count(&rows->fixes); f++) {
            const int64_t *times = map_value_at(&rows->fixes, f);
            const struct plan_entry entry = {
                .kind = PLAN_CORRECTION,
                .correction = {.kind = kind, .id = map_key_at(&rows->fixes, f), .times = *times}};
            if (*times > 0 && plan->sink->put(plan->sink->context, &entry, error) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int run(struct file_plan *plan, struct error *error) {
    const struct parsed_file *parsed = &plan->file->parsed;
    if (add_tables(plan, error) != 0 || document_references_prepare(plan, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < parsed->count; i++) {
        if (run_annotation(plan, &parsed->annotations[i], error) != 0) {
            return -1;
        }
    }
    return proofs_check_rows(plan, error) == 0 && proofs_check_columns(plan, error) == 0 &&
                   joins_check(plan, error) == 0 && put_fixes(plan, error) == 0
               ? ledger_finish(plan->ledger, error)
               : -1;
}

static int load_people(const struct migration_settings *settings, struct people **people,
                       struct error *error) {
    if (settings->people == NULL) {
        return 0;
    }
    *people = people_create();
    if (*people == NULL) {
        return error_set_no_memory(error);
    }
    if (people_load(*people, settings->people, error) != 0) {
        return -1;
    }
    return people_is_asked(*people)
               ? error_set(error, ERROR_USAGE,
                           "--people %s: person() of a migration file needs a list; expected a "
                           "CSV file",
                           settings->people)
               : 0;
}

static void close_plan(struct file_plan *plan) {
    for (size_t i = 0; plan->rows != NULL && i < plan->file->table_count; i++) {
        map_free(&plan->rows[i].fixes);
    }
    free(plan->rows);
    ledger_close(plan->ledger);
    guard_close(&plan->guard);
    statement_execute(plan->database, text_string(&plan->drop), NULL);
    text_free(&plan->drop);
    arena_free(&plan->arena);
}

int sqlfile_plan(const struct sqlfile *file, const struct migration_settings *settings,
                 struct staging *staging, struct plan_sink *sink, struct error *error) {
    struct file_plan plan = {
        .file = file, .staging = staging, .database = staging_database(staging), .sink = sink};
    struct people *people = NULL;
    int rc = -1;
    guard_open(&plan.guard, file, settings, staging);
    plan.rows = calloc(file->table_count + 1, sizeof *plan.rows);
    if (plan.rows == NULL) {
        error_set_no_memory(error);
        goto out;
    }
    plan.ledger = ledger_open(staging, sink, error);
    if (plan.ledger != NULL && load_people(settings, &people, error) == 0 &&
        sql_functions_register(plan.database, people, error) == 0) {
        rc = run(&plan, error);
        sql_functions_forget_people(plan.database);
    }
out:
    close_plan(&plan);
    people_free(people);
    return rc;
}
