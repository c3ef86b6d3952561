/* The lists of all records of a kind at the target: as they were before anything of the kind was
 * delivered, and as they are now. A record that is new and belongs to no document is a stranger: it
 * was made by somebody else, or by a request that was thought to be lost.
 *
 * A list is read page by page into a temporary file of SQLite, so that a long list needs no memory.
 * Kinds are identified by their names, as the tables outlive a plan. */
#ifndef ROWPOST_WORKSPACE_TARGET_LIST_H
#define ROWPOST_WORKSPACE_TARGET_LIST_H

#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "workspace/workspace.h"

/* Whether the kind's list was read before: 1, 0 or -1. */
int target_list_was_read(struct workspace *workspace, const char *kind, struct error *error);

/* Whether a document of the kind was sent or handed out: 1, 0 or -1. A list that is read after that
 * does not show what was there before. */
int target_list_is_late(struct workspace *workspace, const char *kind, struct error *error);

/* Whether the outcome of each sent document of the kinds is known: 1; 0 where one is being sent,
 * unknown or handed out, and its record would look like a stranger; or -1. `kinds` is a JSON array
 * of names. */
int target_list_is_settled(struct workspace *workspace, struct span kinds, struct error *error);

struct target_list;

/* Begins a list, and a transaction. NULL with the error. */
struct target_list *target_list_begin(struct workspace *workspace, struct error *error);

/* Takes a record by the target's own name for it: 1; 0 where the list already has it; or -1. */
int target_list_add(struct target_list *list, struct span id, struct error *error);

/* Keeps the list as what was there before anything of the kind was delivered. */
int target_list_keep_before(struct target_list *list, const char *kind, struct error *error);

/* Keeps the records of the list that are strangers, and replaces those of the last time. The
 * documents of all `kinds`, a JSON array of names, are made in the same place as those of the kind,
 * and none of their records is one. */
int target_list_keep_strangers(struct target_list *list, const char *kind, struct span kinds,
                               struct error *error);

/* Ends it; what was not kept is forgotten. NULL is allowed. */
void target_list_end(struct target_list *list);

/* The record belongs to a document that does not have its name, as the record differs. In the open
 * transaction. */
int target_list_claim(struct workspace *workspace, const char *kind, struct span id,
                      struct error *error);

#endif
