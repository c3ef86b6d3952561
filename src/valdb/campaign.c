#include "valdb/campaign.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "valdb/texts.h"

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

/* What judging one row needs beside it. */
struct judging {
    struct campaign *campaign;
    struct rules *rules;
    struct text reason;
};

static void reject(struct judging *judging, struct campaign_row *row, enum correction correction,
                   struct span reason) {
    row->use = ROW_REJECTED;
    row->reason = arena_copy(&judging->campaign->arena, reason);
    rules_corrects(judging->rules, KIND_CAMPAIGNS, correction);
}

static void skip(struct campaign_row *row, enum skip rule) {
    row->use = ROW_SKIPPED;
    row->skip = rule;
}

static const char *find_broken_text(const struct campaign_row *row) {
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (!json_is_utf8(row->source.fields[i])) {
            return releases_field_name((enum release_field)i);
        }
    }
    return NULL;
}

/* The group of an earlier version; it is found again among the reports later. */
static void judge_history(struct judging *judging, struct campaign_row *row) {
    const struct span *fields = row->source.fields;
    enum migration_rules set = judging->rules->settings->rules;
    bool is_folded;
    row->use = ROW_HISTORY;
    if (token_find_report_group(fields[FIELD_STATUS_KIND], set, &row->group.group) ==
            TOKEN_UNKNOWN ||
        row->group.group == GROUP_SUMMARY ||
        rules_find_subcategory(judging->rules, fields[FIELD_CATEGORY], fields[FIELD_SUBCATEGORY],
                               &row->group, &is_folded, &judging->reason) != 0) {
        skip(row, SKIP_HISTORY_WITHOUT_REPORT);
    }
}

/* 0, or -1 and the reading's reason says what is wrong. `*is_folded` is set where folding was
 * needed, and left alone otherwise. */
static int judge_status(struct judging *judging, struct campaign_row *row, bool *is_folded) {
    struct rules *rules = judging->rules;
    struct span status = row->source.fields[FIELD_VALIDATION_STATUS];
    if (span_is_empty(span_trim(status)) &&
        rules_corrects(rules, KIND_CAMPAIGNS, CORRECTION_STATUS_DEFAULT)) {
        row->status = STATUS_NOT_YET_DONE;
        return 0;
    }
    bool is_signoff_failure;
    enum token_match match =
        token_find_status(status, rules->settings->rules, &row->status, &is_signoff_failure);
    if (match == TOKEN_UNKNOWN) {
        text_clear(&judging->reason);
        text_append_string(&judging->reason, "unknown status \"");
        text_append(&judging->reason, status);
        text_append_format(&judging->reason, "\"; expected one of %s",
                           token_statuses(rules->settings->rules));
        return -1;
    }
    if (is_signoff_failure) {
        rules_corrects(rules, KIND_CAMPAIGNS, CORRECTION_STATUS_SIGNOFF_FAILURE);
    }
    *is_folded = *is_folded || match == TOKEN_FOLDED;
    return 0;
}

static int judge_date(struct judging *judging, const struct campaign_row *row) {
    if (row->source.date == DATE_UNREADABLE) {
        text_clear(&judging->reason);
        text_append_string(&judging->reason, "unreadable date \"");
        text_append(&judging->reason, row->source.fields[FIELD_DATE]);
        text_append_string(&judging->reason, "\"; expected ISO text or whole seconds since 1970");
        return -1;
    }
    if (row->source.date == DATE_MISSING && !judging->rules->is_corrected) {
        text_clear(&judging->reason);
        text_append_string(&judging->reason, "the notebook stops at a null date");
        return -1;
    }
    return 0;
}

