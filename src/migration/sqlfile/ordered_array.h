/* array_in_order(json, key): the aggregate that makes an array of values in the order of their
 * keys (nulls, numbers, texts); equal keys stay in the order in which they come. */
#ifndef ROWPOST_MIGRATION_SQLFILE_ORDERED_ARRAY_H
#define ROWPOST_MIGRATION_SQLFILE_ORDERED_ARRAY_H

#include <sqlite3.h>

void ordered_array_step(sqlite3_context *context, int count, sqlite3_value **arguments);
void ordered_array_end(sqlite3_context *context);

#endif
