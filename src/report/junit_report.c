#include "report/junit_report.h"

#include <inttypes.h>

#include "base/statement.h"
#include "report/document_list.h"
#include "report/xml_text.h"
#include "workspace/account.h"

/* The element by which JUnit tells how a testcase has ended; NULL: it passed. */
static const char *const elements[] = {[FARE_FAILED] = "failure",
                                       [FARE_UNCLEAR] = "error",
                                       [FARE_OPEN] = "skipped",
                                       [FARE_WELL] = NULL};

enum { FARE_COUNT = sizeof elements / sizeof *elements };

struct junit_report {
    const struct report *report;
    struct account account;
    size_t kind; /* whose testsuite is being written */
    struct text out;
    struct text reason;
};

/* What a testsuite says of itself before its testcases. */
struct totals {
    int64_t fares[FARE_COUNT];
    int64_t duration; /* of all attempts, microseconds */
};

static const char *kind_name(const struct junit_report *junit) {
    /* Names are terminated where they stand in the arena. */
    return junit->account.kinds[junit->kind].name.data;
}

static bool is_balanced(const struct account_query *query) {
    return query->rows_read == query->used + query->skipped + query->rejected;
}

static int count_documents(struct junit_report *junit, struct totals *totals, struct error *error) {
    static const char sql[] = "SELECT state, verdict, count(*) FROM document"
                              " WHERE kind = ?1 AND change IS NOT 'gone' GROUP BY state, verdict";
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(junit->report->workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&rows, 1, (int64_t)junit->kind);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        enum state state = state_of(statement_text(&rows, 0));
        enum verdict verdict = verdict_of(statement_text(&rows, 1));
        totals->fares[document_fare_of(state, verdict)] += statement_integer(&rows, 2);
    }
    statement_finalize(&rows);
    return rc;
}

