#include <stdio.h>

#include "cli/steps.h"
#include "report/row_list.h"

/* Opens the workspace, checks the kind and writes one list. */
static int write_list(const struct options *options,
                      int (*write)(struct workspace *, const char *, enum list_format, FILE *,
                                   struct error *),
                      struct error *error) {
    if (options->kind != NULL &&
        migration_find_kind(steps_migration(), options->kind, error) == NULL) {
        return -1;
    }
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    int rc = write(workspace, options->kind, options->json ? LIST_JSON : LIST_TEXT, stdout, error);
    workspace_close(workspace);
    return rc;
}

int verb_rejects(struct options *options, struct error *error) {
    return write_list(options, row_list_rejects, error);
}

int verb_skips(struct options *options, struct error *error) {
    return write_list(options, row_list_skips, error);
}

int verb_people(struct options *options, struct error *error) {
    return write_list(options, row_list_people, error);
}

int verb_findings(struct options *options, struct error *error) {
    return write_list(options, row_list_findings, error);
}

static int write_documents(struct workspace *workspace, const char *kind, enum list_format format,
                           FILE *out, struct error *error) {
    (void)format;
    return row_list_documents(workspace, kind, out, error);
}

int verb_export(struct options *options, struct error *error) {
    if (options->kind == NULL) {
        return error_set(error, ERROR_USAGE,
                         "export needs --kind validators, administrators, authors or campaigns");
    }
    return write_list(options, write_documents, error);
}
