#define _DEFAULT_SOURCE /* explicit_bzero, strdup */
#include "cli/credentials.h"

#include <jansson.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/json_memory.h"
#include "base/log.h"
#include "cli/secret_file.h"
#include "cli/sqlalchemy_url.h"

/* The keys and the options that they set. The password is read where it is needed; the address is
 * read last, as it may repeat values of other keys. */
enum { NO_OPTION = -1 };

static const struct entry {
    const char *section;
    const char *key;
    ptrdiff_t offset;   /* in struct options, or NO_OPTION */
    const char *option; /* the migration's option that it sets, or NULL */
} entries[] = {
    {"new", "host_url", offsetof(struct options, target), NULL},
    {"new", "cookie_location", offsetof(struct options, cookies), NULL},
    {"new", "admins_list_path", NO_OPTION, "admins"},
    {"old", "database_username", offsetof(struct options, old_user), NULL},
    {"old", "database_password", NO_OPTION, NULL},
    {"old", "database_service", offsetof(struct options, old_service), NULL},
    {"old", "database_url", offsetof(struct options, old_url), NULL},
};

enum { ENTRY_COUNT = sizeof entries / sizeof *entries };

static const char *type_name(const json_t *value) {
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",  [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    return names[json_typeof(value)];
}

static void append_known(const char *section, struct text *out) {
    const char *between = "";
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        if (strcmp(entries[i].section, section) == 0) {
            text_append_format(out, "%s%s", between, entries[i].key);
            between = ", ";
        }
    }
}

/* A copy of the text, which lives as long as the options. */
static int set_option(struct options *options, const char *text, const char **field,
                      struct error *error) {
    char *copy = strdup(text);
    if (copy == NULL) {
        return error_set_no_memory(error);
    }
    options->owned[options->owned_count++] = copy;
    *field = copy;
    return 0;
}

/* The text of an entry, or NULL: it is not there, null or empty. */
static int read_text(const struct options *options, const json_t *root, const struct entry *entry,
                     const char **text, struct error *error) {
    const json_t *value = json_object_get(json_object_get(root, entry->section), entry->key);
    *text = NULL;
    if (value == NULL || json_is_null(value)) {
        return 0;
    }
    if (!json_is_string(value)) {
        return error_set(error, ERROR_INPUT, "%s: %s.%s is %s, not a text; expected a text",
                         options->credentials, entry->section, entry->key, type_name(value));
    }
    *text = json_string_length(value) == 0 ? NULL : json_string_value(value);
    return 0;
}

/* A complete address of a database, in the notebook's form, instead of HOST:PORT. */
static int take_database_url(struct options *options, const char *text, struct error *error) {
    struct sqlalchemy_url url = {0};
    struct text name = {0};
    text_append_format(&name, "%s: old.database_url", options->credentials);
    int rc = sqlalchemy_url_read(&url, text, text_string(&name), error);
    if (rc == 0 && options->old_user != NULL && url.user.length > 0 &&
        strcmp(options->old_user, text_string(&url.user)) != 0) {
        rc = error_set(error, ERROR_INPUT,
                       "%s names another user than old.database_username; leave out one of them",
                       text_string(&name));
    }
    if (rc == 0 && options->old_user == NULL && url.user.length > 0) {
        rc = set_option(options, text_string(&url.user), &options->old_user, error);
    }
    if (rc == 0 && options->old_service == NULL && url.service.length > 0) {
        rc = set_option(options, text_string(&url.service), &options->old_service, error);
    }
    if (rc == 0) {
        rc = set_option(options, text_string(&url.server), &options->old_url, error);
    }
    sqlalchemy_url_free(&url);
    text_free(&name);
    return rc;
}

/* A value that may contain a password is not put into an option, from which it could get into a
 * message. */
static int check_text(const struct options *options, const struct entry *entry, const char *text,
                      struct error *error) {
    bool is_server = strcmp(entry->key, "database_url") == 0;
    if (!is_server && !sqlalchemy_url_is_one(text) && !sqlalchemy_url_has_password(text)) {
        return 0;
    }
    if (is_server && strchr(text, '@') == NULL && strstr(text, "://") == NULL) {
        return 0;
    }
    return error_set(error, ERROR_INPUT, "%s: %s.%s is the address of a database; expected %s",
                     options->credentials, entry->section, entry->key,
                     is_server ? "HOST:PORT, or the whole "
                                 "oracle+cx_oracle://USER:PASSWORD@HOST:PORT/?service_name=SERVICE"
                               : "it in old.database_url");
}

/* Nothing is set where the command line has a value, or where the migration has no such option. */
static int add_value(struct options *options, const char *name, const char *text,
                     struct error *error) {
    const struct migration_settings given = {.values = options->values,
                                             .value_count = options->value_count};
    const char *copy = NULL;
    if (migration_find_value(&given, name) != NULL || !options_has_option(options, name)) {
        return 0;
    }
    return set_option(options, text, &copy, error) == 0
               ? options_add_value(options, name, copy, error)
               : -1;
}

static int take_entry(struct options *options, const json_t *root, const struct entry *entry,
                      struct error *error) {
    const char *text = NULL;
    if (read_text(options, root, entry, &text, error) != 0) {
        return -1;
    }
    if (text == NULL || (entry->offset == NO_OPTION && entry->option == NULL)) {
        return 0;
    }
    if (entry->offset == offsetof(struct options, old_url) && sqlalchemy_url_is_one(text)) {
        return take_database_url(options, text, error);
    }
    if (check_text(options, entry, text, error) != 0) {
        return -1;
    }
    if (entry->option != NULL) {
        return add_value(options, entry->option, text, error);
    }
    const char **field = (const char **)(void *)((char *)options + entry->offset);
    return *field != NULL ? 0 : set_option(options, text, field, error);
}

