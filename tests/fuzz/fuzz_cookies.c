/* Cookie files. In the input each `$` that is no part of a host becomes a secret, which no message
 * may repeat. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "fuzz.h"
#include "target/cookie_line.h"
#include "target/cookies.h"

static const char host[] = "valdb.example";
static const char secret[] = "S3cr3tW0rd";

/* A host stands before the first tab, and in a line without tabs there is none. */
static void expand_line(struct span line, struct text *out) {
    const char *tab = line.length == 0 ? NULL : memchr(line.data, '\t', line.length);

    for (size_t i = 0; i < line.length; i++) {
        if (line.data[i] == '$' && (tab == NULL || line.data + i > tab)) {
            text_append_string(out, secret);
        } else {
            text_append_char(out, line.data[i]);
        }
    }
    text_append_char(out, '\n');
}

static bool has_cookie(CURL *store, enum cookies_channel channel) {
    struct curl_slist *list = NULL;
    bool found = false;

    CHECK(curl_easy_getinfo(store, CURLINFO_COOKIELIST, &list) == CURLE_OK);
    for (const struct curl_slist *entry = list; entry != NULL; entry = entry->next) {
        struct cookie cookie;
        struct error error;
        found = found || (cookie_line_parse(span_of(entry->data), &cookie, &error) == 0 &&
                          cookie_is_for_host(&cookie, span_of(host)) &&
                          (channel == COOKIES_SECURE || !cookie.is_secure));
    }
    curl_slist_free_all(list);
    return found;
}

/* What is called a success is one for libcurl, too. */
static int load(const char *path, enum cookies_channel channel, CURL *store) {
    struct error error = {0};

    curl_easy_setopt(store, CURLOPT_COOKIELIST, "ALL"); /* forgets them */
    if (cookies_load(path, host, channel, store, &error) != 0) {
        CHECK(error.code == ERROR_INPUT && strstr(error.message, secret) == NULL);
        return -1;
    }
    CHECK(has_cookie(store, channel));
    return 0;
}

static void check_saving(CURL *store) {
    static char path[64];
    struct error error;
    struct stat status;

    snprintf(path, sizeof path, "/dev/shm/rowpost-fuzz-cookies-%ld", (long)getpid());
    CHECK(cookies_save(store, path, &error) == 0);
    CHECK(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
    CHECK(load(path, COOKIES_SECURE, store) == 0);
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span rest = fuzz_span(data, size);
    struct text content = {0};

    if (span_find(rest, secret) != NULL) {
        return 0; /* it may be part of a host */
    }
    CURL *store = curl_easy_init();
    CHECK(store != NULL);
    while (rest.length > 0) {
        expand_line(fuzz_take(&rest, '\n'), &content);
    }
    const char *path = fuzz_file(text_span(&content));
    int plain = load(path, COOKIES_PLAIN, store);
    int secure = load(path, COOKIES_SECURE, store);
    CHECK(plain != 0 || secure == 0);
    if (secure == 0) {
        check_saving(store);
    }
    curl_easy_cleanup(store);
    text_free(&content);
    return 0;
}
