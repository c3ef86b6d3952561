/* The SELECT of a `table` annotation: columns of one table of the source, and nothing else, so that
 * every row of it has an outcome and the columns are known without the source. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/sql_token.h"
#include "migration/sqlfile/sqlfile_private.h"

struct select {
    struct parsed_file *parsed;
    const struct annotation *annotation;
    struct span rest;
    struct sql_token token;       /* the current one */
    struct table_column *columns; /* of the table, to be filled */
    const char **sources;
    struct error *error;
};

static void step(struct select *select) {
    select->token = sql_token_next_solid(&select->rest);
}

static int fail(const struct select *select, const char *expected) {
    struct span found = select->token.text;
    return parsed_file_fail(select->parsed,
                            annotation_line_at(select->annotation, select->token.text.data),
                            select->error, "table %s: found %.*s; expected %s",
                            select->annotation->name, found.length == 0 ? 12 : (int)found.length,
                            found.length == 0 ? "the SQL's end" : found.data, expected);
}

static const char *take_name(struct select *select) {
    struct text name = {0};
    sql_token_append_name(select->token, &name);
    const char *kept = arena_copy(&select->parsed->arena, text_span(&name)).data;
    text_free(&name);
    step(select);
    return kept;
}

static bool is_char(const struct select *select, char c) {
    return sql_token_is_char(select->token, c);
}

static bool is_keyword(const struct select *select, const char *word) {
    return sql_token_is_word(select->token, word);
}

#define ROWS_ADVICE                                                                                \
    "the end: a table gives columns of all its rows; an expression or a join belongs into a "      \
    "view, "                                                                                       \
    "and rows are left out by the classify"

/* `a.b.c`: for a column only the last name counts, for a table all of it. */
static const char *take_path(struct select *select, bool is_table) {
    struct text path = {0};
    const char *name = take_name(select);
    text_append_string(&path, name);
    while (is_char(select, '.')) {
        step(select);
        if (select->token.kind != SQL_NAME) {
            text_free(&path);
            return NULL;
        }
        name = take_name(select);
        text_append_format(&path, ".%s", name);
    }
    if (is_table) {
        name = arena_copy(&select->parsed->arena, text_span(&path)).data;
    }
    text_free(&path);
    return name;
}

static int take_column(struct select *select, const char **source, const char **name) {
    if (select->token.kind != SQL_NAME || is_keyword(select, "DISTINCT")) {
        return fail(select, "a column's name; an expression belongs into a view");
    }
    *source = take_path(select, false);
    if (*source == NULL || is_char(select, '(')) {
        return fail(select, "a column's name; an expression belongs into a view");
    }
    *name = *source;
    bool has_as = is_keyword(select, "AS");
    if (has_as) {
        step(select);
    }
    if (has_as || (select->token.kind == SQL_NAME && !is_keyword(select, "FROM"))) {
        if (select->token.kind != SQL_NAME) {
            return fail(select, "a name after AS");
        }
        *name = take_name(select);
    }
    return 0;
}

static const char *lower(struct parsed_file *parsed, const char *name) {
    struct text folded = {0};
    text_append_ascii_lower(&folded, span_of(name));
    const char *copy =
        name == NULL || folded.failed ? NULL : arena_copy(&parsed->arena, text_span(&folded)).data;
    text_free(&folded);
    return copy;
}

static int add_column(struct select *select, struct table *table, const char *source,
                      const char *name) {
    const char *folded = lower(select->parsed, name);
    if (folded == NULL) {
        return error_set_no_memory(select->error);
    }
    if (strcmp(folded, "row") == 0) {
        return fail(select, "another name than row, which is the row's own number");
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(select->columns[i].name, folded) == 0) {
            return fail(select, "another name: two columns have this one");
        }
    }
    select->sources[table->column_count] = source;
    select->columns[table->column_count++] = (struct table_column){folded, COLUMN_ANY, COLUMN_READ};
    return 0;
}

static int take_columns(struct select *select, struct table *table) {
    for (;;) {
        const char *source = NULL;
        const char *name = NULL;
        if (take_column(select, &source, &name) != 0 ||
            add_column(select, table, source, name) != 0) {
            return -1;
        }
        if (!is_char(select, ',')) {
            break;
        }
        step(select);
    }
    return is_keyword(select, "FROM") ? 0 : fail(select, "a comma or FROM");
}

static bool ends_from(const struct select *select) {
    static const char *const words[] = {"WHERE", "GROUP",  "HAVING", "LIMIT",     "UNION",
                                        "JOIN",  "LEFT",   "INNER",  "CROSS",     "NATURAL",
                                        "FULL",  "EXCEPT", "RIGHT",  "INTERSECT", "WINDOW"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (is_keyword(select, words[i])) {
            return true;
        }
    }
    return false;
}

