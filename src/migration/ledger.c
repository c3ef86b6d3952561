#include "migration/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "base/statement.h"

/* A set of row numbers: words of 64 rows, found by open addressing. Rows are mostly numbered
 * without large gaps, so that a row takes little more than its bit. */
struct row_word {
    int64_t number; /* of the word: the row's number without its lowest six bits */
    uint64_t bits;  /* 0: the slot is empty */
};

struct row_set {
    struct row_word *words;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

enum { FIRST_CAPACITY = 256, ROWS_OF_A_WORD = 64, LEDGER_MOST_TABLES = 64 };

static struct row_word *find_word(const struct row_set *set, int64_t number) {
    size_t mask = set->capacity - 1;
    size_t slot = (size_t)((uint64_t)number * UINT64_C(0x9E3779B97F4A7C15) >> 20) & mask;
    while (set->words[slot].bits != 0 && set->words[slot].number != number) {
        slot = (slot + 1) & mask;
    }
    return &set->words[slot];
}

static int64_t word_number(int64_t row) {
    return (row - (int64_t)((uint64_t)row % ROWS_OF_A_WORD)) / ROWS_OF_A_WORD;
}

static uint64_t bit_of(int64_t row) {
    return UINT64_C(1) << ((uint64_t)row % ROWS_OF_A_WORD);
}

static bool row_set_has(const struct row_set *set, int64_t row) {
    return set->capacity > 0 && (find_word(set, word_number(row))->bits & bit_of(row)) != 0;
}

static int row_set_grow(struct row_set *set) {
    struct row_set grown = {.capacity = set->capacity == 0 ? FIRST_CAPACITY : 2 * set->capacity,
                            .count = set->count};
    grown.words = calloc(grown.capacity, sizeof *grown.words);
    if (grown.words == NULL) {
        return -1;
    }
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->words[i].bits != 0) {
            *find_word(&grown, set->words[i].number) = set->words[i];
        }
    }
    free(set->words);
    *set = grown;
    return 0;
}

static int row_set_add(struct row_set *set, int64_t row) {
    if (3 * set->count >= 2 * set->capacity && row_set_grow(set) != 0) {
        return -1;
    }
    struct row_word *word = find_word(set, word_number(row));
    set->count += word->bits == 0;
    word->number = word_number(row);
    word->bits |= bit_of(row);
    return 0;
}

struct ledger_table {
    const struct table *declaration;
    size_t number;
    int64_t rows;
    int64_t settled;
    struct row_set set;
};

struct ledger_use {
    const struct ledger_table *table;
    struct span label;
    struct ledger_use *next;
};

struct ledger {
    struct staging *staging;
    struct plan_sink *sink;
    struct ledger_table *tables[LEDGER_MOST_TABLES];
    size_t table_count;
    struct statement propose; /* prepared with the first proposal */
};

struct ledger *ledger_open(struct staging *staging, struct plan_sink *sink, struct error *error) {
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    ledger->staging = staging;
    ledger->sink = sink;
    return ledger;
}

void ledger_close(struct ledger *ledger) {
    if (ledger == NULL) {
        return;
    }
    for (size_t i = 0; i < ledger->table_count; i++) {
        free(ledger->tables[i]->set.words);
        free(ledger->tables[i]);
    }
    statement_finalize(&ledger->propose);
    statement_execute(staging_database(ledger->staging),
                      "DROP TABLE IF EXISTS temp.ledger_proposal", NULL);
    free(ledger);
}

struct staging *ledger_staging(const struct ledger *ledger) {
    return ledger->staging;
}

static int put(const struct ledger *ledger, const struct plan_entry *entry, struct error *error) {
    return ledger->sink->put(ledger->sink->context, entry, error);
}

