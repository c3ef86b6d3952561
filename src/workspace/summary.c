#include "workspace/summary.h"

#include <string.h>

#include "base/nearest.h"
#include "base/statement.h"
#include "base/text.h"
#include "workspace/unsettled.h"

void summary_free(struct summary *summary) {
    arena_free(&summary->arena);
    memset(summary, 0, sizeof *summary);
}

/* Adds an item, all of it zero, to a list in the arena. `list` is the address of the pointer to the
 * first one. NULL where memory ran out, which the arena knows. Room is made by doubling: at 0, 1,
 * 2, 4, 8 ... items. */
static void *add_item(struct arena *arena, void *list, size_t *count, size_t size) {
    char *items;
    memcpy(&items, list, sizeof items);
    if (*count == 0 || (*count & (*count - 1)) == 0) {
        char *grown = arena_allocate(arena, (*count == 0 ? 1 : 2 * *count) * size);
        if (grown == NULL) {
            return NULL;
        }
        if (items != NULL) {
            memcpy(grown, items, *count * size);
        }
        items = grown;
        memcpy(list, &items, sizeof items);
    }
    return memset(items + (*count)++ * size, 0, size);
}

static void read_kind(const struct statement *row, struct summary *summary, void *item) {
    struct summary_kind *kind = item;
    kind->name = arena_copy(&summary->arena, statement_text(row, 0));
}

static void read_table(const struct statement *row, struct summary *summary, void *item) {
    struct summary_table *table = item;
    table->name = arena_copy(&summary->arena, statement_text(row, 0));
    table->rows = statement_integer(row, 1);
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        table->outcomes[outcome] = statement_integer(row, 2 + outcome);
    }
    table->left = statement_integer(row, 2 + OUTCOME_COUNT);
    table->left_because = arena_copy(&summary->arena, statement_text(row, 3 + OUTCOME_COUNT));
}

static void read_correction(const struct statement *row, struct summary *summary, void *item) {
    struct summary_correction *correction = item;
    correction->kind = (size_t)statement_integer(row, 0);
    correction->id = arena_copy(&summary->arena, statement_text(row, 1));
    correction->times = statement_integer(row, 2);
}

static void read_warning(const struct statement *row, struct summary *summary, void *item) {
    struct summary_warning *warning = item;
    warning->kind = (size_t)statement_integer(row, 0);
    warning->key = arena_copy(&summary->arena, statement_text(row, 1));
    warning->text = arena_copy(&summary->arena, statement_text(row, 2));
}

static void read_person(const struct statement *row, struct summary *summary, void *item) {
    struct summary_person *person = item;
    person->kind = (size_t)statement_integer(row, 0);
    person->name = arena_copy(&summary->arena, statement_text(row, 1));
    person->outcome = person_outcome_of(statement_text(row, 2));
    person->uses = statement_integer(row, 3);
    person->found = arena_copy(&summary->arena, statement_text(row, 4));
}

static void read_part(const struct statement *row, struct summary *summary, void *item) {
    struct summary_part *part = item;
    part->id = statement_integer(row, 0);
    part->kind = (size_t)statement_integer(row, 1);
    part->number = statement_integer(row, 2);
    part->parts = statement_integer(row, 3);
    part->documents = statement_integer(row, 4);
    part->file = arena_copy(&summary->arena, statement_text(row, 5));
    part->out = statement_integer(row, 6);
}

static void add_reason(const struct statement *row, struct summary *summary, void *item) {
    size_t place = (size_t)statement_integer(row, 0);
    enum row_outcome outcome = row_outcome_of(statement_text(row, 1));
    (void)item;
    if (place >= summary->table_count || outcome >= OUTCOME_COUNT) {
        return;
    }
    struct summary_reasons *reasons = &summary->tables[place].reasons[outcome];
    struct summary_reason *reason =
        add_item(&summary->arena, &reasons->items, &reasons->count, sizeof *reason);
    if (reason != NULL) {
        reason->because = arena_copy(&summary->arena, statement_text(row, 2));
        reason->rows = statement_integer(row, 3);
    }
}

