/* Documents of a kind that wait for each other: by references, and by the order under their
 * ordering key. A document waits for those to which it refers, and for the one before it under its
 * ordering key; no document of a cycle can be sent first.
 *
 * Every cycle has a reference to a document that does not come before it. From each of these the
 * documents are walked in depth, each one once. What was walked is in TEMP tables: the time grows
 * with the number of documents and references, and the memory does not. */
#include <stdlib.h>

#include "migration/sqlfile/plan_private.h"

enum { STEPS_NAMED = 10 };

/* A place is the number of a document in its kind. `plan wait`: which document waits for which.
 * `plan walk`: the documents that were reached, from which one, and to which one the walk went on;
 * null where all ways from there have ended. */
static const char tables_sql[] =
    "CREATE TEMP TABLE \"plan order\"(place INTEGER PRIMARY KEY, ordering_key);"
    "CREATE TEMP TABLE \"plan wait\"(place, to_place, is_order, PRIMARY KEY (place, to_place))"
    " WITHOUT ROWID;"
    "CREATE TEMP TABLE \"plan walk\"(place INTEGER PRIMARY KEY, from_place, to_place)";

static const char clear_sql[] = "DELETE FROM temp.\"plan order\"; DELETE FROM temp.\"plan wait\";"
                                "DELETE FROM temp.\"plan walk\"";

static const char waits_sql[] =
    "INSERT OR IGNORE INTO temp.\"plan wait\" SELECT f.place, t.place, 0"
    " FROM temp.\"plan reference\" r"
    " JOIN temp.\"plan document\" f ON f.kind = ?1 AND f.key = r.key"
    " JOIN temp.\"plan document\" t ON t.kind = ?1 AND t.key = r.to_key";

static const char order_sql[] =
    "INSERT OR IGNORE INTO temp.\"plan wait\" SELECT place, before, 1 FROM"
    " (SELECT place, lag(place) OVER (PARTITION BY ordering_key ORDER BY place) AS before"
    "  FROM temp.\"plan order\") WHERE before IS NOT NULL";

enum walk_statement {
    WALK_STARTS, /* documents that refer to one that is not before them */
    WALK_NEXT,   /* the next document for which ?1 waits, after ?2 */
    WALK_ENTER,
    WALK_FIND,
    WALK_MOVE,
    WALK_NAME, /* the key of the document at ?2 in the kind ?1, and its ordering key */
    WALK_STATEMENT_COUNT
};

static const char *const walk_sql[WALK_STATEMENT_COUNT] = {
    [WALK_STARTS] = "SELECT DISTINCT place FROM temp.\"plan wait\" WHERE to_place >= place",
    [WALK_NEXT] = "SELECT to_place, is_order FROM temp.\"plan wait\" WHERE place = ?1"
                  " AND to_place > ?2 ORDER BY to_place LIMIT 1",
    [WALK_ENTER] = "INSERT OR IGNORE INTO temp.\"plan walk\" VALUES (?1, ?2, -1)",
    [WALK_FIND] = "SELECT from_place, to_place FROM temp.\"plan walk\" WHERE place = ?1",
    [WALK_MOVE] = "UPDATE temp.\"plan walk\" SET to_place = ?2 WHERE place = ?1",
    [WALK_NAME] = "SELECT d.key, o.ordering_key FROM temp.\"plan document\" d"
                  " LEFT JOIN temp.\"plan order\" o ON o.place = d.place"
                  " WHERE d.kind = ?1 AND d.place = ?2",
};

enum { NOWHERE = -1 };

struct walk {
    struct document_references *references;
    struct statement statements[WALK_STATEMENT_COUNT];
    int64_t at; /* a document's place, or NOWHERE */
};

/* Where the walk is with one document. */
struct walked {
    int64_t from; /* or NOWHERE */
    int64_t to;   /* or NOWHERE */
    bool is_over;
};

int document_order_prepare(struct file_plan *plan, struct error *error) {
    text_append_string(&plan->drop, "DROP TABLE IF EXISTS temp.\"plan order\";"
                                    "DROP TABLE IF EXISTS temp.\"plan wait\";"
                                    "DROP TABLE IF EXISTS temp.\"plan walk\";");
    return statement_execute(plan->database, tables_sql, error);
}

