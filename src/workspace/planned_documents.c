#include "workspace/planning_private.h"
#include "workspace/state.h"

/* In each, ?1 is the document, where there is one. */
static const char *const statement_sql[PLANNED_DOCUMENT_STATEMENT_COUNT] = {
    [FIND_DOCUMENT] = "SELECT id, sha256, state, plan FROM document WHERE kind = ?1 AND key = ?2",
    [INSERT_DOCUMENT] = "INSERT INTO document (kind, key, sha256, rows, origin, plan,"
                        " ordering_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
                        " ON CONFLICT (kind, key) DO NOTHING",
    [INSERT_BODY] = "INSERT INTO body (document, body, \"values\", expect)"
                    " VALUES (?1, ?2, ?3, ?4)",
    [KEEP_DOCUMENT] = "UPDATE document SET plan = ?2, change = NULL, origin = ?3, rows = ?4,"
                      " ordering_key = ?6 WHERE id = ?1",
    [REPLACE_DOCUMENT] = "UPDATE document SET plan = ?2, change = NULL, origin = ?3, rows = ?4,"
                         " sha256 = ?5, ordering_key = ?6, state = 'pending', verdict = NULL"
                         " WHERE id = ?1",
    [REPLACE_BODY] = "UPDATE body SET body = ?2, \"values\" = ?3, expect = ?4,"
                     " changed_body = NULL, changed_values = NULL, changed_expect = NULL,"
                     " changed_sha256 = NULL WHERE document = ?1",
    [MARK_CHANGED] = "UPDATE document SET plan = ?2, change = 'changed', origin = ?3, rows = ?4,"
                     " ordering_key = ?6 WHERE id = ?1",
    [KEEP_CHANGED_BODY] = "UPDATE body SET changed_body = ?2, changed_values = ?3,"
                          " changed_expect = ?4, changed_sha256 = ?5 WHERE document = ?1",
    [MARK_GONE] = "UPDATE document SET change = 'gone' WHERE plan <> ?1",
};

enum { DIGEST_TEXT_SIZE = 65 };

static int fail_digest(struct error *error) {
    return error_set(error, ERROR_INTERNAL, "SHA-256 is not available in this OpenSSL");
}

int planned_documents_prepare(struct planned_documents *documents, sqlite3 *database,
                              struct error *error) {
    documents->database = database;
    if (statement_query_integer(database, "SELECT coalesce(max(plan), 0) + 1 FROM document", 1,
                                &documents->plan, error) != 0) {
        return -1;
    }
    for (size_t i = 0; i < PLANNED_DOCUMENT_STATEMENT_COUNT; i++) {
        if (statement_prepare(&documents->statements[i], database, statement_sql[i], error) != 0) {
            return -1;
        }
    }
    if (references_retry(database, error) != 0 ||
        references_prepare(&documents->references, database, error) != 0) {
        return -1;
    }
    documents->digest = EVP_MD_CTX_new();
    if (documents->digest == NULL) {
        return error_set_no_memory(error);
    }
    return EVP_DigestInit_ex(documents->digest, EVP_sha256(), NULL) == 1 ? 0 : fail_digest(error);
}

void planned_documents_finalize(struct planned_documents *documents) {
    for (size_t i = 0; i < PLANNED_DOCUMENT_STATEMENT_COUNT; i++) {
        statement_finalize(&documents->statements[i]);
    }
    references_finalize(&documents->references);
    EVP_MD_CTX_free(documents->digest);
}

/* Adds a text that not every document has, after a character that JSON cannot contain. */
static bool digest_more(struct planned_documents *documents, const char sign[static 2],
                        struct span text) {
    return span_is_null(text) || (EVP_DigestUpdate(documents->digest, sign, 2) == 1 &&
                                  EVP_DigestUpdate(documents->digest, text.data, text.length) == 1);
}

static int digest(struct planned_documents *documents, const struct plan_document *document,
                  char text[DIGEST_TEXT_SIZE], struct error *error) {
    static const char digits[] = "0123456789abcdef";
    const struct span body = document->body;
    unsigned char bytes[32];
    unsigned size = 0;
    /* Without a digest argument: OpenSSL would look it up each time. */
    if (EVP_DigestInit_ex(documents->digest, NULL, NULL) != 1 ||
        EVP_DigestUpdate(documents->digest, body.data, body.length) != 1 ||
        !digest_more(documents, "\0v", document->values) ||
        !digest_more(documents, "\0e", document->expect) ||
        EVP_DigestFinal_ex(documents->digest, bytes, &size) != 1 || size != sizeof bytes) {
        return fail_digest(error);
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * sizeof bytes] = '\0';
    return 0;
}

static int write_body(struct planned_documents *documents, enum planned_document_statement which,
                      int64_t id, const struct plan_document *texts, struct error *error) {
    struct statement *write = &documents->statements[which];
    statement_bind_integer(write, 1, id);
    statement_bind_text(write, 2, texts->body);
    statement_bind_text(write, 3, texts->values);
    statement_bind_text(write, 4, texts->expect);
    return statement_run(write, error);
}

static int add_references(struct planned_documents *documents, int64_t id,
                          const struct plan_document *document, struct error *error) {
    struct reference_writer *references = &documents->references;
    return references_add(references, id, document->body, error) == 0 &&
                   references_add(references, id, document->values, error) == 0
               ? references_add(references, id, document->expect, error)
               : -1;
}

