#include "workspace/listing.h"

enum { MOST_COLUMNS = 11 };

/* ?1 is the kind or the table, ?2 the key, ?3 the document, ?4 the limit. */
#define OF_KIND " (?1 IS NULL OR k.name = ?1)"
#define LIMITED " LIMIT ?4"
/* Uses the index: no text that begins with ?2 sorts after ?2 with the last character appended. */
#define BEGINS(name)                                                                               \
    " AND " name " >= coalesce(?2, '') AND (?2 IS NULL OR " name " < ?2 || char(1114111))"
#define ROWS_OF(outcome)                                                                           \
    "SELECT t.name, s.row, s.because, s.content FROM source_row s"                                 \
    " JOIN source_table t ON t.id = s.source_table"                                                \
    " WHERE s.outcome = '" outcome "' AND (?1 IS NULL OR t.name = ?1)"                             \
    " ORDER BY s.source_table, s.rowid" LIMITED

#define LOOKUPS_AND(condition)                                                                     \
    "SELECT k.name, l.name, l.outcome, l.uses, l.found FROM lookup l"                              \
    " JOIN kind k ON k.position = l.kind WHERE" condition OF_KIND                                  \
    " ORDER BY k.position, l.uses DESC, l.name" LIMITED

#define TEXT(name)                                                                                 \
    { name, false }
#define JSON(name)                                                                                 \
    { name, true }

#define LOOKUP_COLUMNS                                                                             \
    { TEXT("kind"), TEXT("name"), TEXT("outcome"), TEXT("uses"), TEXT("found") }

static const struct list {
    const char *sql;
    struct listing_column columns[MOST_COLUMNS];
} lists[LISTING_COUNT] = {
    [LISTING_REJECTS] = {ROWS_OF("rejected"),
                         {TEXT("table"), TEXT("row"), TEXT("reason"), JSON("content")}},
    [LISTING_SKIPS] = {ROWS_OF("skipped"),
                       {TEXT("table"), TEXT("row"), TEXT("rule"), JSON("content")}},
    [LISTING_FINDINGS] = {"SELECT name, key, during, field, planned, found FROM"
                          " (SELECT k.position, d.id AS document, f.id, k.name, d.key, f.during,"
                          "   f.field, f.planned_value AS planned, f.found_value AS found"
                          "  FROM finding f JOIN document d ON d.id = f.document"
                          "  JOIN kind k ON k.position = d.kind WHERE" OF_KIND
                          "  UNION ALL SELECT k.position, NULL, NULL, k.name, NULL, 'list',"
                          "   'stranger', NULL, s.id FROM stranger s JOIN kind k ON k.name = s.kind"
                          "  WHERE" OF_KIND ")"
                          " ORDER BY position, document IS NULL, document, id, found" LIMITED,
                          {TEXT("kind"), TEXT("key"), TEXT("during"), TEXT("field"),
                           TEXT("planned"), TEXT("found")}},
    [LISTING_PERSONS] = {LOOKUPS_AND(" l.outcome <> 'found' AND"), LOOKUP_COLUMNS},
    [LISTING_EXPORT] = {"SELECT d.key, coalesce(b.changed_body, b.body) FROM document d"
                        " JOIN body b ON b.document = d.id JOIN kind k ON k.position = d.kind"
                        " WHERE" OF_KIND
                        " AND d.change IS NOT 'gone' ORDER BY d.kind, d.id" LIMITED,
                        {TEXT("key"), JSON("body")}},
    [LISTING_DELIVERED] = {"SELECT k.name, d.key, d.target_id FROM document d"
                           " JOIN kind k ON k.position = d.kind WHERE d.state IN ('delivered', "
                           "'unknown', 'duplicate')"
                           " AND" OF_KIND " ORDER BY d.kind, d.id" LIMITED,
                           {TEXT("kind"), TEXT("key"), TEXT("id")}},
    [LISTING_KEYS] = {"SELECT k.name, d.key FROM document d JOIN kind k ON k.position = d.kind"
                      " WHERE" OF_KIND BEGINS("d.key") " ORDER BY d.kind, d.key" LIMITED,
                      {TEXT("kind"), TEXT("key")}},
    [LISTING_KINDS] = {"SELECT name FROM kind WHERE 1" BEGINS("name") " ORDER BY position" LIMITED,
                       {TEXT("kind")}},
    [LISTING_TABLES] = {"SELECT name FROM source_table WHERE 1" BEGINS(
                            "name") " ORDER BY id" LIMITED,
                        {TEXT("table")}},
    [LISTING_DOCUMENTS] = {"SELECT d.id, k.name, d.key, d.state, d.verdict, d.change, d.origin,"
                           " d.target_id, (SELECT p.number || ' of ' || p.parts || ', ' || p.file"
                           " FROM part p WHERE p.id = d.part AND d.state = 'handed out'),"
                           " b.body, b.changed_body FROM document d"
                           " JOIN kind k ON k.position = d.kind JOIN body b ON b.document = d.id"
                           " WHERE d.key = ?2 AND" OF_KIND " ORDER BY d.kind" LIMITED,
                           {TEXT("id"), TEXT("kind"), TEXT("key"), TEXT("state"), TEXT("verdict"),
                            TEXT("change"), TEXT("origin"), TEXT("target_id"), TEXT("part"),
                            JSON("body"), JSON("changed_body")}},
    [LISTING_ROWS_OF_KEY] = {"SELECT t.name, s.row FROM document d"
                             " JOIN kind k ON k.position = d.kind"
                             " JOIN source_row s ON s.document = d.id"
                             " JOIN source_table t ON t.id = s.source_table"
                             " WHERE d.key = ?2 AND" OF_KIND LIMITED,
                             {TEXT("table"), TEXT("row")}},
    [LISTING_ROWS_OF_DOCUMENT] = {"SELECT t.name, s.row, s.content FROM source_row s"
                                  " JOIN source_table t ON t.id = s.source_table"
                                  " WHERE s.document = ?3 ORDER BY s.rowid" LIMITED,
                                  {TEXT("table"), TEXT("row"), JSON("content")}},
    [LISTING_ATTEMPTS_OF_DOCUMENT] = {"SELECT started, purpose, method, path, status, outcome,"
                                      " duration_us, excerpt FROM (SELECT * FROM attempt"
                                      " WHERE document = ?3 ORDER BY id DESC" LIMITED
                                      ") ORDER BY id",
                                      {TEXT("started"), TEXT("purpose"), TEXT("method"),
                                       TEXT("path"), TEXT("status"), TEXT("outcome"),
                                       TEXT("microseconds"), TEXT("answer")}},
    [LISTING_FINDINGS_OF_DOCUMENT] = {"SELECT during, field, planned_value, found_value"
                                      " FROM finding WHERE document = ?3 ORDER BY id" LIMITED,
                                      {TEXT("during"), TEXT("field"), TEXT("planned"),
                                       TEXT("found")}},
    [LISTING_BODY_OF_DOCUMENT] = {"SELECT body, changed_body FROM body WHERE document = ?3" LIMITED,
                                  {JSON("body"), JSON("changed_body")}},
    [LISTING_SETTINGS] =
        {"SELECT name, value FROM setting WHERE name <> 'migration-text' ORDER BY name" LIMITED,
         {TEXT("name"), TEXT("value")}},
    /* The standing is a number (workspace/standing.h). */
    [LISTING_BODIES] = {"SELECT d.id, k.name, d.key, standing(d.state, d.verdict, d.change), b.body"
                        " FROM document d JOIN kind k ON k.position = d.kind"
                        " JOIN body b ON b.document = d.id WHERE" OF_KIND
                        " ORDER BY d.kind, d.id" LIMITED,
                        {TEXT("id"), TEXT("kind"), TEXT("key"), TEXT("standing"), JSON("body")}},
    [LISTING_UNUSED] = {"SELECT t.name, s.row, s.because, s.content, s.outcome = 'rejected'"
                        " FROM source_row s JOIN source_table t ON t.id = s.source_table"
                        " WHERE s.outcome <> 'used' ORDER BY s.source_table, s.rowid" LIMITED,
                        {TEXT("table"), TEXT("row"), TEXT("because"), JSON("content"),
                         TEXT("rejected")}},
    [LISTING_LOOKUPS] = {LOOKUPS_AND(""), LOOKUP_COLUMNS},
    [LISTING_DOCUMENTS_OF_ROW] = {"SELECT t.name, k.name, d.key FROM source_row s"
                                  " JOIN source_table t ON t.id = s.source_table"
                                  " JOIN document d ON d.id = s.document"
                                  " JOIN kind k ON k.position = d.kind"
                                  " WHERE s.row = ?2 ORDER BY s.rowid" LIMITED,
                                  {TEXT("table"), TEXT("kind"), TEXT("key")}},
    [LISTING_ENDINGS] = {"SELECT a.purpose, a.outcome, standing(d.state, d.verdict, d.change),"
                         " count(*) FROM attempt a JOIN document d ON d.id = a.document"
                         " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3" LIMITED,
                         {TEXT("purpose"), TEXT("outcome"), TEXT("standing"), TEXT("requests")}},
    [LISTING_OWNER] = {"SELECT pid, host, verb, since FROM owner" LIMITED,
                       {TEXT("pid"), TEXT("host"), TEXT("verb"), TEXT("since")}},
};

