#include "valdb/steps_private.h"

#include <stdlib.h>

#include "base/date.h"
#include "valdb/campaign.h"
#include "valdb/releases.h"
#include "valdb/reports.h"
#include "valdb/texts.h"

struct writing {
    struct rules *rules;
    struct reports reports;
    struct authors authors;
    struct campaign campaign;
    struct text body;
    struct text scratch;
    int64_t reference_day;
    struct arena arena; /* of the rows of one document */
};

/* The notebook takes the first row's address, even if empty; corrected: the first that is not
 * (correction relmon-first). */
static struct span find_relmon(struct rules *rules, const struct campaign *campaign) {
    bool is_first = true;
    for (size_t i = 0; i < campaign->row_count; i++) {
        if (!campaign_row_is_used(&campaign->rows[i])) {
            continue;
        }
        struct span relmon = campaign->rows[i].source.status[STATUS_RELMON_URL];
        if (!rules_allow(rules, CORRECTION_RELMON_FIRST)) {
            return relmon;
        }
        if (!span_is_empty(span_trim(relmon))) {
            if (!is_first) {
                rules_count(rules, KIND_CAMPAIGNS, CORRECTION_RELMON_FIRST);
            }
            return relmon;
        }
        is_first = false;
    }
    return (struct span){0};
}

/* The first release that a SUMMARY row's comments name, or the campaign's own name (correction
 * releases-from-summary). */
static struct span find_release(struct rules *rules, const struct campaign *campaign,
                                enum pattern pattern, bool *is_found) {
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct span release;
        const struct campaign_row *row = &campaign->rows[i];
        if (row->use == ROW_SUMMARY &&
            patterns_find(rules->patterns, pattern, row->source.status[STATUS_COMMENTS],
                          &release)) {
            *is_found = true;
            return release;
        }
    }
    return campaign->name;
}

static void append_description(struct rules *rules, const struct campaign *campaign,
                               struct text *out) {
    text_clear(out);
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct campaign_row *row = &campaign->rows[i];
        if (row->use != ROW_SUMMARY) {
            continue;
        }
        const struct span *fields = row->source.status;
        text_append_string(out, out->length == 0 ? "### " : "\n\n### ");
        rules_append_group_id(rules, row->group, out);
        text_append_string(out, "\n\n**Status:** ");
        text_append(out, texts_status(fields[STATUS_VALIDATION_STATUS]));
        text_append_string(out, "\n\n");
        texts_append_comments_and_links(out, rules->patterns, fields[STATUS_COMMENTS],
                                        fields[STATUS_LINKS]);
    }
}

static void write_subcategories(struct writing *writing, struct json_writer *json) {
    const struct campaign *campaign = &writing->campaign;
    bool is_written[CATEGORY_COUNT][SUBCATEGORY_COUNT] = {{false}};
    json_write_key(json, "subcategories");
    json_begin_array(json);
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct campaign_row *row = &campaign->rows[i];
        if (!campaign_row_is_used(row) || is_written[row->group.category][row->group.subcategory]) {
            continue;
        }
        is_written[row->group.category][row->group.subcategory] = true;
        struct group_id id = row->group;
        id.group = GROUP_NONE;
        text_clear(&writing->scratch);
        rules_append_group_id(writing->rules, id, &writing->scratch);
        json_write_string(json, text_span(&writing->scratch));
    }
    json_end_array(json);
}

/* The body of POST /api/campaigns/migrate/ (notebook cell 36). */
static int write_body(struct writing *writing, struct error *error) {
    struct rules *rules = writing->rules;
    struct campaign *campaign = &writing->campaign;
    struct json_writer json = json_writer_to(&writing->body);
    char deadline[DATE_DAY_SIZE];
    int64_t day = date_day_of(campaign->latest);
    date_format_day(day, deadline);
    bool is_found = false;
    text_clear(&writing->body);
    json_begin_object(&json);
    json_member_string(&json, "name", campaign->name);
    append_description(rules, campaign, &writing->scratch);
    json_member_string(&json, "description", text_span(&writing->scratch));
    json_member_string(&json, "deadline", span_of(deadline));
    json_member_string(&json, "target_release",
                       find_release(rules, campaign, PATTERN_TARGET, &is_found));
    json_member_string(&json, "reference_release",
                       find_release(rules, campaign, PATTERN_REFERENCE, &is_found));
    if (is_found) {
        rules_count(rules, KIND_CAMPAIGNS, CORRECTION_RELEASES_FROM_SUMMARY);
    }
    json_member_string(&json, "relmon", find_relmon(rules, campaign));
    write_subcategories(writing, &json);
    json_write_key(&json, "reports");
    if (reports_write(&writing->reports, campaign, &json, error) != 0) {
        return -1;
    }
    json_member_boolean(&json, "is_open", day > writing->reference_day);
    json_end_object(&json);
    return text_check(&writing->body, error);
}

/* A row that another row of the campaign has settled already is skipped. */
static int use_row(struct writing *writing, const struct campaign_row *row, enum release_side side,
                   struct ledger_uses *uses, struct error *error) {
    struct rules *rules = writing->rules;
    struct ledger_row named = releases_row(rules, &row->source, side);
    return ledger_is_settled(named.table, named.row)
               ? 0
               : ledger_use(named, uses, &writing->arena, error);
}

static bool is_kept(const struct campaign_row *row) {
    return row->use != ROW_SKIPPED && row->use != ROW_REJECTED;
}

