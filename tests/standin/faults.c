#define _GNU_SOURCE
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct fault {
    int references;
    json_t *given;
    const char *method;
    const char *path;
    const char *match;
    long long skip;
    long long times;
    long long hits;
    long long struck;
    enum fault_kind kind;
    enum fault_when when;
    unsigned status;
    json_t *headers;
    const char *body;
    long delay_ms;
    bool is_replaced; /* the list that it was in is no more */
};

struct faults {
    struct fault **list;
    size_t count;
};

/* Who makes the answer that the client meets. */
enum maker { MAKER_NOBODY, MAKER_FAULT, MAKER_MANGLED };

struct kind {
    const char *name;
    enum fault_when when;
    enum maker maker;
};

static const struct kind kinds[] = {
    [FAULT_STATUS] = {"status", FAULT_BEFORE, MAKER_FAULT},
    [FAULT_DELAY] = {"delay", FAULT_BEFORE, MAKER_NOBODY},
    [FAULT_DROP] = {"drop", FAULT_BEFORE, MAKER_FAULT},
    [FAULT_RESET] = {"reset", FAULT_BEFORE, MAKER_FAULT},
    [FAULT_HTML] = {"html", FAULT_BEFORE, MAKER_FAULT},
    [FAULT_LOGIN_REDIRECT] = {"login-redirect", FAULT_BEFORE, MAKER_FAULT},
    [FAULT_NULL] = {"null", FAULT_BEFORE, MAKER_FAULT},
    [FAULT_OTHER_RECORD] = {"other-record", FAULT_BEFORE, MAKER_FAULT},
    [FAULT_TRUNCATE] = {"truncate", FAULT_AFTER, MAKER_MANGLED},
    [FAULT_WRONG_LENGTH] = {"wrong-length", FAULT_AFTER, MAKER_MANGLED},
    [FAULT_SLOW_HEADERS] = {"slow-headers", FAULT_AFTER, MAKER_MANGLED},
    [FAULT_SLOW_BODY] = {"slow-body", FAULT_AFTER, MAKER_MANGLED},
    [FAULT_LATE] = {"late", FAULT_AFTER, MAKER_FAULT},
    [FAULT_LATE_DROP] = {"late-drop", FAULT_AFTER, MAKER_FAULT},
    [FAULT_REPEAT] = {"repeat", FAULT_AFTER, MAKER_NOBODY},
    [FAULT_PARTIAL] = {"partial", FAULT_AFTER, MAKER_NOBODY},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const char migrate_path[] = "/api/campaigns/migrate";

struct faults *faults_new(void) {
    return calloc(1, sizeof(struct faults));
}

void fault_release(struct fault *fault) {
    if (fault != NULL && --fault->references == 0) {
        json_decref(fault->given);
        free(fault);
    }
}

static void release_list(struct fault **list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        fault_release(list[i]);
    }
    free(list);
}

void faults_free(struct faults *faults) {
    if (faults != NULL) {
        release_list(faults->list, faults->count);
        free(faults);
    }
}

