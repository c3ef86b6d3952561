/* Whether an answer repeats the document: what is proven, and what is left to be compared. What is
 * proven is held against the comparison that it stands for. */
#include "delivery/confirmation.h"

#include <stdlib.h>

#include "valdb/rules.h"
#include "valdb/valdb.h"
#include "valdb_records.h"

static const struct migration_kind *user_kind(void) {
    return &valdb_migration.kinds[KIND_VALIDATORS];
}

/* A block of its very size, so that a read beyond it is noticed. */
static struct span exact_copy(struct span text) {
    char *copy = malloc(text.length == 0 ? 1 : text.length);
    assert_non_null(copy);
    if (text.length > 0) {
        memcpy(copy, text.data, text.length);
    }
    return (struct span){copy, text.length};
}

static void release(struct span text) {
    free((char *)text.data);
}

static void count_difference(void *context, const char *field, struct span planned,
                             struct span found) {
    (void)field;
    (void)planned;
    (void)found;
    ++*(size_t *)context;
}

/* What would have been found without the proof. */
static void assert_compares_equal(const struct migration_kind *kind, struct span body,
                                  struct span answer) {
    size_t told = 0;
    struct difference_sink sink = {&told, count_difference};
    json_t *planned = json_loadb(body.data, body.length, JSON_ALLOW_NUL, NULL);
    json_t *record = json_loadb(answer.data, answer.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    assert_true(json_is_object(planned) && json_is_object(record));
    assert_true(kind->is_record_of(span_of("anna"), planned, record));
    assert_int_equal(kind->compare(planned, record, COMPARE_ANSWER, &sink), 0);
    assert_int_equal(told, 0);
    json_decref(planned);
    json_decref(record);
}

static bool proves(struct span body, struct span answer) {
    struct confirmation confirmation;
    struct span planned = exact_copy(body);
    struct span found = exact_copy(answer);
    bool proven = confirmation_prove(user_kind(), planned, found, &confirmation);
    if (proven) {
        assert_compares_equal(user_kind(), planned, found);
    }
    release(planned);
    release(found);
    return proven;
}

struct pair {
    const char *body;
    const char *answer;
};

static void expect_proof(const struct pair *pair, bool is_expected) {
    struct text body = quoted_text(span_of(pair->body));
    struct text answer = quoted_text(span_of(pair->answer));
    if (proves(text_span(&body), text_span(&answer)) != is_expected) {
        fail_msg("%s\n%s\nis%s proven", pair->body, pair->answer, is_expected ? " not" : "");
    }
    text_free(&body);
    text_free(&answer);
}

#define EXPECT_PROOFS(pairs, is_expected)                                                          \
    for (size_t i = 0; i < sizeof(pairs) / sizeof *(pairs); i++) {                                 \
        expect_proof(&(pairs)[i], is_expected);                                                    \
    }

#define BODY "{'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"
#define STAMPS "'id': '7', 'created_at': '2026-01-02 03:04:05', 'updated_at': '2026-01-02 03:04:05'"
#define NAMED "{'role':2,'email':'a@b.c','fullname':'Ren\xC3\xA9 / \\'R\\'','groups':[]}"

static void an_answer_that_repeats_the_document_is_proven(void **state) {
    static const struct pair pairs[] = {
        {BODY, "{" STAMPS ", 'role': 2, 'email': 'a@b.c', 'fullname': null, 'groups': ['X', 'Y']}"},
        {BODY, "{'groups':['X','Y'],'fullname':null,'email':'a@b.c','role':2,'id':'7'}"},
        {BODY, " \r\n{ 'id' :\t'7' , 'role' : 2 , 'email' : 'a@b.c' , 'fullname' : null ,\n"
               "'groups' : [ 'X' , 'Y' ] }\n"},
        {BODY,
         "{'role':2,'email':'\\u0061@b.c','fullname':null,'groups':['\\u0058','Y'],'id':'7'}"},
        {BODY, "{'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y'],'id':'','more':[{}]}"},
        {NAMED, "{'id':'7','role':2,'email':'a@b.c','fullname':'Ren\\u00e9 \\/ \\u0022R\\u0022',"
                "'groups':[]}"},
        {NAMED,
         "{'id':'7','role':2,'email':'a@b.c','fullname':'Ren\xC3\xA9 / \\'R\\'','groups':[]}"},
        {"{'role':2,'email':'a@b.c','fullname':'x','groups':[],'more':{'a':[1,{'b':'\xC3\xA9'}]}}",
         "{'id':'7','role':2,'email':'a@b.c','fullname':'x','groups':[],"
         "'more': {'a': [1, {'b': '\\u00e9'}]}}"},
    };
    (void)state;
    EXPECT_PROOFS(pairs, true);
}

/* The answer to BODY, with other values. */
#define ANSWER(role, email, fullname, groups)                                                      \
    "{" STAMPS ", 'role':" role ", 'email':" email ", 'fullname':" fullname ", 'groups':" groups "}"

static void an_answer_that_differs_is_not_proven(void **state) {
    static const struct pair pairs[] = {
        {BODY, ANSWER("3", "'a@b.c'", "null", "['X','Y']")},
        {BODY, ANSWER("'2'", "'a@b.c'", "null", "['X','Y']")},
        {BODY, ANSWER("2.0", "'a@b.c'", "null", "['X','Y']")},
        {BODY, ANSWER("2", "'A@b.c'", "null", "['X','Y']")},
        {BODY, ANSWER("2", "'a@b.c\\u0000'", "null", "['X','Y']")},
        {BODY, ANSWER("2", "null", "null", "['X','Y']")},
        {BODY, ANSWER("2", "'a@b.c'", "'Anna'", "['X','Y']")},
        {BODY, ANSWER("2", "'a@b.c'", "''", "['X','Y']")},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X']")},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X','Y','Z']")},
        {BODY, ANSWER("2", "'a@b.c'", "null", "'X'")},
        {BODY, "{" STAMPS ",'role':2,'email':'a@b.c','groups':['X','Y']}"},
        {BODY, "{" STAMPS ",'role':2,'email':'a@b.c','fullname':null}"},
        {BODY, "{" STAMPS ",'record':" BODY "}"},
    };
    (void)state;
    EXPECT_PROOFS(pairs, false);
}

