/* A kind of a migration file: its requests, headers and conditions, and the functions of `struct
 * migration_kind` over them. */
#ifndef ROWPOST_MIGRATION_SQLFILE_FILE_KIND_H
#define ROWPOST_MIGRATION_SQLFILE_FILE_KIND_H

#include "migration/kind.h"
#include "migration/sqlfile/conditions.h"
#include "migration/sqlfile/members.h"
#include "migration/sqlfile/templates.h"

enum { FILE_KIND_READS_MOST = 16 };

struct file_request {
    const char *method; /* NULL: there is no such request */
    struct template path;
};

/* What has no annotation is NULL or empty. */
struct file_kind {
    const struct annotation *annotation;
    const struct condition *success, *conflict, *retry, *refuse;
    const struct condition *id; /* NULL: the id is looked up */
    const struct condition *match, *actual, *each;
    struct file_request create, find, update, remove, list;
    struct file_request *reads;
    size_t read_count;
    struct template *headers;
    size_t header_count;
    struct members unordered, ignored, secret, updated;
};

/* Reads the parts of the kind's annotation. ERROR_INPUT with the line. */
int file_kind_read(struct parsed_file *parsed, struct conditions *conditions,
                   const struct annotation *annotation, struct file_kind *kind,
                   struct error *error);

/* Fills the functions; `file_kind` is their context. */
void file_kind_fill(const struct file_kind *file_kind, struct migration_kind *kind);

/* Calls `take` for each place that names a column of the kind's SELECT. 0, or what `take` has
 * returned other than 0. */
int file_kind_each_column(const struct file_kind *kind,
                          int (*take)(void *context, const struct annotation *annotation,
                                      const char *name, struct error *error),
                          void *context, struct error *error);

/* A request to read something: GET. ERROR_INPUT with the line. */
int file_request_read_get(struct parsed_file *parsed, const struct annotation *annotation,
                          unsigned values, struct file_request *request, struct error *error);

#endif
