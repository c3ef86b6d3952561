#include "http/headers.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "http/base64.h"
#include "http/secret.h"

static const char bearer[] = "Authorization: Bearer ";
static const char basic[] = "Authorization: Basic ";

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

static struct curl_slist *find_bearer(struct curl_slist *list) {
    for (struct curl_slist *line = list; line != NULL; line = line->next) {
        if (strncmp(line->data, bearer, sizeof bearer - 1) == 0) {
            return line;
        }
    }
    return NULL;
}

/* Puts the line in the place of the former one, or at the end. */
static int put_bearer(struct curl_slist **list, const char *line, struct error *error) {
    struct curl_slist *former = find_bearer(*list);
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
    secret_free_list(fresh);
    return 0;
}

int headers_set_token(struct headers *headers, const char *token, struct error *error) {
    struct text line = {0};
    int rc = -1;

    if (!headers_can_carry(token)) {
        return error_set(error, ERROR_INPUT,
                         "the token is empty or holds blanks or other characters that no token "
                         "has; it has to be the bare token");
    }
    text_reserve(&line, sizeof bearer + strlen(token));
    text_append_string(&line, bearer);
    text_append_string(&line, token);
    if (text_check(&line, error) != 0 ||
        put_bearer(&headers->without_body, text_string(&line), error) != 0 ||
        put_bearer(&headers->with_body, text_string(&line), error) != 0) {
        goto out;
    }
    rc = 0;
out:
    secret_free(&line);
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
    secret_free(&pair);
    secret_free(&line);
    return rc;
}

void headers_free(struct headers *headers) {
    secret_free_list(headers->without_body);
    secret_free_list(headers->with_body);
    *headers = (struct headers){0};
}
