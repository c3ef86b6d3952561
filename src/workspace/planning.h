/* Writing a plan: the documents, the fate of every row, what the rules counted.
 *
 * planning_begin() opens one transaction that planning_finish() commits; until then the workspace
 * stands as it was, and planning_abandon() leaves it so. Into a workspace that has a plan already,
 * it re-plans: a document that is the same keeps its state; one that changed before it was ever
 * sent (or was refused) is pending again; one that changed after it was sent keeps its state and
 * its delivered body, and is marked `changed`; one that is no longer planned is marked `gone`. */
#ifndef ROWPOST_WORKSPACE_PLANNING_H
#define ROWPOST_WORKSPACE_PLANNING_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

struct planning;

/* `kinds` names the kinds of documents in the order in which they are posted; their positions are
 * what the other functions call `kind`. */
struct planning_kind {
    const char *name;
    const char *post_path;
};

struct planning *planning_begin(struct workspace *workspace, const struct planning_kind *kinds,
                                size_t kind_count, struct error *error);

int planning_begin_query(struct planning *planning, size_t kind, const char *name, const char *sql,
                         int *query, struct error *error);

/* Says how many rows the query has returned. Their fates may be told later. */
void planning_end_query(struct planning *planning, int query, int64_t rows_read);

/* Adds a document under its key; a key that this plan has already is ERROR_INTERNAL. */
int planning_add_document(struct planning *planning, size_t kind, struct span key, struct span body,
                          struct span origin, int64_t *id, struct error *error);

enum fate { FATE_USED, FATE_SKIPPED, FATE_REJECTED };

/* Writes a row's fate. `document` counts for used rows, `because` (the rule or the reason) and
 * `content` (the row as JSON) for the others. */
int planning_add_row(struct planning *planning, int query, struct span row, enum fate fate,
                     int64_t document, struct span because, struct span content,
                     struct error *error);

int planning_count_correction(struct planning *planning, size_t kind, const char *correction,
                              int64_t times, struct error *error);
int planning_add_warning(struct planning *planning, size_t kind, struct span key, struct span text,
                         struct error *error);

/* What came of looking a person up; `uses` is how often the source has the name. */
int planning_add_lookup(struct planning *planning, size_t kind, struct span name,
                        enum presence outcome, int64_t uses, struct span found,
                        struct error *error);

/* Keeps what a people directory has answered for a name, in place of an earlier answer. Later
 * plans find it there (directory_answers.h). */
int planning_keep_answer(struct planning *planning, struct span directory, struct span name,
                         struct span answer, struct error *error);

/* Checks that for every query the rows read are the rows used, skipped and rejected (else
 * ERROR_BALANCE and nothing is kept), and makes the plan durable. Frees the planning either way. */
int planning_finish(struct planning *planning, struct error *error);
void planning_abandon(struct planning *planning);

#endif
