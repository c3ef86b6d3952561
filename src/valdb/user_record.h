/* A user as ValDB2 has it: found again by address in GET /api/users/, and compared. */
#ifndef ROWPOST_VALDB_USER_RECORD_H
#define ROWPOST_VALDB_USER_RECORD_H

#include "migration/migration.h"

/* The list searches by a regular expression over name and address, so the address is escaped; and
 * without the parameter `sort` it answers 500. */
int user_build_lookup_path(struct span key, const json_t *body, struct text *path);

/* A user is known by the address. */
bool user_is_record_of(struct span key, const json_t *body, const json_t *record);

enum lookup_result user_find_record(const json_t *answer, struct span key, const json_t *body,
                                    const json_t **record);

/* Groups in any order. The server fills in an administrator's groups, so those are passed; and it
 * fills in the name of somebody who signs in, so a name is passed where none was planned and the
 * record is read back. */
size_t user_compare(const json_t *body, const json_t *record, enum comparison comparison,
                    const struct difference_sink *differences);

/* True for what is checked before a user is stored: the address. */
bool user_is_refused_unstored(const json_t *answer);

/* PUT /api/users/<id>/ with role and groups (the server then mails the person), and DELETE of the
 * same path. */
bool user_can_update(const char *field);
void user_build_update(struct span id, const json_t *body, struct text *path, struct text *update);
void user_build_removal_path(struct span id, struct text *path);

/* Appends the text so that a regular expression matches it literally. */
void user_append_escaped(struct text *out, struct span text);

#endif
