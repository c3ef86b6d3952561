#include "valdb/releases.h"

#include <stdlib.h>

#include "base/date.h"
#include "base/json_writer.h"

/* What is joined, in reading order; only the keys are sorted. */
static const char pair_sql[] =
    "CREATE TEMP TABLE valdb_pair(number INTEGER PRIMARY KEY, earlier, release, status)";

enum period { CURRENT, EARLIER, PERIOD_COUNT };

static const struct {
    enum valdb_table releases, status;
} tables[PERIOD_COUNT] = {
    [CURRENT] = {TABLE_RELEASES, TABLE_STATUS},
    [EARLIER] = {TABLE_RELEASES_LV, TABLE_STATUS_LV},
};

struct releases {
    struct rules *rules;
    struct cursor cursor;
    struct cursor_part parts[PERIOD_COUNT][2]; /* by side */
    enum period period;                        /* of the current row */
    struct text name;                          /* of the campaign before */
    struct text reason;
    struct text scratch;
};

static size_t count_periods(const struct rules *rules) {
    return rules->options.history ? PERIOD_COUNT : 1;
}

/* The views have no index: the join goes by the keys of STATUS, for which SQLite makes one. */
static void append_join(const struct rules *rules, struct text *sql) {
    text_append_string(sql, "INSERT INTO valdb_pair(earlier, release, status) ");
    for (size_t i = 0; i < count_periods(rules); i++) {
        const char *status = valdb_tables[tables[i].status].name;
        text_append_format(sql, "%s%s%zu AS MATERIALIZED (SELECT id, row FROM %s)",
                           i == 0 ? "WITH " : ", ", "key", i, status);
    }
    text_append_string(sql, " SELECT earlier, release, status FROM (");
    for (size_t i = 0; i < count_periods(rules); i++) {
        text_append_format(sql,
                           "%sSELECT r.release_name AS name, %zu AS earlier, r.id AS id,"
                           " r.row AS release, k.row AS status"
                           " FROM %s r LEFT JOIN key%zu k ON k.id = r.id",
                           i == 0 ? "" : " UNION ALL ", i, valdb_tables[tables[i].releases].name,
                           i);
    }
    text_append_string(sql, ") ORDER BY name, earlier, id, release, status");
}

static void append_query(const struct rules *rules, struct text *sql) {
    static const char *const aliases[PERIOD_COUNT][2] = {{"r0", "s0"}, {"r1", "s1"}};
    text_append_string(sql, "SELECT p.earlier");
    for (size_t i = 0; i < count_periods(rules); i++) {
        text_append_string(sql, ", ");
        cursor_append_part(sql, &valdb_tables[tables[i].releases], aliases[i][SIDE_RELEASE]);
        text_append_string(sql, ", ");
        cursor_append_part(sql, &valdb_tables[tables[i].status], aliases[i][SIDE_STATUS]);
    }
    text_append_string(sql, " FROM valdb_pair p");
    for (size_t i = 0; i < count_periods(rules); i++) {
        text_append_format(sql,
                           " LEFT JOIN %s r%zu ON p.earlier = %zu AND r%zu.row = p.release"
                           " LEFT JOIN %s s%zu ON p.earlier = %zu AND s%zu.row = p.status",
                           valdb_tables[tables[i].releases].name, i, i, i,
                           valdb_tables[tables[i].status].name, i, i, i);
    }
    text_append_string(sql, " ORDER BY p.number");
}

static void place_parts(struct releases *releases) {
    int column = 1;
    for (size_t i = 0; i < count_periods(releases->rules); i++) {
        const enum valdb_table sides[] = {tables[i].releases, tables[i].status};
        for (size_t side = SIDE_RELEASE; side <= SIDE_STATUS; side++) {
            releases->parts[i][side] = rules_part(releases->rules, sides[side], column);
            column = cursor_part_end(&valdb_tables[sides[side]], column);
        }
    }
}

static int start(struct releases *releases, struct error *error) {
    struct rules *rules = releases->rules;
    sqlite3 *database = staging_database(rules->staging);
    struct text join = {0};
    struct text query = {0};
    place_parts(releases);
    append_join(rules, &join);
    append_query(rules, &query);
    int rc = statement_execute(database, pair_sql, error) == 0 &&
                     statement_execute(database, text_string(&join), error) == 0
                 ? cursor_open(&releases->cursor, rules->ledger, text_string(&query), error)
                 : -1;
    text_free(&join);
    text_free(&query);
    return rc;
}

