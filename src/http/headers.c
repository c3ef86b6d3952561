#define _GNU_SOURCE /* explicit_bzero */
#include "http/headers.h"

#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

#include "http/secret.h"

static const char basic[] = "Authorization: Basic ";

void headers_wipe_list(struct curl_slist *list) {
    for (struct curl_slist *line = list; line != NULL; line = line->next) {
        explicit_bzero(line->data, strlen(line->data));
    }
    curl_slist_free_all(list);
}

/* Appends a header line. */
static int add(struct curl_slist **list, const char *line, struct error *error) {
    struct curl_slist *longer = curl_slist_append(*list, line);

    if (longer == NULL) {
        return error_set_no_memory(error);
    }
    *list = longer;
    return 0;
}

static int add_to_both(struct headers *headers, const char *line, struct error *error) {
    return add(&headers->without_body, line, error) == 0 &&
                   add(&headers->with_body, line, error) == 0
               ? 0
               : -1;
}

int headers_open(struct headers *headers, const char *type, struct error *error) {
    struct text line = {0};
    int rc = -1;

    text_append_format(&line, "Content-Type: %s", type);
    if (text_check(&line, error) != 0 ||
        add_to_both(headers, "Accept: application/json", error) != 0 ||
        add(&headers->with_body, text_string(&line), error) != 0 ||
        add(&headers->with_body, "Expect:", error) != 0) {
        goto out;
    }
    rc = 0;
out:
    text_free(&line);
    return rc;
}

/* A token of RFC 9110, 5.6.2. */
static bool is_name(struct span name) {
    static const char characters[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] == '\0' || strchr(characters, name.data[i]) == NULL) {
            return false;
        }
    }
    return name.length > 0;
}

/* True for a header that the program or libcurl sends itself. */
static bool has_another_purpose(struct span name) {
    static const char *const names[] = {"Accept",       "Accept-Encoding",
                                        "Connection",   "Content-Length",
                                        "Content-Type", "Cookie",
                                        "Expect",       "Host",
                                        "TE",           "Transfer-Encoding",
                                        "Upgrade",      "User-Agent"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (span_equal_ignoring_ascii_case(name, span_of(names[i]))) {
            return true;
        }
    }
    return false;
}

bool headers_may_add_line(struct span line) {
    const char *colon = line.length == 0 ? NULL : memchr(line.data, ':', line.length);
    if (colon == NULL) {
        return false;
    }
    const struct span name = {line.data, (size_t)(colon - line.data)};
    for (size_t i = name.length; i < line.length; i++) {
        unsigned char c = (unsigned char)line.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7f) {
            return false;
        }
    }
    return is_name(name) && !has_another_purpose(name) &&
           !span_equal_ignoring_ascii_case(name, span_of("Authorization"));
}

bool headers_can_carry(const char *token) {
    for (const char *at = token; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~') {
            return false;
        }
    }
    return *token != '\0';
}

int headers_set_form(struct headers *headers, enum auth_scheme scheme, const char *name,
                     struct error *error) {
    static const char *const words[AUTH_SCHEMES] = {[AUTH_UNSAID] = "",
                                                    [AUTH_BEARER] = "Bearer ",
                                                    [AUTH_BASIC] = "Basic ",
                                                    [AUTH_TOKEN] = "token ",
                                                    [AUTH_COOKIES] = ""};

    if (name != NULL && !is_name(span_of(name))) {
        return error_set(error, ERROR_USAGE,
                         "the header for the token has no valid name; expected letters, digits and "
                         "dashes, such as X-API-Key");
    }
    if (name != NULL && has_another_purpose(span_of(name))) {
        return error_set(error, ERROR_USAGE,
                         "the header %s has another purpose and cannot have the token", name);
    }
    if (scheme == AUTH_UNSAID && name == NULL) {
        scheme = AUTH_BEARER;
    }
    headers->scheme = scheme;
    text_clear(&headers->start);
    text_append_format(&headers->start, "%s: %s", name != NULL ? name : "Authorization",
                       words[scheme]);
    return text_check(&headers->start, error);
}

static struct curl_slist *find_token(struct curl_slist *list, const struct text *start) {
    for (struct curl_slist *line = list; line != NULL; line = line->next) {
        if (strncmp(line->data, start->data, start->length) == 0) {
            return line;
        }
    }
    return NULL;
}

/* Puts the line in the place of the former one, or at the end. */
static int put_token(struct curl_slist **list, const struct text *start, const char *line,
                     struct error *error) {
    struct curl_slist *former = find_token(*list, start);
    struct curl_slist *fresh = NULL;

    if (former == NULL) {
        return add(list, line, error);
    }
    if (add(&fresh, line, error) != 0) {
        return -1;
    }
    assert(fresh != NULL);
    char *old = former->data;
    former->data = fresh->data;
    fresh->data = old;
    headers_wipe_list(fresh);
    return 0;
}

