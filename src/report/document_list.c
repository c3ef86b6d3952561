#include "report/document_list.h"

#include <string.h>

/* The rows are counted once for all documents: source_row has no index over its document. */
static const char list_sql[] =
    "SELECT d.id, k.name, d.key, d.state, d.verdict, d.change, d.origin, d.target_id,"
    " coalesce(r.rows, 0),"
    " (SELECT count(*) FROM attempt a WHERE a.document = d.id),"
    " (SELECT total(a.duration_us) FROM attempt a WHERE a.document = d.id),"
    " (SELECT count(*) FROM finding f WHERE f.document = d.id),"
    " (SELECT group_concat(field, ', ') FROM (SELECT f.field FROM finding f"
    "   WHERE f.document = d.id GROUP BY f.field ORDER BY min(f.id) LIMIT 5)),"
    " l.started, l.purpose, l.outcome, l.excerpt, l.status"
    " FROM document d JOIN kind k ON k.position = d.kind"
    " LEFT JOIN (SELECT document, count(*) AS rows FROM source_row WHERE document IS NOT NULL"
    "   AND (?1 IS NULL OR query IN (SELECT q.id FROM query q JOIN kind o ON o.position = q.kind"
    "     WHERE o.name = ?1)) GROUP BY document) r ON r.document = d.id"
    " LEFT JOIN attempt l ON l.id = (SELECT max(a.id) FROM attempt a WHERE a.document = d.id)"
    " WHERE (?1 IS NULL OR k.name = ?1) AND (%s) ORDER BY d.kind, d.id";

/* A document `d` that is planned, and of which nothing else is wrong. */
#define PLANNED "d.change IS NOT 'gone'"
#define NOT_WRONG                                                                                  \
    PLANNED " AND d.state NOT IN ('refused', 'different')"                                         \
            " AND ifnull(d.verdict, '') NOT IN ('different', 'missing')"

static const char *const conditions[DOCUMENT_SELECTIONS] = {
    [DOCUMENTS_PLANNED] = PLANNED,
    [DOCUMENTS_EVER] = "1",
    [DOCUMENTS_ATTENTION] = "CASE WHEN d.change IS 'gone' THEN d.state = 'delivered'"
                            " ELSE d.state NOT IN ('pending', 'delivered', 'present')"
                            " OR d.verdict IN ('different', 'missing')"
                            " OR d.change IS 'changed' END",
    [DOCUMENTS_REFUSED] = PLANNED " AND d.state = 'refused'",
    [DOCUMENTS_DIFFERENT] =
        PLANNED " AND d.state <> 'refused' AND (d.state = 'different' OR d.verdict = 'different')",
    [DOCUMENTS_MISSING] =
        PLANNED " AND d.state NOT IN ('refused', 'different') AND d.verdict = 'missing'",
    [DOCUMENTS_UNCLEAR] = NOT_WRONG " AND d.state NOT IN ('pending', 'delivered', 'present')",
    [DOCUMENTS_CHANGED] =
        NOT_WRONG " AND d.state IN ('pending', 'delivered', 'present') AND d.change = 'changed'",
    [DOCUMENTS_STRANDED] = "d.change = 'gone' AND d.state = 'delivered'",
};

/* The statement with the selection's condition in the place of its %s. */
static int prepare(struct workspace *workspace, const char *sql, enum document_selection selection,
                   struct statement *statement, struct error *error) {
    struct text whole = {0};
    const char *place = strstr(sql, "%s");
    text_append(&whole, (struct span){sql, (size_t)(place - sql)});
    text_append_string(&whole, conditions[selection]);
    text_append_string(&whole, place + 2);
    int rc = text_check(&whole, error);
    if (rc == 0) {
        rc =
            statement_prepare(statement, workspace_database(workspace), text_string(&whole), error);
    }
    text_free(&whole);
    return rc;
}

static struct listed_document read_document(const struct statement *row) {
    return (struct listed_document){.id = statement_integer(row, 0),
                                    .kind = statement_text(row, 1),
                                    .key = statement_text(row, 2),
                                    .state = state_of(statement_text(row, 3)),
                                    .verdict = verdict_of(statement_text(row, 4)),
                                    .change = change_of(statement_text(row, 5)),
                                    .origin = statement_text(row, 6),
                                    .target_id = statement_text(row, 7),
                                    .source_rows = statement_integer(row, 8),
                                    .attempts = statement_integer(row, 9),
                                    .duration = statement_integer(row, 10),
                                    .findings = statement_integer(row, 11),
                                    .fields = statement_text(row, 12),
                                    .started = statement_text(row, 13),
                                    .purpose = statement_text(row, 14),
                                    .outcome = statement_text(row, 15),
                                    .answer = statement_text(row, 16),
                                    .status = statement_integer(row, 17)};
}

