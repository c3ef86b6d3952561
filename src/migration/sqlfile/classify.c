/* `classify TABLE as NAME`: the outcome of each row, exactly once. Every row is in the TEMP table
 * `rows NAME`; the view NAME has those that are used, so that no other reaches a body. */
#include <string.h>

#include "migration/sqlfile/plan_private.h"
#include "migration/sqlfile/sql_token.h"

static const char fix_prefix[] = "fix ";

/* What a column of the SELECT is for. */
enum column_use {
    USE_VERDICT, /* skip, reject */
    USE_FIX,
    USE_KEPT /* later SQL may read it of a used row */
};

struct judging {
    struct file_plan *plan;
    struct judged_rows *rows;
    struct statement judged; /* the SELECT's columns, then the row's number, then the row */
    struct statement insert;
    int columns;           /* of the SELECT */
    enum column_use *uses; /* of each of them */
    int row, document, skip, reject;
    struct text label;
    struct text content;
    struct text reason;
};

static int fail(const struct judging *judging, struct error *error, const char *what) {
    const struct annotation *classify = judging->rows->classify;
    return parsed_file_fail(&judging->plan->file->parsed, classify->sql_line, error,
                            "classify %s: %s", classify->second, what);
}

static bool is_fix(const char *name) {
    return sqlite3_strnicmp(name, fix_prefix, sizeof fix_prefix - 1) == 0;
}

static const char *column_name(const struct judging *judging, int column) {
    return sqlite3_column_name(judging->judged.handle, column);
}

static bool is_kept(const struct judging *judging, int column) {
    return judging->uses[column] == USE_KEPT;
}

/* ---- the query ---- */

static int note_uses(struct judging *judging, const struct statement *tried, struct error *error) {
    judging->uses =
        arena_allocate(&judging->plan->arena, (size_t)judging->columns * sizeof *judging->uses);
    if (judging->uses == NULL) {
        return error_set_no_memory(error);
    }
    for (int i = 0; i < judging->columns; i++) {
        bool is_verdict = i == judging->skip || i == judging->reject;
        bool is_fixing = is_fix(sqlite3_column_name(tried->handle, i));
        judging->uses[i] = is_verdict ? USE_VERDICT : (is_fixing ? USE_FIX : USE_KEPT);
    }
    return 0;
}

static int find_columns(struct judging *judging, const struct statement *tried,
                        struct error *error) {
    judging->columns = sqlite3_column_count(tried->handle);
    judging->row = statement_find_column(tried, "row");
    judging->document = statement_find_column(tried, "document");
    judging->skip = statement_find_column(tried, "skip");
    judging->reject = statement_find_column(tried, "reject");
    judging->rows->has_document = judging->document >= 0;
    if (judging->row < 0) {
        return fail(judging, error,
                    "its SELECT has no column row; expected the key of the row that is judged");
    }
    for (int i = 0; i < judging->columns; i++) {
        for (int k = 0; k < i; k++) {
            if (sqlite3_stricmp(sqlite3_column_name(tried->handle, i),
                                sqlite3_column_name(tried->handle, k)) == 0) {
                text_clear(&judging->reason);
                text_append_format(&judging->reason,
                                   "two columns are called %s; expected a name for each",
                                   sqlite3_column_name(tried->handle, i));
                return fail(judging, error, text_string(&judging->reason));
            }
        }
    }
    return 0;
}

/* Joins what the SELECT returns with the rows that it refers to. */
static int open_query(struct judging *judging, struct error *error) {
    struct file_plan *plan = judging->plan;
    const struct table *table = judging->rows->table;
    struct statement tried = {0};
    struct text tail = {0};
    struct text before = {0};
    int rc = guard_prepare(&plan->guard, judging->rows->classify, "", "", &tried, error);
    if (rc == 0) {
        rc = find_columns(judging, &tried, error) == 0 ? note_uses(judging, &tried, error) : -1;
    }
    statement_finalize(&tried);
    text_append_string(&before, "SELECT c.*, t.row, ");
    staged_row_append_columns(table, "t", &before);
    text_append_string(&before, " FROM (");
    text_append_string(&tail, ") c LEFT JOIN temp.");
    sql_append_name(table->name, &tail);
    text_append_string(&tail, " t ON t.");
    sql_append_name(file_table_has_key(table) ? table->keys[0] : "row", &tail);
    text_append_string(&tail, " = c.row");
    plan->guard.is_noting = false; /* the program's own reading */
    if (rc == 0) {
        rc = guard_prepare(&plan->guard, judging->rows->classify, text_string(&before),
                           text_string(&tail), &judging->judged, error);
    }
    plan->guard.is_noting = true;
    text_free(&before);
    text_free(&tail);
    return rc;
}

/* ---- what is made ---- */

/* A column that is one of the source's keeps its declared type: SQLite looks up by an index only
 * where both sides of a comparison are of one affinity. */
static void append_typed_name(const struct judging *judging, int column, struct text *sql) {
    const char *type = sqlite3_column_decltype(judging->judged.handle, column);
    text_append_string(sql, ", ");
    sql_append_name(column_name(judging, column), sql);
    if (type != NULL && *type != '\0') {
        text_append_char(sql, ' ');
        sql_append_name(type, sql);
    }
}

