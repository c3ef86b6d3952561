/* What happens when memory runs out: nothing is made of what is missing.
 *
 * Parts of this program keep a failed allocation where it happened (struct text, struct arena) and
 * note it here, too. After that no plan is committed, no file is published and no verb ends well,
 * even if the owner of the text does not check it.
 *
 * jansson, OpenSSL and libcurl continue after some failed allocations in ways that end in a crash.
 * They allocate here: what malloc() has no room for is taken from a reserve of fixed size. */
#ifndef ROWPOST_BASE_MEMORY_H
#define ROWPOST_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* As malloc(), calloc(), realloc(), strdup() and free(), with the reserve. Any thread may call
 * them; what one of them gave is freed by memory_free() only. */
void *memory_allocate(size_t size);
void *memory_allocate_cleared(size_t count, size_t size);
void *memory_reallocate(void *memory, size_t size);
char *memory_copy_string(const char *string);
void memory_free(void *memory);

/* True for a piece of the reserve. */
bool memory_is_of_reserve(const void *memory);

/* Makes OpenSSL allocate here. Called before OpenSSL is used at all. */
void memory_serve_openssl(void);

/* Notes that something was not made because memory ran out. */
void memory_note_failure(void);

/* 0, or -1 with ERROR_MEMORY after the first memory_note_failure(). */
int memory_check(struct error *error);

#endif