/* ---- one step ---- */

static int find(struct walk *walk, int64_t place, struct walked *walked, struct error *error) {
    struct statement *find = &walk->statements[WALK_FIND];
    statement_bind_integer(find, 1, place);
    int rc = statement_step(find, error);
    if (rc == 1) {
        *walked = (struct walked){.from = statement_integer(find, 0),
                                  .to = statement_integer(find, 1),
                                  .is_over = span_is_null(statement_text(find, 1))};
    }
    statement_reset(find);
    return rc < 0 ? -1 : 0;
}

/* 1: there is a further document for which the one at the place waits; 0; -1. */
static int find_next(struct walk *walk, int64_t place, int64_t after, int64_t *to, bool *is_order,
                     struct error *error) {
    struct statement *next = &walk->statements[WALK_NEXT];
    statement_bind_integer(next, 1, place);
    statement_bind_integer(next, 2, after);
    int rc = statement_step(next, error);
    if (rc == 1) {
        *to = statement_integer(next, 0);
        *is_order = statement_integer(next, 1) != 0;
    }
    statement_reset(next);
    return rc;
}

/* 1: it was not reached before; 0; -1. */
static int enter(struct walk *walk, int64_t place, int64_t from, struct error *error) {
    struct statement *enter = &walk->statements[WALK_ENTER];
    statement_bind_integer(enter, 1, place);
    statement_bind_integer(enter, 2, from);
    return statement_run(enter, error) == 0 ? sqlite3_changes(walk->references->plan->database)
                                            : -1;
}

static int move(struct walk *walk, int64_t place, int64_t to, struct error *error) {
    struct statement *move = &walk->statements[WALK_MOVE];
    statement_bind_integer(move, 1, place);
    if (to == NOWHERE) {
        statement_bind_text(move, 2, span_of(NULL));
    } else {
        statement_bind_integer(move, 2, to);
    }
    return statement_run(move, error);
}

/* ---- the message ---- */

/* What of a cycle was named. */
struct naming {
    struct text what;
    int steps;
    bool has_order;
};

static int append_name(struct walk *walk, int64_t place, struct text *key, struct text *order,
                       struct error *error) {
    struct statement *name = &walk->statements[WALK_NAME];
    statement_bind_integer(name, 1, (int64_t)walk->references->kind);
    statement_bind_integer(name, 2, place);
    int rc = statement_step(name, error);
    if (rc == 1) {
        statement_append_value(name, 0, key);
        text_append(order, statement_text(name, 1));
    }
    statement_reset(name);
    return rc < 0 ? -1 : 0;
}

/* "10 refers to 12" or "12 comes after 10 under the ordering key a". */
static int append_step(struct walk *walk, struct naming *naming, int64_t from, int64_t to,
                       bool is_order, struct error *error) {
    struct text keys[2] = {{0}, {0}};
    struct text orders[2] = {{0}, {0}};
    naming->has_order = naming->has_order || is_order;
    int rc = 0;
    if (naming->steps++ < STEPS_NAMED) {
        rc = append_name(walk, from, &keys[0], &orders[0], error) == 0
                 ? append_name(walk, to, &keys[1], &orders[1], error)
                 : -1;
        text_append_format(&naming->what, "%s%s %s %s", naming->steps == 1 ? "" : ", ",
                           text_string(&keys[0]), is_order ? "comes after" : "refers to",
                           text_string(&keys[1]));
        if (is_order) {
            text_append_format(&naming->what, " under the ordering key %s",
                               text_string(&orders[0]));
        }
    }
    for (size_t i = 0; i < 2; i++) {
        text_free(&keys[i]);
        text_free(&orders[i]);
    }
    return rc;
}

/* From the document on along the cycle until it is reached again. Successive documents of one
 * ordering key are one step. */
