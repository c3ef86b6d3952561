#include <stdio.h>

#include "base/output_file.h"
#include "cli/migrations.h"
#include "cli/steps.h"
#include "report/row_list.h"

static enum list_format format_of(const struct options *options) {
    return options->json ? LIST_JSON : LIST_TEXT;
}

/* Opens the workspace, checks the kind and writes one list. */
static int write_kind_to(FILE *out, const struct options *options, enum listing_of which,
                         enum list_format format, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    const struct migration *migration = migrations_of(workspace, error);
    int rc = -1;
    if (migration != NULL &&
        (options->kind == NULL || migration_find_kind(migration, options->kind, error) != NULL)) {
        rc = row_list_write(workspace, which, options->kind, format, out, error);
    }
    workspace_close(workspace);
    return rc;
}

static int write_kind(const struct options *options, enum listing_of which, enum list_format format,
                      struct error *error) {
    return write_kind_to(stdout, options, which, format, error);
}

static int write_rows(const struct options *options, enum listing_of which, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int rc = options->table == NULL ? 0 : summary_find_table(workspace, options->table, error);
    if (rc == 0) {
        rc = row_list_write(workspace, which, options->table, format_of(options), stdout, error);
    }
    workspace_close(workspace);
    return rc;
}

int verb_rejects(struct options *options, struct error *error) {
    return write_rows(options, LISTING_REJECTS, error);
}

int verb_skips(struct options *options, struct error *error) {
    return write_rows(options, LISTING_SKIPS, error);
}

int verb_people(struct options *options, struct error *error) {
    return write_kind(options, LISTING_PERSONS, format_of(options), error);
}

int verb_findings(struct options *options, struct error *error) {
    return write_kind(options, LISTING_FINDINGS, format_of(options), error);
}

static int fail_without_kind(const struct migration *migration, struct error *error) {
    struct text kinds = {0};
    for (size_t i = 0; i < migration->kind_count; i++) {
        text_append_format(&kinds, "%s%s", i == 0 ? "" : ", ", migration->kinds[i].name);
    }
    error_set(error, ERROR_USAGE, "export needs --kind; there are: %s", text_string(&kinds));
    text_free(&kinds);
    return -1;
}

int verb_export(struct options *options, struct error *error) {
    if (options->kind == NULL) {
        return steps_choose_migration(options, error) == 0
                   ? fail_without_kind(options->migration, error)
                   : -1;
    }
    if (options->output == NULL) {
        return write_kind(options, LISTING_EXPORT, LIST_JSON, error);
    }
    struct output_file *file = output_file_open("-o", options->output, error);
    if (file == NULL) {
        return -1;
    }
    if (write_kind_to(output_file_stream(file), options, LISTING_EXPORT, LIST_JSON, error) != 0) {
        output_file_discard(file);
        return -1;
    }
    return output_file_publish(file, error);
}