/* Keeps a copy in the place of what was kept there. */
static void keep_secret(struct headers *headers, enum headers_secret which, struct span value) {
    struct text *secret = &headers->secrets[which];

    text_wipe(secret);
    text_reserve(secret, value.length + 1);
    text_append(secret, value);
}

/* In base64 (RFC 4648, 4). Every group of three bytes becomes four. */
static void append_base64(struct text *out, struct span bytes) {
    char *room = text_reserve(out, 4 * (bytes.length / 3 + 1));
    if (room != NULL) {
        out->length += (size_t)EVP_EncodeBlock(
            (unsigned char *)room, (const unsigned char *)bytes.data, (int)bytes.length);
    }
}

static int encode_password(struct headers *headers, const char *token, struct text *sent,
                           struct error *error) {
    const char *colon = strchr(token, ':');
    size_t controls = 0;

    for (const char *at = token; *at != '\0'; at++) {
        controls += (unsigned char)*at < ' ' || *at == 0x7f;
    }
    if (colon == NULL || colon == token || controls > 0) {
        return error_set(error, ERROR_INPUT,
                         "basic authentication: expected user:password in one line");
    }
    append_base64(sent, span_of(token));
    keep_secret(headers, SECRET_GIVEN, span_of(token));
    keep_secret(headers, SECRET_PASSWORD, span_of(colon + 1));
    return text_check(sent, error);
}

static int copy_token(const char *token, struct text *sent, struct error *error) {
    if (!headers_can_carry(token)) {
        return error_set(error, ERROR_INPUT,
                         "the token is empty or holds blanks or other characters that no token "
                         "has; it has to be the bare token");
    }
    text_reserve(sent, strlen(token) + 1);
    text_append_string(sent, token);
    return text_check(sent, error);
}

static int send_token(struct headers *headers, const struct text *sent, struct error *error) {
    struct text line = {0};
    int rc = -1;

    text_reserve(&line, headers->start.length + sent->length + 1);
    text_append(&line, text_span(&headers->start));
    text_append(&line, text_span(sent));
    if (text_check(&line, error) == 0 &&
        put_token(&headers->without_body, &headers->start, text_string(&line), error) == 0 &&
        put_token(&headers->with_body, &headers->start, text_string(&line), error) == 0) {
        rc = 0;
    }
    text_wipe(&line);
    return rc;
}

int headers_set_token(struct headers *headers, const char *token, struct error *error) {
    struct text sent = {0};

    if (headers->start.length == 0 && headers_set_form(headers, AUTH_BEARER, NULL, error) != 0) {
        return -1;
    }
    int rc = headers->scheme == AUTH_BASIC ? encode_password(headers, token, &sent, error)
                                           : copy_token(token, &sent, error);
    if (rc == 0) {
        keep_secret(headers, SECRET_FORMER, text_span(&headers->secrets[SECRET_SENT]));
        keep_secret(headers, SECRET_SENT, text_span(&sent));
        rc = send_token(headers, &sent, error);
    }
    text_wipe(&sent);
    return rc;
}

int headers_add_client(struct headers *headers, const char *id, const char *secret,
                       struct error *error) {
    struct text pair = {0};
    struct text line = {0};
    size_t most = 3 * (strlen(id) + strlen(secret)) + 1;
    int rc = -1;

    text_reserve(&pair, most);
    text_append_percent_encoded(&pair, span_of(id));
    text_append_char(&pair, ':');
    text_append_percent_encoded(&pair, span_of(secret));
    text_reserve(&line, sizeof basic + 4 * (most / 3 + 1));
    text_append_string(&line, basic);
    append_base64(&line, text_span(&pair));
    if (text_check(&pair, error) != 0 || text_check(&line, error) != 0) {
        goto out;
    }
    rc = add_to_both(headers, text_string(&line), error);
out:
    text_wipe(&pair);
    text_wipe(&line);
    return rc;
}

void headers_mask(const struct headers *headers, struct text *text) {
    for (size_t i = 0; i < HEADERS_SECRETS; i++) {
        secret_mask_word(text, text_span(&headers->secrets[i]));
    }
}

void headers_free(struct headers *headers) {
    for (size_t i = 0; i < HEADERS_SECRETS; i++) {
        text_wipe(&headers->secrets[i]);
    }
    text_free(&headers->start);
    headers_wipe_list(headers->without_body);
    headers_wipe_list(headers->with_body);
    *headers = (struct headers){0};
}