/* Comparing would find some of these equal: that is for it to say. */
static void what_is_unusual_is_left_to_be_compared(void **state) {
    static const struct pair pairs[] = {
        {BODY, ANSWER("2", "'a@b.c'", "null", "['Y','X']")},
        {BODY, "{" STAMPS ",'\\u0072ole':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {BODY, "{" STAMPS ",'role':2,'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {BODY, "{" STAMPS ",'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y'],'role':3}"},
        {BODY, "{" STAMPS ",'a\\n':0,'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {"{'role':1,'role':2,'email':'a@b.c','fullname':null,'groups':[]}",
         ANSWER("2", "'a@b.c'", "null", "[]")},
    };
    (void)state;
    EXPECT_PROOFS(pairs, false);
}

static void what_is_no_object_to_its_end_is_not_proven(void **state) {
    static const struct pair pairs[] = {
        {BODY, ""},
        {BODY, "null"},
        {BODY, "[" ANSWER("2", "'a@b.c'", "null", "['X','Y']") "]"},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X','Y']") "x"},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X','Y']") "{}"},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X','Y'],'x':'\xC3'")},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X','Y'],'x':1e999")},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X','Y'],'x':1.")},
        {BODY, ANSWER("2", "'a@b.c'", "null", "['X','Y'],")},
        {"", ANSWER("2", "'a@b.c'", "null", "['X','Y']")},
        {BODY "]", ANSWER("2", "'a@b.c'", "null", "['X','Y']")},
        {"[]", "{'id':'7'}"},
    };
    (void)state;
    EXPECT_PROOFS(pairs, false);
}

static void no_part_of_an_answer_proves_anything(void **state) {
    (void)state;
    struct text body = quoted_text(span_of(BODY));
    struct text answer = quoted_text(span_of(ANSWER("2", "'a@b.c'", "null", "['X','Y']")));
    assert_true(proves(text_span(&body), text_span(&answer)));
    for (size_t length = 0; length < answer.length; length++) {
        assert_false(proves(text_span(&body), (struct span){answer.data, length}));
    }
    text_free(&body);
    text_free(&answer);
}

/* Comparing takes an absent member for null, and nothing but texts for a set. */
static void a_document_without_a_deciding_member_is_left_to_be_compared(void **state) {
    static const struct pair pairs[] = {
        {"{'role':2,'email':'a@b.c','groups':[]}", ANSWER("2", "'a@b.c'", "'Anna'", "[]")},
        {"{'email':'a@b.c','fullname':null,'groups':[]}", ANSWER("2", "'a@b.c'", "null", "[]")},
        {"{'role':2,'fullname':null,'groups':[]}", ANSWER("2", "'a@b.c'", "null", "[]")},
        {"{'role':2,'email':'a@b.c','fullname':null}", ANSWER("2", "'a@b.c'", "null", "[]")},
        {"{'role':2,'email':'a@b.c','fullname':null,'groups':null}",
         ANSWER("2", "'a@b.c'", "null", "null")},
        {"{'role':2,'email':'a@b.c','fullname':null,'groups':['X',1]}",
         ANSWER("2", "'a@b.c'", "null", "['X',1]")},
        {"{}", "{'id':'7'}"},
    };
    (void)state;
    EXPECT_PROOFS(pairs, false);
}

