/* The parts of tests.c. Private to src/migration/sqlfile. */
#ifndef ROWPOST_MIGRATION_SQLFILE_TESTS_PRIVATE_H
#define ROWPOST_MIGRATION_SQLFILE_TESTS_PRIVATE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "migration/sqlfile/sqlfile_private.h"

/* The result of the plan of a test. */
struct test_found {
    const struct sqlfile *file;
    struct map *documents; /* one for each kind: by key, to the body */
    struct map *outcomes;  /* one for each table: by row, to a `struct test_outcome` */
    struct arena arena;
    const char *document;                              /* the key of the last document */
    void (*warn)(struct span about, struct span text); /* or NULL */
};

struct test_outcome {
    const char *word;    /* "used" */
    const char *because; /* the document, the rule or the reason */
};

/* ---- tests.c ---- */

/* Plans the rows of a test. 0 or -1; test_found_free() in both cases. `found` starts from `{0}`. */
int test_plan(const struct sqlfile *file, const struct migration_settings *settings,
              const struct annotation *test, struct test_found *found, struct error *error);
void test_found_free(struct test_found *found);

/* The file of that text, as tests use it: its tables in no schema. NULL with the error. */
struct sqlfile *test_file_read(const char *path, struct span text, struct error *error);

/* ---- test_source.c ---- */

/* Makes a SQLite file with the tables that the migration reads, and the rows that the test gives.
 * The caller removes the file. */
int test_source_create(const struct sqlfile *file, const struct annotation *test, struct text *path,
                       struct error *error);

/* Calls `take` with the values of each row that the annotation's SQL returns; null is `(null)`. */
int test_rows_each(const struct sqlfile *file, const struct annotation *annotation, int columns,
                   int (*take)(void *context, const struct span *values, struct error *error),
                   void *context, struct error *error);

/* ---- test_diff.c ---- */

/* Appends the lines of both texts, each after two blanks, `- ` (only expected) or `+ ` (only
 * found). */
void test_append_diff(const char *expected, const char *found, struct text *out);

/* The JSON with its members in order, one a line; the text itself where it is none. */
void test_append_sorted(struct span json, struct text *out);

#endif
