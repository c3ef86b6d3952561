#include "migration/cursor.h"

void cursor_append_part(struct text *sql, const struct table *table, const char *alias) {
    text_append_format(sql, "%s.row, ", alias);
    staged_row_append_columns(table, alias, sql);
}

int cursor_part_end(const struct table *table, int column) {
    column++;
    for (size_t i = 0; i < table->column_count; i++) {
        column += table->columns[i].need == COLUMN_READ;
    }
    return column;
}

int cursor_open(struct cursor *cursor, struct ledger *ledger, const char *sql,
                struct error *error) {
    cursor->ledger = ledger;
    return statement_prepare(&cursor->statement, staging_database(ledger_staging(ledger)), sql,
                             error);
}

void cursor_close(struct cursor *cursor) {
    statement_finalize(&cursor->statement);
    text_free(&cursor->label);
    text_free(&cursor->json);
    text_free(&cursor->reason);
}

int cursor_next(struct cursor *cursor, struct error *error) {
    return statement_step(&cursor->statement, error);
}

int cursor_each(struct cursor *cursor, struct ledger *ledger, const char *sql,
                int (*take)(void *context, struct error *error), void *context,
                struct error *error) {
    int rc = cursor_open(cursor, ledger, sql, error);
    while (rc == 0 && (rc = cursor_next(cursor, error)) == 1) {
        rc = take(context, error);
    }
    cursor_close(cursor);
    *cursor = (struct cursor){0};
    return rc;
}

struct span cursor_text(const struct cursor *cursor, struct cursor_part part, int field) {
    return statement_text(&cursor->statement, part.column + 1 + field);
}

bool cursor_has(const struct cursor *cursor, struct cursor_part part) {
    return sqlite3_column_type(cursor->statement.handle, part.column) != SQLITE_NULL;
}

bool cursor_is_settled(const struct cursor *cursor, struct cursor_part part) {
    return ledger_is_settled(part.table, statement_integer(&cursor->statement, part.column));
}

bool cursor_check(struct cursor *cursor, struct cursor_part part) {
    return staged_row_check(ledger_declaration(part.table), &cursor->statement, part.column + 1,
                            &cursor->reason);
}

struct ledger_row cursor_row(struct cursor *cursor, struct cursor_part part) {
    text_clear(&cursor->label);
    staged_row_append_label(ledger_declaration(part.table), &cursor->statement, part.column + 1,
                            &cursor->label);
    return (struct ledger_row){.table = part.table,
                               .row = statement_integer(&cursor->statement, part.column),
                               .label = text_span(&cursor->label)};
}

struct span cursor_json(struct cursor *cursor, struct cursor_part part) {
    text_clear(&cursor->json);
    staged_row_append_json(ledger_declaration(part.table), &cursor->statement, part.column + 1,
                           &cursor->json);
    return text_span(&cursor->json);
}

int cursor_use(struct cursor *cursor, struct cursor_part part, struct ledger_uses *uses,
               struct arena *arena, struct error *error) {
    return ledger_use(cursor_row(cursor, part), uses, arena, error);
}

int cursor_skip(struct cursor *cursor, struct cursor_part part, const char *rule,
                struct error *error) {
    return ledger_skip(cursor->ledger, cursor_row(cursor, part), rule, cursor_json(cursor, part),
                       error);
}

int cursor_reject(struct cursor *cursor, struct cursor_part part, struct span reason,
                  struct error *error) {
    return ledger_reject(cursor->ledger, cursor_row(cursor, part), reason,
                         cursor_json(cursor, part), error);
}
