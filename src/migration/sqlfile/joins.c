/* Joins of texts with numbers: the conditions `a.x = b.y` of the file's SQL, where the names are
 * found after FROM and JOIN and mean tables, lookups or used rows (a view may be expensive).
 * Conditions in other forms are not checked. */
#include <string.h>

#include "migration/sqlfile/plan_private.h"
#include "migration/sqlfile/sql_token.h"

enum { NAMES_MOST = 64, NAME_SIZE = 80 };

/* `old_tickets t`: what a name before a point means. */
struct alias {
    char name[NAME_SIZE];
    char table[NAME_SIZE];
};

struct joins {
    struct file_plan *plan;
    const struct annotation *annotation;
    struct alias aliases[NAMES_MOST];
    size_t count;
    struct map seen; /* pairs that were looked at */
};

static bool copy_name(struct sql_token token, char name[NAME_SIZE]) {
    struct text text = {0};
    sql_token_append_name(token, &text);
    bool fits = token.kind == SQL_NAME && text.length < NAME_SIZE && !text.failed;
    if (fits) {
        memcpy(name, text_string(&text), text.length + 1);
    }
    text_free(&text);
    return fits;
}

static bool is_relation(const struct file_plan *plan, const char *name) {
    static const enum word words[] = {WORD_TABLE, WORD_LOOKUP, WORD_CLASSIFY};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (sqlfile_find(plan->file, words[i], name) != NULL) {
            return true;
        }
    }
    return false;
}

/* After FROM, JOIN or a comma: `table [AS] alias`. A name that is used twice is ambiguous. */
static void note_alias(struct joins *joins, struct span rest) {
    struct alias alias;
    struct sql_token token = sql_token_next_solid(&rest);
    if (joins->count == NAMES_MOST || !copy_name(token, alias.table) ||
        !is_relation(joins->plan, alias.table)) {
        return;
    }
    memcpy(alias.name, alias.table, NAME_SIZE);
    token = sql_token_next_solid(&rest);
    if (sql_token_is_word(token, "AS")) {
        token = sql_token_next_solid(&rest);
    }
    if (token.kind == SQL_NAME &&
        sqlite3_keyword_check(token.text.data, (int)token.text.length) == 0) {
        copy_name(token, alias.name);
    }
    joins->aliases[joins->count++] = alias;
}

static void note_aliases(struct joins *joins) {
    struct span rest = span_of(joins->annotation->sql);
    struct sql_token token;
    joins->count = 0;
    while ((token = sql_token_next_solid(&rest)).kind != SQL_END) {
        if (sql_token_is_word(token, "FROM") || sql_token_is_word(token, "JOIN")) {
            note_alias(joins, rest);
        }
    }
}

/* The only table that the name means, or NULL. */
static const char *find_table(const struct joins *joins, const char *name) {
    const char *table = NULL;
    for (size_t i = 0; i < joins->count; i++) {
        if (sqlite3_stricmp(joins->aliases[i].name, name) != 0) {
            continue;
        }
        if (table != NULL && sqlite3_stricmp(table, joins->aliases[i].table) != 0) {
            return NULL;
        }
        table = joins->aliases[i].table;
    }
    return table;
}

/* `name.column` */
struct side {
    const char *table;
    char column[NAME_SIZE];
};

static bool read_side(const struct joins *joins, struct span *rest, struct side *side) {
    char name[NAME_SIZE];
    struct sql_token token = sql_token_next_solid(rest);
    if (!copy_name(token, name)) {
        return false;
    }
    token = sql_token_next_solid(rest);
    if (!sql_token_is_char(token, '.')) {
        return false;
    }
    side->table = find_table(joins, name);
    return copy_name(sql_token_next_solid(rest), side->column) && side->table != NULL;
}

static void append_side(const struct side *side, const char *alias, struct text *sql) {
    text_append_format(sql, "%s.", alias);
    sql_append_name(side->column, sql);
}

