#include <string.h>

#include "manual/manual.h"

enum { MOST_SUFFIXES = 6 };

/* By the name of the option, or of a verb where the value is its argument; the first that fits. */
static const struct form {
    const char *name;
    enum manual_value value;
    const char *what;
    const char *suffixes[MOST_SUFFIXES];
} options[] = {
    {"key", MANUAL_WORKSPACE, "key", {NULL}},
    {"kind", MANUAL_WORKSPACE, "kind", {NULL}},
    {"only", MANUAL_WORKSPACE, "only", {NULL}},
    {"table", MANUAL_WORKSPACE, "table", {NULL}},
    {"from", MANUAL_FILES, NULL, {"db", "sqlite", "sqlite3", NULL}},
    {"keep-staged", MANUAL_FILES, NULL, {"db", "sqlite", "sqlite3", NULL}},
    {"migration", MANUAL_FILES, NULL, {"sql", NULL}},
    {"workspace", MANUAL_FILES, NULL, {"rowpost", NULL}},
    {"cookies", MANUAL_FILES, NULL, {"txt", NULL}},
    {"credentials", MANUAL_FILES, NULL, {"json", NULL}},
    {"metrics", MANUAL_FILES, NULL, {"prom", NULL}},
};

static const struct form arguments[] = {
    {"show", MANUAL_WORKSPACE, "key", {NULL}},
    {"merge", MANUAL_FILES, NULL, {"rowpost", NULL}},
    {"diff", MANUAL_FILES, NULL, {"rowpost", NULL}},
    {"test", MANUAL_FILES, NULL, {"sql", NULL}},
    {"complete", MANUAL_WORDS, NULL, {"key", "kind", "only", "table", NULL}},
};

/* By what the value is called. */
static const struct form values[] = {
    {"FILE", MANUAL_FILES, NULL, {NULL}},
    {"CSV", MANUAL_FILES, NULL, {"csv", NULL}},
    {"PEM", MANUAL_FILES, NULL, {"pem", "crt", "cer", "key", NULL}},
    {"SOURCE", MANUAL_FILES, NULL, {NULL}},
    {"FOLDER", MANUAL_FOLDERS, NULL, {NULL}},
};

static const struct form *find(const struct form *forms, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(forms[i].name, name) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}

static struct manual_completion completion_of(const struct form *form) {
    struct manual_completion completion = {.value = MANUAL_TEXT};
    if (form != NULL) {
        completion.value = form->value;
        completion.what = form->what;
        completion.suffixes = form->suffixes;
    }
    return completion;
}

/* A migration's options may have any name. */
struct manual_completion manual_completion_of(const struct option *option) {
    const struct form *form = NULL;
    if (option->type != OPTION_OF_MIGRATION) {
        form = find(options, sizeof options / sizeof *options, option->name);
    }
    if (form == NULL && option_has_choices(option)) {
        return (struct manual_completion){.value = MANUAL_WORDS};
    }
    return completion_of(
        form != NULL ? form : find(values, sizeof values / sizeof *values, option->value));
}

struct manual_completion manual_completion_of_argument(const struct verb *verb) {
    return completion_of(find(arguments, sizeof arguments / sizeof *arguments, verb->name));
}
