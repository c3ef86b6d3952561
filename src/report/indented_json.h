/* JSON with line breaks and indentation, for the eye. */
#ifndef ROWPOST_REPORT_INDENTED_JSON_H
#define ROWPOST_REPORT_INDENTED_JSON_H

#include "base/span.h"
#include "base/text.h"

/* Appends it, members in their order. What is no JSON is appended as it is. */
void json_append_indented(struct text *out, struct span json);

#endif
