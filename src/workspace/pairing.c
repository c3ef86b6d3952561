#include "workspace/pairing.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/statement.h"
#include "base/text.h"

enum { MOST_COLUMNS = 6 };

/* In each list the names come first and define the order. If several rows may have one name, the
 * values are part of the order. */
static const struct list {
    const char *sql;
    int names;
    int columns;
    bool is_unique; /* no two entries of a workspace have the same names */
} lists[PAIRING_COUNT] = {
    [PAIRING_SETTINGS] = {"SELECT name, value FROM setting WHERE name NOT IN"
                          " ('migration-text', 'planned', 'program', 'target') ORDER BY name",
                          1, 2, true},
    [PAIRING_TABLES] = {"SELECT name, rows, used, skipped, rejected FROM source_table"
                        " ORDER BY name",
                        1, 5, true},
    [PAIRING_DOCUMENTS] = {"SELECT k.name, d.key, coalesce(b.changed_body, b.body) FROM kind k"
                           " CROSS JOIN document d ON d.kind = k.position"
                           " CROSS JOIN body b ON b.document = d.id"
                           " WHERE d.change IS NOT 'gone' ORDER BY k.name, d.key",
                           2, 3, true},
    [PAIRING_ROWS] = {"SELECT t.name, s.row, s.outcome, s.because, k.name, d.key"
                      " FROM source_row s JOIN source_table t ON t.id = s.source_table"
                      " LEFT JOIN document d ON d.id = s.document"
                      " LEFT JOIN kind k ON k.position = d.kind ORDER BY 1, 2, 3, 4, 5, 6",
                      2, 6, false},
    [PAIRING_CORRECTIONS] = {"SELECT k.name, c.id, c.times FROM correction c"
                             " JOIN kind k ON k.position = c.kind ORDER BY 1, 2",
                             2, 3, true},
    [PAIRING_SKIPS] = {"SELECT t.name, s.because, count(*) FROM source_row s"
                       " JOIN source_table t ON t.id = s.source_table"
                       " WHERE s.outcome = 'skipped' GROUP BY 1, 2 ORDER BY 1, 2",
                       2, 3, true},
};

/* A copy of the first columns of a row. */
struct kept_row {
    struct text bytes;
    struct span columns[MOST_COLUMNS];
};

/* One of the two lists. */
struct side {
    struct workspace *workspace;
    struct statement rows;
    bool is_there; /* the statement has a row that no entry has shown yet */
    bool is_used;  /* the last entry showed it */
    struct span current[MOST_COLUMNS];
    struct kept_row last; /* the row before, for the check of the order */
    bool has_last;
    struct kept_row kept; /* a shown row that the statement has already left */
    struct span shown[MOST_COLUMNS];
};

struct pairing {
    const struct list *list;
    struct side sides[PAIRING_SIDES];
    enum pairing_result result;
};

static int compare(const struct span *a, const struct span *b, int from, int to) {
    int order = 0;
    for (int i = from; i < to && order == 0; i++) {
        order = span_compare(a[i], b[i]);
    }
    return order;
}

static int keep_row(struct kept_row *kept, const struct span *columns, int count,
                    struct error *error) {
    text_clear(&kept->bytes);
    for (int i = 0; i < count; i++) {
        text_append(&kept->bytes, columns[i]);
    }
    const char *at = text_string(&kept->bytes);
    for (int i = 0; i < count; i++) {
        kept->columns[i] = (struct span){span_is_null(columns[i]) ? NULL : at, columns[i].length};
        at += columns[i].length;
    }
    return text_check(&kept->bytes, error);
}

/* The lists are merged by their order: a file with another order (a damaged index, a text stored as
 * bytes) would be shown as different where it is not. */
static int check_order(struct side *side, int names, struct error *error) {
    if (side->has_last && compare(side->last.columns, side->current, 0, names) > 0) {
        return error_set(error, ERROR_WORKSPACE,
                         "%s: its rows are not in their order: the file is damaged, or was changed "
                         "by another program. Plan again into a new file",
                         workspace_path(side->workspace));
    }
    side->has_last = true;
    return keep_row(&side->last, side->current, names, error);
}

/* What SQLite reports as an error of the statement is an error of the file: a table or a column is
 * missing, or a value is larger than any of a workspace. */
static int blame_file(const struct side *side, struct error *error) {
    if (error->code != ERROR_INTERNAL) {
        return -1;
    }
    return error_set(error, ERROR_WORKSPACE,
                     "%s: has not the tables of a workspace (%s): it was changed by another "
                     "program. Plan again into a new file",
                     workspace_path(side->workspace),
                     sqlite3_errmsg(workspace_database(side->workspace)));
}

