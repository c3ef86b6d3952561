/* A scratch folder for the files of a test program: make_folder() before the first test,
 * empty_folder() after each where tests must not see each other's files, remove_folder() after the
 * last. FOLDER_FILE, defined before, names the file that most tests use. */
#ifndef ROWPOST_TESTS_FOLDER_FIXTURE_H
#define ROWPOST_TESTS_FOLDER_FIXTURE_H

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/rowpost-test-XXXXXX";
static char path[128]; /* of FOLDER_FILE, until path_of() is asked for another */

static inline const char *path_of(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline int make_folder(void **state) {
    (void)state;
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    path_of(FOLDER_FILE);
    return 0;
}

static inline int empty_folder(void **state) {
    (void)state;
    DIR *entries = opendir(folder);
    for (struct dirent *entry = NULL; (entry = readdir(entries)) != NULL;) {
        unlinkat(dirfd(entries), entry->d_name, 0);
    }
    return closedir(entries);
}

static inline int remove_folder(void **state) {
    empty_folder(state);
    return rmdir(folder);
}

#endif
