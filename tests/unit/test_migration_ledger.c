/* The ledger: each row of each table is settled once, and a row that is left is an error that names
 * it; and the cursor that reads rows and settles them. */
#define _POSIX_C_SOURCE 200809L /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migration/cursor.h"
#include "migration/ledger.h"
#include "source/source.h"

static const struct table_column columns[] = {
    {"id", COLUMN_KEY, COLUMN_READ},
    {"name", COLUMN_WORD, COLUMN_READ},
    {"seen", COLUMN_FLAG, COLUMN_READ},
    {"more", COLUMN_TEXT, COLUMN_COPIED},
};

static const struct table things = {
    .name = "things", .columns = columns, .column_count = 4, .keys = {"id", "name"}};

/* A staged table, a ledger over it, and what it put, a line for each entry. */
struct scene {
    char folder[32];
    char path[64];
    struct source *source;
    struct staging *staging;
    struct ledger *ledger;
    struct ledger_table *table;
    struct plan_sink sink;
    struct text put;
    struct arena arena;
    struct error error;
};

static int put(void *context, const struct plan_entry *entry, struct error *error) {
    static const char *const outcomes[] = {"used", "skipped", "rejected"};
    struct text *out = context;
    (void)error;
    switch (entry->kind) {
    case PLAN_TABLE:
        text_append_format(out, "table %.*s %lld\n", (int)entry->table.name.length,
                           entry->table.name.data, (long long)entry->table.rows);
        return 0;
    case PLAN_DOCUMENT:
        text_append_format(out, "document %.*s %lld\n", (int)entry->document.key.length,
                           entry->document.key.data, (long long)entry->document.rows);
        return 0;
    case PLAN_ROW:
        text_append_format(out, "%s %zu %.*s", outcomes[entry->row.outcome], entry->row.table,
                           (int)entry->row.row.length, entry->row.row.data);
        text_append_string(out, entry->row.outcome == OUTCOME_USED ? "" : ": ");
        text_append(out, entry->row.because);
        text_append_string(out, entry->row.outcome == OUTCOME_USED ? "" : " ");
        text_append(out, entry->row.content);
        text_append_char(out, '\n');
        return 0;
    default:
        return -1;
    }
}

static void write_database(const char *path, const char *rows) {
    sqlite3 *database = NULL;
    struct text sql = {0};
    text_append_format(&sql, "CREATE TABLE things(id, name, seen, more); %s", rows);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, text_string(&sql), NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    text_free(&sql);
}

static void open_scene(struct scene *scene, const char *rows, int64_t count) {
    *scene = (struct scene){.folder = "/tmp/rowpost-ledger-XXXXXX"};
    assert_non_null(mkdtemp(scene->folder));
    snprintf(scene->path, sizeof scene->path, "%s/legacy.db", scene->folder);
    write_database(scene->path, rows);
    struct staging_settings settings = {.tables = &things, .table_count = 1};
    scene->source = source_open(scene->path, NULL, &scene->error);
    assert_non_null(scene->source);
    scene->staging = staging_open(scene->source, &settings, &scene->error);
    assert_non_null(scene->staging);
    scene->sink = (struct plan_sink){.context = &scene->put, .put = put};
    scene->ledger = ledger_open(scene->staging, &scene->sink, &scene->error);
    assert_non_null(scene->ledger);
    scene->table = ledger_add_table(scene->ledger, &things, count, &scene->error);
    assert_non_null(scene->table);
}

/* What was put has to be this, and is forgotten. */
static void expect_put(struct scene *scene, const char *lines) {
    assert_string_equal(text_string(&scene->put), lines);
    text_clear(&scene->put);
}

static void close_scene(struct scene *scene) {
    ledger_close(scene->ledger);
    staging_close(scene->staging);
    source_close(scene->source);
    unlink(scene->path);
    rmdir(scene->folder);
    text_free(&scene->put);
    arena_free(&scene->arena);
}

static struct ledger_row row_of(const struct scene *scene, int64_t row, const char *label) {
    return (struct ledger_row){.table = scene->table, .row = row, .label = span_of(label)};
}

