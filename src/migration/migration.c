#include "migration/migration.h"

#include <string.h>

const struct migration_kind *migration_find_kind(const struct migration *migration,
                                                 const char *name, struct error *error) {
    struct text known = {0};
    for (size_t i = 0; i < migration->kind_count; i++) {
        if (strcmp(migration->kinds[i].name, name) == 0) {
            text_free(&known);
            return &migration->kinds[i];
        }
        text_append_format(&known, "%s%s", i == 0 ? "" : ", ", migration->kinds[i].name);
    }
    error_set(error, ERROR_USAGE, "there is no kind \"%s\"; there are: %s", name,
              text_string(&known));
    text_free(&known);
    return NULL;
}

bool migration_wants_content(const struct migration_sink *sink, struct row_reference row) {
    return sink->wants_content != NULL && sink->wants_content(sink->context, row);
}

int migration_show_row(const struct migration_sink *sink, struct row_reference row,
                       struct span content, struct error *error) {
    return migration_wants_content(sink, row)
               ? sink->give_content(sink->context, row, content, error)
               : 0;
}
