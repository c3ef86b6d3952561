/* The corrected rules as tables that a person can check: rows, and their outcome. All rows of a
 * table are planned together. */
#include "valdb_fixture.h"

#include <stdio.h>
#include <string.h>

enum outcome {
    REPORT,      /* a report: its group and status */
    EARLIER,     /* in the report of its group: the line there */
    DESCRIPTION, /* a part of the campaign's description: its head and status */
    SKIPPED,     /* the rule */
    REJECTED     /* the reason's beginning */
};

struct report_line {
    int id;
    const char *campaign;
    const char *category;
    const char *subcategory;
    const char *kind;
    const char *status;
    const char *date;
    enum outcome outcome;
    const char *text;
};

static const char format[] = "Name has an incorrect format";

/* clang-format off */
static const struct report_line reports[] = {
    { 1, "12_5_0",      "Reconstruction", "Data",    "CSC",      "OK",            "2023-01-01", REPORT,      "Reconstruction.Data.CSC 1"},
    { 2, "12_5_0",      "Reconstruction", "FullSim", "BTAG",     "NOT YET DONE",  "2023-01-01", REPORT,      "Reconstruction.FullSim.bTag 2"},
    { 3, "12_5_0",      "reconstruction", " Data",   "tau ",     "failure",       "2023-01-01", REPORT,      "Reconstruction.Data.Tau 3"},
    { 4, "12_5_0",      "IN",             "Data",    "JET",      "IN PROGRESS",   "2023-01-01", REPORT,      "HIN.Data.Jet 5"},
    { 5, "12_5_0",      " in ",           "FullSim", "JET",      "KNOWN ISSUE",   "2023-01-01", REPORT,      "HIN.FullSim.Jet 6"},
    { 6, "12_5_0",      "HIN",            "Data",    "MUON",     SQL_NULL,        "2023-01-01", REPORT,      "HIN.Data.Muon 2"},
    { 7, "12_5_0",      "PAGs",           "Data",    "HIN",      "OK",            SQL_NULL,     REPORT,      "PAGs.Data.HIN 1"},
    { 8, "12_5_0",      "GEN",            "Gen",     "GEN",      "CHANGES EXPECTED", "2023-01-01", REPORT,   "GEN.Gen.GEN 4"},
    { 9, "12_5_0",      "Reconstruction", "Data",    "TK",       "OK",            "2023-01-02", EARLIER,     "- 2023-01-02, OK: No comments"},
    {10, "12_5_0",      "Reconstruction", "Data",    "TRACKER",  "FAILURE",       "2023-01-03", REPORT,      "Reconstruction.Data.Tracker 3"},
    {11, "12_5_0",      "Reconstruction", "Data",    "SUMMARY",  "OK",            "2023-01-01", DESCRIPTION, "### Reconstruction.Data\n\n**Status:** OK"},
    {12, "12_5_0",      "IN",             "Data",    "summary",  SQL_NULL,        "2023-01-01", DESCRIPTION, "### HIN.Data\n\n**Status:** NOT YET DONE"},
    {13, "12_5_0",      "PAGs",           "Data",    "HEAVYFLAVOR", "OK",         "2023-01-01", SKIPPED,     "kind-not-a-group"},
    {14, "12_5_0",      "PAGs",           "Data",    SQL_NULL,   "OK",            "2023-01-01", SKIPPED,     "kind-not-a-group"},
    {15, "12_5_0",      "RECO",           "Data",    "CSC",      "OK",            "2023-01-01", REJECTED,    "unknown category \"RECO\""},
    {16, "12_5_0",      "HLT",            "MC",      "TAU",      "OK",            "2023-01-01", REJECTED,    "unknown subcategory \"MC\""},
    {17, "12_5_0",      "HLT",            "Data",    "TAU",      "DONE",          "2023-01-01", REJECTED,    "its row of STATUS is rejected: unknown status \"DONE\""},
    {18, "12_5_0",      "HLT",            "Data",    "TAU",      "OK",            "yesterday",  REJECTED,    "DATE is yesterday; expected"},
    {19, "12_5_0",      "HLT",            "Data",    "MET",      "OK TO BE SIGNED-OFF BY THE VALIDATORS",      "2023-01-01", REPORT, "HLT.Data.MET 1"},
    {20, "12_5_0",      "HLT",            "Data",    "TOP",      "FAILURE TO BE SIGNED-OFF BY THE VALIDATORS", "2023-01-01", REPORT, "HLT.Data.Top 3"},
    {21, "12_5_0_pre2", "HLT",            "Data",    "TAU",      "OK",            "2023-01-01", REPORT,      "HLT.Data.Tau 1"},
    {22, "12_6_0",      "HLT",            "Data",    "TAU",      "OK",            SQL_NULL,     REJECTED,    "no row of the campaign has a date"},
    {23, "test",        "HLT",            "Data",    "TAU",      "OK",            "2023-01-01", REJECTED,    format},
    {24, "test",        "HLT",            "Data",    "SUMMARY",  "OK",            "2023-01-01", REJECTED,    format},
    {25, "",            "HLT",            "Data",    "TAU",      "OK",            "2023-01-01", REJECTED,    "Name is a required field, Name has an incorrect format"},
};
/* clang-format on */

