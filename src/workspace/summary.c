#include "workspace/summary.h"

#include <string.h>

#include "base/statement.h"
#include "base/text.h"

void summary_free(struct summary *summary) {
    arena_free(&summary->arena);
    memset(summary, 0, sizeof *summary);
}

/* Runs `sql`, makes room for as many items as it has rows and lets `read` fill each. */
static void *load_list(struct workspace *workspace, struct arena *arena, const char *count_sql,
                       const char *sql, size_t size, size_t *count,
                       void (*read)(const struct statement *, struct arena *, void *),
                       struct error *error) {
    struct statement statement;
    int64_t rows = 0;
    sqlite3 *database = workspace_database(workspace);
    if (statement_query_integer(database, count_sql, 0, &rows, error) != 0 ||
        statement_prepare(&statement, database, sql, error) != 0) {
        return NULL;
    }
    char *items = arena_allocate(arena, ((size_t)rows + 1) * size);
    if (items == NULL) {
        statement_finalize(&statement);
        error_set_no_memory(error);
        return NULL;
    }
    int rc;
    *count = 0;
    while (*count < (size_t)rows && (rc = statement_step(&statement, error)) != 0) {
        if (rc < 0) {
            statement_finalize(&statement);
            return NULL;
        }
        memset(items + *count * size, 0, size);
        read(&statement, arena, items + *count * size);
        (*count)++;
    }
    statement_finalize(&statement);
    return items;
}

static void read_kind(const struct statement *statement, struct arena *arena, void *item) {
    struct summary_kind *kind = item;
    kind->name = arena_copy(arena, statement_text(statement, 0));
}

static void read_table(const struct statement *statement, struct arena *arena, void *item) {
    struct summary_table *table = item;
    table->name = arena_copy(arena, statement_text(statement, 0));
    table->rows = statement_integer(statement, 1);
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        table->outcomes[outcome] = statement_integer(statement, 2 + outcome);
    }
    table->left = statement_integer(statement, 2 + OUTCOME_COUNT);
    table->left_because = arena_copy(arena, statement_text(statement, 3 + OUTCOME_COUNT));
}

static void read_correction(const struct statement *statement, struct arena *arena, void *item) {
    struct summary_correction *correction = item;
    correction->kind = (size_t)statement_integer(statement, 0);
    correction->id = arena_copy(arena, statement_text(statement, 1));
    correction->times = statement_integer(statement, 2);
}

static void read_warning(const struct statement *statement, struct arena *arena, void *item) {
    struct summary_warning *warning = item;
    warning->kind = (size_t)statement_integer(statement, 0);
    warning->key = arena_copy(arena, statement_text(statement, 1));
    warning->text = arena_copy(arena, statement_text(statement, 2));
}

static void read_person(const struct statement *statement, struct arena *arena, void *item) {
    struct summary_person *person = item;
    person->kind = (size_t)statement_integer(statement, 0);
    person->name = arena_copy(arena, statement_text(statement, 1));
    person->outcome = person_outcome_of(statement_text(statement, 2));
    person->uses = statement_integer(statement, 3);
    person->found = arena_copy(arena, statement_text(statement, 4));
}

/* Room is made by doubling: at 0, 1, 2, 4, 8 ... items. */
static int add_reason(struct summary_reasons *reasons, struct arena *arena,
                      const struct statement *row, struct error *error) {
    if ((reasons->count & (reasons->count - 1)) == 0) {
        size_t room = reasons->count == 0 ? 1 : 2 * reasons->count;
        struct summary_reason *grown = arena_allocate(arena, room * sizeof *grown);
        if (grown == NULL) {
            return error_set_no_memory(error);
        }
        if (reasons->count > 0) {
            memcpy(grown, reasons->items, reasons->count * sizeof *grown);
        }
        reasons->items = grown;
    }
    reasons->items[reasons->count++] = (struct summary_reason){
        .because = arena_copy(arena, statement_text(row, 2)), .rows = statement_integer(row, 3)};
    return 0;
}

