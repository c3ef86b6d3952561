#include "workspace/journal_records.h"

#include "workspace/journal_private.h"
#include "workspace/schema_private.h"

int journal_find_record(struct journal *journal, struct span kind, struct span key, struct text *id,
                        bool *is_number, struct error *error) {
    struct statement *find = &journal->statements[FIND_RECORD];
    if (delivered_batch_write(&journal->delivered, error) != 0) {
        return -1;
    }
    text_clear(id);
    statement_bind_text(find, 1, kind);
    statement_bind_text(find, 2, key);
    int rc = statement_step(find, error);
    if (rc == 1) {
        struct record_id found = statement_record_id(find, 0);
        text_append(id, found.text);
        *is_number = found.is_number;
        rc = !span_is_null(found.text);
    }
    statement_reset(find);
    return rc < 0 || text_check(id, error) != 0 ? -1 : rc;
}

static int find_unmet(struct journal *journal, enum journal_statement which, int64_t document,
                      struct unmet *unmet, struct error *error) {
    struct statement *find = &journal->statements[which];
    text_clear(&unmet->kind);
    text_clear(&unmet->key);
    statement_bind_integer(find, 1, document);
    int rc = statement_step(find, error);
    if (rc == 1) {
        text_append(&unmet->kind, statement_text(find, 0));
        text_append(&unmet->key, statement_text(find, 1));
        unmet->is_of_plan = statement_integer(find, 2) != 0;
        unmet->is_document = !span_is_null(statement_text(find, 3));
        unmet->state = state_of(statement_text(find, 3));
        unmet->change = change_of(statement_text(find, 4));
    }
    statement_reset(find);
    return rc < 0 || text_check(&unmet->kind, error) != 0 || text_check(&unmet->key, error) != 0
               ? -1
               : rc;
}

int journal_find_unmet(struct journal *journal, int64_t document, struct unmet *unmet,
                       struct error *error) {
    if (delivered_batch_write(&journal->delivered, error) != 0) {
        return -1;
    }
    int rc = find_unmet(journal, FIND_UNMET, document, unmet, error);
    if (rc == 0) {
        rc = find_unmet(journal, FIND_WAITING_BEFORE, document, unmet, error);
        unmet->is_before = rc == 1;
    }
    return rc;
}

void unmet_free(struct unmet *unmet) {
    text_free(&unmet->kind);
    text_free(&unmet->key);
}

int journal_put_existing(struct journal *journal, struct span name, struct span key,
                         struct record_id id, struct error *error) {
    struct statement *put = &journal->statements[PUT_EXISTING];
    statement_bind_text(put, 1, name);
    statement_bind_text(put, 2, key);
    statement_bind_record_id(put, 3, id);
    return statement_run(put, error);
}

int journal_forget_existing(struct journal *journal, struct span name, struct error *error) {
    struct statement *forget = &journal->statements[FORGET_EXISTING];
    statement_bind_text(forget, 1, name);
    return statement_run(forget, error);
}

#define IS_OPEN SCHEMA_IS_OPEN("")

int journal_has_order(struct journal *journal, size_t kind, struct error *error) {
    static const char sql[] =
        "SELECT EXISTS (SELECT 1 FROM document INDEXED BY document_open WHERE kind = ?1"
        "  AND ordering_key IS NOT NULL AND " IS_OPEN ") OR EXISTS (SELECT 1 FROM reference r"
        "  JOIN document d ON d.id = r.document WHERE d.kind = ?1)";
    struct statement ask;
    if (statement_prepare(&ask, journal->database, sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&ask, 1, (int64_t)kind);
    int64_t has_order;
    return statement_read_once(&ask, 0, &has_order, error) == 0 ? has_order != 0 : -1;
}
