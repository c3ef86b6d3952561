#define _DEFAULT_SOURCE /* explicit_bzero, strdup */
#include "cli/credentials.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The keys under "new" and the options that they stand for. */
static const struct entry {
    const char *key;
    size_t offset;
} entries[] = {
    {"host_url", offsetof(struct options, target)},
    {"cookie_location", offsetof(struct options, cookies)},
    {"admins_list_path", offsetof(struct options, admins)},
};

static int take_entry(struct options *options, const json_t *section, const struct entry *entry,
                      struct error *error) {
    const json_t *value = json_object_get(section, entry->key);
    const char **field = (const char **)(void *)((char *)options + entry->offset);
    if (value == NULL || *field != NULL) {
        return 0;
    }
    if (!json_is_string(value)) {
        return error_set(error, ERROR_INPUT, "%s: new.%s is not a text", options->credentials,
                         entry->key);
    }
    if (json_string_length(value) == 0) {
        return 0;
    }
    char *copy = strdup(json_string_value(value));
    if (copy == NULL) {
        return error_set_no_memory(error);
    }
    options->owned[options->owned_count++] = copy;
    *field = copy;
    return 0;
}

int credentials_load(struct options *options, struct error *error) {
    if (options->credentials == NULL) {
        return 0;
    }
    json_error_t problem;
    json_t *root = json_load_file(options->credentials, 0, &problem);
    if (root == NULL) {
        /* The parser's text may quote the file, and the file holds a password. */
        return problem.line <= 0
                   ? error_set(error, ERROR_INPUT, "%s: cannot be read: %s", options->credentials,
                               strerror(errno))
                   : error_set(error, ERROR_INPUT, "%s: is not JSON at line %d, column %d",
                               options->credentials, problem.line, problem.column);
    }
    const json_t *section = json_object_get(root, "new");
    int rc = 0;
    if (!json_is_object(section)) {
        rc = error_set(error, ERROR_INPUT,
                       "%s: has no object \"new\" with host_url, cookie_location and "
                       "admins_list_path",
                       options->credentials);
    }
    for (size_t i = 0; i < sizeof entries / sizeof *entries && rc == 0; i++) {
        rc = take_entry(options, section, &entries[i], error);
    }
    json_decref(root);
    return rc;
}

static int read_token_file(struct options *options, struct error *error) {
    char buffer[4096];
    FILE *file = fopen(options->token_file, "r");
    if (file == NULL) {
        return error_set(error, ERROR_INPUT, "--token-file %s: cannot be read: %s",
                         options->token_file, strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0);
    size_t size;
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0) {
        text_append(&options->token, (struct span){buffer, size});
    }
    explicit_bzero(buffer, sizeof buffer);
    fclose(file);
    return 0;
}

/* A token is one word of visible characters (RFC 6750, section 2.1). */
static int check_token(struct options *options, const char *origin, struct error *error) {
    struct span token = span_trim(text_span(&options->token));
    memmove(options->token.data, token.data, token.length);
    options->token.length = token.length;
    text_terminate(&options->token);
    if (token.length == 0) {
        return error_set(error, ERROR_INPUT, "%s: is empty; expected a bearer token", origin);
    }
    for (size_t i = 0; i < token.length; i++) {
        unsigned char c = (unsigned char)options->token.data[i];
        if (c <= ' ' || c >= 0x7f) {
            return error_set(error, ERROR_INPUT,
                             "%s: is not a bearer token: it has blanks or line breaks inside",
                             origin);
        }
    }
    return 0;
}

int credentials_load_token(struct options *options, struct error *error) {
    const char *origin = options->token_file;
    if (options->token_file != NULL) {
        if (read_token_file(options, error) != 0) {
            return -1;
        }
    } else if (getenv("ROWPOST_TOKEN") != NULL) {
        origin = "ROWPOST_TOKEN";
        text_append_string(&options->token, getenv("ROWPOST_TOKEN"));
    } else {
        return 0;
    }
    if (text_check(&options->token, error) != 0) {
        return -1;
    }
    if (options->token.length == 0) {
        return error_set(error, ERROR_INPUT, "%s: is empty; expected a bearer token", origin);
    }
    return check_token(options, origin, error);
}
