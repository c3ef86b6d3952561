#define _GNU_SOURCE /* explicit_bzero */
#include "http/headers.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "http/base64.h"
#include "http/header_line.h"
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

    if (name != NULL && !header_line_is_name(span_of(name))) {
        return error_set(error, ERROR_USAGE,
                         "the header for the token has no valid name; expected letters, digits and "
                         "dashes, such as X-API-Key");
    }
    if (name != NULL && header_line_has_another_purpose(span_of(name))) {
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
    text_reserve(sent, strlen(token) * 4 / 3 + 8);
    base64_append_encoded(sent, span_of(token));
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
    text_reserve(&line, sizeof basic + most * 4 / 3 + 4);
    text_append_string(&line, basic);
    base64_append_encoded(&line, text_span(&pair));
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
