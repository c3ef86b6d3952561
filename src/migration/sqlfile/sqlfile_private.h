/* A migration file that is in order: its annotations, and what was made of them. Private to
 * src/migration/sqlfile. */
#ifndef ROWPOST_MIGRATION_SQLFILE_SQLFILE_PRIVATE_H
#define ROWPOST_MIGRATION_SQLFILE_SQLFILE_PRIVATE_H

#include "migration/migration.h"
#include "migration/sqlfile/parse.h"
#include "migration/sqlfile/sqlfile.h"

enum { SHA256_TEXT_SIZE = 65 };

/* A table of the file, beside its `struct table`. */
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
};

/* The place of a name, or -1. */
ptrdiff_t sqlfile_find_table(const struct sqlfile *file, const char *name);
ptrdiff_t sqlfile_find_kind(const struct sqlfile *file, const char *name);

/* The annotation of that word and name, or NULL. */
const struct annotation *sqlfile_find(const struct sqlfile *file, enum word word, const char *name);

/* True where `row` of the table's classify is the value of its key; else it is the number that
 * staging gives each row. */
bool file_table_has_key(const struct table *table);

/* Reads `SELECT column [AS name], ... FROM table` into the table (table_select.c). */
int table_select_read(struct parsed_file *parsed, const struct annotation *annotation,
                      struct table *table, struct error *error);

#endif
