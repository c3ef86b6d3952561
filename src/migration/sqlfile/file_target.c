/* What a migration file defines for its target: how to sign in, how to check that it is ready,
 * which records it already has; and the kinds' requests and conditions. */
#include <string.h>

#include "base/date.h"
#include "migration/sqlfile/file_list.h"
#include "migration/sqlfile/sqlfile_private.h"

/* ---- records that are there already ---- */

static const struct file_existing *of(const struct migration_existing *existing) {
    return existing->context;
}

static int build_existing(const struct migration_existing *existing, size_t page, size_t listed,
                          struct text *path) {
    return file_list_append_path(&of(existing)->get.path, page, listed, path);
}

static int each_existing(const struct migration_existing *existing,
                         const struct kind_answer *answer, const struct listed_sink *sink) {
    return file_list_each(of(existing)->records, answer, sink);
}

static int add_existing(struct sqlfile *file, const struct annotation *annotation,
                        struct error *error) {
    size_t i = file->existing_count++;
    struct file_existing *made = &file->file_existing[i];
    const struct annotation *get = parsed_file_part(annotation, WORD_GET);
    *made = (struct file_existing){0};
    file->existing[i] = (struct migration_existing){.name = annotation->name,
                                                    .path = get->text,
                                                    .context = made,
                                                    .build = build_existing,
                                                    .each = each_existing};
    return file_request_read_get(&file->parsed, get, TEMPLATE_PAGE, &made->get, error) == 0
               ? condition_prepare(file->conditions, annotation, CONDITION_ROWS, 2, &made->records,
                                   error)
               : -1;
}

/* ---- the session ---- */

static bool is_ready(const struct migration *migration, const struct kind_answer *answer) {
    const struct sqlfile *file = migration->context;
    const struct condition_scope scope = {
        .status = answer->status, .answers = &answer->json, .answer_count = 1};
    return condition_test(file->ready, &scope) == 1;
}

static void take_auth(struct sqlfile *file, const struct annotation *auth) {
    bool is_header = strcmp(auth->name, "header") == 0;
    file->migration.auth_scheme = is_header ? NULL : auth->name;
    file->migration.auth_header = auth->second;
}

static int take_probe(struct sqlfile *file, const struct annotation *probe, struct error *error) {
    struct file_request request;
    file->migration.probe_path = probe->text;
    return file_request_read_get(&file->parsed, probe, TEMPLATE_NONE, &request, error);
}

static int take_ready(struct sqlfile *file, const struct annotation *ready, struct error *error) {
    file->migration.is_ready = is_ready;
    file->migration.ready_condition = ready->text;
    return condition_prepare(file->conditions, ready, CONDITION_TRUTH, 1, &file->ready, error);
}

static int check_session(const struct sqlfile *file, const struct annotation *ready,
                         struct error *error) {
    return ready == NULL || file->migration.probe_path != NULL
               ? 0
               : parsed_file_fail(&file->parsed, ready->line, error,
                                  "--@ ready is about the answer to --@ probe; expected one");
}

/* ---- settings ---- */

static int use(const struct migration *migration, const struct migration_settings *settings,
               struct error *error) {
    const struct sqlfile *file = migration->context;
    char day[DATE_DAY_SIZE];
    date_format_day(settings->as_of, day);
    int rc = conditions_set(file->conditions, span_of("as_of"), span_of(day));
    for (size_t i = 0; i < file->option_count && rc == 0; i++) {
        const char *given = migration_find_value(settings, file->options[i].name);
        if (given != NULL) {
            rc = conditions_set(file->conditions, span_of(file->option_annotations[i]->name),
                                span_of(given));
        }
    }
    return rc == 0 ? 0 : error_set_no_memory(error);
}

/* ---- all of it ---- */

static int allocate(struct sqlfile *file, struct error *error) {
    size_t existing = 0;
    for (size_t i = 0; i < file->parsed.count; i++) {
        existing += file->parsed.annotations[i].word == WORD_EXISTING;
    }
    struct arena *arena = &file->parsed.arena;
    file->file_kinds = arena_allocate(arena, (file->kind_count + 1) * sizeof *file->file_kinds);
    file->file_existing = arena_allocate(arena, (existing + 1) * sizeof *file->file_existing);
    file->existing = arena_allocate(arena, (existing + 1) * sizeof *file->existing);
    return arena->failed ? error_set_no_memory(error) : 0;
}

static int read_kinds(struct sqlfile *file, struct error *error) {
    for (size_t i = 0; i < file->kind_count; i++) {
        if (file_kind_read(&file->parsed, file->conditions, file->kind_annotations[i],
                           &file->file_kinds[i], error) != 0) {
            return -1;
        }
        file_kind_fill(&file->file_kinds[i], &file->kinds[i]);
    }
    return 0;
}

int file_target_read(struct sqlfile *file, struct error *error) {
    const struct annotation *ready = NULL;
    file->conditions = conditions_open(&file->parsed, error);
    int rc = file->conditions == NULL ? -1 : allocate(file, error);
    for (size_t i = 0; i < file->parsed.count && rc == 0; i++) {
        const struct annotation *annotation = &file->parsed.annotations[i];
        if (annotation->word == WORD_EXISTING) {
            rc = add_existing(file, annotation, error);
        } else if (annotation->word == WORD_AUTH) {
            take_auth(file, annotation);
        } else if (annotation->word == WORD_PROBE) {
            rc = take_probe(file, annotation, error);
        } else if (annotation->word == WORD_READY) {
            ready = annotation;
            rc = take_ready(file, annotation, error);
        }
    }
    file->migration.existing = file->existing;
    file->migration.existing_count = file->existing_count;
    file->migration.use = use;
    return rc == 0 && check_session(file, ready, error) == 0 ? read_kinds(file, error) : -1;
}
