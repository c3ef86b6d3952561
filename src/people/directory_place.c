#define _POSIX_C_SOURCE 200809L /* strncasecmp */
#include "people/directory_private.h"

#include <ldap.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/json_writer.h"
#include "base/text.h"

static const char expected[] = "expected ldap://HOST[:PORT]/BASE, such as "
                               "ldap://directory.example/ou=people,dc=example";

static const char *const attribute_words[DIRECTORY_ATTRIBUTE_COUNT] = {
    [DIRECTORY_LOGIN] = "login", [DIRECTORY_NAME] = "name", [DIRECTORY_MAIL] = "mail"};

static const char *const default_attributes[DIRECTORY_ATTRIBUTE_COUNT] = {
    [DIRECTORY_LOGIN] = "cn", [DIRECTORY_NAME] = "displayName", [DIRECTORY_MAIL] = "mail"};

bool directory_place_is_one(const char *location) {
    return strncasecmp(location, "ldap:", 5) == 0 || strncasecmp(location, "ldaps:", 6) == 0 ||
           strncasecmp(location, "ldapi:", 6) == 0;
}

/* The attribute description of RFC 4512, section 2.5, without options: a name or a dotted number.
 */
static bool is_attribute(struct span name) {
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && !(c >= '0' && c <= '9') && c != '-' && c != '.') {
            return false;
        }
    }
    return name.length > 0;
}

/* One `word=attribute` of the list. */
static int take_attribute(struct directory_place *place, struct span part, struct error *error) {
    struct span name = part;
    struct span word = span_cut(&name, '=');
    for (size_t i = 0; i < DIRECTORY_ATTRIBUTE_COUNT; i++) {
        if (span_equal_string(word, attribute_words[i]) && is_attribute(name)) {
            place->attributes[i] = arena_copy(&place->arena, name).data;
            return 0;
        }
    }
    return error_set(error, ERROR_USAGE,
                     "--ldap-attributes: \"%.*s\" is none of login=ATTRIBUTE, name=ATTRIBUTE, "
                     "mail=ATTRIBUTE; several are separated by commas, such as "
                     "login=uid,name=cn",
                     (int)part.length, part.data);
}

static int take_attributes(struct directory_place *place, const char *list, struct error *error) {
    memcpy(place->attributes, default_attributes, sizeof default_attributes);
    while (list != NULL) {
        size_t length = strcspn(list, ",");
        if (take_attribute(place, (struct span){list, length}, error) != 0) {
            return -1;
        }
        list = list[length] == ',' ? list + length + 1 : NULL;
    }
    return 0;
}

static const char *copy(struct directory_place *place, const char *text) {
    return arena_copy(&place->arena, span_of(text)).data;
}

/* The parts of the URL that a connection takes, put together by the library, which knows how an
 * IPv6 address is written. */
static int take_server(struct directory_place *place, const LDAPURLDesc *url, struct error *error) {
    LDAPURLDesc server = {
        .lud_scheme = url->lud_scheme, .lud_host = url->lud_host, .lud_port = url->lud_port};
    char port[16];
    char *text = ldap_url_desc2str(&server);
    if (text == NULL) {
        return error_set(error, ERROR_USAGE, "--people: its host cannot be that of a URL; %s",
                         expected);
    }
    /* After the port there is only the form of an empty rest. */
    text[strcspn(text + strlen("ldaps://"), "/?") + strlen("ldaps://")] = '\0';
    place->server = copy(place, text);
    ldap_memfree(text);
    snprintf(port, sizeof port, "%d", url->lud_port);
    place->host = copy(place, url->lud_host);
    place->port = copy(place, port);
    return 0;
}