/* The table, an alias, an order; nothing more. */
static int take_from(struct select *select, struct table *table) {
    step(select);
    if (select->token.kind != SQL_NAME) {
        return fail(select, "the name of a table");
    }
    table->source = take_path(select, true);
    if (is_keyword(select, "AS")) {
        step(select);
    }
    if (table->source != NULL && select->token.kind == SQL_NAME && !ends_from(select) &&
        !is_keyword(select, "ORDER")) {
        step(select);
    }
    if (is_keyword(select, "ORDER")) {
        while (select->token.kind != SQL_END && !ends_from(select)) {
            step(select);
        }
    }
    return select->token.kind == SQL_END && table->source != NULL ? 0 : fail(select, ROWS_ADVICE);
}

static int check_keys(const struct select *select, struct table *table) {
    for (size_t i = 0; i < select->annotation->list_count; i++) {
        const char *key = lower(select->parsed, select->annotation->list[i]);
        bool is_there = false;
        for (size_t k = 0; key != NULL && k < table->column_count; k++) {
            is_there = is_there || strcmp(table->columns[k].name, key) == 0;
        }
        if (!is_there || i == TABLE_MOST_KEYS) {
            return parsed_file_fail(select->parsed, select->annotation->line, select->error,
                                    "table %s: %s is no key; expected one to %d columns of its "
                                    "SELECT",
                                    select->annotation->name, select->annotation->list[i],
                                    TABLE_MOST_KEYS);
        }
        table->keys[i] = key;
    }
    return 0;
}

static size_t count_commas(const char *sql) {
    size_t commas = 0;
    for (; *sql != '\0'; sql++) {
        commas += *sql == ',';
    }
    return commas;
}

int table_select_read(struct parsed_file *parsed, const struct annotation *annotation,
                      struct table *table, struct error *error) {
    struct select select = {.parsed = parsed,
                            .annotation = annotation,
                            .rest = span_of(annotation->sql),
                            .error = error};
    size_t most = count_commas(annotation->sql) + 1;
    select.columns = arena_allocate(&parsed->arena, most * sizeof *select.columns);
    select.sources = arena_allocate(&parsed->arena, most * sizeof *select.sources);
    *table = (struct table){.name = lower(parsed, annotation->name),
                            .columns = select.columns,
                            .source_columns = select.sources};
    if (table->name == NULL || select.columns == NULL || select.sources == NULL) {
        return error_set_no_memory(error);
    }
    step(&select);
    if (!is_keyword(&select, "SELECT")) {
        return fail(&select, "SELECT columns FROM one table");
    }
    step(&select);
    return take_columns(&select, table) == 0 && take_from(&select, table) == 0
               ? check_keys(&select, table)
               : -1;
}

/* ---- the rows that are left ---- */

/* One expression, in the SQL of any source: nothing in it ends the parentheses around it, or the
 * statement. */
static bool is_one_expression(const char *condition) {
    struct span rest = span_of(condition);
    struct sql_token token;
    int depth = 0;
    while ((token = sql_token_next(&rest)).kind != SQL_END) {
        if (token.kind == SQL_SEMICOLON || token.kind == SQL_UNCLOSED ||
            token.kind == SQL_COMMENT || token.kind == SQL_PARAMETER) {
            return false;
        }
        depth += sql_token_is_char(token, '(') - sql_token_is_char(token, ')');
        if (depth < 0) {
            return false;
        }
    }
    return depth == 0;
}

int table_select_read_only(struct parsed_file *parsed, const struct annotation *annotation,
                           struct table *table, struct error *error) {
    const struct annotation *only = parsed_file_part(annotation, WORD_ONLY);
    if (only == NULL) {
        return 0;
    }
    if (!is_one_expression(only->text)) {
        return parsed_file_fail(parsed, only->line, error,
                                "only %s: expected one expression in the source's SQL, without a "
                                "comment, a parameter or a semicolon",
                                only->text);
    }
    table->only = only->text;
    table->only_because = only->second;
    return 0;
}

bool table_select_only_names(const struct table *table, const char *column) {
    struct span rest = span_of(table->only == NULL ? "" : table->only);
    struct sql_token token;
    struct text name = {0};
    bool is_named = false;
    while (!is_named && (token = sql_token_next_solid(&rest)).kind != SQL_END) {
        text_clear(&name);
        if (token.kind == SQL_NAME) {
            sql_token_append_name(token, &name);
            is_named = sqlite3_stricmp(text_string(&name), column) == 0;
        }
    }
    text_free(&name);
    return is_named;
}
