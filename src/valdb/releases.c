#include "valdb/releases.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/json_writer.h"

#define COLUMNS                                                                                    \
    "R.ID AS ID, R.CATEGORY AS CATEGORY, R.SUBCATEGORY AS SUBCATEGORY,"                            \
    " R.RELEASE_NAME AS RELEASE_NAME, R.VERSION AS VERSION, R.\"DATE\" AS \"DATE\","               \
    " R.STATUS_KIND AS STATUS_KIND, S.VALIDATION_STATUS AS VALIDATION_STATUS,"                     \
    " S.COMMENTS AS COMMENTS, S.LINKS AS LINKS, S.USER_NAME AS USER_NAME,"                         \
    " S.RELMON_URL AS RELMON_URL"

#define CURRENT "SELECT " COLUMNS " FROM RELEASES R, STATUS S WHERE R.ID = S.ID"

static const char *const current_columns[] = {"RELEASE_NAME", "ID"};
static const struct source_order current_order = {
    .sql = CURRENT " ORDER BY " SOURCE_BY_BYTES "R.RELEASE_NAME, R.ID",
    .unordered_sql = CURRENT,
    .columns = current_columns,
    .column_count = sizeof current_columns / sizeof *current_columns,
};

/* One stream, so that a campaign's rows and its earlier versions arrive together whatever the
 * database's idea of order is. */
#define BOTH                                                                                       \
    "SELECT 0 AS EARLIER, " COLUMNS " FROM RELEASES R, STATUS S WHERE R.ID = S.ID"                 \
    " UNION ALL"                                                                                   \
    " SELECT 1 AS EARLIER, " COLUMNS " FROM RELEASES_LV R, STATUS_LV S WHERE R.ID = S.ID"

static const char *const both_columns[] = {"RELEASE_NAME", "EARLIER", "ID"};
static const struct source_order both_order = {
    .sql = "SELECT * FROM (" BOTH ") B ORDER BY " SOURCE_BY_BYTES "B.RELEASE_NAME, B.EARLIER, B.ID",
    .unordered_sql = BOTH,
    .columns = both_columns,
    .column_count = sizeof both_columns / sizeof *both_columns,
};

static const char *const field_names[FIELD_COUNT] = {
    "ID",          "CATEGORY",          "SUBCATEGORY", "RELEASE_NAME", "VERSION",   "DATE",
    "STATUS_KIND", "VALIDATION_STATUS", "COMMENTS",    "LINKS",        "USER_NAME", "RELMON_URL",
};

static const char *const query_names[TABLE_COUNT] = {"reports", "history"};

struct releases {
    struct rows *rows;
    bool has_history;
    size_t earlier; /* the column that tells the tables apart */
    size_t columns[FIELD_COUNT];
    int64_t rows_read[TABLE_COUNT];
    int queries[TABLE_COUNT];
    struct text scratch;
};

const char *releases_field_name(enum release_field field) {
    return field_names[field];
}

static int start(struct releases *releases, struct rules *rules, struct error *error) {
    struct migration_sink *sink = rules->sink;
    const struct source_order *order = releases->has_history ? &both_order : &current_order;
    releases->rows = source_query_ordered(rules->source, order, error);
    if (releases->rows == NULL) {
        return -1;
    }
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (rows_find_column(releases->rows, field_names[i], &releases->columns[i], error) != 0) {
            return -1;
        }
    }
    if (releases->has_history &&
        rows_find_column(releases->rows, "EARLIER", &releases->earlier, error) != 0) {
        return -1;
    }
    for (size_t table = 0; table < TABLE_COUNT; table++) {
        if ((table == TABLE_CURRENT || releases->has_history) &&
            sink->begin_query(sink->context, KIND_CAMPAIGNS, query_names[table], order->sql,
                              &releases->queries[table], error) != 0) {
            return -1;
        }
    }
    return 0;
}

struct releases *releases_open(struct rules *rules, struct error *error) {
    struct releases *releases = calloc(1, sizeof *releases);
    if (releases == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    releases->has_history = rules->settings->history;
    if (start(releases, rules, error) != 0) {
        releases_close(releases);
        return NULL;
    }
    return releases;
}

void releases_close(struct releases *releases) {
    if (releases == NULL) {
        return;
    }
    rows_close(releases->rows);
    text_free(&releases->scratch);
    free(releases);
}

static enum release_table current_table(const struct releases *releases) {
    if (!releases->has_history) {
        return TABLE_CURRENT;
    }
    return rows_value(releases->rows, releases->earlier).integer == 0 ? TABLE_CURRENT
                                                                      : TABLE_EARLIER;
}

int releases_next(struct releases *releases, struct span *name, struct error *error) {
    int rc = rows_step(releases->rows, error);
    if (rc == 1) {
        releases->rows_read[current_table(releases)]++;
        *name =
            rows_text(releases->rows, releases->columns[FIELD_RELEASE_NAME], &releases->scratch);
    }
    return rc;
}

/* Seconds since 1970 as the site's backup writes them, or ISO text. */
static void read_date(const struct value *value, struct release_row *row) {
    row->date = DATE_UNREADABLE;
    switch (value->kind) {
    case VALUE_NULL:
        row->date = DATE_MISSING;
        return;
    case VALUE_INTEGER:
        if (date_moment_from_seconds(value->integer, &row->moment) == 0) {
            row->date = DATE_GIVEN;
        }
        return;
    case VALUE_REAL:
        if (fabs(value->real) < 1e12 &&
            date_moment_from_seconds((int64_t)floor(value->real), &row->moment) == 0) {
            row->date = DATE_GIVEN;
        }
        return;
    case VALUE_TEXT:
        if (span_is_empty(span_trim(value->text))) {
            row->date = DATE_MISSING;
        } else if (date_parse_moment(value->text, &row->moment) == 0) {
            row->date = DATE_GIVEN;
        }
        return;
    case VALUE_BLOB:
        return;
    }
}

int releases_take(struct releases *releases, struct arena *arena, struct release_row *row,
                  struct error *error) {
    row->table = current_table(releases);
    row->numbers = 0;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        struct value value = rows_value(releases->rows, releases->columns[i]);
        if (value.kind == VALUE_INTEGER || value.kind == VALUE_REAL) {
            row->numbers |= 1u << i;
        }
        row->fields[i] = arena_copy(
            arena, value.kind == VALUE_TEXT
                       ? value.text
                       : rows_text(releases->rows, releases->columns[i], &releases->scratch));
        if (i == FIELD_DATE) {
            read_date(&value, row);
        }
    }
    return arena->failed ? error_set_no_memory(error) : 0;
}

int64_t releases_rows_read(const struct releases *releases, enum release_table table) {
    return releases->rows_read[table];
}

int releases_query(const struct releases *releases, enum release_table table) {
    return releases->queries[table];
}

void releases_append_json(const struct release_row *row, struct text *out) {
    struct json_writer json = json_writer_to(out);
    json_begin_object(&json);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        json_write_key(&json, field_names[i]);
        if ((row->numbers & 1u << i) != 0) {
            json_write_raw(&json, row->fields[i]);
        } else {
            json_write_string(&json, row->fields[i]);
        }
    }
    json_end_object(&json);
}
