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

/* Where a secret may come from. */
struct secret {
    const char *option; /* the option's name, for messages */
    const char *file;   /* what stands behind it, or NULL */
    const char *variable;
};

static int read_secret_file(const struct secret *secret, struct text *value, struct error *error) {
    char buffer[4096];
    FILE *file = fopen(secret->file, "r");
    if (file == NULL) {
        return error_set(error, ERROR_INPUT, "--%s %s: cannot be read: %s", secret->option,
                         secret->file, strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0);
    size_t size;
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0) {
        text_append(value, (struct span){buffer, size});
    }
    explicit_bzero(buffer, sizeof buffer);
    fclose(file);
    return 0;
}

/* A token is one word of visible characters (RFC 6750, section 2.1), and so is a secret. */
static int check_secret(struct text *value, const char *origin, struct error *error) {
    struct span word = span_trim(text_span(value));
    if (word.length == 0) {
        return error_set(error, ERROR_INPUT, "%s: is empty; expected a secret", origin);
    }
    memmove(value->data, word.data, word.length);
    value->length = word.length;
    text_terminate(value);
    for (size_t i = 0; i < value->length; i++) {
        unsigned char c = (unsigned char)value->data[i];
        if (c <= ' ' || c >= 0x7f) {
            return error_set(error, ERROR_INPUT,
                             "%s: is no token or secret: it has blanks or line breaks inside",
                             origin);
        }
    }
    return 0;
}

static int load_secret(const struct secret *secret, struct text *value, struct error *error) {
    const char *origin = secret->file;
    const char *variable = getenv(secret->variable);
    if (secret->file != NULL) {
        if (read_secret_file(secret, value, error) != 0) {
            return -1;
        }
    } else if (variable != NULL) {
        origin = secret->variable;
        text_append_string(value, variable);
    } else {
        return 0;
    }
    return text_check(value, error) == 0 ? check_secret(value, origin, error) : -1;
}

int credentials_load_secrets(struct options *options, struct error *error) {
    const struct secret token = {"token-file", options->token_file, "ROWPOST_TOKEN"};
    const struct secret client = {"client-secret-file", options->client_secret_file,
                                  "ROWPOST_CLIENT_SECRET"};
    if (load_secret(&token, &options->token, error) != 0) {
        return -1;
    }
    if (options->oauth2_token_url == NULL) {
        return 0;
    }
    if (load_secret(&client, &options->client_secret, error) != 0) {
        return -1;
    }
    if (options->client_id == NULL || options->client_secret.length == 0) {
        return error_set(error, ERROR_USAGE,
                         "--oauth2-token-url: expected --client-id, and the secret in "
                         "--client-secret-file or ROWPOST_CLIENT_SECRET");
    }
    return 0;
}
