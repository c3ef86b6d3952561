#define _POSIX_C_SOURCE 200809L
#include "cli/folder_look.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_PATTERNS = 4, HEAD_SIZE = 4096 };

static const struct form {
    const char *noun;
    const char *patterns[MOST_PATTERNS]; /* ended by NULL */
} forms[FOLDER_FILE_COUNT] = {
    [FOLDER_WORKSPACE] = {"workspace", {"*.rowpost", NULL}},
    [FOLDER_CREDENTIALS] = {"the notebook's credentials", {"credentials.json", NULL}},
    [FOLDER_COOKIES] = {"session cookies", {"cookies*.txt", "*cookies.txt", NULL}},
    [FOLDER_DATABASE] = {"database file", {"*.db", "*.sqlite", "*.sqlite3", NULL}},
    [FOLDER_MIGRATION] = {"migration file", {"*.sql", NULL}},
    [FOLDER_ADMINS] = {"list of administrators", {"admins*.csv", "*admins.csv", NULL}},
    [FOLDER_PEOPLE] = {"list of people", {"people*.csv", "*people.csv", NULL}},
};

const char *folder_file_noun(enum folder_file file) {
    return forms[file].noun;
}

void folder_look_free(struct folder_look *look) {
    for (size_t i = 0; i < FOLDER_FILE_COUNT; i++) {
        text_free(&look->files[i].name);
    }
}

static bool matches(const char *name, const char *const *patterns) {
    for (; *patterns != NULL; patterns++) {
        if (fnmatch(*patterns, name, FNM_PERIOD) == 0) {
            return true;
        }
    }
    return false;
}

/* Not every .sql file is a migration file; the declarations of one begin with `--@`. */
static bool has_marks(int folder, const char *name) {
    char head[HEAD_SIZE + 1];
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t size = file < 0 ? -1 : read(file, head, HEAD_SIZE);
    if (file >= 0) {
        close(file);
    }
    head[size < 0 ? 0 : size] = '\0';
    return strstr(head, "--@") != NULL;
}

/* Of several files the last changed one counts; of those with the same second the first by name. */
static void take(struct folder_finding *finding, const char *name, long long changed) {
    finding->count++;
    if (finding->count > 1 &&
        (changed < finding->changed ||
         (changed == finding->changed && strcmp(name, text_string(&finding->name)) > 0))) {
        return;
    }
    finding->changed = changed;
    text_clear(&finding->name);
    text_append_string(&finding->name, name);
}

/* Adds the file to the kinds that fit its name. */
static void look_at(int folder, const char *name, struct folder_look *look) {
    struct stat file;
    if (fstatat(folder, name, &file, 0) != 0 || !S_ISREG(file.st_mode)) {
        return;
    }
    for (size_t i = 0; i < FOLDER_FILE_COUNT; i++) {
        if (matches(name, forms[i].patterns) &&
            (i != FOLDER_MIGRATION || has_marks(folder, name))) {
            take(&look->files[i], name, (long long)file.st_mtime);
        }
    }
}

int folder_look(const char *folder, struct folder_look *look, struct error *error) {
    struct dirent **entries = NULL;
    memset(look, 0, sizeof *look);
    int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int count = descriptor < 0 ? 0 : scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; entries != NULL && i < count; i++) {
        look_at(descriptor, entries[i]->d_name, look);
        free(entries[i]);
    }
    free(entries);
    if (descriptor >= 0) {
        close(descriptor);
    }
    int rc = 0;
    for (size_t i = 0; i < FOLDER_FILE_COUNT && rc == 0; i++) {
        rc = text_check(&look->files[i].name, error);
    }
    return rc;
}
