#include "workspace/planning.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "workspace/parts.h"
#include "workspace/planning_private.h"
#include "workspace/state.h"

enum planning_statement {
    INSERT_ROW,
    INSERT_TABLE,
    WRITE_SUMS,
    COUNT_CORRECTION,
    INSERT_WARNING,
    INSERT_PERSON,
    KEEP_ANSWER,
    STATEMENT_COUNT
};

static const char *const statement_sql[STATEMENT_COUNT] = {
    [INSERT_ROW] = "INSERT INTO source_row (source_table, row, outcome, because, content)"
                   " VALUES (?1, ?2, ?3, ?4, ?5)",
    [INSERT_TABLE] = "INSERT INTO source_table (id, name, rows, left_behind, left_because)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)",
    [WRITE_SUMS] = "UPDATE source_table SET used = ?2, skipped = ?3, rejected = ?4 WHERE id = ?1",
    [COUNT_CORRECTION] = "INSERT INTO correction (kind, id, times) VALUES (?1, ?2, ?3)"
                         " ON CONFLICT (kind, id) DO UPDATE SET times = times + excluded.times",
    [INSERT_WARNING] = "INSERT INTO warning (kind, key, text) VALUES (?1, ?2, ?3)",
    [INSERT_PERSON] = "INSERT INTO lookup (kind, name, outcome, uses, found)"
                      " VALUES (?1, ?2, ?3, ?4, ?5)",
    [KEEP_ANSWER] = "INSERT INTO directory_answer (directory, name, answer) VALUES (?1, ?2, ?3)"
                    " ON CONFLICT (directory, name) DO UPDATE SET answer = excluded.answer",
};

enum { MOST_TABLES = 256 };

struct planned_table {
    struct text name;
    int64_t rows;
    int64_t outcomes[OUTCOME_COUNT];
};

/* The document to which the next rows belong. */
struct open_document {
    int64_t id; /* 0: none */
    size_t kind;
    struct text key;
    int64_t rows; /* as the document states */
    int64_t used; /* so far */
};

struct planning {
    struct workspace *workspace;
    struct statement statements[STATEMENT_COUNT];
    struct planned_documents documents;
    struct used_rows used;
    size_t kind_count;
    struct planned_table tables[MOST_TABLES];
    size_t table_count;
    struct open_document document;
    bool has_rows; /* a document or a row was added: no table may follow */
};

/* Everything of an earlier plan is written again, except its documents and the answers of people
 * directories. */
static const char forget_sql[] = "DELETE FROM kind; DELETE FROM source_table;"
                                 "DELETE FROM source_row; DELETE FROM correction;"
                                 "DELETE FROM warning; DELETE FROM lookup;";

/* While a plan is written the pages of a new file need no log: the rollback journal is used. */
static const char journal_sql[] = "PRAGMA journal_mode = DELETE";

static int write_kinds(struct planning *planning, const struct planning_kind *kinds, size_t count,
                       struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(planning->workspace),
                          "INSERT INTO kind (position, name, post_path) VALUES (?1, ?2, ?3)",
                          error) != 0) {
        return -1;
    }
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        statement_bind_integer(&statement, 1, (int64_t)i);
        statement_bind_string(&statement, 2, kinds[i].name);
        statement_bind_string(&statement, 3, kinds[i].post_path);
        rc = statement_run(&statement, error);
    }
    statement_finalize(&statement);
    return rc;
}

