#include "workspace/references_private.h"

int references_prepare(struct reference_writer *writer, sqlite3 *database, struct error *error) {
    return statement_prepare(&writer->clear, database, "DELETE FROM reference WHERE document = ?1",
                             error) == 0 &&
                   statement_prepare(&writer->add, database,
                                     "INSERT OR IGNORE INTO reference (document, kind, key)"
                                     " VALUES (?1, ?2, ?3)",
                                     error) == 0
               ? statement_prepare(&writer->texts, database,
                                   "SELECT body, \"values\", expect FROM body WHERE document = ?1",
                                   error)
               : -1;
}

void references_finalize(struct reference_writer *writer) {
    statement_finalize(&writer->clear);
    statement_finalize(&writer->add);
    statement_finalize(&writer->texts);
    marker_free(&writer->marker);
}

static int add(struct reference_writer *writer, int64_t document, struct error *error) {
    if (writer->marker.what != MARKER_RECORD) {
        return 0;
    }
    statement_bind_integer(&writer->add, 1, document);
    statement_bind_text(&writer->add, 2, text_span(&writer->marker.kind));
    statement_bind_text(&writer->add, 3, text_span(&writer->marker.key));
    return statement_run(&writer->add, error);
}

int references_add(struct reference_writer *writer, int64_t document, struct span json,
                   struct error *error) {
    size_t from = 0;
    int rc = 0;
    if (!marker_may_be_in(json, MARKER_RECORD)) {
        return 0;
    }
    while ((rc = marker_find(json, from, &writer->marker, error)) == 1) {
        if (add(writer, document, error) != 0) {
            return -1;
        }
        from = writer->marker.at + writer->marker.length;
    }
    return rc;
}

int references_clear(struct reference_writer *writer, int64_t document, struct error *error) {
    statement_bind_integer(&writer->clear, 1, document);
    return statement_run(&writer->clear, error);
}

int references_renew(struct reference_writer *writer, int64_t document, struct error *error) {
    struct statement *texts = &writer->texts;
    if (references_clear(writer, document, error) != 0) {
        return -1;
    }
    statement_bind_integer(texts, 1, document);
    int rc = statement_step(texts, error);
    for (int column = 0; rc == 1 && column < sqlite3_column_count(texts->handle); column++) {
        rc = references_add(writer, document, statement_text(texts, column), error) == 0 ? 1 : -1;
    }
    statement_reset(texts);
    return rc < 0 ? -1 : 0;
}

int references_retry(sqlite3 *database, struct error *error) {
    return statement_execute(database,
                             "DELETE FROM finding WHERE during = 'apply' AND document IN"
                             " (SELECT id FROM document WHERE state = 'waiting');"
                             "UPDATE document SET state = 'pending' WHERE state = 'waiting'",
                             error);
}
