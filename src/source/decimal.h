/* Numbers that a database writes in decimal digits, without loss. Private to src/source. */
#ifndef ROWPOST_SOURCE_DECIMAL_H
#define ROWPOST_SOURCE_DECIMAL_H

#include "base/text.h"
#include "source/source.h"

/* The value of `digits`, such as `-12`, `0.50` or `.5`: VALUE_INTEGER where it is whole and fits
 * (`3.00` is 3), else VALUE_TEXT with all its digits, in `scratch` or where they were. What is no
 * such number (`1E+40`, `NaN`) is VALUE_TEXT as it stands. */
struct value decimal_value(struct span digits, struct text *scratch);

#endif
