#define _POSIX_C_SOURCE 200809L /* strncasecmp */
#include "oracle/address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LARGEST_FILE = 4 * 1024 * 1024, DEEPEST = 4, NAMES_SHOWN = 400 };

struct search {
    const char *folder;
    const char *alias;
    struct bytes *found;
    struct bytes by_label; /* the entry whose name without a domain is the alias */
    struct bytes names;    /* all names, with commas */
};

static int read_file(const char *path, struct bytes *text, struct oracle_error *error) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return failure_set(error, ORACLE_USAGE, "%s: cannot be read: %s", path, strerror(errno));
    }
    char part[4096];
    for (size_t count; (count = fread(part, 1, sizeof part, file)) > 0;) {
        bytes_append(text, part, count);
        if (text->length > LARGEST_FILE) {
            break;
        }
    }
    int failure = ferror(file) != 0 ? errno : 0;
    fclose(file);
    if (failure != 0) {
        return failure_set(error, ORACLE_USAGE, "%s: cannot be read: %s", path, strerror(failure));
    }
    if (text->length > LARGEST_FILE || memchr(bytes_text(text), '\0', text->length) != NULL) {
        return failure_set(error, ORACLE_USAGE, "%s: expected a tnsnames.ora", path);
    }
    return text->failed ? failure_set_no_memory(error) : 0;
}

/* Blanks out comments: from # to the end of the line. */
static void drop_comments(char *text) {
    for (; *(text += strcspn(text, "#")) != '\0';) {
        memset(text, ' ', strcspn(text, "\r\n"));
    }
}

/* Where the value that begins here ends: its parentheses are closed, or the line is over. */
static const char *find_end(const char *value) {
    if (*value != '(') {
        return value + strcspn(value, "\r\n");
    }
    int depth = 0;
    for (; *value != '\0'; value++) {
        depth += (*value == '(') - (*value == ')');
        if (depth == 0) {
            return value + 1;
        }
    }
    return value;
}

/* Looks at one name of an entry; stores its value where it belongs. */
static void take_name(struct search *search, const char *name, size_t length, const char *value,
                      size_t value_length) {
    size_t alias = strlen(search->alias);
    bytes_append_text(&search->names, search->names.length == 0 ? "" : ", ");
    bytes_append(&search->names, name, length);
    if (length < alias || strncasecmp(name, search->alias, alias) != 0) {
        return;
    }
    if (length == alias && search->found->length == 0) {
        bytes_append(search->found, value, value_length);
    } else if (length > alias && name[alias] == '.' && search->by_label.length == 0) {
        bytes_append(&search->by_label, value, value_length);
    }
}

static int take_file(struct search *search, const char *path, int depth,
                     struct oracle_error *error);

static int take_include(struct search *search, const char *value, size_t length, int depth,
                        struct oracle_error *error) {
    struct bytes path = {0};
    while (length > 0 && strchr(" \t\"'", value[length - 1]) != NULL) {
        length--;
    }
    while (length > 0 && strchr("\"'", *value) != NULL) {
        value++;
        length--;
    }
    if (length > 0 && *value != '/') {
        bytes_append_format(&path, "%s/", search->folder);
    }
    bytes_append(&path, value, length);
    int rc = path.failed ? failure_set_no_memory(error)
                         : take_file(search, bytes_text(&path), depth + 1, error);
    bytes_free(&path);
    return rc;
}

/* NAME[, NAME...] = VALUE, again and again. */
static int take_entries(struct search *search, const char *text, int depth,
                        struct oracle_error *error) {
    static const char blanks[] = " \t\r\n,";
    for (;;) {
        const char *names = text + strspn(text, " \t\r\n,)");
        const char *equals = strchr(names, '=');
        if (equals == NULL) {
            return 0;
        }
        const char *value = equals + 1 + strspn(equals + 1, " \t\r\n");
        text = find_end(value);
        if (strncasecmp(names, "IFILE", 5) == 0 &&
            strspn(names + 5, blanks) == (size_t)(equals - names - 5)) {
            if (take_include(search, value, (size_t)(text - value), depth, error) != 0) {
                return -1;
            }
            continue;
        }
        while (names < equals) {
            size_t length = strcspn(names, " \t\r\n,=");
            take_name(search, names, length, value, (size_t)(text - value));
            names += length;
            names += strspn(names, blanks);
        }
    }
}

static int take_file(struct search *search, const char *path, int depth,
                     struct oracle_error *error) {
    struct bytes text = {0};
    if (depth > DEEPEST) {
        return failure_set(error, ORACLE_USAGE, "%s: IFILE leads on and on", path);
    }
    int rc = read_file(path, &text, error);
    if (rc == 0 && text.length > 0) {
        drop_comments((char *)text.data);
        rc = take_entries(search, bytes_text(&text), depth, error);
    }
    bytes_free(&text);
    return rc;
}

static int fail_unknown(const struct search *search, const char *path, struct oracle_error *error) {
    return failure_set(error, ORACLE_USAGE, "%s has no %s; it has: %.*s%s", path, search->alias,
                       NAMES_SHOWN,
                       search->names.length == 0 ? "nothing" : bytes_text(&search->names),
                       search->names.length > NAMES_SHOWN ? " ..." : "");
}

int tns_names_find(const char *folder, const char *alias, struct bytes *found,
                   struct oracle_error *error) {
    folder = folder == NULL || *folder == '\0' ? getenv("TNS_ADMIN") : folder;
    if (folder == NULL || *folder == '\0') {
        return failure_set(error, ORACLE_USAGE,
                           "the address names no service, and %s is looked up in tnsnames.ora only "
                           "where its folder is named (--tns-admin or TNS_ADMIN); %s",
                           alias, easy_connect_form);
    }
    struct search search = {.folder = folder, .alias = alias, .found = found};
    struct bytes path = {0};
    bytes_append_format(&path, "%s/tnsnames.ora", folder);
    int rc = path.failed ? failure_set_no_memory(error)
                         : take_file(&search, bytes_text(&path), 0, error);
    if (rc == 0 && found->length == 0) {
        bytes_append(found, search.by_label.data, search.by_label.length);
    }
    if (rc == 0 && found->length == 0) {
        rc = fail_unknown(&search, bytes_text(&path), error);
    }
    if (rc == 0 && (found->failed || search.by_label.failed)) {
        rc = failure_set_no_memory(error);
    }
    bytes_free(&search.by_label);
    bytes_free(&search.names);
    bytes_free(&path);
    return rc;
}
