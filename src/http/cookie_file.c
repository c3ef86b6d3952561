#include "http/cookie_file_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { COOKIE_FILE_MOST_BYTES = 4 * 1024 * 1024 };

int cookie_file_read(const char *path, struct text *content, struct error *error) {
    int rc = -1;
    FILE *file = fopen(path, "rbe");

    if (file == NULL) {
        return error_set(error, ERROR_INPUT, "the cookie file %s cannot be read: %s", path,
                         strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0);
    char *space = text_reserve(content, COOKIE_FILE_MOST_BYTES);
    if (space == NULL) {
        error_set_no_memory(error);
        goto out;
    }
    content->length = fread(space, 1, COOKIE_FILE_MOST_BYTES, file);
    text_terminate(content);
    if (ferror(file)) {
        error_set(error, ERROR_INPUT, "the cookie file %s cannot be read: %s", path,
                  strerror(errno));
        goto out;
    }
    if (content->length == COOKIE_FILE_MOST_BYTES) {
        error_set(error, ERROR_INPUT, "%s is no cookie file: it is larger than %d bytes", path,
                  COOKIE_FILE_MOST_BYTES);
        goto out;
    }
    rc = 0;
out:
    fclose(file);
    return rc;
}

struct span cookie_file_start(const struct text *file) {
    static const char mark[] = "\xef\xbb\xbf";
    size_t length = sizeof mark - 1;
    struct span content = text_span(file);

    if (content.length >= length && memcmp(content.data, mark, length) == 0) {
        content.data += length;
        content.length -= length;
    }
    return content;
}

bool cookie_file_next_line(struct span *rest, struct span *line) {
    if (rest->length == 0) {
        return false;
    }
    *line = span_cut(rest, '\n');
    if (line->length > 0 && line->data[line->length - 1] == '\r') {
        line->length--;
    }
    return true;
}
