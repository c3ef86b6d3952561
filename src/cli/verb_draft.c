#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/map.h"
#include "base/noun.h"
#include "base/output_file.h"
#include "base/statement.h"
#include "base/utf8.h"
#include "cli/credentials.h"
#include "cli/legacy_source.h"
#include "cli/steps.h"
#include "source/source.h"

enum { COLUMN_MOST = 512, KEY_MOST = 4, VALUES_SHOWN = 3, ROWS_LOOKED_AT = 200, WIDTH_SHOWN = 40 };

struct draft_column {
    const char *name;  /* the source's own */
    const char *alias; /* in the file: lower case, letters, digits and underscores */
    const char *type;
    struct text values; /* some different values, separated by commas */
    size_t shown;
    bool is_key;
};

struct draft {
    struct source *source;
    const char *only; /* --tables; NULL: all */
    struct text out;
    struct arena arena;
    struct map names; /* of tables in the file */
    struct draft_column columns[COLUMN_MOST];
    size_t column_count;
    size_t key_count;
    size_t tables;
};

/* ---- names ---- */

static const char *make_alias(struct draft *draft, const char *name, const char *prefix) {
    struct text alias = {0};
    text_append_string(&alias, prefix);
    for (const char *c = name; *c != '\0'; c++) {
        text_append_char(&alias, (char)(isalnum((unsigned char)*c) && (unsigned char)*c < 0x80
                                            ? tolower((unsigned char)*c)
                                            : '_'));
    }
    if (isdigit((unsigned char)*text_string(&alias)) ||
        sqlite3_keyword_check(text_string(&alias), (int)alias.length) ||
        strcmp(text_string(&alias), "row") == 0) {
        text_append_char(&alias, '_');
        if (isdigit((unsigned char)*text_string(&alias))) {
            struct text prefixed = {0};
            text_append_format(&prefixed, "x%s", text_string(&alias));
            text_free(&alias);
            alias = prefixed;
        }
    }
    const char *kept = arena_copy(&draft->arena, text_span(&alias)).data;
    text_free(&alias);
    return kept;
}

/* Appends a number where the name is taken. */
static const char *make_free_name(struct draft *draft, const char *name) {
    const char *free_name = name;
    for (int number = 2; map_find(&draft->names, span_of(free_name)) != NULL; number++) {
        struct text numbered = {0};
        text_append_format(&numbered, "%s_%d", name, number);
        free_name = arena_copy(&draft->arena, text_span(&numbered)).data;
        text_free(&numbered);
    }
    return map_put(&draft->names, span_of(free_name), draft) == 0 ? free_name : NULL;
}

static void append_quoted(struct text *out, const char *name) {
    text_append_char(out, '"');
    for (const char *c = name; *c != '\0'; c++) {
        text_append_string(out, *c == '"' ? "\"\"" : (const char[]){*c, '\0'});
    }
    text_append_char(out, '"');
}

/* ---- what is in a table ---- */

static int take_column(void *context, const struct source_column *column, struct error *error) {
    struct draft *draft = context;
    if (draft->column_count == COLUMN_MOST) {
        return error_set(error, ERROR_USAGE, "a table has more than %d columns", COLUMN_MOST);
    }
    const char *alias = make_alias(draft, column->name, "");
    for (size_t i = 0; i < draft->column_count && alias != NULL; i++) {
        if (strcmp(draft->columns[i].alias, alias) == 0) {
            alias = make_alias(draft, column->name, "x_");
            break;
        }
    }
    draft->columns[draft->column_count++] =
        (struct draft_column){.name = arena_copy(&draft->arena, span_of(column->name)).data,
                              .alias = alias,
                              .type = arena_copy(&draft->arena, span_of(column->type)).data};
    return draft->arena.failed || alias == NULL ? error_set_no_memory(error) : 0;
}

/* The start of a text on one line; `?` is a control character or what is not UTF-8. */
static void show_text(struct span value, struct text *shown) {
    size_t at = 0;
    while (at < value.length && at < WIDTH_SHOWN) {
        uint32_t code;
        size_t bytes = utf8_decode(value.data + at, value.length - at, &code);
        bool is_shown = code >= 0x20 && code != UTF8_INVALID && (code < 0x7f || code > 0x9f);
        text_append(shown, is_shown ? (struct span){value.data + at, bytes} : span_of("?"));
        at += bytes;
    }
    text_append_string(shown, at < value.length ? "..." : "");
}

