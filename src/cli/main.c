#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/json_memory.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "base/version.h"
#include "cli/ending.h"
#include "cli/guide.h"
#include "cli/migrations.h"
#include "cli/option_table.h"
#include "cli/verbs.h"

static const enum exit_status statuses[] = {
    [ERROR_NONE] = EXIT_ALL_WELL,
    [ERROR_USAGE] = EXIT_USAGE,
    [ERROR_INPUT] = EXIT_USAGE,
    [ERROR_SOURCE] = EXIT_UNREACHABLE,
    [ERROR_TARGET] = EXIT_UNREACHABLE,
    [ERROR_SESSION] = EXIT_SESSION,
    [ERROR_WORKSPACE] = EXIT_USAGE,
    [ERROR_DISK] = EXIT_INTERNAL,
    [ERROR_MEMORY] = EXIT_INTERNAL,
    [ERROR_BALANCE] = EXIT_INTERNAL,
    [ERROR_INTERRUPTED] = EXIT_SOMETHING_WRONG,
    [ERROR_INTERNAL] = EXIT_INTERNAL,
};

enum exit_status exit_status_of(enum error_code code) {
    return statuses[code];
}

/* True for a pipe without a reader. The write that failed may have been an earlier one, so errno
 * does not show it. */
static bool is_reader_gone(void) {
    struct pollfd output = {.fd = STDOUT_FILENO};
    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

/* Results that could not be made or written are an error, not a success; but the reader of a pipe
 * may have seen enough (`rowpost rejects | head`). */
static int flush_results(int status, struct error *error) {
    if (memory_check(error) != 0) {
        return -1;
    }
    return (fflush(stdout) == 0 && ferror(stdout) == 0) || is_reader_gone()
               ? status
               : error_set(error, ERROR_DISK, "standard output cannot be written");
}

static int print_help(const char *verb, const struct migration *migration, struct error *error) {
    struct text help = {0};
    options_append_help(verb, migration, &help);
    fputs(text_string(&help), stdout);
    text_free(&help);
    return flush_results(EXIT_ALL_WELL, error);
}

static bool is_word(const char *argument, const char *word, const char *letter) {
    return argument != NULL && (strcmp(argument, word) == 0 || strcmp(argument, letter) == 0);
}

/* The exit status of the verb, once its results are out; or -1 with the error. */
static int work(struct options *options, struct error *error) {
    if (options->metrics_file != NULL) {
        options->metrics = metrics_open(options->metrics_file, options->verb, error);
        if (options->metrics == NULL) {
            return -1;
        }
    }
    const struct verb *verb = option_find_verb(options->verb);
    if (verb->stop == STOP_IN_ORDER) {
        interrupt_watch();
    }
    int status = verb->run(options, error);
    return status < 0 ? status : flush_results(status, error);
}

/* The last figures include the exit status, so they are written after everything else. */
static void close_metrics(const struct options *options, int status) {
    struct error error;
    if (metrics_close(options->metrics, status, &error) != 0) {
        log_warning("%s", error.message);
    }
}

static int run_verb(int argc, char **argv) {
    struct options options;
    struct error error = {0};
    int status = options_parse(argc, argv, &options, &error);
    log_set_verb(options.verb);
    log_set_format(options.log_format);
    if (status == 0 && options.help) {
        status = print_help(options.verb, options.migration, &error);
    } else if (status == 0) {
        log_set_level(options.log);
        /* A connection or a pipe that the other side closes is an error of the write. */
        signal(SIGPIPE, SIG_IGN);
        status = work(&options, &error);
        close_metrics(&options, status < 0 ? (int)exit_status_of(error.code) : status);
        if (status >= 0) {
            log_end(status, clock_now() - options.started);
        }
    }
    if (status < 0) {
        fflush(stdout);
        status = (int)exit_status_of(error.code);
        ending_log_error(&options, &error, status);
    }
    options_free(&options);
    migrations_free();
    return status;
}

/* The exit status of what has no verb; an error is printed. */
static int conclude(int status, const struct error *error) {
    if (status < 0) {
        status = (int)exit_status_of(error->code);
        log_error(error, status, NULL);
    }
    return status;
}

/* `rowpost help plan` is `rowpost plan --help`. */
static int run_help(int argc, char **argv) {
    static char help[] = "--help";
    char **moved = calloc((size_t)argc + 1, sizeof *moved);
    struct error error;
    if (moved == NULL) {
        return conclude(error_set_no_memory(&error), &error);
    }
    moved[0] = argv[0];
    moved[1] = argv[2];
    moved[2] = help;
    for (int i = 3; i < argc; i++) {
        moved[i] = argv[i];
    }
    int status = run_verb(argc, moved);
    free(moved);
    return status;
}

static int print_guide(const char *program) {
    struct text guide = {0};
    struct error error;
    log_set_level(LOG_QUIET);
    int status = guide_append(program, &guide, &error);
    if (status == 0) {
        fputs(text_string(&guide), stdout);
        status = flush_results(EXIT_ALL_WELL, &error);
    }
    text_free(&guide);
    migrations_free();
    return conclude(status, &error);
}

/* The largest blocks of memory are allocated and freed for every document; returning them to the
 * system each time costs more than the rest of the work on them. */
static void keep_freed_memory(void) {
    mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
}

/* SQLite counts the memory that it holds, under a lock that all threads take for each allocation;
 * the count is not used. */
static void count_no_memory(void) {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* The session's secrets are in memory: no core file, whatever happens, and no other process of the
 * user may read it. */
static void keep_memory_private(void) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0);
}

/* A file that is opened while standard input, output or error is closed gets its descriptor, and
 * output for a terminal would be written into the file. Using a closed one still fails. */
static int secure_standard_streams(void) {
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) {
            continue;
        }
        int flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        int opened = open("/dev/null", flags);
        if (opened != descriptor) {
            return -1;
        }
    }
    return 0;
}

static FILE *plain_output;

static void release_terminal(void) {
    FILE *safe = stdout;
    stdout = plain_output;
    fclose(safe);
}

/* Text that is printed for a person may come from a database. */
static void protect_terminal(void) {
    FILE *safe = isatty(STDOUT_FILENO) ? terminal_open(stdout) : NULL;
    if (safe != NULL) {
        plain_output = stdout;
        stdout = safe;
        atexit(release_terminal);
    }
}

int main(int argc, char **argv) {
    if (secure_standard_streams() != 0) {
        return EXIT_INTERNAL; /* there is nowhere to report it */
    }
    protect_terminal();
    keep_memory_private();
    keep_freed_memory();
    count_no_memory();
    json_memory_watch();
    memory_serve_openssl();
    struct error error;
    const char *first = argc > 1 ? argv[1] : NULL;
    if (is_word(first, "--version", "-V")) {
        puts(version_text);
        return conclude(flush_results(EXIT_ALL_WELL, &error), &error);
    }
    bool is_help = is_word(first, "help", "help");
    if (is_word(first, "--help", "-h") || (is_help && argc == 2)) {
        return conclude(print_help(NULL, migrations_default, &error), &error);
    }
    if (argc <= 1) {
        return print_guide(argc == 0 ? "rowpost" : argv[0]);
    }
    return is_help ? run_help(argc, argv) : run_verb(argc, argv);
}
