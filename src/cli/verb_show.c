#include <stdio.h>

#include "base/log.h"
#include "cli/migrations.h"
#include "cli/next_command.h"
#include "cli/steps.h"
#include "report/document_report.h"

static void append_lists(const struct options *options, struct text *out) {
    text_append_char(out, '`');
    next_command_append(options, "complete", out);
    text_append_string(out, " key` lists all keys, `");
    next_command_append(options, "rejects", out);
    text_append_string(out, "` and `");
    next_command_append(options, "skips", out);
    text_append_string(out, "` the rows without a document");
}

/* There is none; the keys that may have been meant are named. */
static int fail_unknown(struct workspace *workspace, const struct options *options,
                        struct error *error) {
    struct text near = {0};
    struct text lists = {0};
    if (document_append_near_keys(workspace, options->argument, &near, error) != 0) {
        text_free(&near);
        return -1;
    }
    append_lists(options, &lists);
    error_set(error, ERROR_USAGE, "%s: there is no document with the key \"%s\"%s%s%s%s; %s",
              options->workspace, options->argument, options->kind == NULL ? "" : " among the ",
              options->kind == NULL ? "" : options->kind, near.length == 0 ? "" : "; there is ",
              text_string(&near), text_string(&lists));
    text_free(&near);
    text_free(&lists);
    return -1;
}

static int check_kind(struct options *options, struct workspace *workspace, struct error *error) {
    options->migration = migrations_of(workspace, error);
    return options->migration == NULL ||
                   (options->kind != NULL &&
                    migration_find_kind(options->migration, options->kind, error) == NULL)
               ? -1
               : 0;
}

static struct span find_content(const void *context, struct span table, struct span row) {
    return row_lookup_content(context, table, row);
}

int verb_show(struct options *options, struct error *error) {
    struct workspace *workspace = workspace_open_for_reading(options->workspace, error);
    if (workspace == NULL) {
        return -1;
    }
    struct text out = {0};
    struct row_lookup *rows = NULL;
    int count = check_kind(options, workspace, error);
    if (count == 0) {
        count = row_steps_look_up(options, workspace, &rows, error);
    }
    if (count == 0) {
        const struct row_contents contents = {.context = rows, .find = find_content};
        count = document_append(workspace, options->kind, options->argument, &contents,
                                options->json ? DOCUMENT_JSON : DOCUMENT_TEXT, &out, error);
    }
    if (count > 0) {
        fwrite(text_string(&out), 1, out.length, stdout);
    } else if (count == 0) {
        count = fail_unknown(workspace, options, error);
    }
    if (count > 1) {
        log_info("%s is a key of %d kinds; --kind picks one", options->argument, count);
    }
    text_free(&out);
    row_lookup_free(rows);
    workspace_close(workspace);
    return count < 0 ? -1 : EXIT_ALL_WELL;
}
