#define _DEFAULT_SOURCE /* strdup */
#include "cli/legacy_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/credentials.h"
#include "cli/password_prompt.h"
#include "cli/secret_file.h"

/* The notebook's database is an Oracle (its cell 13). */
#define NOTEBOOK_SCHEME "oracle"

/* Keeps a copy of the text as long as the options. */
static int keep(struct options *options, const struct text *text, const char **field,
                struct error *error) {
    if (text_check(text, error) != 0) {
        return -1;
    }
    char *copy = strdup(text_string(text));
    if (copy == NULL) {
        return error_set_no_memory(error);
    }
    options->owned[options->owned_count++] = copy;
    *field = copy;
    return 0;
}

/* From the notebook's user, `host:port` and service to an address. */
static int name_notebook_source(struct options *options, struct error *error) {
    struct text url = {0};
    text_append_string(&url, NOTEBOOK_SCHEME "://");
    text_append_percent_encoded(&url, span_of(options->old_user));
    text_append_format(&url, "@%s/%s", options->old_url, options->old_service);
    int rc = keep(options, &url, &options->source, error);
    text_free(&url);
    if (rc == 0) {
        log_info("the source is %s, by %s", options->source, options->credentials);
    }
    return rc;
}

bool legacy_source_is_named(const struct options *options) {
    return options->source != NULL ||
           (options->old_user != NULL && options->old_url != NULL && options->old_service != NULL);
}

int legacy_source_require(struct options *options, struct error *error) {
    if (options->source != NULL) {
        return 0;
    }
    if (legacy_source_is_named(options)) {
        return name_notebook_source(options, error);
    }
    return error_set(error, ERROR_USAGE,
                     "no source: name the legacy database with --from, such as --from legacy.db, "
                     "or with database_username, database_url and database_service of \"old\" in "
                     "--credentials");
}

static int read_password_file(const char *path, struct text *password, struct error *error) {
    struct text name = {0};
    text_append_format(&name, "--source-password-file %s", path);
    int rc = secret_file_read(text_string(&name), path, password, error);
    if (rc == 0) {
        secret_file_cut_line_end(password);
        if (password->length == 0 || memchr(password->data, '\n', password->length) != NULL) {
            rc = error_set(error, ERROR_INPUT, "%s: expected one line, the password",
                           text_string(&name));
        }
    }
    text_free(&name);
    return rc;
}

static int ask_at_terminal(const char *user, const char *place, struct text *password,
                           struct error *error) {
    if (!password_prompt_is_possible() || log_format() == LOG_JSON) {
        return 0;
    }
    struct text question = {0};
    text_append_format(&question, "Password of %s for %s: ", user, place);
    int rc = password_prompt(text_string(&question), password, error);
    text_free(&question);
    return rc;
}

static int give_password(void *context, const char *user, const char *place, struct text *password,
                         struct error *error) {
    struct options *options = context;
    const char *variable = getenv("ROWPOST_SOURCE_PASSWORD");
    if (options->source_password_file != NULL) {
        return read_password_file(options->source_password_file, password, error);
    }
    if (variable != NULL && *variable != '\0') {
        text_append_string(password, variable);
        return 0;
    }
    /* The password belongs to one user, and is not sent with another user's name. */
    if (options->old_user != NULL && user != NULL && strcmp(user, options->old_user) == 0) {
        if (credentials_load_source_password(options, password, error) != 0) {
            return -1;
        }
        if (password->length > 0) {
            return 0;
        }
    }
    return ask_at_terminal(user == NULL ? "the user" : user, place, password, error);
}

/* A password in an address is on the command line, where everybody can see it: it is masked
 * there. */
static int hide_password(struct options *options, struct error *error) {
    const char *begin = strstr(options->source, "://");
    const char *end = strrchr(options->source, '@');
    const char *colon = begin == NULL ? NULL : strchr(begin + 3, ':');
    if (colon == NULL || end == NULL || colon > end) {
        return 0;
    }
    for (size_t i = 0; i < options->owned_count; i++) {
        if (options->owned[i] == options->source) {
            return 0; /* it is a copy already */
        }
    }
    struct text copy = {0};
    char *shown = (char *)options->source + (colon + 1 - options->source);
    text_append_string(&copy, options->source);
    int rc = keep(options, &copy, &options->source, error);
    if (rc == 0) {
        memset(shown, '*', (size_t)(end - colon - 1));
    }
    text_wipe(&copy);
    return rc;
}

struct source *legacy_source_open(struct options *options, struct error *error) {
    if (hide_password(options, error) != 0) {
        return NULL;
    }
    const struct source_access access = {.schema = options->schema,
                                         .usual_schema = options->migration->schema,
                                         .ca_file = options->source_ca_file,
                                         .trace = options->trace,
                                         .tns_admin = options->tns_admin,
                                         .timeout = (int)options->source_timeout,
                                         .ask_password = give_password,
                                         .context = options};
    return source_open(options->source, &access, error);
}
