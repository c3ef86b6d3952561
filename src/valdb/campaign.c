#include "valdb/campaign.h"

#include <stdlib.h>

void campaign_reset(struct campaign *campaign) {
    arena_reset(&campaign->arena);
    campaign->row_count = 0;
    campaign->name = (struct span){0};
}

void campaign_free(struct campaign *campaign) {
    arena_free(&campaign->arena);
    free(campaign->rows);
}

struct campaign_row *campaign_add_row(struct campaign *campaign, struct error *error) {
    if (campaign->row_count == campaign->row_capacity) {
        size_t capacity = campaign->row_capacity == 0 ? 64 : 2 * campaign->row_capacity;
        struct campaign_row *rows = realloc(campaign->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            error_set_no_memory(error);
            return NULL;
        }
        campaign->rows = rows;
        campaign->row_capacity = capacity;
    }
    struct campaign_row *row = &campaign->rows[campaign->row_count++];
    *row = (struct campaign_row){0};
    return row;
}

/* What judging one row needs in addition to it. */
struct judging {
    struct campaign *campaign;
    struct rules *rules;
    struct text reason;
};

static void reject(struct judging *judging, struct campaign_row *row, enum correction correction,
                   struct span reason) {
    row->use = ROW_REJECTED;
    row->reason = arena_copy(&judging->campaign->arena, reason);
    rules_count(judging->rules, KIND_CAMPAIGNS, correction);
}

static void skip(struct campaign_row *row, enum skip rule) {
    row->use = ROW_SKIPPED;
    row->skip = rule;
}

/* The group of an earlier version; it is found again among the reports later. */
static void judge_history(struct judging *judging, struct campaign_row *row) {
    const struct span *release = row->source.release;
    struct token group;
    row->use = ROW_HISTORY;
    if (!token_find(TOKENS_REPORT_GROUP, release[RELEASES_STATUS_KIND],
                    judging->rules->options.rules, &group) ||
        group.value == GROUP_SUMMARY ||
        rules_find_subcategory(judging->rules, release[RELEASES_CATEGORY],
                               release[RELEASES_SUBCATEGORY], &row->group, &group.corrections,
                               &judging->reason) != 0) {
        skip(row, SKIP_HISTORY_WITHOUT_REPORT);
        return;
    }
    row->group.group = (unsigned char)group.value;
}

/* 0, or -1 with the judging's reason; adds the corrections that it takes. */
static int judge_status(struct judging *judging, struct campaign_row *row, unsigned *corrections) {
    const struct rules *rules = judging->rules;
    struct span status = row->source.status[STATUS_VALIDATION_STATUS];
    struct token found = {.value = STATUS_NOT_YET_DONE};
    if (span_is_empty(span_trim(status)) && rules_allow(rules, CORRECTION_STATUS_DEFAULT)) {
        rules_count(judging->rules, KIND_CAMPAIGNS, CORRECTION_STATUS_DEFAULT);
    } else if (!token_find(TOKENS_STATUS, status, rules->options.rules, &found)) {
        token_explain_unknown(TOKENS_STATUS, status, rules->options.rules, &judging->reason);
        row->fault = SIDE_STATUS;
        return -1;
    }
    row->status = found.value;
    *corrections |= found.corrections;
    return 0;
}

static int judge_date(struct judging *judging, const struct campaign_row *row) {
    if (row->source.has_moment || rules_allow(judging->rules, CORRECTION_DATES_FILLED)) {
        return 0;
    }
    text_clear(&judging->reason);
    text_append_string(&judging->reason, "the notebook stops at a null date");
    return -1;
}

