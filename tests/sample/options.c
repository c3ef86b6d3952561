#define _POSIX_C_SOURCE 200809L

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"

const char options_usage[] =
    "usage: rowpost-sample [options] --out DIR\n"
    "\n"
    "Writes DIR/legacy.db, DIR/admins.csv and DIR/people.csv; what is there is replaced.\n"
    "\n"
    "  --campaigns N         campaigns (34)\n"
    "  --rows N              rows of releases and status together, an even number (4800); the\n"
    "                        campaigns share them evenly\n"
    "  --users N             validators with one to three rights each (48)\n"
    "  --seed N              another number, another sample (1)\n"
    "  --dirty yes|no        on top, the rows that stop the notebook or lose data (yes)\n"
    "  --history yes|no      earlier versions, in releases_lv and status_lv (yes)\n"
    "  --dates seconds|iso   how releases.date is written (seconds)\n"
    "  --posts-only          no user who is not posted and no author who is no user: the\n"
    "                        requests are one for each validator and each campaign; no dirty rows\n"
    "  --out DIR             a folder; made if it is not there\n"
    "  --help                this text\n";

/* What is known before the last option is read. */
struct reading {
    struct request *request;
    bool dirty_given;
};

struct option_rule {
    const char *name;
    int has_argument;
    int (*read)(struct reading *reading, const char *value);
};

struct word {
    const char *text;
    int value;
};

/* 0 and the value of one of two words, or -1. */
static int read_word(const struct word words[2], const char *text, int *value) {
    for (int i = 0; i < 2; i++) {
        if (strcmp(words[i].text, text) == 0) {
            *value = words[i].value;
            return 0;
        }
    }
    return -1;
}

static int read_number(const char *text, unsigned long long most, unsigned long long *number) {
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    bool digits = text[0] >= '0' && text[0] <= '9' && *end == '\0';
    return digits && errno == 0 && *number <= most ? 0 : -1;
}

static int read_size(const char *text, size_t most, size_t *size) {
    unsigned long long number;
    if (read_number(text, most, &number) != 0) {
        return -1;
    }
    *size = (size_t)number;
    return 0;
}

static int read_campaigns(struct reading *reading, const char *value) {
    return read_size(value, CAMPAIGNS_MOST, &reading->request->order.campaigns);
}

/* A joined row is one of releases and one of status. */
static int read_rows(struct reading *reading, const char *value) {
    size_t rows;
    if (read_size(value, (size_t)2 * CAMPAIGNS_MOST * CATALOG_CELLS, &rows) != 0 || rows % 2 != 0) {
        return -1;
    }
    reading->request->order.rows = rows / 2;
    return 0;
}

static int read_users(struct reading *reading, const char *value) {
    return read_size(value, PEOPLE_MOST_VALIDATORS, &reading->request->order.crowd.validators);
}

static int read_seed(struct reading *reading, const char *value) {
    unsigned long long seed;
    if (read_number(value, ULLONG_MAX, &seed) != 0) {
        return -1;
    }
    reading->request->order.seed = seed;
    reading->request->order.crowd.seed = seed;
    return 0;
}

static int read_dirty(struct reading *reading, const char *value) {
    static const struct word words[2] = {{"yes", true}, {"no", false}};
    int chosen;
    if (read_word(words, value, &chosen) != 0) {
        return -1;
    }
    reading->request->dirty = chosen;
    reading->dirty_given = true;
    return 0;
}

static int read_history(struct reading *reading, const char *value) {
    static const struct word words[2] = {{"yes", LEGACY_HISTORY_FILLED},
                                         {"no", LEGACY_HISTORY_EMPTY}};
    int chosen;
    if (read_word(words, value, &chosen) != 0) {
        return -1;
    }
    reading->request->history = (enum legacy_history)chosen;
    return 0;
}

static int read_dates(struct reading *reading, const char *value) {
    static const struct word words[2] = {{"seconds", LEGACY_DATES_SECONDS},
                                         {"iso", LEGACY_DATES_ISO}};
    int chosen;
    if (read_word(words, value, &chosen) != 0) {
        return -1;
    }
    reading->request->dates = (enum legacy_dates)chosen;
    return 0;
}

static int read_posts_only(struct reading *reading, const char *value) {
    (void)value;
    reading->request->order.crowd.kinds = PEOPLE_VALIDATORS_ALONE;
    return 0;
}

static int read_out(struct reading *reading, const char *value) {
    reading->request->out = value;
    return 0;
}

static int read_help(struct reading *reading, const char *value) {
    (void)value;
    reading->request->help = true;
    return 0;
}

static const struct option_rule rules[] = {
    {"campaigns", required_argument, read_campaigns},
    {"rows", required_argument, read_rows},
    {"users", required_argument, read_users},
    {"seed", required_argument, read_seed},
    {"dirty", required_argument, read_dirty},
    {"history", required_argument, read_history},
    {"dates", required_argument, read_dates},
    {"posts-only", no_argument, read_posts_only},
    {"out", required_argument, read_out},
    {"help", no_argument, read_help},
};

enum { RULES = sizeof rules / sizeof rules[0] };

/* What no single option can tell. */
static int check_together(struct reading *reading, struct error *error) {
    struct request *request = reading->request;
    bool posts_only = request->order.crowd.kinds == PEOPLE_VALIDATORS_ALONE;
    if (request->out == NULL || request->out[0] == '\0') {
        return error_set(error, ERROR_USAGE, "--out is missing: name a folder");
    }
    if (request->order.rows > request->order.campaigns * CATALOG_CELLS) {
        return error_set(error, ERROR_USAGE,
                         "--rows is too large: a campaign has at most %d groups, so %zu campaigns "
                         "take %zu rows of releases and status",
                         CATALOG_CELLS, request->order.campaigns,
                         2 * request->order.campaigns * CATALOG_CELLS);
    }
    if (request->order.rows < request->order.campaigns) {
        return error_set(error, ERROR_USAGE,
                         "--rows is too small: %zu campaigns need %zu rows of releases and status",
                         request->order.campaigns, 2 * request->order.campaigns);
    }
    if (posts_only && request->dirty && reading->dirty_given) {
        return error_set(error, ERROR_USAGE, "--posts-only and --dirty yes exclude each other");
    }
    request->dirty = request->dirty && !posts_only;
    return 0;
}

int options_read(int argc, char *const argv[], struct request *request, struct error *error) {
    *request = (struct request){
        .order = {.campaigns = 34, .rows = 2400, .seed = 1, .crowd = {48, PEOPLE_EVERY_KIND, 1}},
        .dates = LEGACY_DATES_SECONDS,
        .history = LEGACY_HISTORY_FILLED,
        .dirty = true,
    };
    struct reading reading = {.request = request};
    struct option options[RULES + 1] = {{NULL, 0, NULL, 0}};
    for (int i = 0; i < RULES; i++) {
        options[i] = (struct option){rules[i].name, rules[i].has_argument, NULL, i};
    }
    int rule;
    while ((rule = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (rule == '?') {
            return error_set(error, ERROR_USAGE, "see rowpost-sample --help");
        }
        if (rules[rule].read(&reading, optarg) != 0) {
            return error_set(error, ERROR_USAGE, "--%s does not take %s; see --help",
                             rules[rule].name, optarg);
        }
    }
    if (request->help) {
        return 0;
    }
    if (optind < argc) {
        return error_set(error, ERROR_USAGE, "%s is no option; see --help", argv[optind]);
    }
    return check_together(&reading, error);
}