static int start(struct planning *planning, const struct planning_kind *kinds, size_t kind_count,
                 struct error *error) {
    sqlite3 *database = workspace_database(planning->workspace);
    planning->kind_count = kind_count;
    if (parts_refuse_in_part(planning->workspace, "plan", error) != 0 ||
        parts_refuse_while_out(planning->workspace, error) != 0 ||
        statement_execute(database, journal_sql, error) != 0 ||
        workspace_begin(planning->workspace, error) != 0 ||
        statement_execute(database, forget_sql, error) != 0 ||
        write_kinds(planning, kinds, kind_count, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        if (statement_prepare(&planning->statements[i], database, statement_sql[i], error) != 0) {
            return -1;
        }
    }
    return planned_documents_prepare(&planning->documents, database, error) == 0
               ? used_rows_prepare(&planning->used, database, error)
               : -1;
}

struct planning *planning_begin(struct workspace *workspace, const struct planning_kind *kinds,
                                size_t kind_count, struct error *error) {
    struct planning *planning = calloc(1, sizeof *planning);
    if (planning == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    planning->workspace = workspace;
    if (start(planning, kinds, kind_count, error) != 0) {
        planning_abandon(planning);
        return NULL;
    }
    return planning;
}

#define UNBALANCED "the reconciliation does not balance: "

/* All rows that the document states must have been added. */
static int check_document(struct planning *planning, struct error *error) {
    const struct open_document *document = &planning->document;
    if (document->id == 0 || document->used == document->rows) {
        return 0;
    }
    struct text kind = {0};
    struct statement name;
    if (statement_prepare(&name, workspace_database(planning->workspace),
                          "SELECT name FROM kind WHERE position = ?1", error) != 0) {
        return -1;
    }
    statement_bind_integer(&name, 1, (int64_t)document->kind);
    if (statement_step(&name, error) == 1) {
        text_append(&kind, statement_text(&name, 0));
    }
    statement_finalize(&name);
    error_set(error, ERROR_BALANCE,
              UNBALANCED "document \"%s\" of %s states %lld rows, and %lld are used in it; nothing "
                         "was kept",
              text_string(&document->key), text_string(&kind), (long long)document->rows,
              (long long)document->used);
    text_free(&kind);
    return -1;
}

static int put_table(struct planning *planning, const struct plan_entry *entry,
                     struct error *error) {
    const struct plan_table *table = &entry->table;
    if (planning->has_rows) {
        return error_set(error, ERROR_BALANCE,
                         UNBALANCED "table %.*s is declared after documents or rows; nothing was "
                                    "kept",
                         (int)table->name.length, table->name.data);
    }
    if (planning->table_count == MOST_TABLES) {
        return error_set(error, ERROR_INTERNAL, "a plan has room for %d tables", MOST_TABLES);
    }
    struct planned_table *planned = &planning->tables[planning->table_count];
    text_append(&planned->name, table->name);
    planned->rows = table->rows;
    struct statement *insert = &planning->statements[INSERT_TABLE];
    statement_bind_integer(insert, 1, (int64_t)planning->table_count);
    statement_bind_text(insert, 2, table->name);
    statement_bind_integer(insert, 3, table->rows);
    statement_bind_integer(insert, 4, table->left);
    statement_bind_text(insert, 5, table->left_because);
    planning->table_count++;
    return text_check(&planned->name, error) == 0 ? statement_run(insert, error) : -1;
}

static int put_document(struct planning *planning, const struct plan_entry *entry,
                        struct error *error) {
    const struct plan_document *document = &entry->document;
    struct open_document *open = &planning->document;
    if (check_document(planning, error) != 0) {
        return -1;
    }
    if (document->kind >= planning->kind_count) {
        return error_set(error, ERROR_INTERNAL, "document \"%.*s\" is of kind %zu of %zu",
                         (int)document->key.length, document->key.data, document->kind,
                         planning->kind_count);
    }
    planning->has_rows = true;
    text_clear(&open->key);
    text_append(&open->key, document->key);
    open->kind = document->kind;
    open->rows = document->rows;
    open->used = 0;
    return text_check(&open->key, error) == 0
               ? planned_documents_add(&planning->documents, document, &open->id, error)
               : -1;
}

static int put_used_row(struct planning *planning, const struct plan_row *row,
                        struct error *error) {
    struct open_document *document = &planning->document;
    if (document->id == 0) {
        return error_set(error, ERROR_BALANCE,
                         UNBALANCED "row \"%.*s\" of table %s is used, and no document is before "
                                    "it; nothing was kept",
                         (int)row->row.length, row->row.data,
                         text_string(&planning->tables[row->table].name));
    }
    document->used++;
    return used_rows_add(&planning->used, (int64_t)row->table, row->row, document->id, error);
}

static int put_unused_row(struct planning *planning, const struct plan_row *row,
                          struct error *error) {
    if (check_document(planning, error) != 0 || used_rows_flush(&planning->used, error) != 0) {
        return -1;
    }
    planning->document.id = 0;
    struct statement *insert = &planning->statements[INSERT_ROW];
    statement_bind_integer(insert, 1, (int64_t)row->table);
    statement_bind_text(insert, 2, row->row);
    statement_bind_string(insert, 3, row_outcome_name(row->outcome));
    statement_bind_text(insert, 4, row->because);
    statement_bind_text(insert, 5, row->content);
    return statement_run(insert, error);
}

static int put_row(struct planning *planning, const struct plan_entry *entry, struct error *error) {
    const struct plan_row *row = &entry->row;
    if (row->table >= planning->table_count) {
        return error_set(error, ERROR_BALANCE,
                         UNBALANCED "row \"%.*s\" is of table %zu, and %zu tables are declared; "
                                    "nothing was kept",
                         (int)row->row.length, row->row.data, row->table, planning->table_count);
    }
    planning->has_rows = true;
    planning->tables[row->table].outcomes[row->outcome]++;
    return row->outcome == OUTCOME_USED ? put_used_row(planning, row, error)
                                        : put_unused_row(planning, row, error);
}

static int put_correction(struct planning *planning, const struct plan_entry *entry,
                          struct error *error) {
    struct statement *count = &planning->statements[COUNT_CORRECTION];
    statement_bind_integer(count, 1, (int64_t)entry->correction.kind);
    statement_bind_text(count, 2, entry->correction.id);
    statement_bind_integer(count, 3, entry->correction.times);
    return statement_run(count, error);
}

static int put_warning(struct planning *planning, const struct plan_entry *entry,
                       struct error *error) {
    struct statement *insert = &planning->statements[INSERT_WARNING];
    statement_bind_integer(insert, 1, (int64_t)entry->warning.kind);
    statement_bind_text(insert, 2, entry->warning.key);
    statement_bind_text(insert, 3, entry->warning.text);
    return statement_run(insert, error);
}

static int put_person(struct planning *planning, const struct plan_entry *entry,
                      struct error *error) {
    const struct plan_person *person = &entry->person;
    struct statement *insert = &planning->statements[INSERT_PERSON];
    statement_bind_integer(insert, 1, (int64_t)person->kind);
    statement_bind_text(insert, 2, person->name);
    statement_bind_string(insert, 3, person_outcome_name(person->outcome));
    statement_bind_integer(insert, 4, person->uses);
    statement_bind_text(insert, 5, person->found);
    return statement_run(insert, error);
}

static int put_answer(struct planning *planning, const struct plan_entry *entry,
                      struct error *error) {
    struct statement *keep = &planning->statements[KEEP_ANSWER];
    statement_bind_text(keep, 1, entry->answer.directory);
    statement_bind_text(keep, 2, entry->answer.name);
    statement_bind_text(keep, 3, entry->answer.answer);
    return statement_run(keep, error);
}

int planning_put(struct planning *planning, const struct plan_entry *entry, struct error *error) {
    static int (*const puts[PLAN_ENTRY_KIND_COUNT])(struct planning *, const struct plan_entry *,
                                                    struct error *) = {
        [PLAN_TABLE] = put_table,     [PLAN_DOCUMENT] = put_document,
        [PLAN_ROW] = put_row,         [PLAN_CORRECTION] = put_correction,
        [PLAN_WARNING] = put_warning, [PLAN_PERSON] = put_person,
        [PLAN_ANSWER] = put_answer,
    };
    return puts[entry->kind](planning, entry, error);
}

static void release(struct planning *planning) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        statement_finalize(&planning->statements[i]);
    }
    for (size_t i = 0; i < planning->table_count; i++) {
        text_free(&planning->tables[i].name);
    }
    text_free(&planning->document.key);
    planned_documents_finalize(&planning->documents);
    used_rows_finalize(&planning->used);
    free(planning);
}

