/* Dates: a campaign's deadline, whether it is open, and correction dates-filled. */
#include "valdb_fixture.h"

/* Plans one row of that day as if today were `as_of`, by both rule sets. */
static void expect_open(const char *as_of, const char *day, const char *is_open) {
    struct legacy legacy = {.reports = {{.id = 1, .date = day}}, .as_of = as_of};
    expect_json(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".is_open", is_open);
    expect_json(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".is_open", is_open);
    release_plans(NULL);
}

static void a_campaign_is_open_when_its_deadline_is_later_than_two_months_ago(void **state) {
    (void)state;
    expect_open("2023-03-15", "2023-01-14", "false");
    expect_open("2023-03-15", "2023-01-15", "false");
    expect_open("2023-03-15", "2023-01-15 23:59:59", "false");
    expect_open("2023-03-15", "2023-01-16", "true");
    expect_open("2023-03-15", "2030-01-01", "true");
}

static void two_months_ago_is_clamped_to_the_months_end(void **state) {
    (void)state;
    static const struct {
        const char *as_of;
        const char *closed;
        const char *open;
    } table[] = {
        {"2023-10-31", "2023-08-31", "2023-09-01"}, {"2023-04-30", "2023-02-28", "2023-03-01"},
        {"2024-04-30", "2024-02-29", "2024-03-01"}, {"2024-04-29", "2024-02-29", "2024-03-01"},
        {"2023-08-31", "2023-06-30", "2023-07-01"}, {"2023-01-31", "2022-11-30", "2022-12-01"},
        {"2023-02-01", "2022-12-01", "2022-12-02"}, {"2023-03-31", "2023-01-31", "2023-02-01"},
        {"2023-01-01", "2022-11-01", "2022-11-02"}, {"2023-12-31", "2023-10-31", "2023-11-01"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        expect_open(table[i].as_of, table[i].closed, "false");
        expect_open(table[i].as_of, table[i].open, "true");
    }
}

static void the_deadline_is_the_latest_date_of_the_rows(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .date = "2022-05-01"},
                                             {.id = 2, .kind = "DT", .date = "2023-02-03 04:05:06"},
                                             {.id = 3, .kind = "RPC", .date = "2023-02-01"},
                                         }};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-02-03");
    expect_text(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-02-03");
}

static void a_row_that_is_lost_has_no_say_in_the_deadline(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1},
                                             {.id = 2, .kind = "HEAVYFLAVOR", .date = "2023-02-03"},
                                             {.id = 3, .category = "NOPE", .date = "2023-02-04"},
                                         }};
    expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-01-10");
}

static void dates_may_be_text_or_seconds_since_1970(void **state) {
    (void)state;
    static const struct {
        const char *date;
        const char *deadline;
    } table[] = {
        {"2023-01-10", "2023-01-10"},
        {"2023-01-10 23:59:59", "2023-01-10"},
        {"2023-01-10T23:59:59.123456", "2023-01-10"},
        {"1673395199", "2023-01-10"},
        {"1673395200", "2023-01-11"},
        {"315532800", "1980-01-01"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct legacy legacy = {.reports = {{.id = 1, .date = table[i].date}}};
        expect_text(plan_corrected(&legacy), KIND_CAMPAIGNS, "12_5_0", ".deadline",
                    table[i].deadline);
        expect_text(plan_notebook(&legacy), KIND_CAMPAIGNS, "12_5_0", ".deadline",
                    table[i].deadline);
        release_plans(NULL);
    }
}

static void a_row_without_a_date_takes_the_campaigns_latest(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .kind = "TK", .date = SQL_NULL},
                                             {.id = 2, .kind = "TRACKER", .date = "2023-01-09"},
                                             {.id = 3, .kind = "RPC", .date = "2023-01-10"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".deadline", "2023-01-10");
    expect_text(plan, KIND_CAMPAIGNS, "12_5_0", ".reports[0].content",
                "**Comments:** No comments provided\n\n**Links:** No links provided\n\n"
                "**Earlier:**\n- 2023-01-09, OK: No comments provided");
    expect_correction(plan, KIND_CAMPAIGNS, "dates-filled", 1);
    expect_outcomes(plan, "releases", 3, 3, 0, 0);
}

static void the_notebook_stops_at_a_row_without_a_date(void **state) {
    (void)state;
    static const struct legacy legacy = {
        .reports = {{.id = 1}, {.id = 2, .kind = "DT", .date = SQL_NULL}}};
    struct plan *plan = plan_notebook(&legacy);
    expect_used(plan, "releases", "1", KIND_CAMPAIGNS, "12_5_0");
    expect_outcomes(plan, "releases", 2, 1, 0, 1);
}

static void a_campaign_without_any_date_is_rejected_row_by_row(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1, .date = SQL_NULL},
                                             {.id = 2, .kind = "SUMMARY", .date = SQL_NULL},
                                             {.id = 3, .kind = "HEAVYFLAVOR"},
                                             {.id = 4, .campaign = "12_6_0"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_documents(plan, KIND_CAMPAIGNS, "12_6_0");
    expect_rejected(plan, "releases", "1", "no row of the campaign has a date");
    expect_rejected(plan, "releases", "2", "no row of the campaign has a date");
    expect_skipped(plan, "releases", "3", "kind-not-a-group");
    expect_correction(plan, KIND_CAMPAIGNS, "dates-filled", 2);
}

static void a_row_whose_date_cannot_be_read_is_rejected(void **state) {
    (void)state;
    static const struct legacy legacy = {.reports = {
                                             {.id = 1},
                                             {.id = 2, .kind = "DT", .date = "last week"},
                                             {.id = 3, .kind = "RPC", .date = "2023-02-30"},
                                         }};
    struct plan *plan = plan_corrected(&legacy);
    expect_rejected(plan, "releases", "2", "DATE is last week; expected");
    expect_rejected(plan, "status", "2", "its row of RELEASES is rejected: DATE is last week");
    expect_rejected(plan, "releases", "3", "DATE is 2023-02-30; expected");
    expect_correction(plan, KIND_CAMPAIGNS, "row-rejected", 2);
    expect_rejected(plan_notebook(&legacy), "releases", "2", "DATE is last week; expected");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(a_campaign_is_open_when_its_deadline_is_later_than_two_months_ago),
        plan_test(two_months_ago_is_clamped_to_the_months_end),
        plan_test(the_deadline_is_the_latest_date_of_the_rows),
        plan_test(a_row_that_is_lost_has_no_say_in_the_deadline),
        plan_test(dates_may_be_text_or_seconds_since_1970),
        plan_test(a_row_without_a_date_takes_the_campaigns_latest),
        plan_test(the_notebook_stops_at_a_row_without_a_date),
        plan_test(a_campaign_without_any_date_is_rejected_row_by_row),
        plan_test(a_row_whose_date_cannot_be_read_is_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
