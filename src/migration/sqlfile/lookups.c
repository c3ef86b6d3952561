/* `lookup NAME`: decisions, from VALUES or from a list in CSV, as a TEMP table. */
#include <string.h>

#include "migration/sqlfile/plan_private.h"
#include "migration/sqlfile/sql_token.h"
#include "people/csv.h"

static const char csv_name[] = "csv";

/* A path in an option's value is relative to the current folder; a path in the file is relative to
 * the file's folder. */
static int find_path(struct file_plan *plan, const struct annotation *annotation, struct text *path,
                     struct error *error) {
    const char *given = annotation->second;
    if (*given == ':') {
        char day[16];
        struct span value = guard_find_value(&plan->guard, span_of(given + 1), day);
        if (span_is_empty(value)) {
            return parsed_file_fail(&plan->file->parsed, annotation->line, error,
                                    "lookup %s: no file is named; expected --set %s=FILE",
                                    annotation->name, given + 1);
        }
        text_append(path, value);
        return text_check(path, error);
    }
    const char *slash = strrchr(plan->file->parsed.path, '/');
    if (*given != '/' && slash != NULL) {
        text_append(path, (struct span){plan->file->parsed.path,
                                        (size_t)(slash - plan->file->parsed.path) + 1});
    }
    text_append_string(path, given);
    return text_check(path, error);
}

/* `line` is the number of the line, and then the columns of the list. */
static int create_list(struct file_plan *plan, const struct csv *csv, struct statement *insert,
                       struct error *error) {
    struct text sql = {0};
    struct text fill = {0};
    text_append_string(&sql, "CREATE TEMP TABLE csv(\"line\" INTEGER");
    text_append_string(&fill, "INSERT INTO temp.csv VALUES(?");
    for (size_t i = 0; i < csv_column_count(csv); i++) {
        text_append_string(&sql, ", ");
        struct text name = {0};
        text_append(&name, csv_column_name(csv, i));
        sql_append_name(text_string(&name), &sql);
        text_free(&name);
        text_append_string(&sql, " TEXT");
        text_append_string(&fill, ", ?");
    }
    text_append_string(&sql, ")");
    text_append_string(&fill, ")");
    int rc = file_plan_create(plan, "TABLE", csv_name, &sql, error) == 0
                 ? statement_prepare(insert, plan->database, text_string(&fill), error)
                 : -1;
    text_free(&sql);
    text_free(&fill);
    return rc;
}

static int fill_list(struct csv *csv, struct statement *insert, struct error *error) {
    int rc;
    while ((rc = csv_next(csv, error)) == 1) {
        statement_bind_integer(insert, 1, (int64_t)csv_line(csv));
        for (size_t i = 0; i < csv_column_count(csv); i++) {
            statement_bind_text(insert, (int)i + 2, csv_field(csv, i));
        }
        if (statement_run(insert, error) != 0) {
            return -1;
        }
    }
    return rc;
}

static int load_list(struct file_plan *plan, const struct annotation *annotation,
                     struct error *error) {
    struct text path = {0};
    struct statement insert = {0};
    struct csv *csv =
        find_path(plan, annotation, &path, error) == 0 ? csv_open(text_string(&path), error) : NULL;
    int rc = csv != NULL && create_list(plan, csv, &insert, error) == 0
                 ? fill_list(csv, &insert, error)
                 : -1;
    statement_finalize(&insert);
    csv_close(csv);
    text_free(&path);
    return rc;
}

static int create_lookup(struct file_plan *plan, const struct annotation *annotation,
                         struct error *error) {
    struct statement tried = {0};
    struct text sql = {0};
    text_append_string(&sql, "CREATE TEMP TABLE ");
    sql_append_name(annotation->name, &sql);
    text_append_string(&sql, " AS ");
    int rc = guard_prepare(&plan->guard, annotation, "", "", &tried, error);
    statement_finalize(&tried);
    if (rc == 0) {
        rc = guard_append_sql(&plan->guard, annotation, &sql, error);
    }
    if (rc == 0 && file_plan_create(plan, "TABLE", annotation->name, &sql, error) != 0) {
        rc = parsed_file_fail(&plan->file->parsed, annotation->sql_line, error, "lookup %s: %s",
                              annotation->name, sqlite3_errmsg(plan->database));
    }
    text_free(&sql);
    return rc;
}

int lookup_run(struct file_plan *plan, const struct annotation *annotation, struct error *error) {
    if (annotation->second == NULL) {
        return create_lookup(plan, annotation, error);
    }
    int rc = load_list(plan, annotation, error) == 0 ? create_lookup(plan, annotation, error) : -1;
    statement_execute(plan->database, "DROP TABLE IF EXISTS temp.csv", NULL);
    return rc;
}
