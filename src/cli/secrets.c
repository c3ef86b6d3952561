#include "cli/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "cli/secret_file.h"

/* Where a secret may come from. */
struct secret {
    const char *option; /* the option's name, for messages */
    const char *file;   /* its value, or NULL */
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

/* The bytes of the file or of the variable. `*origin` is where they come from; NULL: there are
 * none. */
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

/* The user and the password of basic authentication: a line, in which there may be blanks. */
static int load_user(const struct secret *secret, struct text *value, struct error *error) {
    const char *origin = NULL;
    if (read_secret(secret, value, &origin, error) != 0) {
        return -1;
    }
    secret_file_cut_line_end(value);
    return text_check(value, error);
}

int secrets_use_auth(struct options *options, struct error *error) {
    const struct migration *migration = options->migration;
    if (options->auth_scheme != AUTH_UNSAID || options->auth_header != NULL) {
        return 0;
    }
    options->auth_header = migration->auth_header;
    return migration->auth_scheme == NULL
               ? 0
               : option_parse_auth_scheme(options, migration->auth_scheme, error);
}

int secrets_take_auth(struct options *options, struct error *error) {
    const struct migration *migration = options->migration;
    const char *scheme = migration->auth_scheme;
    bool is_of_cookies = scheme != NULL && strcmp(scheme, "cookies") == 0;
    bool has_token = options->token_file != NULL || getenv("ROWPOST_TOKEN") != NULL;
    bool is_said = options->auth_scheme != AUTH_UNSAID || options->auth_header != NULL;
    if (is_said || !(is_of_cookies ? options->cookies != NULL : has_token)) {
        return 0;
    }
    return secrets_use_auth(options, error);
}

static int load_token(struct options *options, struct error *error) {
    const struct secret token = {"token-file", options->token_file, "ROWPOST_TOKEN"};
    if (options->auth_scheme == AUTH_COOKIES && options->token_file == NULL) {
        return 0; /* a token in the environment is for other commands */
    }
    return options->auth_scheme == AUTH_BASIC ? load_user(&token, &options->token, error)
                                              : load_secret(&token, &options->token, error);
}

int secrets_load(struct options *options, struct error *error) {
    const struct secret client = {"client-secret-file", options->client_secret_file,
                                  "ROWPOST_CLIENT_SECRET"};
    if (load_token(options, error) != 0) {
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

int secrets_load_ldap_password(struct options *options, struct error *error) {
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
