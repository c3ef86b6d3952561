/* Writing a plan: documents, the outcome of every row, and the counts of the rules.
 *
 * planning_begin() opens one transaction that planning_finish() commits; until then the workspace
 * is unchanged, and planning_abandon() keeps it unchanged. In a workspace that already has a plan,
 * it plans again: a document that is the same keeps its state; one that changed before it was ever
 * sent (or was refused) is pending again; one that changed after it was sent keeps its state and
 * its delivered body, and is marked `changed`; one that is no longer planned is marked `gone`. A
 * workspace with parts that are handed out, or that is a part itself, is refused: ERROR_USAGE.
 *
 * The reconciliation is checked as the entries are added (base/plan_entry.h has the conditions). A
 * violation is ERROR_BALANCE, which names the table or the document, and nothing is kept. */
#ifndef ROWPOST_WORKSPACE_PLANNING_H
#define ROWPOST_WORKSPACE_PLANNING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/plan_entry.h"
#include "workspace/workspace.h"

struct planning;

/* `kinds` names the kinds of documents in the order in which they are posted; the entries have
 * their positions as `kind`. */
struct planning_kind {
    const char *name;
    const char *post_path;
};

struct planning *planning_begin(struct workspace *workspace, const struct planning_kind *kinds,
                                size_t kind_count, struct error *error);

/* Keeps the entry. A key that its kind already has in this plan is ERROR_INTERNAL; an answer of a
 * people directory replaces an earlier one, and corrections of one id are added up. After an error
 * the planning can only be abandoned. */
int planning_put(struct planning *planning, const struct plan_entry *entry, struct error *error);

/* Checks that every table and the last document are complete, and makes the plan durable. Frees
 * the planning either way. */
int planning_finish(struct planning *planning, struct error *error);
void planning_abandon(struct planning *planning);

#endif
