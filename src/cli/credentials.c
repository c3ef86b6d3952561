#define _DEFAULT_SOURCE /* explicit_bzero, strdup */
#include "cli/credentials.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "cli/secret_file.h"

/* The keys and the options that they stand for. */
static const struct entry {
    const char *section;
    const char *key;
    size_t offset;
    const char *option; /* the migration's, in place of the offset; or NULL */
} entries[] = {
    {"new", "host_url", offsetof(struct options, target), NULL},
    {"new", "cookie_location", offsetof(struct options, cookies), NULL},
    {"new", "admins_list_path", 0, "admins"},
    {"old", "database_username", offsetof(struct options, old_user), NULL},
    {"old", "database_url", offsetof(struct options, old_url), NULL},
    {"old", "database_service", offsetof(struct options, old_service), NULL},
};

static const char **field_of(struct options *options, const struct entry *entry) {
    return (const char **)(void *)((char *)options + entry->offset);
}

/* The command line wins; so does a migration that has no such option. */
static bool is_given(struct options *options, const struct entry *entry) {
    const struct migration_settings settings = {.values = options->values,
                                                .value_count = options->value_count};
    return entry->option != NULL ? migration_find_value(&settings, entry->option) != NULL ||
                                       !options_has_option(options, entry->option)
                                 : *field_of(options, entry) != NULL;
}

static int take_entry(struct options *options, const json_t *root, const struct entry *entry,
                      struct error *error) {
    const json_t *value = json_object_get(json_object_get(root, entry->section), entry->key);
    if (value == NULL || json_is_null(value) || is_given(options, entry)) {
        return 0;
    }
    if (!json_is_string(value)) {
        return error_set(error, ERROR_INPUT, "%s: %s.%s is not a text", options->credentials,
                         entry->section, entry->key);
    }
    if (json_string_length(value) == 0) {
        return 0;
    }
    char *copy = strdup(json_string_value(value));
    if (copy == NULL) {
        return error_set_no_memory(error);
    }
    options->owned[options->owned_count++] = copy;
    if (entry->option != NULL) {
        return options_add_value(options, entry->option, copy, error);
    }
    *field_of(options, entry) = copy;
    return 0;
}

/* The file holds a password: what the parser frees is wiped. */
static void free_wiped(void *memory) {
    if (memory != NULL) {
        explicit_bzero(memory, malloc_usable_size(memory));
    }
    free(memory);
}

static json_t *parse(const char *path, struct error *error) {
    struct text content = {0};
    json_error_t problem;
    json_t *root = NULL;
    if (secret_file_read(path, path, &content, error) == 0) {
        root = json_loadb(text_string(&content), content.length, 0, &problem);
        if (root == NULL) {
            /* The parser's text may quote the file. */
            error_set(error, ERROR_INPUT, "%s: is not JSON at line %d, column %d", path,
                      problem.line, problem.column);
        }
    }
    text_wipe(&content);
    return root;
}

/* Has the file parsed and read by `take`. */
static int read_credentials(struct options *options,
                            int (*take)(struct options *, const json_t *, struct text *,
                                        struct error *),
                            struct text *out, struct error *error) {
    json_malloc_t allocate;
    json_free_t release;
    json_get_alloc_funcs(&allocate, &release);
    json_set_alloc_funcs(malloc, free_wiped);
    json_t *root = parse(options->credentials, error);
    int rc = root == NULL ? -1 : take(options, root, out, error);
    json_decref(root);
    json_set_alloc_funcs(allocate, release);
    return rc;
}

static int take_entries(struct options *options, const json_t *root, struct text *out,
                        struct error *error) {
    (void)out;
    if (!json_is_object(json_object_get(root, "new"))) {
        return error_set(error, ERROR_INPUT,
                         "%s: has no object \"new\" with host_url, cookie_location and "
                         "admins_list_path",
                         options->credentials);
    }
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (take_entry(options, root, &entries[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

int credentials_load(struct options *options, struct error *error) {
    return options->credentials == NULL ? 0 : read_credentials(options, take_entries, NULL, error);
}

static int take_password(struct options *options, const json_t *root, struct text *out,
                         struct error *error) {
    const json_t *value = json_object_get(json_object_get(root, "old"), "database_password");
    if (value != NULL && !json_is_null(value) && !json_is_string(value)) {
        return error_set(error, ERROR_INPUT, "%s: old.database_password is not a text",
                         options->credentials);
    }
    text_reserve(out, json_string_length(value) + 1);
    text_append(out, (struct span){json_string_value(value), json_string_length(value)});
    return text_check(out, error);
}

int credentials_load_source_password(struct options *options, struct text *password,
                                     struct error *error) {
    return options->credentials == NULL ? 0
                                        : read_credentials(options, take_password, password, error);
}

/* Where a secret may come from. */
struct secret {
    const char *option; /* the option's name, for messages */
    const char *file;   /* what stands behind it, or NULL */
    const char *variable;
};

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

/* The bytes of the file or of the variable. `*origin` is what they come from; NULL: from nowhere.
 */
static int read_secret(const struct secret *secret, struct text *value, const char **origin,
                       struct error *error) {
    const char *variable = getenv(secret->variable);
    *origin = NULL;
    if (secret->file != NULL) {
        struct text name = {0};
        *origin = secret->file;
        text_append_format(&name, "--%s %s", secret->option, secret->file);
        int rc = secret_file_read(text_string(&name), secret->file, value, error);
        text_free(&name);
        return rc;
    }
    if (variable != NULL) {
        *origin = secret->variable;
        text_append_string(value, variable);
    }
    return 0;
}

static int load_secret(const struct secret *secret, struct text *value, struct error *error) {
    const char *origin = NULL;
    if (read_secret(secret, value, &origin, error) != 0) {
        return -1;
    }
    if (origin == NULL) {
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

/* A bind with a name and an empty password would pass as anonymous (RFC 4513, section 5.1.2). */
static int check_password(struct text *password, const char *origin, struct error *error) {
    secret_file_cut_line_end(password);
    if (password->length == 0) {
        return error_set(error, ERROR_INPUT, "%s: is empty; expected the password of --ldap-bind",
                         origin);
    }
    return 0;
}

int credentials_load_ldap_password(struct options *options, struct error *error) {
    const struct secret secret = {"ldap-password-file", options->ldap_password_file,
                                  "ROWPOST_LDAP_PASSWORD"};
    const char *origin = NULL;
    if (options->ldap_bind == NULL) {
        return secret.file == NULL ? 0
                                   : error_set(error, ERROR_USAGE,
                                               "--ldap-password-file: expected --ldap-bind DN, "
                                               "whose password it is");
    }
    if (read_secret(&secret, &options->ldap_password, &origin, error) != 0) {
        return -1;
    }
    if (origin == NULL) {
        return error_set(error, ERROR_USAGE,
                         "--ldap-bind: expected the password in --ldap-password-file or "
                         "ROWPOST_LDAP_PASSWORD");
    }
    return text_check(&options->ldap_password, error) == 0
               ? check_password(&options->ldap_password, origin, error)
               : -1;
}