/* The tables are in the order of their ids, which a damaged file may have anyhow. */
static int load_reasons(struct workspace *workspace, struct summary *summary, struct error *error) {
    static const char sql[] =
        "SELECT place, outcome, because, count(*) FROM source_row JOIN"
        " (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM source_table)"
        " ON id = source_table WHERE outcome <> 'used' GROUP BY place, outcome, because"
        " ORDER BY place, outcome, count(*) DESC, because";
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        size_t place = (size_t)statement_integer(&statement, 0);
        enum row_outcome outcome = row_outcome_of(statement_text(&statement, 1));
        if (place < summary->table_count && outcome < OUTCOME_COUNT &&
            add_reason(&summary->tables[place].reasons[outcome], &summary->arena, &statement,
                       error) != 0) {
            rc = -1;
            break;
        }
    }
    statement_finalize(&statement);
    return rc;
}

static void read_part(const struct statement *statement, struct arena *arena, void *item) {
    struct summary_part *part = item;
    part->id = statement_integer(statement, 0);
    part->kind = (size_t)statement_integer(statement, 1);
    part->number = statement_integer(statement, 2);
    part->parts = statement_integer(statement, 3);
    part->documents = statement_integer(statement, 4);
    part->file = arena_copy(arena, statement_text(statement, 5));
    part->out = statement_integer(statement, 6);
}

/* A damaged file may name kinds that it does not have. */
#define KNOWN_KIND " kind >= 0 AND kind < (SELECT count(*) FROM kind)"

#define PARTS_OUT                                                                                  \
    " FROM (SELECT p.*, (SELECT count(*) FROM document d WHERE d.part = p.id AND"                  \
    "   d.state = 'handed out') AS out FROM part p) WHERE out > 0 AND" KNOWN_KIND

static int load_parts(struct workspace *workspace, struct summary *summary, struct error *error) {
    summary->parts =
        load_list(workspace, &summary->arena, "SELECT count(*)" PARTS_OUT,
                  "SELECT id, kind, number, parts, documents, file, out" PARTS_OUT " ORDER BY id",
                  sizeof *summary->parts, &summary->part_count, read_part, error);
    return summary->parts == NULL ? -1 : 0;
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

/* Counted here: GROUP BY would sort all documents, which takes four times as long. */
static int load_documents(struct workspace *workspace, struct summary *summary,
                          struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace),
                          "SELECT kind, state, verdict, change FROM document", error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        size_t kind = (size_t)statement_integer(&statement, 0);
        if (kind < summary->kind_count) {
            count_document(&summary->kinds[kind], state_of(statement_text(&statement, 1)),
                           verdict_of(statement_text(&statement, 2)),
                           change_of(statement_text(&statement, 3)));
        }
    }
    statement_finalize(&statement);
    return rc;
}

static int count_persons(struct workspace *workspace, struct summary *summary,
                         struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace),
                          "SELECT kind, outcome, count(*) FROM lookup GROUP BY kind, outcome",
                          error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        size_t kind = (size_t)statement_integer(&statement, 0);
        enum person_outcome outcome = person_outcome_of(statement_text(&statement, 1));
        if (kind < summary->kind_count && outcome < PERSON_OUTCOME_COUNT) {
            summary->kinds[kind].persons[outcome] += statement_integer(&statement, 2);
        }
    }
    statement_finalize(&statement);
    return rc;
}

#define PERSONS_OF_NOTE                                                                            \
    " FROM lookup WHERE" KNOWN_KIND " AND outcome IN"                                              \
    " ('several addresses', 'nobody', 'several people', 'no address', 'no name')"

static int load_persons(struct workspace *workspace, struct summary *summary, struct error *error) {
    summary->persons = load_list(
        workspace, &summary->arena, "SELECT count(*)" PERSONS_OF_NOTE,
        "SELECT kind, name, outcome, uses, found" PERSONS_OF_NOTE " ORDER BY kind, uses DESC, name",
        sizeof *summary->persons, &summary->person_count, read_person, error);
    return summary->persons == NULL ? -1 : count_persons(workspace, summary, error);
}

static int load_figures(struct workspace *workspace, struct summary *summary, struct error *error) {
    struct arena *arena = &summary->arena;
    summary->kinds = load_list(workspace, arena, "SELECT count(*) FROM kind",
                               "SELECT name FROM kind ORDER BY position", sizeof *summary->kinds,
                               &summary->kind_count, read_kind, error);
    summary->tables = load_list(
        workspace, arena, "SELECT count(*) FROM source_table",
        "SELECT name, rows + left_behind, used, skipped, rejected, left_behind, left_because"
        " FROM source_table ORDER BY id",
        sizeof *summary->tables, &summary->table_count, read_table, error);
    return summary->kinds == NULL || summary->tables == NULL ||
                   load_parts(workspace, summary, error) != 0
               ? -1
               : load_documents(workspace, summary, error);
}

