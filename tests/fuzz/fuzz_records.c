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
    struct migration_kind functions;
    const char *set; /* the field whose order does not count */
};

#define USER                                                                                       \
    { .find_matches = user_find_matches, .compare = user_compare }

static const struct kind kinds[] = {
    {user, "ada", USER, "groups"},
    {unnamed, "ada", USER, "groups"},
    {campaign,
     "12_5_0_pre2",
     {.find_matches = campaign_find_matches, .compare = campaign_compare},
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
    struct kind_document document = {.key = span_of(kind->key), .body = body};
    size_t count = kind->functions.compare(&kind->functions, &document, record, comparison, &sink);

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

/* Whether the record is the one that the document is about. */
static bool is_record_of(const struct kind *kind, const json_t *body, const json_t *record) {
    struct kind_document document = {.key = span_of(kind->key), .body = body};
    struct kind_answer answer = {.to = KIND_CREATE, .status = 200, .json = record};
    struct kind_matches matches = {0};

    kind->functions.find_matches(&kind->functions, &document, &answer, &matches);
    size_t count = matches.count;
    kind_matches_free(&matches);
    return count == 1;
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
    CHECK(is_record_of(kind, body, record));
    CHECK(json_array_size(found) == json_array_size(planned));
    for (size_t i = 0; i < json_array_size(planned); i++) {
        CHECK(has_element(found, json_array_get(planned, i)));
        CHECK(has_element(planned, json_array_get(found, i)));
    }
}

static void check_kind(const struct kind *kind, const json_t *json) {
    json_t *body = json_loads(kind->body, 0, NULL);
    struct kind_document document = {.key = span_of(kind->key), .body = body};
    struct kind_answer answer = {.to = KIND_FIND, .status = 200, .json = json};
    struct kind_matches matches = {0};

    CHECK(body != NULL && compare(kind, body, body, COMPARE_ANSWER) == 0);
    bool is_read = kind->functions.find_matches(&kind->functions, &document, &answer, &matches);
    CHECK(is_read || matches.count == 0);
    CHECK((matches.count > 0) == (matches.record != NULL));
    check_equality(kind, body, json);
    if (matches.record != NULL) {
        CHECK(is_record_of(kind, body, matches.record));
        check_equality(kind, body, matches.record);
    }
    kind_matches_free(&matches);
    json_decref(body);
}

static void check_parts(const json_t *json) {
    json_t *body = json_loads(campaign, 0, NULL);
    json_t *answers = json_array();
    size_t told = 0;
    size_t count = 0;
    struct difference_sink sink = {.context = &told, .add = count_difference};
    struct kind_document document = {.body = body};
    struct kind_answer answer = {.to = KIND_CREATE, .status = 400, .json = json};

    for (size_t i = 0; i < campaign_count_parts(NULL, &document, DEPTH_PARTS); i++) {
        json_array_append(answers, (json_t *)json);
        count += campaign_compare_part(NULL, &document, i, answers, &sink);
    }
    CHECK(count == told && count > 0); /* one answer is not two reports */
    campaign_read_answer(NULL, &document, &answer);
    json_decref(answers);
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
