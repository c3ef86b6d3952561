/* Documents that refer to others: each of those has to be made, and has to come first. A reference
 * to a document that is made already is checked at once; one to a later document of the same kind,
 * when the kind is whole. */
#include "migration/sqlfile/plan_private.h"

static const char tables_sql[] =
    "CREATE TEMP TABLE \"plan document\"(kind, key, place, PRIMARY KEY (kind, key)) WITHOUT ROWID;"
    "CREATE TEMP TABLE \"plan reference\"(key, to_key)";

int document_references_prepare(struct file_plan *plan, struct error *error) {
    text_append_string(&plan->drop, "DROP TABLE IF EXISTS temp.\"plan document\";"
                                    "DROP TABLE IF EXISTS temp.\"plan reference\";");
    return statement_execute(plan->database, tables_sql, error) == 0
               ? document_order_prepare(plan, error)
               : -1;
}

int document_references_open(struct document_references *references, struct file_plan *plan,
                             size_t kind, struct error *error) {
    references->plan = plan;
    references->kind = kind;
    return statement_prepare(&references->note, plan->database,
                             "INSERT INTO temp.\"plan document\" VALUES(?1, ?2, ?3)", error) == 0 &&
                   statement_prepare(&references->find, plan->database,
                                     "SELECT 1 FROM temp.\"plan document\" WHERE kind = ?1 AND"
                                     " key = ?2",
                                     error) == 0 &&
                   statement_prepare(&references->keep, plan->database,
                                     "INSERT INTO temp.\"plan reference\" VALUES(?1, ?2)",
                                     error) == 0
               ? statement_prepare(&references->order, plan->database,
                                   "INSERT INTO temp.\"plan order\" VALUES(?1, ?2)", error)
               : -1;
}

void document_references_close(struct document_references *references) {
    statement_finalize(&references->note);
    statement_finalize(&references->find);
    statement_finalize(&references->keep);
    statement_finalize(&references->order);
}

static int note_order(struct document_references *references, struct span ordering_key,
                      struct error *error) {
    struct statement *order = &references->order;
    if (span_is_null(ordering_key)) {
        return 0;
    }
    statement_bind_integer(order, 1, references->place);
    statement_bind_text(order, 2, ordering_key);
    return statement_run(order, error);
}

int document_references_note(struct document_references *references, struct span key,
                             struct span ordering_key, struct error *error) {
    struct statement *note = &references->note;
    references->place++;
    statement_bind_integer(note, 1, (int64_t)references->kind);
    statement_bind_text(note, 2, key);
    statement_bind_integer(note, 3, references->place);
    if (statement_run(note, error) == 0) {
        return note_order(references, ordering_key, error) == 0 ? 1 : -1;
    }
    return (sqlite3_errcode(references->plan->database) & 0xff) == SQLITE_CONSTRAINT ? 0 : -1;
}

/* ---- one reference ---- */

static const struct annotation *kind_of(const struct document_references *references) {
    return references->plan->file->kind_annotations[references->kind];
}

int document_references_fail(const struct document_references *references, const struct text *what,
                             struct error *error) {
    return text_check(what, error) == 0
               ? parsed_file_fail(&references->plan->file->parsed, kind_of(references)->sql_line,
                                  error, "kind %s: %s", kind_of(references)->name,
                                  text_string(what))
               : -1;
}

/* Why there is no such document: the outcome of the row of that key, and what to do. */
static void append_reason(struct file_plan *plan, const struct annotation *kind, struct span key,
                          struct text *what) {
    static const char *const outcomes[] = {[OUTCOME_USED] = ", though its row is used",
                                           [OUTCOME_SKIPPED] = ", whose row is skipped: ",
                                           [OUTCOME_REJECTED] = ", whose row is rejected: "};
    const char *expected = "; expected it to be rejected or skipped, too";
    for (size_t i = 0; i < kind->list_count; i++) {
        const struct judged_rows *rows = file_plan_find_rows(plan, kind->list[i]);
        struct statement row = {0};
        struct error ignored;
        if (judged_rows_select(plan, rows, "\"row outcome\", \"row because\"", "\"row label\" = ?1",
                               &row, &ignored) == 0) {
            statement_bind_text(&row, 1, key);
            if (statement_step(&row, &ignored) == 1) {
                enum row_outcome outcome = (enum row_outcome)statement_integer(&row, 0);
                text_append_string(what, outcomes[outcome]);
                text_append(what, statement_text(&row, 1));
                expected = outcome == OUTCOME_USED ? "; expected a kind that makes it" : expected;
            }
        }
        statement_finalize(&row);
    }
    text_append_string(what, expected);
}

