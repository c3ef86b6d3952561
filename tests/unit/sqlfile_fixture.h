/* A migration file that is in order, to be changed piece by piece, and the source that it reads. */
#ifndef ROWPOST_TESTS_SQLFILE_FIXTURE_H
#define ROWPOST_TESTS_SQLFILE_FIXTURE_H

#include "migration/sqlfile/sqlfile.h"
#include "staging_fixture.h"

static const char desk_source[] =
    "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT, login TEXT);"
    "CREATE TABLE ticket(id INTEGER PRIMARY KEY, person INTEGER, title TEXT, before INTEGER);"
    "INSERT INTO person VALUES(1, 'Ann@x.example', 'a'), (2, NULL, 'b'), (3, 'cy@x.example', 'c');"
    "INSERT INTO ticket VALUES(10, 1, 'It broke', NULL), (11, 3, ' ', 10), (12, 1, NULL, NULL);";

static const char desk_file[] =
    "--@ migration desk\n"                                                       /* 1 */
    "--@ option site Geneva: where the desk is\n"                                /* 2 */
    "--@ table people key id\n"                                                  /* 3 */
    "SELECT id, mail FROM person;\n"                                             /* 4 */
    "--@ unused people login: nobody signs in with it\n"                         /* 5 */
    "--@ table tickets key id\n"                                                 /* 6 */
    "SELECT id, person, title, before FROM ticket;\n"                            /* 7 */
    "--@ view address\n"                                                         /* 8 */
    "SELECT id, lower(mail) AS mail FROM people;\n"                              /* 9 */
    "--@ classify people as users\n"                                             /* 10 */
    "SELECT id AS row, iif(mail IS NULL, 'no address', NULL) AS reject, mail,\n" /* 11 */
    "       mail <> lower(mail) AS \"fix address-lower\" FROM address NATURAL JOIN (SELECT id FROM "
    "people);\n"                        /* 12 */
    "--@ kind users from users\n"       /* 13 */
    "--@ create POST /users\n"          /* 14 */
    "--@ success :status = 201\n"       /* 15 */
    "--@ find GET /users?mail={mail}\n" /* 16 */
    "--@ match :answer ->> '$.id'\n"    /* 17 */
    "SELECT row AS key, 1 AS rows, mail, json_object('mail', mail, 'site', :site) AS body FROM "
    "users;\n"                                                                            /* 18 */
    "--@ classify tickets as used_tickets\n"                                              /* 19 */
    "SELECT t.id AS row, iif(t.title IS NULL, 'no-title', NULL) AS skip,\n"               /* 20 */
    "       u.row AS person, trim(t.title) AS title, t.before\n"                          /* 21 */
    "FROM tickets t LEFT JOIN users u ON u.row = t.person;\n"                             /* 22 */
    "--@ kind tickets from used_tickets\n"                                                /* 23 */
    "--@ create POST /tickets\n"                                                          /* 24 */
    "--@ success :status = 201\n"                                                         /* 25 */
    "--@ find GET /tickets/{key}\n"                                                       /* 26 */
    "--@ match :answer ->> '$.id'\n"                                                      /* 27 */
    "SELECT row AS key, json_object('title', title, 'person', new_id('users', person),\n" /* 28 */
    "       'before', new_id('tickets', before)) AS body FROM used_tickets;\n"            /* 29 */
    "--@ check each ticket has a person\n"                                                /* 30 */
    "SELECT row FROM used_tickets WHERE person IS NULL;\n";                               /* 31 */

/* The file with a piece of it replaced; the caller frees it. */
static inline char *desk_changed(const char *piece, const char *by) {
    const char *place = strstr(desk_file, piece);
    assert_non_null(place);
    char *changed = malloc(sizeof desk_file + strlen(by));
    assert_non_null(changed);
    size_t before = (size_t)(place - desk_file);
    memcpy(changed, desk_file, before);
    strcpy(changed + before, by);
    strcat(changed, place + strlen(piece));
    return changed;
}

static inline void desk_put_part(struct text *put, const char *name, struct span part) {
    if (!span_is_null(part)) {
        text_append_format(put, "  %s ", name);
        text_append(put, part);
        text_append_char(put, '\n');
    }
}

/* The kinds of these files are only planned. */
static inline bool desk_is_about_comparing(const struct plan_entry *entry) {
    return span_find(entry->warning.text, "no --@ actual and no --@ read") != NULL;
}

/* What a plan puts, a line for each entry; what belongs to a document on lines of its own. */
static inline int desk_put(void *context, const struct plan_entry *entry, struct error *error) {
    struct text *put = context;
    (void)error;
    switch (entry->kind) {
    case PLAN_TABLE:
        if (!span_is_null(entry->table.left_because)) {
            text_append_format(put, "%lld rows, %lld left: ", (long long)entry->table.rows,
                               (long long)entry->table.left);
            text_append(put, entry->table.left_because);
            text_append_char(put, '\n');
        }
        break;
    case PLAN_DOCUMENT:
        text_append_format(put, "%zu ", entry->document.kind);
        text_append(put, entry->document.key);
        text_append_char(put, ' ');
        text_append(put, entry->document.body);
        text_append_char(put, '\n');
        desk_put_part(put, "values", entry->document.values);
        desk_put_part(put, "expect", entry->document.expect);
        desk_put_part(put, "in the order of", entry->document.ordering_key);
        break;
    case PLAN_ROW:
        text_append_format(put, "  %zu ", entry->row.table);
        text_append(put, entry->row.row);
        text_append_string(put, entry->row.outcome == OUTCOME_USED ? " used" : " ");
        text_append(put, entry->row.because);
        text_append_char(put, '\n');
        break;
    case PLAN_CORRECTION:
        text_append_format(put, "fix %zu ", entry->correction.kind);
        text_append(put, entry->correction.id);
        text_append_format(put, " %lld\n", (long long)entry->correction.times);
        break;
    case PLAN_WARNING:
        if (desk_is_about_comparing(entry)) {
            break;
        }
        text_append(put, entry->warning.key);
        text_append_string(put, ": ");
        text_append(put, entry->warning.text);
        text_append_char(put, '\n');
        break;
    default:
        break;
    }
    return 0;
}

/* How the source of a test is opened. */
static struct source *(*desk_open)(const char *url) = open_it;

/* Plans the text over the source of the test; the entries go to `put`. */
static inline int desk_plan(const char *text, const struct migration_value *values, size_t count,
                            struct text *put, struct error *error) {
    struct sqlfile *file = sqlfile_read("desk.sql", span_of(text), error);
    if (file == NULL) {
        return -1;
    }
    const struct migration *migration = sqlfile_migration(file);
    const struct migration_settings settings = {
        .as_of = 15000, .values = values, .value_count = count};
    const struct staging_settings staged = {.tables = migration->tables,
                                            .table_count =
                                                migration->count_tables(migration, &settings),
                                            .padding = migration->padding(migration, &settings)};
    struct source *source = desk_open(path_of("legacy.db"));
    struct staging *staging = staging_open(source, &staged, error);
    struct plan_sink sink = {.context = put, .put = desk_put};
    int rc = staging == NULL ? -1 : migration->plan(migration, &settings, staging, &sink, error);
    staging_close(staging);
    source_close(source);
    sqlfile_free(file);
    return rc;
}

#endif
