/* Reads a source as the program does, for tests that look at the values themselves:
 *
 *   rowpost-reader URL SQL            each row as a line of JSON
 *   rowpost-reader --count URL SQL    {"rows": N, "peak_kilobytes": N}
 *   rowpost-reader --still URL SQL    the rows twice, in one transaction; a line of standard input
 *                                     is waited for in between
 *
 * The password is ROWPOST_SOURCE_PASSWORD, the schema ROWPOST_READER_SCHEMA if it is there. An
 * error goes to standard error, and the exit status is 3. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "source/source.h"

static int give_password(void *context, const char *user, const char *place, struct text *password,
                         struct error *error) {
    (void)context;
    (void)user;
    (void)place;
    (void)error;
    const char *value = getenv("ROWPOST_SOURCE_PASSWORD");
    if (value != NULL) {
        text_append_string(password, value);
    }
    return 0;
}

/* Goes through the rows; with `out` prints them. The number of rows, or -1. */
static long read_rows(struct source *source, const char *sql, FILE *out, struct error *error) {
    struct text json = {0};
    long count = 0;
    int rc = -1;
    struct rows *rows = source_query(source, sql, error);
    while (rows != NULL && (rc = rows_step(rows, error)) == 1) {
        count++;
        if (out != NULL) {
            text_clear(&json);
            rows_append_json(rows, &json);
            fprintf(out, "%s\n", text_string(&json));
        }
    }
    rows_close(rows);
    text_free(&json);
    return rc == 0 ? count : -1;
}

static int count_rows(struct source *source, const char *sql, struct error *error) {
    struct rusage usage;
    long count = read_rows(source, sql, NULL, error);
    if (count < 0 || getrusage(RUSAGE_SELF, &usage) != 0) {
        return -1;
    }
    printf("{\"rows\": %ld, \"peak_kilobytes\": %ld}\n", count, usage.ru_maxrss);
    return 0;
}

static int read_twice(struct source *source, const char *sql, struct error *error) {
    bool is_still = false;
    if (source_hold_still(source, &is_still, error) != 0) {
        return -1;
    }
    puts(is_still ? "still" : "not still");
    if (read_rows(source, sql, stdout, error) < 0) {
        return -1;
    }
    puts("go on");
    fflush(stdout);
    (void)getchar();
    return read_rows(source, sql, stdout, error) < 0 ? -1 : 0;
}

static int print_rows(struct source *source, const char *sql, struct error *error) {
    return read_rows(source, sql, stdout, error) < 0 ? -1 : 0;
}

int main(int argc, char **argv) {
    int (*work)(struct source *, const char *, struct error *) = print_rows;
    if (argc > 1 && strcmp(argv[1], "--count") == 0) {
        work = count_rows;
    } else if (argc > 1 && strcmp(argv[1], "--still") == 0) {
        work = read_twice;
    }
    int first = work == print_rows ? 1 : 2;
    if (argc != first + 2) {
        fputs("usage: rowpost-reader [--count | --still] URL SQL\n", stderr);
        return 2;
    }
    const struct source_access access = {.schema = getenv("ROWPOST_READER_SCHEMA"),
                                         .ask_password = give_password};
    struct error error = {0};
    struct source *source = source_open(argv[first], &access, &error);
    int rc = source == NULL ? -1 : work(source, argv[first + 1], &error);
    source_close(source);
    if (rc != 0) {
        fprintf(stderr, "%s\n", error.message);
        return 3;
    }
    return 0;
}
