/* What the fuzz targets share. A target is one function that is given bytes and checks what has to
 * hold for any bytes; it is linked with libFuzzer to search, or with replay.c to go through the
 * corpus again. Target `x` has its inputs in corpus/x/. */
#ifndef ROWPOST_TESTS_FUZZ_H
#define ROWPOST_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says which promise was broken and aborts. */
#define CHECK(condition) ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* The input as a span; never null. */
struct span fuzz_span(const uint8_t *data, size_t size);

/* Takes what stands before the next separator (or all) off the span and returns it. */
struct span fuzz_take(struct span *rest, char separator);

/* A path under which the bytes can be read as a file, until the next call. */
const char *fuzz_file(struct span content);

#endif