static const char *read_string(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

static long long read_integer(const json_t *object, const char *name, long long fallback) {
    const json_t *value = json_object_get(object, name);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool fault_is_late(const struct fault *fault) {
    return fault->kind == FAULT_LATE || fault->kind == FAULT_LATE_DROP;
}

bool fault_repeats(const struct fault *fault) {
    return fault->kind == FAULT_REPEAT;
}

/* Its delay is that of the work, not of the answer; and it knows no other moment. */
static bool is_about_work(const struct fault *fault) {
    return fault_is_late(fault) || fault_repeats(fault);
}

/* 0, or -1 where the kind or the moment is unknown. */
static int read_kind(struct fault *fault) {
    const char *kind = read_string(fault->given, "kind");
    const char *when = read_string(fault->given, "when");
    int k = 0;
    while (k < KINDS && (kind == NULL || strcmp(kinds[k].name, kind) != 0)) {
        k++;
    }
    if (k == KINDS) {
        return -1;
    }
    fault->kind = (enum fault_kind)k;
    fault->when = kinds[k].when;
    if (when != NULL && fault->kind != FAULT_PARTIAL && !is_about_work(fault)) {
        fault->when = strcmp(when, "after") == 0 ? FAULT_AFTER : FAULT_BEFORE;
    }
    return when == NULL || strcmp(when, "after") == 0 || strcmp(when, "before") == 0 ? 0 : -1;
}

static struct fault *fault_new(const json_t *given) {
    struct fault *fault = calloc(1, sizeof *fault);
    if (fault == NULL) {
        abort();
    }
    *fault = (struct fault){.references = 1,
                            .given = json_deep_copy(given),
                            .skip = read_integer(given, "skip", 0),
                            .times = read_integer(given, "times", 1),
                            .status = (unsigned)read_integer(given, "status", 503),
                            .delay_ms = (long)read_integer(given, "delay_ms", 0)};
    fault->method = read_string(fault->given, "method");
    fault->path = read_string(fault->given, "path");
    fault->match = read_string(fault->given, "match");
    fault->body = read_string(fault->given, "body");
    fault->headers = json_object_get(fault->given, "headers");
    if (read_kind(fault) != 0 || fault->status < 200 || fault->status > 599) {
        fault_release(fault);
        return NULL;
    }
    return fault;
}

int faults_set(struct faults *faults, const json_t *list, char *why, size_t why_size) {
    if (!json_is_array(list)) {
        snprintf(why, why_size, "the faults are no array");
        return -1;
    }
    size_t count = json_array_size(list);
    struct fault **fresh = calloc(count + 1, sizeof(struct fault *));
    if (fresh == NULL) {
        abort();
    }
    for (size_t i = 0; i < count; i++) {
        fresh[i] = fault_new(json_array_get(list, i));
        if (fresh[i] == NULL) {
            snprintf(why, why_size, "fault %zu has an unknown kind, when or status", i);
            release_list(fresh, i);
            return -1;
        }
    }
    for (size_t i = 0; i < faults->count; i++) {
        faults->list[i]->is_replaced = true;
    }
    release_list(faults->list, faults->count);
    faults->list = fresh;
    faults->count = count;
    return 0;
}

json_t *faults_show(const struct faults *faults) {
    json_t *list = json_array();
    for (size_t i = 0; i < faults->count; i++) {
        json_t *fault = json_copy(faults->list[i]->given);
        json_object_set_new(fault, "hits", json_integer(faults->list[i]->hits));
        json_object_set_new(fault, "struck", json_integer(faults->list[i]->struck));
        json_array_append_new(list, fault);
    }
    return list;
}

static bool holds(const char *data, size_t size, const char *part) {
    return data != NULL && memmem(data, size, part, strlen(part)) != NULL;
}

static bool starts_with(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool matches(const struct fault *fault, const struct request *request) {
    if (fault->method != NULL && strcasecmp(fault->method, request->method) != 0) {
        return false;
    }
    if (fault->path != NULL && !starts_with(request->path.data, fault->path)) {
        return false;
    }
    if (fault->match != NULL && !holds(request->body.data, request->body.size, fault->match) &&
        !holds(request->query.data, request->query.size, fault->match)) {
        return false;
    }
    return fault->kind != FAULT_PARTIAL ||
           (strcmp(request->method, "POST") == 0 && starts_with(request->path.data, migrate_path));
}

struct fault *faults_match(struct faults *faults, const struct request *request) {
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = faults->list[i];
        if ((fault->times >= 0 && fault->struck >= fault->times) || !matches(fault, request)) {
            continue;
        }
        fault->hits++;
        if (fault->hits > fault->skip) {
            fault->struck++;
            fault->references++;
            return fault;
        }
    }
    return NULL;
}

enum fault_kind fault_kind(const struct fault *fault) {
    return fault->kind;
}

static bool is_slow(const struct fault *fault) {
    return fault->kind == FAULT_SLOW_HEADERS || fault->kind == FAULT_SLOW_BODY;
}

/* Nothing is held once the list was set again. */
static long delay_of(const struct fault *fault) {
    return fault->is_replaced && fault->delay_ms < 0 ? 0 : fault->delay_ms;
}

long fault_pause(const struct fault *fault, enum fault_when when) {
    return fault->when == when && !is_slow(fault) && !is_about_work(fault) ? delay_of(fault) : 0;
}

long fault_inner_pause(const struct fault *fault) {
    return is_slow(fault) ? delay_of(fault) : 0;
}

long fault_lateness(const struct fault *fault) {
    return delay_of(fault);
}

bool fault_prevents(const struct fault *fault) {
    return fault->when == FAULT_BEFORE && kinds[fault->kind].maker != MAKER_NOBODY;
}

static void add_given(const struct fault *fault, struct answer *answer) {
    if (fault->body != NULL) {
        text_clear(&answer->body);
        text_add_string(&answer->body, fault->body);
    }
    const char *name;
    json_t *value;
    json_object_foreach(fault->headers, name, value) {
        if (strcasecmp(name, "Content-Type") == 0 && json_is_string(value)) {
            answer->type = json_string_value(value);
        } else if (json_is_string(value)) {
            answer_set_header(answer, name, json_string_value(value));
        }
    }
}

static void answer_status(const struct fault *fault, struct answer *answer) {
    char title[64];
    snprintf(title, sizeof title, "%u %s", fault->status, answer_reason(fault->status));
    answer_page(answer, fault->status, title);
}

static void answer_other(const struct request *request, struct answer *answer) {
    static const char user[] =
        "{\"id\": \"64f0a0010000000000abcdef\", \"created_at\": \"2021-01-01 00:00:00.001000\","
        " \"updated_at\": \"2021-01-01 00:00:00.001000\", \"role\": 3,"
        " \"email\": \"somebody.else@example.org\", \"fullname\": \"Somebody Else\","
        " \"groups\": []}";
    static const char campaign[] =
        "{\"id\": \"64f0a0020000000000abcdef\", \"name\": \"0_0_0_other\", \"description\": \"\","
        " \"deadline\": \"2021-01-01 00:00:00\", \"target_release\": \"0_0_0_other\","
        " \"reference_release\": \"0_0_0_other\", \"relmon\": null,"
        " \"subcategories\": [\"GEN.Gen\"], \"reports\": [], \"is_open\": false}";
    static const char report[] =
        "{\"id\": \"64f0a0030000000000abcdef\", \"authors\": [], \"group\": \"GEN.Gen.GEN\","
        " \"campaign_name\": \"0_0_0_other\", \"status\": 1, \"content\": \"other\"}";
    struct text *body = answer_json(answer, 200);
    bool is_get = strcmp(request->method, "GET") == 0;
    if (starts_with(request->path.data, "/api/reports/")) {
        text_print(body, "%s\n", report);
    } else if (starts_with(request->path.data, "/api/campaigns/get/")) {
        text_print(body, "{\"campaign\": %s, \"groups\": []}\n", campaign);
    } else if (starts_with(request->path.data, "/api/campaigns/")) {
        text_print(body, is_get ? "[%s]\n" : "%s\n", campaign);
    } else {
        text_print(body, is_get ? "[%s]\n" : "%s\n", user);
    }
}

void fault_answer(const struct fault *fault, struct request *request) {
    struct answer *answer = &request->answer;
    enum maker maker = kinds[fault->kind].maker;
    if (maker == MAKER_NOBODY || (maker == MAKER_MANGLED && fault->when == FAULT_AFTER)) {
        return;
    }
    answer_clear(answer);
    switch (fault->kind) {
    case FAULT_NULL:
        answer_value(answer, NULL);
        break;
    case FAULT_OTHER_RECORD:
        answer_other(request, answer);
        break;
    case FAULT_HTML:
        answer_page(answer, 200, "Welcome");
        break;
    case FAULT_LOGIN_REDIRECT:
        answer_redirect(answer, 302, "/oauth2/auth");
        break;
    default:
        answer_status(fault, answer);
    }
    add_given(fault, answer);
}
