/* A user as ValDB2 has it: found again by address in GET /api/users/, and compared. */
#ifndef ROWPOST_VALDB_USER_RECORD_H
#define ROWPOST_VALDB_USER_RECORD_H

#include "migration/kind.h"

/* KIND_FIND: the list searches by a regular expression over name and address, so the address is
 * escaped; and without the parameter `sort` it answers 500. KIND_UPDATE: PUT /api/users/<id>/ with
 * role and groups (the server then mails the person). KIND_REMOVE: DELETE of the same path. */
int user_build_find(const struct migration_kind *kind, const struct kind_document *document,
                    struct kind_draft *draft);
int user_build_update(const struct migration_kind *kind, const struct kind_document *document,
                      struct kind_draft *draft);
int user_build_removal(const struct migration_kind *kind, const struct kind_document *document,
                       struct kind_draft *draft);

/* A user is known by the address. */
bool user_find_matches(const struct migration_kind *kind, const struct kind_document *document,
                       const struct kind_answer *answer, struct kind_matches *matches);

/* Groups in any order. The server fills in an administrator's groups, so those are passed; and it
 * fills in the name of somebody who signs in, so a name is passed where none was planned and the
 * record is read back. */
size_t user_compare(const struct migration_kind *kind, const struct kind_document *document,
                    const json_t *record, enum comparison comparison,
                    const struct difference_sink *differences);

/* The address is checked before a user is stored. */
enum kind_reading user_read_answer(const struct migration_kind *kind,
                                   const struct kind_document *document,
                                   const struct kind_answer *answer);

bool user_can_update(const struct migration_kind *kind, const char *field);

/* The address, by which campaigns name their authors. */
struct span user_known_as(const struct migration_kind *kind, const json_t *body);

/* Appends the text so that a regular expression matches it literally. */
void user_append_escaped(struct text *out, struct span text);

/* Appends the path that searches the list for the text. */
void user_append_search(struct text *path, const char *list, struct span text);

#endif
