#include "workspace/row_sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/statement.h"
#include "workspace/state.h"

/* The rows of one table with one outcome. */
struct stratum {
    int64_t table;
    const char *outcome;
    int64_t rows;
    int64_t quota;   /* how many of them are in the sample */
    int64_t chosen;  /* so far */
    int64_t counted; /* so far */
};

/* In the order in which a small sample is taken. */
static const enum row_outcome outcomes[OUTCOME_COUNT] = {OUTCOME_USED, OUTCOME_REJECTED,
                                                         OUTCOME_SKIPPED};

static const char strata_sql[] = "SELECT id, used, rejected, skipped FROM source_table ORDER BY id";

enum { MOST_TABLES = 256 };

struct choosing {
    struct workspace *workspace;
    struct row_sample *sample;
    struct stratum strata[MOST_TABLES * OUTCOME_COUNT];
    size_t stratum_count;
};

/* One outcome after the other, so that the first round of the quotas goes over all tables. */
static int load_strata(struct choosing *choosing, struct error *error) {
    struct statement tables;
    if (statement_prepare(&tables, workspace_database(choosing->workspace), strata_sql, error) !=
        0) {
        return -1;
    }
    int rc = 0;
    for (size_t i = 0; i < OUTCOME_COUNT && rc == 0; i++) {
        size_t count = 0;
        while ((rc = statement_step(&tables, error)) == 1 && count++ < MOST_TABLES) {
            int64_t rows = statement_integer(&tables, (int)i + 1);
            choosing->strata[choosing->stratum_count++] =
                (struct stratum){.table = statement_integer(&tables, 0),
                                 .outcome = row_outcome_name(outcomes[i]),
                                 .rows = rows};
        }
        statement_reset(&tables);
        rc = rc < 0 ? -1 : 0;
    }
    statement_finalize(&tables);
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

/* A number that looks random and is always the same (the finalizer of SplitMix64). */
static uint64_t scatter(uint64_t number) {
    number += UINT64_C(0x9e3779b97f4a7c15);
    number = (number ^ (number >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94d049bb133111eb);
    return number ^ (number >> 31);
}

/* The rows of a stratum are split into as many pieces as it gives rows; the choice within a piece
 * must not follow the pattern that rows repeat from campaign to campaign. */
static int64_t next_position(const struct stratum *stratum) {
    int64_t first = stratum->chosen * stratum->rows / stratum->quota;
    int64_t end = (stratum->chosen + 1) * stratum->rows / stratum->quota;
    uint64_t seed = (uint64_t)stratum->table << 32 | (uint64_t)stratum->chosen;
    return first + (int64_t)(scatter(seed) % (uint64_t)(end - first));
}

static struct stratum *find_stratum(struct choosing *choosing, int64_t table, struct span outcome) {
    for (size_t i = 0; i < choosing->stratum_count; i++) {
        struct stratum *stratum = &choosing->strata[i];
        if (stratum->table == table && span_equal_string(outcome, stratum->outcome)) {
            return stratum;
        }
    }
    return NULL;
}

static const char rows_sql[] = "SELECT rowid, source_table, outcome FROM source_row ORDER BY rowid";

/* Reads all rows once and notes the row ids of those that are taken. */
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
    "SELECT t.name, s.row, s.outcome, s.because, s.content, k.name, d.key, d.id FROM source_row s"
    " JOIN source_table t ON t.id = s.source_table LEFT JOIN document d ON d.id = s.document"
    " LEFT JOIN kind k ON k.position = d.kind WHERE s.rowid = ?1";

static int load_row(struct row_sample *sample, struct statement *statement, int64_t id,
                    struct error *error) {
    statement_bind_integer(statement, 1, id);
    int rc = statement_step(statement, error);
    if (rc == 1) {
        struct sampled_row *row = &sample->rows[sample->count++];
        struct span *const texts[] = {&row->table,   &row->row,  &row->outcome, &row->because,
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
    struct row_sample *sample = choosing->sample;
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
    choosing->sample->rows = arena_allocate(arena, (count + 1) * sizeof(struct sampled_row));
    int64_t *chosen = arena_allocate(arena, (count + 1) * sizeof *chosen);
    if (choosing->sample->rows == NULL || chosen == NULL) {
        return error_set_no_memory(error);
    }
    return choose_rows(choosing, chosen, &count, error) == 0
               ? load_rows(choosing, chosen, count, error)
               : -1;
}

int row_sample_choose(struct row_sample *sample, struct workspace *workspace, size_t count,
                      struct error *error) {
    struct choosing *choosing = calloc(1, sizeof *choosing);
    if (choosing == NULL) {
        return error_set_no_memory(error);
    }
    choosing->workspace = workspace;
    choosing->sample = sample;
    int rc = choose(choosing, count < ROW_SAMPLE_MOST ? count : ROW_SAMPLE_MOST, error);
    free(choosing);
    return rc;
}

void row_sample_clear(struct row_sample *sample) {
    arena_free(&sample->arena);
    memset(sample, 0, sizeof *sample);
}
