/* Members of JSON objects by their names with points between: `user.groups`. A member of an array's
 * objects has the array's name before it: `issue.custom_fields.id`. */
#ifndef ROWPOST_MIGRATION_SQLFILE_MEMBERS_H
#define ROWPOST_MIGRATION_SQLFILE_MEMBERS_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "base/span.h"
#include "migration/sqlfile/parse.h"

struct members {
    const char *const *paths;
    size_t count;
};

/* All members that the parts of that word name; memory is the file's. */
int members_read(struct parsed_file *parsed, const struct annotation *owner, enum word word,
                 struct members *members, struct error *error);

bool members_have(const struct members *members, struct span path);

/* True for one of them, and for what is in one. Places in arrays (`groups[2]`) do not count. */
bool members_cover(const struct members *members, const char *path);

/* Replaces each of them with a text. */
void members_mask(const struct members *members, json_t *value);

/* A new object with only those members, which may be in the objects of arrays. NULL where memory
 * ran out. */
json_t *members_pick(const struct members *members, const json_t *value);

#endif
