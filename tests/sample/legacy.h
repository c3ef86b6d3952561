/* The legacy database file: the six tables in the layout of the site's own backup.
 *
 * legacy_create() replaces the file (mode 0600) and begins its only transaction; legacy_finish()
 * ends it. Without legacy_finish(), legacy_close() leaves a file that is of no use. Texts in the
 * arguments stay the caller's; a NULL text is SQL's null. Functions return 0, or -1 with
 * ERROR_DISK. */
#ifndef ROWPOST_SAMPLE_LEGACY_H
#define ROWPOST_SAMPLE_LEGACY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* How releases.date is written: integer seconds since 1970, or `YYYY-MM-DD HH:MM:SS.000000`. */
enum legacy_dates { LEGACY_DATES_SECONDS, LEGACY_DATES_ISO };

/* Whether releases_lv and status_lv stay empty. */
enum legacy_history { LEGACY_HISTORY_EMPTY, LEGACY_HISTORY_FILLED };

/* A date that is null, and a flag that is null. */
#define LEGACY_NO_DATE INT64_MIN
enum { LEGACY_NO_FLAG = -1 };

/* A row of releases and the row of status with the same id. */
struct legacy_row {
    int64_t id; /* from legacy_take_id() */
    const char *category;
    const char *subcategory;
    const char *release_name;
    int version;
    int64_t date; /* seconds since 1970, or LEGACY_NO_DATE */
    const char *status_kind;
    const char *validation_status;
    const char *comments;
    const char *links;
    const char *user_name; /* the writer's full name */
    const char *relmon_url;
};

struct legacy_user {
    const char *user_name;
    const char *email;
    int admin; /* 0, 1 or LEGACY_NO_FLAG */
    int validator;
};

struct legacy_right {
    const char *user_name;
    const char *category;
    const char *subcategory;
    const char *status_kind;
};

struct legacy;

/* A new, empty database at `path`, to be closed by the caller; NULL on failure. */
struct legacy *legacy_create(const char *path, enum legacy_dates dates, enum legacy_history history,
                             struct error *error);

/* The next id; ids begin at 1 and every version of a row takes one. */
int64_t legacy_take_id(struct legacy *legacy);

/* False where earlier versions need not be made, since nothing would keep them. */
bool legacy_keeps_history(const struct legacy *legacy);

/* The newest version of a row: into releases and status, and into the history. */
int legacy_add_row(struct legacy *legacy, const struct legacy_row *row, struct error *error);

/* An older version of a row: into the history alone. */
int legacy_add_earlier(struct legacy *legacy, const struct legacy_row *row, struct error *error);

/* One half of a row, which nothing joins. */
int legacy_add_release_alone(struct legacy *legacy, const struct legacy_row *row,
                             struct error *error);
int legacy_add_status_alone(struct legacy *legacy, const struct legacy_row *row,
                            struct error *error);

int legacy_add_user(struct legacy *legacy, const struct legacy_user *user, struct error *error);

/* The right takes the next id of user_rights. */
int legacy_add_right(struct legacy *legacy, const struct legacy_right *right, struct error *error);

/* Commits. Nothing can be added afterwards. */
int legacy_finish(struct legacy *legacy, struct error *error);

/* Frees; NULL is allowed. */
void legacy_close(struct legacy *legacy);

#endif
