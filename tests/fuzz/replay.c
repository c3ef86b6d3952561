/* Runs a target over every file of a folder, in place of libFuzzer; one test a file, told by TAP.
 */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

static int is_shown(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

/* The file's bytes, in a block of their very size, so that a read beyond them is noticed. */
static uint8_t *read_file(int folder, const char *name, size_t *size) {
    struct stat status;
    uint8_t *data = NULL;
    int descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC);

    CHECK(descriptor >= 0 && fstat(descriptor, &status) == 0);
    *size = (size_t)status.st_size;
    data = malloc(*size);
    CHECK(*size == 0 || (data != NULL && read(descriptor, data, *size) == status.st_size));
    close(descriptor);
    return data;
}

static void run_target(int folder, const char *name) {
    size_t size = 0;
    uint8_t *data = read_file(folder, name, &size);

    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

/* 0, or 1 where the target did not come to its end. */
static int replay(int folder, const char *name, int number) {
    int status = 0;

    fflush(stdout);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        run_target(folder, name);
        exit(0); /* by way of the search for leaks */
    }
    CHECK(waitpid(child, &status, 0) == child);
    int failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    printf("%s %d - %s\n", failed ? "not ok" : "ok", number, name);
    return failed;
}

int main(int argc, char **argv) {
    struct dirent **entries = NULL;

    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    int count = scandir(argv[1], &entries, is_shown, alphasort);
    int folder = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (count <= 0 || folder < 0) {
        fprintf(stderr, "%s: there are no inputs\n", argv[1]);
        return 2;
    }
    printf("1..%d\n", count);
    int failed = 0;
    for (int i = 0; i < count; i++) {
        failed |= replay(folder, entries[i]->d_name, i + 1);
        free(entries[i]);
    }
    free(entries);
    close(folder);
    return failed;
}