static int load_moment(struct workspace *workspace, struct summary *summary, struct error *error) {
    struct text value = {0};
    int rc = workspace_get_setting(workspace, "one-moment", &value, error);
    summary->one_moment = arena_copy(&summary->arena, text_span(&value));
    text_free(&value);
    return rc;
}

static int load_lists(struct workspace *workspace, struct summary *summary, struct error *error) {
    struct arena *arena = &summary->arena;
    summary->corrections =
        load_list(workspace, arena, "SELECT count(*) FROM correction",
                  "SELECT kind, id, times FROM correction ORDER BY kind, id",
                  sizeof *summary->corrections, &summary->correction_count, read_correction, error);
    summary->warnings =
        load_list(workspace, arena, "SELECT count(*) FROM warning",
                  "SELECT kind, key, text FROM warning WHERE" KNOWN_KIND " ORDER BY kind, key",
                  sizeof *summary->warnings, &summary->warning_count, read_warning, error);
    if (summary->corrections == NULL || summary->warnings == NULL) {
        return -1;
    }
    return load_reasons(workspace, summary, error) == 0 ? load_persons(workspace, summary, error)
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
        rc = load_lists(workspace, summary, error);
    }
    if (rc == 0) {
        rc = load_moment(workspace, summary, error);
    }
    return conclude(summary, rc, error);
}

int summary_find_table(struct workspace *workspace, const char *name, struct error *error) {
    struct summary summary;
    struct text known = {0};
    bool is_found = false;
    if (summary_load_figures(workspace, &summary, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < summary.table_count; i++) {
        is_found = is_found || span_equal_string(summary.tables[i].name, name);
        text_append_string(&known, i == 0 ? "" : ", ");
        text_append(&known, summary.tables[i].name);
    }
    if (!is_found) {
        error_set(error, ERROR_USAGE, "the plan has no table \"%s\"; it has: %s", name,
                  text_string(&known));
    }
    text_free(&known);
    summary_free(&summary);
    return is_found ? 0 : -1;
}

int64_t summary_add(int64_t sum, int64_t number) {
    int64_t whole;
    return __builtin_add_overflow(sum, number, &whole) ? INT64_MAX : whole;
}

int64_t summary_count_open(const struct summary_kind *kind) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        documents += standing_meanings[standing].is_due ? kind->standings[standing] : 0;
    }
    return documents;
}

int64_t summary_count_sent(const struct summary_kind *kind) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (standing_meanings[standing].is_sent) {
            documents += kind->standings[standing];
        }
    }
    return documents;
}

int64_t summary_count_names(const struct summary_kind *kind) {
    int64_t names = 0;
    for (enum person_outcome outcome = 0; outcome < PERSON_OUTCOME_COUNT; outcome++) {
        names = summary_add(names, kind->persons[outcome]);
    }
    return names;
}

int64_t summary_count_standing(const struct summary *summary, enum standing standing) {
    int64_t documents = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        documents += summary->kinds[i].standings[standing];
    }
    return documents;
}

int64_t summary_count_class(const struct summary *summary, enum standing_class class) {
    int64_t documents = 0;
    for (enum standing standing = 0; standing < STANDING_COUNT; standing++) {
        if (standing_meanings[standing].class == class) {
            documents += summary_count_standing(summary, standing);
        }
    }
    return documents;
}

int64_t summary_count_ever(const struct summary *summary, enum state state) {
    int64_t documents = 0;
    for (size_t i = 0; i < summary->kind_count; i++) {
        documents += summary->kinds[i].ever[state];
    }
    return documents;
}

int64_t summary_count_rows(const struct summary *summary, enum row_outcome outcome) {
    int64_t rows = 0;
    for (size_t i = 0; i < summary->table_count; i++) {
        rows = summary_add(rows, summary->tables[i].outcomes[outcome]);
    }
    return rows;
}
