#include "valdb/campaigns.h"

#include "base/date.h"
#include "valdb/campaign.h"
#include "valdb/releases.h"
#include "valdb/reports.h"
#include "valdb/texts.h"

/* What the join of RELEASES and STATUS hides; and the counts that tell cheaply whether it hides
 * anything, as RELEASES.ID is a primary key. */
static const char releases_count_sql[] = "SELECT COUNT(*) AS N FROM RELEASES";
static const char status_count_sql[] = "SELECT COUNT(*) AS N FROM STATUS";

static const char without_status_sql[] =
    "SELECT R.ID AS ID, R.CATEGORY AS CATEGORY, R.SUBCATEGORY AS SUBCATEGORY,"
    " R.RELEASE_NAME AS RELEASE_NAME, R.STATUS_KIND AS STATUS_KIND"
    " FROM RELEASES R WHERE R.ID NOT IN (SELECT S.ID FROM STATUS S WHERE S.ID IS NOT NULL)"
    " ORDER BY R.ID";

static const char without_release_sql[] =
    "SELECT S.ID AS ID, S.VALIDATION_STATUS AS VALIDATION_STATUS, S.COMMENTS AS COMMENTS,"
    " S.LINKS AS LINKS, S.USER_NAME AS USER_NAME, S.RELMON_URL AS RELMON_URL"
    " FROM STATUS S WHERE S.ID IS NULL OR S.ID NOT IN (SELECT R.ID FROM RELEASES R)"
    " ORDER BY S.ID";

struct writing {
    struct rules *rules;
    struct reports reports;
    struct authors authors;
    struct campaign campaign;
    struct text body;
    struct text scratch;
    int64_t reference_day;
    int64_t distinct_ids; /* of the rows read: they stand behind each other */
};

static bool is_used(const struct campaign_row *row) {
    return row->use == ROW_REPORT || row->use == ROW_SUMMARY;
}

/* The notebook takes the first row's address, even if empty; corrected: the first that is not
 * (correction relmon-first). */