struct releases *releases_open(struct rules *rules, struct error *error) {
    struct releases *releases = calloc(1, sizeof *releases);
    if (releases == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    releases->rules = rules;
    if (start(releases, error) != 0) {
        releases_close(releases);
        return NULL;
    }
    return releases;
}

void releases_close(struct releases *releases) {
    if (releases == NULL) {
        return;
    }
    cursor_close(&releases->cursor);
    text_free(&releases->name);
    text_free(&releases->reason);
    text_free(&releases->scratch);
    free(releases);
}

static struct cursor_part part_of(const struct releases *releases, enum release_side side) {
    return releases->parts[releases->period][side];
}

/* A row with a value that is not of its column's type; the cursor's reason names it. */
static int reject_part(struct releases *releases, enum release_side side, struct error *error) {
    struct cursor *cursor = &releases->cursor;
    struct cursor_part part = part_of(releases, side);
    if (cursor_is_settled(cursor, part)) {
        return 0;
    }
    rules_count(releases->rules, KIND_CAMPAIGNS, CORRECTION_ROW_REJECTED);
    return cursor_reject(cursor, part, text_span(&cursor->reason), error);
}

/* Another row of RELEASES may use the row of STATUS. */
static int reject_pair(struct releases *releases, struct error *error) {
    struct cursor *cursor = &releases->cursor;
    struct cursor_part release = part_of(releases, SIDE_RELEASE);
    struct cursor_part status = part_of(releases, SIDE_STATUS);
    rules_explain_partner(ledger_declaration(release.table), text_span(&cursor->reason),
                          &releases->reason);
    if (reject_part(releases, SIDE_RELEASE, error) != 0) {
        return -1;
    }
    if (!cursor_has(cursor, status) || cursor_is_settled(cursor, status)) {
        return 0;
    }
    return cursor_check(cursor, status)
               ? ledger_propose(cursor->ledger, cursor_row(cursor, status), OUTCOME_REJECTED,
                                text_span(&releases->reason), cursor_json(cursor, status), error)
               : reject_part(releases, SIDE_STATUS, error);
}

/* Rows that are out of order would make two documents of one name. */
static int check_order(struct releases *releases, struct span name, struct error *error) {
    int order = span_compare(name, text_span(&releases->name));
    if (order < 0) {
        return error_set(error, ERROR_INTERNAL, "the rows of campaign \"%.*s\" are out of order",
                         (int)name.length, name.data);
    }
    if (order > 0) {
        text_clear(&releases->name);
        text_append(&releases->name, name);
    }
    return 0;
}

/* 1: the current row is for a campaign; 0: it is settled; -1: the error. */
static int settle_row(struct releases *releases, struct error *error) {
    struct cursor *cursor = &releases->cursor;
    struct cursor_part release = part_of(releases, SIDE_RELEASE);
    if (!cursor_check(cursor, release)) {
        return reject_pair(releases, error);
    }
    return cursor_has(cursor, part_of(releases, SIDE_STATUS))
               ? 1
               : cursor_skip(cursor, release, skip_rules[SKIP_STATUS_MISSING].id, error);
}

int releases_next(struct releases *releases, struct span *name, struct error *error) {
    struct cursor *cursor = &releases->cursor;
    int rc;
    while ((rc = cursor_next(cursor, error)) == 1) {
        releases->period = statement_integer(&cursor->statement, 0) == CURRENT ? CURRENT : EARLIER;
        rc = settle_row(releases, error);
        if (rc == 1) {
            *name = cursor_text(cursor, part_of(releases, SIDE_RELEASE), RELEASES_RELEASE_NAME);
            *name = span_is_null(*name) ? span_of("") : *name;
            return check_order(releases, *name, error) == 0 ? 1 : -1;
        }
        if (rc < 0) {
            return -1;
        }
    }
    return rc;
}

/* Copies the values of a side; `first` is the bit of the first. */
static void take_values(struct releases *releases, enum release_side side, int count,
                        struct arena *arena, struct span *values, unsigned first,
                        unsigned *numbers) {
    const struct cursor *cursor = &releases->cursor;
    struct cursor_part part = part_of(releases, side);
    for (int i = 0; i < count; i++) {
        struct value value = staged_value(&cursor->statement, part.column + 1 + i);
        if (value.kind == VALUE_INTEGER) {
            *numbers |= 1u << (first + (unsigned)i);
            text_clear(&releases->scratch);
            text_append_integer(&releases->scratch, value.integer);
            values[i] = arena_copy(arena, text_span(&releases->scratch));
        } else {
            values[i] = arena_copy(arena, value.text);
        }
    }
}

static int take_status(struct releases *releases, struct arena *arena, struct release_row *row,
                       struct error *error) {
    struct cursor *cursor = &releases->cursor;
    struct cursor_part status = part_of(releases, SIDE_STATUS);
    row->status_number = statement_integer(&cursor->statement, status.column);
    if (!cursor_check(cursor, status)) {
        row->status_is_rejected = true;
        rules_explain_partner(ledger_declaration(status.table), text_span(&cursor->reason),
                              &releases->reason);
        row->reason = arena_copy(arena, text_span(&releases->reason));
        return reject_part(releases, SIDE_STATUS, error);
    }
    take_values(releases, SIDE_STATUS, STATUS_FIELD_COUNT, arena, row->status, RELEASES_FIELD_COUNT,
                &row->numbers);
    return 0;
}

int releases_take(struct releases *releases, struct arena *arena, struct release_row *row,
                  struct error *error) {
    *row = (struct release_row){.is_earlier = releases->period == EARLIER};
    struct cursor_part release = part_of(releases, SIDE_RELEASE);
    row->release_number = statement_integer(&releases->cursor.statement, release.column);
    take_values(releases, SIDE_RELEASE, RELEASES_FIELD_COUNT, arena, row->release, 0,
                &row->numbers);
    if (take_status(releases, arena, row, error) != 0) {
        return -1;
    }
    struct span date = row->release[RELEASES_DATE];
    row->has_moment = !span_is_null(date) && date_parse_moment(date, &row->moment) == 0;
    return arena->failed ? error_set_no_memory(error) : 0;
}

static const struct table *table_of(const struct release_row *row, enum release_side side) {
    enum period period = row->is_earlier ? EARLIER : CURRENT;
    return &valdb_tables[side == SIDE_RELEASE ? tables[period].releases : tables[period].status];
}

struct ledger_row releases_row(const struct rules *rules, const struct release_row *row,
                               enum release_side side) {
    const struct span *id =
        side == SIDE_RELEASE ? &row->release[RELEASES_ID] : &row->status[STATUS_ID];
    return (struct ledger_row){.table = rules->tables[table_of(row, side) - valdb_tables],
                               .row =
                                   side == SIDE_RELEASE ? row->release_number : row->status_number,
                               .label = span_is_null(*id) ? span_of("(null)") : *id};
}

void releases_append_json(const struct release_row *row, enum release_side side, struct text *out) {
    const struct table *table = table_of(row, side);
    const struct span *values = side == SIDE_RELEASE ? row->release : row->status;
    unsigned bit = side == SIDE_RELEASE ? 0 : RELEASES_FIELD_COUNT;
    struct json_writer json = json_writer_to(out);
    struct text name = {0};
    json_begin_object(&json);
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].need != COLUMN_READ) {
            continue;
        }
        text_clear(&name);
        staged_row_append_upper(table->columns[i].name, &name);
        json_write_key(&json, text_string(&name));
        if ((row->numbers & 1u << bit++) != 0) {
            json_write_raw(&json, *values++);
        } else {
            json_write_string(&json, *values++);
        }
    }
    json_end_object(&json);
    text_free(&name);
}

