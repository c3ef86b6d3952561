#include "http/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/json_memory.h"
#include "http/sentence.h"

/* A status: what it means where the body is JSON, where it is not, and its words. */
struct meaning {
    int status;
    enum answer_class with_json;
    enum answer_class without_json;
    const char *words;
};

static const struct meaning meanings[] = {
    {200, ANSWER_RECORD, ANSWER_UNCERTAIN, NULL},
    {201, ANSWER_RECORD, ANSWER_UNCERTAIN, NULL},
    {301, ANSWER_MISDIRECTED, ANSWER_MISDIRECTED, "redirected"},
    {302, ANSWER_SIGN_IN, ANSWER_SIGN_IN, "redirected"},
    {303, ANSWER_SIGN_IN, ANSWER_SIGN_IN, "redirected"},
    {307, ANSWER_SIGN_IN, ANSWER_SIGN_IN, "redirected"},
    {308, ANSWER_MISDIRECTED, ANSWER_MISDIRECTED, "redirected"},
    {400, ANSWER_REFUSED, ANSWER_UNCERTAIN, "bad request"},
    {401, ANSWER_SIGN_IN, ANSWER_SIGN_IN, "not signed in"},
    {403, ANSWER_FORBIDDEN, ANSWER_FORBIDDEN, "forbidden"},
    {404, ANSWER_NOT_FOUND, ANSWER_MISDIRECTED, "not found"},
    {405, ANSWER_MISDIRECTED, ANSWER_MISDIRECTED, "method not allowed"},
    {408, ANSWER_UNCERTAIN, ANSWER_UNCERTAIN, "the request took too long"},
    {409, ANSWER_REFUSED, ANSWER_UNCERTAIN, "conflict"},
    {413, ANSWER_REFUSED, ANSWER_REFUSED, "the request is larger than the server accepts"},
    {422, ANSWER_REFUSED, ANSWER_UNCERTAIN, "not acceptable"},
    {429, ANSWER_NOT_TAKEN, ANSWER_NOT_TAKEN, "too many requests"},
    {500, ANSWER_UNCERTAIN, ANSWER_UNCERTAIN, "internal server error"},
    {502, ANSWER_UNCERTAIN, ANSWER_UNCERTAIN, "bad gateway"},
    {503, ANSWER_UNCERTAIN, ANSWER_UNCERTAIN, "service unavailable"},
    {504, ANSWER_UNCERTAIN, ANSWER_UNCERTAIN, "gateway timed out"},
};

static const struct meaning meaning_unknown = {0, ANSWER_UNCERTAIN, ANSWER_UNCERTAIN,
                                               "an answer that is not understood"};

/* The client's fault, whatever it is (RFC 9110, 15.5). */
static const struct meaning meaning_4xx = {0, ANSWER_REFUSED, ANSWER_REFUSED, "refused"};

static const struct meaning *find_meaning(int status) {
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].status == status) {
            return &meanings[i];
        }
    }
    return status / 100 == 4 ? &meaning_4xx : &meaning_unknown;
}

static void say(struct answer *answer, struct span words) {
    sentence_append(answer->message, sizeof answer->message, words);
}

static void say_string(struct answer *answer, const char *words) {
    say(answer, span_of(words));
}

/* The path of a redirect's target, which is a URL or a path. */
static struct span path_of(struct span location) {
    const char *host = span_find(location, "://");

    if (host == NULL) {
        return location;
    }
    const char *end = location.data + location.length;
    host += strlen("://");
    const char *path = memchr(host, '/', (size_t)(end - host));
    return path == NULL ? span_of("/") : (struct span){path, (size_t)(end - path)};
}

static void say_redirect(const struct exchange *exchange, struct answer *answer) {
    struct span location = text_span(&exchange->location);

    if (span_is_empty(location)) {
        say_string(answer, ": redirected, but not where to");
        return;
    }
    if (exchange->moved_to.length > 0) {
        say_string(answer, ": redirected; the API is at another address: use --to ");
        say(answer, text_span(&exchange->moved_to));
        return;
    }
    say_string(answer, ": redirected to ");
    say(answer, path_of(location));
    say_string(answer, exchange->moves_slash ? ", which differs in the last slash only" : "");
}

/* Where services put the reason of a refusal, the first that is there (RFC 9457 has `detail` and
 * `title`, RFC 6749 `error_description` and `error`). */
static const char *const reasons[] = {"message", "detail", "title", "error_description", "error"};

static const json_t *find_reason(const json_t *json) {
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        const json_t *reason = json_object_get(json, reasons[i]);
        if (json_string_length(reason) > 0) {
            return reason;
        }
    }
    return NULL;
}

