/* What a body is: JSON, with markers of records that have no id yet. */
#include <jansson.h>
#include <string.h>

#include "migration/sqlfile/plan_private.h"

struct inspection {
    int (*refer)(void *context, const char *kind, const char *key, struct error *error);
    void *context;
    size_t *texts;
    struct text *found;
    struct error *error;
};

/* `{"$new":["people","4"]}` */
static bool read_reference(const json_t *value, const char **kind, const char **key) {
    const json_t *names = json_object_get(value, "$new");
    *kind = json_string_value(json_array_get(names, 0));
    *key = json_string_value(json_array_get(names, 1));
    return json_object_size(value) == 1 && *kind != NULL && *key != NULL;
}

/* An object or an array that was meant to be one, and went through a table. */
static void inspect_text(const struct inspection *inspection, const char *name,
                         const json_t *value) {
    const char *text = json_string_value(value);
    if (*text != '{' && *text != '[') {
        return;
    }
    json_t *inside = json_loads(text, JSON_DECODE_INT_AS_REAL, NULL);
    if (inside != NULL && ++*inspection->texts == 1) {
        text_append_string(inspection->found, name);
    }
    json_decref(inside);
}

/* Deeper than any API goes; jansson stops at 2048 itself. */
enum { DEPTH_MOST = 200 };

static int inspect(const struct inspection *inspection, const char *name, json_t *value,
                   int depth) {
    const char *kind;
    const char *key;
    const char *member;
    json_t *item;
    size_t index;
    int rc = 0;
    if (json_is_string(value)) {
        inspect_text(inspection, name, value);
    } else if (depth == DEPTH_MOST) {
        return 0;
    } else if (json_is_object(value) && read_reference(value, &kind, &key)) {
        return inspection->refer(inspection->context, kind, key, inspection->error);
    } else if (json_is_object(value)) {
        json_object_foreach(value, member, item) {
            rc = rc == 0 ? inspect(inspection, member, item, depth + 1) : rc;
        }
    } else if (json_is_array(value)) {
        json_array_foreach(value, index, item) {
            rc = rc == 0 ? inspect(inspection, name, item, depth + 1) : rc;
        }
    }
    return rc;
}

int body_inspect(struct span body,
                 int (*refer)(void *context, const char *kind, const char *key,
                              struct error *error),
                 void *context, size_t *texts, struct text *found, struct text *reason,
                 struct error *error) {
    json_error_t wrong;
    const struct inspection inspection = {
        .refer = refer, .context = context, .texts = texts, .found = found, .error = error};
    json_t *json = json_loadb(body.data, body.length,
                              JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &wrong);
    *texts = 0;
    if (json == NULL) {
        text_append_format(reason, "%s, at character %d", wrong.text, wrong.position);
        return -1;
    }
    int rc = inspect(&inspection, "the body", json, 0);
    json_decref(json);
    return rc;
}