int listing_open(struct listing *listing, struct workspace *workspace, enum listing_of which,
                 const struct listing_filter *filter, struct error *error) {
    const struct list *list = &lists[which];
    listing->columns = list->columns;
    listing->column_count = 0;
    while (listing->column_count < MOST_COLUMNS &&
           list->columns[listing->column_count].name != NULL) {
        listing->column_count++;
    }
    if (statement_prepare(&listing->rows, workspace_database(workspace), list->sql, error) != 0) {
        return -1;
    }
    statement_bind_string(&listing->rows, 1, filter->name);
    statement_bind_string(&listing->rows, 2, filter->key);
    statement_bind_integer(&listing->rows, 3, filter->document);
    statement_bind_integer(&listing->rows, 4, filter->limit > 0 ? filter->limit : -1);
    return 0;
}

void listing_close(struct listing *listing) {
    statement_finalize(&listing->rows);
}

int listing_next(struct listing *listing, struct error *error) {
    return statement_step(&listing->rows, error);
}

struct span listing_text(const struct listing *listing, int column) {
    return statement_text(&listing->rows, column);
}

int64_t listing_integer(const struct listing *listing, int column) {
    return statement_integer(&listing->rows, column);
}

bool listing_is_integer(const struct listing *listing, int column) {
    return sqlite3_column_type(listing->rows.handle, column) == SQLITE_INTEGER;
}

void listing_write_member(const struct listing *listing, int column, struct json_writer *json) {
    bool is_integer = listing_is_integer(listing, column); /* before it is read as text */
    struct span value = listing_text(listing, column);
    json_write_key(json, listing->columns[column].name);
    if (is_integer) {
        json_write_integer(json, listing_integer(listing, column));
    } else if (listing->columns[column].is_json && !span_is_null(value)) {
        json_write_raw(json, value);
    } else {
        json_write_string(json, value);
    }
}
