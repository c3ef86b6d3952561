#include "cli/format_choice.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "base/output_file.h"

enum { LONGEST_ENDING = 5 }; /* of a kind of file, with its dot: a longer one is part of a name */

static int fail_unknown(const char *name, const struct format_choice *formats, size_t count,
                        struct error *error) {
    struct text names = {0};
    struct nearest nearest = nearest_to(span_of(name));
    for (size_t i = 0; i < count; i++) {
        const char *separator = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        text_append_format(&names, "%s%s", separator, formats[i].name);
        nearest_offer(&nearest, formats[i].name);
    }
    nearest_append(&nearest, "", &names);
    error_set(error, ERROR_USAGE, "--format %s: expected %s", name, text_string(&names));
    text_free(&names);
    return -1;
}

static int fail_ending(const char *path, const char *ending, const struct format_choice *formats,
                       size_t count, struct error *error) {
    struct text possible = {0};
    for (size_t i = 0; i < count; i++) {
        const char *separator = i == 0 ? "" : i + 1 < count ? ", " : " or ";
        text_append_format(&possible, "%s%s (%s)", separator, formats[i].endings[0],
                           formats[i].name);
    }
    error_set(error, ERROR_USAGE,
              "-o %s: %s files cannot be written; possible are %s. For another name, choose with "
              "--format",
              path, ending, text_string(&possible));
    text_free(&possible);
    return -1;
}

/* The extension of a file's name, which shows its kind, such as ".pdf"; or NULL. */
static const char *find_ending(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(name, '.');
    if (dot == NULL || dot == name || strlen(dot) < 2 || strlen(dot) > LONGEST_ENDING) {
        return NULL;
    }
    for (const char *c = dot + 1; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c)) {
            return NULL;
        }
    }
    return isalpha((unsigned char)dot[1]) ? dot : NULL;
}

static bool has_ending(const char *path, const char *ending) {
    size_t length = strlen(path);
    size_t wanted = strlen(ending);
    return length > wanted && strcasecmp(path + length - wanted, ending) == 0;
}

int format_choose(const struct options *options, const struct format_choice *formats, size_t count,
                  struct error *error) {
    for (size_t i = 0; options->format != NULL && i < count; i++) {
        if (strcmp(formats[i].name, options->format) == 0) {
            return (int)i;
        }
    }
    if (options->format != NULL) {
        return fail_unknown(options->format, formats, count, error);
    }
    for (size_t i = 0; options->output != NULL && i < count; i++) {
        for (const char *const *ending = formats[i].endings; *ending != NULL; ending++) {
            if (has_ending(options->output, *ending)) {
                return (int)i;
            }
        }
    }
    const char *ending = options->output == NULL ? NULL : find_ending(options->output);
    if (ending == NULL) {
        return 0;
    }
    /* The better reason is that a database is not replaced. */
    return output_file_check("-o", options->output, error) != 0
               ? -1
               : fail_ending(options->output, ending, formats, count, error);
}