int document_list_each(struct workspace *workspace, const char *kind,
                       enum document_selection selection, document_taker *take, void *context,
                       struct error *error) {
    struct statement rows;
    if (prepare(workspace, list_sql, selection, &rows, error) != 0) {
        return -1;
    }
    statement_bind_string(&rows, 1, kind);
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        struct listed_document document = read_document(&rows);
        rc = take(context, &document, error);
        if (rc != 0) {
            break;
        }
    }
    statement_finalize(&rows);
    return rc < 0 ? -1 : 0;
}

int document_count(struct workspace *workspace, enum document_selection selection, int64_t *count,
                   struct error *error) {
    struct statement counted;
    if (prepare(workspace, "SELECT count(*) FROM document d WHERE %s", selection, &counted,
                error) != 0) {
        return -1;
    }
    int rc = statement_step(&counted, error);
    *count = rc == 1 ? statement_integer(&counted, 0) : 0;
    statement_finalize(&counted);
    return rc < 0 ? -1 : 0;
}

int document_rows_open(struct workspace *workspace, enum document_selection selection,
                       int64_t limit, struct document_rows *rows, struct error *error) {
    /* The cross join has SQLite go through the rows and look each one's document up. */
    static const char sql[] = "SELECT s.document, q.name, s.row FROM source_row s"
                              " CROSS JOIN document o ON o.id = s.document"
                              " JOIN query q ON q.id = s.query WHERE s.document IN"
                              " (SELECT d.id FROM document d JOIN kind k ON k.position = d.kind"
                              "   WHERE %s ORDER BY d.kind, d.id LIMIT ?1)"
                              " ORDER BY o.kind, o.id, s.rowid";
    if (prepare(workspace, sql, selection, &rows->rows, error) != 0) {
        return -1;
    }
    statement_bind_integer(&rows->rows, 1, limit);
    rows->state = statement_step(&rows->rows, error);
    if (rows->state < 0) {
        document_rows_close(rows);
        return -1;
    }
    return 0;
}

/* The row at hand is given out first and passed at the next call, when its texts have been used. */
int document_rows_next(struct document_rows *rows, int64_t document, struct span *query,
                       struct span *row, struct error *error) {
    if (rows->is_used && rows->state == 1) {
        rows->state = statement_step(&rows->rows, error);
        rows->is_used = false;
    }
    if (rows->state != 1 || statement_integer(&rows->rows, 0) != document) {
        return rows->state < 0 ? -1 : 0;
    }
    *query = statement_text(&rows->rows, 1);
    *row = statement_text(&rows->rows, 2);
    rows->is_used = true;
    return 1;
}

void document_rows_close(struct document_rows *rows) {
    statement_finalize(&rows->rows);
}

static const enum document_fare fares[STATE_COUNT + 1] = {
    [STATE_PENDING] = FARE_OPEN,   [STATE_SENDING] = FARE_UNCLEAR, [STATE_UNKNOWN] = FARE_UNCLEAR,
    [STATE_DELIVERED] = FARE_WELL, [STATE_PRESENT] = FARE_WELL,    [STATE_DIFFERENT] = FARE_FAILED,
    [STATE_REFUSED] = FARE_FAILED, [STATE_COUNT] = FARE_UNCLEAR,
};

enum document_fare document_fare_of(enum state state, enum verdict verdict) {
    return verdict == VERDICT_DIFFERENT || verdict == VERDICT_MISSING ? FARE_FAILED : fares[state];
}

static const char *const state_reasons[STATE_COUNT + 1] = {
    [STATE_PENDING] = "it was not sent yet",
    [STATE_SENDING] = "it was being sent; whether it has arrived is looked up by the next apply",
    [STATE_UNKNOWN] = "it may have arrived; the next apply looks it up",
    [STATE_DIFFERENT] = "the target has another record of that name",
    [STATE_REFUSED] = "the target did not take it",
    [STATE_COUNT] = "its state is a word that this program does not know",
};

static const char *const verdict_reasons[VERDICT_COUNT + 1] = {
    [VERDICT_DIFFERENT] = "reading it back found a difference",
    [VERDICT_MISSING] = "reading it back found nothing",
};

static const char *const change_reasons[CHANGE_COUNT + 1] = {
    [CHANGE_CHANGED] = "it is planned differently now than it was sent, and is not sent again",
    [CHANGE_GONE] = "it is planned no more",
};

static void append_clause(struct text *out, size_t start, const char *clause) {
    if (clause != NULL) {
        text_append_string(out, out->length == start ? "" : "; ");
        text_append_string(out, clause);
    }
}

void document_append_reason(const struct listed_document *document, struct text *out) {
    size_t start = out->length;
    append_clause(out, start, state_reasons[document->state]);
    append_clause(out, start, verdict_reasons[document->verdict]);
    append_clause(out, start, change_reasons[document->change]);
    bool has_failed = document_fare_of(document->state, document->verdict) < FARE_OPEN;
    if (has_failed && !span_is_empty(document->fields)) {
        append_clause(out, start, "different in ");
        text_append(out, document->fields);
    }
    if (has_failed && document->findings == 0 && !span_is_empty(document->answer)) {
        append_clause(out, start, "the last answer: ");
        text_append(out, document->answer);
    }
}