static void a_document_is_followed_by_the_rows_that_it_is_made_of(void **state) {
    struct scene scene;
    struct ledger_uses uses = {0};
    (void)state;
    open_scene(&scene, "INSERT INTO things(id) VALUES (1), (2)", 2);
    assert_int_equal(ledger_use(row_of(&scene, 2, "b"), &uses, &scene.arena, NULL), 0);
    assert_int_equal(ledger_use(row_of(&scene, 1, "a"), &uses, &scene.arena, NULL), 0);
    expect_put(&scene, "table things 2\n");
    struct plan_document document = {.key = span_of("anna"), .body = span_of("{}"), .rows = 7};
    assert_int_equal(ledger_put_document(scene.ledger, document, &uses, NULL), 0);
    expect_put(&scene, "document anna 2\nused 0 b\nused 0 a\n");
    assert_int_equal(ledger_finish(scene.ledger, NULL), 0);
    close_scene(&scene);
}

static void a_row_is_settled_only_once(void **state) {
    struct scene scene;
    struct ledger_uses uses = {0};
    (void)state;
    open_scene(&scene, "INSERT INTO things(id) VALUES (1)", 1);
    assert_false(ledger_is_settled(scene.table, 1));
    assert_int_equal(ledger_skip(scene.ledger, row_of(&scene, 1, "a"), "rule", span_of("{}"), NULL),
                     0);
    assert_true(ledger_is_settled(scene.table, 1));
    assert_int_equal(ledger_use(row_of(&scene, 1, "a"), &uses, &scene.arena, &scene.error), -1);
    assert_int_equal(scene.error.code, ERROR_INTERNAL);
    assert_string_equal(scene.error.message, "things, row a: settled twice");
    close_scene(&scene);
}

static void a_row_that_is_left_is_an_error_that_names_it(void **state) {
    struct scene scene;
    (void)state;
    open_scene(&scene, "INSERT INTO things(id, name) VALUES (1, 'a'), (NULL, 'b')", 2);
    assert_int_equal(
        ledger_reject(scene.ledger, row_of(&scene, 1, "1, a"), span_of("why"), span_of("{}"), NULL),
        0);
    assert_int_equal(ledger_count_open(scene.table), 1);
    assert_int_equal(ledger_finish(scene.ledger, &scene.error), -1);
    assert_int_equal(scene.error.code, ERROR_BALANCE);
    assert_string_equal(scene.error.message,
                        "things: the source counts 2 rows, and 1 have an outcome; the first "
                        "without one is row (null), b");
    close_scene(&scene);
}

static void more_rows_than_the_source_counts_are_an_error(void **state) {
    struct scene scene;
    (void)state;
    open_scene(&scene, "INSERT INTO things(id) VALUES (1)", 0);
    assert_int_equal(ledger_skip(scene.ledger, row_of(&scene, 1, "1"), "rule", span_of("{}"), NULL),
                     0);
    assert_int_equal(ledger_finish(scene.ledger, &scene.error), -1);
    assert_int_equal(scene.error.code, ERROR_BALANCE);
    close_scene(&scene);
}

static void a_proposal_counts_unless_the_row_is_used(void **state) {
    struct scene scene;
    struct ledger_uses uses = {0};
    (void)state;
    open_scene(&scene, "INSERT INTO things(id) VALUES (1), (2)", 2);
    for (int64_t row = 1; row <= 2; row++) {
        assert_int_equal(ledger_propose(scene.ledger, row_of(&scene, row, "x"), OUTCOME_SKIPPED,
                                        span_of("first"), span_of("{}"), NULL),
                         0);
        assert_int_equal(ledger_propose(scene.ledger, row_of(&scene, row, "x"), OUTCOME_REJECTED,
                                        span_of("second"), span_of("{}"), NULL),
                         0);
    }
    assert_int_equal(ledger_use(row_of(&scene, 2, "x"), &uses, &scene.arena, NULL), 0);
    text_clear(&scene.put);
    assert_int_equal(ledger_finish(scene.ledger, NULL), 0);
    expect_put(&scene, "skipped 0 x: first {}\n");
    close_scene(&scene);
}

static void rows_may_have_any_number(void **state) {
    static const int64_t numbers[] = {INT64_MIN, INT64_MIN + 63, -65,      -64, -1, 0, 1, 63, 64,
                                      65,        1 << 20,        INT64_MAX};
    enum { COUNT = sizeof numbers / sizeof *numbers, MANY = 5000 };
    struct scene scene;
    (void)state;
    open_scene(&scene, "", COUNT + MANY);
    for (size_t i = 0; i < COUNT; i++) {
        struct ledger_row row = row_of(&scene, numbers[i], "x");
        assert_false(ledger_is_settled(scene.table, numbers[i]));
        assert_int_equal(ledger_skip(scene.ledger, row, "rule", span_of("{}"), NULL), 0);
    }
    for (int64_t i = 1; i <= MANY; i++) {
        struct ledger_row row = row_of(&scene, i * 1000003 * 64 + 2, "x");
        assert_false(ledger_is_settled(scene.table, row.row));
        assert_int_equal(ledger_skip(scene.ledger, row, "rule", span_of("{}"), NULL), 0);
        assert_true(ledger_is_settled(scene.table, row.row));
        assert_false(ledger_is_settled(scene.table, row.row + 1));
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(ledger_is_settled(scene.table, numbers[i]));
    }
    assert_int_equal(ledger_finish(scene.ledger, NULL), 0);
    close_scene(&scene);
}

