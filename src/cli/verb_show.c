#include <stdio.h>

#include "cli/steps.h"
#include "report/document_report.h"

int verb_show(struct options *options, struct error *error) {
    if (options->kind != NULL &&
        migration_find_kind(steps_migration(), options->kind, error) == NULL) {
        return -1;
    }
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    struct text out = {0};
    int count = document_append(workspace, options->kind, options->argument,
                                options->json ? DOCUMENT_JSON : DOCUMENT_TEXT, &out, error);
    if (count > 0) {
        fwrite(text_string(&out), 1, out.length, stdout);
    } else if (count == 0) {
        count =
            error_set(error, ERROR_USAGE,
                      "%s: there is no document with the key \"%s\"; `rowpost export --kind KIND` "
                      "lists them, `rowpost rejects` and `rowpost skips` the rows without one",
                      options->workspace, options->argument);
    }
    text_free(&out);
    workspace_close(workspace);
    return count < 0 ? -1 : EXIT_ALL_WELL;
}
