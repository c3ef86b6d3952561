#include "report/sample.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/statement.h"
#include "report/fields.h"

/* The rows of one query with one fate. */
struct stratum {
    int64_t query;
    const char *fate;
    int64_t rows;
    int64_t quota;   /* how many of them are in the sample */
    int64_t chosen;  /* so far */
    int64_t counted; /* so far */
};

struct sample_row {
    struct span query;
    struct span row;
    struct span fate;
    struct span because; /* null for a used row */
    struct span content; /* likewise */
    struct span kind;
    struct span key; /* of the document, null where there is none */
    int64_t document;
};

struct sample {
    struct arena arena;
    struct sample_row *rows;
    size_t count;
};

/* In the order in which a small sample takes from them. */
static const char *const fates[] = {"used", "rejected", "skipped"};

static const char strata_sql[] = "SELECT id, used, rejected, skipped FROM query ORDER BY id";

enum { FATE_KINDS = sizeof fates / sizeof *fates, MOST_QUERIES = 64 };

struct choosing {
    struct workspace *workspace;
    struct sample *sample;
    struct stratum strata[MOST_QUERIES * FATE_KINDS];
    size_t stratum_count;
};

void sample_free(struct sample *sample) {
    if (sample != NULL) {
        arena_free(&sample->arena);
        free(sample);
    }
}

/* One fate after the other, so that the first round of the quotas goes over all queries. */
static int load_strata(struct choosing *choosing, struct error *error) {
    struct statement queries;
    if (statement_prepare(&queries, workspace_database(choosing->workspace), strata_sql, error) !=
        0) {
        return -1;
    }
    int rc = 0;
    for (size_t fate = 0; fate < FATE_KINDS && rc == 0; fate++) {
        size_t count = 0;
        while ((rc = statement_step(&queries, error)) == 1 && count++ < MOST_QUERIES) {
            int64_t rows = statement_integer(&queries, (int)fate + 1);
            choosing->strata[choosing->stratum_count++] = (struct stratum){
                .query = statement_integer(&queries, 0), .fate = fates[fate], .rows = rows};
        }
        statement_reset(&queries);
        rc = rc < 0 ? -1 : 0;
    }
    statement_finalize(&queries);
    return rc;
}

/* One row of each in turn, until there are enough. Returns how many there are. */
static size_t share_out(struct choosing *choosing, size_t wanted) {
    size_t given = 0;
    bool is_left = true;
    while (given < wanted && is_left) {
        is_left = false;
        for (size_t i = 0; i < choosing->stratum_count && given < wanted; i++) {
            struct stratum *stratum = &choosing->strata[i];
            if (stratum->quota < stratum->rows) {
                stratum->quota++;
                given++;
                is_left = true;
            }
        }
    }
    return given;
}

/* A number that looks drawn and is always the same (the finalizer of SplitMix64). */
static uint64_t scatter(uint64_t number) {
    number += UINT64_C(0x9e3779b97f4a7c15);
    number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

/* The rows of a stratum are cut into as many pieces as it gives; which of a piece is taken must not
 * follow the pattern that rows of one campaign repeat in the next. */
static int64_t next_position(const struct stratum *stratum) {
    int64_t first = stratum->chosen * stratum->rows / stratum->quota;
    int64_t end = (stratum->chosen + 1) * stratum->rows / stratum->quota;
    uint64_t seed = (uint64_t)stratum->query << 32 | (uint64_t)stratum->chosen;
    return first + (int64_t)(scatter(seed) % (uint64_t)(end - first));
}

static struct stratum *find_stratum(struct choosing *choosing, int64_t query, struct span fate) {
    for (size_t i = 0; i < choosing->stratum_count; i++) {
        struct stratum *stratum = &choosing->strata[i];
        if (stratum->query == query && span_equal_string(fate, stratum->fate)) {
            return stratum;
        }
    }
    return NULL;
}

static const char rows_sql[] = "SELECT rowid, query, fate FROM source_row ORDER BY rowid";

/* Goes over all rows once and notes the row ids of those that are taken. */
static int choose_rows(struct choosing *choosing, int64_t *chosen, size_t *count,
                       struct error *error) {
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(choosing->workspace), rows_sql, error) != 0) {
        return -1;
    }
    int rc = 0;
    size_t most = *count;
    *count = 0;
    while (*count < most && (rc = statement_step(&rows, error)) == 1) {
        struct stratum *stratum =
            find_stratum(choosing, statement_integer(&rows, 1), statement_text(&rows, 2));
        if (stratum == NULL || stratum->chosen == stratum->quota) {
            continue;
        }
        if (stratum->counted++ == next_position(stratum)) {
            stratum->chosen++;
            chosen[(*count)++] = statement_integer(&rows, 0);
        }
    }
    statement_finalize(&rows);
    return rc < 0 ? -1 : 0;
}

