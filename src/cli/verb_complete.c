#include <stdbool.h>
#include <stdio.h>

#include "cli/steps.h"
#include "workspace/listing.h"

/* The options whose values are in a workspace, the list that has them, and its column. */
static const struct completed {
    const char *option;
    enum listing_of list;
    int column;
} completed[] = {
    {"key", LISTING_KEYS, 1},
    {"kind", LISTING_KINDS, 0},
    {"only", LISTING_KINDS, 0},
    {"table", LISTING_TABLES, 0},
};

enum { COMPLETED_COUNT = sizeof completed / sizeof *completed };

static const struct completed *find(const char *option, struct error *error) {
    struct text words = {0};
    for (size_t i = 0; i < COMPLETED_COUNT; i++) {
        if (span_equal_string(span_of(option), completed[i].option)) {
            return &completed[i];
        }
    }
    for (size_t i = 0; i < COMPLETED_COUNT; i++) {
        text_append_format(&words, "%s%s", i == 0 ? "" : ", ", completed[i].option);
    }
    error_set(error, ERROR_USAGE, "complete %s: expected one of the options %s", option,
              text_string(&words));
    text_free(&words);
    return NULL;
}

/* A word with a line break would become two words. */
static bool is_one_line(struct span word) {
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] == '\n') {
            return false;
        }
    }
    return true;
}

static int write_words(struct workspace *workspace, const struct completed *which,
                       const struct options *options, struct error *error) {
    const struct listing_filter filter = {
        .name = which->list == LISTING_KEYS ? options->kind : NULL,
        .key = options->argument_count > 1 ? options->arguments[1] : NULL};
    struct listing words;
    if (listing_open(&words, workspace, which->list, &filter, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&words, error)) == 1 && ferror(stdout) == 0) {
        struct span word = listing_text(&words, which->column);
        if (is_one_line(word)) {
            fwrite(word.data, 1, word.length, stdout);
            putchar('\n');
        }
    }
    listing_close(&words);
    return rc < 0 ? -1 : 0;
}

int verb_complete(struct options *options, struct error *error) {
    const struct completed *which = find(options->argument, error);
    struct workspace *workspace =
        which == NULL ? NULL : workspace_open_for_reading(options->workspace, error);
    int rc = workspace == NULL ? -1 : write_words(workspace, which, options, error);
    workspace_close(workspace);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}
