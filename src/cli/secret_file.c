#define _DEFAULT_SOURCE /* explicit_bzero */
#include "cli/secret_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { BUFFER_SIZE = 4096, LARGEST = 1024 * 1024 };

int secret_file_read(const char *name, const char *path, struct text *content,
                     struct error *error) {
    char buffer[BUFFER_SIZE];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return error_set(error, ERROR_INPUT, "%s: cannot be read: %s", name, strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0);
    /* A text that grows leaves copies of its earlier bytes in memory; most files fit into the first
     * allocation. */
    text_reserve(content, 4 * sizeof buffer);
    size_t size;
    while (content->length < LARGEST && (size = fread(buffer, 1, sizeof buffer, file)) > 0) {
        text_append(content, (struct span){buffer, size});
    }
    bool has_failed = ferror(file) != 0;
    explicit_bzero(buffer, sizeof buffer);
    fclose(file);
    if (has_failed) {
        return error_set(error, ERROR_INPUT, "%s: cannot be read: %s", name, strerror(errno));
    }
    return text_check(content, error);
}

void secret_file_cut_line_end(struct text *content) {
    while (content->length > 0 && (content->data[content->length - 1] == '\n' ||
                                   content->data[content->length - 1] == '\r')) {
        content->length--;
        text_terminate(content);
    }
}
