#define _GNU_SOURCE /* mkdtemp */
#include "base/output_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder of the test's own, and paths in it. */
static char folder[] = "/tmp/rowpost-output-XXXXXX";
static char path[64];

static int make_folder(void **state) {
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

static const char *in_folder(const char *name) {
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void put(const char *name, const char *bytes, size_t size) {
    FILE *file = fopen(in_folder(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *name, const char *expected) {
    char content[64] = "";
    FILE *file = fopen(in_folder(name), "rb");
    assert_non_null(file);
    assert_int_equal(fread(content, 1, sizeof content - 1, file), strlen(expected));
    assert_string_equal(content, expected);
    fclose(file);
}

static void a_file_has_its_name_only_when_it_is_whole(void **state) {
    (void)state;
    struct error error;
    put("report", "old", 3);
    struct output_file *file = output_file_open("-o", in_folder("report"), &error);
    assert_non_null(file);
    fputs("new", output_file_stream(file));
    assert_holds("report", "old");
    assert_int_equal(output_file_publish(file, &error), 0);
    assert_holds("report", "new");
    unlink(in_folder("report"));
}

static void a_file_that_is_discarded_leaves_nothing(void **state) {
    (void)state;
    struct error error;
    struct output_file *file = output_file_open("-o", in_folder("report"), &error);
    assert_non_null(file);
    output_file_discard(file);
    assert_int_equal(access(in_folder("report"), F_OK), -1);
    assert_int_equal(access(in_folder("report.partial"), F_OK), -1);
}

static void a_new_file_is_its_owners_only(void **state) {
    (void)state;
    struct error error;
    struct stat status;
    struct output_file *file = output_file_open("-o", in_folder("report"), &error);
    assert_non_null(file);
    assert_int_equal(output_file_publish(file, &error), 0);
    assert_int_equal(stat(in_folder("report"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    unlink(in_folder("report"));
}

static void a_database_and_what_belongs_to_it_is_refused(void **state) {
    (void)state;
    static const char *const names[] = {"site.rowpost", "site.rowpost-wal", "site.rowpost-shm",
                                        "site.rowpost-journal"};
    struct error error;
    put("site.rowpost", "SQLite format 3\0rest", 20);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_null(output_file_open("-o", in_folder(names[i]), &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.message, names[i]));
    }
    struct stat status;
    assert_int_equal(stat(in_folder("site.rowpost"), &status), 0);
    assert_int_equal(status.st_size, 20);
    unlink(in_folder("site.rowpost"));
}

static void a_name_like_a_companions_without_its_database_is_taken(void **state) {
    (void)state;
    struct error error;
    struct output_file *file = output_file_open("-o", in_folder("notes-wal"), &error);
    assert_non_null(file);
    output_file_discard(file);
}

static void a_disk_that_is_full_is_an_error(void **state) {
    (void)state;
    struct error error;
    struct output_file *file = output_file_open("-o", "/dev/full", &error);
    assert_non_null(file);
    fputs("new", output_file_stream(file));
    assert_int_equal(output_file_publish(file, &error), -1);
    assert_int_equal(error.code, ERROR_DISK);
}

static void a_folder_that_is_missing_is_named(void **state) {
    (void)state;
    struct error error;
    assert_null(output_file_open("-o", in_folder("missing/report"), &error));
    assert_int_equal(error.code, ERROR_DISK);
    assert_non_null(strstr(error.message, "missing/report"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_has_its_name_only_when_it_is_whole),
        cmocka_unit_test(a_file_that_is_discarded_leaves_nothing),
        cmocka_unit_test(a_new_file_is_its_owners_only),
        cmocka_unit_test(a_database_and_what_belongs_to_it_is_refused),
        cmocka_unit_test(a_name_like_a_companions_without_its_database_is_taken),
        cmocka_unit_test(a_disk_that_is_full_is_an_error),
        cmocka_unit_test(a_folder_that_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
