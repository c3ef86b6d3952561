#define _GNU_SOURCE /* O_TMPFILE */
#include "source/sort_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "source/sort_record.h"

enum { WRITTEN_AT_ONCE = 256 * 1024, READ_AT_LEAST = 16 * 1024 };

struct sort_file {
    int descriptor;
    const char *folder; /* for messages */
    uint64_t end;       /* of what has been written */
    uint64_t run_start;
    char *buffer;
    size_t buffered;
};

static int fail(const struct sort_file *file, const char *what, struct error *error) {
    return error_set(error, ERROR_DISK,
                     "%s: the file by which rows are sorted cannot be %s: %s. It takes about the "
                     "room of the tables that are read; TMPDIR names another folder",
                     file->folder, what, strerror(errno));
}

/* Where the file system knows no files without a name, it loses its name at once. */
static int open_nameless(const char *folder) {
    int descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) {
        return descriptor;
    }
    struct text path = {0};
    text_append_format(&path, "%s/rowpost-sort-XXXXXX", folder);
    descriptor = path.failed ? -1 : mkostemp(path.data, O_CLOEXEC);
    if (descriptor >= 0) {
        unlink(path.data);
    }
    text_free(&path);
    return descriptor;
}

struct sort_file *sort_file_create(struct error *error) {
    struct sort_file *file = calloc(1, sizeof *file);
    if (file == NULL || (file->buffer = malloc(WRITTEN_AT_ONCE)) == NULL) {
        free(file);
        error_set_no_memory(error);
        return NULL;
    }
    const char *wanted = getenv("TMPDIR");
    file->folder = wanted != NULL && *wanted != '\0' ? wanted : "/var/tmp";
    file->descriptor = open_nameless(file->folder);
    if (file->descriptor < 0) {
        fail(file, "made", error);
        sort_file_free(file);
        return NULL;
    }
    return file;
}

void sort_file_free(struct sort_file *file) {
    if (file == NULL) {
        return;
    }
    if (file->descriptor >= 0) {
        close(file->descriptor);
    }
    free(file->buffer);
    free(file);
}

static int write_out(struct sort_file *file, const char *bytes, size_t length,
                     struct error *error) {
    while (length > 0) {
        ssize_t written = pwrite(file->descriptor, bytes, length, (off_t)file->end);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return fail(file, "written", error);
        }
        bytes += written;
        length -= (size_t)written;
        file->end += (uint64_t)written;
    }
    return 0;
}

static int flush(struct sort_file *file, struct error *error) {
    size_t length = file->buffered;
    file->buffered = 0;
    return write_out(file, file->buffer, length, error);
}

int sort_file_write(struct sort_file *file, const char *record, struct error *error) {
    size_t length = sort_record_head(record).length;
    if (length > WRITTEN_AT_ONCE - file->buffered && flush(file, error) != 0) {
        return -1;
    }
    if (length > WRITTEN_AT_ONCE) {
        return write_out(file, record, length, error);
    }
    memcpy(file->buffer + file->buffered, record, length);
    file->buffered += length;
    return 0;
}

int sort_file_end_run(struct sort_file *file, struct sort_run *run, struct error *error) {
    if (flush(file, error) != 0) {
        return -1;
    }
    *run = (struct sort_run){file->run_start, file->end};
    file->run_start = file->end;
    return 0;
}

/* A run that is being read: what of it is in memory, and the record that is its next. */
struct cursor {
    struct sort_run rest; /* that is still in the file */
    size_t run;           /* its place among the runs */
    char *buffer;
    size_t room, filled, at;
};

struct sort_merge {
    const struct sort_file *file;
    struct cursor *cursors;
    struct cursor **heap; /* the one with the least record first; those at their end have gone */
    size_t count;         /* of the heap */
    size_t made;          /* cursors */
    bool is_taken;        /* the first one's record was the last to be given out */
};

/* Moves what is left to the front and reads on. */
static int refill(const struct sort_merge *merge, struct cursor *cursor, size_t needed,
                  struct error *error) {
    size_t left = cursor->filled - cursor->at;
    if (left > 0) {
        memmove(cursor->buffer, cursor->buffer + cursor->at, left);
    }
    cursor->filled = left;
    cursor->at = 0;
    if (needed > cursor->room) {
        char *grown = realloc(cursor->buffer, needed);
        if (grown == NULL) {
            return error_set_no_memory(error);
        }
        cursor->buffer = grown;
        cursor->room = needed;
    }
    while (cursor->filled < needed) {
        uint64_t rest = cursor->rest.end - cursor->rest.start;
        size_t wanted = cursor->room - cursor->filled;
        wanted = rest < wanted ? (size_t)rest : wanted;
        ssize_t bytes = pread(merge->file->descriptor, cursor->buffer + cursor->filled, wanted,
                              (off_t)cursor->rest.start);
        if (bytes < 0 && errno == EINTR) {
            continue;
        }
        if (bytes <= 0) {
            errno = bytes == 0 ? EIO : errno;
            return fail(merge->file, "read", error);
        }
        cursor->filled += (size_t)bytes;
        cursor->rest.start += (uint64_t)bytes;
    }
    return 0;
}

