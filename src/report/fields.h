/* JSON for people: names and values below each other, texts wrapped, at most 80 columns wide. What
 * would move a terminal's cursor is shown as a blank. Nothing is owned. */
#ifndef ROWPOST_REPORT_FIELDS_H
#define ROWPOST_REPORT_FIELDS_H

#include <jansson.h>

#include "base/text.h"

/* Appends a line or more for each member of the object, `indent` columns from the left. A value
 * that takes more than a dozen lines is cut, and what is missing is counted. */
void fields_append(struct text *out, const json_t *object, int indent);

/* One name and its value. */
void fields_append_one(struct text *out, const char *name, struct span value, int indent);

/* The text on one line, without what would move a cursor. */
void fields_append_visible(struct text *out, struct span line);

/* The text on one line and otherwise as it is: tabs, line feeds and other C0 controls are blanks.
 */
void fields_append_on_one_line(struct text *out, struct span line);

/* The members of an object as text; a text that is no object is appended as it is, on one line. */
void fields_append_text(struct text *out, struct span json, int indent);

/* JSON with line breaks and indentation, members in their order. What is no JSON is appended as it
 * is. */
void json_append_indented(struct text *out, struct span json);

#endif
