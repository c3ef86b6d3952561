#include "base/date.h"
#include "workspace/journal_private.h"

/* Columns of a selection, after the texts. */
enum { ABOUT = 5, SINCE, EVIDENCE, IS_UNKNOWN, IS_CHANGED, MAY_WAIT };

static void bind_selection(struct statement *statement, const struct selection *selection) {
    statement_bind_integer(statement, 1, selection->after);
    statement_bind_integer(statement, 2, (int64_t)selection->kind);
    statement_bind_text(statement, 3, selection->key);
    statement_bind_integer(statement, 7, selection->is_chosen);
}

/* Begins again after the document, without bodies. */
static void leave_bodies(struct statement *select, int64_t document) {
    statement_reset(select);
    statement_bind_integer(select, 1, document);
    statement_bind_integer(select, 5, 0);
}

/* A damaged file may have any text: what is not a moment counts as now. */
static struct uncertainty read_uncertainty(const struct statement *select) {
    struct span since = statement_text(select, SINCE);
    struct uncertainty uncertainty = {.is_open = !span_is_null(since),
                                      .about = request_of(statement_text(select, ABOUT))};
    if (uncertainty.is_open && date_parse_moment(since, &uncertainty.since) != 0) {
        uncertainty.since = date_now();
    }
    if (uncertainty.about == REQUEST_COUNT) {
        uncertainty.about = REQUEST_POST;
    }
    return uncertainty;
}

static enum evidence read_evidence(const struct statement *select) {
    enum evidence evidence = evidence_of(statement_text(select, EVIDENCE));
    return evidence == EVIDENCE_COUNT ? EVIDENCE_NONE : evidence;
}

static struct selected_document read_document(const struct statement *select) {
    return (struct selected_document){.id = statement_integer(select, 0),
                                      .key = statement_text(select, 1),
                                      .body = statement_text(select, 2),
                                      .values = statement_text(select, 3),
                                      .expect = statement_text(select, 4),
                                      .uncertainty = read_uncertainty(select),
                                      .evidence = read_evidence(select),
                                      .is_unknown = statement_integer(select, IS_UNKNOWN) != 0,
                                      .is_changed = statement_integer(select, IS_CHANGED) != 0,
                                      .may_wait = statement_integer(select, MAY_WAIT) != 0};
}

/* Gives the rows to `take`; everything is bound except the bodies. */
static int give(struct statement *select, size_t limit, size_t most_bodies, journal_take *take,
                void *context, struct error *error) {
    size_t bodies = 0;
    int count = 0;
    int rc = 0;
    statement_bind_integer(select, 5, most_bodies > 0);
    while ((size_t)count < limit && (rc = statement_step(select, error)) == 1) {
        const struct selected_document document = read_document(select);
        if (take(context, &document, error) != 0) {
            rc = -1;
            break;
        }
        count++;
        bodies += document.body.length;
        if (!span_is_null(document.body) && bodies >= most_bodies) {
            leave_bodies(select, document.id);
        }
    }
    statement_reset(select);
    return rc < 0 ? -1 : count;
}

/* A selection that looks at the states of other documents has to see how they ended. */
int journal_select(struct journal *journal, const struct selection *selection, size_t limit,
                   journal_take *take, void *context, struct error *error) {
    struct statement *select = &journal->statements[selection->rule];
    if (selection->rule == SELECT_FREE && delivered_batch_write(&journal->delivered, error) != 0) {
        return -1;
    }
    bind_selection(select, selection);
    statement_bind_string(select, 4, state_name(selection->state));
    return give(select, limit, selection->bodies, take, context, error);
}

int journal_select_freed(struct journal *journal, int64_t document,
                         const struct selection *selection, int64_t last_unknown, size_t limit,
                         journal_take *take, void *context, struct error *error) {
    struct statement *select = &journal->statements[SELECT_FREED];
    if (delivered_batch_write(&journal->delivered, error) != 0) {
        return -1;
    }
    bind_selection(select, selection);
    statement_bind_integer(select, 1, document);
    statement_bind_integer(select, 4, selection->after);
    statement_bind_integer(select, 6, last_unknown);
    return give(select, limit, 0, take, context, error);
}

int journal_mark_sending(struct journal *journal, const struct selection *selection, int64_t last,
                         int count, struct error *error) {
    struct statement *mark = &journal->statements[MARK_SENDING];
    bind_selection(mark, selection);
    statement_bind_integer(mark, 4, last);
    if (statement_run(mark, error) != 0) {
        return -1;
    }
    int marked = sqlite3_changes(journal->database);
    return marked == count
               ? 0
               : error_set(error, ERROR_INTERNAL, "%d documents were to be sent and %d were marked",
                           count, marked);
}

int journal_load_target_id(struct journal *journal, int64_t document, struct text *target_id,
                           struct error *error) {
    struct statement *load = &journal->statements[LOAD_TARGET_ID];
    text_clear(target_id);
    statement_bind_integer(load, 1, document);
    int rc = statement_step(load, error);
    if (rc == 1) {
        text_append(target_id, statement_text(load, 0));
    }
    statement_reset(load);
    return rc < 0 ? -1 : text_check(target_id, error);
}

/* Missing texts stay empty. */
static int read_texts(const struct statement *load, const struct document_texts *texts,
                      struct error *error) {
    struct text *const all[] = {texts->key, texts->body, texts->values, texts->expect};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct span text = statement_text(load, (int)i);
        text_clear(all[i]);
        if (text.length > 0) {
            text_append(all[i], text); /* even an empty part of a text would need memory */
        }
        if (text_check(all[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

int journal_load(struct journal *journal, int64_t document, enum document_version version,
                 const struct document_texts *texts, struct error *error) {
    struct statement *load = &journal->statements[version == VERSION_CHANGED ? LOAD_CHANGED : LOAD];
    statement_bind_integer(load, 1, document);
    int rc = statement_step(load, error);
    if (rc == 1) {
        rc = read_texts(load, texts, error) == 0 ? 1 : -1;
    }
    statement_reset(load);
    if (rc == 0) {
        rc = error_set(error, ERROR_WORKSPACE,
                       "document %lld has no body: the workspace is damaged", (long long)document);
    }
    return rc < 0 ? -1 : 0;
}
