#define _XOPEN_SOURCE 700 /* mkdtemp, symlink */
#include <sys/stat.h>

#include "sqlite_fixture.h"

static void assert_open_fails(const char *url, enum error_code code, const char *words) {
    struct error error = {0};
    assert_null(source_open(url, NULL, &error));
    assert_int_equal(error.code, code);
    if (strstr(error.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", error.message, words);
    }
}

static void a_bare_path_and_a_url_open_the_same_database(void **state) {
    (void)state;
    char url[160];
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    assert_rows(source, "SELECT a FROM t", "{\"a\":1}");
    assert_string_equal(source_name(source), path);
    source_close(source);
    snprintf(url, sizeof url, "SQLite:%s", path);
    source = open_it(url);
    assert_rows(source, "SELECT a FROM t", "{\"a\":1}");
    assert_string_equal(source_name(source), url);
    source_close(source);
}

static void a_path_may_hold_any_character(void **state) {
    (void)state;
    static const char *const names[] = {"with blank.db", "100%41.db", "a?mode=rwc#b.db",
                                        "Zo\xC3\xAB&;=.db"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sqlite3_close(write_database(names[i], "CREATE TABLE t (a); INSERT INTO t VALUES (1);"));
        struct source *source = open_it(path);
        assert_rows(source, "SELECT a FROM t", "{\"a\":1}");
        source_close(source);
    }
}

static void a_database_is_found_through_a_link(void **state) {
    (void)state;
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    assert_int_equal(symlink("legacy.db", path_of("link.db")), 0);
    struct source *source = open_it(path);
    assert_rows(source, "SELECT a FROM t", "{\"a\":1}");
    source_close(source);
}

static void an_unknown_scheme_is_refused_without_its_secrets(void **state) {
    (void)state;
    struct error error = {0};
    assert_null(source_open("mystery://reader:hunter2@host/db", NULL, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.message, "mystery:"));
    assert_non_null(strstr(error.message, "sqlite:"));
    assert_null(strstr(error.message, "hunter2"));
    assert_open_fails("sqlite:", ERROR_USAGE, "no path");
}

static void a_missing_file_is_named(void **state) {
    (void)state;
    assert_open_fails(path_of("missing.db"), ERROR_SOURCE, "No such file or directory");
    assert_open_fails(path_of("missing.db"), ERROR_SOURCE, path);
    assert_int_equal(access(path, F_OK), -1);
}

static void what_is_not_a_database_is_refused_by_what_it_is(void **state) {
    (void)state;
    assert_open_fails(folder, ERROR_SOURCE, "is a folder");
    assert_open_fails("/dev/null", ERROR_SOURCE, "is not a file");
    write_file("empty.db", "");
    assert_open_fails(path, ERROR_SOURCE, "is empty, not a database");
    write_file("dump.sql", "CREATE TABLE releases (id INTEGER PRIMARY KEY);\n");
    assert_open_fails(path, ERROR_SOURCE, "is not a SQLite database");
    write_file("short.db", "SQLite");
    assert_open_fails(path, ERROR_SOURCE, "is not a SQLite database");
}

static void a_header_without_a_database_behind_it_is_refused(void **state) {
    (void)state;
    FILE *file = fopen(path_of("fake.db"), "wb");
    assert_int_equal(fwrite("SQLite format 3\0", 1, 16, file), 16);
    for (int i = 0; i < 4096; i++) {
        fputc('x', file);
    }
    assert_int_equal(fclose(file), 0);
    assert_open_fails(path, ERROR_SOURCE, path);
}

/* What must not change when a database is only read. */
struct picture {
    char names[512];
    struct stat status;
    unsigned long sum;
};

static int is_entry(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

static struct picture picture_of(const char *database) {
    struct picture picture = {.names = ""};
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_entry, alphasort);
    for (int i = 0; i < count; i++) {
        strcat(strcat(picture.names, entries[i]->d_name), " ");
        free(entries[i]);
    }
    free(entries);
    assert_int_equal(stat(database, &picture.status), 0);
    FILE *file = fopen(database, "rb");
    for (int byte = 0; (byte = fgetc(file)) != EOF;) {
        picture.sum = picture.sum * 31 + (unsigned long)byte;
    }
    fclose(file);
    return picture;
}

static void assert_same_picture(const struct picture *a, const struct picture *b) {
    assert_string_equal(a->names, b->names);
    assert_int_equal(a->sum, b->sum);
    assert_int_equal(a->status.st_size, b->status.st_size);
    assert_int_equal(a->status.st_mtim.tv_sec, b->status.st_mtim.tv_sec);
    assert_int_equal(a->status.st_mtim.tv_nsec, b->status.st_mtim.tv_nsec);
}

/* The file next to it, copied as it is at this moment. */
static void copy_file(const char *from, const char *to) {
    char source[192];
    char target[192];
    snprintf(source, sizeof source, "%s/%s", folder, from);
    snprintf(target, sizeof target, "%s/%s", folder, to);
    FILE *in = fopen(source, "rb");
    FILE *out = fopen(target, "wb");
    assert_non_null(in);
    assert_non_null(out);
    for (int byte = 0; (byte = fgetc(in)) != EOF;) {
        fputc(byte, out);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* What is there before, while rows are read, and when the source is closed. */
struct pictures {
    struct picture before, meanwhile, after;
};

static struct pictures pictures_of_reading(void) {
    struct error error = {0};
    struct pictures pictures = {.before = picture_of(path)};
    struct source *source = open_it(path);
    struct rows *rows = source_read_table(source, "t", NULL, 0, NULL, &error);
    assert_non_null(rows);
    assert_int_equal(rows_step(rows, &error), 1);
    pictures.meanwhile = picture_of(path);
    rows_close(rows);
    source_close(source);
    pictures.after = picture_of(path);
    return pictures;
}

static void reading_changes_nothing(void **state) {
    (void)state;
    make_database("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);");
    struct pictures pictures = pictures_of_reading();
    assert_same_picture(&pictures.before, &pictures.meanwhile);
    assert_same_picture(&pictures.before, &pictures.after);
}

static void reading_a_closed_wal_database_leaves_no_files(void **state) {
    (void)state;
    make_database("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);");
    struct pictures pictures = pictures_of_reading();
    assert_string_equal(pictures.before.names, "legacy.db ");
    assert_same_picture(&pictures.before, &pictures.after);
}

static void the_wal_of_others_stays(void **state) {
    (void)state;
    sqlite3 *writer = write_database("legacy.db", "PRAGMA journal_mode = wal; CREATE TABLE t (a);"
                                                  "INSERT INTO t VALUES (1);");
    struct pictures pictures = pictures_of_reading();
    assert_string_equal(pictures.before.names, "legacy.db legacy.db-shm legacy.db-wal ");
    assert_same_picture(&pictures.before, &pictures.after);
    sqlite3_close(writer);
}

static int64_t count_rows(struct source *source) {
    struct error error = {0};
    int64_t rows = -1;
    assert_int_equal(source_measure_table(source, "t", NULL, 0, NULL, &rows, NULL, &error), 0);
    return rows;
}

static void a_wal_database_that_is_written_meanwhile_is_read_as_of_one_moment(void **state) {
    (void)state;
    struct error error = {0};
    bool is_one_moment = false;
    make_database("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    assert_int_equal(source_begin_read_transaction(source, &is_one_moment, &error), 0);
    assert_true(is_one_moment);
    make_database("INSERT INTO t VALUES (2);");
    assert_int_equal(count_rows(source), 1);
    assert_int_equal(source_end_read_transaction(source, &error), 0);
    assert_int_equal(count_rows(source), 2);
    source_close(source);
}

/* No locks are available where the file of their memory cannot be made: SQLite follows no link. */
static void forbid_locks(void) {
    assert_int_equal(symlink("legacy.db", path_of("legacy.db-shm")), 0);
}

static void allow_locks(void) {
    assert_int_equal(unlink(path_of("legacy.db-shm")), 0);
}

static void a_wal_database_is_read_where_nothing_can_be_made_next_to_it(void **state) {
    (void)state;
    struct error error = {0};
    bool is_one_moment = false;
    make_database("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    forbid_locks();
    struct source *source = open_it(path_of("legacy.db"));
    assert_int_equal(source_begin_read_transaction(source, &is_one_moment, &error), 0);
    assert_int_equal(count_rows(source), 1);
    assert_int_equal(source_end_read_transaction(source, &error), 0);
    source_close(source);
    allow_locks();
}

static void a_change_of_a_file_that_was_read_without_locks_is_an_error(void **state) {
    (void)state;
    static const char *const changes[] = {
        "INSERT INTO t VALUES (2);",
        "UPDATE t SET a = 3;",
        "CREATE TABLE u (a);",
    };
    make_database("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct error error = {0};
        bool is_one_moment = false;
        forbid_locks();
        struct source *source = open_it(path_of("legacy.db"));
        assert_int_equal(source_begin_read_transaction(source, &is_one_moment, &error), 0);
        allow_locks();
        make_database(changes[i]);
        assert_int_equal(source_end_read_transaction(source, &error), -1);
        assert_int_equal(error.code, ERROR_SOURCE);
        assert_non_null(strstr(error.message, "was changed while it was read"));
        source_close(source);
    }
}

static void a_wal_that_appears_meanwhile_is_an_error_without_locks(void **state) {
    (void)state;
    struct error error = {0};
    bool is_one_moment = false;
    make_database("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1);");
    forbid_locks();
    struct source *source = open_it(path_of("legacy.db"));
    assert_int_equal(source_begin_read_transaction(source, &is_one_moment, &error), 0);
    write_file("legacy.db-wal", "of somebody who writes");
    assert_int_equal(source_end_read_transaction(source, &error), -1);
    assert_non_null(strstr(error.message, "was changed while it was read"));
    source_close(source);
    allow_locks();
}

static void rows_that_are_in_a_wal_are_never_passed_over(void **state) {
    (void)state;
    sqlite3 *writer = write_database("legacy.db", "PRAGMA journal_mode = wal; CREATE TABLE t (a);"
                                                  "INSERT INTO t VALUES (1);");
    copy_file("legacy.db", "copy.db");
    copy_file("legacy.db-wal", "copy.db-wal");
    sqlite3_close(writer);
    assert_int_equal(symlink("copy.db", path_of("copy.db-shm")), 0);
    assert_open_fails(path_of("copy.db"), ERROR_SOURCE, "its folder must be writable");
}

/* As a later SQLite may have written it: a word in the schema that this one does not know. */
static void a_schema_of_a_newer_sqlite_is_not_called_damaged(void **state) {
    (void)state;
    make_database("CREATE TABLE t (a INTEGER) STRICT; PRAGMA writable_schema = 1;"
                  "UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', 'COMPACT');");
    assert_open_fails(path, ERROR_SOURCE, "does not understand: ");
    assert_open_fails(path, ERROR_SOURCE, sqlite3_libversion());
    assert_open_fails(path, ERROR_SOURCE, "COMPACT");
}

static void rows_that_are_only_in_the_wal_are_read(void **state) {
    (void)state;
    sqlite3 *writer = write_database("legacy.db", "PRAGMA journal_mode = wal; CREATE TABLE t (a);"
                                                  "INSERT INTO t VALUES (1);");
    struct source *source = open_it(path);
    assert_rows(source, "SELECT a FROM t", "{\"a\":1}");
    source_close(source);
    sqlite3_close(writer);
}

static void a_database_is_not_written_while_a_table_is_read(void **state) {
    (void)state;
    struct error error = {0};
    sqlite3 *writer =
        write_database("legacy.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);");
    struct source *source = open_it(path);
    struct rows *rows = read_it(source, "t");
    assert_int_equal(rows_step(rows, &error), 1);
    assert_int_equal(sqlite3_exec(writer, "DELETE FROM t", NULL, NULL, NULL), SQLITE_BUSY);
    assert_int_equal(rows_step(rows, &error), 1);
    assert_int_equal(rows_value(rows, 0).integer, 2);
    rows_close(rows);
    source_close(source);
    sqlite3_close(writer);
}

static void a_database_left_in_the_middle_of_a_change_is_refused(void **state) {
    (void)state;
    sqlite3 *writer = write_database(
        "legacy.db", "PRAGMA cache_size = 5; CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 "
                     "UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT "
                     "hex(zeroblob(50)) FROM n; BEGIN; UPDATE t SET a = 'half done';");
    copy_file("legacy.db", "torn.db");
    copy_file("legacy.db-journal", "torn.db-journal");
    sqlite3_close(writer);
    assert_open_fails(path_of("torn.db"), ERROR_SOURCE, "was left in the middle of a change");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_bare_path_and_a_url_open_the_same_database, empty_folder),
        cmocka_unit_test_teardown(a_path_may_hold_any_character, empty_folder),
        cmocka_unit_test_teardown(a_database_is_found_through_a_link, empty_folder),
        cmocka_unit_test_teardown(an_unknown_scheme_is_refused_without_its_secrets, empty_folder),
        cmocka_unit_test_teardown(a_missing_file_is_named, empty_folder),
        cmocka_unit_test_teardown(what_is_not_a_database_is_refused_by_what_it_is, empty_folder),
        cmocka_unit_test_teardown(a_header_without_a_database_behind_it_is_refused, empty_folder),
        cmocka_unit_test_teardown(reading_changes_nothing, empty_folder),
        cmocka_unit_test_teardown(reading_a_closed_wal_database_leaves_no_files, empty_folder),
        cmocka_unit_test_teardown(the_wal_of_others_stays, empty_folder),
        cmocka_unit_test_teardown(a_wal_database_that_is_written_meanwhile_is_read_as_of_one_moment,
                                  empty_folder),
        cmocka_unit_test_teardown(a_wal_database_is_read_where_nothing_can_be_made_next_to_it,
                                  empty_folder),
        cmocka_unit_test_teardown(a_change_of_a_file_that_was_read_without_locks_is_an_error,
                                  empty_folder),
        cmocka_unit_test_teardown(a_wal_that_appears_meanwhile_is_an_error_without_locks,
                                  empty_folder),
        cmocka_unit_test_teardown(rows_that_are_in_a_wal_are_never_passed_over, empty_folder),
        cmocka_unit_test_teardown(a_schema_of_a_newer_sqlite_is_not_called_damaged, empty_folder),
        cmocka_unit_test_teardown(rows_that_are_only_in_the_wal_are_read, empty_folder),
        cmocka_unit_test_teardown(a_database_is_not_written_while_a_table_is_read, empty_folder),
        cmocka_unit_test_teardown(a_database_left_in_the_middle_of_a_change_is_refused,
                                  empty_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
