/* What the legacy site could hold: its categories, subcategories, groups and statuses.
 *
 * All texts are constants that live as long as the program. */
#ifndef ROWPOST_SAMPLE_CATALOG_H
#define ROWPOST_SAMPLE_CATALOG_H

#include <stddef.h>

#include "random.h"

/* How many groups, SUMMARY included, one campaign can hold. */
enum { CATALOG_CELLS = 146 };

/* One group of a campaign. */
struct catalog_cell {
    const char *category;
    const char *subcategory;
    const char *kind;
};

/* Every group once: a (category, subcategory) after the other in random order, each beginning with
 * its SUMMARY. */
void catalog_shuffle_cells(struct random *random, struct catalog_cell cells[CATALOG_CELLS]);

/* Any group but SUMMARY. */
struct catalog_cell catalog_pick_group(struct random *random);

/* A status as the site's form offers it; now and then with blanks around it. */
const char *catalog_pick_status(struct random *random);

/* The kind with other capitals, for some kinds whose other spelling the notebook also understands;
 * the rest as they are. */
const char *catalog_respell_kind(const char *kind);

#endif
