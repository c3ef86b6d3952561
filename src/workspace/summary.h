/* The summary of a workspace in figures: the outcome of the rows of every table, and where the
 * documents of every kind are.
 *
 * summary_load() fills it from a workspace; everything it points to lives in its arena until
 * summary_free(). */
#ifndef ROWPOST_WORKSPACE_SUMMARY_H
#define ROWPOST_WORKSPACE_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "workspace/standing.h"
#include "workspace/state.h"
#include "workspace/workspace.h"

/* A reason and how many rows share it. */
struct summary_reason {
    struct span because;
    int64_t rows;
};

/* The reasons of one outcome in a table, the most frequent first. */
struct summary_reasons {
    struct summary_reason *items;
    size_t count;
};

struct summary_table {
    struct span name;
    int64_t rows; /* that the source has */
    int64_t outcomes[OUTCOME_COUNT];
    int64_t left; /* that the migration leaves at the source */
    struct span left_because;
    struct summary_reasons reasons[OUTCOME_COUNT]; /* none for OUTCOME_USED */
};

struct summary_correction {
    size_t kind;
    struct span id;
    int64_t times;
};

struct summary_warning {
    size_t kind;
    struct span key;
    struct span text;
};

/* A name that was looked up in the people directory without a plain match. */
struct summary_person {
    size_t kind;
    struct span name;
    enum person_outcome outcome;
    int64_t uses;
    struct span found;
};

/* A part that was handed out, with documents that were not merged yet. */
struct summary_part {
    int64_t id;
    size_t kind;
    int64_t number;
    int64_t parts;
    int64_t documents;
    int64_t out; /* of them, still handed out */
    struct span file;
};

struct summary_kind {
    struct span name;
    int64_t documents; /* of this plan: without those that are gone */
    int64_t states[STATE_COUNT];
    int64_t verdicts[VERDICT_COUNT];
    int64_t read_back[STATE_COUNT][VERDICT_COUNT]; /* by both */
    int64_t changed;
    int64_t gone;
    int64_t strangers; /* records of the target that belong to no document (target_list.h) */
    int64_t ever[STATE_COUNT];             /* by state as well, with those that are gone */
    int64_t standings[STANDING_COUNT];     /* of all, those that are gone included */
    int64_t persons[PERSON_OUTCOME_COUNT]; /* names that were looked up */
    int64_t unsettled;  /* documents that a lost request may still change, until `settled_at` */
    int64_t settled_at; /* microseconds since 1970; from then on the result of a look-up is final */
};

struct summary {
    struct summary_kind *kinds;
    size_t kind_count;
    struct summary_table *tables;
    size_t table_count;
    struct summary_correction *corrections;
    size_t correction_count;
    struct summary_warning *warnings;
    size_t warning_count;
    struct summary_part *parts; /* without those that were completely merged or recalled */
    size_t part_count;
    struct summary_person *persons; /* those with most uses first in their kind */
    size_t person_count;
    struct span one_moment;       /* "yes" where all rows are of one moment, "no", or empty */
    struct span rejects_accepted; /* when the rejected rows were accepted, as the settings have it;
                                     empty: they were not */
    struct arena arena;
};

int summary_load(struct workspace *workspace, struct summary *summary, struct error *error);

/* As summary_load(), but without reasons, corrections, warnings, persons and settings: cheap
 * enough for every few seconds, as no row is read. */
int summary_load_figures(struct workspace *workspace, struct summary *summary, struct error *error);

/* 0 where the plan has a table of that name; else -1 with ERROR_USAGE that lists the tables. */
int summary_find_table(struct workspace *workspace, const char *name, struct error *error);

void summary_free(struct summary *summary);

/* The sum, or the largest number there is: a damaged file may hold any. */
int64_t summary_add(int64_t sum, int64_t number);

/* Documents of a kind: those that the next apply has to send or look up; those that the target
 * should have, which can be read back. */
int64_t summary_count_open(const struct summary_kind *kind);
int64_t summary_count_sent(const struct summary_kind *kind);

/* The names that were looked up for documents of the kind. */
int64_t summary_count_names(const struct summary_kind *kind);

/* Sums over all kinds, and over all tables. */
int64_t summary_count_planned(const struct summary *summary); /* documents */
int64_t summary_count_class(const struct summary *summary, enum standing_class class);
int64_t summary_count_standing(const struct summary *summary, enum standing standing);
int64_t summary_count_standings(const struct summary *summary, uint32_t standings); /* of the set */
int64_t summary_count_there(const struct summary *summary); /* on the target as it was sent */
int64_t summary_count_ever(const struct summary *summary, enum state state);
int64_t summary_count_strangers(const struct summary *summary);
int64_t summary_count_rows(const struct summary *summary, enum row_outcome outcome);

#endif
