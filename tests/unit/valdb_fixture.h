/* Plans of the ValDB migration, made of a few rows and looked at in memory.
 *
 * A test writes down the rows of a legacy database, plans it by one of the two rule sets, and
 * states what it expects. Everything that a member does not set has a valid default, so that a test
 * shows what it is about. Each plan has to balance, or making it fails the test; plans are released
 * after the test (list it by plan_test()). */
#ifndef ROWPOST_TESTS_VALDB_FIXTURE_H
#define ROWPOST_TESTS_VALDB_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "migration/migration.h"
#include "valdb/rules.h"

/* SQL's NULL: a member that is left out gets its default. */
extern const char sql_null[];
#define SQL_NULL sql_null

enum legacy_role { VALIDATOR, ADMINISTRATOR, ADMINISTRATOR_AND_VALIDATOR, NO_ROLE, NULL_ROLES };

/* A row of USERS. */
struct legacy_user {
    const char *login; /* NULL ends the list */
    const char *email; /* login@lab.example */
    enum legacy_role role;
};

/* A row of USER_RIGHTS. */
struct legacy_right {
    int id;                  /* 0 ends the list */
    const char *login;       /* anna */
    const char *category;    /* Reconstruction */
    const char *subcategory; /* Data */
    const char *kind;        /* CSC */
};

/* A row of RELEASES with its row of STATUS. */
struct legacy_report {
    int id;                  /* 0 ends the list */
    const char *campaign;    /* 12_5_0 */
    const char *category;    /* Reconstruction */
    const char *subcategory; /* Data */
    const char *kind;        /* CSC */
    const char *version;     /* 1 */
    const char *date;        /* 2023-01-10 */
    const char *status;      /* OK */
    const char *comments;    /* NULL, as the rest */
    const char *links;
    const char *who;
    const char *relmon;
};

enum { LEGACY_ROWS = 32 };

struct legacy {
    struct legacy_user users[LEGACY_ROWS];
    struct legacy_right rights[LEGACY_ROWS];
    struct legacy_report reports[LEGACY_ROWS];
    struct legacy_report versions[LEGACY_ROWS]; /* of RELEASES_LV and STATUS_LV */
    const char *sql;                            /* run when the rows have been written */
    const char *admins;                         /* lines of the administrators' list, or NULL */
    const char *people;                         /* lines of the people directory, or NULL */
    const char *as_of;                          /* 2023-03-15 */
    bool with_history;
    const char *alias; /* none */
};

struct plan;

/* Plans; fails the test where planning fails. */
struct plan *plan_corrected(const struct legacy *legacy);
struct plan *plan_notebook(const struct legacy *legacy);

/* Plans twice by the corrected rules, from one staging. */
void plan_twice(const struct legacy *legacy, struct plan *made[2]);

/* Plans, and hands each statement that planning ran to `look`: its SQL, which can still be
 * explained, and how many steps SQLite's machine took. */
void plan_traced(const struct legacy *legacy, enum rule_set rules,
                 void (*look)(void *context, sqlite3 *database, const char *sql, int64_t steps),
                 void *context);

/* Plans by the corrected rules, which has to fail. */
void expect_no_plan(const struct legacy *legacy, enum error_code code, const char *words);

/* Plans an existing database. `admins` and `people` are paths, or NULL. */
struct plan *plan_database(const char *path, enum rule_set rules, const char *admins,
                           const char *people);

/* A test whose plans are released. */
#define plan_test(test) cmocka_unit_test_teardown(test, release_plans)
int release_plans(void **state);

/* The keys of the kind's documents in the order in which they were made: "anna, bert". */
void expect_documents(const struct plan *plan, enum valdb_kind kind, const char *keys);

/* A value of a document's body, such as `.reports[0].group` ("" is the whole body): as a text, or
 * as JSON in which ' means ". */
void expect_text(const struct plan *plan, enum valdb_kind kind, const char *key, const char *path,
                 const char *text);
void expect_json(const struct plan *plan, enum valdb_kind kind, const char *key, const char *path,
                 const char *json);

/* Where a document without source rows comes from: ends with these words. */
void expect_origin(const struct plan *plan, enum valdb_kind kind, const char *key,
                   const char *words);

/* How a row of a table ended. A reason is given by its beginning. */
void expect_used(const struct plan *plan, const char *table, const char *row, enum valdb_kind kind,
                 const char *key);
void expect_skipped(const struct plan *plan, const char *table, const char *row, const char *rule);
void expect_rejected(const struct plan *plan, const char *table, const char *row,
                     const char *reason);

/* A value of a row that was skipped or rejected, as the plan keeps it. */
void expect_lost_value(const struct plan *plan, const char *table, const char *row,
                       const char *path, const char *json);

/* The figures of a table: rows, used, skipped, rejected. */
void expect_outcomes(const struct plan *plan, const char *table, int rows, int used, int skipped,
                     int rejected);

/* How often a correction was counted for a kind; 0: never. */
void expect_correction(const struct plan *plan, enum valdb_kind kind, const char *correction,
                       int times);
void expect_no_corrections(const struct plan *plan);

void expect_warning(const struct plan *plan, const char *key, const char *words);
void expect_no_warnings(const struct plan *plan);

/* That the table is not in the reconciliation. */
void expect_not_read(const struct plan *plan, const char *table);

/* For those who compare many bodies: a document's body, borrowed, or NULL. */
const json_t *find_body(const struct plan *plan, enum valdb_kind kind, const char *key);
size_t count_documents(const struct plan *plan, enum valdb_kind kind);

#endif
