#define _POSIX_C_SOURCE 200809L
#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void request_set_uri(struct request *request, const char *uri) {
    text_add_string(&request->uri, uri);
    const char *mark = strchr(request->uri.data, '?');
    size_t path_size = mark == NULL ? request->uri.size : (size_t)(mark - request->uri.data);
    text_add_decoded(&request->path, request->uri.data, path_size, '+');
    request->query = slice_of(mark == NULL ? "" : mark + 1);
}

void request_recycle(struct request *request) {
    struct request fresh = {.uri = request->uri,
                            .path = request->path,
                            .body = request->body,
                            .answer = request->answer,
                            .wire = request->wire};
    memcpy(fresh.arguments, request->arguments, sizeof fresh.arguments);
    text_clear(&fresh.uri);
    text_clear(&fresh.path);
    text_clear(&fresh.body);
    text_clear(&fresh.wire);
    for (int i = 0; i < REQUEST_ARGUMENTS; i++) {
        text_clear(&fresh.arguments[i]);
    }
    answer_clear(&fresh.answer);
    json_decref(request->document);
    *request = fresh;
}

void request_free(struct request *request) {
    request_recycle(request);
    text_free(&request->uri);
    text_free(&request->path);
    text_free(&request->body);
    text_free(&request->wire);
    for (int i = 0; i < REQUEST_ARGUMENTS; i++) {
        text_free(&request->arguments[i]);
    }
    answer_free(&request->answer);
    free(request);
}

const char *request_header(const struct request *request, const char *name) {
    if (request->connection == NULL) { /* late work: what arrived was announced as JSON */
        return strcmp(name, "Content-Type") == 0 ? "application/json" : NULL;
    }
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

int request_parameter(const struct request *request, const char *name, struct text *value) {
    const char *at = request->query.data;
    size_t name_size = strlen(name);
    while (at != NULL && *at != '\0') {
        size_t size = strcspn(at, "&");
        if (size >= name_size && strncmp(at, name, name_size) == 0 &&
            (size == name_size || at[name_size] == '=')) {
            size_t skip = size == name_size ? name_size : name_size + 1;
            text_add_decoded(value, at + skip, size - skip, ' ');
            return 1;
        }
        at += size + (at[size] == '&' ? 1 : 0);
    }
    return 0;
}

static bool is_announced_as_json(const struct request *request) {
    const char *type = request_header(request, "Content-Type");
    if (type == NULL) {
        return false;
    }
    size_t size = strcspn(type, "; \t");
    if (size == strlen("application/json") && strncasecmp(type, "application/json", size) == 0) {
        return true;
    }
    return size > strlen("application/+json") &&
           strncasecmp(type, "application/", strlen("application/")) == 0 &&
           strncasecmp(type + size - strlen("+json"), "+json", strlen("+json")) == 0;
}

json_t *request_payload(struct request *request) {
    if (!is_announced_as_json(request)) {
        answer_error(&request->answer, 500);
        return NULL;
    }
    const char *data = request->body.data == NULL ? "" : request->body.data;
    json_t *payload = json_loadb(data, request->body.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (payload == NULL) {
        answer_error(&request->answer, 400);
        return NULL;
    }
    if (!json_is_object(payload)) {
        json_decref(payload);
        answer_error(&request->answer, 500);
        return NULL;
    }
    return payload;
}
