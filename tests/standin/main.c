/*
 * rowpost-standin: a server that answers as ValDB2 does, for tests and benchmarks.
 */
#define _POSIX_C_SOURCE 200809L
#include "faults.h"
#include "journal.h"
#include "late.h"
#include "record.h"
#include "server.h"
#include "signin.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EXIT_USAGE = 2,
    PORT_MAX = 65535,
    WORKERS_MAX = 1024,
    MILLISECONDS_MAX = 3600000,
    SKEW_MAX = 86400
};

struct options {
    struct standin standin;
    long port;
    const char *data;
    const char *port_file;
    long clock_skew;
    int quiet;
};

static volatile sig_atomic_t stop;

static const char usage[] =
    "usage: rowpost-standin [options]\n"
    "  --port N             listen on 127.0.0.1:N; 0, the default: a free port\n"
    "  --port-file FILE     write the port to FILE once it is open\n"
    "  --data FILE          keep the records in FILE; default: in memory\n"
    "  --workers N          work on N requests at once, where work takes time; default 1\n"
    "  --latency MS         how long a request keeps its worker busy\n"
    "  --race-window MS     how long a campaign stands between its check and its insert\n"
    "  --clock-skew S       the clock of the records is S seconds ahead; less than 0: behind\n"
    "  --date-skew S        the clock of the Date headers, as of a proxy, is S seconds ahead\n"
    "  --require-auth WORD  yes (default) or no\n"
    "  --groups WORD        legacy (default; with Susy) or current (with NPS)\n"
    "  --quiet              do not say where the server listens\n";

static void on_signal(int number) {
    (void)number;
    stop = 1;
}

/* A whole number from `least` to `most`. 0, or -1 if it is none. */
static int read_whole(const char *text, long least, long most, long *number) {
    char *end;
    errno = 0;
    *number = strtol(text, &end, 10);
    return *text != '\0' && *end == '\0' && errno == 0 && *number >= least && *number <= most ? 0
                                                                                              : -1;
}

/* One that is not negative; -1 if it is none. */
static long read_number(const char *text, long least, long most) {
    long number;
    return read_whole(text, least, most, &number) == 0 ? number : -1;
}

/* Which of the two words it is, 0 or 1; -1 if neither. */
static int read_word(const char *text, const char *first, const char *second) {
    if (strcmp(text, first) == 0) {
        return 0;
    }
    return strcmp(text, second) == 0 ? 1 : -1;
}

/* 0, or -1 where the value of the option is wrong. */
static int set_option(struct options *options, int option, const char *value) {
    long number = 0;
    switch (option) {
    case 'p':
        number = options->port = read_number(value, 0, PORT_MAX);
        break;
    case 'd':
        options->data = value;
        break;
    case 'f':
        options->port_file = value;
        break;
    case 'w':
        number = options->standin.workers = (int)read_number(value, 1, WORKERS_MAX);
        break;
    case 'r':
        number = options->standin.race_window_ms = read_number(value, 0, MILLISECONDS_MAX);
        break;
    case 'l':
        number = options->standin.latency_ms = read_number(value, 0, MILLISECONDS_MAX);
        break;
    case 'c':
        return read_whole(value, -SKEW_MAX, SKEW_MAX, &options->clock_skew);
    case 'D':
        return read_whole(value, -SKEW_MAX, SKEW_MAX, &options->standin.date_skew);
    case 'a':
        number = read_word(value, "yes", "no");
        options->standin.authentication =
            number == 1 ? AUTHENTICATION_OFF : AUTHENTICATION_REQUIRED;
        break;
    case 'g':
        number = read_word(value, "legacy", "current");
        options->standin.groups = number == 1 ? GROUPS_CURRENT : GROUPS_LEGACY;
        break;
    case 'q':
        options->quiet = 1;
        break;
    default:
        return -1;
    }
    return number < 0 ? -1 : 0;
}

static int read_options(struct options *options, int argc, char **argv) {
    static const struct option known[] = {{"port", required_argument, NULL, 'p'},
                                          {"data", required_argument, NULL, 'd'},
                                          {"port-file", required_argument, NULL, 'f'},
                                          {"workers", required_argument, NULL, 'w'},
                                          {"race-window", required_argument, NULL, 'r'},
                                          {"latency", required_argument, NULL, 'l'},
                                          {"clock-skew", required_argument, NULL, 'c'},
                                          {"date-skew", required_argument, NULL, 'D'},
                                          {"require-auth", required_argument, NULL, 'a'},
                                          {"groups", required_argument, NULL, 'g'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        if (set_option(options, option, optarg) != 0) {
            return -1;
        }
    }
    return optind == argc ? 0 : -1;
}

/* Writes the port under another name first: who sees the file sees all of it. */
static int write_port(const char *file, unsigned short port) {
    struct text draft = {0};
    text_print(&draft, "%s.new", file);
    FILE *out = fopen(draft.data, "w");
    int rc = -1;
    if (out != NULL) {
        int written = fprintf(out, "%u\n", (unsigned)port);
        if (fclose(out) == 0 && written > 0) {
            rc = rename(draft.data, file);
        }
    }
    text_free(&draft);
    return rc;
}

static int announce(const struct options *options, unsigned short port) {
    if (!options->quiet) {
        printf("listening on http://127.0.0.1:%u\n", (unsigned)port);
        fflush(stdout);
    }
    if (options->port_file != NULL && write_port(options->port_file, port) != 0) {
        fprintf(stderr, "rowpost-standin: cannot write %s: %s\n", options->port_file,
                strerror(errno));
        return -1;
    }
    return 0;
}

static int open_parts(struct standin *standin, const char *data) {
    char why[256];
    standin->storage = storage_open(data, why, sizeof why);
    if (standin->storage == NULL) {
        fprintf(stderr, "rowpost-standin: cannot open %s: %s\n", data, why);
        return -1;
    }
    standin->faults = faults_new();
    standin->journal = journal_new();
    standin->late = late_new();
    standin->signin = signin_new();
    json_t *groups = groups_all(standin->groups);
    text_add_json(&standin->all_groups, groups);
    json_decref(groups);
    bool complete = standin->faults != NULL && standin->journal != NULL && standin->late != NULL &&
                    standin->signin != NULL;
    return complete ? 0 : -1;
}

static void close_parts(struct standin *standin) {
    text_free(&standin->all_groups);
    signin_free(standin->signin);
    late_free(standin->late);
    journal_free(standin->journal);
    faults_free(standin->faults);
    storage_close(standin->storage);
}

static int serve(struct options *options) {
    struct server *server = server_start(&options->standin, (unsigned short)options->port);
    if (server == NULL) {
        fprintf(stderr, "rowpost-standin: cannot listen on port %ld\n", options->port);
        return -1;
    }
    int rc = announce(options, server_port(server));
    if (rc == 0) {
        rc = server_run(server, &stop);
    }
    server_stop(server);
    return rc;
}

int main(int argc, char **argv) {
    struct options options = {.standin.workers = 1, .data = ":memory:"};
    if (read_options(&options, argc, argv) != 0) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    record_set_skew(options.clock_skew);
    int rc = -1;
    if (open_parts(&options.standin, options.data) == 0) {
        rc = serve(&options);
    }
    close_parts(&options.standin);
    return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
