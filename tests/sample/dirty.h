/* The rows on which the notebook stops or loses data, each beside what it exercises.
 *
 * `exercises` is the id of a correction, or, for what no correction names, a word for the rule:
 * `texts`, `history`, `login-length`, `flags`, `orphans`, `group-not-listed`, `admin-not-listed`.
 * The tables are constants that live as long as the program. */
#ifndef ROWPOST_SAMPLE_DIRTY_H
#define ROWPOST_SAMPLE_DIRTY_H

#include <stddef.h>

#include "base/error.h"
#include "directory.h"
#include "legacy.h"

/* Where a row of releases and status goes. */
enum dirty_place { DIRTY_TODAY, DIRTY_EARLIER, DIRTY_RELEASE_ALONE, DIRTY_STATUS_ALONE };

/* The day of a row whose date is null. */
enum { DIRTY_NO_DAY = -1 };

struct dirty_report {
    const char *exercises;
    const char *campaign;
    const char *category;
    const char *subcategory;
    const char *kind;
    int version;
    int day; /* days after 2022-12-01 23:59:59, or DIRTY_NO_DAY */
    const char *status;
    const char *comments;
    const char *links;
    const char *author;
    const char *relmon;
    enum dirty_place place;
};

struct dirty_user {
    const char *exercises;
    struct legacy_user user;
};

struct dirty_right {
    const char *exercises;
    struct legacy_right right;
};

/* A line of one of the two lists. */
struct dirty_listed {
    const char *exercises;
    const char *user_name;
    const char *email;
    const char *fullname;
};

extern const struct dirty_report dirty_reports[];
extern const size_t dirty_reports_count;
extern const struct dirty_user dirty_users[];
extern const size_t dirty_users_count;
extern const struct dirty_right dirty_rights[];
extern const size_t dirty_rights_count;
extern const struct dirty_listed dirty_admins[];
extern const size_t dirty_admins_count;
extern const struct dirty_listed dirty_people[];
extern const size_t dirty_people_count;

/* All of them, in the order of the tables. 0, or -1 with ERROR_DISK. */
int dirty_write(struct legacy *legacy, struct directory *admins, struct directory *people,
                struct error *error);

/* How many rows and lines exercise one thing. */
struct dirty_case {
    const char *exercises;
    size_t rows;
};

enum { DIRTY_MOST_CASES = 64 };

/* Every thing that is exercised, in order of first appearance; how many there are. */
size_t dirty_count_cases(struct dirty_case cases[DIRTY_MOST_CASES]);

#endif
