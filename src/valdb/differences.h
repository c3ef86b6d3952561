/* Field-by-field comparison of what was planned with what the target has.
 *
 * Each function reports a difference to the sink and returns 1, or returns 0 where the two are
 * equal. A field that is absent counts as null. All JSON is borrowed. */
#ifndef ROWPOST_VALDB_DIFFERENCES_H
#define ROWPOST_VALDB_DIFFERENCES_H

#include <jansson.h>
#include <stddef.h>

#include "migration/kind.h"

/* Equal as JSON. */
size_t differences_in_value(const json_t *planned, const json_t *found, const char *field,
                            const struct difference_sink *sink);

/* Arrays of texts, whatever their order. */
size_t differences_in_set(const json_t *planned, const json_t *found, const char *field,
                          const struct difference_sink *sink);

/* Reports two values as they are. Returns 1. */
size_t differences_add(const struct difference_sink *sink, const char *field, const json_t *planned,
                       const json_t *found);

/* Memory ran out. */
void differences_fail(const struct difference_sink *sink);

/* The text of a JSON string as a span; null for everything else. */
struct span differences_text(const json_t *value);

#endif
