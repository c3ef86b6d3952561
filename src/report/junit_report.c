#include <inttypes.h>

#include "report/command.h"
#include "report/report.h"
#include "report/xml_text.h"
#include "workspace/attempts.h"
#include "workspace/documents.h"
#include "workspace/listing.h"
#include "workspace/summary.h"

/* The element by which JUnit states how a testcase has ended; NULL: it passed. */
static const char *const elements[STANDING_CLASS_COUNT] = {[CLASS_BAD] = "failure",
                                                           [CLASS_UNCLEAR] = "error",
                                                           [CLASS_OPEN] = "skipped",
                                                           [CLASS_WELL] = NULL};

struct junit_report {
    const struct report *report;
    struct summary summary;
    const char *suite; /* the one that is being written */
    struct text out;
    struct text reason;
};

/* A testsuite's own attributes, before its testcases. */
struct totals {
    int64_t classes[STANDING_CLASS_COUNT];
    int64_t duration; /* of all attempts, microseconds */
};

static bool is_balanced(const struct summary_table *table) {
    return table->rows == table->outcomes[OUTCOME_USED] + table->outcomes[OUTCOME_SKIPPED] +
                              table->outcomes[OUTCOME_REJECTED] + table->left;
}

static void count_tables(const struct summary *summary, struct totals *totals) {
    for (size_t i = 0; i < summary->table_count; i++) {
        const struct summary_table *table = &summary->tables[i];
        const struct summary_reasons *rejects = &table->reasons[OUTCOME_REJECTED];
        totals->classes[is_balanced(table) ? CLASS_WELL : CLASS_BAD]++;
        for (size_t n = 0; n < rejects->count; n++) {
            totals->classes[CLASS_BAD] += rejects->items[n].rows;
        }
    }
}

static void count_documents(const struct summary_kind *kind, struct totals *totals) {
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if ((DOCUMENTS_PLANNED & STANDING_BIT(standing)) != 0) {
            totals->classes[standing_meanings[standing].class] += kind->standings[standing];
        }
    }
}

/* One testcase for all strangers of a kind. */
static void count_strangers(const struct summary_kind *kind, struct totals *totals) {
    totals->classes[CLASS_BAD] += kind->strangers > 0;
}

static void append_seconds(struct text *out, int64_t microseconds) {
    text_append_format(out, " time=\"%" PRId64 ".%06" PRId64 "\"", microseconds / 1000000,
                       microseconds % 1000000);
}

static void append_count(struct text *out, const char *name, int64_t count) {
    text_append_format(out, " %s=\"%" PRId64 "\"", name, count);
}

static void begin_suite(struct junit_report *junit, const struct totals *totals) {
    struct text *out = &junit->out;
    int64_t tests = 0;
    for (size_t i = 0; i < STANDING_CLASS_COUNT; i++) {
        tests += totals->classes[i];
    }
    text_append_string(out, "  <testsuite");
    xml_append_attribute(out, "name", span_of(junit->suite));
    append_count(out, "tests", tests);
    append_count(out, "failures", totals->classes[CLASS_BAD]);
    append_count(out, "errors", totals->classes[CLASS_UNCLEAR]);
    append_count(out, "skipped", totals->classes[CLASS_OPEN]);
    append_seconds(out, totals->duration);
    text_append_string(out, ">\n");
}

static void begin_case(struct junit_report *junit, struct span group, struct span name) {
    struct text class = {0};
    text_append_string(&class, junit->suite);
    text_append_char(&class, '.');
    text_append(&class, group);
    text_append_string(&junit->out, "    <testcase");
    xml_append_attribute(&junit->out, "classname", text_span(&class));
    xml_append_attribute(&junit->out, "name", name);
    text_free(&class);
}

/* A testcase that has passed has no element; `skipped` takes a message only. */
static void end_case(struct junit_report *junit, enum standing_class class, struct span type,
                     struct span message) {
    struct text *out = &junit->out;
    if (class == CLASS_WELL) {
        text_append_string(out, "/>\n");
        return;
    }
    text_append_format(out, ">\n      <%s", elements[class]);
    xml_append_attribute(out, "message", message);
    if (class != CLASS_OPEN) {
        xml_append_attribute(out, "type", type);
    }
    text_append_string(out, "/>\n    </testcase>\n");
}

