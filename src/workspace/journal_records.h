/* The records to which documents refer (base/marker.h), and the target's own names for them.
 *
 * A record is a document of the workspace, by its kind and key, or one that the target had before,
 * by its name there. In a part of a workspace it may be a document that only the parent has. All
 * functions need an open journal (workspace/journal.h). */
#ifndef ROWPOST_WORKSPACE_JOURNAL_RECORDS_H
#define ROWPOST_WORKSPACE_JOURNAL_RECORDS_H

#include <stdbool.h>

#include "base/record_id.h"
#include "base/text.h"
#include "workspace/journal.h"

/* The target's own name for the record: 1; 0 where it is not known, or the record is not there; -1
 * with the error. The text is cleared first. */
int journal_find_record(struct journal *journal, struct span kind, struct span key, struct text *id,
                        bool *is_number, struct error *error);

/* What keeps a document from being sent: a reference to a record whose name is not known, or a
 * document that waits and comes before it under its ordering key. Owns its texts; start from `{0}`,
 * end with unmet_free(). */
struct unmet {
    struct text kind;
    struct text key;
    bool is_before;   /* it comes before the document under its ordering key */
    bool is_of_plan;  /* the plan has such a kind */
    bool is_document; /* the plan has such a document: the next two fields are set */
    enum state state;
    enum change change;
};

/* The first one of the document, references before its order: 1; 0 where it has none; -1 with the
 * error. */
int journal_find_unmet(struct journal *journal, int64_t document, struct unmet *unmet,
                       struct error *error);
void unmet_free(struct unmet *unmet);

/* The target has a record of that name: `name` is what such records are called ("projects"), `key`
 * is the record's. It replaces one of the same names. */
int journal_put_existing(struct journal *journal, struct span name, struct span key,
                         struct record_id id, struct error *error);

/* Deletes all records under that name, before they are written again. */
int journal_forget_existing(struct journal *journal, struct span name, struct error *error);

/* Whether documents of the kind may have to wait for others: 1, 0 or -1. */
int journal_has_order(struct journal *journal, size_t kind, struct error *error);

#endif