static const char row_sql[] =
    "SELECT q.name, s.row, s.fate, s.because, s.content, k.name, d.key, d.id FROM source_row s"
    " JOIN query q ON q.id = s.query LEFT JOIN document d ON d.id = s.document"
    " JOIN kind k ON k.position = coalesce(d.kind, q.kind) WHERE s.rowid = ?1";

static int load_row(struct sample *sample, struct statement *statement, int64_t id,
                    struct error *error) {
    statement_bind_integer(statement, 1, id);
    int rc = statement_step(statement, error);
    if (rc == 1) {
        struct sample_row *row = &sample->rows[sample->count++];
        struct span *const texts[] = {&row->query,   &row->row,  &row->fate, &row->because,
                                      &row->content, &row->kind, &row->key};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            *texts[i] = arena_copy(&sample->arena, statement_text(statement, (int)i));
        }
        row->document = statement_integer(statement, (int)(sizeof texts / sizeof *texts));
    }
    statement_reset(statement);
    return rc < 0 ? -1 : 0;
}

static int load_rows(struct choosing *choosing, const int64_t *chosen, size_t count,
                     struct error *error) {
    struct sample *sample = choosing->sample;
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(choosing->workspace), row_sql, error) !=
        0) {
        return -1;
    }
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        rc = load_row(sample, &statement, chosen[i], error);
    }
    statement_finalize(&statement);
    if (rc == 0 && sample->arena.failed) {
        rc = error_set_no_memory(error);
    }
    return rc;
}

static int choose(struct choosing *choosing, size_t wanted, struct error *error) {
    if (load_strata(choosing, error) != 0) {
        return -1;
    }
    size_t count = share_out(choosing, wanted);
    struct arena *arena = &choosing->sample->arena;
    choosing->sample->rows = arena_allocate(arena, (count + 1) * sizeof(struct sample_row));
    int64_t *chosen = arena_allocate(arena, (count + 1) * sizeof *chosen);
    if (choosing->sample->rows == NULL || chosen == NULL) {
        return error_set_no_memory(error);
    }
    return choose_rows(choosing, chosen, &count, error) == 0
               ? load_rows(choosing, chosen, count, error)
               : -1;
}

struct sample *sample_choose(struct workspace *workspace, size_t count, struct error *error) {
    struct choosing *choosing = calloc(1, sizeof *choosing);
    struct sample *sample = calloc(1, sizeof *sample);
    if (choosing == NULL || sample == NULL) {
        error_set_no_memory(error);
        goto fail;
    }
    choosing->workspace = workspace;
    choosing->sample = sample;
    if (choose(choosing, count < SAMPLE_MOST ? count : SAMPLE_MOST, error) != 0) {
        goto fail;
    }
    free(choosing);
    return sample;
fail:
    free(choosing);
    sample_free(sample);
    return NULL;
}

