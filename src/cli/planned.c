#include "cli/planned.h"

#include <string.h>

#include "base/date.h"

static void add_value(struct planned *planned, const char *name, const char *value) {
    if (planned->value_count < MAX_VALUES) {
        planned->values[planned->value_count++] =
            (struct migration_value){.name = name, .value = value};
    }
}

/* The values of an option that was given several times have a blank between them (plan.h). */
static void add_values(struct planned *planned, const char *name, char *values) {
    while (values != NULL) {
        char *blank = strchr(values, ' ');
        if (blank != NULL) {
            *blank++ = '\0';
        }
        add_value(planned, name, values);
        values = blank;
    }
}

/* A workspace that is not planned yet has none. */
static int load_day(struct workspace *workspace, int64_t *day, struct error *error) {
    struct text text = {0};
    int rc = workspace_get_setting(workspace, "as-of", &text, error);
    if (rc == 0 && text.length > 0 && date_parse_day(text_span(&text), day) != 0) {
        rc = error_set(error, ERROR_WORKSPACE, "%s: its day as-of is \"%s\", which is no day",
                       workspace_path(workspace), text_string(&text));
    }
    text_free(&text);
    return rc;
}

int planned_load(const struct migration *migration, struct workspace *workspace,
                 struct planned *planned, struct error *error) {
    if (workspace_get_setting(workspace, "source", &planned->source, error) != 0) {
        return -1;
    }
    if (load_day(workspace, &planned->as_of, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < migration->option_count && i < MAX_VALUES; i++) {
        const struct migration_option *option = &migration->options[i];
        struct text *value = &planned->texts[i];
        if (workspace_get_setting(workspace, option->name, value, error) != 0) {
            return -1;
        }
        bool is_given =
            option->otherwise != NULL ||
            (option->value != NULL ? value->length > 0 : strcmp(text_string(value), "yes") == 0);
        if (is_given && option->may_repeat) {
            add_values(planned, option->name, value->data);
        } else if (is_given) {
            add_value(planned, option->name, text_string(value));
        }
    }
    return 0;
}

void planned_free(struct planned *planned) {
    text_free(&planned->source);
    for (size_t i = 0; i < MAX_VALUES; i++) {
        text_free(&planned->texts[i]);
    }
}

struct migration_settings planned_settings(const struct planned *planned) {
    return (struct migration_settings){
        .as_of = planned->as_of, .values = planned->values, .value_count = planned->value_count};
}
