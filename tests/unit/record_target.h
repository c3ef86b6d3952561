/* A target for tests of the delivery: it keeps records of any kind by key, and gives them numbers.
 *
 *   POST /KIND/...  with a body that has `key`: makes a record; answers 201 {"id": 100}
 *   GET  /KIND/?key=KEY   the records of that key, each with `id` and `record`
 *   PUT  /KIND/ID   replaces the record
 *   GET  /probe     {}
 *
 * Rules decide what happens to a POST or PUT for a key. A thread for each connection; what it saw
 * is looked at after target_stop(). */
#ifndef ROWPOST_TEST_RECORD_TARGET_H
#define ROWPOST_TEST_RECORD_TARGET_H

#include <jansson.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum rule_end {
    RULE_SIGN_OUT,  /* 401, and nothing is stored */
    RULE_REFUSE,    /* 422, and nothing is stored; the answer repeats the body */
    RULE_DROP,      /* nothing is stored, and no answer comes */
    RULE_STORE,     /* it is stored, and no answer comes */
    RULE_POINT,     /* stored; the answer is 201 with a Location, and no body */
    RULE_WITHOUT_ID /* stored; the answer is 200 {} */
};

struct target_rule {
    const char *key;
    enum rule_end end;
    int times; /* how often; then it is over */
};

struct target_record {
    char kind[32];
    char key[64];
    int id;
    char *text;
};

enum { TARGET_MOST = 512 };

struct target {
    struct MHD_Daemon *daemon;
    char url[64];
    pthread_mutex_t lock;
    bool gives_texts; /* ids are texts: "n100" */
    struct target_rule *rules;
    const char *busy; /* the first `busy_times` GETs for that key are answered with 503 */
    int busy_times;
    struct target_record records[TARGET_MOST];
    size_t count;
    struct text log;  /* METHOD PATH BODY, a line for each change */
    struct text keys; /* of the POSTs, in order, with a blank after each */
    char under_way[64][64];
    bool has_overlapped; /* two records of one group, the key's first letter, at a time */
    struct text user;    /* the last X-Switch-User */
};

struct target_upload {
    struct text body;
};

static inline const char *target_key_of(const json_t *body) {
    const char *key = json_string_value(json_object_get(body, "key"));
    return key == NULL ? "" : key;
}

/* Notes that a record of the key's group is under way, or no more. */
static inline void target_mark(struct target *target, const char *key, bool begins) {
    unsigned group = (unsigned char)key[0] % 64;
    if (begins) {
        target->has_overlapped = target->has_overlapped || target->under_way[group][0] != '\0';
        snprintf(target->under_way[group], sizeof target->under_way[group], "%s", key);
    } else {
        target->under_way[group][0] = '\0';
    }
}

static inline struct target_rule *target_find_rule(struct target *target, const char *key) {
    for (struct target_rule *rule = target->rules; rule != NULL && rule->key != NULL; rule++) {
        if (strcmp(rule->key, key) == 0 && rule->times > 0) {
            rule->times--;
            return rule;
        }
    }
    return NULL;
}

