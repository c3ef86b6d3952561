/* Tables of a SQLite source, read where they are. */
#ifndef ROWPOST_STAGING_IN_PLACE_PRIVATE_H
#define ROWPOST_STAGING_IN_PLACE_PRIVATE_H

#include <sqlite3.h>

#include "base/error.h"
#include "base/text.h"
#include "staging/shape_private.h"
#include "staging/typed_view_private.h"

/* Says where a view reads the table from. Where the table numbers its rows that is the table
 * itself; a view, a virtual table or a table WITHOUT ROWID is copied into a TEMP table, as it is,
 * so that each row keeps one number. `place` owns the texts of `view`, the shape its columns. */
int in_place_prepare(sqlite3 *database, const struct shape *shape, struct view_source *view,
                     struct text *place, struct error *error);

/* Drops the TEMP table, where there is one. */
void in_place_release(sqlite3 *database, const struct shape *shape);

#endif