static int sum_durations(struct junit_report *junit, struct totals *totals, struct error *error) {
    static const char sql[] = "SELECT total(a.duration_us) FROM attempt a JOIN document d"
                              " ON d.id = a.document WHERE d.kind = ?1 AND d.change IS NOT 'gone'";
    struct statement sum;
    if (statement_prepare(&sum, workspace_database(junit->report->workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&sum, 1, (int64_t)junit->kind);
    int rc = statement_step(&sum, error);
    totals->duration = rc == 1 ? statement_integer(&sum, 0) : 0;
    statement_finalize(&sum);
    return rc < 0 ? -1 : 0;
}

static void count_queries(const struct junit_report *junit, struct totals *totals) {
    const struct account *account = &junit->account;
    for (size_t i = 0; i < account->query_count; i++) {
        const struct account_query *query = &account->queries[i];
        if (query->kind == junit->kind) {
            totals->fares[is_balanced(query) ? FARE_WELL : FARE_FAILED]++;
            for (size_t n = 0; n < query->reject_count; n++) {
                totals->fares[FARE_FAILED] += query->rejects[n].rows;
            }
        }
    }
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
    for (size_t i = 0; i < FARE_COUNT; i++) {
        tests += totals->fares[i];
    }
    text_append_string(out, "  <testsuite");
    xml_append_attribute(out, "name", span_of(kind_name(junit)));
    append_count(out, "tests", tests);
    append_count(out, "failures", totals->fares[FARE_FAILED]);
    append_count(out, "errors", totals->fares[FARE_UNCLEAR]);
    append_count(out, "skipped", totals->fares[FARE_OPEN]);
    append_seconds(out, totals->duration);
    text_append_string(out, ">\n");
}

static void begin_case(struct junit_report *junit, struct span group, struct span name) {
    struct text class = {0};
    text_append_string(&class, kind_name(junit));
    text_append_char(&class, '.');
    text_append(&class, group);
    text_append_string(&junit->out, "    <testcase");
    xml_append_attribute(&junit->out, "classname", text_span(&class));
    xml_append_attribute(&junit->out, "name", name);
    text_free(&class);
}

/* A testcase that has passed has nothing to say; `skipped` knows a message alone. */
static void end_case(struct junit_report *junit, enum document_fare fare, struct span type,
                     struct span message) {
    struct text *out = &junit->out;
    if (fare == FARE_WELL) {
        text_append_string(out, "/>\n");
        return;
    }
    text_append_format(out, ">\n      <%s", elements[fare]);
    xml_append_attribute(out, "message", message);
    if (fare != FARE_OPEN) {
        xml_append_attribute(out, "type", type);
    }
    text_append_string(out, "/>\n    </testcase>\n");
}

static void write_queries(struct junit_report *junit) {
    for (size_t i = 0; i < junit->account.query_count; i++) {
        const struct account_query *query = &junit->account.queries[i];
        if (query->kind != junit->kind) {
            continue;
        }
        text_clear(&junit->reason);
        text_append_format(&junit->reason,
                           "%" PRId64 " rows were read, and %" PRId64 " used, %" PRId64
                           " skipped, %" PRId64 " rejected",
                           query->rows_read, query->used, query->skipped, query->rejected);
        begin_case(junit, span_of("balance"), query->name);
        end_case(junit, is_balanced(query) ? FARE_WELL : FARE_FAILED, span_of("unbalanced"),
                 text_span(&junit->reason));
    }
}

static int write_rejects(struct junit_report *junit, struct error *error) {
    static const char sql[] = "SELECT q.name, s.row, s.because FROM source_row s JOIN query q"
                              " ON q.id = s.query WHERE q.kind = ?1 AND s.fate = 'rejected'"
                              " ORDER BY s.query, s.rowid";
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(junit->report->workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&rows, 1, (int64_t)junit->kind);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        text_clear(&junit->reason);
        text_append_string(&junit->reason, "row ");
        text_append(&junit->reason, statement_text(&rows, 1));
        begin_case(junit, statement_text(&rows, 0), text_span(&junit->reason));
        end_case(junit, FARE_FAILED, span_of("rejected"), statement_text(&rows, 2));
        if (report_flush(junit->report, &junit->out, error) != 0) {
            rc = -1;
            break;
        }
    }
    statement_finalize(&rows);
    return rc;
}

/* What has gone wrong, in a word: what verify has found counts before the state. */
static const char *type_of(const struct listed_document *document) {
    if (document->verdict == VERDICT_DIFFERENT || document->verdict == VERDICT_MISSING) {
        return verdict_name(document->verdict);
    }
    return document->state == STATE_COUNT ? "damaged" : state_name(document->state);
}

static int write_document(void *context, const struct listed_document *document,
                          struct error *error) {
    struct junit_report *junit = context;
    text_clear(&junit->reason);
    document_append_reason(document, &junit->reason);
    begin_case(junit, span_of("documents"), document->key);
    append_seconds(&junit->out, document->duration);
    end_case(junit, document_fare_of(document->state, document->verdict),
             span_of(type_of(document)), text_span(&junit->reason));
    return report_flush(junit->report, &junit->out, error);
}

static int write_suite(struct junit_report *junit, struct error *error) {
    struct totals totals = {0};
    count_queries(junit, &totals);
    if (count_documents(junit, &totals, error) != 0 || sum_durations(junit, &totals, error) != 0) {
        return -1;
    }
    begin_suite(junit, &totals);
    write_queries(junit);
    if (write_rejects(junit, error) != 0 ||
        document_list_each(junit->report->workspace, kind_name(junit), DOCUMENTS_PLANNED,
                           write_document, junit, error) != 0) {
        return -1;
    }
    text_append_string(&junit->out, "  </testsuite>\n");
    return 0;
}

int junit_report_write(const struct report *report, struct error *error) {
    struct junit_report junit = {.report = report};
    if (account_load(report->workspace, &junit.account, error) != 0) {
        return -1;
    }
    int rc = 0;
    text_append_string(&junit.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                   "<testsuites name=\"rowpost\">\n");
    for (junit.kind = 0; rc == 0 && junit.kind < junit.account.kind_count; junit.kind++) {
        rc = write_suite(&junit, error);
    }
    text_append_string(&junit.out, "</testsuites>\n");
    if (rc == 0) {
        rc = report_flush(report, &junit.out, error);
    }
    text_free(&junit.out);
    text_free(&junit.reason);
    account_free(&junit.account);
    return rc;
}
