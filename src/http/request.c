#include "http/request.h"

#include <string.h>
#include <time.h>

#include "http/cookie_jar.h"
#include "http/method.h"
#include "http/secret.h"

enum { HEAD_ROOM = 1024 }; /* for the lines that are as good as always the same */

static const struct span line_end = {"\r\n", 2};

/* The port that a scheme has where none is given. */
static const struct {
    const char *scheme;
    const char *port;
    bool is_tls;
} schemes[] = {{"http://", ":80", false}, {"https://", ":443", true}};

static bool starts_with(struct span span, const char *start) {
    size_t length = strlen(start);
    return span.length >= length && memcmp(span.data, start, length) == 0;
}

static bool ends_with(struct span span, const char *end) {
    size_t length = strlen(end);
    return span.length >= length && memcmp(span.data + span.length - length, end, length) == 0;
}

/* A zone, as in "[fe80::1%25eth0]", means something to this machine alone (RFC 6874, 1). */
static void append_host(struct text *out, struct span host) {
    const char *zone = memchr(host.data, '%', host.length);
    const char *end = memchr(host.data, ']', host.length);

    if (zone != NULL && end != NULL) {
        text_append(out, (struct span){host.data, (size_t)(zone - host.data)});
        host = (struct span){end, (size_t)(host.data + host.length - end)};
    }
    text_append(out, host);
}

/* Takes host and prefix out of what follows the scheme. */
static void take_parts(struct request_form *form, struct span rest, const char *default_port) {
    const char *path = memchr(rest.data, '/', rest.length);
    struct span host = rest;

    if (path != NULL) {
        host.length = (size_t)(path - rest.data);
        text_append(&form->prefix, (struct span){path, rest.length - host.length});
    }
    if (ends_with(host, default_port)) {
        host.length -= strlen(default_port);
    }
    append_host(&form->host, host);
}

int request_form_open(struct request_form *form, const struct transfer_settings *settings,
                      struct error *error) {
    struct span base = text_span(&settings->base);

    form->settings = settings;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t scheme = strlen(schemes[i].scheme);
        if (starts_with(base, schemes[i].scheme)) {
            form->is_tls = schemes[i].is_tls;
            take_parts(form, (struct span){base.data + scheme, base.length - scheme},
                       schemes[i].port);
        }
    }
    return text_check(&form->host, error) == 0 ? text_check(&form->prefix, error) : -1;
}

void request_form_free(struct request_form *form) {
    text_free(&form->prefix);
    text_free(&form->host);
    text_free(&form->target);
}

/* Nothing in a path may end the line that it stands in. */
static bool is_target(struct span target) {
    for (size_t i = 0; i < target.length; i++) {
        if (target.data[i] <= ' ' || target.data[i] > '~') {
            return false;
        }
    }
    return target.length > 0 && target.data[0] == '/';
}

static void append_field(struct text *out, const char *name, struct span value) {
    text_append_string(out, name);
    text_append(out, value);
    text_append(out, line_end);
}

/* A line that ends with its colon tells libcurl to leave the field out. */
static void append_lines(struct text *out, const struct curl_slist *lines) {
    for (const struct curl_slist *line = lines; line != NULL; line = line->next) {
        struct span field = span_of(line->data);
        if (!ends_with(field, ":")) {
            append_field(out, "", field);
        }
    }
}

static void append_cookies(const struct request_form *form, struct text *out) {
    static const char name[] = "Cookie: ";
    size_t start = out->length;

    if (form->settings->jar == NULL) {
        return;
    }
    text_append_string(out, name);
    cookie_jar_append(form->settings->jar, text_span(&form->target), (int64_t)time(NULL), out);
    if (out->length == start + sizeof name - 1) {
        out->length = start;
        return;
    }
    text_append(out, line_end);
}

static void append_length(struct text *out, size_t length) {
    text_append_string(out, "Content-Length: ");
    text_append_integer(out, (int64_t)length);
    text_append(out, line_end);
}

/* Empties the text and makes room for the whole request, so that no part of it is left behind. */
static void make_room(const struct request_form *form, const struct exchange *exchange,
                      const struct curl_slist *lines, struct text *out) {
    size_t room = HEAD_ROOM + form->host.length + form->target.length + COOKIE_JAR_MOST_BYTES +
                  exchange->body.length;

    for (const struct curl_slist *line = lines; line != NULL; line = line->next) {
        room += strlen(line->data) + line_end.length;
    }
    if (out->capacity <= room) {
        secret_free(out);
    }
    text_clear(out);
    text_reserve(out, room);
}

int request_write(struct request_form *form, const struct exchange *exchange, struct text *out,
                  struct error *error) {
    const struct method *method = method_find(exchange->method);
    const struct headers *headers = &form->settings->headers;

    if (method == NULL) {
        return error_set(error, ERROR_INTERNAL, "no request is made with the method %s",
                         exchange->method);
    }
    bool has_body = method->always_has_body || !span_is_null(exchange->body);
    const struct curl_slist *lines = has_body ? headers->with_body : headers->without_body;
    text_clear(&form->target);
    text_append(&form->target, text_span(&form->prefix));
    text_append(&form->target, text_span(&exchange->path));
    if (!is_target(text_span(&form->target))) {
        return 0;
    }
    make_room(form, exchange, lines, out);
    text_append_string(out, method->name);
    text_append_char(out, ' ');
    text_append(out, text_span(&form->target));
    text_append_string(out, " HTTP/1.1\r\n");
    append_field(out, "Host: ", text_span(&form->host));
    append_field(out, "User-Agent: ", span_of(TRANSFER_USER_AGENT));
    append_lines(out, lines);
    append_cookies(form, out);
    if (has_body) {
        append_length(out, exchange->body.length);
    }
    text_append(out, line_end);
    text_append(out, exchange->body);
    return text_check(&form->target, error) == 0 && text_check(out, error) == 0 ? 1 : -1;
}

struct span request_target(struct span request) {
    const char *start = memchr(request.data, ' ', request.length);
    size_t left = (size_t)(request.data + request.length - start) - 1;

    return (struct span){start + 1,
                         (size_t)((const char *)memchr(start + 1, ' ', left) - start) - 1};
}
