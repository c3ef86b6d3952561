/* A valid migration file: its annotations, and what was made from them. Private to
 * src/migration/sqlfile. */
#ifndef ROWPOST_MIGRATION_SQLFILE_SQLFILE_PRIVATE_H
#define ROWPOST_MIGRATION_SQLFILE_SQLFILE_PRIVATE_H

#include "migration/migration.h"
#include "migration/sqlfile/conditions.h"
#include "migration/sqlfile/file_kind.h"
#include "migration/sqlfile/parse.h"
#include "migration/sqlfile/sqlfile.h"

enum { SHA256_TEXT_SIZE = 65 };

/* A table of the file, in addition to its `struct table`. */
struct file_table {
    const struct annotation *annotation;
    const struct annotation *classify;
};

struct sqlfile {
    struct migration migration;
    struct migration_file file;
    struct parsed_file parsed;
    struct text text;
    char sha256[SHA256_TEXT_SIZE];
    struct table *tables;
    struct file_table *file_tables; /* one for each of the tables */
    size_t table_count;
    struct migration_kind *kinds;
    const struct annotation **kind_annotations;
    size_t kind_count;
    struct migration_option *options;
    const struct annotation **option_annotations;
    size_t option_count;
    struct conditions *conditions;
    struct file_kind *file_kinds;        /* one for each of the kinds */
    struct file_existing *file_existing; /* one for each of the existing */
    struct migration_existing *existing;
    size_t existing_count;
    const struct condition *ready; /* or NULL */
};

/* `existing NAME` with its request and its SELECT. */
struct file_existing {
    struct file_request get;
    const struct condition *records;
};

/* The place of a name, or -1. */
ptrdiff_t sqlfile_find_table(const struct sqlfile *file, const char *name);
ptrdiff_t sqlfile_find_kind(const struct sqlfile *file, const char *name);

/* The annotation of that word and name, or NULL. */
const struct annotation *sqlfile_find(const struct sqlfile *file, enum word word, const char *name);

/* True where `row` of the table's classify is the value of its key; else it is the number that
 * staging gives each row. */
bool file_table_has_key(const struct table *table);

/* Reads everything about the target: the kinds' requests and conditions, `existing`, `auth`,
 * `probe`, `ready` (file_target.c). Memory is the file's. */
int file_target_read(struct sqlfile *file, struct error *error);

/* Reads `SELECT column [AS name], ... FROM table` into the table (table_select.c). */
int table_select_read(struct parsed_file *parsed, const struct annotation *annotation,
                      struct table *table, struct error *error);

/* Takes the condition of `only` into the table, where it has one. */
int table_select_read_only(struct parsed_file *parsed, const struct annotation *annotation,
                           struct table *table, struct error *error);

/* Whether the condition of `only` names the column. */
bool table_select_only_names(const struct table *table, const char *column);

#endif
