/* The walk over what two plans have, and the texts that all forms of `rowpost diff` share. */
#ifndef ROWPOST_REPORT_PLAN_DIFF_PRIVATE_H
#define ROWPOST_REPORT_PLAN_DIFF_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "report/field_differences.h"
#include "report/plan_diff.h"
#include "report/report.h"

/* An entry that is not the same in both. */
struct diff_entry {
    enum pairing_of list;
    enum pairing_result result;
    const struct pairing *pairing;
    const struct field_differences *fields; /* of a document that both have; else empty */
};

enum { DIFF_MOST_KINDS = 64 };

struct diff_counts {
    struct diff_kind {
        struct text name;
        int64_t results[PAIRING_RESULTS];
    } kinds[DIFF_MOST_KINDS];
    size_t kind_count;
    int64_t lists[PAIRING_COUNT][PAIRING_RESULTS];
};

/* Each returns 0, or -1 with the error, which ends the walk. `end` may be NULL. */
struct diff_visitor {
    void *context;
    int (*begin)(void *context, enum pairing_of list, struct error *error);
    int (*entry)(void *context, const struct diff_entry *entry, struct error *error);
    int (*end)(void *context, enum pairing_of list, struct error *error);
};

/* Goes over all lists in the order of `enum pairing_of`, and counts. The counts are released in
 * any case with diff_counts_free(). 0, or -1 with the error. */
int diff_walk(const struct plan_diff *diff, const struct diff_visitor *visitor,
              struct diff_counts *counts, struct error *error);
void diff_counts_free(struct diff_counts *counts);

/* How many entries of the list differ; whether the plans are equal. */
int64_t diff_count(const struct diff_counts *counts, enum pairing_of list);
bool diff_is_equal(const struct diff_counts *counts);

/* "The plans are equal: ..." or "The plans differ in ...", without a line break. */
void diff_append_conclusion(const struct diff_counts *counts, struct text *out);

/* False where only the other side has the entry. */
bool diff_has_side(const struct diff_entry *entry, enum pairing_side side);

/* What a side has in the entry, for people: "rejected: no address", "12 rows". Nothing where it has
 * no entry, and for documents. */
void diff_append_side(const struct diff_entry *entry, enum pairing_side side, struct text *out);

/* A key as it is shown: one that is empty as `""`. */
struct span diff_shown_key(struct span key);

/* The names of an entry: "campaigns 12_5_0". */
void diff_append_name(const struct diff_entry *entry, struct text *out);

/* A field's value: a text as it is where the other one is a text, too; else as JSON. */
void diff_append_value(const json_t *value, const json_t *other, struct text *out);

#endif