/* A value on one line of a comment. */
static void show_value(struct draft_column *column, struct value value) {
    struct text shown = {0};
    if (value.kind == VALUE_NULL || column->shown == VALUES_SHOWN) {
        return;
    }
    if (value.kind == VALUE_INTEGER) {
        text_append_integer(&shown, value.integer);
    } else if (value.kind == VALUE_REAL) {
        text_append_real(&shown, value.real);
    } else if (value.kind == VALUE_BLOB) {
        text_append_format(&shown, "%zu bytes", value.text.length);
    } else {
        show_text(value.text, &shown);
    }
    if (span_find(text_span(&column->values), text_string(&shown)) == NULL || shown.length == 0) {
        text_append_format(&column->values, "%s%s", column->shown == 0 ? "" : ", ",
                           shown.length == 0 ? "''" : text_string(&shown));
        column->shown++;
    }
    text_free(&shown);
}

static int look_at_rows(struct draft *draft, const char *table, struct error *error) {
    struct rows *rows = source_read_table(draft->source, table, NULL, 0, NULL, error);
    int rc = rows == NULL ? -1 : 1;
    for (int count = 0; rc == 1 && count < ROWS_LOOKED_AT; count++) {
        rc = rows_step(rows, error);
        for (size_t i = 0; rc == 1 && i < draft->column_count; i++) {
            show_value(&draft->columns[i], rows_value(rows, i));
        }
    }
    rows_close(rows);
    return rc < 0 ? -1 : 0;
}

