#include "base/date.h"
#include "base/json_writer.h"
#include "base/version.h"
#include "report/document_report.h"
#include "report/report.h"
#include "report/summary_report.h"
#include "workspace/attempts.h"
#include "workspace/documents.h"

struct json_report {
    const struct report *report;
    struct json_writer json;
    struct text out;
    struct text reason;
};

static void write_rules(struct json_writer *json, const char *key,
                        const struct migration_rule *rules, size_t count) {
    json_write_key(json, key);
    json_begin_object(json);
    for (size_t i = 0; i < count; i++) {
        json_member_string(json, rules[i].id, span_of(rules[i].meaning));
    }
    json_end_object(json);
}

static void write_timing(void *context, const struct timing *timing) {
    static const char *const names[TIMING_RANK_COUNT] = {"p50", "p90", "p99", "max"};
    struct json_writer *json = context;
    json_begin_object(json);
    json_member_string(json, "purpose", span_of(purpose_name(timing->purpose)));
    json_member_integer(json, "attempts", timing->attempts);
    json_member_integer(json, "answered", timing->answered);
    json_write_key(json, "microseconds");
    if (timing->answered == 0) {
        json_write_null(json);
    } else {
        json_begin_object(json);
        for (size_t i = 0; i < TIMING_RANK_COUNT; i++) {
            json_member_integer(json, names[i], timing->ranks[i]);
        }
        json_end_object(json);
    }
    json_end_object(json);
}

static void write_identity(struct json_writer *json, const struct listed_document *document) {
    json_member_string(json, "kind", document->kind);
    json_member_string(json, "key", document->key);
    json_member_string(
        json, "state",
        span_of(document->state == STATE_COUNT ? "damaged" : state_name(document->state)));
    json_member_string(json, "verdict", span_of(verdict_name(document->verdict)));
    json_member_string(json, "change", span_of(change_name(document->change)));
    json_member_string(json, "origin", document->origin);
    json_member_string(json, "target_id", document->target_id);
}

static int write_document(void *context, const struct listed_document *document,
                          struct error *error) {
    struct json_report *report = context;
    struct json_writer *json = &report->json;
    text_clear(&report->reason);
    document_append_reason(document, &report->reason);
    json_begin_object(json);
    write_identity(json, document);
    json_member_string(json, "reason", text_span(&report->reason));
    json_member_integer(json, "source_row_count", document->source_rows);
    struct workspace *workspace = report->report->workspace;
    if (document_write_section(workspace, LISTING_ATTEMPTS_OF_DOCUMENT, "attempts", document->id,
                               NULL, json, error) != 0 ||
        document_write_section(workspace, LISTING_FINDINGS_OF_DOCUMENT, "findings", document->id,
                               NULL, json, error) != 0 ||
        text_check(&report->reason, error) != 0) {
        return -1;
    }
    json_end_object(json);
    return report_flush(report->report->out, &report->out, error);
}

static int write_summary(struct json_report *report, struct error *error) {
    struct summary summary;
    struct workspace *workspace = report->report->workspace;
    if (summary_load(workspace, &summary, error) != 0) {
        return -1;
    }
    int rc = summary_write_members(&summary, workspace, &report->json, error);
    summary_free(&summary);
    return rc;
}

static int write_report(struct json_report *report, struct error *error) {
    const struct migration *migration = report->report->migration;
    struct json_writer *json = &report->json;
    char now[DATE_MOMENT_SIZE];
    date_format_moment(date_now(), now);
    json_begin_object(json);
    if (write_summary(report, error) != 0) {
        return -1;
    }
    json_member_string(json, "written", span_of(now));
    json_member_string(json, "program", span_of(version_text));
    json_write_key(json, "meanings");
    json_begin_object(json);
    write_rules(json, "corrections", migration->corrections, migration->correction_count);
    write_rules(json, "skips", migration->skips, migration->skip_count);
    json_end_object(json);
    json_write_key(json, "timing");
    json_begin_array(json);
    if (attempts_each_timing(report->report->workspace, write_timing, json, error) != 0) {
        return -1;
    }
    json_end_array(json);
    json_write_key(json, "attention");
    json_begin_array(json);
    if (documents_each(report->report->workspace,
                       &(struct document_filter){.standings = documents_wanting_attention()},
                       write_document, report, error) != 0) {
        return -1;
    }
    json_end_array(json);
    json_end_object(json);
    text_append_char(&report->out, '\n');
    return report_flush(report->report->out, &report->out, error);
}

int report_write_json(const struct report *report, struct error *error) {
    struct json_report json = {.report = report};
    json.json = json_writer_to(&json.out);
    int rc = write_report(&json, error);
    text_free(&json.out);
    text_free(&json.reason);
    return rc;
}