static void judge_current(struct judging *judging, struct campaign_row *row) {
    struct rules *rules = judging->rules;
    const struct span *fields = row->source.fields;
    struct span kind = fields[FIELD_STATUS_KIND];
    bool is_folded = false;
    enum token_match match =
        token_find_report_group(kind, rules->settings->rules, &row->group.group);
    if (match == TOKEN_UNKNOWN) {
        skip(row, SKIP_KIND_NOT_A_GROUP);
        return;
    }
    row->use = row->group.group == GROUP_SUMMARY ? ROW_SUMMARY : ROW_REPORT;
    if (rules_find_subcategory(rules, fields[FIELD_CATEGORY], fields[FIELD_SUBCATEGORY],
                               &row->group, &is_folded, &judging->reason) != 0 ||
        (row->use == ROW_REPORT && judge_status(judging, row, &is_folded) != 0) ||
        judge_date(judging, row) != 0) {
        reject(judging, row, CORRECTION_ROW_REJECTED, text_span(&judging->reason));
        return;
    }
    if (is_folded || match == TOKEN_FOLDED) {
        rules_corrects(rules, KIND_CAMPAIGNS, CORRECTION_TOKENS_FOLDED);
    }
    if (row->use == ROW_SUMMARY) {
        row->group.group = GROUP_NONE;
        rules_corrects(rules, KIND_CAMPAIGNS, CORRECTION_SUMMARY_KEPT);
    } else if (token_is_tracker_synonym(kind)) {
        rules_corrects(rules, KIND_CAMPAIGNS, CORRECTION_TRACKER_KEPT);
    }
}

static void judge_row(struct judging *judging, struct campaign_row *row) {
    const char *broken = find_broken_text(row);
    if (broken != NULL) {
        text_clear(&judging->reason);
        text_append_format(&judging->reason, "%s is not valid UTF-8", broken);
        reject(judging, row, CORRECTION_ROW_REJECTED, text_span(&judging->reason));
    } else if (row->source.table == TABLE_EARLIER) {
        judge_history(judging, row);
    } else {
        judge_current(judging, row);
    }
}

static bool is_used(const struct campaign_row *row) {
    return row->use == ROW_REPORT || row->use == ROW_SUMMARY;
}

/* No document: what would have been used is rejected, and earlier versions have no report. */
static void reject_all(struct judging *judging, enum correction correction, const char *reason) {
    struct campaign *campaign = judging->campaign;
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct campaign_row *row = &campaign->rows[i];
        if (is_used(row)) {
            reject(judging, row, correction, span_of(reason));
        } else if (row->use == ROW_HISTORY) {
            skip(row, SKIP_HISTORY_WITHOUT_REPORT);
        }
    }
}

/* Why ValDB2 would not take a campaign of that name, in its own words, or NULL. */
static const char *refusal(struct rules *rules, struct span name) {
    if (!rules->is_corrected || patterns_is_campaign_name(rules->patterns, name)) {
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
        if (is_used(row) && row->source.date == DATE_GIVEN &&
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
        if (is_used(row) && row->source.date == DATE_MISSING &&
            rules_corrects(judging->rules, KIND_CAMPAIGNS, CORRECTION_DATES_FILLED)) {
            row->moment = campaign->latest;
        }
    }
}

static bool has_used_row(const struct campaign *campaign) {
    for (size_t i = 0; i < campaign->row_count; i++) {
        if (is_used(&campaign->rows[i])) {
            return true;
        }
    }
    return false;
}

int campaign_judge(struct campaign *campaign, struct rules *rules, struct error *error) {
    struct judging judging = {.campaign = campaign, .rules = rules};
    for (size_t i = 0; i < campaign->row_count; i++) {
        judge_row(&judging, &campaign->rows[i]);
    }
    const char *refused = refusal(rules, campaign->name);
    bool is_left = has_used_row(campaign);
    if (refused != NULL || !is_left) {
        reject_all(&judging, CORRECTION_TARGET_ACCEPTS, refused);
        is_left = false;
    } else if (!find_latest(campaign)) {
        reject_all(&judging, CORRECTION_DATES_FILLED, "no row of the campaign has a date");
        is_left = false;
    } else {
        fill_dates(&judging);
    }
    int rc =
        campaign->arena.failed ? error_set_no_memory(error) : text_check(&judging.reason, error);
    text_free(&judging.reason);
    return rc != 0 ? -1 : is_left;
}