static int check_base(const char *location, const char *base, struct error *error) {
    LDAPDN parsed = NULL;
    if (base == NULL || *base == '\0') {
        return error_set(error, ERROR_USAGE, "--people %s: names no base DN; %s", location,
                         expected);
    }
    if (!json_is_utf8(span_of(base)) ||
        ldap_str2dn(base, &parsed, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS) {
        return error_set(error, ERROR_USAGE, "--people %s: \"%s\" is no DN; %s", location,
                         json_is_utf8(span_of(base)) ? base : "the base", expected);
    }
    ldap_dnfree(parsed);
    return 0;
}

static int check_rest(const char *location, const LDAPURLDesc *url, struct error *error) {
    if (url->lud_host == NULL || *url->lud_host == '\0') {
        return error_set(error, ERROR_USAGE, "--people %s: names no host; %s", location, expected);
    }
    if (url->lud_attrs != NULL) {
        return error_set(error, ERROR_USAGE,
                         "--people %s: attributes do not belong in the URL; name them by "
                         "--ldap-attributes, such as login=uid,name=cn",
                         location);
    }
    if (url->lud_exts != NULL) {
        return error_set(error, ERROR_USAGE,
                         "--people %s: extensions in the URL are not understood; the user is "
                         "named by --ldap-bind",
                         location);
    }
    return check_base(location, url->lud_dn, error);
}

/* The name by which answers are kept: what decides what is found, and nothing else. */
static int make_name(struct directory_place *place, struct error *error) {
    struct text name = {0};
    text_append_format(&name, "%s/%s?%s,%s,%s?%s", place->server, place->base,
                       place->attributes[DIRECTORY_LOGIN], place->attributes[DIRECTORY_NAME],
                       place->attributes[DIRECTORY_MAIL],
                       place->scope == DIRECTORY_SUBTREE ? "sub" : "one");
    if (place->filter != NULL) {
        text_append_format(&name, "?%s", place->filter);
    }
    place->name = copy(place, text_string(&name));
    int rc = text_check(&name, error);
    text_free(&name);
    return rc;
}

static int take_url(struct directory_place *place, const char *location, const LDAPURLDesc *url,
                    struct error *error) {
    if (check_rest(location, url, error) != 0 || take_server(place, url, error) != 0) {
        return -1;
    }
    place->is_tls = strcasecmp(url->lud_scheme, "ldaps") == 0;
    place->base = copy(place, url->lud_dn);
    place->scope = url->lud_scope == LDAP_SCOPE_ONELEVEL ? DIRECTORY_ONE_LEVEL : DIRECTORY_SUBTREE;
    if (url->lud_filter != NULL && *url->lud_filter != '\0') {
        place->filter = copy(place, url->lud_filter);
    }
    if (make_name(place, error) != 0) {
        return -1;
    }
    return place->arena.failed ? error_set_no_memory(error) : 0;
}

int directory_place_parse(struct directory_place *place, const char *location,
                          const char *attributes, struct error *error) {
    LDAPURLDesc *url = NULL;
    /* The library knows more schemes (pldap, cldap) than are supported here. */
    if (!directory_place_is_one(location) || strncasecmp(location, "ldapi:", 6) == 0 ||
        ldap_url_parse(location, &url) != 0) {
        return error_set(error, ERROR_USAGE, "--people %s: is no URL of a directory; %s", location,
                         expected);
    }
    int rc = take_attributes(place, attributes, error);
    if (rc == 0) {
        rc = take_url(place, location, url, error);
    }
    ldap_free_urldesc(url);
    return rc;
}

void directory_place_free(struct directory_place *place) {
    arena_free(&place->arena);
}

void directory_place_append_value(struct text *out, struct span value) {
    struct berval escaped = {0};
    /* The library only reads what it is given. */
    struct berval plain = {.bv_len = value.length, .bv_val = (char *)value.data};
    if (value.length == 0) {
        return;
    }
    if (ldap_bv2escaped_filter_value(&plain, &escaped) != 0) {
        out->failed = true;
        return;
    }
    text_append(out, (struct span){escaped.bv_val, escaped.bv_len});
    ldap_memfree(escaped.bv_val == plain.bv_val ? NULL : escaped.bv_val);
}

static void append_equality(struct text *out, const char *attribute, struct span value) {
    text_append_format(out, "(%s=", attribute);
    directory_place_append_value(out, value);
    text_append_char(out, ')');
}

/* A URL may leave the brackets of its filter away, as ldapsearch(1) lets one do. */
static void append_own(struct text *out, const char *filter) {
    text_append_string(out, filter[0] == '(' ? "" : "(");
    text_append_string(out, filter);
    text_append_string(out, filter[0] == '(' ? "" : ")");
}

void directory_place_append_filter(struct text *out, const struct directory_place *place,
                                   const struct span *names, size_t count) {
    if (place->filter != NULL) {
        text_append_string(out, "(&");
        append_own(out, place->filter);
    }
    text_append_string(out, "(|");
    for (size_t i = 0; i < count; i++) {
        append_equality(out, place->attributes[DIRECTORY_LOGIN], names[i]);
        append_equality(out, place->attributes[DIRECTORY_NAME], names[i]);
    }
    text_append_char(out, ')');
    if (place->filter != NULL) {
        text_append_char(out, ')');
    }
}