static void count_document(struct summary_kind *kind, enum state state, enum verdict verdict,
                           enum change change) {
    kind->standings[standing_of(state, verdict, change)]++;
    if (state < STATE_COUNT) {
        kind->ever[state]++;
    }
    if (change == CHANGE_GONE) {
        kind->gone++;
        return;
    }
    kind->documents++;
    kind->changed += change == CHANGE_CHANGED;
    if (state < STATE_COUNT) {
        kind->states[state]++;
    }
    if (verdict < VERDICT_COUNT) {
        kind->verdicts[verdict]++;
    }
    if (state < STATE_COUNT && verdict < VERDICT_COUNT) {
        kind->read_back[state][verdict]++;
    }
}

static void add_document(const struct statement *row, struct summary *summary, void *item) {
    size_t kind = (size_t)statement_integer(row, 0);
    (void)item;
    if (kind < summary->kind_count) {
        count_document(&summary->kinds[kind], state_of(statement_text(row, 1)),
                       verdict_of(statement_text(row, 2)), change_of(statement_text(row, 3)));
    }
}

static void add_strangers(const struct statement *row, struct summary *summary, void *item) {
    size_t kind = (size_t)statement_integer(row, 0);
    (void)item;
    if (kind < summary->kind_count) {
        summary->kinds[kind].strangers = statement_integer(row, 1);
    }
}

static void add_persons(const struct statement *row, struct summary *summary, void *item) {
    size_t kind = (size_t)statement_integer(row, 0);
    enum person_outcome outcome = person_outcome_of(statement_text(row, 1));
    (void)item;
    if (kind < summary->kind_count && outcome < PERSON_OUTCOME_COUNT) {
        summary->kinds[kind].persons[outcome] += statement_integer(row, 2);
    }
}

/* A piece of a summary: a query, and the function for each of its rows. If there is a list, each
 * row becomes an item of it. */
struct query {
    const char *sql;
    void (*take)(const struct statement *row, struct summary *summary, void *item);
    size_t size; /* of an item; 0: no list */
    size_t list; /* where in the summary its pointer and its count are */
    size_t count;
};

#define LIST(item, items, number)                                                                  \
    sizeof(struct item), offsetof(struct summary, items), offsetof(struct summary, number)

/* A damaged file may name missing kinds. */
#define KNOWN_KIND " kind >= 0 AND kind < (SELECT count(*) FROM kind)"

/* The documents are counted here: GROUP BY would sort them all, which takes four times as long. */
static const struct query figures[] = {
    {"SELECT name FROM kind ORDER BY position", read_kind, LIST(summary_kind, kinds, kind_count)},
    {"SELECT name, rows + left_behind, used, skipped, rejected, left_behind, left_because"
     " FROM source_table ORDER BY id",
     read_table, LIST(summary_table, tables, table_count)},
    {"SELECT id, kind, number, parts, documents, file, out FROM"
     " (SELECT p.*, (SELECT count(*) FROM document d WHERE d.part = p.id AND"
     "   d.state = 'handed out') AS out FROM part p)"
     " WHERE out > 0 AND" KNOWN_KIND " ORDER BY id",
     read_part, LIST(summary_part, parts, part_count)},
    {"SELECT kind, state, verdict, change FROM document", add_document, 0, 0, 0},
    {"SELECT k.position, count(*) FROM stranger s JOIN kind k ON k.name = s.kind GROUP BY 1",
     add_strangers, 0, 0, 0},
};

/* The tables are in the order of their ids, which may have any value in a damaged file. */
static const struct query lists[] = {
    {"SELECT kind, id, times FROM correction ORDER BY kind, id", read_correction,
     LIST(summary_correction, corrections, correction_count)},
    {"SELECT kind, key, text FROM warning WHERE" KNOWN_KIND " ORDER BY kind, key", read_warning,
     LIST(summary_warning, warnings, warning_count)},
    {"SELECT place, outcome, because, count(*) FROM source_row JOIN"
     " (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM source_table)"
     " ON id = source_table WHERE outcome <> 'used' GROUP BY place, outcome, because"
     " ORDER BY place, outcome, count(*) DESC, because",
     add_reason, 0, 0, 0},
    {"SELECT kind, name, outcome, uses, found FROM lookup WHERE" KNOWN_KIND " AND outcome IN"
     " ('several addresses', 'nobody', 'several people', 'no address', 'no name')"
     " ORDER BY kind, uses DESC, name",
     read_person, LIST(summary_person, persons, person_count)},
    {"SELECT kind, outcome, count(*) FROM lookup GROUP BY kind, outcome", add_persons, 0, 0, 0},
};