enum { REPORT_LINES = sizeof reports / sizeof *reports };

static void expect_report(const struct plan *plan, const struct report_line *line) {
    const json_t *list =
        json_object_get(find_body(plan, KIND_CAMPAIGNS, line->campaign), "reports");
    int found = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *report = json_array_get(list, i);
        char text[64];
        snprintf(text, sizeof text, "%s %d", json_string_value(json_object_get(report, "group")),
                 (int)json_integer_value(json_object_get(report, "status")));
        found += strcmp(text, line->text) == 0;
    }
    if (found != 1) {
        fail_msg("row %d: %d reports %s", line->id, found, line->text);
    }
}

/* The words are somewhere in the campaign's body. */
static void expect_words(const struct plan *plan, const struct report_line *line) {
    const json_t *body = find_body(plan, KIND_CAMPAIGNS, line->campaign);
    const json_t *list = json_object_get(body, "reports");
    int found = strstr(json_string_value(json_object_get(body, "description")), line->text) != NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *content = json_object_get(json_array_get(list, i), "content");
        found += strstr(json_string_value(content), line->text) != NULL;
    }
    if (found != 1) {
        fail_msg("row %d: \"%s\" stands %d times", line->id, line->text, found);
    }
}

static void every_row_of_a_report_becomes_what_the_table_says(void **state) {
    (void)state;
    struct legacy legacy = {0};
    for (size_t i = 0; i < REPORT_LINES; i++) {
        const struct report_line *line = &reports[i];
        legacy.reports[i] = (struct legacy_report){.id = line->id,
                                                   .campaign = line->campaign,
                                                   .category = line->category,
                                                   .subcategory = line->subcategory,
                                                   .kind = line->kind,
                                                   .status = line->status,
                                                   .date = line->date};
    }
    struct plan *plan = plan_corrected(&legacy);
    for (size_t i = 0; i < REPORT_LINES; i++) {
        const struct report_line *line = &reports[i];
        char id[16];
        snprintf(id, sizeof id, "%d", line->id);
        switch (line->outcome) {
        case REPORT:
            expect_used(plan, "releases", id, KIND_CAMPAIGNS, line->campaign);
            expect_report(plan, line);
            break;
        case EARLIER:
        case DESCRIPTION:
            expect_used(plan, "releases", id, KIND_CAMPAIGNS, line->campaign);
            expect_words(plan, line);
            break;
        case SKIPPED:
            expect_skipped(plan, "releases", id, line->text);
            break;
        case REJECTED:
            expect_rejected(plan, "releases", id, line->text);
            break;
        }
    }
    assert_int_equal(count_documents(plan, KIND_CAMPAIGNS), 2);
}

