#include "report/csv_row.h"
#include "report/report.h"
#include "workspace/documents.h"

static const char *const columns[] = {"kind",         "key",          "state",       "verdict",
                                      "change",       "reason",       "source_rows", "attempts",
                                      "last_attempt", "last_purpose", "last_status", "last_outcome",
                                      "last_answer",  "findings",     "target_id",   "origin"};

struct csv_report {
    const struct report *report;
    struct text line;
    struct text reason;
};

static int write_document(void *context, const struct listed_document *document,
                          struct error *error) {
    struct csv_report *csv = context;
    struct csv_row row = csv_row_begin(&csv->line);
    text_clear(&csv->reason);
    document_append_reason(document, &csv->reason);
    csv_row_add(&row, document->kind);
    csv_row_add(&row, document->key);
    csv_row_add(&row, span_of(state_name(document->state)));
    csv_row_add(&row, span_of(verdict_name(document->verdict)));
    csv_row_add(&row, span_of(change_name(document->change)));
    csv_row_add(&row, text_span(&csv->reason));
    csv_row_add_integer(&row, document->source_rows);
    csv_row_add_integer(&row, document->attempts);
    csv_row_add(&row, document->started);
    csv_row_add(&row, document->purpose);
    if (document->status == 0) {
        csv_row_add(&row, span_of(""));
    } else {
        csv_row_add_integer(&row, document->status);
    }
    csv_row_add(&row, document->outcome);
    csv_row_add(&row, document->answer);
    csv_row_add_integer(&row, document->findings);
    csv_row_add(&row, document->target_id);
    csv_row_add(&row, document->origin);
    csv_row_end(&row);
    return text_check(&csv->reason, error) == 0 ? report_flush(csv->report->out, &csv->line, error)
                                                : -1;
}

int report_write_csv(const struct report *report, struct error *error) {
    struct csv_report csv = {.report = report};
    struct csv_row row = csv_row_begin(&csv.line);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        csv_row_add(&row, span_of(columns[i]));
    }
    csv_row_end(&row);
    int rc =
        documents_each(report->workspace, &(struct document_filter){.standings = DOCUMENTS_ALL},
                       write_document, &csv, error);
    if (rc == 0) {
        rc = report_flush(report->out, &csv.line, error);
    }
    text_free(&csv.line);
    text_free(&csv.reason);
    return rc;
}