/* A text; or a list of them, or of objects that have a reason. False where it has no message. */
static bool say_reason(const json_t *json, struct answer *answer) {
    const json_t *reason = json_is_string(json) ? json : find_reason(json);
    bool has_said = false;

    if (json_string_length(reason) > 0) {
        say(answer, (struct span){json_string_value(reason), json_string_length(reason)});
        return true;
    }
    for (size_t i = 0; json_is_array(json) && i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        bool is_plain = json_is_string(item) || json_is_object(item); /* no list in a list */
        size_t length = strlen(answer->message);
        say_string(answer, has_said ? "; " : "");
        if (is_plain && say_reason(item, answer)) {
            has_said = true;
        } else {
            answer->message[length] = '\0';
        }
    }
    return has_said;
}

/* `errors`: a list, or what is wrong with each field. False where it has no message. */
static bool say_errors(const json_t *errors, struct answer *answer) {
    bool has_said = false;
    const char *field = NULL;
    json_t *value = NULL;

    if (!json_is_object(errors)) {
        return say_reason(errors, answer);
    }
    json_object_foreach((json_t *)errors, field, value) {
        size_t length = strlen(answer->message);
        say_string(answer, has_said ? "; " : "");
        say_string(answer, field);
        say_string(answer, ": ");
        if (say_reason(value, answer)) {
            has_said = true;
        } else {
            answer->message[length] = '\0';
        }
    }
    return has_said;
}

/* The service's own message, after a colon. False where it has no message. */
static bool say_refusal(const json_t *json, struct answer *answer) {
    size_t length = strlen(answer->message);

    say_string(answer, ": ");
    bool has_said = say_reason(json_is_object(json) ? find_reason(json) : NULL, answer);
    size_t said = strlen(answer->message);
    say_string(answer, has_said ? "; " : "");
    if (say_errors(json_object_get(json, "errors"), answer)) {
        return true;
    }
    answer->message[has_said ? said : length] = '\0';
    return has_said;
}

/* Why a body that should be JSON is none. */
static void say_body(const struct exchange *exchange, struct answer *answer) {
    if (exchange->is_json) {
        say_string(answer, " with broken JSON");
    } else if (exchange->content_type[0] == '\0') {
        say_string(answer, " without a content type instead of JSON");
    } else {
        say_string(answer, " with ");
        say_string(answer, exchange->content_type);
        say_string(answer, " instead of JSON");
    }
    if (strcmp(exchange->content_type, "text/html") == 0 && exchange->status < 300) {
        say_string(answer, " (a login page?)");
    }
}

static void say_status(const struct exchange *exchange, const struct meaning *meaning,
                       struct answer *answer) {
    char status[16];

    snprintf(status, sizeof status, "%d", exchange->status);
    say_string(answer, status);
    if (exchange->status >= 300 && exchange->status < 400) {
        say_redirect(exchange, answer);
    } else if (meaning->with_json == ANSWER_RECORD) {
        if (answer->json == NULL) {
            say_body(exchange, answer);
        }
    } else if (!say_refusal(answer->json, answer)) {
        if (answer->json == NULL && meaning->with_json != meaning->without_json) {
            say_body(exchange, answer);
        }
        say_string(answer, ": ");
        say_string(answer, meaning->words);
    }
}

/* Texts with U+0000 are JSON, and so is a body that is a lone value. */
static json_t *parse_body(const struct exchange *exchange) {
    struct span body = text_span(&exchange->answer);

    if (!exchange->is_json) {
        return NULL;
    }
    return json_memory_load(body.data, body.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

void answer_read(const struct exchange *exchange, struct answer *answer) {
    *answer = (struct answer){0};
    if (exchange->end != EXCHANGE_ANSWERED) {
        answer->class = exchange->end == EXCHANGE_NOT_SENT ? ANSWER_NOT_TAKEN : ANSWER_UNCERTAIN;
        return;
    }
    const struct meaning *meaning = find_meaning(exchange->status);
    answer->json = parse_body(exchange);
    answer->class = answer->json != NULL ? meaning->with_json : meaning->without_json;
    if (exchange->moved_to.length > 0 || exchange->moves_slash) {
        answer->class = ANSWER_MISDIRECTED; /* whatever the status: it is no page to sign in at */
    }
}

void answer_say(const struct exchange *exchange, struct answer *answer) {
    if (exchange->end == EXCHANGE_ANSWERED) {
        say_status(exchange, find_meaning(exchange->status), answer);
        return;
    }
    say_string(answer, exchange->end == EXCHANGE_NOT_SENT ? "not sent: " : "no whole answer: ");
    say_string(answer, exchange->failure);
}

void answer_classify(const struct exchange *exchange, struct answer *answer) {
    answer_read(exchange, answer);
    answer_say(exchange, answer);
}

void answer_clear(struct answer *answer) {
    json_decref(answer->json);
    *answer = (struct answer){0};
}
