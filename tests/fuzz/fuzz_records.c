/* Records of the target, found and compared in whatever JSON it answers. */
#include <jansson.h>

#include "base/json_writer.h"
#include "fuzz.h"
#include "valdb/campaign_record.h"
#include "valdb/user_record.h"

static const char user[] = "{\"email\":\"ada@example.org\",\"role\":2,\"fullname\":\"Ada Byron\","
                           "\"groups\":[\"Reconstruction.Data.Tracking\",\"HLT.Data.Tau\"]}";
static const char unnamed[] = "{\"email\":\"ada@example.org\",\"role\":3,\"fullname\":null,"
                              "\"groups\":[]}";
static const char campaign[] =
    "{\"name\":\"12_5_0_pre2\",\"description\":\"A\",\"target_release\":\"12_5_0_pre2\","
    "\"relmon\":null,\"is_open\":false,\"reference_release\":null,\"deadline\":\"2022-07-01\","
    "\"subcategories\":[\"Reconstruction.Data\",\"HLT.Data\"],\"reports\":["
    "{\"group\":\"Reconstruction.Data.Tracking\",\"campaign_name\":\"12_5_0_pre2\",\"status\":1,"
    "\"content\":\"**Comments:** good\",\"authors\":[\"ada@example.org\"]},"
    "{\"group\":\"HLT.Data.Tau\",\"campaign_name\":\"12_5_0_pre2\",\"status\":4,"
    "\"content\":\"**Comments:** bad\",\"authors\":[]}]}";

struct kind {
    const char *body;
    const char *key;
    bool (*is_record_of)(struct span key, const json_t *body, const json_t *record);
    enum lookup_result (*find_record)(const json_t *answer, struct span key, const json_t *body,
                                      const json_t **record);
    size_t (*compare)(const json_t *body, const json_t *record, enum comparison comparison,
                      const struct difference_sink *differences);
    const char *set; /* the field whose order does not count */
};

static const struct kind kinds[] = {
    {user, "ada", user_is_record_of, user_find_record, user_compare, "groups"},
    {unnamed, "ada", user_is_record_of, user_find_record, user_compare, "groups"},
    {campaign, "12_5_0_pre2", campaign_is_record_of, campaign_find_record, campaign_compare,
     "subcategories"},
};

static void count_difference(void *context, const char *field, struct span planned,
                             struct span found) {
    CHECK(json_is_utf8(span_of(field)) && json_is_utf8(planned) && json_is_utf8(found));
    ++*(size_t *)context;
}

static size_t compare(const struct kind *kind, const json_t *body, const json_t *record,
                      enum comparison comparison) {
    size_t told = 0;
    struct difference_sink sink = {.context = &told, .add = count_difference};
    size_t count = kind->compare(body, record, comparison, &sink);

    CHECK(count == told);
    return count;
}

static bool has_element(const json_t *array, const json_t *element) {
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (json_equal(json_array_get(array, i), element)) {
            return true;
        }
    }
    return false;
}

/* Nothing that differs is called equal. */
static void check_equality(const struct kind *kind, const json_t *body, const json_t *record) {
    const json_t *planned = json_object_get(body, kind->set);
    const json_t *found = json_object_get(record, kind->set);
    size_t differences = compare(kind, body, record, COMPARE_ANSWER);

    CHECK(compare(kind, body, record, COMPARE_READ_BACK) <= differences);
    if (differences > 0) {
        return;
    }
    CHECK(kind->is_record_of(span_of(kind->key), body, record));
    CHECK(json_array_size(found) == json_array_size(planned));
    for (size_t i = 0; i < json_array_size(planned); i++) {
        CHECK(has_element(found, json_array_get(planned, i)));
        CHECK(has_element(planned, json_array_get(found, i)));
    }
}

static void check_kind(const struct kind *kind, const json_t *answer) {
    json_t *body = json_loads(kind->body, 0, NULL);
    const json_t *record = NULL;
    struct span key = span_of(kind->key);

    CHECK(body != NULL && compare(kind, body, body, COMPARE_ANSWER) == 0);
    enum lookup_result result = kind->find_record(answer, key, body, &record);
    CHECK((result == LOOKUP_FOUND) == (record != NULL));
    CHECK(record == NULL || kind->is_record_of(key, body, record));
    check_equality(kind, body, answer);
    if (record != NULL) {
        check_equality(kind, body, record);
    }
    json_decref(body);
}

static void check_parts(const json_t *answer) {
    json_t *body = json_loads(campaign, 0, NULL);
    size_t told = 0;
    size_t count = 0;
    struct difference_sink sink = {.context = &told, .add = count_difference};

    for (size_t i = 0; i < campaign_count_parts(body); i++) {
        count += campaign_compare_part(body, i, answer, &sink);
    }
    CHECK(count == told && count > 0); /* one answer is not two reports */
    campaign_means_exists(answer);
    json_decref(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *answer = json_loadb((const char *)data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

    if (answer != NULL) {
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            check_kind(&kinds[i], answer);
        }
        check_parts(answer);
        json_decref(answer);
    }
    return 0;
}