static void append_type(const struct side *side, struct text *sql) {
    text_append_string(sql, "SELECT typeof(");
    append_side(side, "t", sql);
    text_append_string(sql, ") AS x FROM ");
    sql_append_name(side->table, sql);
    text_append_string(sql, " t WHERE ");
    append_side(side, "t", sql);
    text_append_string(sql, " IS NOT NULL LIMIT 1");
}

/* A row if the first value of one side is a text, that of the other is not, and no pair of values
 * is equal. The CASE searches for pairs only after it has compared the types. */
static void append_question(const struct side *a, const struct side *b, struct text *sql) {
    text_append_string(sql, "SELECT m.x, n.x FROM (");
    append_type(a, sql);
    text_append_string(sql, ") m JOIN (");
    append_type(b, sql);
    text_append_string(sql, ") n"
                            " WHERE CASE WHEN (m.x = 'text') <> (n.x = 'text')"
                            " THEN NOT EXISTS (SELECT 1 FROM ");
    sql_append_name(a->table, sql);
    text_append_string(sql, " a JOIN ");
    sql_append_name(b->table, sql);
    text_append_string(sql, " b ON ");
    append_side(a, "a", sql);
    text_append_string(sql, " = ");
    append_side(b, "b", sql);
    text_append_string(sql, ") END");
}

static int warn(struct joins *joins, const struct side *a, const struct side *b,
                const char *types[2], struct error *error) {
    struct text text = {0};
    text_append_format(&text,
                       "line %zu: %s.%s = %s.%s finds nothing: one is %s, the other %s; "
                       "CAST makes them the same",
                       joins->annotation->sql_line, a->table, a->column, b->table, b->column,
                       types[0], types[1]);
    const struct plan_entry entry = {
        .kind = PLAN_WARNING,
        .warning = {.key = span_of(joins->annotation->name), .text = text_span(&text)}};
    int rc = text_check(&text, error) == 0
                 ? joins->plan->sink->put(joins->plan->sink->context, &entry, error)
                 : -1;
    text_free(&text);
    return rc;
}

/* A comparison that cannot be run must not fail the plan. */
static int look_at(struct joins *joins, const struct side *a, const struct side *b,
                   struct error *error) {
    struct statement question = {0};
    struct text sql = {0};
    struct error ignored;
    int rc = 0;
    append_question(a, b, &sql);
    if (map_find(&joins->seen, text_span(&sql)) == NULL &&
        map_put(&joins->seen, text_span(&sql), joins) == 0 &&
        statement_prepare(&question, joins->plan->database, text_string(&sql), &ignored) == 0) {
        rc = guard_step(&joins->plan->guard, joins->annotation, &question, error);
        if (rc == 1) {
            const char *types[] = {statement_text(&question, 0).data,
                                   statement_text(&question, 1).data};
            rc = warn(joins, a, b, types, error);
        }
    }
    statement_finalize(&question);
    text_free(&sql);
    return rc;
}

static int check_annotation(struct joins *joins, struct error *error) {
    struct span rest = span_of(joins->annotation->sql);
    note_aliases(joins);
    for (; rest.length > 0; sql_token_next_solid(&rest)) {
        struct side a = {0};
        struct side b = {0};
        struct span from = rest;
        if (!read_side(joins, &from, &a)) {
            continue;
        }
        struct sql_token equals = sql_token_next_solid(&from);
        if (sql_token_is_char(equals, '=') && read_side(joins, &from, &b) &&
            look_at(joins, &a, &b, error) != 0) {
            return -1;
        }
    }
    return 0;
}

int joins_check(struct file_plan *plan, struct error *error) {
    struct joins joins = {.plan = plan};
    int rc = 0;
    for (size_t i = 0; i < plan->file->parsed.count && rc == 0; i++) {
        const struct annotation *annotation = &plan->file->parsed.annotations[i];
        bool is_query = annotation->word == WORD_VIEW || annotation->word == WORD_CLASSIFY ||
                        annotation->word == WORD_KIND;
        if (is_query) {
            joins.annotation = annotation;
            rc = check_annotation(&joins, error);
        }
    }
    map_free(&joins.seen);
    return rc;
}
