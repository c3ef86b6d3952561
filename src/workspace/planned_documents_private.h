/* The documents of a plan on their way into the workspace: added, or compared with those of an
 * earlier plan (planning.h describes how).
 *
 * `struct planned_documents` is filled by planned_documents_prepare() and released by
 * planned_documents_finalize(), both of which allow one that is `{0}`. */
#ifndef ROWPOST_WORKSPACE_PLANNED_DOCUMENTS_PRIVATE_H
#define ROWPOST_WORKSPACE_PLANNED_DOCUMENTS_PRIVATE_H

#include <openssl/evp.h>

#include "base/plan_entry.h"
#include "base/statement.h"
#include "workspace/references_private.h"

enum planned_document_statement {
    FIND_DOCUMENT,
    INSERT_DOCUMENT,
    INSERT_BODY,
    KEEP_DOCUMENT,
    REPLACE_DOCUMENT,
    REPLACE_BODY,
    MARK_CHANGED,
    KEEP_CHANGED_BODY,
    MARK_GONE,
    PLANNED_DOCUMENT_STATEMENT_COUNT
};

struct planned_documents {
    sqlite3 *database; /* borrowed */
    struct statement statements[PLANNED_DOCUMENT_STATEMENT_COUNT];
    struct reference_writer references;
    EVP_MD_CTX *digest;
    int64_t plan; /* counts the plans that this workspace has seen */
};

int planned_documents_prepare(struct planned_documents *documents, sqlite3 *database,
                              struct error *error);
void planned_documents_finalize(struct planned_documents *documents);

/* Writes the document; `*id` is its row. */
int planned_documents_add(struct planned_documents *documents, const struct plan_document *document,
                          int64_t *id, struct error *error);

/* Marks the documents that this plan does not have. */
int planned_documents_mark_gone(struct planned_documents *documents, struct error *error);

#endif