static int create_rows(struct judging *judging, struct error *error) {
    struct text sql = {0};
    struct text name = {0};
    text_append_string(&sql, "CREATE TEMP TABLE ");
    judged_rows_append_name(judging->rows, &sql);
    text_append_string(&sql, "(\"row number\" INTEGER PRIMARY KEY, \"row label\", \"row outcome\","
                             " \"row because\"");
    for (int i = 0; i < judging->columns; i++) {
        if (is_kept(judging, i)) {
            append_typed_name(judging, i, &sql);
        }
    }
    text_append_string(&sql, ")");
    text_append_format(&name, "rows %s", judging->rows->classify->name);
    int rc = file_plan_create(judging->plan, "TABLE", text_string(&name), &sql, error);
    text_clear(&sql);
    text_append_string(&sql, "INSERT INTO temp.");
    judged_rows_append_name(judging->rows, &sql);
    text_append_string(&sql, " VALUES(?, ?, ?, ?");
    for (int i = 0; i < judging->columns; i++) {
        text_append_string(&sql, is_kept(judging, i) ? ", ?" : "");
    }
    text_append_string(&sql, ")");
    if (rc == 0) {
        rc = statement_prepare(&judging->insert, judging->plan->database, text_string(&sql), error);
    }
    text_free(&sql);
    text_free(&name);
    return rc;
}

static int create_index(struct judging *judging, const char *column, struct error *error) {
    struct text sql = {0};
    struct text name = {0};
    text_append_format(&name, "rows %s %s", judging->rows->classify->name, column);
    text_append_string(&sql, "CREATE INDEX temp.");
    sql_append_name(text_string(&name), &sql);
    text_append_string(&sql, " ON ");
    judged_rows_append_name(judging->rows, &sql);
    text_append_format(&sql, "(%s)", column);
    int rc = file_plan_create(judging->plan, "INDEX", text_string(&name), &sql, error);
    text_free(&sql);
    text_free(&name);
    return rc;
}

static int create_used(struct judging *judging, struct error *error) {
    struct text sql = {0};
    text_append_string(&sql, "CREATE TEMP VIEW ");
    sql_append_name(judging->rows->classify->name, &sql);
    text_append_string(&sql, " AS SELECT ");
    const char *separator = "";
    for (int i = 0; i < judging->columns; i++) {
        if (is_kept(judging, i)) {
            text_append_string(&sql, separator);
            sql_append_name(column_name(judging, i), &sql);
            separator = ", ";
        }
    }
    text_append_string(&sql, judging->document < 0 ? ", row AS document FROM " : " FROM ");
    judged_rows_append_name(judging->rows, &sql);
    text_append_string(&sql, " WHERE +\"row outcome\" = 0");
    int rc = file_plan_create(judging->plan, "VIEW", judging->rows->classify->name, &sql, error);
    text_free(&sql);
    if (rc == 0) {
        rc = create_index(judging, "row", error);
    }
    return rc == 0 && judging->document >= 0 ? create_index(judging, "document", error) : rc;
}

/* ---- the rows ---- */

static bool has_value(const struct judging *judging, int column) {
    return column >= 0 && sqlite3_column_type(judging->judged.handle, column) != SQLITE_NULL;
}

/* A row with a reason is rejected; a rule that skips it takes precedence. */
static enum row_outcome judge(struct judging *judging) {
    if (!staged_row_check(judging->rows->table, &judging->judged, judging->columns + 1,
                          &judging->reason)) {
        return OUTCOME_REJECTED;
    }
    text_clear(&judging->reason);
    if (has_value(judging, judging->skip)) {
        text_append(&judging->reason, statement_text(&judging->judged, judging->skip));
        return OUTCOME_SKIPPED;
    }
    if (has_value(judging, judging->reject)) {
        text_append(&judging->reason, statement_text(&judging->judged, judging->reject));
        return OUTCOME_REJECTED;
    }
    return OUTCOME_USED;
}

static int count_fixes(struct judging *judging, struct error *error) {
    for (int i = 0; i < judging->columns; i++) {
        if (judging->uses[i] != USE_FIX || sqlite3_column_int(judging->judged.handle, i) == 0) {
            continue;
        }
        struct span id = span_of(column_name(judging, i) + sizeof fix_prefix - 1);
        int64_t *times = map_find(&judging->rows->fixes, id);
        if (times == NULL) {
            times = arena_allocate(&judging->plan->arena, sizeof *times);
            if (times == NULL || map_put(&judging->rows->fixes, id, times) != 0) {
                return error_set_no_memory(error);
            }
            *times = 0;
        }
        ++*times;
    }
    return 0;
}

static int fail_twice(struct judging *judging, struct error *error) {
    struct text what = {0};
    text_append_format(&what,
                       "row %s comes more than once; expected each row of the table once (a join "
                       "that finds several partners, or a key that several rows have)",
                       text_string(&judging->label));
    fail(judging, error, text_string(&what));
    text_free(&what);
    return -1;
}

