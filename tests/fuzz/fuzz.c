#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

_Noreturn void fuzz_fail(const char *condition, const char *file, int line) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}

struct span fuzz_span(const uint8_t *data, size_t size) {
    return (struct span){size == 0 ? "" : (const char *)data, size};
}

struct span fuzz_take(struct span *rest, char separator) {
    const char *stop = rest->length == 0 ? NULL : memchr(rest->data, separator, rest->length);
    size_t length = stop == NULL ? rest->length : (size_t)(stop - rest->data);
    struct span taken = {rest->data, length};
    size_t gone = length + (stop != NULL);

    rest->data += gone;
    rest->length -= gone;
    return taken;
}

const char *fuzz_file(struct span content) {
    static char path[64];
    static int descriptor = -1;

    if (descriptor < 0) {
        descriptor = memfd_create("fuzz", MFD_CLOEXEC);
        CHECK(descriptor >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    CHECK(ftruncate(descriptor, 0) == 0);
    CHECK(pwrite(descriptor, content.data, content.length, 0) == (ssize_t)content.length);
    return path;
}
