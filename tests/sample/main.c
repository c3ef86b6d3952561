#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "campaigns.h"
#include "directory.h"
#include "dirty.h"
#include "legacy.h"
#include "options.h"
#include "people.h"

enum { PATH_SIZE = 4096, EXIT_USAGE = 2, EXIT_DISK = 5 };

/* The three files. */
struct places {
    char legacy[PATH_SIZE];
    char admins[PATH_SIZE];
    char people[PATH_SIZE];
};

static int make_folder(const char *path, struct error *error) {
    struct stat found;
    if (mkdir(path, S_IRWXU) == 0) {
        return 0;
    }
    int reason = errno;
    if (reason == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode)) {
        return 0;
    }
    return error_set(error, ERROR_DISK, "%s is no folder: %s", path, strerror(reason));
}

static int name_file(const char *folder, const char *name, char path[PATH_SIZE],
                     struct error *error) {
    int length = snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    if (length < 0 || length >= PATH_SIZE) {
        return error_set(error, ERROR_USAGE, "--out is too long");
    }
    return 0;
}

static int name_files(const char *folder, struct places *places, struct error *error) {
    if (name_file(folder, "legacy.db", places->legacy, error) != 0 ||
        name_file(folder, "admins.csv", places->admins, error) != 0) {
        return -1;
    }
    return name_file(folder, "people.csv", places->people, error);
}

static int fill(const struct request *request, struct legacy *legacy, struct directory *admins,
                struct directory *people, struct error *error) {
    const struct campaigns_order *order = &request->order;
    if (people_write(&order->crowd, legacy, admins, people, error) != 0 ||
        campaigns_write(order, legacy, error) != 0) {
        return -1;
    }
    if (request->dirty && dirty_write(legacy, admins, people, error) != 0) {
        return -1;
    }
    if (legacy_finish(legacy, error) != 0 || directory_finish(admins, error) != 0) {
        return -1;
    }
    return directory_finish(people, error);
}

/* All three files, or none of them. */
static int write_sample(const struct request *request, struct error *error) {
    struct places places;
    struct legacy *legacy = NULL;
    struct directory *admins = NULL;
    struct directory *people = NULL;
    int rc = -1;
    if (make_folder(request->out, error) != 0 || name_files(request->out, &places, error) != 0) {
        return -1;
    }
    legacy = legacy_create(places.legacy, request->dates, request->history, error);
    if (legacy == NULL) {
        goto out;
    }
    admins = directory_create(places.admins, error);
    if (admins == NULL) {
        goto out;
    }
    people = directory_create(places.people, error);
    if (people == NULL) {
        goto out;
    }
    rc = fill(request, legacy, admins, people, error);
out:
    directory_close(people);
    directory_close(admins);
    legacy_close(legacy);
    if (rc != 0) {
        unlink(places.people);
        unlink(places.admins);
        unlink(places.legacy);
    }
    return rc;
}

static void print_written(const struct request *request) {
    printf("%s: %zu campaigns with %zu rows, %zu validators\n", request->out,
           request->order.campaigns, request->order.rows, request->order.crowd.validators);
    if (!request->dirty) {
        return;
    }
    struct dirty_case cases[DIRTY_MOST_CASES];
    size_t count = dirty_count_cases(cases);
    printf("and, on top, rows and lines for\n");
    for (size_t i = 0; i < count; i++) {
        printf("  %-24s %3zu\n", cases[i].exercises, cases[i].rows);
    }
}

int main(int argc, char **argv) {
    struct request request;
    struct error error = {.code = ERROR_NONE};
    int rc = options_read(argc, argv, &request, &error);
    if (rc == 0 && request.help) {
        fputs(options_usage, stdout);
        return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_DISK;
    }
    if (rc == 0) {
        rc = write_sample(&request, &error);
    }
    if (rc != 0) {
        fprintf(stderr, "rowpost-sample: %s\n", error.message);
        return error.code == ERROR_USAGE ? EXIT_USAGE : EXIT_DISK;
    }
    print_written(&request);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_DISK;
}