/* Settles each row by its values: what is not of its type is rejected, what was seen is skipped. */
struct reading {
    struct scene *scene;
    struct cursor cursor;
    struct ledger_uses uses;
};

static int settle(void *context, struct error *error) {
    struct reading *reading = context;
    struct cursor *cursor = &reading->cursor;
    struct cursor_part part = {.table = reading->scene->table, .column = 0};
    if (!cursor_check(cursor, part)) {
        return cursor_reject(cursor, part, text_span(&cursor->reason), error);
    }
    return span_equal_string(cursor_text(cursor, part, 2), "1")
               ? cursor_skip(cursor, part, "seen", error)
               : cursor_use(cursor, part, &reading->uses, &reading->scene->arena, error);
}

static void a_cursor_settles_the_rows_that_it_reads(void **state) {
    struct scene scene;
    struct text sql = {0};
    (void)state;
    open_scene(&scene,
               "INSERT INTO things VALUES (1, 'a  ', 'no', 'x'), ('2', NULL, 'yes', 'y'),"
               " (3, 'c', 7, 'z')",
               3);
    struct reading reading = {.scene = &scene};
    text_append_string(&sql, "SELECT ");
    cursor_append_part(&sql, &things, "t");
    assert_string_equal(text_string(&sql), "SELECT t.row, t.\"id\", t.\"name\", t.\"seen\"");
    assert_int_equal(cursor_part_end(&things, 0), 4);
    text_append_string(&sql, " FROM things t ORDER BY t.id");
    text_clear(&scene.put);
    assert_int_equal(cursor_each(&reading.cursor, scene.ledger, text_string(&sql), settle, &reading,
                                 &scene.error),
                     0);
    expect_put(&scene, "skipped 0 2, (null): seen {\"ID\":2,\"NAME\":null,\"SEEN\":1}\n"
                       "rejected 0 3, c: SEEN is 7; expected 0 or 1 "
                       "{\"ID\":3,\"NAME\":\"c\",\"SEEN\":7}\n");
    struct plan_document document = {.key = span_of("k"), .body = span_of("{}")};
    assert_int_equal(ledger_put_document(scene.ledger, document, &reading.uses, NULL), 0);
    expect_put(&scene, "document k 1\nused 0 1, a\n");
    assert_int_equal(ledger_finish(scene.ledger, NULL), 0);
    text_free(&sql);
    close_scene(&scene);
}

static void a_part_of_an_outer_join_may_be_missing(void **state) {
    struct scene scene;
    struct cursor cursor = {0};
    (void)state;
    open_scene(&scene, "INSERT INTO things(id) VALUES (1)", 1);
    assert_int_equal(cursor_open(&cursor, scene.ledger,
                                 "SELECT t.row, t.id, t.name, t.seen, u.row FROM things t"
                                 " LEFT JOIN things u ON u.id = t.id + 1",
                                 &scene.error),
                     0);
    assert_int_equal(cursor_next(&cursor, &scene.error), 1);
    assert_true(cursor_has(&cursor, (struct cursor_part){.table = scene.table, .column = 0}));
    assert_false(cursor_has(&cursor, (struct cursor_part){.table = scene.table, .column = 4}));
    assert_int_equal(cursor_next(&cursor, &scene.error), 0);
    cursor_close(&cursor);
    close_scene(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_followed_by_the_rows_that_it_is_made_of),
        cmocka_unit_test(a_row_is_settled_only_once),
        cmocka_unit_test(a_row_that_is_left_is_an_error_that_names_it),
        cmocka_unit_test(more_rows_than_the_source_counts_are_an_error),
        cmocka_unit_test(a_proposal_counts_unless_the_row_is_used),
        cmocka_unit_test(rows_may_have_any_number),
        cmocka_unit_test(a_cursor_settles_the_rows_that_it_reads),
        cmocka_unit_test(a_part_of_an_outer_join_may_be_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