static void write_tables(struct junit_report *junit) {
    for (size_t i = 0; i < junit->summary.table_count; i++) {
        const struct summary_table *table = &junit->summary.tables[i];
        text_clear(&junit->reason);
        text_append_format(&junit->reason,
                           "the table has %" PRId64 " rows, and %" PRId64 " are used, %" PRId64
                           " skipped, %" PRId64 " rejected, %" PRId64 " left at the source",
                           table->rows, table->outcomes[OUTCOME_USED],
                           table->outcomes[OUTCOME_SKIPPED], table->outcomes[OUTCOME_REJECTED],
                           table->left);
        begin_case(junit, span_of("balance"), table->name);
        end_case(junit, is_balanced(table) ? CLASS_WELL : CLASS_BAD, span_of("unbalanced"),
                 text_span(&junit->reason));
    }
}

static int write_rejects(struct junit_report *junit, struct error *error) {
    struct listing rows;
    if (listing_open(&rows, junit->report->workspace, LISTING_REJECTS, &(struct listing_filter){0},
                     error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&rows, error)) == 1) {
        text_clear(&junit->reason);
        text_append_string(&junit->reason, "row ");
        text_append(&junit->reason, listing_text(&rows, ROW_NAME));
        begin_case(junit, listing_text(&rows, ROW_TABLE), text_span(&junit->reason));
        end_case(junit, CLASS_BAD, span_of(row_outcome_name(OUTCOME_REJECTED)),
                 listing_text(&rows, ROW_BECAUSE));
        if (report_flush(junit->report->out, &junit->out, error) != 0) {
            rc = -1;
            break;
        }
    }
    listing_close(&rows);
    return rc;
}

static int write_document(void *context, const struct listed_document *document,
                          struct error *error) {
    struct junit_report *junit = context;
    const struct standing_meaning *meaning = &standing_meanings[document->standing];
    text_clear(&junit->reason);
    document_append_reason(document, &junit->reason);
    begin_case(junit, span_of("documents"), document->key);
    append_seconds(&junit->out, document->duration);
    end_case(junit, meaning->class, span_of(meaning->name), text_span(&junit->reason));
    return report_flush(junit->report->out, &junit->out, error);
}

static void write_strangers(struct junit_report *junit, const struct summary_kind *kind) {
    if (kind->strangers == 0) {
        return;
    }
    text_clear(&junit->reason);
    text_append_format(&junit->reason, "%" PRId64 " new on the target, and of no document: see ",
                       kind->strangers);
    command_append(junit->report->program, "findings", workspace_path(junit->report->workspace),
                   &junit->reason);
    begin_case(junit, span_of("target"), span_of("strangers"));
    end_case(junit, CLASS_BAD, span_of("stranger"), text_span(&junit->reason));
}

static int write_rows_suite(struct junit_report *junit, struct error *error) {
    struct totals totals = {0};
    junit->suite = "tables";
    count_tables(&junit->summary, &totals);
    begin_suite(junit, &totals);
    write_tables(junit);
    int rc = write_rejects(junit, error);
    text_append_string(&junit->out, "  </testsuite>\n");
    return rc;
}

static int write_kind_suite(struct junit_report *junit, size_t kind, struct error *error) {
    struct totals totals = {0};
    /* Names are terminated in the arena. */
    junit->suite = junit->summary.kinds[kind].name.data;
    count_documents(&junit->summary.kinds[kind], &totals);
    count_strangers(&junit->summary.kinds[kind], &totals);
    if (attempts_sum_durations(junit->report->workspace, kind, &totals.duration, error) != 0) {
        return -1;
    }
    begin_suite(junit, &totals);
    write_strangers(junit, &junit->summary.kinds[kind]);
    int rc = documents_each(
        junit->report->workspace,
        &(struct document_filter){.kind = junit->suite, .standings = DOCUMENTS_PLANNED},
        write_document, junit, error);
    text_append_string(&junit->out, "  </testsuite>\n");
    return rc;
}

int report_write_junit(const struct report *report, struct error *error) {
    struct junit_report junit = {.report = report};
    if (summary_load(report->workspace, &junit.summary, error) != 0) {
        return -1;
    }
    text_append_string(&junit.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                   "<testsuites name=\"rowpost\">\n");
    int rc = junit.summary.table_count == 0 ? 0 : write_rows_suite(&junit, error);
    for (size_t kind = 0; rc == 0 && kind < junit.summary.kind_count; kind++) {
        rc = write_kind_suite(&junit, kind, error);
    }
    text_append_string(&junit.out, "</testsuites>\n");
    if (rc == 0) {
        rc = report_flush(report->out, &junit.out, error);
    }
    text_free(&junit.out);
    text_free(&junit.reason);
    summary_free(&junit.summary);
    return rc;
}