static void an_id_is_needed_and_has_to_be_plain(void **state) {
    static const struct pair pairs[] = {
        {BODY, "{'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {BODY, "{'id':7,'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {BODY, "{'id':null,'role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {BODY, "{'id':'\\u0037','role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {BODY, "{'id':'7\\u0000','role':2,'email':'a@b.c','fullname':null,'groups':['X','Y']}"},
        {BODY, "{'id':'7','created_at':'2026\\u002d','role':2,'email':'a@b.c','fullname':null,"
               "'groups':['X','Y']}"},
    };
    (void)state;
    EXPECT_PROOFS(pairs, false);
}

/* The text of the record's created_at, null for none. */
static void expect_record(const char *stamps, const char *id, const char *created) {
    struct text body = quoted_text(span_of(BODY));
    struct text json = {0};
    struct confirmation confirmation;
    text_append_format(&json, "{%s, 'role': 2, 'email': 'a@b.c', 'fullname': null,", stamps);
    text_append_string(&json, "'groups': ['X', 'Y']}");
    struct text answer = quoted_text(text_span(&json));
    assert_true(
        confirmation_prove(user_kind(), text_span(&body), text_span(&answer), &confirmation));
    assert_true(span_equal_string(confirmation.id, id));
    assert_true(span_equal(confirmation.created, span_of(created)));
    text_free(&json);
    text_free(&body);
    text_free(&answer);
}

static void the_id_and_the_date_are_handed_out(void **state) {
    (void)state;
    expect_record(STAMPS, "7", "2026-01-02 03:04:05");
    expect_record("'id': ''", "", NULL);
    expect_record("'created_at': null, 'id': '\xC3\xA9'", "\xC3\xA9", NULL);
    expect_record("'id': '7', 'created_at': 12", "7", NULL);
    expect_record("'created_at': '', 'id': '7'", "7", "");
}

static bool proves_with_members(int more) {
    struct text body = quoted_text(span_of(BODY));
    struct text json = {0};
    text_append_string(&json, "{'id':'7','role':2,'email':'a@b.c','fullname':null,"
                              "'groups':['X','Y']");
    for (int i = 5; i < more; i++) {
        text_append_format(&json, ",'m%d':0", i);
    }
    text_append_char(&json, '}');
    struct text answer = quoted_text(text_span(&json));
    bool proven = proves(text_span(&body), text_span(&answer));
    text_free(&json);
    text_free(&body);
    text_free(&answer);
    return proven;
}

static void the_number_of_members_is_bounded(void **state) {
    (void)state;
    assert_true(proves_with_members(CONFIRMATION_MOST_MEMBERS));
    assert_false(proves_with_members(CONFIRMATION_MOST_MEMBERS + 1));
    assert_false(proves_with_members(1000));
}

static void nothing_is_proven_of_a_kind_without_deciding_members(void **state) {
    (void)state;
    struct text body = quoted_text(span_of("{'name':'12_5_0'}"));
    struct text answer = quoted_text(span_of("{'id':'7','name':'12_5_0'}"));
    struct confirmation confirmation;
    assert_false(confirmation_prove(&valdb_migration.kinds[KIND_CAMPAIGNS], text_span(&body),
                                    text_span(&answer), &confirmation));
    text_free(&body);
    text_free(&answer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_repeats_the_document_is_proven),
        cmocka_unit_test(an_answer_that_differs_is_not_proven),
        cmocka_unit_test(what_is_unusual_is_left_to_be_compared),
        cmocka_unit_test(what_is_no_object_to_its_end_is_not_proven),
        cmocka_unit_test(no_part_of_an_answer_proves_anything),
        cmocka_unit_test(a_document_without_a_deciding_member_is_left_to_be_compared),
        cmocka_unit_test(an_id_is_needed_and_has_to_be_plain),
        cmocka_unit_test(the_id_and_the_date_are_handed_out),
        cmocka_unit_test(the_number_of_members_is_bounded),
        cmocka_unit_test(nothing_is_proven_of_a_kind_without_deciding_members),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
