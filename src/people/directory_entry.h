/* A person as a directory has them: a distinguished name, and any number of logins, full names and
 * addresses (an attribute of RFC 4511 is a set of values). And the form in which answers are kept:
 *
 *     {"asked": "2026-11-24T04:53:58.373Z", "entries": [{"dn": ..., "login": [...], "name": [...],
 *      "mail": [...]}]}
 *
 * An entry owns nothing. */
#ifndef ROWPOST_PEOPLE_DIRECTORY_ENTRY_H
#define ROWPOST_PEOPLE_DIRECTORY_ENTRY_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json_writer.h"
#include "base/span.h"
#include "people/directory_place.h"

struct directory_values {
    const struct span *items;
    size_t count;
};

struct directory_entry {
    struct span dn;
    struct directory_values values[DIRECTORY_ATTRIBUTE_COUNT];
    struct span asked; /* when it was read, as date_format_moment() writes it */
};

/* The first value that is not empty, or null. A directory's order carries no meaning by the RFC;
 * servers give the values in the order in which they were entered. */
struct span directory_entry_first(const struct directory_entry *entry,
                                  enum directory_attribute attribute);

/* A copy that lives as long as the arena; NULL where memory ran out. */
struct directory_entry *directory_entry_copy(const struct directory_entry *entry,
                                             struct arena *arena);

/* Writes the entry as an object. */
void directory_entry_write(const struct directory_entry *entry, struct json_writer *json);

/* Reads an answer that was kept and hands its entries on, each for the call only. 0, -1 with the
 * error of `take`, or -1 with ERROR_WORKSPACE where it is not of the form above. */
int directory_entry_read_answer(struct span answer,
                                int (*take)(void *context, const struct directory_entry *entry,
                                            struct error *error),
                                void *context, struct error *error);

#endif
