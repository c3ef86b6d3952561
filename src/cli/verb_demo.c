#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/shell_word.h"
#include "cli/next_command.h"
#include "cli/steps.h"

/* The demo needs two programs of the build: one that makes the sample, and a stand-in for the
 * target. They are next to this program, where the build puts them, or where they are installed. */
static const char *const program_places[] = {"", "tests/sample/", "tests/standin/",
                                             "../libexec/rowpost/"};

enum { START_TRIES = 100, START_PAUSE_NS = 50 * 1000 * 1000 };

static const char cookie_jar[] = "# Netscape HTTP Cookie File\n"
                                 "127.0.0.1\tFALSE\t/\tFALSE\t0\tsession\tgood-demo\n";

/* The sample's dates end in early 2023. */
static const int64_t sample_day = 19431;
static const char sample_day_text[] = "2023-03-15";

struct demo {
    struct text folder;
    struct text sample;
    struct text standin;
    struct text database;
    struct text admins;
    struct text people;
    struct text cookies;
    struct text port_file;
    struct text workspace;
    struct text url;
    pid_t server;
};

static int find_program(const char *name, struct text *path, struct error *error) {
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        return error_set(error, ERROR_INTERNAL, "/proc/self/exe cannot be read: %s",
                         strerror(errno));
    }
    self[length] = '\0';
    *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof program_places / sizeof *program_places; i++) {
        text_clear(path);
        text_append_format(path, "%s/%s%s", self, program_places[i], name);
        if (access(text_string(path), X_OK) == 0) {
            return 0;
        }
    }
    return error_set(error, ERROR_USAGE,
                     "the demo needs the program %s of a build next to this one: run `./run demo` "
                     "in the source folder",
                     name);
}

static int prepare_paths(struct demo *demo, const char *folder, struct error *error) {
    const struct {
        struct text *text;
        const char *name;
    } files[] = {{&demo->database, "legacy.db"}, {&demo->admins, "admins.csv"},
                 {&demo->people, "people.csv"},  {&demo->cookies, "cookies.txt"},
                 {&demo->port_file, "port"},     {&demo->workspace, "demo.rowpost"}};
    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return error_set(error, ERROR_DISK, "%s: cannot be made: %s", folder, strerror(errno));
    }
    text_append_string(&demo->folder, folder);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        text_append_format(files[i].text, "%s/%s", folder, files[i].name);
    }
    unlink(text_string(&demo->port_file));
    unlink(text_string(&demo->workspace));
    return 0;
}

static pid_t start(const char *const arguments[], struct error *error) {
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        if (null >= 0) {
            dup2(null, STDOUT_FILENO);
        }
        execv(arguments[0], (char *const *)arguments);
        _exit(127);
    }
    if (child < 0) {
        error_set(error, ERROR_INTERNAL, "%s cannot be started: %s", arguments[0], strerror(errno));
    }
    return child;
}

static int make_sample(struct demo *demo, struct error *error) {
    const char *const arguments[] = {text_string(&demo->sample), "--out",
                                     text_string(&demo->folder), NULL};
    int status = 0;
    pid_t child = start(arguments, error);
    if (child < 0) {
        return -1;
    }
    if (waitpid(child, &status, 0) != child || status != 0) {
        return error_set(error, ERROR_DISK, "%s could not make the sample database in %s",
                         arguments[0], text_string(&demo->folder));
    }
    return 0;
}

static int write_cookies(const struct demo *demo, struct error *error) {
    const char *path = text_string(&demo->cookies);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t size = sizeof cookie_jar - 1;
    bool is_written = descriptor >= 0 && write(descriptor, cookie_jar, size) == (ssize_t)size;
    if (descriptor >= 0 && close(descriptor) != 0) {
        is_written = false;
    }
    return is_written
               ? 0
               : error_set(error, ERROR_DISK, "%s: cannot be written: %s", path, strerror(errno));
}

