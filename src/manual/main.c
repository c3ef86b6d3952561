/* rowpost-manual: run by the build, not installed.
 *
 *   rowpost-manual bash                    the completion for bash
 *   rowpost-manual zsh                     the completion for zsh
 *   rowpost-manual page [VERB] < PROSE     the source of a man page, for scdoc
 *   rowpost-manual verbs                   the verbs, one a line */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "manual/manual.h"

enum { READ_SIZE = 4096 };

static int read_input(struct text *input, struct error *error) {
    size_t length = 0;
    do {
        char *room = text_reserve(input, READ_SIZE);
        if (room == NULL) {
            break;
        }
        length = fread(room, 1, READ_SIZE, stdin);
        input->length += length;
        text_terminate(input);
    } while (length > 0);
    return ferror(stdin) != 0 ? error_set(error, ERROR_DISK, "standard input cannot be read")
                              : text_check(input, error);
}

static int fail_unknown_verb(const char *name, struct error *error) {
    struct text hint = {0};
    option_append_near_verb(name, &hint);
    error_set(error, ERROR_USAGE, "%s is not a verb%s", name, text_string(&hint));
    text_free(&hint);
    return -1;
}

static int append_page(const char *name, struct text *out, struct error *error) {
    const struct verb *verb = name == NULL ? NULL : option_find_verb(name);
    if (name != NULL && verb == NULL) {
        return fail_unknown_verb(name, error);
    }
    struct text prose = {0};
    int rc = read_input(&prose, error);
    if (rc == 0) {
        rc = manual_append_page(verb, text_span(&prose), out, error);
    }
    text_free(&prose);
    return rc;
}

static int append_part(const char *part, const char *name, struct text *out, struct error *error) {
    if (strcmp(part, "bash") == 0) {
        manual_append_bash(out);
    } else if (strcmp(part, "zsh") == 0) {
        manual_append_zsh(out);
    } else if (strcmp(part, "verbs") == 0) {
        for (size_t i = 0; i < verb_count; i++) {
            text_append_format(out, "%s\n", verb_table[i].name);
        }
    } else if (strcmp(part, "page") == 0) {
        return append_page(name, out, error);
    } else {
        return error_set(error, ERROR_USAGE, "%s: expected bash, zsh, page or verbs", part);
    }
    return 0;
}

int main(int argc, char **argv) {
    struct error error = {0};
    struct text out = {0};
    const char *part = argc > 1 ? argv[1] : "";
    const char *name = argc > 2 ? argv[2] : NULL;
    int rc = append_part(part, name, &out, &error);
    if (rc == 0) {
        rc = text_check(&out, &error);
    }
    if (rc == 0 && (fputs(text_string(&out), stdout) == EOF || fflush(stdout) != 0)) {
        rc = error_set(&error, ERROR_DISK, "standard output cannot be written");
    }
    if (rc != 0) {
        fprintf(stderr, "rowpost-manual: %s\n", error.message);
    }
    text_free(&out);
    return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