/* What is wrong with a reference. */
enum wrong { WRONG_NAME, WRONG_ORDER, NOT_MIGRATED };

static int fail_reference(struct document_references *references, enum wrong wrong, struct span key,
                          const char *to_kind, struct span to_key, struct error *error) {
    struct file_plan *plan = references->plan;
    struct text what = {0};
    text_append_format(&what, "document %.*s refers to %s %.*s", (int)key.length, key.data, to_kind,
                       (int)to_key.length, to_key.data);
    switch (wrong) {
    case WRONG_NAME:
        text_append_string(&what, "; expected the name of a kind or of an existing");
        break;
    case WRONG_ORDER:
        text_append_format(&what,
                           ", which is delivered later; expected the kind %s before the "
                           "kind %s",
                           to_kind, kind_of(references)->name);
        break;
    case NOT_MIGRATED:
        text_append_string(&what, ", which is not migrated");
        append_reason(plan, plan->file->kind_annotations[sqlfile_find_kind(plan->file, to_kind)],
                      to_key, &what);
        break;
    }
    document_references_fail(references, &what, error);
    text_free(&what);
    return -1;
}

/* 1: a document of a kind that is made already; 0: it is not there. */
static int find_document(struct document_references *references, ptrdiff_t kind, struct span key,
                         struct error *error) {
    statement_bind_integer(&references->find, 1, kind);
    statement_bind_text(&references->find, 2, key);
    int rc = statement_step(&references->find, error);
    statement_reset(&references->find);
    return rc;
}

/* A reference within the kind. */
static int keep(struct document_references *references, struct span key, struct span to_key,
                struct error *error) {
    int is_made = find_document(references, (ptrdiff_t)references->kind, to_key, error);
    if (is_made < 0) {
        return -1;
    }
    references->has_later = references->has_later || is_made == 0 || span_equal(key, to_key);
    statement_bind_text(&references->keep, 1, key);
    statement_bind_text(&references->keep, 2, to_key);
    return statement_run(&references->keep, error);
}

int document_references_add(struct document_references *references, struct span key,
                            const char *to_kind, const char *to_key, struct error *error) {
    const struct sqlfile *file = references->plan->file;
    ptrdiff_t from = (ptrdiff_t)references->kind;
    ptrdiff_t to = sqlfile_find_kind(file, to_kind);
    struct span to_span = span_of(to_key);
    if (to == from) {
        return keep(references, key, to_span, error);
    }
    if (to > from) {
        return fail_reference(references, WRONG_ORDER, key, to_kind, to_span, error);
    }
    if (to < 0) {
        return sqlfile_find(file, WORD_EXISTING, to_kind) != NULL
                   ? 0
                   : fail_reference(references, WRONG_NAME, key, to_kind, to_span, error);
    }
    int rc = find_document(references, to, to_span, error);
    return rc == 0 ? fail_reference(references, NOT_MIGRATED, key, to_kind, to_span, error)
                   : (rc < 0 ? -1 : 0);
}

/* ---- within a kind ---- */

static int check_inner(struct document_references *references, struct error *error) {
    struct statement missing = {0};
    int rc = statement_prepare(&missing, references->plan->database,
                               "SELECT r.key, r.to_key FROM temp.\"plan reference\" r WHERE NOT"
                               " EXISTS (SELECT 1 FROM temp.\"plan document\" d WHERE d.kind = ?1"
                               " AND d.key = r.to_key) LIMIT 1",
                               error);
    statement_bind_integer(&missing, 1, (int64_t)references->kind);
    if (rc == 0 && (rc = statement_step(&missing, error)) == 1) {
        rc = fail_reference(references, NOT_MIGRATED, statement_text(&missing, 0),
                            kind_of(references)->name, statement_text(&missing, 1), error);
    }
    statement_finalize(&missing);
    return rc;
}

int document_references_end(struct document_references *references, struct error *error) {
    if (references->has_later &&
        (check_inner(references, error) != 0 || document_order_check(references, error) != 0)) {
        return -1;
    }
    return statement_execute(references->plan->database, "DELETE FROM temp.\"plan reference\"",
                             error) == 0
               ? document_order_clear(references->plan, error)
               : -1;
}