static inline enum MHD_Result target_answer(struct MHD_Connection *connection, int status,
                                            const char *body, const char *location) {
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
    if (body[0] != '\0') {
        MHD_add_response_header(response, "Content-Type", "application/json");
    }
    if (location != NULL) {
        MHD_add_response_header(response, "Location", location);
    }
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static inline void target_append_id(const struct target *target, int id, struct text *out) {
    text_append_format(out, target->gives_texts ? "\"n%d\"" : "%d", id);
}

static inline int target_store(struct target *target, const char *kind, const char *key,
                               const char *text) {
    struct target_record *record = &target->records[target->count++];
    snprintf(record->kind, sizeof record->kind, "%s", kind);
    snprintf(record->key, sizeof record->key, "%s", key);
    record->id = 99 + (int)target->count;
    record->text = strdup(text);
    return record->id;
}

/* The first part of a place. */
static inline void target_read_kind(const char *place, char kind[32]) {
    snprintf(kind, 32, "%.*s", (int)strcspn(place + 1, "/"), place + 1);
}

static inline enum MHD_Result target_post(struct target *target, struct MHD_Connection *connection,
                                          const char *place, const struct text *body) {
    char kind[32];
    struct text answer = {0};
    target_read_kind(place, kind);
    json_t *json = json_loads(text_string(body), 0, NULL);
    char key[64];
    snprintf(key, sizeof key, "%s", target_key_of(json));
    json_decref(json);
    pthread_mutex_lock(&target->lock);
    target_mark(target, key, true);
    text_append_format(&target->keys, "%s ", key);
    text_append_format(&target->log, "POST %s %s\n", place, text_string(body));
    struct target_rule *rule = target_find_rule(target, key);
    bool is_stored = rule == NULL || rule->end >= RULE_STORE;
    int id = is_stored ? target_store(target, kind, key, text_string(body)) : 0;
    pthread_mutex_unlock(&target->lock);
    nanosleep(&(struct timespec){0, 3000000}, NULL);
    pthread_mutex_lock(&target->lock);
    target_mark(target, key, false);
    pthread_mutex_unlock(&target->lock);
    char location[64];
    snprintf(location, sizeof location, "/%s/%d", kind, id);
    enum MHD_Result result = MHD_NO;
    if (rule == NULL) {
        text_append_string(&answer, "{\"id\":");
        target_append_id(target, id, &answer);
        text_append_format(&answer, ",\"key\":\"%s\"}", key);
        result = target_answer(connection, 201, text_string(&answer), NULL);
    } else if (rule->end == RULE_SIGN_OUT) {
        result = target_answer(connection, 401, "{}", NULL);
    } else if (rule->end == RULE_REFUSE) {
        json_t *message = json_pack("{s:s}", "message", text_string(body));
        char *dumped = json_dumps(message, JSON_COMPACT);
        text_append_string(&answer, dumped);
        free(dumped);
        json_decref(message);
        result = target_answer(connection, 422, text_string(&answer), NULL);
    } else if (rule->end == RULE_POINT) {
        result = target_answer(connection, 201, "", location);
    } else if (rule->end == RULE_WITHOUT_ID) {
        result = target_answer(connection, 200, "{}", NULL);
    }
    text_free(&answer);
    return result;
}

static inline enum MHD_Result target_put(struct target *target, struct MHD_Connection *connection,
                                         const char *place, const struct text *body) {
    const char *slash = strrchr(place, '/');
    int id = atoi(slash + 1);
    enum MHD_Result result = MHD_NO;
    pthread_mutex_lock(&target->lock);
    text_append_format(&target->log, "PUT %s %s\n", place, text_string(body));
    for (size_t i = 0; i < target->count; i++) {
        struct target_record *record = &target->records[i];
        struct target_rule *rule = record->id == id ? target_find_rule(target, record->key) : NULL;
        if (record->id == id && (rule == NULL || rule->end != RULE_DROP)) {
            free(record->text);
            record->text = strdup(text_string(body));
        }
        if (record->id == id && rule == NULL) {
            result = target_answer(connection, 204, "", NULL);
        }
    }
    pthread_mutex_unlock(&target->lock);
    return result;
}

static inline bool target_is_busy(struct target *target, const char *key) {
    pthread_mutex_lock(&target->lock);
    bool is_busy = target->busy_times > 0 && strcmp(target->busy, key) == 0;
    target->busy_times -= is_busy;
    pthread_mutex_unlock(&target->lock);
    return is_busy;
}

static inline enum MHD_Result target_list(struct target *target, struct MHD_Connection *connection,
                                          const char *place) {
    char kind[32];
    struct text list = {0};
    const char *key = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "key");
    if (target_is_busy(target, key)) {
        return target_answer(connection, 503, "{}", NULL);
    }
    target_read_kind(place, kind);
    text_append_string(&list, "[");
    pthread_mutex_lock(&target->lock);
    for (size_t i = 0; i < target->count; i++) {
        const struct target_record *record = &target->records[i];
        if (strcmp(record->kind, kind) == 0 && strcmp(record->key, key) == 0) {
            text_append_string(&list, list.length == 1 ? "{\"id\":" : ",{\"id\":");
            target_append_id(target, record->id, &list);
            text_append_format(&list, ",\"record\":%s}", record->text);
        }
    }
    pthread_mutex_unlock(&target->lock);
    text_append_string(&list, "]");
    enum MHD_Result result = target_answer(connection, 200, text_string(&list), NULL);
    text_free(&list);
    return result;
}

static inline enum MHD_Result target_handle(void *context, struct MHD_Connection *connection,
                                            const char *place, const char *method,
                                            const char *version, const char *data, size_t *size,
                                            void **own) {
    struct target *target = context;
    struct target_upload *upload = *own;
    (void)version;
    if (upload == NULL) {
        *own = calloc(1, sizeof *upload);
        return MHD_YES;
    }
    if (*size > 0) {
        text_append(&upload->body, (struct span){data, *size});
        *size = 0;
        return MHD_YES;
    }
    const char *user = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "X-Switch-User");
    if (user != NULL) {
        pthread_mutex_lock(&target->lock);
        text_append_format(&target->user, "%s ", user);
        pthread_mutex_unlock(&target->lock);
    }
    if (strcmp(place, "/probe") == 0) {
        return target_answer(connection, 200, "{}", NULL);
    }
    if (strcmp(method, "GET") == 0) {
        return target_list(target, connection, place);
    }
    return strcmp(method, "PUT") == 0 ? target_put(target, connection, place, &upload->body)
                                      : target_post(target, connection, place, &upload->body);
}

static inline void target_forget(void *context, struct MHD_Connection *connection, void **own,
                                 enum MHD_RequestTerminationCode code) {
    struct target_upload *upload = *own;
    (void)context;
    (void)connection;
    (void)code;
    if (upload != NULL) {
        text_free(&upload->body);
        free(upload);
    }
}

/* Borrows the rules, which a NULL key ends. */
static inline void target_start(struct target *target, struct target_rule *rules) {
    target->rules = rules;
    pthread_mutex_init(&target->lock, NULL);
    target->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
        target_handle, target, MHD_OPTION_NOTIFY_COMPLETED, target_forget, NULL, MHD_OPTION_END);
    if (target->daemon == NULL) {
        abort();
    }
    snprintf(target->url, sizeof target->url, "http://127.0.0.1:%d",
             (int)MHD_get_daemon_info(target->daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
}

static inline void target_stop(struct target *target) {
    MHD_stop_daemon(target->daemon);
    pthread_mutex_destroy(&target->lock);
    for (size_t i = 0; i < target->count; i++) {
        free(target->records[i].text);
    }
    text_free(&target->log);
    text_free(&target->keys);
    text_free(&target->user);
    *target = (struct target){0};
}

#endif