static int advance(struct side *side, const struct list *list, struct error *error) {
    int rc = statement_step(&side->rows, error);
    side->is_there = rc == 1;
    for (int i = 0; i < list->columns; i++) {
        side->current[i] = rc == 1 ? statement_text(&side->rows, i) : (struct span){0};
    }
    if (rc < 0) {
        return blame_file(side, error);
    }
    return rc == 1 ? check_order(side, list->names, error) : 0;
}

static void show(struct side *side, const struct list *list, bool is_shown) {
    for (int i = 0; i < list->columns; i++) {
        side->shown[i] = is_shown ? side->current[i] : (struct span){0};
    }
    side->is_used = is_shown;
}

/* Shows the row and reads the one after it. */
static int show_and_advance(struct side *side, const struct list *list, struct error *error) {
    if (keep_row(&side->kept, side->current, list->columns, error) != 0) {
        return -1;
    }
    memcpy(side->shown, side->kept.columns, sizeof side->shown);
    side->is_used = false;
    return advance(side, list, error);
}

/* Several rows have the name, and the first two are not equal. If the lesser of the two is followed
 * by another row of its name, it has no counterpart. */
static int pair_rows(struct pairing *pairing, enum pairing_side first, struct error *error) {
    const struct list *list = pairing->list;
    struct side *ahead = &pairing->sides[first];
    struct side *other = &pairing->sides[1 - first];
    if (show_and_advance(ahead, list, error) != 0) {
        return -1;
    }
    bool is_unpaired =
        ahead->is_there && compare(ahead->shown, ahead->current, 0, list->names) == 0;
    show(other, list, !is_unpaired);
    pairing->result = !is_unpaired             ? PAIRING_DIFFERENT
                      : first == PAIRING_FIRST ? PAIRING_ONLY_FIRST
                                               : PAIRING_ONLY_SECOND;
    return 0;
}

int pairing_next(struct pairing *pairing, struct error *error) {
    const struct list *list = pairing->list;
    struct side *a = &pairing->sides[PAIRING_FIRST];
    struct side *b = &pairing->sides[PAIRING_SECOND];
    if ((a->is_used && advance(a, list, error) != 0) ||
        (b->is_used && advance(b, list, error) != 0)) {
        return -1;
    }
    if (!a->is_there && !b->is_there) {
        return 0;
    }
    int order = !a->is_there   ? 1
                : !b->is_there ? -1
                               : compare(a->current, b->current, 0, list->names);
    int values = order != 0 ? 0 : compare(a->current, b->current, list->names, list->columns);
    if (values != 0 && !list->is_unique) {
        return pair_rows(pairing, values < 0 ? PAIRING_FIRST : PAIRING_SECOND, error) == 0 ? 1 : -1;
    }
    show(a, list, order <= 0);
    show(b, list, order >= 0);
    pairing->result = order < 0     ? PAIRING_ONLY_FIRST
                      : order > 0   ? PAIRING_ONLY_SECOND
                      : values == 0 ? PAIRING_EQUAL
                                    : PAIRING_DIFFERENT;
    return 1;
}

struct pairing *pairing_open(struct workspace *const sides[PAIRING_SIDES], enum pairing_of which,
                             struct error *error) {
    struct pairing *pairing = calloc(1, sizeof *pairing);
    if (pairing == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    pairing->list = &lists[which];
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        struct side *side = &pairing->sides[i];
        side->workspace = sides[i];
        side->is_used = true; /* so that the first step reads the first row */
        if (statement_prepare(&side->rows, workspace_database(sides[i]), lists[which].sql, error) !=
            0) {
            blame_file(side, error);
            pairing_close(pairing);
            return NULL;
        }
    }
    return pairing;
}

void pairing_close(struct pairing *pairing) {
    if (pairing == NULL) {
        return;
    }
    for (size_t i = 0; i < PAIRING_SIDES; i++) {
        statement_finalize(&pairing->sides[i].rows);
        text_free(&pairing->sides[i].last.bytes);
        text_free(&pairing->sides[i].kept.bytes);
    }
    free(pairing);
}

enum pairing_result pairing_result(const struct pairing *pairing) {
    return pairing->result;
}

struct span pairing_text(const struct pairing *pairing, enum pairing_side side, int column) {
    return pairing->sides[side].shown[column];
}

struct span pairing_name(const struct pairing *pairing, int column) {
    enum pairing_side side =
        pairing->result == PAIRING_ONLY_SECOND ? PAIRING_SECOND : PAIRING_FIRST;
    return pairing->sides[side].shown[column];
}