/* Brings the next record into memory, whole. 1; 0: the run is at its end; -1. */
static int load(const struct sort_merge *merge, struct cursor *cursor, struct error *error) {
    const size_t head = sizeof(struct sort_record_head);
    if (cursor->at == cursor->filled && cursor->rest.start == cursor->rest.end) {
        return 0;
    }
    if (cursor->filled - cursor->at < head && refill(merge, cursor, head, error) != 0) {
        return -1;
    }
    size_t length = sort_record_head(cursor->buffer + cursor->at).length;
    if (cursor->filled - cursor->at < length && refill(merge, cursor, length, error) != 0) {
        return -1;
    }
    return 1;
}

static const char *record_of(const struct cursor *cursor) {
    return cursor->buffer + cursor->at;
}

static bool is_before(const struct cursor *a, const struct cursor *b) {
    int order = sort_record_compare(record_of(a), record_of(b));
    return order != 0 ? order < 0 : a->run < b->run;
}

/* Lets the cursor at that place sink to where it belongs. */
static void sink(struct sort_merge *merge, size_t place) {
    struct cursor *sinking = merge->heap[place];
    for (;;) {
        size_t child = 2 * place + 1;
        if (child + 1 < merge->count && is_before(merge->heap[child + 1], merge->heap[child])) {
            child++;
        }
        if (child >= merge->count || is_before(sinking, merge->heap[child])) {
            break;
        }
        merge->heap[place] = merge->heap[child];
        place = child;
    }
    merge->heap[place] = sinking;
}

static int start(struct sort_merge *merge, const struct sort_run *runs, size_t run_count,
                 size_t memory, struct error *error) {
    size_t room = memory / run_count < READ_AT_LEAST ? READ_AT_LEAST : memory / run_count;
    merge->cursors = calloc(run_count, sizeof *merge->cursors);
    merge->heap = calloc(run_count, sizeof *merge->heap);
    if (merge->cursors == NULL || merge->heap == NULL) {
        return error_set_no_memory(error);
    }
    for (; merge->made < run_count; merge->made++) {
        struct cursor *cursor = &merge->cursors[merge->made];
        *cursor = (struct cursor){.rest = runs[merge->made], .run = merge->made, .room = room};
        cursor->buffer = malloc(room);
        if (cursor->buffer == NULL) {
            return error_set_no_memory(error);
        }
        int rc = load(merge, cursor, error);
        if (rc < 0) {
            merge->made++;
            return -1;
        }
        if (rc == 1) {
            merge->heap[merge->count++] = cursor;
        }
    }
    for (size_t place = merge->count / 2; place-- > 0;) {
        sink(merge, place);
    }
    return 0;
}

struct sort_merge *sort_merge_create(const struct sort_file *file, const struct sort_run *runs,
                                     size_t run_count, size_t memory, struct error *error) {
    struct sort_merge *merge = calloc(1, sizeof *merge);
    if (merge == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    merge->file = file;
    if (start(merge, runs, run_count, memory, error) != 0) {
        sort_merge_free(merge);
        return NULL;
    }
    return merge;
}

void sort_merge_free(struct sort_merge *merge) {
    if (merge == NULL) {
        return;
    }
    for (size_t i = 0; i < merge->made; i++) {
        free(merge->cursors[i].buffer);
    }
    free(merge->cursors);
    free(merge->heap);
    free(merge);
}

/* Steps over the record that was given out last. */
static int pass_on(struct sort_merge *merge, struct error *error) {
    struct cursor *first = merge->heap[0];
    first->at += sort_record_head(record_of(first)).length;
    int rc = load(merge, first, error);
    if (rc < 0) {
        return -1;
    }
    if (rc == 0) {
        merge->heap[0] = merge->heap[--merge->count];
    }
    if (merge->count > 0) {
        sink(merge, 0);
    }
    return 0;
}

int sort_merge_step(struct sort_merge *merge, const char **record, struct error *error) {
    if (merge->is_taken && pass_on(merge, error) != 0) {
        merge->is_taken = false;
        merge->count = 0;
        return -1;
    }
    merge->is_taken = merge->count > 0;
    if (merge->is_taken) {
        *record = record_of(merge->heap[0]);
    }
    return merge->is_taken;
}
