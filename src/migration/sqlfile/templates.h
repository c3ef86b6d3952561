/* Requests and headers with values in them: `GET /users/{id}?mail={address}`.
 *
 * A value is a column of the kind's SELECT, `{key}`, `{id}` (the target's own name for the record),
 * `{page}` (from 1) or `{offset}` (how many records the earlier pages have shown). In a path it is
 * percent-encoded. */
#ifndef ROWPOST_MIGRATION_SQLFILE_TEMPLATES_H
#define ROWPOST_MIGRATION_SQLFILE_TEMPLATES_H

#include "base/error.h"
#include "base/text.h"
#include "migration/kind.h"
#include "migration/sqlfile/parse.h"

struct template_piece {
    struct span text; /* as it is written, or the name of a value; terminated */
    bool is_value;
};

struct template {
    const struct annotation *annotation;
    const struct template_piece *pieces;
    size_t count;
};

/* Which values a template can have, as bits. */
enum template_values {
    TEMPLATE_NONE = 0,
    TEMPLATE_DOCUMENT = 1, /* {key} and columns */
    TEMPLATE_ID = 2,       /* {id} */
    TEMPLATE_PAGE = 4      /* {page} and {offset} */
};

/* Parses the annotation's text; memory is the file's. ERROR_INPUT with the line. */
int template_read(struct parsed_file *parsed, const struct annotation *annotation, unsigned values,
                  struct template *template, struct error *error);

/* Whether it depends on the page of a list. */
bool template_has_pages(const struct template *template);

/* The values to insert. Everything is borrowed. */
struct template_scope {
    const struct kind_document *document; /* or NULL */
    size_t page;                          /* from 0 */
    size_t listed;
};

/* Whether a value can be in a header: no line feed or another control character. */
bool template_fits_header(struct span value);

enum template_place { TEMPLATE_PATH, TEMPLATE_HEADER };

/* 1; 0 where a value is null or not known yet; -1 where one cannot be in a header (a line feed). */
int template_append(const struct template *template, const struct template_scope *scope,
                    enum template_place place, struct text *out);

/* Calls `take` for each value that is a column of the kind's SELECT. 0, or what `take` has returned
 * other than 0. */
int template_each_column(const struct template *template,
                         int (*take)(void *context, const struct annotation *annotation,
                                     const char *name, struct error *error),
                         void *context, struct error *error);

#endif
