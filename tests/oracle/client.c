/* A program that uses the reader of Oracle's protocol and nothing else, for the tests and the
 * benchmark: signs in, runs the statements, and prints what came of it as JSON. */
#define _GNU_SOURCE /* getopt_long */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/json_writer.h"
#include "base/span.h"
#include "base/text.h"
#include "oracle/oracle.h"

enum { USAGE = 2 };

enum choice {
    CA = 256,
    CONNECT_LIMIT,
    COUNT,
    FIELD_VERSION,
    FIXED_RANDOM,
    MOST_ROWS,
    PACKET,
    PASSWORD,
    SILENCE_LIMIT,
    TNS_ADMIN,
    TRACE
};

static const struct option long_options[] = {
    {"ca", required_argument, NULL, CA},
    {"connect-limit", required_argument, NULL, CONNECT_LIMIT},
    {"count", no_argument, NULL, COUNT},
    {"field-version", required_argument, NULL, FIELD_VERSION},
    {"fixed-random", no_argument, NULL, FIXED_RANDOM},
    {"most-rows", required_argument, NULL, MOST_ROWS},
    {"packet", required_argument, NULL, PACKET},
    {"password", required_argument, NULL, PASSWORD},
    {"silence-limit", required_argument, NULL, SILENCE_LIMIT},
    {"tns-admin", required_argument, NULL, TNS_ADMIN},
    {"trace", no_argument, NULL, TRACE},
    {0},
};

struct client {
    struct oracle_options options;
    bool only_counts; /* the rows are read and not printed */
    int most_rows;    /* of a query that are read; 0: all */
    struct oracle_connection *connection;
    struct text out;
    struct json_writer json;
};

/* Every byte is its place, so that two sessions are the same byte by byte. */
static int make_known(void *context, unsigned char *bytes, size_t length) {
    (void)context;
    for (size_t place = 0; place < length; place++) {
        bytes[place] = (unsigned char)place;
    }
    return 0;
}

static void print_trace(void *context, const char *line) {
    (void)context;
    (void)fprintf(stderr, "%s\n", line);
}

static int read_options(struct client *client, int count, char **words) {
    struct oracle_options *options = &client->options;
    int found = 0;
    while ((found = getopt_long(count, words, "", long_options, NULL)) != -1) {
        int number = optarg ? (int)strtol(optarg, NULL, 10) : 0;
        switch (found) {
        case CA:
            options->ca_file = optarg;
            break;
        case CONNECT_LIMIT:
            options->connect_limit = number;
            break;
        case COUNT:
            client->only_counts = true;
            break;
        case FIELD_VERSION:
            options->field_version = number;
            break;
        case FIXED_RANDOM:
            options->make_random = make_known;
            break;
        case MOST_ROWS:
            client->most_rows = number;
            break;
        case PACKET:
            options->packet_size = number;
            break;
        case PASSWORD:
            options->password = optarg;
            break;
        case SILENCE_LIMIT:
            options->silence_limit = number;
            break;
        case TNS_ADMIN:
            options->tns_admin = optarg;
            break;
        case TRACE:
            options->trace = print_trace;
            break;
        default:
            return -1;
        }
    }
    if (count - optind < 2) {
        return -1;
    }
    options->address = words[optind++];
    options->user = words[optind++];
    return 0;
}

static void write_error(struct client *client, const struct oracle_error *error) {
    json_write_key(&client->json, "error");
    json_begin_object(&client->json);
    json_member_integer(&client->json, "failure", error->failure);
    json_member_integer(&client->json, "code", error->code);
    json_member_integer(&client->json, "position", error->position);
    json_member_string(&client->json, "message", span_of(error->message));
    json_end_object(&client->json);
}

static void write_columns(struct client *client, struct oracle_result *result) {
    json_write_key(&client->json, "columns");
    json_begin_array(&client->json);
    for (size_t column = 0; column < oracle_column_count(result); column++) {
        json_begin_array(&client->json);
        json_write_string(&client->json, span_of(oracle_column_name(result, column)));
        json_write_integer(&client->json, oracle_column_kind(result, column));
        json_end_array(&client->json);
    }
    json_end_array(&client->json);
}