/* The stand-in writes its port into a file once it listens. */
static int read_port(struct demo *demo) {
    int port = 0;
    FILE *file = fopen(text_string(&demo->port_file), "r");
    if (file == NULL) {
        return 0;
    }
    char line[16] = "";
    if (fgets(line, sizeof line, file) != NULL) {
        port = (int)strtol(line, NULL, 10);
    }
    fclose(file);
    return port;
}

static int start_standin(struct demo *demo, struct error *error) {
    const char *const arguments[] = {text_string(&demo->standin), "--port-file",
                                     text_string(&demo->port_file), "--quiet", NULL};
    demo->server = start(arguments, error);
    if (demo->server < 0) {
        return -1;
    }
    for (int i = 0; i < START_TRIES; i++) {
        int port = read_port(demo);
        if (port > 0) {
            text_append_format(&demo->url, "http://127.0.0.1:%d", port);
            return 0;
        }
        nanosleep(&(struct timespec){.tv_nsec = START_PAUSE_NS}, NULL);
    }
    return error_set(error, ERROR_TARGET, "the stand-in target did not start");
}

static void stop_standin(const struct demo *demo) {
    if (demo->server > 0) {
        kill(demo->server, SIGTERM);
        waitpid(demo->server, NULL, 0);
    }
}

/* The command that does the same. */
static void log_command(const struct demo *demo, const struct options *options) {
    const struct {
        const char *name, *value;
    } given[] = {{"from", options->source},   {"admins", text_string(&demo->admins)},
                 {"people", options->people}, {"as-of", sample_day_text},
                 {"to", options->target},     {"cookies", options->cookies}};
    struct text command = {0};
    next_command_append(options, "run", &command);
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        text_append_format(&command, " --%s ", given[i].name);
        shell_word_append(&command, span_of(given[i].value));
    }
    text_append_string(&command, " --deep");
    log_info("%s", text_string(&command));
    text_free(&command);
}

static int run_demo(struct demo *demo, struct options *options, struct error *error) {
    const char *folder = options->directory == NULL ? "rowpost-demo" : options->directory;
    if (find_program("rowpost-sample", &demo->sample, error) != 0 ||
        find_program("rowpost-standin", &demo->standin, error) != 0 ||
        prepare_paths(demo, folder, error) != 0 || make_sample(demo, error) != 0 ||
        write_cookies(demo, error) != 0 || start_standin(demo, error) != 0) {
        return -1;
    }
    options->source = text_string(&demo->database);
    options->people = text_string(&demo->people);
    options->cookies = text_string(&demo->cookies);
    options->target = text_string(&demo->url);
    options->workspace = text_string(&demo->workspace);
    options->as_of = sample_day;
    if (options_add_value(options, "admins", text_string(&demo->admins), error) != 0) {
        return -1;
    }
    options->deep = true;
    log_command(demo, options);
    return verb_run(options, error);
}

static int print_advice(const struct options *options, struct error *error) {
    struct text advice = {0};
    text_append_format(&advice,
                       "\nThe sample has rows that the notebook stops at or loses. Some of them "
                       "cannot be migrated, on purpose: these are rejected.\nThe workspace is %s: "
                       "try `",
                       options->workspace);
    next_command_append(options, "rejects", &advice);
    text_append_string(&advice, "` or `");
    next_command_append(options, "show", &advice);
    text_append_string(&advice, " 14_2_0_tracker`.");
    int rc = text_check(&advice, error);
    if (rc == 0) {
        puts(text_string(&advice));
    }
    text_free(&advice);
    return rc == 0 ? EXIT_ALL_WELL : -1;
}

int verb_demo(struct options *options, struct error *error) {
    struct demo demo = {0};
    int status = run_demo(&demo, options, error);
    stop_standin(&demo);
    if (status >= 0) {
        status = print_advice(options, error);
    }
    struct text *texts[] = {&demo.folder,    &demo.sample, &demo.standin, &demo.database,
                            &demo.admins,    &demo.people, &demo.cookies, &demo.port_file,
                            &demo.workspace, &demo.url};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        text_free(texts[i]);
    }
    return status;
}
