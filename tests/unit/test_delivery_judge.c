/* What an answer to a post is judged to be; and that it is judged the same whether the record was
 * proven to be the document or compared with it. */
#include "delivery/judge.h"

#include "valdb/rules.h"
#include "valdb/valdb.h"
#include "valdb_records.h"

#define BODY "{'role':2,'email':'a@b.c','fullname':null,'groups':['X']}"
#define REPEATED "'role':2,'email':'a@b.c','fullname':null,'groups':['X']"
#define MADE "'id':'7','created_at':'2026-01-02 03:04:05'"

/* An unusual member, so that the record is compared instead. */
#define COMPARED "'\\u0061':0,"

struct post {
    int status;
    const char *content_type;
    const char *answer;
    bool may_have_arrived;
    enum judgement judgement;
    const char *message;
    const char *target_id;
};

static struct task *make_task(enum valdb_kind kind, enum task_step step, const char *body) {
    struct error error = {0};
    struct text json = quoted_text(span_of(body));
    const struct selected_document document = {
        .id = 1, .key = span_of("anna"), .body = text_span(&json)};
    struct task *task = task_create(&valdb_migration.kinds[kind], step, &document, &error);
    assert_non_null(task);
    text_free(&json);
    return task;
}

static void end_exchange(struct task *task, const struct post *post) {
    struct exchange *exchange = &task->exchange;
    struct text answer = quoted_text(span_of(post->answer));
    exchange->end = EXCHANGE_ANSWERED;
    exchange->status = post->status;
    exchange->is_json = strcmp(post->content_type, "application/json") == 0;
    snprintf(exchange->content_type, sizeof exchange->content_type, "%s", post->content_type);
    text_append(&exchange->answer, text_span(&answer));
    text_free(&answer);
}

static void expect_judgement(const struct post *post) {
    struct error error = {0};
    struct answer answer;
    struct task *task = make_task(KIND_VALIDATORS, STEP_POST, BODY);
    task->may_have_arrived = post->may_have_arrived;
    assert_int_equal(task_prepare(task, &error), 1);
    end_exchange(task, post);
    enum judgement judgement = judge_exchange(task, &answer, &error);
    assert_int_equal(judge_outcome(task, judgement), judge_outcome(task, post->judgement));
    assert_string_equal(answer.message, post->message);
    assert_string_equal(text_string(&task->target_id), post->target_id);
    assert_int_equal(task->finding_count > 0, judgement == JUDGED_DIFFERENT);
    answer_clear(&answer);
    task_free(task);
}

#define JSON "application/json"

