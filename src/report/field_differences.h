/* What two JSON values have differently, field by field.
 *
 * Objects are compared by the names of their members, whatever the order. In two arrays of objects,
 * elements with the same name belong together. The name is the first member whose values are texts
 * or numbers and differ in each element, such as "group"; without such a member the position
 * decides. Other arrays are one field. A field is named by its way from the top:
 * `reports[HLT.Data.MET].content`.
 *
 * All JSON is borrowed; `{0}` is an empty list. */
#ifndef ROWPOST_REPORT_FIELD_DIFFERENCES_H
#define ROWPOST_REPORT_FIELD_DIFFERENCES_H

#include <jansson.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

struct field_difference {
    struct text field; /* empty: the whole value */
    const json_t *first;
    const json_t *second; /* NULL: that side does not have the field */
};

struct field_differences {
    struct field_difference *items;
    size_t count;
    size_t capacity;
};

/* Empties the list and fills it. 0, or -1 with ERROR_MEMORY. */
int field_differences_find(struct field_differences *differences, const json_t *first,
                           const json_t *second, struct error *error);
void field_differences_free(struct field_differences *differences);

#endif