static void judge_current(struct judging *judging, struct campaign_row *row) {
    struct rules *rules = judging->rules;
    const struct span *release = row->source.release;
    struct token group;
    if (!token_find(TOKENS_REPORT_GROUP, release[RELEASES_STATUS_KIND], rules->options.rules,
                    &group)) {
        skip(row, SKIP_KIND_NOT_A_GROUP);
        return;
    }
    row->use = group.value == GROUP_SUMMARY ? ROW_SUMMARY : ROW_REPORT;
    row->group.group = (unsigned char)(row->use == ROW_SUMMARY ? GROUP_NONE : group.value);
    if (rules_find_subcategory(rules, release[RELEASES_CATEGORY], release[RELEASES_SUBCATEGORY],
                               &row->group, &group.corrections, &judging->reason) != 0 ||
        (row->use == ROW_REPORT && judge_status(judging, row, &group.corrections) != 0) ||
        judge_date(judging, row) != 0) {
        reject(judging, row, CORRECTION_ROW_REJECTED, text_span(&judging->reason));
        return;
    }
    rules_count_all(rules, KIND_CAMPAIGNS, group.corrections);
}

static void judge_row(struct judging *judging, struct campaign_row *row) {
    if (row->source.status_is_rejected) {
        row->use = ROW_REJECTED;
        row->reason = row->source.reason;
    } else if (row->source.is_earlier) {
        judge_history(judging, row);
    } else {
        judge_current(judging, row);
    }
}

bool campaign_row_is_used(const struct campaign_row *row) {
    return row->use == ROW_REPORT || row->use == ROW_SUMMARY;
}

/* No document: what would have been used is rejected, and earlier versions have no report. */
static void reject_all(struct judging *judging, enum correction correction, const char *reason) {
    struct campaign *campaign = judging->campaign;
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct campaign_row *row = &campaign->rows[i];
        if (campaign_row_is_used(row)) {
            reject(judging, row, correction, span_of(reason));
        } else if (row->use == ROW_HISTORY) {
            skip(row, SKIP_HISTORY_WITHOUT_REPORT);
        }
    }
}

/* Why ValDB2 would not take a campaign of that name, in its own words, or NULL. */
static const char *refusal(const struct rules *rules, struct span name) {
    if (!rules_allow(rules, CORRECTION_TARGET_ACCEPTS) ||
        patterns_find(rules->patterns, PATTERN_CAMPAIGN_NAME, name, NULL)) {
        return NULL;
    }
    return span_is_empty(name) ? "Name is a required field, Name has an incorrect format"
                               : "Name has an incorrect format";
}

/* True where some row that is used has a date; `latest` is the campaign's latest. */
static bool find_latest(struct campaign *campaign) {
    bool is_found = false;
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct campaign_row *row = &campaign->rows[i];
        if (campaign_row_is_used(row) && row->source.has_moment &&
            (!is_found || row->source.moment > campaign->latest)) {
            campaign->latest = row->source.moment;
            is_found = true;
        }
    }
    return is_found;
}

static void fill_dates(struct judging *judging) {
    struct campaign *campaign = judging->campaign;
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct campaign_row *row = &campaign->rows[i];
        row->moment = row->source.moment;
        if (campaign_row_is_used(row) && !row->source.has_moment) {
            row->moment = campaign->latest;
            rules_count(judging->rules, KIND_CAMPAIGNS, CORRECTION_DATES_FILLED);
        }
    }
}

int campaign_judge(struct campaign *campaign, struct rules *rules, struct error *error) {
    struct judging judging = {.campaign = campaign, .rules = rules};
    for (size_t i = 0; i < campaign->row_count; i++) {
        judge_row(&judging, &campaign->rows[i]);
    }
    const char *refused = refusal(rules, campaign->name);
    bool is_left = refused == NULL && find_latest(campaign);
    if (is_left) {
        fill_dates(&judging);
    } else if (refused != NULL) {
        reject_all(&judging, CORRECTION_TARGET_ACCEPTS, refused);
    } else {
        reject_all(&judging, CORRECTION_DATES_FILLED, "no row of the campaign has a date");
    }
    int rc =
        campaign->arena.failed ? error_set_no_memory(error) : text_check(&judging.reason, error);
    text_free(&judging.reason);
    return rc != 0 ? -1 : is_left;
}
