/* The workspace file: how it is made, what is refused untouched, and who may work on it. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <sys/stat.h>
#include <sys/wait.h>

#include "workspace_fixture.h"

#include "workspace/schema_private.h"

static void a_new_workspace_is_only_for_its_owner(void **state) {
    (void)state;
    struct stat status;
    mode_t mask = umask(0);
    workspace_close(open_it());
    umask(mask);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void the_files_next_to_a_workspace_are_only_for_its_owner(void **state) {
    (void)state;
    char log[sizeof path + 16];
    struct stat status;
    struct error error = {0};
    mode_t mask = umask(0);
    struct workspace *workspace = open_it();
    assert_int_equal(workspace_use_wal(workspace, &error), 0);
    assert_int_equal(workspace_put_setting(workspace, "a", span_of("b"), &error), 0);
    umask(mask);
    snprintf(log, sizeof log, "%s-wal", path);
    assert_int_equal(stat(log, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    workspace_close(workspace);
}

static void a_workspace_says_what_it_is_and_of_which_version(void **state) {
    (void)state;
    struct workspace *workspace = open_it();
    char version[16];
    snprintf(version, sizeof version, "%d", SCHEMA_VERSION);
    assert_rows(workspace, "PRAGMA application_id", "1380995924"); /* "RPST" */
    assert_rows(workspace, "PRAGMA user_version", version);
    assert_string_equal(workspace_path(workspace), path);
    workspace_close(workspace);
}

static void a_workspace_is_opened_again_with_what_it_holds(void **state) {
    (void)state;
    struct error error = {0};
    struct text value = {0};
    struct workspace *workspace = open_it();
    assert_int_equal(workspace_put_setting(workspace, "source", span_of("a"), &error), 0);
    assert_int_equal(workspace_put_setting(workspace, "source", span_of("b"), &error), 0);
    workspace_close(workspace);
    workspace = workspace_open(path, "apply", &error);
    assert_non_null(workspace);
    assert_int_equal(workspace_get_setting(workspace, "source", &value, &error), 0);
    assert_string_equal(text_string(&value), "b");
    assert_int_equal(workspace_get_setting(workspace, "nothing", &value, &error), 0);
    assert_string_equal(text_string(&value), "");
    text_free(&value);
    workspace_close(workspace);
}

static void a_transaction_is_kept_or_rolled_back_as_a_whole(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    assert_int_equal(workspace_begin(workspace, &error), 0);
    assert_int_equal(workspace_begin(workspace, &error), 0);
    change(workspace, "INSERT INTO setting VALUES ('a', '1')");
    assert_int_equal(workspace_commit(workspace, &error), 0);
    assert_int_equal(workspace_commit(workspace, &error), 0);
    assert_int_equal(workspace_begin(workspace, &error), 0);
    change(workspace, "INSERT INTO setting VALUES ('b', '2')");
    workspace_roll_back(workspace);
    workspace_roll_back(workspace);
    assert_rows(workspace, "SELECT name FROM setting", "a");
    workspace_close(workspace);
}

static void an_empty_file_becomes_a_workspace(void **state) {
    (void)state;
    fclose(fopen(path, "wb"));
    struct workspace *workspace = open_it();
    assert_rows(workspace, "SELECT count(*) FROM document", "0");
    workspace_close(workspace);
}

/* The caller frees the text. */
static struct text read_file(void) {
    struct text bytes = {0};
    char block[4096];
    size_t length;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    while ((length = fread(block, 1, sizeof block, file)) > 0) {
        text_append(&bytes, (struct span){block, length});
    }
    assert_int_equal(fclose(file), 0);
    return bytes;
}

static struct workspace *open_or_create(struct error *error) {
    return workspace_open_or_create(path, "plan", error);
}

static struct workspace *open_to_go_on(struct error *error) {
    return workspace_open(path, "apply", error);
}

static struct workspace *open_for_reading(struct error *error) {
    return workspace_open_for_reading(path, error);
}

/* Every way to open the file is refused with these words; no byte of it changes, and no file
 * appears next to it. */
