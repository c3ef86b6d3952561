#define _POSIX_C_SOURCE 200809L /* strdup */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json_writer.h"
#include "base/log.h"
#include "base/noun.h"
#include "base/shell_word.h"
#include "cli/credentials.h"
#include "cli/ending.h"
#include "cli/legacy_source.h"
#include "cli/steps.h"
#include "staging/snapshot.h"

/* --tables as a list of names; the names are pieces of `text`. */
struct table_list {
    char *text;
    const char *names[SNAPSHOT_MOST_TABLES];
    size_t count;
};

/* The name goes into a query unchanged: letters, digits and a schema before a point. */
static bool is_table_name(const char *name) {
    size_t length =
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$.");
    return length > 0 && name[length] == '\0' && name[0] != '.' && name[length - 1] != '.';
}

static int split_tables(const char *list, struct table_list *tables, struct error *error) {
    if (list == NULL) {
        return 0;
    }
    tables->text = strdup(list);
    if (tables->text == NULL) {
        return error_set_no_memory(error);
    }
    for (char *name = tables->text; name != NULL;) {
        char *comma = strchr(name, ',');
        if (comma != NULL) {
            *comma = '\0';
        }
        if (!is_table_name(name)) {
            return error_set(error, ERROR_USAGE,
                             "--tables %s: expected names with commas between, such as "
                             "RELEASES,STATUS",
                             list);
        }
        if (tables->count == SNAPSHOT_MOST_TABLES) {
            return error_set(error, ERROR_USAGE, "--tables: at most %d", SNAPSHOT_MOST_TABLES);
        }
        tables->names[tables->count++] = name;
        name = comma == NULL ? NULL : comma + 1;
    }
    return 0;
}

/* With --force the source itself would be replaced by its copy. */
static int check_output(const struct options *options, struct error *error) {
    static const char scheme[] = "sqlite:";
    if (options->output == NULL || *options->output == '\0') {
        return error_set(error, ERROR_USAGE,
                         "no file to write: name it with -o, such as -o legacy.db");
    }
    const char *path = options->source;
    if (strncmp(path, scheme, strlen(scheme)) == 0) {
        path += strlen(scheme);
    }
    struct stat source;
    struct stat output;
    if (stat(path, &source) == 0 && stat(options->output, &output) == 0 &&
        source.st_dev == output.st_dev && source.st_ino == output.st_ino) {
        return error_set(error, ERROR_USAGE, "-o %s: is the source itself; name another file",
                         options->output);
    }
    return 0;
}

static void warn(void *context, const char *text) {
    (void)context;
    log_warning("%s", text);
}

static void append_text(const struct snapshot *snapshot, const char *path, struct text *out) {
    for (size_t i = 0; i < snapshot->table_count; i++) {
        const struct snapshot_table *table = &snapshot->tables[i];
        text_append_format(out, "%-12s %10lld rows  %.16s...\n", text_string(&table->name),
                           (long long)table->rows, table->checksum);
    }
    text_append_format(out, "%s: %lld %s, read back and found equal%s\n", path,
                       (long long)snapshot->rows, noun_of(snapshot->rows, "row", "rows"),
                       snapshot->is_one_moment ? "; all of one moment" : "");
}

/* Named tables are not those of the built-in migration: the next step is a migration file. */
static int print_ending(const struct options *options, const struct snapshot *snapshot,
                        struct error *error) {
    bool is_named = options->tables != NULL;
    struct text line = {0};
    text_append_format(&line, "%zu %s copied", snapshot->table_count,
                       noun_of((int64_t)snapshot->table_count, "table", "tables"));
    ending_append_duration(options, &line);
    text_append_string(&line, " Next: ");
    shell_word_append(&line, span_of(options->program));
    text_append_string(&line, is_named ? " draft --from " : " plan --from ");
    shell_word_append(&line, span_of(options->output));
    text_append_string(&line, is_named ? " -o migration.sql" : "");
    int rc = ending_print(options, &line, error);
    text_free(&line);
    return rc;
}

static void append_json(const struct snapshot *snapshot, const struct source *source,
                        const char *path, struct text *out) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    json_member_string(&json, "snapshot", span_of(path));
    json_member_string(&json, "source", span_of(source_name(source)));
    json_member_string(&json, "taken", span_of(snapshot->taken));
    json_member_boolean(&json, "is_consistent", snapshot->is_one_moment);
    json_member_integer(&json, "rows", snapshot->rows);
    json_write_key(&json, "tables");
    json_begin_array(&json);
    for (size_t i = 0; i < snapshot->table_count; i++) {
        const struct snapshot_table *table = &snapshot->tables[i];
        json_begin_object(&json);
        json_member_string(&json, "table", text_span(&table->name));
        json_member_integer(&json, "rows", table->rows);
        json_member_string(&json, "checksum", span_of(table->checksum));
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    text_append_char(out, '\n');
}

static int take(const struct options *options, const struct table_list *tables,
                struct source *source, struct error *error) {
    struct snapshot snapshot;
    struct text out = {0};
    struct snapshot_order order = {.path = options->output,
                                   .existing = options->force ? SNAPSHOT_REPLACE_EXISTING
                                                              : SNAPSHOT_REFUSE_EXISTING,
                                   .declared = options->migration->tables,
                                   .declared_count = options->migration->table_count,
                                   .tables = tables->names,
                                   .table_count = tables->count,
                                   .warn = warn};
    int rc = snapshot_take(&order, source, &snapshot, error);
    if (rc == 0) {
        if (options->json) {
            append_json(&snapshot, source, options->output, &out);
        } else {
            append_text(&snapshot, options->output, &out);
        }
        rc = text_check(&out, error);
    }
    if (rc == 0) {
        fwrite(text_string(&out), 1, out.length, stdout);
        rc = print_ending(options, &snapshot, error);
    }
    text_free(&out);
    snapshot_free(&snapshot);
    return rc;
}

int verb_snapshot(struct options *options, struct error *error) {
    struct table_list tables = {0};
    int rc = -1;
    if (credentials_load(options, error) == 0 && legacy_source_require(options, error) == 0 &&
        check_output(options, error) == 0 && split_tables(options->tables, &tables, error) == 0) {
        struct source *source = legacy_source_open(options, error);
        rc = source == NULL ? -1 : take(options, &tables, source, error);
        source_close(source);
    }
    free(tables.text);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