static int keep_row(struct judging *judging, enum row_outcome outcome, struct error *error) {
    struct statement *insert = &judging->insert;
    int position = 5;
    statement_bind_integer(insert, 1, statement_integer(&judging->judged, judging->columns));
    statement_bind_text(insert, 2, text_span(&judging->label));
    statement_bind_integer(insert, 3, (int64_t)outcome);
    statement_bind_text(insert, 4, text_span(&judging->reason));
    for (int i = 0; i < judging->columns; i++) {
        if (is_kept(judging, i)) {
            sqlite3_bind_value(insert->handle, position++,
                               sqlite3_column_value(judging->judged.handle, i));
        }
    }
    if (statement_run(insert, error) == 0) {
        return 0;
    }
    bool is_twice = (sqlite3_errcode(judging->plan->database) & 0xff) == SQLITE_CONSTRAINT;
    return is_twice ? fail_twice(judging, error) : -1;
}

static int end_row(struct judging *judging, enum row_outcome outcome, struct error *error) {
    struct ledger_row row = {.table = judging->rows->in_ledger,
                             .row = statement_integer(&judging->judged, judging->columns),
                             .label = text_span(&judging->label)};
    struct ledger *ledger = judging->plan->ledger;
    text_clear(&judging->content);
    staged_row_append_json(judging->rows->table, &judging->judged, judging->columns + 1,
                           &judging->content);
    return outcome == OUTCOME_SKIPPED ? ledger_skip(ledger, row, text_string(&judging->reason),
                                                    text_span(&judging->content), error)
                                      : ledger_reject(ledger, row, text_span(&judging->reason),
                                                      text_span(&judging->content), error);
}

static int fail_foreign(struct judging *judging, struct error *error) {
    struct text what = {0};
    text_append_string(&what, "row ");
    statement_append_value(&judging->judged, judging->row, &what);
    text_append_format(&what, " is no row of the table; expected the value of its %s",
                       file_table_has_key(judging->rows->table) ? judging->rows->table->keys[0]
                                                                : "column row");
    fail(judging, error, text_string(&what));
    text_free(&what);
    return -1;
}

static int take_row(struct judging *judging, struct error *error) {
    if (!has_value(judging, judging->columns)) {
        return fail_foreign(judging, error);
    }
    enum row_outcome outcome = judge(judging);
    text_clear(&judging->label);
    staged_row_append_label(judging->rows->table, &judging->judged, judging->columns + 1,
                            &judging->label);
    if (keep_row(judging, outcome, error) != 0) {
        return -1;
    }
    return outcome == OUTCOME_USED ? count_fixes(judging, error) : end_row(judging, outcome, error);
}

/* Names the first row that the SELECT does not return. */
static int fail_missing(struct judging *judging, struct error *error) {
    const struct table *table = judging->rows->table;
    struct statement rows = {0};
    struct text sql = {0};
    struct text what = {0};
    text_append_string(&sql, "SELECT row, ");
    staged_row_append_columns(table, NULL, &sql);
    text_append_string(&sql, " FROM temp.");
    sql_append_name(table->name, &sql);
    text_append_string(&sql, " WHERE row NOT IN (SELECT \"row number\" FROM temp.");
    judged_rows_append_name(judging->rows, &sql);
    text_append_string(&sql, ") LIMIT 1");
    int rc = statement_prepare(&rows, judging->plan->database, text_string(&sql), error);
    if (rc == 0 && (rc = statement_step(&rows, error)) == 1) {
        text_append_string(&what, "row ");
        staged_row_append_label(table, &rows, 1, &what);
        text_append_string(&what, " is not among the rows that it returns; expected every row of "
                                  "the table (a LEFT JOIN keeps rows without a partner)");
        rc = fail(judging, error, text_string(&what));
    }
    statement_finalize(&rows);
    text_free(&sql);
    text_free(&what);
    return rc;
}

static int take_rows(struct judging *judging, struct error *error) {
    int rc;
    int64_t count = 0;
    while ((rc = guard_step(&judging->plan->guard, judging->rows->classify, &judging->judged,
                            error)) == 1) {
        if (take_row(judging, error) != 0) {
            return -1;
        }
        count++;
    }
    if (rc != 0) {
        return -1;
    }
    return count < staging_count_rows(judging->plan->staging, judging->rows->table->name)
               ? fail_missing(judging, error)
               : 0;
}

int classify_run(struct file_plan *plan, struct judged_rows *rows, struct error *error) {
    struct judging judging = {.plan = plan, .rows = rows};
    int rc = open_query(&judging, error) == 0 && create_rows(&judging, error) == 0 &&
                     take_rows(&judging, error) == 0
                 ? 0
                 : -1;
    statement_finalize(&judging.insert);
    if (rc == 0) {
        sqlite3_reset(judging.judged.handle);
        rc = create_used(&judging, error);
    }
    statement_finalize(&judging.judged);
    text_free(&judging.label);
    text_free(&judging.content);
    text_free(&judging.reason);
    return rc;
}
