#include <string.h>

#include "source/odbc_private.h"

enum { MAX_NAMES = 6 };

/* The address forms of each driver, and what its connection string is made of. */
struct form {
    const char *scheme;
    const char *product;
    const char *drivers[MAX_NAMES]; /* how their names begin, the best first; NULL at the end */
    unsigned default_port;
    const char *install; /* what to do where there is no driver */
};

#define MYSQL_FORM(name)                                                                           \
    {                                                                                              \
        .scheme = (name), .product = "MariaDB or MySQL",                                           \
        .drivers = {"MariaDB Unicode", "MariaDB", "MySQL"}, .default_port = 3306,                  \
        .install = "install Debian's odbc-mariadb"                                                 \
    }

/* `DBQ` is Oracle's EasyConnect name. What the drivers are called: odbcinst.ini of Debian's
 * packages; Instant Client's odbc_update_ini.sh writes `Oracle 21 ODBC driver`, by version. */
static const struct form forms[] = {
    {.scheme = "oracle+odbc",
     .product = "Oracle",
     .drivers = {"Oracle"},
     .default_port = 1521,
     .install = "docs/oracle.md shows how Oracle's own is installed"},
    {.scheme = "postgresql",
     .product = "PostgreSQL",
     .drivers = {"PostgreSQL Unicode", "PostgreSQL", "psqlodbc"},
     .default_port = 5432,
     .install = "install Debian's odbc-postgresql"},
    MYSQL_FORM("mysql"),
    MYSQL_FORM("mariadb"),
};

/* The pieces of USER@HOST:PORT/DATABASE?driver=NAME, still percent-encoded. */
struct pieces {
    struct span user, host, port, database, driver;
};

void odbc_url_free(struct odbc_url *parts) {
    text_free(&parts->name);
    text_free(&parts->string);
    text_free(&parts->user);
}

/* psqlodbc takes braces for a part of the value, the driver's name and the password apart. */
static void append_plain_attribute(struct text *string, const char *key, struct span value) {
    for (size_t i = 0; i < value.length; i++) {
        if (strchr(";{} =", value.data[i]) != NULL) {
            odbc_append_attribute(string, key, value);
            return;
        }
    }
    text_append_format(string, "%s%s=", string->length == 0 ? "" : ";", key);
    text_append(string, value);
}

void odbc_append_attribute(struct text *string, const char *key, struct span value) {
    text_append_format(string, "%s%s={", string->length == 0 ? "" : ";", key);
    for (size_t i = 0; i < value.length; i++) {
        text_append_char(string, value.data[i]);
        if (value.data[i] == '}') {
            text_append_char(string, '}');
        }
    }
    text_append_char(string, '}');
}

/* Cuts the next `key=value` off the connection string, past the braces of a value. False: none is
 * left. */
static bool next_attribute(struct span *string, struct span *key, struct span *value) {
    while (string->length > 0 && (*string->data == ';' || *string->data == ' ')) {
        string->data++;
        string->length--;
    }
    if (string->length == 0) {
        return false;
    }
    const char *end = string->data + string->length;
    const char *equals = memchr(string->data, '=', string->length);
    const char *at = equals == NULL ? end : equals + 1;
    if (at < end && *at == '{') {
        const char *brace = at;
        do {
            brace = memchr(brace + 1, '}', (size_t)(end - brace - 1));
        } while (brace != NULL && brace + 1 < end && brace[1] == '}' && ++brace < end);
        at = brace == NULL ? end : brace;
    }
    const char *stop = at == end ? end : memchr(at, ';', (size_t)(end - at));
    stop = stop == NULL ? end : stop;
    const char *key_end = equals == NULL || equals > stop ? stop : equals;
    *key = span_trim((struct span){string->data, (size_t)(key_end - string->data)});
    *value = (struct span){key_end, 0};
    if (key_end < stop) {
        *value = span_trim((struct span){key_end + 1, (size_t)(stop - key_end - 1)});
    }
    *string = (struct span){stop, (size_t)(end - stop)};
    return true;
}

static bool find_attribute(struct span string, const char *name, struct span *value) {
    struct span key;
    while (next_attribute(&string, &key, value)) {
        if (span_equal_ignoring_ascii_case(key, span_of(name))) {
            return true;
        }
    }
    return false;
}