/* 1: it is new; 0: an earlier plan has one of that key, which is unchanged; -1: the error. */
static int insert(struct planned_documents *documents, const struct plan_document *document,
                  const char *digest, int64_t *id, struct error *error) {
    struct statement *insert = &documents->statements[INSERT_DOCUMENT];
    statement_bind_integer(insert, 1, (int64_t)document->kind);
    statement_bind_text(insert, 2, document->key);
    statement_bind_string(insert, 3, digest);
    statement_bind_integer(insert, 4, document->rows);
    statement_bind_text(insert, 5, document->origin);
    statement_bind_integer(insert, 6, documents->plan);
    statement_bind_text(insert, 7, document->ordering_key);
    if (statement_run(insert, error) != 0) {
        return -1;
    }
    if (sqlite3_changes(documents->database) == 0) {
        return 0;
    }
    *id = sqlite3_last_insert_rowid(documents->database);
    return write_body(documents, INSERT_BODY, *id, document, error) == 0 &&
                   add_references(documents, *id, document, error) == 0
               ? 1
               : -1;
}

static int update(struct planned_documents *documents, enum planned_document_statement which,
                  int64_t id, const struct plan_document *document, const char *digest,
                  struct error *error) {
    struct statement *update = &documents->statements[which];
    statement_bind_integer(update, 1, id);
    statement_bind_integer(update, 2, documents->plan);
    statement_bind_text(update, 3, document->origin);
    statement_bind_integer(update, 4, document->rows);
    if (which == REPLACE_DOCUMENT) {
        statement_bind_string(update, 5, digest);
    }
    statement_bind_text(update, 6, document->ordering_key);
    return statement_run(update, error);
}

static int refuse_twice(const struct plan_document *document, struct error *error) {
    return error_set(error, ERROR_INTERNAL, "the plan makes document \"%.*s\" of kind %zu twice",
                     (int)document->key.length, document->key.data, document->kind);
}

/* What an earlier plan has under the key. */
struct earlier {
    int64_t id;
    int64_t plan;
    enum state state;
    bool is_same; /* the body and what belongs to it */
};

static int find_earlier(struct planned_documents *documents, const struct plan_document *document,
                        const char *digest, struct earlier *earlier, struct error *error) {
    struct statement *find = &documents->statements[FIND_DOCUMENT];
    statement_bind_integer(find, 1, (int64_t)document->kind);
    statement_bind_text(find, 2, document->key);
    int rc = statement_step(find, error);
    if (rc == 1) {
        *earlier = (struct earlier){.id = statement_integer(find, 0),
                                    .plan = statement_integer(find, 3),
                                    .state = state_of(statement_text(find, 2)),
                                    .is_same = span_equal_string(statement_text(find, 1), digest)};
    }
    statement_reset(find);
    return rc < 0 ? -1 : 0;
}

/* The document has not been sent: the new version replaces it. */
static int replace(struct planned_documents *documents, int64_t id,
                   const struct plan_document *document, const char *digest, struct error *error) {
    return update(documents, REPLACE_DOCUMENT, id, document, digest, error) == 0 &&
                   write_body(documents, REPLACE_BODY, id, document, error) == 0 &&
                   references_clear(&documents->references, id, error) == 0
               ? add_references(documents, id, document, error)
               : -1;
}

/* The version that was sent stays; if the new one differs, it is kept next to it. */
static int keep(struct planned_documents *documents, const struct earlier *earlier,
                const struct plan_document *document, const char *digest, struct error *error) {
    static const struct plan_document nothing = {0};
    enum planned_document_statement which = earlier->is_same ? KEEP_DOCUMENT : MARK_CHANGED;
    if (update(documents, which, earlier->id, document, NULL, error) != 0) {
        return -1;
    }
    statement_bind_string(&documents->statements[KEEP_CHANGED_BODY], 5,
                          earlier->is_same ? NULL : digest);
    return write_body(documents, KEEP_CHANGED_BODY, earlier->id,
                      earlier->is_same ? &nothing : document, error);
}

int planned_documents_add(struct planned_documents *documents, const struct plan_document *document,
                          int64_t *id, struct error *error) {
    char digest_text[DIGEST_TEXT_SIZE];
    struct earlier earlier = {0};
    if (digest(documents, document, digest_text, error) != 0) {
        return -1;
    }
    int rc = insert(documents, document, digest_text, id, error);
    if (rc != 0) {
        return rc < 0 ? -1 : 0;
    }
    if (find_earlier(documents, document, digest_text, &earlier, error) != 0) {
        return -1;
    }
    *id = earlier.id;
    if (earlier.plan == documents->plan) {
        return refuse_twice(document, error);
    }
    bool was_taken = earlier.state != STATE_PENDING && earlier.state != STATE_REFUSED;
    return !earlier.is_same && !was_taken ? replace(documents, *id, document, digest_text, error)
                                          : keep(documents, &earlier, document, digest_text, error);
}

int planned_documents_mark_gone(struct planned_documents *documents, struct error *error) {
    if (documents->plan == 1) {
        return 0;
    }
    struct statement *mark = &documents->statements[MARK_GONE];
    statement_bind_integer(mark, 1, documents->plan);
    return statement_run(mark, error);
}
