#define _POSIX_C_SOURCE 200809L /* fdopen */
#include "base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/sqlite_file.h"
#include "base/text.h"

static const char *const companions[] = {SQLITE_FILE_COMPANIONS};

struct output_file {
    const char *option; /* borrowed */
    struct text path;
    struct text part; /* empty where the file is written as it is */
    FILE *stream;
};

static bool is_database(const char *path) {
    char head[sizeof SQLITE_FILE_MAGIC] = "";
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return false;
    }
    ssize_t length = read(descriptor, head, sizeof head);
    close(descriptor);
    return length == (ssize_t)sizeof head && memcmp(head, SQLITE_FILE_MAGIC, sizeof head) == 0;
}

/* A companion file belongs to the database next to it. */
static bool belongs_to_database(const char *path) {
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++) {
        size_t ending = strlen(companions[i]);
        if (length <= ending || strcmp(path + length - ending, companions[i]) != 0) {
            continue;
        }
        struct text database = {0};
        text_append(&database, (struct span){path, length - ending});
        bool is_beside = !database.failed && is_database(text_string(&database));
        text_free(&database);
        return is_beside;
    }
    return false;
}

int output_file_check(const char *option, const char *path, struct error *error) {
    if (is_database(path) || belongs_to_database(path)) {
        return error_set(error, ERROR_USAGE,
                         "%s %s: this is a database or a part of one, and is not replaced; name "
                         "another file",
                         option, path);
    }
    return 0;
}

static int fail(const struct output_file *file, int reason, struct error *error) {
    return error_set(error, ERROR_DISK, "%s %s: cannot be written: %s", file->option,
                     text_string(&file->path),
                     reason == 0 ? "is the disk full?" : strerror(reason));
}

static void release(struct output_file *file) {
    text_free(&file->path);
    text_free(&file->part);
    free(file);
}

/* True for what cannot be replaced by another file: a pipe, a device. */
static bool is_special(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static int open_stream(struct output_file *file, struct error *error) {
    const char *path = text_string(file->part.length > 0 ? &file->part : &file->path);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    file->stream = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (file->stream != NULL) {
        return 0;
    }
    fail(file, errno, error);
    if (descriptor >= 0) {
        close(descriptor);
        unlink(text_string(&file->part));
    }
    return -1;
}

struct output_file *output_file_open(const char *option, const char *path, struct error *error) {
    if (output_file_check(option, path, error) != 0) {
        return NULL;
    }
    struct output_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    file->option = option;
    text_append_string(&file->path, path);
    if (!is_special(path)) {
        text_append_format(&file->part, "%s.partial", path);
    }
    if (text_check(&file->path, error) != 0 || text_check(&file->part, error) != 0 ||
        open_stream(file, error) != 0) {
        release(file);
        return NULL;
    }
    return file;
}

FILE *output_file_stream(const struct output_file *file) {
    return file->stream;
}

/* Closing reports what was not written before; 0, or the reason, or -1 where there is none. */
static int close_stream(struct output_file *file) {
    bool has_failed = ferror(file->stream) != 0;
    errno = 0;
    if (fclose(file->stream) != 0 || has_failed) {
        return errno == 0 ? -1 : errno;
    }
    return 0;
}

int output_file_publish(struct output_file *file, struct error *error) {
    bool is_beside = file->part.length > 0;
    int reason = close_stream(file);
    int rc = memory_check(error);
    if (rc == 0 && reason == 0 && is_beside &&
        rename(text_string(&file->part), text_string(&file->path)) != 0) {
        reason = errno;
    }
    if (rc == 0 && reason != 0) {
        rc = fail(file, reason < 0 ? 0 : reason, error);
    }
    if (rc != 0 && is_beside) {
        unlink(text_string(&file->part));
    }
    release(file);
    return rc;
}

void output_file_discard(struct output_file *file) {
    if (file == NULL) {
        return;
    }
    fclose(file->stream);
    if (file->part.length > 0) {
        unlink(text_string(&file->part));
    }
    release(file);
}
