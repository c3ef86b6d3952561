/* What was read back, held against the document of a migration file. */
#include "sqlfile_kind_fixture.h"

static void add(void *context, const char *field, struct span planned, struct span found) {
    struct text *text = context;
    text_append_format(text, "%s: ", field);
    text_append(text, span_is_null(planned) ? span_of("(null)") : planned);
    text_append_string(text, " / ");
    text_append(text, span_is_null(found) ? span_of("(null)") : found);
    text_append_char(text, '\n');
}

/* Compares after the last of the answers has been read; `parts` are those of a kind. */
static void check(const char *parts, const char *body, const char *expect, const char *answers,
                  const char *differences) {
    const struct migration_kind *kind = kind_of(parts);
    json_t *planned = json_of(body);
    json_t *beside = json_of(expect);
    json_t *read = json_of(answers);
    struct text text = {0};
    const struct kind_document document = {.key = span_of("17"),
                                           .body = planned,
                                           .expect = beside,
                                           .id = {.text = span_of("7"), .is_number = true}};
    const struct difference_sink sink = {.context = &text, .add = add};
    size_t count = kind->count_parts(kind, &document, DEPTH_RECORD);
    size_t found = kind->compare_part(kind, &document, count - 1, read, &sink);
    assert_string_equal(text_string(&text), differences);
    assert_int_equal(found == 0, *differences == '\0');
    text_free(&text);
    json_decref(planned);
    json_decref(beside);
    json_decref(read);
    close_kind(NULL);
}

static const char one_read[] = "--@ read GET /users/{id}\n";

static void members_are_compared_one_by_one(void **state) {
    (void)state;
    check(one_read, "{\"a\":1,\"b\":\"x\",\"c\":{\"d\":true}}", NULL,
          "[{\"a\":1,\"b\":\"x\",\"c\":{\"d\":true},\"more\":3}]", "");
    check(one_read, "{\"a\":1,\"b\":\"x\",\"c\":{\"d\":true,\"e\":[1]}}", NULL,
          "[{\"a\":2,\"c\":{\"d\":1,\"e\":{}}}]",
          "a: 1 / 2\nb: x / (null)\nc.d: true / 1\nc.e: [1] / {}\n");
}

static void numbers_are_numbers_and_texts_are_texts(void **state) {
    (void)state;
    check(one_read, "{\"a\":1,\"b\":1.5}", NULL, "[{\"a\":1.0,\"b\":1.5}]", "");
    check(one_read, "{\"a\":1,\"b\":9007199254740993}", NULL,
          "[{\"a\":\"1\",\"b\":9007199254740992}]",
          "a: 1 / 1\nb: 9007199254740993 / 9007199254740992\n");
}

static void a_planned_null_may_be_left_out(void **state) {
    (void)state;
    check(one_read, "{\"a\":null,\"b\":null}", NULL, "[{\"b\":3}]", "b: (null) / 3\n");
}

static void arrays_are_compared_item_by_item(void **state) {
    (void)state;
    check(one_read, "{\"f\":[{\"id\":1,\"v\":\"a\"},{\"id\":2,\"v\":\"b\"}],\"g\":[1,2]}", NULL,
          "[{\"f\":[{\"id\":1,\"v\":\"a\",\"x\":0},{\"id\":2,\"v\":\"c\"}],\"g\":[1,2,3]}]",
          "f[1].v: b / c\ng: [1,2] / [1,2,3]\n");
}

static void unordered_arrays_are_equal_in_any_order(void **state) {
    (void)state;
    static const char parts[] = "--@ read GET /users/{id}\n--@ unordered user.roles\n";
    check(parts, "{\"user\":{\"roles\":[1,2,2]}}", NULL, "[{\"user\":{\"roles\":[2,1,2]}}]", "");
    check(parts, "{\"user\":{\"roles\":[1,2,2]}}", NULL, "[{\"user\":{\"roles\":[1,1,2]}}]",
          "user.roles: [1,2,2] / [1,1,2]\n");
    check(parts, "{\"user\":{\"roles\":[1,2]}}", NULL, "[{\"user\":{\"roles\":[1]}}]",
          "user.roles: [1,2] / [1]\n");
}