int sample_want_rows(const struct sample *sample, struct row_lookup *rows, struct error *error) {
    for (size_t i = 0; i < sample->count; i++) {
        const struct sample_row *row = &sample->rows[i];
        if (span_is_null(row->content) && row_lookup_want(rows, row->query, row->row, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static struct span content_of(const struct sample_row *row, const struct row_lookup *rows) {
    return span_is_null(row->content) ? row_lookup_content(rows, row->query, row->row)
                                      : row->content;
}

/* What this plan has: `changed_body` where the target was sent something else before. */
static const char body_sql[] = "SELECT coalesce(changed_body, body) FROM body WHERE document = ?1";

static int load_body(struct workspace *workspace, int64_t document, struct text *body,
                     struct error *error) {
    struct statement statement;
    text_clear(body);
    if (statement_prepare(&statement, workspace_database(workspace), body_sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&statement, 1, document);
    int rc = statement_step(&statement, error);
    if (rc == 1) {
        text_append(body, statement_text(&statement, 0));
    }
    statement_finalize(&statement);
    return rc < 0 ? -1 : text_check(body, error);
}

static json_t *parse(struct span json) {
    return span_is_null(json) ? NULL : json_loadb(json.data, json.length, JSON_ALLOW_NUL, NULL);
}

static void append_document(const struct migration *migration, const struct sample_row *row,
                            struct span content, struct span body, struct text *out) {
    const struct migration_kind *kind = migration_find_kind(migration, row->kind.data, NULL);
    json_t *whole = parse(body);
    json_t *from = parse(content);
    json_t *picked = NULL;
    if (kind != NULL && kind->pick_for_row != NULL && whole != NULL && from != NULL) {
        picked = kind->pick_for_row(whole, from);
    }
    text_append_format(out, "  document%s\n",
                       picked == NULL ? "" : " (without what other rows have put into it)");
    if (picked != NULL) {
        fields_append(out, picked, 4);
    } else {
        fields_append_text(out, body, 4);
    }
    json_decref(picked);
    json_decref(from);
    json_decref(whole);
}

static void append_title(const struct sample_row *row, struct text *out) {
    text_append_format(out, "\n%s, row ", row->query.data);
    fields_append_visible(out, row->row);
    text_append_format(out, ": %s", row->fate.data);
    if (!span_is_null(row->key)) {
        text_append_format(out, ", in %s ", row->kind.data);
        fields_append_visible(out, row->key);
    }
    text_append_char(out, '\n');
    if (!span_is_null(row->because)) {
        fields_append_one(out, "because", row->because, 2);
    }
}

static void append_content(struct span content, struct text *out) {
    text_append_string(out, "  row\n");
    if (span_is_null(content)) {
        text_append_string(out, "    the source does not have it any more\n");
    } else {
        fields_append_text(out, content, 4);
    }
}

int sample_append_text(const struct sample *sample, const struct row_lookup *rows,
                       const struct migration *migration, struct workspace *workspace,
                       struct text *out, struct error *error) {
    struct text body = {0};
    int rc = 0;
    text_append_format(out, "\nsample of %zu rows\n", sample->count);
    for (size_t i = 0; i < sample->count && rc == 0; i++) {
        const struct sample_row *row = &sample->rows[i];
        struct span content = content_of(row, rows);
        append_title(row, out);
        append_content(content, out);
        if (!span_is_null(row->key)) {
            rc = load_body(workspace, row->document, &body, error);
            append_document(migration, row, content, text_span(&body), out);
        }
    }
    text_free(&body);
    return rc == 0 ? text_check(out, error) : -1;
}

static void write_raw_or_null(struct json_writer *json, const char *key, struct span value) {
    json_write_key(json, key);
    if (span_is_null(value)) {
        json_write_null(json);
    } else {
        json_write_raw(json, value);
    }
}

int sample_write_json(const struct sample *sample, const struct row_lookup *rows,
                      struct workspace *workspace, struct json_writer *json, struct error *error) {
    struct text body = {0};
    int rc = 0;
    json_write_key(json, "sample");
    json_begin_array(json);
    for (size_t i = 0; i < sample->count && rc == 0; i++) {
        const struct sample_row *row = &sample->rows[i];
        bool has_document = !span_is_null(row->key);
        json_begin_object(json);
        json_member_string(json, "query", row->query);
        json_member_string(json, "row", row->row);
        json_member_string(json, "fate", row->fate);
        json_member_string(json, "because", row->because);
        write_raw_or_null(json, "content", content_of(row, rows));
        json_member_string(json, "kind", row->kind);
        json_member_string(json, "key", row->key);
        rc = has_document ? load_body(workspace, row->document, &body, error) : 0;
        write_raw_or_null(json, "body", has_document ? text_span(&body) : (struct span){0});
        json_end_object(json);
    }
    json_end_array(json);
    text_free(&body);
    return rc;
}