static void a_post_is_judged_the_same_in_both_ways(void **state) {
    static const struct post posts[] = {
        {200, JSON, "{" MADE "," REPEATED "}", false, JUDGED_DELIVERED, "200", "7"},
        {200, JSON, "{" COMPARED MADE "," REPEATED "}", false, JUDGED_DELIVERED, "200", "7"},
        {201, JSON, "{" MADE "," REPEATED "}", false, JUDGED_DELIVERED, "201", "7"},
        {201, JSON, "{" COMPARED MADE "," REPEATED "}", false, JUDGED_DELIVERED, "201", "7"},
        {200, JSON, "{" MADE "," REPEATED "}", true, JUDGED_DELIVERED, "200", "7"},
        {200, JSON, "{'id':'7'," REPEATED "}", false, JUDGED_DELIVERED, "200", "7"},
        {200, JSON, "{'id':7," REPEATED "}", false, JUDGED_DELIVERED, "200", "7"},
        {200, JSON, "{" REPEATED "}", false, JUDGED_DELIVERED, "200", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        expect_judgement(&posts[i]);
    }
}

static void a_record_alone_does_not_make_a_delivery(void **state) {
    static const struct post posts[] = {
        {200, "text/html", "{" MADE "," REPEATED "}", false, JUDGED_UNCERTAIN,
         "200 with text/html instead of JSON (a login page?)", ""},
        {200, JSON, "{" MADE "," REPEATED, false, JUDGED_UNCERTAIN, "200 with broken JSON", ""},
        {200, JSON, "{" MADE "," REPEATED "}.", false, JUDGED_UNCERTAIN, "200 with broken JSON",
         ""},
        {202, JSON, "{" MADE "," REPEATED "}", false, JUDGED_UNCERTAIN,
         "202: an answer that is not understood", ""},
        {400, JSON, "{" MADE "," REPEATED "}", false, JUDGED_REFUSED, "400: bad request", ""},
        {500, JSON, "{" MADE "," REPEATED "}", false, JUDGED_UNCERTAIN,
         "500: internal server error", ""},
        {200, JSON, "null", false, JUDGED_UNCERTAIN, "200", ""},
        {200, JSON, "{" MADE ",'role':2,'email':'b@b.c','fullname':null,'groups':['X']}", false,
         JUDGED_UNCERTAIN, "200", ""},
        {200, JSON, "{" MADE ",'role':3,'email':'a@b.c','fullname':null,'groups':['X']}", false,
         JUDGED_DIFFERENT, "200", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        expect_judgement(&posts[i]);
    }
}

/* What shows that the record was made for this request; when it was made does not. */
static void a_record_is_ours_where_the_answer_shows_it(void **state) {
    static const struct {
        int status;
        enum evidence before;
        enum evidence evidence;
    } cases[] = {
        {200, EVIDENCE_NONE, EVIDENCE_NONE},
        {200, EVIDENCE_ABSENCE, EVIDENCE_ANSWER},
        {201, EVIDENCE_NONE, EVIDENCE_ANSWER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        struct answer answer;
        struct task *task = make_task(KIND_VALIDATORS, STEP_POST, BODY);
        const struct post post = {
            .status = cases[i].status, .content_type = JSON, .answer = "{" MADE "," REPEATED "}"};
        task->evidence = cases[i].before;
        end_exchange(task, &post);
        judge_exchange(task, &answer, &error);
        assert_int_equal(task->evidence, cases[i].evidence);
        answer_clear(&answer);
        task_free(task);
    }
}

/* Each for a post and for a look-up. */
static void an_answer_to_one_record_is_read_by_what_was_asked(void **state) {
    static const struct {
        struct post post;
        enum judgement posted;
        enum judgement looked_up;
    } cases[] = {
        {{403, "text/html", "no", false, 0, "", ""}, JUDGED_TURNED_AWAY, JUDGED_TURNED_AWAY},
        {{404, "text/html", "no", false, 0, "", ""}, JUDGED_TURNED_AWAY, JUDGED_TURNED_AWAY},
        {{404, JSON, "{}", false, 0, "", ""}, JUDGED_TURNED_AWAY, JUDGED_MISSING},
        {{405, JSON, "{}", false, 0, "", ""}, JUDGED_TURNED_AWAY, JUDGED_TURNED_AWAY},
        {{412, JSON, "{}", false, 0, "", ""}, JUDGED_REFUSED, JUDGED_TURNED_AWAY},
        {{401, JSON, "{}", false, 0, "", ""}, JUDGED_SIGN_IN, JUDGED_SIGN_IN},
        {{308, JSON, "{}", false, 0, "", ""}, JUDGED_MISDIRECTED, JUDGED_MISDIRECTED},
        {{201, JSON, "{'_url':'/7'}", false, 0, "", ""}, JUDGED_TAKEN, JUDGED_UNCERTAIN},
        {{202, JSON, "{}", false, 0, "", ""}, JUDGED_TAKEN, JUDGED_UNCERTAIN},
        {{204, "", "", false, 0, "", ""}, JUDGED_TAKEN, JUDGED_UNCERTAIN},
        {{200, "text/html", "<p>", false, 0, "", ""}, JUDGED_UNCERTAIN, JUDGED_UNCERTAIN},
        {{500, JSON, "{}", false, 0, "", ""}, JUDGED_UNCERTAIN, JUDGED_UNCERTAIN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const enum task_step steps[] = {STEP_POST, STEP_LOOK_UP};
        for (size_t step = 0; step < sizeof steps / sizeof *steps; step++) {
            struct error error = {0};
            struct answer answer;
            struct task *task = make_task(KIND_VALIDATORS, steps[step], BODY);
            end_exchange(task, &cases[i].post);
            assert_int_equal(judge_exchange(task, &answer, &error),
                             steps[step] == STEP_POST ? cases[i].posted : cases[i].looked_up);
            answer_clear(&answer);
            task_free(task);
        }
    }
}

static void several_records_in_a_list_are_duplicates_with_their_ids(void **state) {
    (void)state;
    struct error error = {0};
    struct answer answer;
    const struct post post = {.status = 200,
                              .content_type = JSON,
                              .answer = "[{'id':7," REPEATED "},{'id':8,'email':'b@b.c'},"
                                        "{'id':9," REPEATED "}]"};
    struct task *task = make_task(KIND_VALIDATORS, STEP_LOOK_UP, BODY);
    end_exchange(task, &post);
    assert_int_equal(judge_exchange(task, &answer, &error), JUDGED_DUPLICATE);
    assert_string_equal(task->findings->found, "2: 7, 9");
    answer_clear(&answer);
    task_free(task);
}

static void what_was_lost_is_uncertain_even_with_the_record_in_it(void **state) {
    (void)state;
    struct error error = {0};
    struct answer answer;
    const struct post post = {
        .status = 200, .content_type = JSON, .answer = "{" MADE "," REPEATED "}"};
    struct task *task = make_task(KIND_VALIDATORS, STEP_POST, BODY);
    end_exchange(task, &post);
    task->exchange.end = EXCHANGE_LOST;
    assert_int_equal(judge_exchange(task, &answer, &error), JUDGED_UNCERTAIN);
    answer_clear(&answer);
    task_free(task);
}

static void what_differed_before_is_forgotten(void **state) {
    (void)state;
    struct error error = {0};
    struct answer answer;
    const struct post post = {
        .status = 200, .content_type = JSON, .answer = "{" MADE "," REPEATED "}"};
    struct task *task = make_task(KIND_VALIDATORS, STEP_POST, BODY);
    struct difference_sink sink = task_difference_sink(task);
    sink.add(sink.context, "role", span_of("2"), span_of("3"));
    text_append_string(&task->target_id, "another");
    end_exchange(task, &post);
    assert_int_equal(judge_exchange(task, &answer, &error), JUDGED_DELIVERED);
    assert_int_equal(task->finding_count, 0);
    assert_string_equal(text_string(&task->target_id), "7");
    answer_clear(&answer);
    task_free(task);
}

/* An update is compared only with the record: what it was made for is in the findings. */
static void an_update_that_is_repeated_is_equal(void **state) {
    (void)state;
    struct error error = {0};
    struct answer answer;
    const struct post post = {
        .status = 200, .content_type = JSON, .answer = "{" MADE "," REPEATED "}"};
    struct task *task = make_task(KIND_VALIDATORS, STEP_UPDATE, BODY);
    end_exchange(task, &post);
    assert_int_equal(judge_exchange(task, &answer, &error), JUDGED_EQUAL);
    answer_clear(&answer);
    task_free(task);
}

static int prepare(const char *body) {
    struct error error = {0};
    struct task *task = make_task(KIND_VALIDATORS, STEP_POST, body);
    int rc = task_prepare(task, &error);
    if (rc != 1) {
        assert_int_equal(error.code, ERROR_WORKSPACE);
        assert_string_equal(error.message, "the body of user \"anna\" is not JSON: the workspace "
                                           "is damaged");
    } else {
        assert_string_equal(task->exchange.method, "POST");
        assert_true(span_equal(task->exchange.body, text_span(&task->body)));
    }
    task_free(task);
    return rc;
}

static void a_body_that_is_not_json_is_not_sent(void **state) {
    (void)state;
    assert_int_equal(prepare(""), -1);
    assert_int_equal(prepare("{'role':2"), -1);
    assert_int_equal(prepare(BODY "x"), -1);
    assert_int_equal(prepare("{'role':'\xC3'}"), -1);
}

static void whatever_else_is_json_is_sent(void **state) {
    (void)state;
    assert_int_equal(prepare(BODY), 1);
    assert_int_equal(prepare("[]"), 1);
    assert_int_equal(prepare("'a text'"), 1);
    assert_int_equal(prepare("null"), 1);
    assert_int_equal(prepare("{'a\\n':1000000000000000001}"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_is_judged_the_same_in_both_ways),
        cmocka_unit_test(a_record_alone_does_not_make_a_delivery),
        cmocka_unit_test(a_record_is_ours_where_the_answer_shows_it),
        cmocka_unit_test(an_answer_to_one_record_is_read_by_what_was_asked),
        cmocka_unit_test(several_records_in_a_list_are_duplicates_with_their_ids),
        cmocka_unit_test(what_was_lost_is_uncertain_even_with_the_record_in_it),
        cmocka_unit_test(what_differed_before_is_forgotten),
        cmocka_unit_test(an_update_that_is_repeated_is_equal),
        cmocka_unit_test(a_body_that_is_not_json_is_not_sent),
        cmocka_unit_test(whatever_else_is_json_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