static void an_item_that_fits_several_leaves_the_other_its_only_partner(void **state) {
    (void)state;
    static const char parts[] = "--@ read GET /a\n--@ unordered f\n";
    check(parts, "{\"f\":[{\"a\":1},{\"a\":1,\"b\":2}]}", NULL,
          "[{\"f\":[{\"a\":1,\"b\":2},{\"a\":1}]}]", "");
    check(parts, "{\"f\":[{\"a\":1},{\"b\":2},{\"a\":1,\"c\":3}]}", NULL,
          "[{\"f\":[{\"a\":1,\"c\":3},{\"a\":1,\"b\":2},{\"a\":1}]}]", "");
    check(parts, "{\"f\":[{\"a\":1},{\"a\":1,\"b\":2}]}", NULL,
          "[{\"f\":[{\"a\":1,\"c\":3},{\"a\":1}]}]",
          "f: [{\"a\":1},{\"a\":1,\"b\":2}] / [{\"a\":1,\"c\":3},{\"a\":1}]\n");
}

/* ---- against every order there is ---- */

enum { ITEMS_MOST = 5, MEMBERS = 3 };

struct unordered_case {
    int count;
    int planned[ITEMS_MOST][MEMBERS]; /* 0: the member is left out */
    int found[ITEMS_MOST][MEMBERS];
};

static void append_items(int (*items)[MEMBERS], int count, struct text *out) {
    for (int i = 0; i < count; i++) {
        const char *separator = "";
        text_append_string(out, i == 0 ? "{" : ",{");
        for (int m = 0; m < MEMBERS; m++) {
            if (items[i][m] > 0) {
                text_append_format(out, "%s\"%c\":%d", separator, 'a' + m, items[i][m]);
                separator = ",";
            }
        }
        text_append_char(out, '}');
    }
}

static bool fits(const int planned[MEMBERS], const int found[MEMBERS]) {
    for (int m = 0; m < MEMBERS; m++) {
        if (planned[m] > 0 && planned[m] != found[m]) {
            return false;
        }
    }
    return true;
}

/* Whether the items from `first` on have partners, by trying each. */
static bool has_order(const struct unordered_case *of, int first, unsigned taken) {
    for (int k = 0; k < of->count && first < of->count; k++) {
        if ((taken & (1u << k)) == 0 && fits(of->planned[first], of->found[k]) &&
            has_order(of, first + 1, taken | (1u << k))) {
            return true;
        }
    }
    return first == of->count;
}

static unsigned draw(uint64_t *seed, unsigned below) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*seed >> 33) % below;
}

static void unordered_arrays_are_equal_where_any_order_makes_them_equal(void **state) {
    (void)state;
    uint64_t seed = 17;
    int equal = 0;
    for (int n = 0; n < 400; n++) {
        struct unordered_case drawn = {.count = 2 + (int)draw(&seed, ITEMS_MOST - 1)};
        struct text body = {0};
        struct text answer = {0};
        struct text differences = {0};
        for (int i = 0; i < drawn.count * MEMBERS; i++) {
            drawn.planned[i / MEMBERS][i % MEMBERS] = (int)draw(&seed, 3) % 2;
            drawn.found[i / MEMBERS][i % MEMBERS] = draw(&seed, 3) > 0;
        }
        text_append_string(&body, "{\"f\":[");
        append_items(drawn.planned, drawn.count, &body);
        text_append_string(&body, "]}");
        text_append_string(&answer, "[{\"f\":[");
        append_items(drawn.found, drawn.count, &answer);
        text_append_string(&answer, "]}]");
        if (has_order(&drawn, 0, 0)) {
            equal++;
        } else {
            text_append_string(&differences, "f: ");
            text_append(&differences, (struct span){body.data + 5, body.length - 6});
            text_append_string(&differences, " / ");
            text_append(&differences, (struct span){answer.data + 6, answer.length - 8});
            text_append_char(&differences, '\n');
        }
        check("--@ read GET /a\n--@ unordered f\n", text_string(&body), NULL, text_string(&answer),
              text_string(&differences));
        text_free(&body);
        text_free(&answer);
        text_free(&differences);
    }
    assert_in_range(equal, 100, 300);
}

