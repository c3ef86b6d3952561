/* The campaigns of the sample: names, groups, reports and their earlier versions.
 *
 * Every row is made from the seed and its place alone, so memory stays flat however many there
 * are. What is added here are rows that the notebook survives: many a TK and SUMMARY among them,
 * and special characters in the texts, but nothing that stops it. Nothing is owned. */
#ifndef ROWPOST_SAMPLE_CAMPAIGNS_H
#define ROWPOST_SAMPLE_CAMPAIGNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "legacy.h"
#include "people.h"

enum { CAMPAIGNS_MOST = 300000 };

struct campaigns_order {
    size_t campaigns;
    size_t rows; /* of releases, shared out evenly; at most CATALOG_CELLS for each campaign */
    uint64_t seed;
    struct people_crowd crowd; /* who writes the reports */
};

/* Most rows of a campaign have ids one after the other; every tenth was rewritten later, when other
 * campaigns were already there. 0, or -1 with ERROR_DISK. */
int campaigns_write(const struct campaigns_order *order, struct legacy *legacy,
                    struct error *error);

#endif