static void expect_refused(const char *words) {
    static struct workspace *(*const ways[])(struct error *) = {open_or_create, open_to_go_on,
                                                                open_for_reading};
    struct text before = read_file();
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct error error = {0};
        assert_null(ways[i](&error));
        assert_int_equal(error.code, ERROR_WORKSPACE);
        assert_non_null(strstr(error.message, path));
        if (strstr(error.message, words) == NULL) {
            fail_msg("\"%s\" does not say \"%s\"", error.message, words);
        }
        struct text after = read_file();
        assert_true(span_equal(text_span(&after), text_span(&before)));
        text_free(&after);
    }
    text_free(&before);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* it was the only file */
    assert_int_equal(mkdir(folder, 0700), 0);
}

static void write_bytes(const char *bytes) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(bytes, file);
    assert_int_equal(fclose(file), 0);
}

static void a_file_that_is_no_database_is_refused_untouched(void **state) {
    (void)state;
    write_bytes("x");
    expect_refused("is not a rowpost workspace");
    write_bytes("user_name,email,fullname\nanna,anna@lab.example,Anna Brown\n"
                "bert,bert@lab.example,Bert Black\ncleo,cleo@lab.example,Cleo Cyan\n");
    expect_refused("is not a rowpost workspace");
}

static void write_database(const char *sql) {
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void a_database_of_another_application_is_refused_untouched(void **state) {
    (void)state;
    write_database("CREATE TABLE users (user_name)");
    expect_refused("is not a rowpost workspace");
    write_database("PRAGMA application_id = 252006673; CREATE TABLE document (id)");
    expect_refused("is not a rowpost workspace");
}

static void a_workspace_of_a_newer_version_is_refused_untouched(void **state) {
    (void)state;
    workspace_close(open_it());
    write_database("PRAGMA user_version = 1000");
    expect_refused("version 1000");
}

static void to_go_on_there_has_to_be_a_workspace(void **state) {
    (void)state;
    struct error error = {0};
    assert_null(workspace_open(path, "apply", &error));
    assert_int_equal(error.code, ERROR_WORKSPACE);
    assert_non_null(strstr(error.message, "there is no such workspace; the verb plan makes one"));
    assert_null(workspace_open_for_reading(path, &error));
    assert_int_equal(error.code, ERROR_WORKSPACE);
    assert_non_null(strstr(error.message, "there is no such workspace; the verb plan makes one"));
    assert_int_equal(access(path, F_OK), -1);
}

static void to_go_on_an_empty_file_is_not_enough(void **state) {
    (void)state;
    struct error error = {0};
    write_bytes("");
    assert_null(workspace_open(path, "apply", &error));
    assert_non_null(strstr(error.message, "is empty"));
    assert_null(workspace_open_for_reading(path, &error));
    assert_non_null(strstr(error.message, "is empty"));
}

/* The tables are all there, but by the journal of their transaction the file was empty before it
 * and it has not ended (SQLite's file format, section 3). */
static void leave_as_killed_while_the_tables_were_made(void) {
    static const unsigned char header[512] = {
        0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7, /* magic */
        0,    0,    0,    0,    0,    0,    0,    0,    /* no page to bring back, nonce */
        0,    0,    0,    0,                            /* pages before the transaction */
        0,    0,    2,    0,    0,    0,    0x40, 0,    /* sector of 512, page of 16384 bytes */
    };
    workspace_close(open_it());
    char journal[sizeof path + 16];
    snprintf(journal, sizeof journal, "%s-journal", path);
    FILE *file = fopen(journal, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(header, 1, sizeof header, file), sizeof header);
    assert_int_equal(fclose(file), 0);
}

static void a_plan_killed_while_it_made_the_tables_can_be_made_again(void **state) {
    (void)state;
    leave_as_killed_while_the_tables_were_made();
    struct workspace *workspace = open_it();
    assert_rows(workspace, "SELECT count(*) FROM document", "0");
    workspace_close(workspace);
}

static void what_was_killed_while_it_made_the_tables_is_empty_to_others(void **state) {
    (void)state;
    struct error error = {0};
    leave_as_killed_while_the_tables_were_made();
    assert_null(workspace_open_for_reading(path, &error));
    assert_non_null(strstr(error.message, "is empty"));
    assert_null(workspace_open(path, "apply", &error));
    assert_non_null(strstr(error.message, "is empty"));
}

/* Tries to open the workspace in a process of its own; returns whether that was refused with the
 * words, and nothing else. */
static bool is_refused_elsewhere(const char *words) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error = {0};
        struct workspace *workspace = workspace_open(path, "apply", &error);
        bool is_refused = workspace == NULL && error.code == ERROR_WORKSPACE &&
                          strstr(error.message, words) != NULL;
        _exit(is_refused ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void a_second_program_is_refused_with_the_first_ones_pid(void **state) {
    (void)state;
    char words[64];
    struct error error = {0};
    struct workspace *workspace = open_it();
    snprintf(words, sizeof words, "in use by process %ld (rowpost plan on ", (long)getpid());
    assert_true(is_refused_elsewhere(words));
    assert_int_equal(workspace_use_wal(workspace, &error), 0);
    change(workspace, "INSERT INTO setting VALUES ('a', '1')");
    assert_true(is_refused_elsewhere(words));
    workspace_close(workspace);
}

static void a_workspace_is_free_when_its_program_has_ended(void **state) {
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error error = {0};
        _exit(workspace_open_or_create(path, "plan", &error) == NULL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    workspace_close(open_it());
}

static void others_may_read_all_the_while(void **state) {
    (void)state;
    struct error error = {0};
    struct workspace *workspace = open_it();
    assert_int_equal(workspace_use_wal(workspace, &error), 0);
    change(workspace, "INSERT INTO setting VALUES ('a', '1')");
    struct workspace *reader = workspace_open_for_reading(path, &error);
    assert_non_null(reader);
    assert_rows(reader, "SELECT value FROM setting WHERE name = 'a'", "1");
    change(workspace, "UPDATE setting SET value = '2'");
    assert_rows(reader, "SELECT value FROM setting WHERE name = 'a'", "2");
    workspace_close(reader);
    assert_true(is_refused_elsewhere("in use by process"));
    workspace_close(workspace);
}

static void a_reader_changes_nothing(void **state) {
    (void)state;
    struct error error = {0};
    workspace_close(open_it());
    struct workspace *reader = workspace_open_for_reading(path, &error);
    assert_non_null(reader);
    assert_int_equal(workspace_put_setting(reader, "a", span_of("b"), &error), -1);
    workspace_close(reader);
}

#define folder_test(test) cmocka_unit_test_teardown(test, empty_folder)

int main(void) {
    const struct CMUnitTest tests[] = {
        folder_test(a_new_workspace_is_only_for_its_owner),
        folder_test(the_files_next_to_a_workspace_are_only_for_its_owner),
        folder_test(a_workspace_says_what_it_is_and_of_which_version),
        folder_test(a_workspace_is_opened_again_with_what_it_holds),
        folder_test(a_transaction_is_kept_or_rolled_back_as_a_whole),
        folder_test(an_empty_file_becomes_a_workspace),
        folder_test(a_file_that_is_no_database_is_refused_untouched),
        folder_test(a_database_of_another_application_is_refused_untouched),
        folder_test(a_workspace_of_a_newer_version_is_refused_untouched),
        folder_test(to_go_on_there_has_to_be_a_workspace),
        folder_test(to_go_on_an_empty_file_is_not_enough),
        folder_test(a_plan_killed_while_it_made_the_tables_can_be_made_again),
        folder_test(what_was_killed_while_it_made_the_tables_is_empty_to_others),
        folder_test(a_second_program_is_refused_with_the_first_ones_pid),
        folder_test(a_workspace_is_free_when_its_program_has_ended),
        folder_test(others_may_read_all_the_while),
        folder_test(a_reader_changes_nothing),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