bool odbc_has_attribute(struct span string, const char *key) {
    struct span value;
    return find_attribute(string, key, &value);
}

static int refuse_password(const char *where, struct error *error) {
    return error_set(error, ERROR_USAGE,
                     "%s is on the command line, where every user of this machine can read it; "
                     "leave it out and give the password by --source-password-file FILE, by "
                     "ROWPOST_SOURCE_PASSWORD in the environment or at the prompt, and change it",
                     where);
}

/* Drivers have many names for secrets: PWD, Password, passwd, AccessToken; psqlodbc's pqopt takes a
 * connection string of libpq, password included. */
static bool has_secret(struct span string) {
    static const char *const words[] = {"PASS", "PWD", "SECRET", "TOKEN", "PQOPT"};
    struct span key;
    struct span value;
    while (next_attribute(&string, &key, &value)) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            size_t length = strlen(words[i]);
            for (size_t at = 0; at + length <= key.length; at++) {
                if (span_equal_ignoring_ascii_case((struct span){key.data + at, length},
                                                   span_of(words[i]))) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* `odbc:` and a connection string of the user's own. */
static int read_string(struct odbc_url *parts, struct span string, const char *user,
                       struct error *error) {
    static const char *const users[] = {"UID", "USER", "USERNAME"};
    struct span value = span_of(user);
    if (has_secret(string)) {
        return refuse_password("a password (such as PWD= in the connection string)", error);
    }
    if (!odbc_has_attribute(string, "DSN") && !odbc_has_attribute(string, "DRIVER") &&
        !odbc_has_attribute(string, "FILEDSN")) {
        return error_set(error, ERROR_USAGE,
                         "an ODBC source is odbc:dsn=NAME, or odbc: with a connection string that "
                         "has DRIVER= or DSN= in it; isql and odbcinst -q -s list the names");
    }
    text_append(&parts->string, string);
    bool has_user = false;
    for (size_t i = 0; i < sizeof users / sizeof *users && !has_user; i++) {
        has_user = find_attribute(string, users[i], &value);
    }
    if (!has_user && user != NULL) {
        append_plain_attribute(&parts->string, "UID", span_of(user));
    }
    if (value.length >= 2 && value.data[0] == '{') {
        value = (struct span){value.data + 1, value.length - 2};
    }
    text_append(&parts->user, value);
    return 0;
}

static int refuse_address(const struct form *form, struct error *error) {
    return error_set(error, ERROR_USAGE,
                     "an address of %s is %s://USER@HOST:PORT/%s, such as %s://reader@host:%u/%s",
                     form->product, form->scheme,
                     form->default_port == 1521 ? "SERVICE" : "DATABASE", form->scheme,
                     form->default_port, form->default_port == 1521 ? "orcl" : "valdb");
}

static int split(const struct form *form, struct span rest, struct pieces *pieces,
                 struct error *error) {
    struct span parameters = rest;
    rest = span_cut(&parameters, '?');
    struct span database = rest;
    struct span authority = span_cut(&database, '/');
    struct span host = authority;
    pieces->user =
        memchr(authority.data, '@', authority.length) == NULL ? span_of("") : span_cut(&host, '@');
    if (memchr(pieces->user.data, ':', pieces->user.length) != NULL ||
        memchr(host.data, '@', host.length) != NULL) {
        return refuse_password("a password (USER:PASSWORD@ in the address)", error);
    }
    pieces->database = database;
    /* [::1]:5432, RFC 3986, 3.2.2 */
    if (host.length > 0 && host.data[0] == '[') {
        host = (struct span){host.data + 1, host.length - 1};
        pieces->host = span_cut(&host, ']');
        span_cut(&host, ':');
    } else {
        pieces->host = span_cut(&host, ':');
    }
    pieces->port = host;
    pieces->driver = span_of("");
    if (parameters.length > 0) {
        if (!span_equal_ignoring_ascii_case(span_cut(&parameters, '='), span_of("driver"))) {
            return refuse_address(form, error);
        }
        pieces->driver = parameters;
    }
    for (size_t i = 0; i < pieces->port.length; i++) {
        if (pieces->port.data[i] < '0' || pieces->port.data[i] > '9') {
            return refuse_address(form, error);
        }
    }
    return pieces->host.length == 0 ? refuse_address(form, error) : 0;
}

static int append_driver(struct odbc_url *parts, const struct form *form, struct span wanted,
                         odbc_find_driver *find_driver, struct error *error) {
    struct text driver = {0};
    struct text installed = {0};
    int rc = 0;
    text_append_percent_decoded(&driver, wanted);
    if (wanted.length == 0 && !find_driver(form->drivers, &driver, &installed)) {
        rc = error_set(error, ERROR_SOURCE, "no ODBC driver for %s is installed (there is: %s); %s",
                       form->product,
                       installed.length == 0 ? "none at all" : text_string(&installed),
                       form->install);
    }
    odbc_append_attribute(&parts->string, "DRIVER", text_span(&driver));
    text_free(&driver);
    text_free(&installed);
    return rc;
}

static void append_decoded_attribute(struct odbc_url *parts, const char *key, struct span encoded) {
    struct text value = {0};
    text_append_percent_decoded(&value, encoded);
    append_plain_attribute(&parts->string, key, text_span(&value));
    text_free(&value);
}

/* Oracle's EasyConnect: //HOST:PORT/SERVICE in one word. The others have a key for each. */
static void append_place(struct odbc_url *parts, const struct form *form,
                         const struct pieces *pieces) {
    struct text port = {0};
    struct text place = {0};
    text_append(&port, pieces->port);
    if (pieces->port.length == 0) {
        text_append_integer(&port, form->default_port);
    }
    if (strcmp(form->product, "Oracle") == 0) {
        bool is_v6 = memchr(pieces->host.data, ':', pieces->host.length) != NULL;
        text_append_string(&place, is_v6 ? "//[" : "//");
        text_append_percent_decoded(&place, pieces->host);
        text_append_format(&place, "%s:%s/", is_v6 ? "]" : "", text_string(&port));
        text_append_percent_decoded(&place, pieces->database);
        text_append_format(&parts->string, ";DBQ=%s", text_string(&place));
    } else {
        append_decoded_attribute(parts, "SERVER", pieces->host);
        text_append_format(&parts->string, ";PORT=%s", text_string(&port));
        if (pieces->database.length > 0) {
            append_decoded_attribute(parts, "DATABASE", pieces->database);
        }
    }
    text_free(&port);
    text_free(&place);
}

static int read_form(struct odbc_url *parts, const struct form *form, struct span rest,
                     const char *user, odbc_find_driver *find_driver, struct error *error) {
    struct pieces pieces = {0};
    if (rest.length < 2 || memcmp(rest.data, "//", 2) != 0) {
        return refuse_address(form, error);
    }
    if (split(form, (struct span){rest.data + 2, rest.length - 2}, &pieces, error) != 0 ||
        append_driver(parts, form, pieces.driver, find_driver, error) != 0) {
        return -1;
    }
    append_place(parts, form, &pieces);
    text_append_percent_decoded(&parts->user, pieces.user);
    if (pieces.user.length == 0 && user != NULL) {
        text_append_string(&parts->user, user);
    }
    if (parts->user.length > 0) {
        append_plain_attribute(&parts->string, "UID", text_span(&parts->user));
    }
    return 0;
}

int odbc_url_read(struct odbc_url *parts, const char *url, const char *user,
                  odbc_find_driver *find_driver, struct error *error) {
    size_t length = strcspn(url, ":");
    struct span scheme = {url, length};
    struct span rest = span_of(url[length] == ':' ? url + length + 1 : url + length);
    int rc = -1;
    text_append_string(&parts->name, url);
    if (span_equal_ignoring_ascii_case(scheme, span_of("odbc"))) {
        rc = read_string(parts, rest, user, error);
    } else {
        for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
            if (span_equal_ignoring_ascii_case(scheme, span_of(forms[i].scheme))) {
                rc = read_form(parts, &forms[i], rest, user, find_driver, error);
            }
        }
    }
    if (rc == 0 &&
        (text_check(&parts->string, error) != 0 || text_check(&parts->name, error) != 0)) {
        rc = -1;
    }
    return rc;
}
