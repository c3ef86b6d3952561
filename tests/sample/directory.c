#define _POSIX_C_SOURCE 200809L

#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct directory {
    FILE *file;
};

static int fail(struct error *error) {
    return error_set(error, ERROR_DISK, "the list of people cannot be written: %s",
                     strerror(errno));
}

/* The file as a stream, readable by its owner alone; NULL with errno. */
static FILE *create_file(const char *path) {
    if (unlink(path) != 0 && errno != ENOENT) {
        return NULL;
    }
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0) {
        return NULL;
    }
    FILE *file = fdopen(descriptor, "w");
    if (file == NULL) {
        close(descriptor);
    }
    return file;
}

struct directory *directory_create(const char *path, struct error *error) {
    struct directory *directory = calloc(1, sizeof *directory);
    if (directory == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    directory->file = create_file(path);
    if (directory->file == NULL ||
        directory_add(directory, "user_name", "email", "fullname", error) != 0) {
        error_set(error, ERROR_DISK, "%s cannot be written: %s", path, strerror(errno));
        directory_close(directory);
        return NULL;
    }
    return directory;
}

static void write_field(FILE *file, const char *text) {
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (const char *byte = text; *byte != '\0'; byte++) {
        if (*byte == '"') {
            fputc('"', file);
        }
        fputc(*byte, file);
    }
    fputc('"', file);
}

int directory_add(struct directory *directory, const char *user_name, const char *email,
                  const char *fullname, struct error *error) {
    write_field(directory->file, user_name);
    fputc(',', directory->file);
    write_field(directory->file, email);
    fputc(',', directory->file);
    write_field(directory->file, fullname);
    fputs("\r\n", directory->file);
    if (ferror(directory->file)) {
        return fail(error);
    }
    return 0;
}

int directory_finish(struct directory *directory, struct error *error) {
    FILE *file = directory->file;
    directory->file = NULL;
    if (fclose(file) != 0) {
        return fail(error);
    }
    return 0;
}

void directory_close(struct directory *directory) {
    if (directory == NULL) {
        return;
    }
    if (directory->file != NULL) {
        fclose(directory->file);
    }
    free(directory);
}
