/* Cookie files. In the input each `$` that is no part of a host becomes a secret, which no message
 * may repeat. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "fuzz.h"
#include "http/cookies.h"

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

static bool has_cookie(const struct cookie_jar *jar, enum cookies_channel channel) {
    bool found = false;

    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        const struct cookie *cookie = cookie_jar_at(jar, i);
        found =
            found || (cookie_is_for_host(cookie, span_of(host)) && cookie_keeps_prefix(cookie) &&
                      (channel == COOKIES_SECURE || !cookie->is_secure));
    }
    return found;
}

/* What is called a success is one for the jar, too. NULL where the file is refused. */
static struct cookie_jar *load(const char *path, enum cookies_channel channel) {
    struct cookie_jar *jar = cookie_jar_create(host, channel);
    struct error error = {0};

    CHECK(jar != NULL);
    if (cookies_load(path, host, channel, jar, &error) != 0) {
        CHECK(error.code == ERROR_INPUT && strstr(error.message, secret) == NULL);
        cookie_jar_free(jar);
        return NULL;
    }
    CHECK(has_cookie(jar, channel));
    return jar;
}

static void check_saving(const struct cookie_jar *jar) {
    static char path[64];
    struct error error;
    struct stat status;

    snprintf(path, sizeof path, "/dev/shm/rowpost-fuzz-cookies-%ld", (long)getpid());
    CHECK(cookies_save(jar, path, &error) == 0);
    CHECK(stat(path, &status) == 0 && (status.st_mode & 0777) == 0600);
    struct cookie_jar *again = load(path, COOKIES_SECURE);
    CHECK(again != NULL && cookie_jar_count(again) <= cookie_jar_count(jar));
    cookie_jar_free(again);
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span rest = fuzz_span(data, size);
    struct text content = {0};

    if (span_find(rest, secret) != NULL) {
        return 0; /* it may be part of a host */
    }
    while (rest.length > 0) {
        expand_line(fuzz_take(&rest, '\n'), &content);
    }
    const char *path = fuzz_file(text_span(&content));
    struct cookie_jar *plain = load(path, COOKIES_PLAIN);
    struct cookie_jar *secure = load(path, COOKIES_SECURE);
    CHECK(plain == NULL || secure != NULL);
    if (secure != NULL) {
        check_saving(secure);
    }
    cookie_jar_free(plain);
    cookie_jar_free(secure);
    text_free(&content);
    return 0;
}
