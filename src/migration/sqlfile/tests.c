/* `test` blocks: rows in, documents and outcomes out, and nothing else. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migration/sqlfile/plan.h"
#include "migration/sqlfile/tests_private.h"
#include "source/source.h"
#include "staging/staging.h"

static const char *keep(struct test_found *found, struct span text) {
    return arena_copy(&found->arena, text).data;
}

static int put_document(struct test_found *found, const struct plan_document *document,
                        struct error *error) {
    struct text text = {0};
    found->document = keep(found, document->key);
    test_append_sorted(document->body, &text);
    const char *body = keep(found, text_span(&text));
    bool has_failed = text.failed || found->arena.failed ||
                      map_put(&found->documents[document->kind], document->key, (void *)body) != 0;
    text_free(&text);
    return has_failed ? error_set_no_memory(error) : 0;
}

static const char *const outcome_words[OUTCOME_COUNT] = {
    [OUTCOME_USED] = "used", [OUTCOME_SKIPPED] = "skipped", [OUTCOME_REJECTED] = "rejected"};

static int put_row(struct test_found *found, const struct plan_row *row, struct error *error) {
    struct test_outcome *outcome = arena_allocate(&found->arena, sizeof *outcome);
    if (outcome == NULL) {
        return error_set_no_memory(error);
    }
    *outcome = (struct test_outcome){
        .word = outcome_words[row->outcome],
        .because = row->outcome == OUTCOME_USED ? found->document : keep(found, row->because)};
    return found->arena.failed || map_put(&found->outcomes[row->table], row->row, outcome) != 0
               ? error_set_no_memory(error)
               : 0;
}

static int put(void *context, const struct plan_entry *entry, struct error *error) {
    if (entry->kind == PLAN_DOCUMENT) {
        return put_document(context, &entry->document, error);
    }
    if (entry->kind == PLAN_ROW) {
        return put_row(context, &entry->row, error);
    }
    const struct test_found *found = context;
    if (entry->kind == PLAN_WARNING && found->warn != NULL) {
        found->warn(entry->warning.key, entry->warning.text);
    }
    return 0;
}

/* ---- the plan ---- */

static int plan_staged(const struct sqlfile *file, const struct migration_settings *settings,
                       struct source *source, struct test_found *found, struct error *error) {
    const struct staging_settings staged = {
        .tables = file->tables, .table_count = file->table_count, .padding = PADDING_KEPT};
    struct plan_sink sink = {.context = found, .put = put};
    struct staging *staging = staging_open(source, &staged, error);
    int rc = staging == NULL ? -1 : sqlfile_plan(file, settings, staging, &sink, error);
    staging_close(staging);
    return rc;
}

static int plan_source(const struct sqlfile *file, const struct migration_settings *settings,
                       const struct annotation *test, struct test_found *found,
                       struct error *error) {
    struct text path = {0};
    int rc = test_source_create(file, test, &path, error);
    if (rc == 0) {
        struct source *source = source_open(text_string(&path), NULL, error);
        rc = source == NULL ? -1 : plan_staged(file, settings, source, found, error);
        source_close(source);
    }
    if (path.length > 0) {
        unlink(text_string(&path));
    }
    text_free(&path);
    return rc;
}

int test_plan(const struct sqlfile *file, const struct migration_settings *settings,
              const struct annotation *test, struct test_found *found, struct error *error) {
    found->file = file;
    found->documents = calloc(file->kind_count + 1, sizeof(struct map));
    found->outcomes = calloc(file->table_count + 1, sizeof(struct map));
    return found->documents == NULL || found->outcomes == NULL
               ? error_set_no_memory(error)
               : plan_source(file, settings, test, found, error);
}

/* An error in the rows of the test, or in the file, is a difference: then 0, with the message. */
static int plan_test(const struct sqlfile *file, const struct migration_settings *settings,
                     const struct annotation *test, struct test_found *found,
                     struct text *differences, struct error *error) {
    struct error cause = {0};
    int rc = test_plan(file, settings, test, found, &cause);
    if (rc != 0 && cause.code == ERROR_INPUT) {
        text_append_format(differences, "%s\n", cause.message);
        return 0;
    }
    if (rc != 0 && error != NULL) {
        *error = cause;
    }
    return rc;
}

/* ---- the comparison ---- */

struct test_comparison {
    struct map *found; /* by key; expected ones are removed */
    struct map expected;
    struct text *differences;
    const char *what; /* "people": the kind or the table */
    bool is_body;
};

static void compare(struct test_comparison *comparison, struct span key, const char *expected,
                    const char *found) {
    if (expected != NULL && found != NULL && strcmp(expected, found) == 0) {
        return;
    }
    text_append_format(comparison->differences, "%s %.*s%s\n", comparison->what, (int)key.length,
                       key.data,
                       found == NULL      ? ": it is not there"
                       : expected == NULL ? ": it is not expected"
                                          : "");
    test_append_diff(expected == NULL ? "" : expected, found == NULL ? "" : found,
                     comparison->differences);
}

/* What was found for that key: a body, or `outcome: because`. False where nothing was found. */
static bool append_found(const struct test_comparison *comparison, struct span key,
                         struct text *out) {
    const void *found = map_find(comparison->found, key);
    if (found != NULL && comparison->is_body) {
        text_append_string(out, found);
    } else if (found != NULL) {
        const struct test_outcome *outcome = found;
        text_append_format(out, "%s: %s", outcome->word, outcome->because);
    }
    return found != NULL;
}