static int name_cycle(struct walk *walk, int64_t first, struct naming *naming,
                      struct error *error) {
    int64_t from = first;
    int64_t place = first;
    bool was_order = false;
    do {
        struct walked walked = {0};
        int64_t to = NOWHERE;
        bool is_order = false;
        if (find(walk, place, &walked, error) != 0 ||
            find_next(walk, place, walked.to - 1, &to, &is_order, error) < 0) {
            return -1;
        }
        if (was_order && !is_order && append_step(walk, naming, from, place, true, error) != 0) {
            return -1;
        }
        from = was_order && is_order ? from : place;
        if (!is_order && append_step(walk, naming, from, to, false, error) != 0) {
            return -1;
        }
        was_order = is_order;
        place = to;
    } while (place != first);
    return was_order ? append_step(walk, naming, from, first, true, error) : 0;
}

static int fail_cycle(struct walk *walk, int64_t first, struct error *error) {
    struct naming naming = {0};
    text_append_string(&naming.what, "no document of this cycle can be sent first: ");
    if (name_cycle(walk, first, &naming, error) == 0) {
        if (naming.steps > STEPS_NAMED) {
            text_append_format(&naming.what, ", and %d steps more", naming.steps - STEPS_NAMED);
        }
        text_append_string(&naming.what,
                           naming.has_order
                               ? "; expected a document after those to which it refers (ORDER BY "
                                 "of the SELECT), or under another ordering key"
                               : "; expected no cycle (a second kind can set the reference when "
                                 "all are there)");
        document_references_fail(walk->references, &naming.what, error);
    }
    text_free(&naming.what);
    return -1;
}

/* ---- the walk ---- */

/* From one document to the next, or back where all ways from there have ended. */
static int step(struct walk *walk, struct error *error) {
    struct walked here = {0};
    struct walked there = {0};
    int64_t to = NOWHERE;
    bool is_order = false;
    if (find(walk, walk->at, &here, error) != 0) {
        return -1;
    }
    int rc = find_next(walk, walk->at, here.to, &to, &is_order, error);
    if (rc < 0 || move(walk, walk->at, to, error) != 0) {
        return -1;
    }
    if (rc == 0) {
        walk->at = here.from;
        return 0;
    }
    int is_new = enter(walk, to, walk->at, error);
    if (is_new < 0 || (is_new == 0 && find(walk, to, &there, error) != 0)) {
        return -1;
    }
    if (is_new == 0 && !there.is_over) {
        return fail_cycle(walk, to, error);
    }
    walk->at = is_new ? to : walk->at;
    return 0;
}

static int walk_all(struct walk *walk, struct error *error) {
    struct statement *starts = &walk->statements[WALK_STARTS];
    int rc;
    while ((rc = statement_step(starts, error)) == 1) {
        int64_t start = statement_integer(starts, 0);
        int is_new = enter(walk, start, NOWHERE, error);
        walk->at = is_new == 1 ? start : NOWHERE;
        rc = is_new < 0 ? -1 : 0;
        while (rc == 0 && walk->at != NOWHERE) {
            rc = step(walk, error);
        }
        if (rc != 0) {
            break;
        }
    }
    return rc;
}

static int list_waits(const struct document_references *references, struct error *error) {
    struct statement waits = {0};
    int rc = statement_prepare(&waits, references->plan->database, waits_sql, error);
    if (rc == 0) {
        statement_bind_integer(&waits, 1, (int64_t)references->kind);
        rc = statement_run(&waits, error);
    }
    statement_finalize(&waits);
    return rc == 0 ? statement_execute(references->plan->database, order_sql, error) : -1;
}

int document_order_check(struct document_references *references, struct error *error) {
    struct walk walk = {.references = references};
    int rc = list_waits(references, error);
    for (size_t i = 0; i < WALK_STATEMENT_COUNT && rc == 0; i++) {
        rc = statement_prepare(&walk.statements[i], references->plan->database, walk_sql[i], error);
    }
    rc = rc == 0 ? walk_all(&walk, error) : -1;
    for (size_t i = 0; i < WALK_STATEMENT_COUNT; i++) {
        statement_finalize(&walk.statements[i]);
    }
    return rc;
}

int document_order_clear(struct file_plan *plan, struct error *error) {
    return statement_execute(plan->database, clear_sql, error);
}