static int put_document(struct writing *writing, struct error *error) {
    const struct campaign *campaign = &writing->campaign;
    struct ledger_uses uses = {0};
    if (reports_choose(&writing->reports, &writing->campaign, error) != 0 ||
        write_body(writing, error) != 0) {
        return -1;
    }
    arena_reset(&writing->arena);
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct campaign_row *row = &campaign->rows[i];
        if (is_kept(row) && (use_row(writing, row, SIDE_RELEASE, &uses, error) != 0 ||
                             use_row(writing, row, SIDE_STATUS, &uses, error) != 0)) {
            return -1;
        }
    }
    struct plan_document document = {
        .kind = KIND_CAMPAIGNS, .key = campaign->name, .body = text_span(&writing->body)};
    return ledger_put_document(writing->rules->ledger, document, &uses, error);
}

/* The reason for the row on that side: its own, or what its partner is rejected for. */
static struct span reason_for(struct writing *writing, const struct campaign_row *row,
                              enum release_side side) {
    if (row->use == ROW_SKIPPED) {
        return span_of(skip_rules[row->skip].id);
    }
    if (row->fault == side || row->source.status_is_rejected) {
        return row->reason;
    }
    releases_explain_partner(&row->source, row->fault, row->reason, &writing->scratch);
    return text_span(&writing->scratch);
}

/* A row that is not in the document. Another campaign may use its row of STATUS. */
static int end_row(struct writing *writing, const struct campaign_row *row, enum release_side side,
                   struct error *error) {
    struct ledger *ledger = writing->rules->ledger;
    struct ledger_row named = releases_row(writing->rules, &row->source, side);
    if (ledger_is_settled(named.table, named.row)) {
        return 0;
    }
    text_clear(&writing->body);
    releases_append_json(&row->source, side, &writing->body);
    struct span content = text_span(&writing->body);
    struct span because = reason_for(writing, row, side);
    bool is_skipped = row->use == ROW_SKIPPED;
    if (side == SIDE_STATUS) {
        return ledger_propose(ledger, named, is_skipped ? OUTCOME_SKIPPED : OUTCOME_REJECTED,
                              because, content, error);
    }
    return is_skipped ? ledger_skip(ledger, named, skip_rules[row->skip].id, content, error)
                      : ledger_reject(ledger, named, because, content, error);
}

static int finish_campaign(struct writing *writing, struct error *error) {
    struct campaign *campaign = &writing->campaign;
    if (campaign->row_count == 0) {
        return 0;
    }
    int judged = campaign_judge(campaign, writing->rules, error);
    if (judged < 0 || (judged == 1 && put_document(writing, error) != 0)) {
        return -1;
    }
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct campaign_row *row = &campaign->rows[i];
        bool is_open = !row->source.status_is_rejected; /* its row of STATUS */
        if (!is_kept(row) && (end_row(writing, row, SIDE_RELEASE, error) != 0 ||
                              (is_open && end_row(writing, row, SIDE_STATUS, error) != 0))) {
            return -1;
        }
    }
    campaign_reset(campaign);
    return 0;
}

/* The current row goes to the campaign of that name; another name ends the campaign before. */
static int take_row(struct writing *writing, struct releases *releases, struct span name,
                    struct error *error) {
    struct campaign *campaign = &writing->campaign;
    if (campaign->row_count > 0 && !span_equal(campaign->name, name) &&
        finish_campaign(writing, error) != 0) {
        return -1;
    }
    if (campaign->row_count == 0) {
        campaign->name = arena_copy(&campaign->arena, name);
    }
    struct campaign_row *row = campaign_add_row(campaign, error);
    if (row == NULL) {
        return -1;
    }
    return releases_take(releases, &campaign->arena, &row->source, error);
}

static int write_campaigns(struct writing *writing, struct error *error) {
    struct releases *releases = releases_open(writing->rules, error);
    if (releases == NULL) {
        return -1;
    }
    struct span name;
    int rc;
    while ((rc = releases_next(releases, &name, error)) == 1) {
        if (take_row(writing, releases, name, error) != 0) {
            rc = -1;
            break;
        }
    }
    if (rc == 0) {
        rc = finish_campaign(writing, error);
    }
    releases_close(releases);
    return rc == 0 ? releases_settle_rest(writing->rules, error) : -1;
}

/* Two calendar months earlier, the day clamped to the month's end (notebook cell 3). */
static int64_t two_months_before(int64_t day) {
    char text[DATE_DAY_SIZE]; /* YYYY-MM-DD */
    int64_t found = day;
    date_format_day(day, text);
    long year = strtol(text, NULL, 10);
    long month = strtol(text + 5, NULL, 10);
    long day_of_month = strtol(text + 8, NULL, 10);
    year -= month <= 2;
    month += month <= 2 ? 10 : -2;
    struct text earlier = {0};
    do {
        text_clear(&earlier);
        text_append_format(&earlier, "%04ld-%02ld-%02ld", year, month, day_of_month--);
    } while (date_parse_day(text_span(&earlier), &found) != 0 && day_of_month > 0);
    text_free(&earlier);
    return found;
}

int campaigns_plan(struct rules *rules, struct users *users, struct error *error) {
    struct writing writing = {.rules = rules,
                              .reference_day = two_months_before(rules->settings->as_of)};
    writing.reports.rules = rules;
    writing.reports.users = users;
    writing.reports.authors = &writing.authors;
    int rc = write_campaigns(&writing, error);
    if (rc == 0) {
        rc = authors_report(&writing.authors, rules, error) == 0
                 ? reports_warn_of_authors(&writing.reports, error)
                 : -1;
    }
    reports_free(&writing.reports);
    authors_free(&writing.authors);
    campaign_free(&writing.campaign);
    arena_free(&writing.arena);
    text_free(&writing.body);
    text_free(&writing.scratch);
    return rc;
}