static int run_query(struct workspace *workspace, const struct query *query,
                     struct summary *summary, struct error *error) {
    char *fields = (char *)summary;
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace), query->sql, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        void *item = query->size == 0
                         ? NULL
                         : add_item(&summary->arena, fields + query->list,
                                    (size_t *)(void *)(fields + query->count), query->size);
        if (query->size == 0 || item != NULL) {
            query->take(&statement, summary, item);
        }
    }
    statement_finalize(&statement);
    return rc;
}

static int run_queries(struct workspace *workspace, const struct query *queries, size_t count,
                       struct summary *summary, struct error *error) {
    for (size_t i = 0; i < count; i++) {
        if (run_query(workspace, &queries[i], summary, error) != 0) {
            return -1;
        }
    }
    return 0;
}

static int load_figures(struct workspace *workspace, struct summary *summary, struct error *error) {
    return run_queries(workspace, figures, sizeof figures / sizeof *figures, summary, error) == 0
               ? unsettled_load(workspace, summary, error)
               : -1;
}

static int load_setting(struct workspace *workspace, const char *name, struct arena *arena,
                        struct span *value, struct error *error) {
    struct text stored = {0};
    int rc = workspace_get_setting(workspace, name, &stored, error);
    *value = arena_copy(arena, text_span(&stored));
    text_free(&stored);
    return rc;
}

static int load_settings(struct workspace *workspace, struct summary *summary,
                         struct error *error) {
    struct arena *arena = &summary->arena;
    return load_setting(workspace, "one-moment", arena, &summary->one_moment, error) == 0
               ? load_setting(workspace, "rejects-accepted", arena, &summary->rejects_accepted,
                              error)
               : -1;
}

/* Gives the summary to the caller, or nothing. */
static int conclude(struct summary *summary, int rc, struct error *error) {
    if (rc == 0 && summary->arena.failed) {
        rc = error_set_no_memory(error);
    }
    if (rc != 0) {
        summary_free(summary);
    }
    return rc;
}

int summary_load_figures(struct workspace *workspace, struct summary *summary,
                         struct error *error) {
    memset(summary, 0, sizeof *summary);
    return conclude(summary, load_figures(workspace, summary, error), error);
}

int summary_load(struct workspace *workspace, struct summary *summary, struct error *error) {
    memset(summary, 0, sizeof *summary);
    int rc = load_figures(workspace, summary, error);
    if (rc == 0) {
        rc = run_queries(workspace, lists, sizeof lists / sizeof *lists, summary, error);
    }
    if (rc == 0) {
        rc = load_settings(workspace, summary, error);
    }
    return conclude(summary, rc, error);
}

int summary_find_table(struct workspace *workspace, const char *name, struct error *error) {
    struct summary summary;
    struct text known = {0};
    struct nearest nearest = nearest_to(span_of(name));
    bool is_found = false;
    if (summary_load_figures(workspace, &summary, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < summary.table_count; i++) {
        is_found = is_found || span_equal_string(summary.tables[i].name, name);
        text_append_string(&known, i == 0 ? "" : ", ");
        text_append(&known, summary.tables[i].name);
        nearest_offer(&nearest, summary.tables[i].name.data);
    }
    nearest_append(&nearest, "", &known);
    if (!is_found) {
        error_set(error, ERROR_USAGE, "the plan has no table \"%s\"; it has: %s", name,
                  text_string(&known));
    }
    text_free(&known);
    summary_free(&summary);
    return is_found ? 0 : -1;
}
