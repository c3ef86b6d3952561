/* What is proven without a tree, held against trees. The input's first line is a document's body,
 * the rest is the answer to its post. */
#include <jansson.h>
#include <stdlib.h>

#include "base/json_scan.h"
#include "delivery/confirmation.h"
#include "fuzz.h"
#include "valdb/rules.h"
#include "valdb/valdb.h"

static json_t *load(struct span text) {
    return json_loadb(text.data, text.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

/* What the scanner takes is JSON. */
static void check_scan(struct span text) {
    if (json_scan_is_object(text)) {
        json_t *json = load(text);
        CHECK(json_is_object(json));
        json_decref(json);
    }
}

/* Items beside each other that the scanner calls equal are equal. */
static void check_items(struct span text) {
    struct json_walk walk;
    struct span last = {0};
    struct span item;
    if (!json_walk_begin_array(&walk, text)) {
        return;
    }
    while (json_walk_next_item(&walk, &item) == JSON_STEP_VALUE) {
        json_t *right = load(item);
        CHECK(right != NULL && json_scan_equal(item, item));
        if (!span_is_null(last)) {
            json_t *left = load(last);
            CHECK(json_scan_equal(last, item) == json_scan_equal(item, last));
            CHECK(!json_scan_equal(last, item) || json_equal(left, right));
            json_decref(left);
        }
        json_decref(right);
        last = item;
    }
}

static void count_difference(void *context, const char *field, struct span planned,
                             struct span found) {
    (void)field;
    (void)planned;
    (void)found;
    ++*(size_t *)context;
}

static void check_text(const json_t *record, const char *field, struct span text) {
    const json_t *value = json_object_get(record, field);
    struct span expected = {json_string_value(value), json_string_length(value)};
    CHECK(span_equal(text, expected));
}

static void check_pair(struct span body, struct span answer) {
    const struct migration_kind *kind = &valdb_migration.kinds[KIND_VALIDATORS];
    struct confirmation confirmation;
    size_t told = 0;
    struct difference_sink sink = {&told, count_difference};
    const char *name;
    json_t *value;
    if (!confirmation_prove(kind, body, answer, &confirmation)) {
        return;
    }
    json_t *planned = json_loadb(body.data, body.length, JSON_ALLOW_NUL, NULL);
    json_t *record = load(answer);
    CHECK(json_is_object(planned) && json_is_object(record));
    CHECK(kind->is_record_of(span_of("ada"), planned, record));
    CHECK(kind->compare(planned, record, COMPARE_ANSWER, &sink) == 0 && told == 0);
    json_object_foreach(planned, name, value) {
        CHECK(json_equal(value, json_object_get(record, name)));
    }
    check_text(record, kind->id_field, confirmation.id);
    check_text(record, kind->created_field, confirmation.created);
    CHECK(!span_is_null(confirmation.id));
    json_decref(planned);
    json_decref(record);
}

/* The body as a server might write it again, in one of several styles. */
static void check_repetition(struct span body, size_t style) {
    static const size_t styles[] = {JSON_COMPACT, 0, JSON_ENSURE_ASCII,
                                    JSON_ENSURE_ASCII | JSON_ESCAPE_SLASH,
                                    JSON_INDENT(2) | JSON_SORT_KEYS};
    json_t *record = json_loadb(body.data, body.length, JSON_ALLOW_NUL, NULL);
    if (json_is_object(record)) {
        json_object_set_new(record, "id", json_string("7"));
        char *answer = json_dumps(record, styles[style % (sizeof styles / sizeof *styles)]);
        check_pair(body, span_of(answer));
        free(answer);
    }
    json_decref(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span answer = fuzz_span(data, size);
    struct span body = fuzz_take(&answer, '\n');
    check_scan(body);
    check_scan(answer);
    check_items(answer);
    check_pair(body, answer);
    check_repetition(body, answer.length);
    return 0;
}
