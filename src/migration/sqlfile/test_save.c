/* A new test of named source rows, with their outcomes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/sql_token.h"
#include "migration/sqlfile/tests_private.h"

struct wanted_row {
    bool is_found;
};

struct saving {
    const struct sqlfile *file;
    const struct staging *staging;
    struct map *wanted; /* one for each table: by label, to a `struct wanted_row` */
    struct arena arena;
    struct text *block;
    struct error *error;
};

/* ---- which rows ---- */

static int want(struct saving *saving, ptrdiff_t table, struct span key) {
    struct wanted_row *wanted = arena_allocate(&saving->arena, sizeof *wanted);
    if (wanted == NULL || map_put(&saving->wanted[table], key, wanted) != 0) {
        return error_set_no_memory(saving->error);
    }
    *wanted = (struct wanted_row){0};
    return 0;
}

/* The end of an entry: a comma without a blank after it, or the end. */
static size_t entry_length(const char *rows) {
    size_t length = 0;
    while (rows[length] != '\0' && (rows[length] != ',' || rows[length + 1] == ' ')) {
        length++;
    }
    return length;
}

/* `table:` before a key changes the table. */
static int take_entry(struct saving *saving, struct span entry, ptrdiff_t *table) {
    const char *colon = memchr(entry.data, ':', entry.length);
    struct text name = {0};
    if (colon != NULL) {
        text_append(&name, (struct span){entry.data, (size_t)(colon - entry.data)});
        ptrdiff_t named = sqlfile_find_table(saving->file, text_string(&name));
        if (named >= 0) {
            *table = named;
            entry = (struct span){colon + 1, entry.length - name.length - 1};
        }
    }
    text_free(&name);
    return *table >= 0 && entry.length > 0
               ? want(saving, *table, entry)
               : error_set(saving->error, ERROR_USAGE,
                           "--rows %.*s: expected a table of the file, a colon and the key of a "
                           "row, such as people:17",
                           (int)entry.length, entry.data);
}

static int read_rows(struct saving *saving, const char *rows) {
    ptrdiff_t table = -1;
    do {
        size_t length = entry_length(rows);
        if (take_entry(saving, (struct span){rows, length}, &table) != 0) {
            return -1;
        }
        rows += length;
    } while (*rows++ == ',');
    return 0;
}

/* ---- their content ---- */

static void append_value(const struct statement *row, int column, struct text *out) {
    struct span text;
    switch (sqlite3_column_type(row->handle, column)) {
    case SQLITE_NULL:
        text_append_string(out, "NULL");
        return;
    case SQLITE_INTEGER:
        text_append_integer(out, statement_integer(row, column));
        return;
    case SQLITE_FLOAT:
        text_append_real(out, sqlite3_column_double(row->handle, column));
        return;
    case SQLITE_BLOB:
        text = (struct span){sqlite3_column_blob(row->handle, column),
                             (size_t)sqlite3_column_bytes(row->handle, column)};
        text_append_string(out, "x'");
        for (size_t i = 0; i < text.length; i++) {
            text_append_format(out, "%02x", (unsigned)(unsigned char)text.data[i]);
        }
        text_append_char(out, '\'');
        return;
    default:
        sql_append_literal(statement_text(row, column), out);
    }
}

static void begin_part(struct saving *saving, enum word word, const char *name) {
    text_append_format(saving->block, "--@ %s %s", annotation_forms[word].word, name);
}

/* Before each row of VALUES; `*count` is how many there are already. */
static void begin_row(struct saving *saving, size_t *count) {
    text_append_string(saving->block, (*count)++ == 0 ? "\nVALUES (" : ",\n       (");
}

static void take_row(struct saving *saving, const struct table *table, const struct statement *row,
                     struct map *wanted, size_t *count) {
    struct text label = {0};
    staged_row_append_label(table, row, 0, &label);
    struct wanted_row *found = map_find(wanted, text_span(&label));
    saving->block->failed = saving->block->failed || label.failed;
    text_free(&label);
    if (found == NULL) {
        return;
    }
    found->is_found = true;
    begin_row(saving, count);
    for (size_t i = 0; i < table->column_count; i++) {
        text_append_string(saving->block, i == 0 ? "" : ", ");
        append_value(row, (int)i, saving->block);
    }
    text_append_char(saving->block, ')');
}

static int check_found(const struct saving *saving, const struct table *table,
                       const struct map *wanted) {
    for (size_t i = 0; i < map_count(wanted); i++) {
        const struct wanted_row *row = map_value_at(wanted, i);
        if (!row->is_found) {
            return error_set(
                saving->error, ERROR_USAGE,
                "--rows: the source's %s has no row %s; expected the values of its key",
                table->source, map_key_at(wanted, i).data);
        }
    }
    return 0;
}

