#include <string.h>

#include "manual/manual.h"

static const struct manual_completion any_text = {.value = MANUAL_TEXT};
static const struct manual_completion words = {.value = MANUAL_WORDS};

static const struct manual_completion options[] = {
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

static const struct manual_completion arguments[] = {
    {"show", MANUAL_WORKSPACE, "key", {NULL}},
    {"merge", MANUAL_FILES, NULL, {"rowpost", NULL}},
    {"diff", MANUAL_FILES, NULL, {"rowpost", NULL}},
    {"test", MANUAL_FILES, NULL, {"sql", NULL}},
    {"complete", MANUAL_WORDS, NULL, {"key", "kind", "only", "table", NULL}},
};

/* By what the value is called. */
static const struct manual_completion values[] = {
    {"FILE", MANUAL_FILES, NULL, {NULL}},
    {"CSV", MANUAL_FILES, NULL, {"csv", NULL}},
    {"PEM", MANUAL_FILES, NULL, {"pem", "crt", "cer", "key", NULL}},
    {"SOURCE", MANUAL_FILES, NULL, {NULL}},
    {"FOLDER", MANUAL_FOLDERS, NULL, {NULL}},
};

static const struct manual_completion *find(const struct manual_completion *table, size_t count,
                                            const char *name,
                                            const struct manual_completion *otherwise) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return otherwise;
}

/* A migration's options may have any name. */
const struct manual_completion *manual_completion_of(const struct option *option) {
    const struct manual_completion *found =
        option_has_choices(option)
            ? &words
            : find(values, sizeof values / sizeof *values, option->value, &any_text);
    return option->type == OPTION_OF_MIGRATION
               ? found
               : find(options, sizeof options / sizeof *options, option->name, found);
}

const struct manual_completion *manual_completion_of_argument(const struct verb *verb) {
    return find(arguments, sizeof arguments / sizeof *arguments, verb->name, &any_text);
}
