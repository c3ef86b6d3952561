#include "report/mentions_private.h"

#include <stdlib.h>

#include "base/fold.h"
#include "base/json_memory.h"
#include "workspace/listing.h"

/* `f0` to `f2` are what `t0` to `t2` are found by. */
static const char schema[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
    "CREATE TABLE person (name TEXT PRIMARY KEY, shown TEXT, address TEXT) WITHOUT ROWID;"
    "CREATE INDEX person_address ON person (address COLLATE NOCASE);"
    "CREATE TABLE mention (id INTEGER PRIMARY KEY, sort INTEGER, document INTEGER,"
    " standing INTEGER, place TEXT, name TEXT, note TEXT, content TEXT, no_author INTEGER,"
    " partner TEXT, found TEXT, t0 TEXT, t1 TEXT, t2 TEXT, f0 TEXT, f1 TEXT, f2 TEXT);";

static const char insert_sql[] =
    "INSERT INTO mention (sort, document, standing, place, name, note, content, no_author, partner,"
    " found, t0, t1, t2, f0, f1, f2)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

enum { PARAMETER_FOUND = 10, PARAMETER_TOPIC = 11, PARAMETER_FOLDED = 11 + TOPIC_MOST };

static const char partner_sql[] =
    "CREATE INDEX mention_row ON mention (place, name) WHERE partner IS NOT NULL;"
    "UPDATE mention AS m SET (t0, t1, t2, f0, f1, f2) = (SELECT"
    " coalesce(m.t0, p.t0), coalesce(m.t1, p.t1), coalesce(m.t2, p.t2),"
    " coalesce(m.f0, p.f0), coalesce(m.f1, p.f1), coalesce(m.f2, p.f2)"
    " FROM mention p WHERE p.partner IS NOT NULL AND p.place = m.partner AND p.name = m.name)"
    " WHERE m.partner IS NOT NULL AND EXISTS (SELECT 1 FROM mention p"
    " WHERE p.partner IS NOT NULL AND p.place = m.partner AND p.name = m.name);";

static const char person_sql[] = "INSERT OR IGNORE INTO person VALUES (?1, ?2, ?3)";

static const char address_sql[] = "SELECT address FROM person WHERE name = ?1";

size_t mentions_topic_count(const struct mentions *mentions) {
    return mentions->topics == NULL ? 0 : mentions->topics->count;
}

const struct topic *mentions_topic(const struct mentions *mentions, size_t topic) {
    return &mentions->topics->topics[topic];
}

static void clear_part(struct topic_part *part) {
    for (size_t i = 0; i < TOPIC_MOST; i++) {
        text_clear(&part->about.values[i]);
    }
    text_clear(&part->state);
    part->has_no_author = false;
}

int mentions_resolve_person(struct mentions *mentions, struct text *folded, struct text *value,
                            struct error *error) {
    struct statement *address = &mentions->address;
    statement_bind_text(address, 1, text_span(folded));
    int rc = statement_step(address, error);
    if (rc == 1) {
        struct span found = statement_text(address, 0);
        if (value != NULL) {
            text_clear(value);
            text_append(value, found);
        }
        text_clear(folded);
        fold_key(found, folded);
    }
    statement_reset(address);
    return rc < 0 ? -1 : text_check(folded, error);
}

static int bind_topics(struct mentions *mentions, struct error *error) {
    for (size_t i = 0; i < TOPIC_MOST; i++) {
        struct text *value = &mentions->part.about.values[i];
        struct text *folded = &mentions->folded[i];
        text_clear(folded);
        fold_key(text_span(value), folded);
        bool is_person =
            i < mentions_topic_count(mentions) && mentions_topic(mentions, i)->is_person;
        if (is_person && folded->length > 0 &&
            mentions_resolve_person(mentions, folded, value, error) != 0) {
            return -1;
        }
        if (text_check(value, error) != 0 || text_check(folded, error) != 0) {
            return -1;
        }
        struct span null = {0};
        statement_bind_text(&mentions->insert, PARAMETER_TOPIC + (int)i,
                            folded->length > 0 ? text_span(value) : null);
        statement_bind_text(&mentions->insert, PARAMETER_FOLDED + (int)i,
                            folded->length > 0 ? text_span(folded) : null);
    }
    return 0;
}

/* With the topics of mentions->part. */
static int add(struct mentions *mentions, enum mention_of sort, const struct mention *mention,
               const char *partner, struct error *error) {
    struct statement *insert = &mentions->insert;
    text_clear(&mentions->found);
    fold_key(mention->name, &mentions->found);
    statement_bind_integer(insert, 1, sort);
    statement_bind_integer(insert, 2, mention->document);
    statement_bind_integer(insert, 3, mention->standing);
    statement_bind_text(insert, 4, mention->place);
    statement_bind_text(insert, 5, mention->name);
    statement_bind_text(insert, 6, mention->note);
    statement_bind_text(insert, 7, mention->content);
    statement_bind_integer(insert, 8, mention->has_no_author);
    statement_bind_string(insert, 9, partner);
    statement_bind_text(insert, PARAMETER_FOUND, text_span(&mentions->found));
    return text_check(&mentions->found, error) == 0 && bind_topics(mentions, error) == 0
               ? statement_run(insert, error)
               : -1;
}

/* ---- people ---- */

/* The address of "jdoe <jane.doe@lab.example>", the first where there are several. */
static struct span address_of(struct span found) {
    span_cut(&found, '<');
    return span_cut(&found, '>');
}

static int gather_person(struct mentions *mentions, const struct listing *lookups,
                         struct error *error) {
    struct statement *insert = &mentions->insert_person;
    enum person_outcome outcome = person_outcome_of(listing_text(lookups, PERSON_OUTCOME));
    struct span name = listing_text(lookups, PERSON_NAME);
    struct span found = listing_text(lookups, PERSON_WHO);
    struct span address = span_is_null(found) ? found : address_of(found);
    if (span_is_empty(address) || (outcome != PERSON_FOUND && outcome != PERSON_OF_ADDRESSES)) {
        return 0;
    }
    text_clear(&mentions->found);
    fold_key(name, &mentions->found);
    statement_bind_text(insert, 1, text_span(&mentions->found));
    statement_bind_text(insert, 2, name);
    statement_bind_text(insert, 3, address);
    return text_check(&mentions->found, error) == 0 ? statement_run(insert, error) : -1;
}

/* ---- documents and their parts ---- */

static int gather_parts(struct mentions *mentions, const struct mention *document,
                        const json_t *body, struct error *error) {
    struct topic_part *part = &mentions->part;
    for (size_t i = 0;; i++) {
        clear_part(part);
        if (!mentions->topics->describe_part(document->place, body, i, part)) {
            return 0;
        }
        struct mention mention = *document;
        mention.note = text_span(&part->state);
        mention.has_no_author = part->has_no_author;
        if (add(mentions, MENTION_PART, &mention, NULL, error) != 0) {
            return -1;
        }
    }
}

static int gather_document(struct mentions *mentions, const struct listing *bodies,
                           struct error *error) {
    const struct mention document = {
        .document = listing_integer(bodies, BODY_DOCUMENT),
        .standing = (enum standing)listing_integer(bodies, BODY_STANDING),
        .place = listing_text(bodies, BODY_KIND),
        .name = listing_text(bodies, BODY_KEY),
    };
    struct span text = listing_text(bodies, BODY_TEXT);
    json_t *body = NULL;
    clear_part(&mentions->part);
    if (mentions->topics != NULL) {
        body = json_memory_load(text.data, text.length, 0, NULL);
    }
    if (body != NULL) {
        mentions->topics->describe_document(document.place, body, &mentions->part.about);
    }
    int rc = add(mentions, MENTION_DOCUMENT, &document, NULL, error);
    if (rc == 0 && body != NULL && document.standing != STANDING_LEFT_OUT) {
        rc = gather_parts(mentions, &document, body, error);
    }
    json_decref(body);
    return rc;
}

/* ---- rows ---- */

static int gather_row(struct mentions *mentions, const struct listing *rows, struct error *error) {
    const struct mention row = {.place = listing_text(rows, UNUSED_TABLE),
                                .name = listing_text(rows, UNUSED_NAME),
                                .note = listing_text(rows, UNUSED_BECAUSE),
                                .content = listing_text(rows, UNUSED_CONTENT)};
    bool is_rejected = listing_integer(rows, UNUSED_IS_REJECTED) != 0;
    const char *partner = NULL;
    clear_part(&mentions->part);
    if (mentions->topics != NULL && !span_is_null(row.content)) {
        json_t *content = json_memory_load(row.content.data, row.content.length, 0, NULL);
        if (json_is_object(content)) {
            mentions->topics->describe_row(row.place, content, &mentions->part.about);
        }
        json_decref(content);
        partner = mentions->topics->find_partner(row.place);
    }
    return add(mentions, is_rejected ? MENTION_REJECTED : MENTION_SKIPPED, &row, partner, error);
}

static int gather_each(struct mentions *mentions, enum listing_of which,
                       int (*gather)(struct mentions *, const struct listing *, struct error *),
                       struct error *error) {
    struct listing listing;
    if (listing_open(&listing, mentions->report->workspace, which, &(struct listing_filter){0},
                     error) != 0) {
        return -1;
    }
    int rc;
    while ((rc = listing_next(&listing, error)) == 1) {
        if (gather(mentions, &listing, error) != 0) {
            rc = -1;
            break;
        }
    }
    listing_close(&listing);
    return rc;
}

/* A database without a name is a temporary file, which SQLite removes. */
static int open_database(struct mentions *mentions, struct error *error) {
    return sqlite3_open("", &mentions->database) == SQLITE_OK &&
                   sqlite3_exec(mentions->database, schema, NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : statement_fail(mentions->database, error);
}

static int fill(struct mentions *mentions, struct error *error) {
    sqlite3 *database = mentions->database;
    if (statement_prepare(&mentions->insert, database, insert_sql, error) != 0 ||
        statement_prepare(&mentions->address, database, address_sql, error) != 0 ||
        statement_prepare(&mentions->insert_person, database, person_sql, error) != 0 ||
        statement_execute(database, "BEGIN", error) != 0 ||
        gather_each(mentions, LISTING_LOOKUPS, gather_person, error) != 0 ||
        gather_each(mentions, LISTING_BODIES, gather_document, error) != 0 ||
        gather_each(mentions, LISTING_UNUSED, gather_row, error) != 0) {
        return -1;
    }
    if (json_memory_has_failed()) {
        return error_set_no_memory(error);
    }
    return sqlite3_exec(database, partner_sql, NULL, NULL, NULL) == SQLITE_OK
               ? statement_execute(database, "COMMIT", error)
               : statement_fail(database, error);
}

struct mentions *mentions_gather(const struct report *report, struct error *error) {
    struct mentions *mentions = calloc(1, sizeof *mentions);
    if (mentions == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    mentions->report = report;
    mentions->topics = report->migration->topics;
    if (open_database(mentions, error) != 0 || fill(mentions, error) != 0) {
        mentions_close(mentions);
        return NULL;
    }
    return mentions;
}

void mentions_close(struct mentions *mentions) {
    if (mentions == NULL) {
        return;
    }
    statement_finalize(&mentions->insert);
    statement_finalize(&mentions->insert_person);
    statement_finalize(&mentions->address);
    for (size_t i = 0; i < TOPIC_MOST; i++) {
        text_free(&mentions->part.about.values[i]);
        text_free(&mentions->folded[i]);
    }
    text_free(&mentions->part.state);
    text_free(&mentions->found);
    sqlite3_close(mentions->database);
    free(mentions);
}
