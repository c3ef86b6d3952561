#include "control.h"

#include "campaigns.h"
#include "faults.h"
#include "journal.h"
#include "late.h"
#include "pace.h"
#include "reports.h"
#include "signin.h"
#include "users.h"

#include <stdlib.h>
#include <string.h>

struct command {
    const char *method;
    const char *path;
    void (*run)(struct standin *standin, struct request *request);
};

static void answer_done(struct request *request) {
    text_add_string(answer_json(&request->answer, 200), "{\"done\": true}\n");
}

/* The body as JSON, the caller's; NULL: the answer is 400. */
static json_t *read_body(struct request *request) {
    json_error_t error;
    const char *data = request->body.data == NULL ? "" : request->body.data;
    json_t *body = json_loadb(data, request->body.size, JSON_ALLOW_NUL, &error);
    if (body == NULL) {
        answer_message(&request->answer, 400, slice_of(error.text));
    }
    return body;
}

static void put_faults(struct standin *standin, struct request *request) {
    char why[128];
    json_t *list = read_body(request);
    if (list == NULL) {
        return;
    }
    if (faults_set(standin->faults, list, why, sizeof why) != 0) {
        answer_message(&request->answer, 400, slice_of(why));
    } else {
        pace_wake_held(standin->pace);
        late_release(standin->late);
        answer_done(request);
    }
    json_decref(list);
}

static void get_faults(struct standin *standin, struct request *request) {
    json_t *list = faults_show(standin->faults);
    answer_value(&request->answer, list);
    json_decref(list);
}

static json_t *counts_of(const struct standin *standin) {
    const struct storage_counts *counts = storage_count(standin->storage);
    return json_pack("{sI sI sI sI sI sI sI si sI}", "users", (json_int_t)counts->rows[USERS],
                     "campaigns", (json_int_t)counts->rows[CAMPAIGNS], "reports",
                     (json_int_t)counts->rows[REPORTS], "duplicates",
                     (json_int_t)counts->duplicates, "requests",
                     (json_int_t)journal_requests(standin->journal), "posts_per_key",
                     (json_int_t)journal_posts_per_key(standin->journal), "under_way",
                     (json_int_t)journal_under_way(standin->journal), "busy",
                     pace_busy(standin->pace), "late", (json_int_t)late_count(standin->late));
}

static void get_counts(struct standin *standin, struct request *request) {
    json_t *counts = counts_of(standin);
    answer_value(&request->answer, counts);
    json_decref(counts);
}

/* Collects records for the state. */
struct state_walk {
    struct standin *standin;
    json_t *records;
    json_t *orphans;
};

static int take_user(const struct row *row, void *context) {
    struct state_walk *walk = context;
    json_array_append_new(walk->records,
                          json_loadb(row->record.data, row->record.size, JSON_ALLOW_NUL, NULL));
    return 0;
}

static int take_orphan(const struct row *row, void *context) {
    struct state_walk *walk = context;
    json_array_append_new(walk->orphans, reports_load(walk->standin, row));
    return 0;
}

static int take_campaign(const struct row *row, void *context) {
    struct state_walk *walk = context;
    json_t *campaign = campaigns_load(walk->standin, row);
    json_object_set_new(campaign, "complete", json_boolean(row->mark != 0));
    if (row->mark == 0) {
        json_object_set_new(campaign, "reports", json_array());
        storage_each_owned(walk->standin->storage, row->n, take_orphan, walk);
    }
    json_array_append_new(walk->records, campaign);
    return 0;
}

static void get_state(struct standin *standin, struct request *request) {
    struct state_walk users = {standin, json_array(), NULL};
    struct state_walk campaigns = {standin, json_array(), json_array()};
    storage_each(standin->storage, USERS, take_user, &users);
    storage_each(standin->storage, CAMPAIGNS, take_campaign, &campaigns);
    json_t *state = json_object();
    json_object_set_new(state, "users", users.records);
    json_object_set_new(state, "campaigns", campaigns.records);
    json_object_set_new(state, "orphans", campaigns.orphans);
    json_object_set_new(state, "counts", counts_of(standin));
    answer_value(&request->answer, state);
    json_decref(state);
}

static void get_log(struct standin *standin, struct request *request) {
    struct text since = {0};
    request_parameter(request, "since", &since);
    long long first = since.size == 0 ? 0 : strtoll(since.data, NULL, 10);
    journal_write(standin->journal, first, answer_json(&request->answer, 200));
    text_free(&since);
}

static void post_users(struct standin *standin, struct request *request) {
    json_t *users = read_body(request);
    if (users == NULL) {
        return;
    }
    if (!json_is_array(users)) {
        answer_message(&request->answer, 400, slice_of("the users are no array"));
        json_decref(users);
        return;
    }
    size_t i;
    json_t *user;
    int rc = storage_begin(standin->storage);
    json_array_foreach(users, i, user) {
        rc = users_seed(standin, user) != 0 ? -1 : rc;
    }
    if (storage_commit(standin->storage) != 0 || rc != 0) {
        answer_error(&request->answer, 500);
    } else {
        answer_done(request);
    }
    json_decref(users);
}

static void post_expire(struct standin *standin, struct request *request) {
    json_t *body = read_body(request);
    const char *credential = json_string_value(json_object_get(body, "credential"));
    if (body != NULL && credential == NULL) {
        answer_message(&request->answer, 400, slice_of("no credential is given"));
    } else if (body != NULL) {
        signin_expire(standin->signin, credential,
                      json_integer_value(json_object_get(body, "after")));
        answer_done(request);
    }
    json_decref(body);
}

static void post_reset(struct standin *standin, struct request *request) {
    char why[128];
    json_t *nothing = json_array();
    faults_set(standin->faults, nothing, why, sizeof why);
    json_decref(nothing);
    pace_drop_all(standin->pace);
    signin_reset(standin->signin);
    journal_reset(standin->journal);
    late_reset(standin->late);
    if (storage_clear(standin->storage) != 0) {
        answer_error(&request->answer, 500);
    } else {
        answer_done(request);
    }
}

static const struct command commands[] = {
    {"PUT", "/control/faults", put_faults},   {"GET", "/control/faults", get_faults},
    {"GET", "/control/state", get_state},     {"GET", "/control/counts", get_counts},
    {"GET", "/control/log", get_log},         {"POST", "/control/users", post_users},
    {"POST", "/control/expire", post_expire}, {"POST", "/control/reset", post_reset},
};

bool control_owns(const struct request *request) {
    static const char prefix[] = "/control/";
    return strncmp(request->path.data, prefix, strlen(prefix)) == 0;
}

void control_answer(struct standin *standin, struct request *request) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].method, request->method) == 0 &&
            strcmp(commands[i].path, request->path.data) == 0) {
            commands[i].run(standin, request);
            return;
        }
    }
    answer_error(&request->answer, 404);
}
