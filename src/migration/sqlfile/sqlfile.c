#include "migration/sqlfile/sqlfile.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migration/sqlfile/plan.h"
#include "migration/sqlfile/sqlfile_private.h"

ptrdiff_t sqlfile_find_table(const struct sqlfile *file, const char *name) {
    for (size_t i = 0; i < file->table_count; i++) {
        if (span_equal_ignoring_ascii_case(span_of(file->tables[i].name), span_of(name))) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

ptrdiff_t sqlfile_find_kind(const struct sqlfile *file, const char *name) {
    for (size_t i = 0; name != NULL && i < file->kind_count; i++) {
        if (strcmp(file->kinds[i].name, name) == 0) {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

const struct annotation *sqlfile_find(const struct sqlfile *file, enum word word,
                                      const char *name) {
    for (size_t i = 0; i < file->parsed.count; i++) {
        const struct annotation *annotation = &file->parsed.annotations[i];
        if (annotation->word == word &&
            span_equal_ignoring_ascii_case(span_of(annotation->name), span_of(name))) {
            return annotation;
        }
    }
    return NULL;
}

bool file_table_has_key(const struct table *table) {
    return table->keys[1] == NULL;
}

/* ---- names ---- */

/* Tables, lookups, views and used rows are names in one SQL; kinds and what the target has are
 * names for new_id(). */
static unsigned name_space(enum word word) {
    switch (word) {
    case WORD_TABLE:
    case WORD_LOOKUP:
    case WORD_VIEW:
    case WORD_CLASSIFY:
        return 1;
    case WORD_KIND:
    case WORD_EXISTING:
        return 2;
    case WORD_OPTION:
        return 3;
    default:
        return 0;
    }
}

static int check_name(const struct sqlfile *file, size_t index, struct error *error) {
    const struct annotation *named = &file->parsed.annotations[index];
    for (size_t i = 0; i < index; i++) {
        const struct annotation *other = &file->parsed.annotations[i];
        if (name_space(other->word) == name_space(named->word) &&
            span_equal_ignoring_ascii_case(span_of(other->name), span_of(named->name))) {
            return parsed_file_fail(&file->parsed, named->line, error,
                                    "%s %s: line %zu has a %s of that name; expected another name",
                                    annotation_forms[named->word].word, named->name, other->line,
                                    annotation_forms[other->word].word);
        }
    }
    return 0;
}

static int check_names(const struct sqlfile *file, struct error *error) {
    for (size_t i = 0; i < file->parsed.count; i++) {
        if (name_space(file->parsed.annotations[i].word) != 0 && check_name(file, i, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int fail_reference(const struct sqlfile *file, const struct annotation *annotation,
                          const char *name, const char *expected, struct error *error) {
    return parsed_file_fail(&file->parsed, annotation->line, error,
                            "%s %s: there is no %s before it; expected %s",
                            annotation_forms[annotation->word].word,
                            annotation->name == NULL ? "" : annotation->name, name, expected);
}

static bool is_before(const struct annotation *other, const struct annotation *annotation) {
    return other != NULL && other < annotation;
}

static int check_kind(const struct sqlfile *file, const struct annotation *kind,
                      struct error *error) {
    for (size_t i = 0; i < kind->list_count; i++) {
        if (!is_before(sqlfile_find(file, WORD_CLASSIFY, kind->list[i]), kind)) {
            return fail_reference(file, kind, kind->list[i], "rows that a classify names", error);
        }
    }
    return 0;
}

static int check_classify(const struct sqlfile *file, const struct annotation *classify,
                          struct error *error) {
    ptrdiff_t table = sqlfile_find_table(file, classify->second);
    if (table < 0 || !is_before(file->file_tables[table].annotation, classify)) {
        return fail_reference(file, classify, classify->second, "a table", error);
    }
    if (file->file_tables[table].classify != NULL) {
        return parsed_file_fail(&file->parsed, classify->line, error,
                                "classify %s: line %zu classifies the table already; expected "
                                "each row to be judged once",
                                classify->second, file->file_tables[table].classify->line);
    }
    file->file_tables[table].classify = classify;
    return 0;
}

static int check_references(const struct sqlfile *file, struct error *error) {
    for (size_t i = 0; i < file->parsed.count; i++) {
        const struct annotation *annotation = &file->parsed.annotations[i];
        int rc = 0;
        if (annotation->word == WORD_KIND) {
            rc = check_kind(file, annotation, error);
        } else if (annotation->word == WORD_CLASSIFY) {
            rc = check_classify(file, annotation, error);
        } else if (annotation->word == WORD_UNUSED || annotation->word == WORD_GIVEN ||
                   annotation->word == WORD_OUTCOMES) {
            rc = sqlfile_find_table(file, annotation->name) >= 0
                     ? 0
                     : fail_reference(file, annotation, annotation->name, "a table", error);
        } else if (annotation->word == WORD_EXPECT) {
            rc = sqlfile_find_kind(file, annotation->name) >= 0
                     ? 0
                     : fail_reference(file, annotation, annotation->name, "a kind", error);
        }
        if (rc != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < file->table_count; i++) {
        const struct annotation *of = file->file_tables[i].annotation;
        if (of != NULL && file->file_tables[i].classify == NULL) {
            return parsed_file_fail(&file->parsed, of->line, error,
                                    "table %s has no classify; expected --@ classify %s as NAME, "
                                    "which defines the outcome of each row",
                                    file->tables[i].name, file->tables[i].name);
        }
    }
    return 0;
}

/* ---- the migration ---- */

static size_t count_words(const struct sqlfile *file, enum word word) {
    size_t count = 0;
    for (size_t i = 0; i < file->parsed.count; i++) {
        count += file->parsed.annotations[i].word == word;
    }
    return count;
}

static int allocate(struct sqlfile *file, struct error *error) {
    size_t tables = count_words(file, WORD_TABLE) + 1;
    size_t kinds = count_words(file, WORD_KIND) + 1;
    size_t options = count_words(file, WORD_OPTION) + 1;
    file->tables = calloc(tables, sizeof *file->tables);
    file->file_tables = calloc(tables, sizeof *file->file_tables);
    file->kinds = calloc(kinds, sizeof *file->kinds);
    file->kind_annotations = calloc(kinds, sizeof *file->kind_annotations);
    file->options = calloc(options, sizeof *file->options);
    file->option_annotations = calloc(options, sizeof *file->option_annotations);
    bool is_there = file->tables != NULL && file->file_tables != NULL && file->kinds != NULL &&
                    file->kind_annotations != NULL && file->options != NULL &&
                    file->option_annotations != NULL;
    return is_there ? 0 : error_set_no_memory(error);
}

static int add_table(struct sqlfile *file, const struct annotation *annotation,
                     struct error *error) {
    size_t i = file->table_count++;
    file->file_tables[i] = (struct file_table){.annotation = annotation};
    return table_select_read(&file->parsed, annotation, &file->tables[i], error) == 0
               ? table_select_read_only(&file->parsed, annotation, &file->tables[i], error)
               : -1;
}

static void add_kind(struct sqlfile *file, const struct annotation *annotation) {
    const struct annotation *noun = parsed_file_part(annotation, WORD_NOUN);
    const struct annotation *create = parsed_file_part(annotation, WORD_CREATE);
    size_t i = file->kind_count++;
    file->kind_annotations[i] = annotation;
    file->kinds[i] = (struct migration_kind){.name = annotation->name,
                                             .noun = noun == NULL ? "document" : noun->text,
                                             .post_path = create->text};
}

static int add_option(struct sqlfile *file, const struct annotation *annotation,
                      struct error *error) {
    struct text name = {0};
    text_append_format(&name, SQLFILE_OPTION_PREFIX "%s", annotation->name);
    size_t i = file->option_count++;
    file->option_annotations[i] = annotation;
    file->options[i] =
        (struct migration_option){.name = arena_copy(&file->parsed.arena, text_span(&name)).data,
                                  .value = "TEXT",
                                  .help = annotation->text,
                                  .otherwise = annotation->second};
    int rc = text_check(&name, error);
    text_free(&name);
    return rc;
}

static int take_annotations(struct sqlfile *file, struct error *error) {
    for (size_t i = 0; i < file->parsed.count; i++) {
        const struct annotation *annotation = &file->parsed.annotations[i];
        int rc = 0;
        if (annotation->word == WORD_TABLE) {
            rc = add_table(file, annotation, error);
        } else if (annotation->word == WORD_OPTION) {
            rc = add_option(file, annotation, error);
        } else if (annotation->word == WORD_KIND) {
            add_kind(file, annotation);
        }
        if (rc != 0) {
            return -1;
        }
    }
    return file->parsed.arena.failed ? error_set_no_memory(error) : 0;
}

static int check(const struct migration *migration, const struct migration_settings *settings,
                 struct error *error) {
    (void)migration;
    (void)settings;
    (void)error;
    return 0;
}

static size_t count_tables(const struct migration *migration,
                           const struct migration_settings *settings) {
    (void)settings;
    return migration->table_count;
}

static enum staging_padding padding(const struct migration *migration,
                                    const struct migration_settings *settings) {
    (void)migration;
    (void)settings;
    return PADDING_KEPT;
}

static int plan(const struct migration *migration, const struct migration_settings *settings,
                struct staging *staging, struct plan_sink *sink, struct error *error) {
    return sqlfile_plan(migration->context, settings, staging, sink, error);
}

static void make_migration(struct sqlfile *file) {
    const char *name = "";
    for (size_t i = 0; i < file->parsed.count; i++) {
        if (file->parsed.annotations[i].word == WORD_MIGRATION) {
            name = file->parsed.annotations[i].name;
        }
    }
    file->file = (struct migration_file){
        .path = file->parsed.path, .text = text_span(&file->text), .sha256 = file->sha256};
    file->migration = (struct migration){.name = name,
                                         .file = &file->file,
                                         .context = file,
                                         .kinds = file->kinds,
                                         .kind_count = file->kind_count,
                                         .target_example = "https://host",
                                         .options = file->options,
                                         .option_count = file->option_count,
                                         .tables = file->tables,
                                         .table_count = file->table_count,
                                         .check = check,
                                         .count_tables = count_tables,
                                         .padding = padding,
                                         .plan = plan};
}

/* ---- the file ---- */

static int digest(struct span text, char digits[SHA256_TEXT_SIZE], struct error *error) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(text.data, text.length, bytes, &size, EVP_sha256(), NULL) != 1) {
        return error_set(error, ERROR_INTERNAL, "SHA-256 is not available in this OpenSSL");
    }
    for (unsigned i = 0; i < size && 2 * i + 2 < SHA256_TEXT_SIZE; i++) {
        snprintf(digits + (size_t)2 * i, 3, "%02x", bytes[i]);
    }
    return 0;
}

enum { FILE_MOST = 16 * 1024 * 1024 };

static int read_file(const char *path, struct text *text, struct error *error) {
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return error_set(error, ERROR_INPUT, "%s: %s; expected a migration file", path,
                         strerror(errno));
    }
    char *block;
    size_t size = 1;
    while (size > 0 && text->length <= FILE_MOST && (block = text_reserve(text, 65536)) != NULL) {
        size = fread(block, 1, 65536, stream);
        text->length += size;
        text_terminate(text);
    }
    bool has_failed = ferror(stream) != 0;
    fclose(stream);
    if (has_failed || text->length > FILE_MOST) {
        return error_set(error, ERROR_INPUT,
                         "%s: cannot be read, or is larger than 16 MB; "
                         "expected a migration file",
                         path);
    }
    return text_check(text, error);
}

static int build(struct sqlfile *file, const char *path, struct error *error) {
    if (digest(text_span(&file->text), file->sha256, error) != 0 ||
        parsed_file_read(&file->parsed, path, text_span(&file->text), error) != 0 ||
        allocate(file, error) != 0 || check_names(file, error) != 0 ||
        take_annotations(file, error) != 0 || check_references(file, error) != 0) {
        return -1;
    }
    make_migration(file);
    return file_target_read(file, error);
}

static struct sqlfile *finish(struct sqlfile *file, int rc) {
    if (rc == 0) {
        return file;
    }
    sqlfile_free(file);
    return NULL;
}

struct sqlfile *sqlfile_load(const char *path, struct error *error) {
    struct sqlfile *file = calloc(1, sizeof *file);
    if (file == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    return finish(file, read_file(path, &file->text, error) == 0 ? build(file, path, error) : -1);
}

struct sqlfile *sqlfile_read(const char *path, struct span text, struct error *error) {
    struct sqlfile *file = calloc(1, sizeof *file);
    if (file == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    text_append(&file->text, text);
    return finish(file, text_check(&file->text, error) == 0 ? build(file, path, error) : -1);
}

void sqlfile_free(struct sqlfile *file) {
    if (file != NULL) {
        free(file->tables);
        free(file->file_tables);
        free(file->kinds);
        free(file->kind_annotations);
        free(file->options);
        free(file->option_annotations);
        conditions_close(file->conditions);
        parsed_file_free(&file->parsed);
        text_free(&file->text);
        free(file);
    }
}

const struct migration *sqlfile_migration(const struct sqlfile *file) {
    return &file->migration;
}

int sqlfile_is_unchanged(const char *path, const char *sha256) {
    struct text text = {0};
    char now[SHA256_TEXT_SIZE];
    int rc = read_file(path, &text, NULL) == 0 ? digest(text_span(&text), now, NULL) : -1;
    text_free(&text);
    return rc == 0 ? strcmp(now, sha256) == 0 : -1;
}
