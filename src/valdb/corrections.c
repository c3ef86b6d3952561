#include "valdb/corrections.h"

const struct migration_rule correction_rules[CORRECTION_COUNT] = {
    [CORRECTION_TRACKER_KEPT] = {"tracker-kept",
                                 "a report of kind TK is a report of Tracker, not dropped"},
    [CORRECTION_TOKENS_FOLDED] = {"tokens-folded",
                                  "blanks at the ends and case do not matter in a category, "
                                  "subcategory, group or status"},
    [CORRECTION_LINKS_KEPT] = {"links-kept", "the links are in the report's content"},
    [CORRECTION_CONTENT_MARKDOWN] = {"content-markdown",
                                     "the content is Markdown that ValDB2 shows as text"},
    [CORRECTION_SUMMARY_KEPT] = {"summary-kept", "SUMMARY rows become the campaign's description"},
    [CORRECTION_RELEASES_FROM_SUMMARY] = {"releases-from-summary",
                                          "target and reference release are read from a SUMMARY "
                                          "row's comments"},
    [CORRECTION_EMAIL_FOUND] = {"email-found",
                                "the first address anywhere in the field, else login@cern.ch"},
    [CORRECTION_EMAIL_LOWER] = {"email-lower", "addresses in lower case, as ValDB2 looks users up"},
    [CORRECTION_TWINS_MERGED] = {"twins-merged", "two logins with one address are one user"},
    [CORRECTION_RIGHTS_DISTINCT] = {"rights-distinct", "a group that is there twice is sent once"},
    [CORRECTION_STATUS_SIGNOFF_FAILURE] = {"status-signoff-failure",
                                           "FAILURE TO BE SIGNED-OFF BY THE VALIDATORS is a "
                                           "failure"},
    [CORRECTION_STATUS_DEFAULT] = {"status-default", "no status is NOT YET DONE"},
    [CORRECTION_FULLNAMES_FOUND] = {"fullnames-found",
                                    "a validator's full name is taken from the people directory"},
    [CORRECTION_AUTHORS_RESOLVED] = {"authors-resolved",
                                     "a report's author is found in the people directory"},
    [CORRECTION_AUTHORS_REGISTERED] = {"authors-registered",
                                       "an author who is not a user yet is posted as one"},
    [CORRECTION_RELMON_FIRST] = {"relmon-first",
                                 "the first RelMon address that is not empty is the campaign's"},
    [CORRECTION_REPORT_SINGLE] = {"report-single",
                                  "of several rows for one group the newest is the report, the "
                                  "others are in its content"},
    [CORRECTION_DATES_FILLED] = {"dates-filled",
                                 "a row without a date takes the campaign's latest"},
    [CORRECTION_ROW_REJECTED] =
        {"row-rejected",
         "a row that cannot be understood is rejected, other rows are not affected"},
    [CORRECTION_TARGET_ACCEPTS] = {"target-accepts",
                                   "what ValDB2 would refuse is rejected here, with its words"},
    [CORRECTION_RIGHTLESS_SHOWN] = {"rightless-shown",
                                    "validators without any right are in the reconciliation"},
    [CORRECTION_PADDING_DROPPED] = {"padding-dropped",
                                    "blanks at the end of a login, a campaign's name or an id do "
                                    "not count"},
};

const struct migration_rule skip_rules[SKIP_COUNT] = {
    [SKIP_LOGIN_LENGTH] = {"login-length",
                           "the login is empty or longer than 8 characters: a service or a stale "
                           "entry"},
    [SKIP_SUMMARY_RIGHT] = {"summary-right", "a right of kind SUMMARY: ValDB2 has no such group"},
    [SKIP_RIGHTLESS] = {"rightless-shown", "a validator without any right"},
    [SKIP_RIGHTS_UNUSED] = {"rights-unused",
                            "a validator without a usable right: each was skipped or "
                            "rejected"},
    [SKIP_RIGHT_OF_NOBODY] = {"right-of-nobody", "a right of somebody who is not a validator"},
    [SKIP_NO_ROLE] = {"no-role", "a user who is neither administrator nor validator"},
    [SKIP_ADMIN_NOT_LISTED] = {"admin-not-listed",
                               "an administrator who is not in the administrators' list"},
    [SKIP_LISTED_NOT_ADMIN] = {"listed-not-admin",
                               "a line of the administrators' list who is no administrator in the "
                               "database"},
    [SKIP_KIND_NOT_A_GROUP] = {"kind-not-a-group", "the status kind is no group of ValDB2's"},
    [SKIP_STATUS_MISSING] = {"status-missing", "a row of RELEASES without its row in STATUS"},
    [SKIP_RELEASE_MISSING] = {"release-missing", "a row of STATUS without its row in RELEASES"},
    [SKIP_HISTORY_WITHOUT_REPORT] = {"history-without-report",
                                     "an earlier version of a row that is no report"},
};
