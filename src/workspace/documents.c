#include "workspace/documents.h"

/* ?1 is the kind's name or null, ?2 the set of standings, ?3 the key or null. */
#define SELECTED " (?2 >> standing(d.state, d.verdict, d.change)) & 1"

static const char list_sql[] =
    "SELECT d.id, k.name, d.key, d.state, d.verdict, d.change, d.origin, d.target_id, d.rows,"
    " (SELECT count(*) FROM attempt a WHERE a.document = d.id),"
    " (SELECT total(a.duration_us) FROM attempt a WHERE a.document = d.id),"
    " (SELECT count(*) FROM finding f WHERE f.document = d.id),"
    " (SELECT group_concat(field, ', ') FROM (SELECT f.field FROM finding f"
    "   WHERE f.document = d.id GROUP BY f.field ORDER BY min(f.id) LIMIT 5)),"
    " l.started, l.purpose, l.outcome, l.excerpt, l.status"
    " FROM document d JOIN kind k ON k.position = d.kind"
    " LEFT JOIN attempt l ON l.id = coalesce((SELECT max(a.id) FROM attempt a"
    "   WHERE d.state = 'refused' AND a.document = d.id AND a.outcome = 'refused'),"
    "  (SELECT max(a.id) FROM attempt a WHERE a.document = d.id))"
    " WHERE (?1 IS NULL OR k.name = ?1) AND (?3 IS NULL OR d.key = ?3) AND" SELECTED
    " ORDER BY d.kind, d.id";

uint32_t documents_wanting_attention(void) {
    uint32_t standings = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (standing_meanings[standing].wants_attention) {
            standings |= STANDING_BIT(standing);
        }
    }
    return standings;
}

static struct listed_document read_document(const struct statement *row) {
    struct listed_document document = {.id = statement_integer(row, 0),
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
    document.standing = standing_of(document.state, document.verdict, document.change);
    return document;
}

int documents_each(struct workspace *workspace, const struct document_filter *filter,
                   document_taker *take, void *context, struct error *error) {
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(workspace), list_sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&rows, 1, filter->kind);
    statement_bind_integer(&rows, 2, filter->standings);
    statement_bind_string(&rows, 3, filter->key);
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

int document_rows_open(struct workspace *workspace, uint32_t standings, int64_t limit,
                       int64_t document, struct document_rows *rows, struct error *error) {
    /* The cross join makes SQLite read the rows in order and look up the document of each. */
    static const char sql[] = "SELECT s.document, t.name, s.row FROM source_row s"
                              " CROSS JOIN document o ON o.id = s.document"
                              " JOIN source_table t ON t.id = s.source_table WHERE s.document IN"
                              " (SELECT d.id FROM document d JOIN kind k ON k.position = d.kind"
                              "   WHERE" SELECTED " AND (?3 = 0 OR d.id = ?3)"
                              "   ORDER BY d.kind, d.id LIMIT ?1)"
                              " ORDER BY o.kind, o.id, s.rowid";
    if (statement_prepare(&rows->rows, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&rows->rows, 1, limit);
    statement_bind_integer(&rows->rows, 2, standings);
    statement_bind_integer(&rows->rows, 3, document);
    rows->state = statement_step(&rows->rows, error);
    rows->is_used = false;
    if (rows->state < 0) {
        document_rows_close(rows);
        return -1;
    }
    return 0;
}

/* The current row is returned first, and left at the next call, when its texts have been used. */
int document_rows_next(struct document_rows *rows, int64_t document, struct span *table,
                       struct span *row, struct error *error) {
    if (rows->is_used && rows->state == 1) {
        rows->state = statement_step(&rows->rows, error);
        rows->is_used = false;
    }
    if (rows->state != 1 || statement_integer(&rows->rows, 0) != document) {
        return rows->state < 0 ? -1 : 0;
    }
    *table = statement_text(&rows->rows, 1);
    *row = statement_text(&rows->rows, 2);
    rows->is_used = true;
    return 1;
}

void document_rows_close(struct document_rows *rows) {
    statement_finalize(&rows->rows);
}

static void append_clause(struct text *out, size_t start, const char *clause) {
    text_append_string(out, out->length == start ? "" : "; ");
    text_append_string(out, clause);
}

void document_append_reason(const struct listed_document *document, struct text *out) {
    const struct standing_meaning *meaning = &standing_meanings[document->standing];
    size_t start = out->length;
    bool has_own = document->standing == STANDING_WAITING && !span_is_empty(document->fields);
    if (has_own) {
        text_append(out, document->fields);
    } else if (meaning->reason != NULL) {
        append_clause(out, start, meaning->reason);
    }
    if (document->change == CHANGE_CHANGED && document->standing != STANDING_CHANGED) {
        append_clause(out, start, standing_meanings[STANDING_CHANGED].reason);
    }
    bool has_failed = meaning->class == CLASS_BAD || meaning->class == CLASS_UNCLEAR;
    if (has_failed && !span_is_empty(document->fields)) {
        append_clause(out, start, meaning->class == CLASS_BAD ? "different in " : "");
        text_append(out, document->fields);
    }
    if (has_failed && document->findings == 0 && !span_is_empty(document->answer)) {
        append_clause(out, start, "the last answer: ");
        text_append(out, document->answer);
    }
}
