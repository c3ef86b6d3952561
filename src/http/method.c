#include "http/method.h"

#include <stddef.h>
#include <string.h>

static const struct method methods[] = {
    {"GET", DEPARTS_AGAIN, false, NULL},       {"POST", DEPARTS_ONCE, true, NULL},
    {"PUT", DEPARTS_ONCE, true, "PUT"},        {"PATCH", DEPARTS_ONCE, true, "PATCH"},
    {"DELETE", DEPARTS_ONCE, false, "DELETE"},
};

const struct method *method_find(const char *name) {
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(methods[i].name, name) == 0) {
            return &methods[i];
        }
    }
    return NULL;
}
