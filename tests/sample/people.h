/* The people of the sample: users, their rights, the two lists, and who writes reports.
 *
 * Everybody is made from a pattern and a number. What is added here are rows that every rule set
 * accepts. Nothing is owned. */
#ifndef ROWPOST_SAMPLE_PEOPLE_H
#define ROWPOST_SAMPLE_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "directory.h"
#include "legacy.h"
#include "random.h"

enum { PEOPLE_NAME_SIZE = 64, PEOPLE_MOST_VALIDATORS = 999999 };

enum people_kinds {
    /* Validators, administrators, users without a role, guests who only write reports, people
     * whom no list knows, and names that two people share. */
    PEOPLE_EVERY_KIND,
    /* Validators alone, all of them listed: one request for each user, and no other. */
    PEOPLE_VALIDATORS_ALONE
};

struct people_crowd {
    size_t validators; /* each with one to three rights */
    enum people_kinds kinds;
    uint64_t seed;
};

/* Users and rights into the database, the administrators into `admins`, the others into `people`.
 * 0, or -1 with ERROR_DISK. */
int people_write(const struct people_crowd *crowd, struct legacy *legacy, struct directory *admins,
                 struct directory *people, struct error *error);

/* The full name of somebody who wrote a report; fills the buffer and returns it. */
const char *people_pick_author(const struct people_crowd *crowd, struct random *random,
                               char buffer[PEOPLE_NAME_SIZE]);

#endif