static struct span find_relmon(struct rules *rules, const struct campaign *campaign) {
    bool is_first = true;
    for (size_t i = 0; i < campaign->row_count; i++) {
        if (!is_used(&campaign->rows[i])) {
            continue;
        }
        struct span relmon = campaign->rows[i].source.fields[FIELD_RELMON_URL];
        if (!rules->is_corrected) {
            return relmon;
        }
        if (!span_is_empty(span_trim(relmon))) {
            if (!is_first) {
                rules_corrects(rules, KIND_CAMPAIGNS, CORRECTION_RELMON_FIRST);
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
                                bool (*find)(struct patterns *, struct span, struct span *),
                                bool *is_found) {
    for (size_t i = 0; i < campaign->row_count; i++) {
        struct span release;
        const struct campaign_row *row = &campaign->rows[i];
        if (row->use == ROW_SUMMARY &&
            find(rules->patterns, row->source.fields[FIELD_COMMENTS], &release)) {
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
        const struct span *fields = row->source.fields;
        text_append_string(out, out->length == 0 ? "### " : "\n\n### ");
        rules_append_group_id(rules, row->group, out);
        text_append_string(out, "\n\n**Status:** ");
        text_append(out, texts_status(fields[FIELD_VALIDATION_STATUS]));
        text_append_string(out, "\n\n");
        texts_append_comments_and_links(out, rules->patterns, fields[FIELD_COMMENTS],
                                        fields[FIELD_LINKS]);
    }
}

static void write_subcategories(struct writing *writing, struct json_writer *json) {
    const struct campaign *campaign = &writing->campaign;
    bool is_written[CATEGORY_COUNT][SUBCATEGORY_COUNT] = {{false}};
    json_write_key(json, "subcategories");
    json_begin_array(json);
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct campaign_row *row = &campaign->rows[i];
        if (!is_used(row) || is_written[row->group.category][row->group.subcategory]) {
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
                       find_release(rules, campaign, patterns_find_target, &is_found));
    json_member_string(&json, "reference_release",
                       find_release(rules, campaign, patterns_find_reference, &is_found));
    if (is_found) {
        rules_corrects(rules, KIND_CAMPAIGNS, CORRECTION_RELEASES_FROM_SUMMARY);
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

/* Tells the sink what has become of a row. */
static int settle_row(struct writing *writing, const struct releases *releases,
                      const struct campaign_row *row, int64_t document, struct error *error) {
    struct migration_sink *sink = writing->rules->sink;
    struct row_reference reference = {.query = releases_query(releases, row->source.table),
                                      .row = row->source.fields[FIELD_ID]};
    bool is_kept = row->use != ROW_SKIPPED && row->use != ROW_REJECTED;
    bool is_shown = is_kept && migration_wants_content(sink, reference);
    if (is_kept && !is_shown) {
        return sink->use_row(sink->context, reference, document, error);
    }
    text_clear(&writing->scratch);
    releases_append_json(&row->source, &writing->scratch);
    struct span content = text_span(&writing->scratch);
    if (is_shown) {
        return sink->give_content(sink->context, reference, content, error) == 0
                   ? sink->use_row(sink->context, reference, document, error)
                   : -1;
    }
    return row->use == ROW_SKIPPED
               ? sink->skip_row(sink->context, reference, skip_rules[row->skip].id, content, error)
               : sink->reject_row(sink->context, reference, row->reason, content, error);
}

/* A STATUS.ID that stands twice gives two rows for one of RELEASES. */
static void count_ids(struct writing *writing) {
    const struct campaign *campaign = &writing->campaign;
    for (size_t i = 0; i < campaign->row_count; i++) {
        const struct release_row *row = &campaign->rows[i].source;
        writing->distinct_ids +=
            row->table == TABLE_CURRENT &&
            (i == 0 ||
             !span_equal(row->fields[FIELD_ID], campaign->rows[i - 1].source.fields[FIELD_ID]));
    }
}

static int finish_campaign(struct writing *writing, const struct releases *releases,
                           struct error *error) {
    struct migration_sink *sink = writing->rules->sink;
    struct campaign *campaign = &writing->campaign;
    if (campaign->row_count == 0) {
        return 0;
    }
    int64_t document = 0;
    int judged = campaign_judge(campaign, writing->rules, error);
    if (judged < 0) {
        return -1;
    }
    if (judged == 1) {
        if (reports_choose(&writing->reports, campaign, error) != 0 ||
            write_body(writing, error) != 0) {
            return -1;
        }
        struct document made = {
            .kind = KIND_CAMPAIGNS, .key = campaign->name, .body = text_span(&writing->body)};
        if (sink->add_document(sink->context, &made, &document, error) != 0) {
            return -1;
        }
    }
    count_ids(writing);
    for (size_t i = 0; i < campaign->row_count; i++) {
        if (settle_row(writing, releases, &campaign->rows[i], document, error) != 0) {
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
    if (span_is_null(name)) {
        name = span_of("");
    }
    if (campaign->row_count > 0 && !span_equal(campaign->name, name) &&
        finish_campaign(writing, releases, error) != 0) {
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

static int end_queries(struct writing *writing, const struct releases *releases,
                       struct error *error) {
    struct migration_sink *sink = writing->rules->sink;
    for (enum release_table table = 0; table < TABLE_COUNT; table++) {
        if ((table == TABLE_CURRENT || writing->rules->settings->history) &&
            sink->end_query(sink->context, releases_query(releases, table),
                            releases_rows_read(releases, table), error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int count_rows(struct source *source, const char *sql, int64_t *count, struct error *error) {
    struct rows *rows = source_query(source, sql, error);
    int rc = rows == NULL ? -1 : rows_step(rows, error);
    *count = rc == 1 ? rows_value(rows, 0).integer : 0;
    rows_close(rows);
    return rc < 0 ? -1 : 0;
}

/* Rows that have no partner in the other table. */
static int show_hidden(struct writing *writing, int64_t rows_read, struct error *error) {
    struct rules *rules = writing->rules;
    int64_t releases = 0;
    int64_t status = 0;
    int64_t shown = 0;
    if (count_rows(rules->source, releases_count_sql, &releases, error) != 0 ||
        count_rows(rules->source, status_count_sql, &status, error) != 0) {
        return -1;
    }
    if (releases != writing->distinct_ids &&
        rules_skip_all(rules, KIND_CAMPAIGNS, "releases-without-status", without_status_sql, "ID",
                       SKIP_STATUS_MISSING, &shown, error) != 0) {
        return -1;
    }
    if (status == rows_read) {
        return 0;
    }
    return rules_skip_all(rules, KIND_CAMPAIGNS, "status-without-release", without_release_sql,
                          "ID", SKIP_RELEASE_MISSING, &shown, error);
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
        rc = finish_campaign(writing, releases, error);
    }
    if (rc == 0) {
        rc = end_queries(writing, releases, error);
    }
    int64_t rows_read = releases_rows_read(releases, TABLE_CURRENT);
    releases_close(releases);
    return rc == 0 && writing->rules->is_corrected ? show_hidden(writing, rows_read, error) : rc;
}

int campaigns_plan(struct rules *rules, struct users *users, struct error *error) {
    struct writing writing = {.rules = rules,
                              .reference_day = date_two_months_before(rules->settings->as_of)};
    writing.reports.rules = rules;
    writing.reports.users = users;
    writing.reports.authors = &writing.authors;
    int rc = write_campaigns(&writing, error);
    if (rc == 0) {
        rc = authors_tell(&writing.authors, rules, error);
    }
    reports_free(&writing.reports);
    authors_free(&writing.authors);
    campaign_free(&writing.campaign);
    text_free(&writing.body);
    text_free(&writing.scratch);
    return rc;
}
