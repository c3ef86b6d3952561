#include "workspace/account.h"

#include <string.h>

#include "base/statement.h"

void account_free(struct account *account) {
    arena_free(&account->arena);
    memset(account, 0, sizeof *account);
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
    struct account_kind *kind = item;
    kind->name = arena_copy(arena, statement_text(statement, 0));
}

static void read_query(const struct statement *statement, struct arena *arena, void *item) {
    struct account_query *query = item;
    query->kind = (size_t)statement_integer(statement, 0);
    query->name = arena_copy(arena, statement_text(statement, 1));
    query->rows_read = statement_integer(statement, 2);
    query->used = statement_integer(statement, 3);
    query->skipped = statement_integer(statement, 4);
    query->rejected = statement_integer(statement, 5);
}

static void read_correction(const struct statement *statement, struct arena *arena, void *item) {
    struct account_correction *correction = item;
    correction->kind = (size_t)statement_integer(statement, 0);
    correction->id = arena_copy(arena, statement_text(statement, 1));
    correction->times = statement_integer(statement, 2);
}

static void read_warning(const struct statement *statement, struct arena *arena, void *item) {
    struct account_warning *warning = item;
    warning->kind = (size_t)statement_integer(statement, 0);
    warning->key = arena_copy(arena, statement_text(statement, 1));
    warning->text = arena_copy(arena, statement_text(statement, 2));
}

static void read_lookup(const struct statement *statement, struct arena *arena, void *item) {
    struct account_lookup *lookup = item;
    lookup->kind = (size_t)statement_integer(statement, 0);
    lookup->name = arena_copy(arena, statement_text(statement, 1));
    lookup->outcome = presence_of(statement_text(statement, 2));
    lookup->uses = statement_integer(statement, 3);
    lookup->found = arena_copy(arena, statement_text(statement, 4));
}

/* One (query, fate, because, count) after the other, in the order of the queries. */
static int load_reasons(struct workspace *workspace, struct account *account, struct error *error) {
    static const char sql[] = "SELECT query, fate, because, count(*) FROM source_row"
                              " WHERE fate <> 'used' GROUP BY query, fate, because"
                              " ORDER BY query, fate, count(*) DESC, because";
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace), sql, error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        size_t position = (size_t)statement_integer(&statement, 0) - 1;
        if (position >= account->query_count) {
            continue;
        }
        struct account_query *query = &account->queries[position];
        bool is_skip = span_equal_string(statement_text(&statement, 1), "skipped");
        struct account_reason **list = is_skip ? &query->skips : &query->rejects;
        size_t *count = is_skip ? &query->skip_count : &query->reject_count;
        /* Room is made by doubling: at 0, 1, 2, 4, 8 ... items. */
        if ((*count & (*count - 1)) == 0) {
            size_t room = *count == 0 ? 1 : 2 * *count;
            struct account_reason *grown = arena_allocate(&account->arena, room * sizeof *grown);
            if (grown == NULL) {
                rc = error_set_no_memory(error);
                break;
            }
            if (*count > 0) {
                memcpy(grown, *list, *count * sizeof *grown);
            }
            *list = grown;
        }
        (*list)[(*count)++] = (struct account_reason){
            .because = arena_copy(&account->arena, statement_text(&statement, 2)),
            .rows = statement_integer(&statement, 3)};
    }
    statement_finalize(&statement);
    return rc;
}

static void count_document(struct account_kind *kind, enum state state, enum verdict verdict,
                           enum change change) {
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
}

/* Counted here: GROUP BY would sort all documents, which takes four times as long. */
static int load_documents(struct workspace *workspace, struct account *account,
                          struct error *error) {
    struct statement statement;
    if (statement_prepare(&statement, workspace_database(workspace),
                          "SELECT kind, state, verdict, change FROM document", error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = statement_step(&statement, error)) == 1) {
        size_t kind = (size_t)statement_integer(&statement, 0);
        if (kind < account->kind_count) {
            count_document(&account->kinds[kind], state_of(statement_text(&statement, 1)),
                           verdict_of(statement_text(&statement, 2)),
                           change_of(statement_text(&statement, 3)));
        }
    }
    statement_finalize(&statement);
    return rc;
}

static int count_lookups(struct workspace *workspace, struct account *account,
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
        enum presence outcome = presence_of(statement_text(&statement, 1));
        if (kind < account->kind_count && outcome < PERSON_COUNT) {
            account->kinds[kind].persons[outcome] += statement_integer(&statement, 2);
        }
    }
    statement_finalize(&statement);
    return rc;
}

#define LOOKUPS_OF_NOTE                                                                            \
    " FROM lookup WHERE kind >= 0 AND kind < (SELECT count(*) FROM kind) AND outcome IN"           \
    " ('several addresses', 'nobody', 'several people', 'no address', 'no name')"

