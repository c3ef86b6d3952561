#include "report/indented_json.h"

#include <jansson.h>
#include <stdlib.h>

void json_append_indented(struct text *out, struct span json) {
    json_t *parsed = json_loadb(json.data, json.length, JSON_ALLOW_NUL, NULL);
    char *indented = json_dumps(parsed, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    text_append(out, indented == NULL ? json : span_of(indented));
    free(indented);
    json_decref(parsed);
}
