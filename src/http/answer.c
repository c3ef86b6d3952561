#include "http/answer.h"

#include <stdio.h>
#include <string.h>

#include "http/sentence.h"

/* A status: what it means where the body is JSON, where it is not, and what it says. */
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

static const struct meaning *find_meaning(int status) {
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].status == status) {
            return &meanings[i];
        }
    }
    return &meaning_unknown;
}

static void say(struct answer *answer, struct span words) {
    sentence_append(answer->message, sizeof answer->message, words);
}

static void say_string(struct answer *answer, const char *words) {
    say(answer, span_of(words));
}

/* The path of a redirect's target, be it a URL or a path. */
static struct span path_of(struct span location) {
    const char *host = span_find(location, "://");

    if (host == NULL) {
        return location;
    }
    host += strlen("://");
    size_t left = (size_t)(location.data + location.length - host);
    const char *path = memchr(host, '/', left);
    if (path == NULL) {
        return span_of("/");
    }
    return (struct span){path, left - (size_t)(path - host)};
}

static void say_redirect(const struct exchange *exchange, struct answer *answer) {
    struct span location = text_span(&exchange->location);

    if (span_is_empty(location)) {
        say_string(answer, ": redirected, but not where to");
        return;
    }
    say_string(answer, ": redirected to ");
    say(answer, path_of(location));
}

/* {"message": text}; null where there is none. The caller's JSON owns the text. */
static struct span message_of(const json_t *json) {
    const json_t *message = json_object_get(json, "message");

    return (struct span){json_string_value(message), json_string_length(message)};
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
    struct span message = message_of(answer->json);
    char status[16];

    snprintf(status, sizeof status, "%d", exchange->status);
    say_string(answer, status);
    if (exchange->status >= 300 && exchange->status < 400) {
        say_redirect(exchange, answer);
    } else if (meaning->with_json == ANSWER_RECORD) {
        if (answer->json == NULL) {
            say_body(exchange, answer);
        }
    } else if (!span_is_empty(message)) {
        say_string(answer, ": ");
        say(answer, message);
    } else {
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
    return json_loadb(body.data, body.length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static void classify_failure(const struct exchange *exchange, struct answer *answer) {
    bool sent = exchange->end != EXCHANGE_NOT_SENT;

    answer->class = sent ? ANSWER_UNCERTAIN : ANSWER_NOT_TAKEN;
    say_string(answer, sent ? "no whole answer: " : "not sent: ");
    say_string(answer, exchange->failure);
}

void answer_classify(const struct exchange *exchange, struct answer *answer) {
    *answer = (struct answer){0};
    if (exchange->end != EXCHANGE_ANSWERED) {
        classify_failure(exchange, answer);
        return;
    }
    const struct meaning *meaning = find_meaning(exchange->status);
    answer->json = parse_body(exchange);
    answer->class = answer->json != NULL ? meaning->with_json : meaning->without_json;
    say_status(exchange, meaning, answer);
}

void answer_clear(struct answer *answer) {
    json_decref(answer->json);
    *answer = (struct answer){0};
}

const char *answer_class_name(enum answer_class class) {
    static const char *const names[] = {
        [ANSWER_RECORD] = "record",       [ANSWER_NOT_FOUND] = "not_found",
        [ANSWER_REFUSED] = "refused",     [ANSWER_SIGN_IN] = "sign_in",
        [ANSWER_FORBIDDEN] = "forbidden", [ANSWER_MISDIRECTED] = "misdirected",
        [ANSWER_NOT_TAKEN] = "not_taken", [ANSWER_UNCERTAIN] = "uncertain",
    };
    return names[class];
}