/* A thousand items are paired by any way there is, more by the first that fits. */
static void check_large(int count, const char *differences) {
    struct text body = {0};
    struct text answer = {0};
    text_append_string(&body, "{\"f\":[{\"a\":1}");
    text_append_string(&answer, "[{\"f\":[{\"a\":1,\"b\":2}");
    for (int i = 2; i < count; i++) {
        text_append_format(&body, ",{\"a\":%d}", i);
        text_append_format(&answer, ",{\"a\":%d}", i);
    }
    text_append_string(&body, ",{\"a\":1,\"b\":2}]}");
    text_append_string(&answer, ",{\"a\":1}]}]");
    const struct migration_kind *kind = kind_of("--@ read GET /a\n--@ unordered f\n");
    json_t *planned = json_of(text_string(&body));
    json_t *read = json_of(text_string(&answer));
    struct text found = {0};
    const struct kind_document document = {.key = span_of("17"), .body = planned};
    const struct difference_sink sink = {.context = &found, .add = add};
    kind->compare_part(kind, &document, 0, read, &sink);
    assert_memory_equal(text_string(&found), differences,
                        strlen(differences) + 1 - (*differences != 0));
    text_free(&body);
    text_free(&answer);
    text_free(&found);
    json_decref(planned);
    json_decref(read);
    close_kind(NULL);
}

static void more_than_a_thousand_items_are_paired_by_the_first_that_fits(void **state) {
    (void)state;
    check_large(1000, "");
    check_large(1001, "f: [{");
}

static void a_value_with_a_secret_in_it_is_not_shown_as_the_target_has_it(void **state) {
    (void)state;
    check("--@ read GET /a\n--@ unordered k\n",
          "{\"k\":[\"a\",{\"$secret\":true}],\"l\":[{\"$secret\":true}]}", NULL,
          "[{\"k\":[\"b\",\"word\"],\"l\":[\"word\",1]}]",
          "k: [\"a\",{\"$secret\":true}] / it differs, and is not shown as it may have the secret\n"
          "l: [{\"$secret\":true}] / it differs, and is not shown as it may have the secret\n");
}

static void a_secret_fits_any_item(void **state) {
    (void)state;
    check("--@ read GET /a\n--@ unordered k\n",
          "{\"k\":[{\"$secret\":true},\"a\"],\"l\":[1,{\"$secret\":true}]}", NULL,
          "[{\"k\":[\"a\",\"word\"],\"l\":[1,\"word\"]}]", "");
}

static void what_the_api_never_shows_is_passed(void **state) {
    (void)state;
    check("--@ read GET /u\n--@ ignore user.mail, list.secret\n--@ secret key\n",
          "{\"user\":{\"mail\":1,\"name\":2},\"list\":[{\"secret\":1,\"n\":1}],\"key\":\"k\","
          "\"password\":{\"$secret\":true}}",
          NULL, "[{\"user\":{\"name\":3},\"list\":[{\"n\":2}]}]",
          "user.name: 2 / 3\nlist[0].n: 1 / 2\n");
}

static void what_else_is_expected_is_compared_too(void **state) {
    (void)state;
    check(one_read, "{\"issue\":{\"title\":\"t\",\"state\":\"new\"}}",
          "{\"issue\":{\"author\":4,\"state\":\"old\"}}",
          "[{\"issue\":{\"title\":\"t\",\"author\":5,\"state\":\"new\"}}]",
          "issue.state: old / new\nissue.author: 4 / 5\n");
}

static void answers_are_brought_into_the_shape_of_the_body(void **state) {
    (void)state;
    static const char parts[] = "--@ read GET /users/{id}\n--@ read GET /users/{id}/text\n"
                                "--@ actual json_object('name', :answer ->> '$.items[0].name', "
                                "'text', :answer2 ->> '$.t',\n"
                                "--@ +  'on', :answer -> '$.on', 'id', :id, 'key', :key)\n";
    check(parts, "{\"name\":\"Ann\",\"text\":\"long\",\"on\":true,\"id\":7,\"key\":\"17\"}", NULL,
          "[{\"items\":[{\"name\":\"Ann\"}],\"on\":true},{\"t\":\"long\"}]", "");
    check(parts, "{\"text\":\"long\"}", NULL, "[{},{\"t\":\"lon\"}]", "text: long / lon\n");
}

static void what_cannot_be_read_back_is_a_difference(void **state) {
    (void)state;
    static const char parts[] = "--@ read GET /a/{id}\n--@ read GET /b/{id}\n--@ actual :answer\n";
    check(parts, "{}", NULL, "[{},null]", "/b/{id}: as planned / it cannot be read back\n");
    check("--@ read GET /a\n--@ actual (SELECT value FROM json_each(:answer) WHERE key = 9)\n",
          "{\"a\":1}", NULL, "[[1]]",
          "whole record: as planned / what was read back is not what --@ actual expects\n");
    check("--@ read GET /a\n--@ actual json(:answer ->> '$.a')\n", "{\"a\":1}", NULL,
          "[{\"a\":\"no\"}]", "whole record: as planned / malformed JSON\n");
}