struct ledger_table *ledger_add_table(struct ledger *ledger, const struct table *declaration,
                                      int64_t rows, struct error *error) {
    if (ledger->table_count == LEDGER_MOST_TABLES) {
        error_set(error, ERROR_INTERNAL, "%s: more than %d tables", declaration->name,
                  LEDGER_MOST_TABLES);
        return NULL;
    }
    struct ledger_table *table = calloc(1, sizeof *table);
    if (table == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    table->declaration = declaration;
    table->rows = rows;
    table->number = ledger->table_count;
    ledger->tables[ledger->table_count++] = table;
    struct plan_entry entry = {
        .kind = PLAN_TABLE,
        .table = {.name = span_of(declaration->name),
                  .rows = rows,
                  .left = staging_count_left(ledger->staging, declaration->name),
                  .left_because = span_of(declaration->only_because)}};
    return put(ledger, &entry, error) == 0 ? table : NULL;
}

const struct table *ledger_declaration(const struct ledger_table *table) {
    return table->declaration;
}

bool ledger_is_settled(const struct ledger_table *table, int64_t row) {
    return row_set_has(&table->set, row);
}

int64_t ledger_count_open(const struct ledger_table *table) {
    return table->rows - table->settled;
}

/* Each row is settled here, and only once. */
static int settle(const struct ledger_row *row, struct error *error) {
    struct ledger_table *table = row->table;
    if (row_set_has(&table->set, row->row)) {
        return error_set(error, ERROR_INTERNAL, "%s, row %.*s: settled twice",
                         table->declaration->name, (int)row->label.length, row->label.data);
    }
    if (row_set_add(&table->set, row->row) != 0) {
        return error_set_no_memory(error);
    }
    table->settled++;
    return 0;
}

int ledger_use(struct ledger_row row, struct ledger_uses *uses, struct arena *arena,
               struct error *error) {
    struct ledger_use *use = arena_allocate(arena, sizeof *use);
    if (use == NULL) {
        return error_set_no_memory(error);
    }
    *use = (struct ledger_use){.table = row.table, .label = arena_copy(arena, row.label)};
    if (arena->failed) {
        return error_set_no_memory(error);
    }
    if (uses->last == NULL) {
        uses->first = use;
    } else {
        uses->last->next = use;
    }
    uses->last = use;
    uses->count++;
    return settle(&row, error);
}

/* A row that ends without a document. */
static int end_row(struct ledger *ledger, const struct ledger_row *row, enum row_outcome outcome,
                   struct span because, struct span content, struct error *error) {
    struct plan_entry entry = {.kind = PLAN_ROW,
                               .row = {.table = row->table->number,
                                       .row = row->label,
                                       .outcome = outcome,
                                       .because = because,
                                       .content = content}};
    return settle(row, error) == 0 ? put(ledger, &entry, error) : -1;
}

int ledger_skip(struct ledger *ledger, struct ledger_row row, const char *rule, struct span content,
                struct error *error) {
    return end_row(ledger, &row, OUTCOME_SKIPPED, span_of(rule), content, error);
}

int ledger_reject(struct ledger *ledger, struct ledger_row row, struct span reason,
                  struct span content, struct error *error) {
    return end_row(ledger, &row, OUTCOME_REJECTED, reason, content, error);
}

static int prepare_proposals(struct ledger *ledger, struct error *error) {
    sqlite3 *database = staging_database(ledger->staging);
    return ledger->propose.handle != NULL ||
                   (statement_execute(database,
                                      "CREATE TEMP TABLE ledger_proposal(\"table\", row, label,"
                                      " outcome, because, content)",
                                      error) == 0 &&
                    statement_prepare(&ledger->propose, database,
                                      "INSERT INTO ledger_proposal VALUES(?, ?, ?, ?, ?, ?)",
                                      error) == 0)
               ? 0
               : -1;
}

int ledger_propose(struct ledger *ledger, struct ledger_row row, enum row_outcome outcome,
                   struct span because, struct span content, struct error *error) {
    if (prepare_proposals(ledger, error) != 0) {
        return -1;
    }
    statement_bind_integer(&ledger->propose, 1, (int64_t)row.table->number);
    statement_bind_integer(&ledger->propose, 2, row.row);
    statement_bind_text(&ledger->propose, 3, row.label);
    statement_bind_integer(&ledger->propose, 4, outcome);
    statement_bind_text(&ledger->propose, 5, because);
    statement_bind_text(&ledger->propose, 6, content);
    return statement_run(&ledger->propose, error);
}

static int take_proposal(struct ledger *ledger, const struct statement *proposals,
                         struct error *error) {
    struct ledger_row row = {.table = ledger->tables[statement_integer(proposals, 0)],
                             .row = statement_integer(proposals, 1),
                             .label = statement_text(proposals, 2)};
    if (ledger_is_settled(row.table, row.row)) {
        return 0;
    }
    return end_row(ledger, &row, (enum row_outcome)statement_integer(proposals, 3),
                   statement_text(proposals, 4), statement_text(proposals, 5), error);
}

int ledger_take_proposals(struct ledger *ledger, struct error *error) {
    if (ledger->propose.handle == NULL) {
        return 0;
    }
    struct statement proposals;
    sqlite3 *database = staging_database(ledger->staging);
    int rc = statement_prepare(&proposals, database, "SELECT * FROM ledger_proposal ORDER BY rowid",
                               error);
    while (rc == 0 && (rc = statement_step(&proposals, error)) == 1) {
        rc = take_proposal(ledger, &proposals, error);
    }
    statement_finalize(&proposals);
    return rc == 0 ? statement_execute(database, "DELETE FROM ledger_proposal", error) : -1;
}

int ledger_put_document(struct ledger *ledger, struct plan_document document,
                        const struct ledger_uses *uses, struct error *error) {
    document.rows = uses->count;
    struct plan_entry entry = {.kind = PLAN_DOCUMENT, .document = document};
    if (put(ledger, &entry, error) != 0) {
        return -1;
    }
    for (const struct ledger_use *use = uses->first; use != NULL; use = use->next) {
        entry = (struct plan_entry){
            .kind = PLAN_ROW,
            .row = {.table = use->table->number, .row = use->label, .outcome = OUTCOME_USED}};
        if (put(ledger, &entry, error) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Names the first row that no rule has settled. */
static int fail_open(const struct ledger *ledger, const struct ledger_table *table,
                     struct error *error) {
    const char *name = table->declaration->name;
    struct text sql = {0};
    struct text label = {0};
    struct statement rows = {0};
    text_append_string(&sql, "SELECT row, ");
    staged_row_append_columns(table->declaration, NULL, &sql);
    text_append_format(&sql, " FROM \"%s\"", name);
    int rc = statement_prepare(&rows, staging_database(ledger->staging), text_string(&sql), error);
    while (rc == 0 && (rc = statement_step(&rows, error)) == 1) {
        rc = 0;
        if (!row_set_has(&table->set, statement_integer(&rows, 0))) {
            staged_row_append_label(table->declaration, &rows, 1, &label);
            break;
        }
    }
    if (rc == 0) {
        error_set(error, ERROR_BALANCE,
                  "%s: the source counts %lld rows, and %lld have an outcome; the first without "
                  "one is row %s",
                  name, (long long)table->rows, (long long)table->settled,
                  label.length == 0 ? "(none)" : text_string(&label));
    }
    statement_finalize(&rows);
    text_free(&sql);
    text_free(&label);
    return -1;
}

int ledger_finish(struct ledger *ledger, struct error *error) {
    if (ledger_take_proposals(ledger, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < ledger->table_count; i++) {
        if (ledger_count_open(ledger->tables[i]) != 0) {
            return fail_open(ledger, ledger->tables[i], error);
        }
    }
    return 0;
}
