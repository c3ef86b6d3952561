#define _POSIX_C_SOURCE 200809L /* strncasecmp */
#include "cli/sqlalchemy_url.h"

#include <string.h>
#include <strings.h>

static const char *const schemes[] = {"oracle+cx_oracle://", "oracle+oracledb://"};

/* The part after the scheme, or NULL. */
static const char *find_rest(const char *value) {
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncasecmp(value, schemes[i], strlen(schemes[i])) == 0) {
            return value + strlen(schemes[i]);
        }
    }
    return NULL;
}

bool sqlalchemy_url_is_one(const char *value) {
    return find_rest(value) != NULL;
}

/* The @ before the host: the last one, as a password may have one that is not encoded. */
static const char *find_user_end(const char *rest) {
    return strrchr(rest, '@');
}

bool sqlalchemy_url_has_password(const char *value) {
    const char *rest = strstr(value, "://");
    if (rest == NULL || strncasecmp(value, "oracle", 6) != 0) {
        return false;
    }
    const char *end = find_user_end(rest + 3);
    return end != NULL && memchr(rest + 3, ':', (size_t)(end - rest - 3)) != NULL;
}

/* `service_name=SERVICE` of the query, or what is in the path. */
static void take_service(struct sqlalchemy_url *url, const char *path) {
    static const char key[] = "service_name=";
    const char *query = strchr(path, '?');
    const char *found = query == NULL ? NULL : strstr(query, key);
    struct span service = {path, query == NULL ? strlen(path) : (size_t)(query - path)};
    if (found != NULL) {
        found += sizeof key - 1;
        service = (struct span){found, strcspn(found, "&#")};
    }
    text_append_percent_decoded(&url->service, service);
}

static void take_user(struct sqlalchemy_url *url, struct span named) {
    const char *colon = named.length == 0 ? NULL : memchr(named.data, ':', named.length);
    size_t length = colon == NULL ? named.length : (size_t)(colon - named.data);
    text_append_percent_decoded(&url->user, (struct span){named.data, length});
    if (colon != NULL) {
        text_reserve(&url->password, named.length + 1);
        text_append_percent_decoded(&url->password,
                                    (struct span){colon + 1, named.length - length - 1});
    }
}

int sqlalchemy_url_read(struct sqlalchemy_url *url, const char *value, const char *name,
                        struct error *error) {
    const char *rest = find_rest(value);
    if (rest == NULL) {
        return error_set(error, ERROR_USAGE, "%s: expected %sUSER@HOST:PORT/?service_name=SERVICE",
                         name, schemes[0]);
    }
    const char *end = find_user_end(rest);
    const char *server = end == NULL ? rest : end + 1;
    size_t length = strcspn(server, "/?");
    take_user(url, (struct span){rest, end == NULL ? 0 : (size_t)(end - rest)});
    text_append(&url->server, (struct span){server, length});
    take_service(url, server + length + (server[length] == '/'));
    if (url->server.length == 0) {
        return error_set(
            error, ERROR_USAGE,
            "%s: the address names no host; expected "
            "%sUSER@HOST:PORT/?service_name=SERVICE, or oracle://USER@HOST:PORT/SERVICE",
            name, schemes[0]);
    }
    const struct text *const parts[] = {&url->user, &url->password, &url->server, &url->service};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (text_check(parts[i], error) != 0) {
            return -1;
        }
    }
    return 0;
}

void sqlalchemy_url_free(struct sqlalchemy_url *url) {
    text_free(&url->user);
    text_wipe(&url->password);
    text_free(&url->server);
    text_free(&url->service);
}

void sqlalchemy_url_append_address(const struct sqlalchemy_url *url, struct text *out) {
    text_append_string(out, "oracle://");
    if (url->user.length > 0) {
        text_append_percent_encoded(out, text_span(&url->user));
        text_append_char(out, '@');
    }
    text_append(out, text_span(&url->server));
    text_append_char(out, '/');
    text_append(out, text_span(&url->service));
}
