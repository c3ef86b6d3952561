#define _POSIX_C_SOURCE 200809L
#include "answer.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct standing_message {
    unsigned status;
    const char *text;
};

static const struct standing_message messages[] = {
    {400, "The browser (or proxy) sent a request that this server could not understand."},
    {403, "You don't have the permission to access the requested resource. It is either "
          "read-protected or not readable by the server."},
    {404, "The requested URL was not found on the server. If you entered the URL manually please "
          "check your spelling and try again."},
    {405, "The method is not allowed for the requested URL."},
    {500, "Internal Server Error"},
};

void answer_clear(struct answer *answer) {
    for (int i = 0; i < answer->header_count; i++) {
        free(answer->headers[i].name);
        free(answer->headers[i].value);
    }
    answer->header_count = 0;
    answer->status = 0;
    answer->type = NULL;
    text_clear(&answer->body);
}

void answer_free(struct answer *answer) {
    answer_clear(answer);
    text_free(&answer->body);
}

void answer_set_header(struct answer *answer, const char *name, const char *value) {
    int at = 0;
    while (at < answer->header_count && strcasecmp(answer->headers[at].name, name) != 0) {
        at++;
    }
    if (at == ANSWER_HEADERS) {
        return;
    }
    if (at < answer->header_count) {
        free(answer->headers[at].name);
        free(answer->headers[at].value);
    } else {
        answer->header_count++;
    }
    answer->headers[at] = (struct header){strdup(name), strdup(value)};
    if (answer->headers[at].name == NULL || answer->headers[at].value == NULL) {
        abort();
    }
}

static struct text *begin(struct answer *answer, unsigned status, const char *type) {
    answer->status = status;
    answer->type = type;
    text_clear(&answer->body);
    return &answer->body;
}

struct text *answer_json(struct answer *answer, unsigned status) {
    return begin(answer, status, "application/json");
}

static struct text *begin_html(struct answer *answer, unsigned status) {
    return begin(answer, status, "text/html; charset=utf-8");
}

void answer_value(struct answer *answer, const json_t *value) {
    struct text *body = answer_json(answer, 200);
    text_add_json(body, value);
    text_add_string(body, "\n");
}

void answer_message(struct answer *answer, unsigned status, struct slice message) {
    struct text *body = answer_json(answer, status);
    text_add_string(body, "{\"message\": ");
    text_add_quoted(body, message);
    text_add_string(body, "}\n");
}

void answer_error(struct answer *answer, unsigned status) {
    const char *text = answer_reason(status);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (messages[i].status == status) {
            text = messages[i].text;
        }
    }
    answer_message(answer, status, slice_of(text));
}

void answer_page(struct answer *answer, unsigned status, const char *title) {
    struct text *body = begin_html(answer, status);
    text_print(body,
               "<!DOCTYPE html>\n<html>\n<head><title>%s</title></head>\n"
               "<body>\n<h1>%s</h1>\n</body>\n</html>\n",
               title, title);
}

void answer_login(struct answer *answer) {
    text_add_string(begin_html(answer, 200),
                    "<!DOCTYPE html>\n<html>\n<head><title>Sign in</title></head>\n<body>\n"
                    "<form method=\"post\" action=\"/login\">\n<input name=\"username\">\n"
                    "<input name=\"password\" type=\"password\">\n<button>Sign in</button>\n"
                    "</form>\n</body>\n</html>\n");
}

void answer_redirect(struct answer *answer, unsigned status, const char *location) {
    answer_page(answer, status, "Redirecting...");
    answer_set_header(answer, "Location", location);
}

const char *answer_reason(unsigned status) {
    const char *reason = MHD_get_reason_phrase_for(status);
    return reason == NULL ? "Unknown" : reason;
}
