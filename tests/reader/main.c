/* Reads a source as the program does, for tests that look at the values themselves:
 *
 *   rowpost-reader URL TABLE [COLUMN...]            each row as a line of JSON
 *   rowpost-reader --count URL TABLE [COLUMN...]    {"rows": N, "peak_kilobytes": N}
 *   rowpost-reader --measure URL TABLE [COLUMN...]  what the source counts: {"rows": N,
 *                                                   "bytes": [N, ...]}
 *   rowpost-reader --tables URL                     each table's name as a line
 *   rowpost-reader --columns URL TABLE              each column as a line: its name and type
 *   rowpost-reader --still URL TABLE [COLUMN...]    the rows twice, in one transaction; a line of
 *                                                   standard input is waited for in between
 *
 * A text that is not UTF-8 is written as {"text": hex}, a blob as {"hex": hex}, a number that is
 * not finite as {"real": "inf"}. The password is ROWPOST_SOURCE_PASSWORD, the schema
 * ROWPOST_READER_SCHEMA if it is there. An error goes to standard error, and the exit status is 3.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/json_writer.h"
#include "source/source.h"

struct request {
    struct source *source;
    const char *table;
    const char *const *columns;
    size_t column_count;
};

static int give_password(void *context, const char *user, const char *place, struct text *password,
                         struct error *error) {
    (void)context;
    (void)user;
    (void)place;
    (void)error;
    const char *value = getenv("ROWPOST_SOURCE_PASSWORD");
    if (value != NULL) {
        text_append_string(password, value);
    }
    return 0;
}

static void append_hex(struct json_writer *writer, const char *name, struct span bytes) {
    struct text hex = {0};
    for (size_t i = 0; i < bytes.length; i++) {
        text_append_format(&hex, "%02x", (unsigned)(unsigned char)bytes.data[i]);
    }
    json_begin_object(writer);
    json_member_string(writer, name, text_span(&hex));
    json_end_object(writer);
    text_free(&hex);
}

static void append_real(struct json_writer *writer, double real) {
    if (isfinite(real)) {
        json_write_real(writer, real);
        return;
    }
    struct text text = {0};
    text_append_real(&text, real);
    json_begin_object(writer);
    json_member_string(writer, "real", text_span(&text));
    json_end_object(writer);
    text_free(&text);
}

static void append_value(struct json_writer *writer, struct value value) {
    switch (value.kind) {
    case VALUE_NULL:
        json_write_null(writer);
        return;
    case VALUE_INTEGER:
        json_write_integer(writer, value.integer);
        return;
    case VALUE_REAL:
        append_real(writer, value.real);
        return;
    case VALUE_TEXT:
        if (json_is_utf8(value.text)) {
            json_write_string(writer, value.text);
        } else {
            append_hex(writer, "text", value.text);
        }
        return;
    case VALUE_BLOB:
        append_hex(writer, "hex", value.text);
        return;
    }
}

static void print_row(const struct rows *rows) {
    struct text json = {0};
    struct json_writer writer = json_writer_to(&json);
    json_begin_object(&writer);
    for (size_t i = 0; i < rows_column_count(rows); i++) {
        json_write_key(&writer, rows_column_name(rows, i));
        append_value(&writer, rows_value(rows, i));
    }
    json_end_object(&writer);
    puts(text_string(&json));
    text_free(&json);
}

/* Goes through the rows; `look` may be NULL. The number of rows, or -1. */
static long read_rows(const struct request *request, void (*look)(const struct rows *rows),
                      struct error *error) {
    long count = 0;
    int rc = -1;
    struct rows *rows = source_read_table(request->source, request->table, request->columns,
                                          request->column_count, NULL, error);
    while (rows != NULL && (rc = rows_step(rows, error)) == 1) {
        count++;
        if (look != NULL) {
            look(rows);
        }
    }
    rows_close(rows);
    return rc == 0 ? count : -1;
}

static int print_rows(const struct request *request, struct error *error) {
    return read_rows(request, print_row, error) < 0 ? -1 : 0;
}

static int count_rows(const struct request *request, struct error *error) {
    struct rusage usage;
    long count = read_rows(request, NULL, error);
    if (count < 0 || getrusage(RUSAGE_SELF, &usage) != 0) {
        return -1;
    }
    printf("{\"rows\": %ld, \"peak_kilobytes\": %ld}\n", count, usage.ru_maxrss);
    return 0;
}

static int read_twice(const struct request *request, struct error *error) {
    bool is_one_moment = false;
    if (source_begin_read_transaction(request->source, &is_one_moment, error) != 0) {
        return -1;
    }
    puts(is_one_moment ? "still" : "not still");
    if (print_rows(request, error) != 0) {
        return -1;
    }
    puts("go on");
    fflush(stdout);
    (void)getchar();
    return print_rows(request, error) == 0 ? source_end_read_transaction(request->source, error)
                                           : -1;
}

static int measure(const struct request *request, struct error *error) {
    enum { MOST_COLUMNS = 1000 };
    static int64_t bytes[MOST_COLUMNS];
    int64_t rows = 0;
    if (source_measure_table(request->source, request->table, request->columns,
                             request->column_count, NULL, &rows, bytes, error) != 0) {
        return -1;
    }
    printf("{\"rows\": %lld, \"bytes\": [", (long long)rows);
    for (size_t i = 0; i < request->column_count; i++) {
        printf("%s%lld", i == 0 ? "" : ", ", (long long)bytes[i]);
    }
    puts("]}");
    return 0;
}

static int print_table(void *context, const char *table, struct error *error) {
    (void)context;
    (void)error;
    puts(table);
    return 0;
}

static int print_tables(const struct request *request, struct error *error) {
    return source_list_tables(request->source, print_table, NULL, error);
}

static int print_column(void *context, const struct source_column *column, struct error *error) {
    (void)context;
    (void)error;
    printf("%s %s\n", column->name, column->type);
    return 0;
}

static int print_columns(const struct request *request, struct error *error) {
    return source_list_columns(request->source, request->table, print_column, NULL, error);
}

static const struct work {
    const char *option;
    int (*run)(const struct request *request, struct error *error);
    bool has_table;
} works[] = {
    {"--count", count_rows, true},      {"--measure", measure, true},
    {"--still", read_twice, true},      {"--tables", print_tables, false},
    {"--columns", print_columns, true}, {"", print_rows, true},
};

static const struct work *find_work(const char *option) {
    const struct work *work = works;
    while (*work->option != '\0' && strcmp(work->option, option) != 0) {
        work++;
    }
    return work;
}

int main(int argc, char **argv) {
    const struct work *work = find_work(argc > 1 ? argv[1] : "");
    int first = *work->option == '\0' ? 1 : 2;
    int table = first + 1;
    if (argc <= (work->has_table ? table : first)) {
        fputs("usage: rowpost-reader [--count | --measure | --still | --tables | --columns]"
              " URL [TABLE [COLUMN...]]\n",
              stderr);
        return 2;
    }
    const struct source_access access = {.schema = getenv("ROWPOST_READER_SCHEMA"),
                                         .ask_password = give_password};
    struct error error = {0};
    struct request request = {.table = argv[table]};
    if (argc > table + 1) {
        request.columns = (const char *const *)argv + table + 1;
        request.column_count = (size_t)(argc - table - 1);
    }
    request.source = source_open(argv[first], &access, &error);
    int rc = request.source == NULL ? -1 : work->run(&request, &error);
    source_close(request.source);
    if (rc != 0) {
        fprintf(stderr, "%s\n", error.message);
        return 3;
    }
    return 0;
}
