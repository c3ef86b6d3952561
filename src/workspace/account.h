/* The account: what became of every source row and where every document stands, in figures.
 *
 * account_load() fills it from a workspace; everything it points to lives in its arena until
 * account_free(). */
#ifndef ROWPOST_WORKSPACE_ACCOUNT_H
#define ROWPOST_WORKSPACE_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

/* A reason and how many rows share it. */
struct account_reason {
    struct span because;
    int64_t rows;
};

struct account_query {
    size_t kind;
    struct span name;
    int64_t rows_read;
    int64_t used;
    int64_t skipped;
    int64_t rejected;
    struct account_reason *skips; /* by rule */
    size_t skip_count;
    struct account_reason *rejects; /* by reason */
    size_t reject_count;
};

struct account_correction {
    size_t kind;
    struct span id;
    int64_t times;
};

struct account_warning {
    size_t kind;
    struct span key;
    struct span text;
};

/* A name that was looked up in the people directory and is not simply found. */
struct account_lookup {
    size_t kind;
    struct span name;
    enum presence outcome;
    int64_t uses;
    struct span found;
};

struct account_kind {
    struct span name;
    int64_t documents; /* of this plan: without those that are gone */
    int64_t states[STATE_COUNT];
    int64_t ever[STATE_COUNT]; /* by state as well, with those that are gone */
    int64_t verdicts[VERDICT_COUNT];
    int64_t changed;
    int64_t gone;
    int64_t persons[PERSON_COUNT]; /* names that were looked up */
};

struct account {
    struct account_kind *kinds;
    size_t kind_count;
    struct account_query *queries;
    size_t query_count;
    struct account_correction *corrections;
    size_t correction_count;
    struct account_warning *warnings;
    size_t warning_count;
    struct account_lookup *lookups; /* those with most uses first in their kind */
    size_t lookup_count;
    struct arena arena;
};

int account_load(struct workspace *workspace, struct account *account, struct error *error);

/* As account_load(), but the reasons, corrections, warnings and names that were looked up stay
 * out: what may be asked every few seconds, as no row is looked at. */
int account_load_figures(struct workspace *workspace, struct account *account, struct error *error);

void account_free(struct account *account);

/* The sum, or the largest number there is: a damaged file may hold any. */
int64_t account_add(int64_t sum, int64_t number);

/* Documents of a kind that are pending, being sent or unknown; or that should be on the target:
 * delivered, present or different. */
int64_t account_documents_open(const struct account_kind *kind);
int64_t account_documents_sent(const struct account_kind *kind);

/* The names that were looked up for documents of the kind. */
int64_t account_names_looked_up(const struct account_kind *kind);

/* Sums over all kinds. */
int64_t account_rows_rejected(const struct account *account);
int64_t account_documents_in(const struct account *account, enum state state);
int64_t account_documents_ever_in(const struct account *account, enum state state);
int64_t account_documents_with(const struct account *account, enum verdict verdict);

#endif
