#define _POSIX_C_SOURCE 200809L /* fileno, fchmod */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/noun.h"
#include "base/output_file.h"
#include "cli/credentials.h"
#include "cli/legacy_source.h"
#include "cli/migrations.h"
#include "cli/steps.h"
#include "migration/sqlfile/sqlfile.h"
#include "report/xml_text.h"

struct tests {
    const struct options *options;
    size_t run;
    size_t failed;
    struct text junit; /* the testcases */
};

static bool is_junit(const struct options *options) {
    return options->format != NULL && strcmp(options->format, "junit") == 0;
}

static void append_case(struct tests *tests, const char *name, size_t line,
                        struct span differences) {
    struct text place = {0};
    text_append_format(&place, "%s:%zu", tests->options->argument, line);
    text_append_string(&tests->junit, "  <testcase");
    xml_append_attribute(&tests->junit, "classname", text_span(&place));
    xml_append_attribute(&tests->junit, "name", span_of(name));
    if (differences.length == 0) {
        text_append_string(&tests->junit, "/>\n");
    } else {
        text_append_string(&tests->junit, "><failure message=\"it differs\">");
        xml_append_text(&tests->junit, differences);
        text_append_string(&tests->junit, "</failure></testcase>\n");
    }
    text_free(&place);
}

static int take(void *context, const char *name, size_t line, struct span differences,
                struct error *error) {
    struct tests *tests = context;
    tests->run++;
    tests->failed += differences.length > 0;
    if (is_junit(tests->options)) {
        append_case(tests, name, line, differences);
        return text_check(&tests->junit, error);
    }
    printf("%s  %s (line %zu)\n", differences.length == 0 ? "ok    " : "FAILED", name, line);
    if (differences.length > 0) {
        fwrite(differences.data, 1, differences.length, stdout);
    }
    return 0;
}

static void conclude(const struct tests *tests) {
    if (is_junit(tests->options)) {
        printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<testsuite name=\"migration\" tests=\"%zu\" failures=\"%zu\">\n%s</testsuite>\n",
               tests->run, tests->failed, text_string(&tests->junit));
    } else {
        printf("%zu %s, %zu failed\n", tests->run, noun_of((int64_t)tests->run, "test", "tests"),
               tests->failed);
    }
}

static int run_tests(const struct options *options, const struct sqlfile *file,
                     struct error *error) {
    struct tests tests = {.options = options};
    const struct sqlfile_test_sink sink = {.context = &tests, .take = take};
    const struct migration_settings settings = steps_settings_of(options, NULL);
    int rc = sqlfile_run_tests(file, &settings, &sink, error);
    if (rc == 0 && tests.run == 0) {
        rc = error_set(error, ERROR_INPUT,
                       "%s has no test; expected --@ test NAME, with --@ given "
                       "and --@ expect or --@ outcomes after it",
                       options->argument);
    }
    if (rc == 0) {
        conclude(&tests);
    }
    text_free(&tests.junit);
    if (rc != 0) {
        return -1;
    }
    return tests.failed == 0 ? EXIT_ALL_WELL : EXIT_SOMETHING_WRONG;
}

/* ---- a new test ---- */

/* The permissions of the file do not change. */
static int write_file(const char *path, struct span text, const struct text *block,
                      struct error *error) {
    struct stat before;
    struct output_file *file = output_file_open("--save", path, error);
    if (file == NULL) {
        return -1;
    }
    if (stat(path, &before) == 0) {
        fchmod(fileno(output_file_stream(file)), before.st_mode & 07777);
    }
    fwrite(text.data, 1, text.length, output_file_stream(file));
    fwrite(text_string(block), 1, block->length, output_file_stream(file));
    return output_file_publish(file, error);
}

static int append_test(const struct options *options, struct staging *staging, struct text *block,
                       struct error *error) {
    const struct migration_settings settings = steps_settings_of(options, NULL);
    return sqlfile_append_test(options->migration->context, &settings, staging, options->save,
                               options->rows, block, error);
}

static int save_test(struct options *options, struct error *error) {
    const struct migration *migration = options->migration;
    const struct staging_settings staged = {.tables = migration->tables,
                                            .table_count = migration->table_count,
                                            .schema = options->schema,
                                            .padding = PADDING_KEPT};
    struct text block = {0};
    int rc = -1;
    if (options->rows == NULL) {
        return error_set(error, ERROR_USAGE,
                         "--save %s: expected the rows of which the test is made, such as --rows "
                         "people:17,18",
                         options->save);
    }
    if (credentials_load(options, error) != 0 || legacy_source_require(options, error) != 0) {
        return -1;
    }
    struct source *source = legacy_source_open(options, error);
    struct staging *staging = source == NULL ? NULL : staging_open(source, &staged, error);
    if (staging != NULL && append_test(options, staging, &block, error) == 0) {
        rc = write_file(options->argument, migration->file->text, &block, error);
    }
    if (rc == 0) {
        fwrite(text_string(&block), 1, block.length, stdout);
    }
    staging_close(staging);
    source_close(source);
    text_free(&block);
    return rc;
}

int verb_test(struct options *options, struct error *error) {
    if (options->format != NULL && !is_junit(options) && strcmp(options->format, "text") != 0) {
        return error_set(error, ERROR_USAGE, "--format %s: expected text or junit",
                         options->format);
    }
    const struct migration *migration = migrations_load(options->argument, error);
    if (migration == NULL) {
        return -1;
    }
    options->migration = migration;
    if (options->save != NULL || options->rows != NULL) {
        return options->save == NULL
                   ? error_set(error, ERROR_USAGE,
                               "--rows %s: expected --save NAME, the name of the new test",
                               options->rows)
                   : save_test(options, error);
    }
    return run_tests(options, migration->context, error);
}