/* The file has a password: memory that the parser frees is wiped. */
static void free_wiped(void *memory) {
    if (memory != NULL) {
        explicit_bzero(memory, malloc_usable_size(memory));
    }
    free(memory);
}

static struct span without_byte_order_mark(struct span content) {
    static const char mark[] = "\xEF\xBB\xBF";
    size_t length = sizeof mark - 1;
    if (content.length < length || memcmp(content.data, mark, length) != 0) {
        return content;
    }
    return (struct span){content.data + length, content.length - length};
}

static json_t *parse(const char *path, struct error *error) {
    struct text content = {0};
    json_error_t problem;
    json_t *root = NULL;
    if (secret_file_read(path, path, &content, error) == 0) {
        struct span json = without_byte_order_mark(text_span(&content));
        root = json_memory_load(json.data, json.length, JSON_REJECT_DUPLICATES, &problem);
        if (root == NULL) {
            /* The parser's text may quote the file. */
            bool is_double = json_error_code(&problem) == json_error_duplicate_key;
            error_set(error, ERROR_INPUT, "%s: %s at line %d, column %d", path,
                      is_double ? "has a key for the second time" : "is not JSON", problem.line,
                      problem.column);
        }
    }
    text_wipe(&content);
    return root;
}

/* Parses the file and calls `take` to read it. */
static int read_credentials(struct options *options,
                            int (*take)(struct options *, json_t *, struct text *, struct error *),
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

static void warn_of_key(const struct options *options, const char *section, const char *key) {
    struct text message = {0};
    struct text name = {0};
    text_append_format(&name, "%s%s%s", section, *section == '\0' ? "" : ".", key);
    text_append_format(&message, "%s: the key ", options->credentials);
    fold_append_visible(text_span(&name), &message);
    text_append_string(&message, " is not known and not used; known are ");
    if (*section == '\0') {
        text_append_string(&message, "new, old");
    } else {
        append_known(section, &message);
    }
    log_warning("%s", text_string(&message));
    text_free(&message);
    text_free(&name);
}

static bool is_known(const char *section, const char *key) {
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        if (strcmp(entries[i].section, section) == 0 && strcmp(entries[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

static void warn_of_unknown(const struct options *options, json_t *root) {
    const char *section = NULL;
    const char *key = NULL;
    json_t *value = NULL;
    json_t *inner = NULL;
    json_object_foreach(root, section, value) {
        if (strcmp(section, "new") != 0 && strcmp(section, "old") != 0) {
            warn_of_key(options, "", section);
            continue;
        }
        json_object_foreach(value, key, inner) {
            if (!is_known(section, key)) {
                warn_of_key(options, section, key);
            }
        }
    }
}

static int check_section(const struct options *options, const json_t *root, const char *section,
                         struct error *error) {
    const json_t *value = json_object_get(root, section);
    struct text keys = {0};
    if (json_is_object(value)) {
        return 0;
    }
    append_known(section, &keys);
    if (value == NULL) {
        error_set(error, ERROR_INPUT, "%s: has no object \"%s\" with %s", options->credentials,
                  section, text_string(&keys));
    } else {
        error_set(error, ERROR_INPUT, "%s: \"%s\" is %s; expected an object with %s",
                  options->credentials, section, type_name(value), text_string(&keys));
    }
    text_free(&keys);
    return -1;
}

static int take_entries(struct options *options, json_t *root, struct text *out,
                        struct error *error) {
    (void)out;
    if (check_section(options, root, "new", error) != 0 ||
        (json_object_get(root, "old") != NULL && check_section(options, root, "old", error) != 0)) {
        return -1;
    }
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        if (take_entry(options, root, &entries[i], error) != 0) {
            return -1;
        }
    }
    warn_of_unknown(options, root);
    return 0;
}

int credentials_load(struct options *options, struct error *error) {
    if (options->credentials == NULL || options->has_credentials) {
        return 0;
    }
    options->has_credentials = true;
    return read_credentials(options, take_entries, NULL, error);
}

static void append_password(struct text *out, struct span password) {
    text_reserve(out, password.length + 1);
    text_append(out, password);
}

/* The password of the entry, or of the address if it has one. */
static int take_password(struct options *options, json_t *root, struct text *out,
                         struct error *error) {
    const struct entry database_password = {"old", "database_password", NO_OPTION, NULL};
    const struct entry database_url = {"old", "database_url", NO_OPTION, NULL};
    const char *password = NULL;
    const char *address = NULL;
    struct sqlalchemy_url url = {0};
    if (read_text(options, root, &database_password, &password, error) != 0 ||
        read_text(options, root, &database_url, &address, error) != 0) {
        return -1;
    }
    int rc = 0;
    if (password != NULL) {
        append_password(out, span_of(password));
    } else if (address != NULL && sqlalchemy_url_is_one(address)) {
        rc = sqlalchemy_url_read(&url, address, "old.database_url", error);
        append_password(out, text_span(&url.password));
    }
    sqlalchemy_url_free(&url);
    return rc == 0 ? text_check(out, error) : -1;
}

int credentials_load_source_password(struct options *options, struct text *password,
                                     struct error *error) {
    return options->credentials == NULL ? 0
                                        : read_credentials(options, take_password, password, error);
}
