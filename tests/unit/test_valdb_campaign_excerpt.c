#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "valdb/campaign_record.h"

static const char body[] = "{\"name\":\"12_5_0\",\"description\":\"All.\",\"reports\":["
                           "{\"group\":\"HLT.Data.MET\",\"content\":\"One.\"},"
                           "{\"group\":\"Reconstruction.Data.Tracker\",\"content\":\"Two.\"},"
                           "{\"group\":\"HIN.Data.Jet\",\"content\":\"Three.\"}]}";

/* What a row with these words has made of the campaign: JSON, or NULL for the whole of it. */
static void assert_picked(const char *category, const char *kind, const char *expected) {
    json_t *whole = json_loads(body, 0, NULL);
    json_t *before = json_deep_copy(whole);
    json_t *row = json_pack("{s:s, s:s, s:s}", "CATEGORY", category, "SUBCATEGORY", "Data",
                            "STATUS_KIND", kind);
    json_t *picked = campaign_pick_for_row(whole, row);
    char *found = picked == NULL ? NULL : json_dumps(picked, JSON_COMPACT);
    if (expected == NULL) {
        assert_null(found);
    } else {
        assert_string_equal(found, expected);
    }
    assert_true(json_equal(whole, before));
    free(found);
    json_decref(picked);
    json_decref(row);
    json_decref(before);
    json_decref(whole);
}

static void a_row_has_made_its_report(void **state) {
    (void)state;
    assert_picked("HLT", "MET",
                  "{\"name\":\"12_5_0\",\"reports\":[{\"group\":\"HLT.Data.MET\","
                  "\"content\":\"One.\"}]}");
}

static void words_are_found_as_the_rules_find_them(void **state) {
    (void)state;
    assert_picked("Reconstruction", "TK",
                  "{\"name\":\"12_5_0\",\"reports\":[{\"group\":\"Reconstruction.Data.Tracker\","
                  "\"content\":\"Two.\"}]}");
    assert_picked("IN", " jet ",
                  "{\"name\":\"12_5_0\",\"reports\":[{\"group\":\"HIN.Data.Jet\","
                  "\"content\":\"Three.\"}]}");
}

static void a_summary_has_made_the_description(void **state) {
    (void)state;
    assert_picked("HLT", "SUMMARY",
                  "{\"name\":\"12_5_0\",\"description\":\"All.\",\"reports\":[]}");
}

static void where_the_report_is_not_found_the_campaign_is_shown_whole(void **state) {
    (void)state;
    assert_picked("HLT", "TAU", NULL);
    assert_picked("HLT", "no group", NULL);
    assert_picked("nothing", "MET", NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_made_its_report),
        cmocka_unit_test(words_are_found_as_the_rules_find_them),
        cmocka_unit_test(a_summary_has_made_the_description),
        cmocka_unit_test(where_the_report_is_not_found_the_campaign_is_shown_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