static int append_given(struct saving *saving, size_t index) {
    const struct table *table = &saving->file->tables[index];
    struct map *wanted = &saving->wanted[index];
    struct statement rows = {0};
    struct text sql = {0};
    size_t count = 0;
    if (map_count(wanted) == 0) {
        return 0;
    }
    begin_part(saving, WORD_GIVEN, table->name);
    for (size_t i = 0; i < table->column_count; i++) {
        text_append_format(saving->block, "%s%s", i == 0 ? " " : ", ", table->columns[i].name);
    }
    text_append_string(&sql, "SELECT ");
    staged_row_append_columns(table, "t", &sql);
    text_append_format(&sql, " FROM \"%s\" t", table->name);
    int rc = text_check(&sql, saving->error) == 0
                 ? statement_prepare(&rows, staging_database(saving->staging), text_string(&sql),
                                     saving->error)
                 : -1;
    while (rc == 0 && (rc = statement_step(&rows, saving->error)) == 1) {
        take_row(saving, table, &rows, wanted, &count);
        rc = 0;
    }
    text_append_string(saving->block, ";\n");
    statement_finalize(&rows);
    text_free(&sql);
    return rc == 0 ? check_found(saving, table, wanted) : -1;
}

/* ---- their outcomes ---- */

/* A key as a person would write it: digits are a number. */
static void append_key(struct span key, struct text *out) {
    bool is_number = key.length > 0 && key.length < 18 && (*key.data != '0' || key.length == 1);
    for (size_t i = 0; i < key.length; i++) {
        is_number = is_number && isdigit((unsigned char)key.data[i]);
    }
    if (is_number) {
        text_append(out, key);
    } else {
        sql_append_literal(key, out);
    }
}

static void append_documents(struct saving *saving, const struct test_found *found, size_t kind) {
    const struct map *documents = &found->documents[kind];
    size_t count = 0;
    for (size_t i = 0; i < map_count(documents); i++) {
        if (i == 0) {
            begin_part(saving, WORD_EXPECT, found->file->kinds[kind].name);
        }
        begin_row(saving, &count);
        append_key(map_key_at(documents, i), saving->block);
        text_append_string(saving->block, ", ");
        sql_append_literal(span_of(map_value_at(documents, i)), saving->block);
        text_append_char(saving->block, ')');
    }
    text_append_string(saving->block, count > 0 ? ";\n" : "");
}

static void append_outcomes(struct saving *saving, const struct test_found *found, size_t table) {
    const struct map *outcomes = &found->outcomes[table];
    size_t count = 0;
    for (size_t i = 0; i < map_count(outcomes); i++) {
        const struct test_outcome *outcome = map_value_at(outcomes, i);
        if (i == 0) {
            begin_part(saving, WORD_OUTCOMES, found->file->tables[table].name);
        }
        begin_row(saving, &count);
        append_key(map_key_at(outcomes, i), saving->block);
        text_append_format(saving->block, ", '%s', ", outcome->word);
        append_key(span_of(outcome->because), saving->block);
        text_append_char(saving->block, ')');
    }
    text_append_string(saving->block, count > 0 ? ";\n" : "");
}

static const struct annotation *last_test(const struct sqlfile *file) {
    const struct annotation *test = NULL;
    for (size_t i = 0; i < file->parsed.count; i++) {
        test = file->parsed.annotations[i].word == WORD_TEST ? &file->parsed.annotations[i] : test;
    }
    return test;
}

/* Plans the file with the block after it. */
static int append_found(struct saving *saving, const struct migration_settings *settings) {
    struct text whole = {0};
    struct test_found found = {0};
    text_append(&whole, text_span(&saving->file->text));
    text_append(&whole, text_span(saving->block));
    struct sqlfile *own =
        text_check(&whole, saving->error) == 0
            ? test_file_read(saving->file->parsed.path, text_span(&whole), saving->error)
            : NULL;
    int rc = own == NULL ? -1 : test_plan(own, settings, last_test(own), &found, saving->error);
    for (size_t i = 0; rc == 0 && i < own->kind_count; i++) {
        append_documents(saving, &found, i);
    }
    for (size_t i = 0; rc == 0 && i < own->table_count; i++) {
        append_outcomes(saving, &found, i);
    }
    if (own != NULL) {
        test_found_free(&found);
    }
    sqlfile_free(own);
    text_free(&whole);
    return rc;
}

static int append_all(struct saving *saving, const struct migration_settings *settings,
                      const char *name, const char *rows) {
    bool is_line = *name != '\0' && strpbrk(name, "\r\n") == NULL;
    if (!is_line) {
        return error_set(saving->error, ERROR_USAGE, "--save %s: expected a name on one line",
                         name);
    }
    if (read_rows(saving, rows) != 0) {
        return -1;
    }
    text_append_format(saving->block, "\n--@ test %s\n", name);
    for (size_t i = 0; i < saving->file->table_count; i++) {
        if (append_given(saving, i) != 0) {
            return -1;
        }
    }
    return append_found(saving, settings) == 0 ? text_check(saving->block, saving->error) : -1;
}

int sqlfile_append_test(const struct sqlfile *file, const struct migration_settings *settings,
                        const struct staging *staging, const char *name, const char *rows,
                        struct text *block, struct error *error) {
    struct saving saving = {.file = file, .staging = staging, .block = block, .error = error};
    saving.wanted = calloc(file->table_count + 1, sizeof *saving.wanted);
    int rc = saving.wanted == NULL ? error_set_no_memory(error)
                                   : append_all(&saving, settings, name, rows);
    for (size_t i = 0; saving.wanted != NULL && i < file->table_count; i++) {
        map_free(&saving.wanted[i]);
    }
    free(saving.wanted);
    arena_free(&saving.arena);
    return rc;
}