struct right_line {
    int id;
    const char *login;
    const char *email;
    const char *category;
    const char *subcategory;
    const char *kind;
    const char *address; /* of the document that it is used in, or NULL */
    const char *text;    /* that document's key; the rule; the reason's beginning */
    enum outcome outcome;
};

/* clang-format off */
static const struct right_line rights[] = {
    { 1, "anna",      "anna@lab.example",        "HLT",  "Data",    "TAU",     "anna@lab.example", "anna", REPORT},
    { 2, "bert",      "Bert <B.Black@LAB.org>",  "PAGs", "FullSim", "B2G",     "b.black@lab.org",  "bert", REPORT},
    { 3, "cleo",      SQL_NULL,                  "IN",   "Data",    "JET",     "cleo@cern.ch",     "cleo", REPORT},
    { 4, "dora",      "none",                    "GEN",  "Gen",     "GEN",     "dora@cern.ch",     "dora", REPORT},
    { 5, "annasvc",   "Anna@lab.example",        "HLT",  "Data",    "MET",     "anna@lab.example", "anna", REPORT},
    { 6, "emilemil",  "e@lab.example",           " hlt", "data",    "tk",      "e@lab.example",    "emilemil", REPORT},
    { 7, "emilemile", "f@lab.example",           "HLT",  "Data",    "TAU",     NULL, "login-length", SKIPPED},
    { 8, "fred",      "f@lab.example",           "HLT",  "Data",    "SUMMARY", NULL, "summary-right", SKIPPED},
    { 9, "gina",      "g@lab.example",           "HLT",  "Data",    SQL_NULL,  NULL, "no status kind", REJECTED},
    {10, "hugo",      "h@lab.example",           "HLT",  "Data",    "NOPE",    NULL, "unknown group \"NOPE\"", REJECTED},
    {11, "ines",      "i@lab.example",           "NOPE", "Data",    "TAU",     NULL, "unknown category \"NOPE\"", REJECTED},
    {12, "j\xC3\xB6rg", "none",                  "HLT",  "Data",    "TAU",     NULL, "Email has an incorrect format", REJECTED},
};
/* clang-format on */

enum { RIGHT_LINES = sizeof rights / sizeof *rights };

static void every_right_becomes_what_the_table_says(void **state) {
    (void)state;
    struct legacy legacy = {0};
    for (size_t i = 0; i < RIGHT_LINES; i++) {
        const struct right_line *line = &rights[i];
        legacy.users[i] = (struct legacy_user){.login = line->login, .email = line->email};
        legacy.rights[i] = (struct legacy_right){.id = line->id,
                                                 .login = line->login,
                                                 .category = line->category,
                                                 .subcategory = line->subcategory,
                                                 .kind = line->kind};
    }
    struct plan *plan = plan_corrected(&legacy);
    for (size_t i = 0; i < RIGHT_LINES; i++) {
        const struct right_line *line = &rights[i];
        char id[16];
        snprintf(id, sizeof id, "%d", line->id);
        if (line->outcome == SKIPPED) {
            expect_skipped(plan, "user_rights", id, line->text);
        } else if (line->outcome == REJECTED) {
            expect_rejected(plan, "user_rights", id, line->text);
        } else {
            expect_used(plan, "user_rights", id, KIND_VALIDATORS, line->text);
            expect_text(plan, KIND_VALIDATORS, line->text, ".email", line->address);
        }
    }
    expect_documents(plan, KIND_VALIDATORS, "anna, bert, cleo, dora, emilemil");
    expect_outcomes(plan, "user_rights", 12, 6, 2, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        plan_test(every_row_of_a_report_becomes_what_the_table_says),
        plan_test(every_right_becomes_what_the_table_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
