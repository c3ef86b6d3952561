#include "base/folder.h"
#include "base/statement.h"
#include "workspace/part_file_private.h"
#include "workspace/schema_private.h"

/* How many parts are written at once: each has a cache, and the documents are read once for all of
 * them. */
enum { FILES_AT_ONCE = 8 };

struct copying {
    struct workspace *parent;
    int64_t kind;
    struct part_file *files;
    int64_t parts;
};

/* Which of the parts, from 0, a key belongs to: FNV-1a, folded. */
static int64_t part_of_key(struct span key, int64_t parts) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < key.length; i++) {
        hash = (hash ^ (unsigned char)key.data[i]) * UINT64_C(1099511628211);
    }
    return (int64_t)((hash ^ hash >> 32) % (uint64_t)parts);
}

static void give_part_of_key(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    sqlite3_result_int64(
        context, part_of_key(statement_value_text(values[0]), sqlite3_value_int64(values[1])));
}

int part_documents_register(sqlite3 *database, struct error *error) {
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
    return sqlite3_create_function_v2(database, "part_of_key", 2, flags, NULL, give_part_of_key,
                                      NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : statement_fail(database, error);
}

/* The rows of each table that belong to documents to deliver, each followed by its part: of kind
 * ?1, in ?2 parts. The `+` keeps SQLite from the index over (kind, key), whose order is not that of
 * the bodies; the cross join reads the smaller table first. */
#define THE_PART "part_of_key(" PART_KEY ", ?2)"
#define PART_AND(table) "SELECT " table ".*, " THE_PART " FROM "
#define IS_HANDED_OUT SCHEMA_IS_DUE("document.")
#define P_IS_DUE SCHEMA_IS_DUE("p.")
#define OF_DOCUMENTS " WHERE +document.kind = ?1 AND " IS_HANDED_OUT " ORDER BY "
static const char *const rows_sql[PART_TABLE_COUNT] = {
    [PART_DOCUMENT] = PART_AND("document") "document" OF_DOCUMENTS "id",
    [PART_BODY] =
        PART_AND("body") "document CROSS JOIN body ON body.document = document.id" OF_DOCUMENTS
                         "document.id",
    [PART_ATTEMPT] =
        PART_AND("attempt") "attempt CROSS JOIN document"
                            " ON document.id = attempt.document" OF_DOCUMENTS "attempt.id",
    [PART_FINDING] =
        PART_AND("finding") "finding CROSS JOIN document"
                            " ON document.id = finding.document" OF_DOCUMENTS "finding.id",
    [PART_REFERENCE] =
        PART_AND("reference") "reference CROSS JOIN document"
                              " ON document.id = reference.document" OF_DOCUMENTS "document.id",
    [PART_KNOWN_RECORD] =
        "SELECT DISTINCT reference.kind, reference.key, p.target_id, " THE_PART " FROM reference"
        " CROSS JOIN document ON document.id = reference.document"
        " JOIN kind k ON k.name = reference.kind"
        " JOIN document p ON p.kind = k.position AND p.key = reference.key"
        " WHERE document.kind = ?1 AND " IS_HANDED_OUT " AND p.state IN ('delivered', 'present')"
        " AND p.target_id IS NOT NULL",
};

int part_documents_check(struct workspace *parent, int64_t kind, struct error *error) {
    static const char sql[] =
        "SELECT document.key, r.kind, r.key FROM reference r"
        " CROSS JOIN document ON document.id = r.document JOIN kind k ON k.name = r.kind"
        " JOIN document p ON p.kind = k.position AND p.key = r.key"
        " WHERE document.kind = ?1 AND " IS_HANDED_OUT
        " AND (p.state NOT IN ('delivered', 'present') OR p.target_id IS NULL)"
        " AND NOT (p.kind = ?1 AND " P_IS_DUE
        "  AND p.ordering_key IS document.ordering_key AND p.ordering_key IS NOT NULL) LIMIT 1";
    struct statement find;
    if (statement_prepare(&find, workspace_database(parent), sql, error) != 0) {
        return -1;
    }
    statement_bind_integer(&find, 1, kind);
    int rc = statement_step(&find, error);
    if (rc == 1) {
        struct span key = statement_text(&find, 0);
        struct span to_kind = statement_text(&find, 1);
        struct span to_key = statement_text(&find, 2);
        rc = error_set(error, ERROR_USAGE,
                       "%s: document \"%.*s\" refers to %.*s \"%.*s\", which is not delivered; "
                       "deliver these first, as a part has to know their ids",
                       workspace_path(parent), (int)key.length, key.data, (int)to_kind.length,
                       to_kind.data, (int)to_key.length, to_key.data);
    }
    statement_finalize(&find);
    return rc;
}

/* Into the parts from `first` to before `end`. */
static int copy_rows(const struct copying *copying, enum part_table table, int64_t first,
                     int64_t end, struct error *error) {
    struct statement rows;
    if (statement_prepare(&rows, workspace_database(copying->parent), rows_sql[table], error) !=
        0) {
        return -1;
    }
    statement_bind_integer(&rows, 1, copying->kind);
    statement_bind_integer(&rows, 2, copying->parts);
    int column = sqlite3_column_count(rows.handle) - 1;
    int rc;
    while ((rc = statement_step(&rows, error)) == 1) {
        int64_t index = statement_integer(&rows, column);
        if (index >= first && index < end &&
            part_file_add(&copying->files[index], table, &rows, error) != 0) {
            rc = -1;
            break;
        }
    }
    statement_finalize(&rows);
    return rc;
}

static int write_group(const struct copying *copying, int64_t first, int64_t end,
                       struct error *error) {
    for (int64_t i = first; i < end; i++) {
        if (part_file_begin(&copying->files[i], copying->parent, error) != 0) {
            return -1;
        }
    }
    for (enum part_table table = 0; table < PART_TABLE_COUNT; table++) {
        if (copy_rows(copying, table, first, end, error) != 0) {
            return -1;
        }
    }
    for (int64_t i = first; i < end; i++) {
        if (part_file_end(&copying->files[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

int part_documents_copy(struct workspace *parent, int64_t kind, struct part_file *files,
                        int64_t parts, struct error *error) {
    const struct copying copying = {parent, kind, files, parts};
    for (int64_t first = 0; first < parts; first += FILES_AT_ONCE) {
        int64_t end = first + FILES_AT_ONCE;
        if (write_group(&copying, first, end < parts ? end : parts, error) != 0) {
            return -1;
        }
    }
    return folder_sync(text_string(&files[0].draft), error);
}