static void nothing_is_compared_before_the_last_part(void **state) {
    (void)state;
    const struct migration_kind *kind =
        kind_of("--@ read GET /a\n--@ read GET /b\n--@ actual :answer\n");
    json_t *body = json_of("{\"a\":1}");
    json_t *answers = json_of("[{\"a\":2}]");
    struct text text = {0};
    const struct kind_document document = {.key = span_of("17"), .body = body};
    const struct difference_sink sink = {.context = &text, .add = add};
    assert_int_equal(kind->compare_part(kind, &document, 0, answers, &sink), 0);
    assert_int_equal(text.length, 0);
    json_decref(body);
    json_decref(answers);
}

/* `find` shows the record itself. */
static size_t compare_found(const char *parts, enum comparison comparison) {
    const struct migration_kind *kind = kind_of(parts);
    json_t *body = json_of("{\"a\":1}");
    json_t *record = json_of("{\"data\":{\"a\":2}}");
    struct text text = {0};
    const struct kind_document document = {.key = span_of("17"), .body = body};
    const struct difference_sink sink = {.context = &text, .add = add};
    size_t found = 0;
    if (kind->compare != NULL) {
        found = kind->compare(kind, &document, record, comparison, &sink);
    }
    text_free(&text);
    json_decref(body);
    json_decref(record);
    close_kind(NULL);
    return found;
}

static void a_kind_without_read_is_compared_by_what_find_shows(void **state) {
    (void)state;
    assert_int_equal(compare_found("--@ actual :answer -> '$.data'\n", COMPARE_READ_BACK), 1);
    assert_int_equal(compare_found("--@ actual :answer -> '$.data'\n", COMPARE_ANSWER), 0);
    assert_int_equal(compare_found("", COMPARE_READ_BACK), 0);
    assert_int_equal(
        compare_found("--@ read GET /a\n--@ actual :answer -> '$.data'\n", COMPARE_READ_BACK), 0);
}

static void a_kind_is_compared_by_its_actual_or_its_read(void **state) {
    (void)state;
    static const struct {
        const char *parts;
        bool is_compared;
    } cases[] = {{"", false},
                 {"--@ unordered f\n--@ ignore a\n", false},
                 {"--@ actual :answer\n", true},
                 {"--@ read GET /a\n", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(kind_is_compared(kind_of(cases[i].parts)), cases[i].is_compared);
        close_kind(NULL);
    }
}

static void secret_members_of_an_answer_are_masked(void **state) {
    (void)state;
    const struct migration_kind *kind = kind_of("--@ secret user.api_key, keys.word\n");
    json_t *answer =
        json_of("{\"user\":{\"api_key\":\"k\",\"n\":1},\"keys\":[{\"word\":\"a\"},{}]}");
    json_t *masked = json_of("{\"user\":{\"api_key\":\"***\",\"n\":1},"
                             "\"keys\":[{\"word\":\"***\"},{}]}");
    kind->mask(kind, answer);
    assert_true(json_equal(answer, masked));
    json_decref(answer);
    json_decref(masked);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_compared_one_by_one),
        cmocka_unit_test(numbers_are_numbers_and_texts_are_texts),
        cmocka_unit_test(a_planned_null_may_be_left_out),
        cmocka_unit_test(arrays_are_compared_item_by_item),
        cmocka_unit_test(unordered_arrays_are_equal_in_any_order),
        cmocka_unit_test(an_item_that_fits_several_leaves_the_other_its_only_partner),
        cmocka_unit_test(unordered_arrays_are_equal_where_any_order_makes_them_equal),
        cmocka_unit_test(more_than_a_thousand_items_are_paired_by_the_first_that_fits),
        cmocka_unit_test(a_value_with_a_secret_in_it_is_not_shown_as_the_target_has_it),
        cmocka_unit_test(a_secret_fits_any_item),
        cmocka_unit_test(what_the_api_never_shows_is_passed),
        cmocka_unit_test(what_else_is_expected_is_compared_too),
        cmocka_unit_test(answers_are_brought_into_the_shape_of_the_body),
        cmocka_unit_test(what_cannot_be_read_back_is_a_difference),
        kind_test(nothing_is_compared_before_the_last_part),
        cmocka_unit_test(a_kind_without_read_is_compared_by_what_find_shows),
        cmocka_unit_test(a_kind_is_compared_by_its_actual_or_its_read),
        kind_test(secret_members_of_an_answer_are_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