void planning_abandon(struct planning *planning) {
    struct workspace *workspace = planning->workspace;
    release(planning);
    workspace_roll_back(workspace);
}

static int write_sums(struct planning *planning, struct error *error) {
    struct statement *sums = &planning->statements[WRITE_SUMS];
    for (size_t i = 0; i < planning->table_count; i++) {
        statement_bind_integer(sums, 1, (int64_t)i);
        for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
            statement_bind_integer(sums, 2 + outcome, planning->tables[i].outcomes[outcome]);
        }
        if (statement_run(sums, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Double entry: the source counted its rows, and the outcomes were counted as they were added. */
static int check_tables(const struct planning *planning, struct error *error) {
    for (size_t i = 0; i < planning->table_count; i++) {
        const struct planned_table *table = &planning->tables[i];
        const int64_t *outcomes = table->outcomes;
        if (table->rows ==
            outcomes[OUTCOME_USED] + outcomes[OUTCOME_SKIPPED] + outcomes[OUTCOME_REJECTED]) {
            continue;
        }
        return error_set(error, ERROR_BALANCE,
                         UNBALANCED "table %s has %lld rows; %lld used, %lld skipped, %lld "
                                    "rejected; nothing was kept",
                         text_string(&table->name), (long long)table->rows,
                         (long long)outcomes[OUTCOME_USED], (long long)outcomes[OUTCOME_SKIPPED],
                         (long long)outcomes[OUTCOME_REJECTED]);
    }
    return 0;
}

/* Checks that the file has what was counted. */
static int check_file(const struct planning *planning, struct error *error) {
    int64_t put = 0;
    int64_t kept = 0;
    for (size_t i = 0; i < planning->table_count; i++) {
        put += planning->tables[i].rows;
    }
    if (statement_query_integer(workspace_database(planning->workspace),
                                "SELECT count(*) FROM source_row", 0, &kept, error) != 0) {
        return -1;
    }
    return put == kept ? 0
                       : error_set(error, ERROR_BALANCE,
                                   UNBALANCED "%lld rows were planned, and %lld are in the "
                                              "workspace; nothing was kept",
                                   (long long)put, (long long)kept);
}

static int finish(struct planning *planning, struct error *error) {
    return check_document(planning, error) == 0 && check_tables(planning, error) == 0 &&
                   used_rows_flush(&planning->used, error) == 0 &&
                   check_file(planning, error) == 0 &&
                   planned_documents_mark_gone(&planning->documents, error) == 0
               ? write_sums(planning, error)
               : -1;
}

int planning_finish(struct planning *planning, struct error *error) {
    struct workspace *workspace = planning->workspace;
    if (finish(planning, error) != 0 || memory_check(error) != 0) {
        planning_abandon(planning);
        return -1;
    }
    release(planning);
    if (workspace_commit(workspace, error) != 0) {
        workspace_roll_back(workspace);
        return -1;
    }
    return workspace_use_wal(workspace, error);
}