static void compare_key(struct test_comparison *comparison, struct span key, const char *expected) {
    struct text found = {0};
    bool is_there = append_found(comparison, key, &found);
    compare(comparison, key, expected, is_there ? text_string(&found) : NULL);
    comparison->differences->failed = comparison->differences->failed || found.failed;
    text_free(&found);
}

static int take_expected(void *context, const struct span *values, struct error *error) {
    struct test_comparison *comparison = context;
    struct text expected = {0};
    if (comparison->is_body) {
        test_append_sorted(values[1], &expected);
    } else {
        text_append(&expected, values[1]);
        text_append_string(&expected, ": ");
        text_append(&expected, values[2]);
    }
    int rc = text_check(&expected, error);
    if (rc == 0) {
        compare_key(comparison, values[0], text_string(&expected));
        rc = map_put(&comparison->expected, values[0], comparison) == 0
                 ? 0
                 : error_set_no_memory(error);
    }
    text_free(&expected);
    return rc;
}

/* All documents of a kind, all rows of a table: what is not named is a difference. */
static int compare_part(const struct sqlfile *file, struct test_found *found,
                        const struct annotation *part, struct text *differences,
                        struct error *error) {
    bool is_body = part->word == WORD_EXPECT;
    ptrdiff_t place =
        is_body ? sqlfile_find_kind(file, part->name) : sqlfile_find_table(file, part->name);
    struct test_comparison comparison = {.found = is_body ? &found->documents[place]
                                                          : &found->outcomes[place],
                                         .differences = differences,
                                         .what = part->name,
                                         .is_body = is_body};
    int rc = test_rows_each(file, part, is_body ? 2 : 3, take_expected, &comparison, error);
    for (size_t i = 0; i < map_count(comparison.found) && rc == 0; i++) {
        struct span key = map_key_at(comparison.found, i);
        if (map_find(&comparison.expected, key) == NULL) {
            compare_key(&comparison, key, NULL);
        }
    }
    map_free(&comparison.expected);
    return rc;
}

void test_found_free(struct test_found *found) {
    for (size_t i = 0; found->documents != NULL && i < found->file->kind_count; i++) {
        map_free(&found->documents[i]);
    }
    for (size_t i = 0; found->outcomes != NULL && i < found->file->table_count; i++) {
        map_free(&found->outcomes[i]);
    }
    free(found->documents);
    free(found->outcomes);
    arena_free(&found->arena);
}

static int run_test(const struct sqlfile *file, const struct migration_settings *settings,
                    const struct annotation *test, struct text *differences, struct error *error) {
    struct test_found found = {0};
    int rc = plan_test(file, settings, test, &found, differences, error);
    bool is_planned = differences->length == 0;
    for (size_t i = 1; i <= test->parts && rc == 0 && is_planned; i++) {
        const struct annotation *part = &test[i];
        if (part->word == WORD_GIVEN) {
            continue;
        }
        struct text of_part = {0};
        rc = compare_part(file, &found, part, &of_part, error);
        text_append(differences, text_span(&of_part));
        text_free(&of_part);
    }
    test_found_free(&found);
    return rc == 0 ? text_check(differences, error) : -1;
}

/* A test's tables are in no schema, and all of their rows are read. */
static void read_all_rows(struct sqlfile *file) {
    for (size_t i = 0; i < file->table_count; i++) {
        const char *point = strrchr(file->tables[i].source, '.');
        file->tables[i].source = point == NULL ? file->tables[i].source : point + 1;
        file->tables[i].only = NULL;
        file->tables[i].only_because = NULL;
    }
}

struct sqlfile *test_file_read(const char *path, struct span text, struct error *error) {
    struct sqlfile *file = sqlfile_read(path, text, error);
    if (file != NULL) {
        read_all_rows(file);
    }
    return file;
}

int sqlfile_try(const struct sqlfile *file, const struct migration_settings *settings,
                void (*warn)(struct span about, struct span text), struct error *error) {
    static const struct annotation without_rows = {.word = WORD_TEST};
    struct sqlfile *own = test_file_read(file->parsed.path, text_span(&file->text), error);
    struct test_found found = {.warn = warn};
    if (own == NULL) {
        return -1;
    }
    int rc = test_plan(own, settings, &without_rows, &found, error);
    test_found_free(&found);
    sqlfile_free(own);
    return rc;
}

int sqlfile_run_tests(const struct sqlfile *file, const struct migration_settings *settings,
                      const struct sqlfile_test_sink *sink, struct error *error) {
    struct sqlfile *own = test_file_read(file->parsed.path, text_span(&file->text), error);
    struct text differences = {0};
    int rc = own == NULL ? -1 : 0;
    for (size_t i = 0; rc == 0 && i < own->parsed.count; i++) {
        const struct annotation *test = &own->parsed.annotations[i];
        if (test->word != WORD_TEST) {
            continue;
        }
        text_clear(&differences);
        rc = run_test(own, settings, test, &differences, error);
        if (rc == 0) {
            rc = sink->take(sink->context, test->text, test->line, text_span(&differences), error);
        }
    }
    text_free(&differences);
    sqlfile_free(own);
    return rc;
}
