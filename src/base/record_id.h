/* A target's own name for a record: a text or a number, which keeps its type when it is sent again.
 */
#ifndef ROWPOST_BASE_RECORD_ID_H
#define ROWPOST_BASE_RECORD_ID_H

#include <stdbool.h>

#include "base/span.h"

struct record_id {
    struct span text; /* null: not known */
    bool is_number;
};

#endif