static int load_lookups(struct workspace *workspace, struct account *account, struct error *error) {
    account->lookups = load_list(
        workspace, &account->arena, "SELECT count(*)" LOOKUPS_OF_NOTE,
        "SELECT kind, name, outcome, uses, found" LOOKUPS_OF_NOTE " ORDER BY kind, uses DESC, name",
        sizeof *account->lookups, &account->lookup_count, read_lookup, error);
    return account->lookups == NULL ? -1 : count_lookups(workspace, account, error);
}

static int load_figures(struct workspace *workspace, struct account *account, struct error *error) {
    struct arena *arena = &account->arena;
    account->kinds = load_list(workspace, arena, "SELECT count(*) FROM kind",
                               "SELECT name FROM kind ORDER BY position", sizeof *account->kinds,
                               &account->kind_count, read_kind, error);
    account->queries =
        load_list(workspace, arena, "SELECT count(*) FROM query",
                  "SELECT kind, name, rows_read, used, skipped, rejected FROM query ORDER BY id",
                  sizeof *account->queries, &account->query_count, read_query, error);
    return account->kinds == NULL || account->queries == NULL
               ? -1
               : load_documents(workspace, account, error);
}

static int load_lists(struct workspace *workspace, struct account *account, struct error *error) {
    struct arena *arena = &account->arena;
    account->corrections =
        load_list(workspace, arena, "SELECT count(*) FROM correction",
                  "SELECT kind, id, times FROM correction ORDER BY kind, id",
                  sizeof *account->corrections, &account->correction_count, read_correction, error);
    /* A damaged file may name kinds that it does not have. */
    account->warnings =
        load_list(workspace, arena, "SELECT count(*) FROM warning",
                  "SELECT kind, key, text FROM warning WHERE kind >= 0 AND kind <"
                  " (SELECT count(*) FROM kind) ORDER BY kind, key",
                  sizeof *account->warnings, &account->warning_count, read_warning, error);
    return account->corrections == NULL || account->warnings == NULL
               ? -1
               : load_reasons(workspace, account, error);
}

/* Gives the account to the caller, or nothing. */
static int conclude(struct account *account, int rc, struct error *error) {
    if (rc == 0 && account->arena.failed) {
        rc = error_set_no_memory(error);
    }
    if (rc != 0) {
        account_free(account);
    }
    return rc;
}

int account_load_figures(struct workspace *workspace, struct account *account,
                         struct error *error) {
    memset(account, 0, sizeof *account);
    return conclude(account, load_figures(workspace, account, error), error);
}

int account_load(struct workspace *workspace, struct account *account, struct error *error) {
    memset(account, 0, sizeof *account);
    int rc = load_figures(workspace, account, error);
    if (rc == 0) {
        rc = load_lists(workspace, account, error);
    }
    if (rc == 0) {
        rc = load_lookups(workspace, account, error);
    }
    return conclude(account, rc, error);
}

int64_t account_add(int64_t sum, int64_t number) {
    int64_t whole;
    return __builtin_add_overflow(sum, number, &whole) ? INT64_MAX : whole;
}

int64_t account_documents_open(const struct account_kind *kind) {
    return kind->states[STATE_PENDING] + kind->states[STATE_SENDING] + kind->states[STATE_UNKNOWN];
}

int64_t account_documents_sent(const struct account_kind *kind) {
    return kind->states[STATE_DELIVERED] + kind->states[STATE_PRESENT] +
           kind->states[STATE_DIFFERENT];
}

int64_t account_names_looked_up(const struct account_kind *kind) {
    int64_t names = 0;
    for (enum presence presence = 0; presence < PERSON_COUNT; presence++) {
        names = account_add(names, kind->persons[presence]);
    }
    return names;
}

int64_t account_rows_rejected(const struct account *account) {
    int64_t rows = 0;
    for (size_t i = 0; i < account->query_count; i++) {
        rows = account_add(rows, account->queries[i].rejected);
    }
    return rows;
}

int64_t account_documents_in(const struct account *account, enum state state) {
    int64_t documents = 0;
    for (size_t i = 0; i < account->kind_count; i++) {
        documents += account->kinds[i].states[state];
    }
    return documents;
}

int64_t account_documents_ever_in(const struct account *account, enum state state) {
    int64_t documents = 0;
    for (size_t i = 0; i < account->kind_count; i++) {
        documents += account->kinds[i].ever[state];
    }
    return documents;
}

int64_t account_documents_with(const struct account *account, enum verdict verdict) {
    int64_t documents = 0;
    for (size_t i = 0; i < account->kind_count; i++) {
        documents += account->kinds[i].verdicts[verdict];
    }
    return documents;
}