void releases_explain_partner(const struct release_row *row, enum release_side fault,
                              struct span reason, struct text *out) {
    rules_explain_partner(table_of(row, fault), reason, out);
}

/* A row of STATUS that the join has not met. */
struct rest {
    struct rules *rules;
    struct cursor cursor;
    struct cursor_part part;
};

static int settle_one(void *context, struct error *error) {
    struct rest *rest = context;
    struct cursor *cursor = &rest->cursor;
    if (cursor_is_settled(cursor, rest->part)) {
        return 0;
    }
    if (!cursor_check(cursor, rest->part)) {
        rules_count(rest->rules, KIND_CAMPAIGNS, CORRECTION_ROW_REJECTED);
        return cursor_reject(cursor, rest->part, text_span(&cursor->reason), error);
    }
    return cursor_skip(cursor, rest->part, skip_rules[SKIP_RELEASE_MISSING].id, error);
}

int releases_settle_rest(struct rules *rules, struct error *error) {
    int rc = ledger_take_proposals(rules->ledger, error);
    for (size_t i = 0; i < count_periods(rules) && rc == 0; i++) {
        struct rest rest = {.rules = rules, .part = rules_part(rules, tables[i].status, 0)};
        if (ledger_count_open(rest.part.table) == 0) {
            continue;
        }
        rc = rules_each_row(rules, &rest.cursor, tables[i].status, "", settle_one, &rest, error);
    }
    return rc;
}