static void write_value(struct client *client, struct oracle_result *result, size_t column) {
    struct oracle_value value = oracle_value(result, column);
    if (!value.data || oracle_column_kind(result, column) != ORACLE_BYTES) {
        json_write_string(&client->json, (struct span){value.data, value.length});
        return;
    }
    struct text hex = {0};
    for (size_t place = 0; place < value.length; place++) {
        text_append_format(&hex, "%02X", (unsigned char)value.data[place]);
    }
    json_write_string(&client->json, text_span(&hex));
    text_free(&hex);
}

static int write_rows(struct client *client, struct oracle_result *result,
                      struct oracle_error *error) {
    json_write_key(&client->json, "rows");
    json_begin_array(&client->json);
    int step = 0;
    int rows = 0;
    while ((client->most_rows == 0 || rows < client->most_rows) &&
           (step = oracle_next_row(result, error)) == 1) {
        rows++;
        json_begin_array(&client->json);
        for (size_t column = 0; column < oracle_column_count(result); column++) {
            write_value(client, result, column);
        }
        json_end_array(&client->json);
    }
    json_end_array(&client->json);
    return step;
}

/* Looks at every value, as whoever reads rows does. */
static int count_rows(struct client *client, struct oracle_result *result,
                      struct oracle_error *error) {
    int64_t rows = 0;
    int64_t bytes = 0;
    size_t columns = oracle_column_count(result);
    int step = 0;
    while ((step = oracle_next_row(result, error)) == 1) {
        rows++;
        for (size_t column = 0; column < columns; column++) {
            bytes += (int64_t)oracle_value(result, column).length;
        }
    }
    json_member_integer(&client->json, "row_count", rows);
    json_member_integer(&client->json, "bytes", bytes);
    return step;
}

static double read_clock(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void run_query(struct client *client, const char *sql) {
    struct oracle_error error = {0};
    double start = read_clock();
    json_begin_object(&client->json);
    struct oracle_result *result = oracle_query(client->connection, sql, &error);
    int step = -1;
    if (result) {
        write_columns(client, result);
        step = client->only_counts ? count_rows(client, result, &error)
                                   : write_rows(client, result, &error);
    }
    if (step < 0) {
        write_error(client, &error);
    }
    oracle_result_close(result);
    json_write_key(&client->json, "seconds");
    json_write_real(&client->json, read_clock() - start);
    json_end_object(&client->json);
}

static void write_usage(struct client *client) {
    struct rusage usage = {0};
    (void)getrusage(RUSAGE_SELF, &usage);
    json_write_key(&client->json, "cpu_seconds");
    json_write_real(&client->json,
                    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
    json_member_integer(&client->json, "peak_kilobytes", usage.ru_maxrss);
}

static void run_session(struct client *client, int count, char **statements) {
    struct oracle_error error = {0};
    client->connection = oracle_connect(&client->options, &error);
    if (!client->connection) {
        write_error(client, &error);
        return;
    }
    json_member_string(&client->json, "version", span_of(oracle_version(client->connection)));
    const char *warning = oracle_warning(client->connection);
    json_member_string(&client->json, "warning", warning ? span_of(warning) : (struct span){0});
    json_write_key(&client->json, "results");
    json_begin_array(&client->json);
    for (int number = 0; number < count; number++) {
        run_query(client, statements[number]);
    }
    json_end_array(&client->json);
    oracle_close(client->connection);
}

int main(int count, char **words) {
    struct client client = {0};
    if (read_options(&client, count, words)) {
        (void)fprintf(stderr, "usage: rowpost-oracle-client [OPTIONS] ADDRESS USER [SQL...]\n");
        return USAGE;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    client.json = json_writer_to(&client.out);
    json_begin_object(&client.json);
    run_session(&client, count - optind, words + optind);
    write_usage(&client);
    json_end_object(&client.json);
    (void)puts(text_string(&client.out));
    bool failed = client.out.failed;
    text_free(&client.out);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
