#include "source/oracle_private.h"

#include <string.h>

static const struct beginning {
    const char *url;
    const char *address;
    bool is_alchemy; /* an address as SQLAlchemy has it */
} beginnings[] = {
    {"oracle+tcps://", "tcps://", false}, {"oracle://", "", false},         {"oracle:", "", false},
    {"oracle+cx_oracle://", "", true},    {"oracle+oracledb://", "", true},
};

static const struct beginning *find_beginning(const char *url) {
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (span_begins_with_ignoring_ascii_case(span_of(url), beginnings[i].url)) {
            return &beginnings[i];
        }
    }
    return NULL;
}

/* Where the user ends, or NULL: an @ before the host or the descriptor. */
static const char *find_user_end(const char *rest) {
    size_t length = strcspn(rest, "/(");
    const char *end = NULL;
    for (size_t i = 0; i < length; i++) {
        end = rest[i] == '@' ? rest + i : end;
    }
    return end;
}

/* Appends the service that SQLAlchemy's `?service_name=` names. A mode such as SYSDBA is more than
 * a reader may have. */
static int append_service(struct span keys, struct text *service, struct error *error) {
    while (keys.length > 0) {
        struct span value = span_cut(&keys, '&');
        struct span key = span_cut(&value, '=');
        if (span_equal_ignoring_ascii_case(key, span_of("service_name"))) {
            text_append_percent_decoded(service, value);
        } else if (span_equal_ignoring_ascii_case(key, span_of("mode"))) {
            return error_set(error, ERROR_USAGE,
                             "the address asks for a mode; leave it out: a user who may read the "
                             "tables is enough");
        }
    }
    return 0;
}

/* HOST[:PORT][/SID][?service_name=SERVICE] */
static int read_alchemy_place(struct oracle_url *parts, struct span place, struct error *error) {
    struct text service = {0};
    struct span keys = place;
    place = span_cut(&keys, '?');
    struct span sid = place;
    struct span host = span_cut(&sid, '/');
    int rc = append_service(keys, &service, error);
    text_append_percent_decoded(&parts->address, host);
    if (service.length > 0) {
        text_append_format(&parts->address, "/%s", text_string(&service));
    } else if (sid.length > 0) {
        text_append_string(&parts->address,
                           memchr(host.data, ':', host.length) == NULL ? ":1521:" : ":");
        text_append_percent_decoded(&parts->address, sid);
    }
    if (rc == 0 && service.length > 0 && sid.length > 0) {
        rc = error_set(error, ERROR_USAGE,
                       "the address has a SID after the slash and a service_name; leave one out");
    }
    text_free(&service);
    return rc;
}

/* USER:PASSWORD@ and the place. The password may have any character, an @ as well. */
static int read_alchemy(struct oracle_url *parts, const struct beginning *beginning,
                        const char *rest, struct error *error) {
    const char *at = strrchr(rest, '@');
    struct span password = {rest, at == NULL ? 0 : (size_t)(at - rest)};
    struct span user = span_cut(&password, ':');
    const char *place = at == NULL ? rest : at + 1;
    text_append_percent_decoded(&parts->user, user);
    text_append_percent_decoded(&parts->password, password);
    text_append_string(&parts->name, beginning->url);
    text_append(&parts->name, user);
    text_append_format(&parts->name, "%s%s%s", password.length > 0 ? ":***" : "",
                       at == NULL ? "" : "@", place);
    return read_alchemy_place(parts, span_of(place), error);
}

static int read_plain(struct oracle_url *parts, const struct beginning *beginning, const char *url,
                      struct error *error) {
    const char *rest = url + strlen(beginning->url);
    const char *end = find_user_end(rest);
    struct span named = {rest, end == NULL ? 0 : (size_t)(end - rest)};
    if (named.length > 0 && memchr(named.data, ':', named.length) != NULL) {
        return error_set(error, ERROR_USAGE,
                         "a password does not belong into an address, where every user of the "
                         "machine sees it; write oracle://USER@HOST:PORT/SERVICE, and the password "
                         "into a file (--source-password-file) or ROWPOST_SOURCE_PASSWORD");
    }
    text_append_percent_decoded(&parts->user, named);
    text_append_string(&parts->address, beginning->address);
    text_append_string(&parts->address, end == NULL ? rest : end + 1);
    text_append_string(&parts->name, url);
    return 0;
}

int oracle_url_read(struct oracle_url *parts, const char *url, const char *user,
                    struct error *error) {
    const struct beginning *beginning = find_beginning(url);
    if (beginning == NULL) {
        return error_set(error, ERROR_USAGE, "expected oracle://USER@HOST:PORT/SERVICE");
    }
    int rc = beginning->is_alchemy
                 ? read_alchemy(parts, beginning, url + strlen(beginning->url), error)
                 : read_plain(parts, beginning, url, error);
    if (rc != 0) {
        return rc;
    }
    if (parts->user.length == 0) {
        text_append(&parts->user, span_of(user));
    }
    if (parts->user.length == 0) {
        /* What is before an `@` may be a password in a place where none is looked for. */
        const char *shown = strchr(url, '@') == NULL ? url : beginning->url;
        return error_set(error, ERROR_USAGE,
                         "%s: no user is named; expected oracle://USER@HOST:PORT/SERVICE", shown);
    }
    const struct text *const texts[] = {&parts->name, &parts->address, &parts->user,
                                        &parts->password};
    for (size_t i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++) {
        rc = text_check(texts[i], error);
    }
    return rc;
}

void oracle_url_free(struct oracle_url *parts) {
    text_free(&parts->name);
    text_free(&parts->address);
    text_free(&parts->user);
    text_wipe(&parts->password);
}