/* A SQLite file declares its key. */
static int find_declared_key(struct draft *draft, const char *table, struct error *error) {
    sqlite3 *database = source_sqlite(draft->source);
    struct statement keys = {0};
    int rc = 0;
    if (database == NULL) {
        return 0;
    }
    rc = statement_prepare(
        &keys, database, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", error);
    statement_bind_string(&keys, 1, table);
    while (rc == 0 && (rc = statement_step(&keys, error)) == 1) {
        for (size_t i = 0; i < draft->column_count; i++) {
            if (span_equal_string(statement_text(&keys, 0), draft->columns[i].name)) {
                draft->columns[i].is_key = true;
                draft->key_count++;
            }
        }
        rc = 0;
    }
    statement_finalize(&keys);
    return rc;
}

/* Elsewhere, an `id`; else the first two columns name a row for people. */
static void guess_key(struct draft *draft) {
    for (size_t i = 0; i < draft->column_count && draft->key_count == 0; i++) {
        if (strcmp(draft->columns[i].alias, "id") == 0) {
            draft->columns[i].is_key = true;
            draft->key_count = 1;
        }
    }
    for (size_t i = 0; draft->key_count == 0 && i < draft->column_count && i < 2; i++) {
        draft->columns[i].is_key = true;
    }
    draft->key_count = 0;
    for (size_t i = 0; i < draft->column_count; i++) {
        draft->columns[i].is_key = draft->columns[i].is_key && draft->key_count < KEY_MOST;
        draft->key_count += draft->columns[i].is_key;
    }
}

/* ---- what is written ---- */

static void append_list(struct draft *draft, bool has_keys) {
    const char *separator = "";
    for (size_t i = 0; i < draft->column_count; i++) {
        if (draft->columns[i].is_key == has_keys || (!has_keys && draft->key_count > 1)) {
            text_append_format(&draft->out, "%s%s", separator, draft->columns[i].alias);
            separator = ", ";
        }
    }
}

static void append_select(struct draft *draft, const char *table) {
    text_append_string(&draft->out, "SELECT ");
    for (size_t i = 0; i < draft->column_count; i++) {
        const struct draft_column *column = &draft->columns[i];
        text_append_string(&draft->out, i == 0 ? "" : ", ");
        if (strcmp(column->name, column->alias) == 0) {
            text_append_string(&draft->out, column->name);
        } else {
            append_quoted(&draft->out, column->name);
            text_append_format(&draft->out, " AS %s", column->alias);
        }
    }
    text_append_string(&draft->out, " FROM ");
    append_quoted(&draft->out, table);
    text_append_string(&draft->out, ";\n\n");
}

static void append_table(struct draft *draft, const char *table, const char *old, int64_t rows) {
    text_append_format(&draft->out, "-- %s: %lld %s\n", table, (long long)rows,
                       noun_of(rows, "row", "rows"));
    for (size_t i = 0; i < draft->column_count; i++) {
        const struct draft_column *column = &draft->columns[i];
        text_append_format(&draft->out, "--   %-20s %-14s %s\n", column->alias, column->type,
                           text_string(&column->values));
    }
    text_append_format(&draft->out, "\n--@ table %s key ", old);
    append_list(draft, true);
    text_append_char(&draft->out, '\n');
    append_select(draft, table);
    if (draft->key_count < draft->column_count || draft->key_count > 1) {
        text_append_format(&draft->out, "--@ unused %s ", old);
        append_list(draft, false);
        text_append_string(&draft->out, ": to be decided\n\n");
    }
}

static void append_rules(struct draft *draft, const char *old, const char *name) {
    const char *key = "row";
    for (size_t i = 0; draft->key_count == 1 && i < draft->column_count; i++) {
        key = draft->columns[i].is_key ? draft->columns[i].alias : key;
    }
    text_append_format(&draft->out,
                       "--@ classify %s as %s_rows\n"
                       "SELECT t.%s AS row, NULL AS skip, 'to be decided' AS reject FROM %s t;\n\n",
                       old, name, key, old);
    text_append_format(
        &draft->out,
        "--@ kind %s from %s_rows\n"
        "--@ noun %s\n"
        "--@ create POST /%s\n"
        "--@ success :status = 201\n"
        "--@ id :answer ->> '$.id'\n"
        "--@ find GET /%s?search={key}\n"
        "--@ match SELECT value ->> '$.id' FROM json_each(:answer) WHERE value ->> '$.key' = :key\n"
        "SELECT r.row AS key, json_object() AS body FROM %s_rows r;\n\n",
        name, name, name, name, name, name);
}

static void clear_columns(struct draft *draft) {
    for (size_t i = 0; i < draft->column_count; i++) {
        text_free(&draft->columns[i].values);
    }
    draft->column_count = 0;
    draft->key_count = 0;
}

static bool is_wanted(const struct draft *draft, const char *table) {
    size_t length = strlen(table);
    for (const char *name = draft->only; name != NULL && *name != '\0';) {
        size_t end = strcspn(name, ",");
        if (end == length && sqlite3_strnicmp(name, table, (int)length) == 0) {
            return true;
        }
        name += end + (name[end] == ',');
    }
    return draft->only == NULL;
}

static int describe(struct draft *draft, const char *table, struct error *error) {
    int64_t rows = 0;
    const char *name = make_free_name(draft, make_alias(draft, table, ""));
    const char *old = name == NULL ? NULL : make_alias(draft, name, "old_");
    clear_columns(draft);
    if (old == NULL) {
        return error_set_no_memory(error);
    }
    if (source_list_columns(draft->source, table, take_column, draft, error) != 0 ||
        source_measure_table(draft->source, table, NULL, 0, NULL, &rows, NULL, error) != 0 ||
        look_at_rows(draft, table, error) != 0 || find_declared_key(draft, table, error) != 0) {
        return -1;
    }
    guess_key(draft);
    append_table(draft, table, old, rows);
    append_rules(draft, old, name);
    draft->tables++;
    return text_check(&draft->out, error);
}

/* The tables are listed first: a source runs one query at a time. */
static int note_table(void *context, const char *table, struct error *error) {
    return map_put(context, span_of(table), context) == 0 ? 0 : error_set_no_memory(error);
}

static int describe_all(struct draft *draft, struct error *error) {
    struct map tables = {0};
    int rc = source_list_tables(draft->source, note_table, &tables, error);
    text_append_format(&draft->out,
                       "--@ migration draft\n"
                       "--@ target to be decided\n\n"
                       "-- Drafted from %s: every row is rejected and every column is unused, "
                       "until that is decided.\n\n",
                       source_name(draft->source));
    for (size_t i = 0; i < map_count(&tables) && rc == 0; i++) {
        const char *table = map_key_at(&tables, i).data;
        bool is_system = strncmp(table, "sqlite_", 7) == 0;
        rc = is_wanted(draft, table) && !is_system ? describe(draft, table, error) : 0;
    }
    map_free(&tables);
    if (rc == 0 && draft->tables == 0) {
        rc = error_set(error, ERROR_USAGE, "%s has no such table; expected one that --tables names",
                       source_name(draft->source));
    }
    return rc;
}

static int write_draft(const struct options *options, const struct draft *draft,
                       struct error *error) {
    if (options->output == NULL) {
        fwrite(text_string(&draft->out), 1, draft->out.length, stdout);
        return 0;
    }
    struct output_file *file = output_file_open("-o", options->output, error);
    if (file == NULL) {
        return -1;
    }
    fwrite(text_string(&draft->out), 1, draft->out.length, output_file_stream(file));
    if (output_file_publish(file, error) != 0) {
        return -1;
    }
    log_info("%s: %zu %s", options->output, draft->tables,
             noun_of((int64_t)draft->tables, "table", "tables"));
    return 0;
}

int verb_draft(struct options *options, struct error *error) {
    struct draft draft = {.only = options->tables};
    if (options->output != NULL && !options->force && access(options->output, F_OK) == 0) {
        return error_set(error, ERROR_USAGE, "-o %s: is there already; --force replaces it",
                         options->output);
    }
    if (credentials_load(options, error) != 0 || legacy_source_require(options, error) != 0) {
        return -1;
    }
    draft.source = legacy_source_open(options, error);
    int rc = draft.source != NULL && describe_all(&draft, error) == 0
                 ? write_draft(options, &draft, error)
                 : -1;
    clear_columns(&draft);
    source_close(draft.source);
    text_free(&draft.out);
    map_free(&draft.names);
    arena_free(&draft.arena);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
