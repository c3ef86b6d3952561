#define _POSIX_C_SOURCE 200809L
#include "signin.h"

#include "token.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct expiry {
    char *credential;
    long long left;
};

struct signin {
    struct expiry *expiries;
    size_t count;
};

struct kind {
    const char *prefix;
    enum signin_state state;
};

static const struct kind kinds[] = {
    {"good", SIGNIN_FULL},
    {"renew-", SIGNIN_FULL},
    {"norole", SIGNIN_PLAIN},
    {"audience", SIGNIN_AUDIENCE},
};

static const char renewable[] = "renew-";
static const char bearer[] = "Bearer ";

struct signin *signin_new(void) {
    return calloc(1, sizeof(struct signin));
}

void signin_free(struct signin *signin) {
    if (signin != NULL) {
        signin_reset(signin);
        free(signin);
    }
}

void signin_reset(struct signin *signin) {
    for (size_t i = 0; i < signin->count; i++) {
        free(signin->expiries[i].credential);
    }
    free(signin->expiries);
    *signin = (struct signin){0};
}

void signin_expire(struct signin *signin, const char *credential, long long after) {
    for (size_t i = 0; i < signin->count; i++) {
        if (strcmp(signin->expiries[i].credential, credential) == 0) {
            signin->expiries[i].left = after;
            return;
        }
    }
    size_t size = (signin->count + 1) * sizeof *signin->expiries;
    struct expiry *expiries = realloc(signin->expiries, size);
    char *copy = strdup(credential);
    if (expiries == NULL || copy == NULL) {
        abort();
    }
    expiries[signin->count++] = (struct expiry){copy, after};
    signin->expiries = expiries;
}

/* Counts one use of the credential; true if it had none left. */
static bool has_expired(struct signin *signin, const char *credential) {
    for (size_t i = 0; i < signin->count; i++) {
        struct expiry *expiry = &signin->expiries[i];
        if (strcmp(expiry->credential, credential) == 0) {
            return expiry->left <= 0 || expiry->left-- <= 0;
        }
    }
    return false;
}

static bool array_holds(const json_t *array, const char *word) {
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value) {
        if (json_is_string(value) && strcmp(json_string_value(value), word) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_for_us(const json_t *audience) {
    static const char us[] = "valdb2";
    if (json_is_string(audience)) {
        return strcmp(json_string_value(audience), us) == 0;
    }
    return array_holds(audience, us);
}

static enum signin_state judge_payload(const json_t *payload) {
    const json_t *expires = json_object_get(payload, "exp");
    const json_t *audience = json_object_get(payload, "aud");
    const json_t *roles = json_object_get(payload, "cern_roles");
    if (json_is_number(expires) && json_number_value(expires) <= (double)time(NULL)) {
        return SIGNIN_ABSENT;
    }
    if (audience != NULL && !is_for_us(audience)) {
        return SIGNIN_AUDIENCE;
    }
    if (json_is_array(roles) && !array_holds(roles, "management")) {
        return SIGNIN_PLAIN;
    }
    return SIGNIN_FULL;
}

static enum signin_state judge_word(const char *word) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strncmp(word, kinds[i].prefix, strlen(kinds[i].prefix)) == 0) {
            return kinds[i].state;
        }
    }
    return SIGNIN_ABSENT;
}

static enum signin_state judge_header(struct signin *signin, const char *header) {
    if (header == NULL || strncasecmp(header, bearer, strlen(bearer)) != 0) {
        return SIGNIN_ABSENT;
    }
    const char *word = header + strlen(bearer);
    if (has_expired(signin, word)) {
        return SIGNIN_ABSENT;
    }
    json_t *payload = token_payload(word);
    if (payload == NULL) {
        return judge_word(word);
    }
    enum signin_state state = judge_payload(payload);
    json_decref(payload);
    return state;
}

static void renew(struct signin *signin, struct request *request, const char *cookie) {
    struct text renewed = {0};
    text_print(&renewed, "session=good-renewed-%s; Path=/; HttpOnly", cookie + strlen(renewable));
    answer_set_header(&request->answer, "Set-Cookie", renewed.data);
    text_free(&renewed);
    signin_expire(signin, cookie, 0);
}

static enum signin_state judge_cookie(struct signin *signin, struct request *request) {
    const char *cookie =
        MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, "session");
    if (cookie == NULL || has_expired(signin, cookie)) {
        return SIGNIN_ABSENT;
    }
    if (strncmp(cookie, renewable, strlen(renewable)) == 0) {
        renew(signin, request, cookie);
    }
    return judge_word(cookie);
}

enum signin_state signin_check(struct signin *signin, struct request *request) {
    enum signin_state state = judge_header(signin, request_header(request, "Authorization"));
    return state == SIGNIN_ABSENT ? judge_cookie(signin, request) : state;
}
