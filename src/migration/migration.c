#include "migration/migration.h"

#include <string.h>

#include "base/nearest.h"

const char *migration_find_value(const struct migration_settings *settings, const char *name) {
    for (size_t i = settings->value_count; i > 0; i--) {
        if (strcmp(settings->values[i - 1].name, name) == 0) {
            return settings->values[i - 1].value;
        }
    }
    return NULL;
}

const struct migration_kind *migration_find_kind(const struct migration *migration,
                                                 const char *name, struct error *error) {
    struct text known = {0};
    struct nearest nearest = nearest_to(span_of(name));
    for (size_t i = 0; i < migration->kind_count; i++) {
        if (strcmp(migration->kinds[i].name, name) == 0) {
            text_free(&known);
            return &migration->kinds[i];
        }
        text_append_format(&known, "%s%s", i == 0 ? "" : ", ", migration->kinds[i].name);
        nearest_offer(&nearest, migration->kinds[i].name);
    }
    nearest_append(&nearest, "", &known);
    error_set(error, ERROR_USAGE, "there is no kind \"%s\"; there are: %s", name,
              text_string(&known));
    text_free(&known);
    return NULL;
}
