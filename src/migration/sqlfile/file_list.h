/* Lists of records, page by page: those of a kind (`list` and `each`), and those that the target
 * has by name (`existing`). */
#ifndef ROWPOST_MIGRATION_SQLFILE_FILE_LIST_H
#define ROWPOST_MIGRATION_SQLFILE_FILE_LIST_H

#include "migration/kind.h"
#include "migration/sqlfile/conditions.h"
#include "migration/sqlfile/templates.h"

/* Appends the path of a page, from 0; `listed` is how many records the earlier pages have shown. 1;
 * 0 where there is no such page: a path that does not depend on the page has one, and its answer
 * may point to the next. */
int file_list_append_path(const struct template *path, size_t page, size_t listed,
                          struct text *out);

/* Gives the records of a page to the sink: by the id of a row, and in a row of two columns by its
 * key. A row that lacks one of them is none. As each_listed of kind.h. */
int file_list_each(const struct condition *records, const struct kind_answer *answer,
                   const struct listed_sink *sink);

/* The target's own name in that column: a number or a text; NULL for what is none. A real that is
 * whole is the number that it was. A new reference. */
json_t *file_list_id(sqlite3_stmt *row, int column);

#endif
