#define _GNU_SOURCE
#include "http/cookies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"
#include "http/cookie_line.h"
#include "http/secret.h"

enum {
    FILE_MOST_BYTES = 4 * 1024 * 1024,
    HOSTS_NAMED = 5 /* in the message that no cookie is for the host */
};

/* One reading of one file. */
struct loading {
    const char *path;
    struct span host; /* the target's */
    enum cookies_channel channel;
    struct cookie_jar *jar;
    int64_t now;
    size_t line;

    /* what was found */
    size_t cookies;
    size_t usable;     /* live, and sent to the host */
    size_t https_only; /* live, but not sent over plain http */
    size_t misnamed;   /* for the host, but not what the name's prefix promises */
    size_t expired;    /* for the host */
    int64_t expired_last;
    struct span hosts[HOSTS_NAMED];
    size_t hosts_known;
    bool hosts_left_out;
};

static int read_file(const char *path, struct text *content, struct error *error) {
    int rc = -1;
    FILE *file = fopen(path, "rbe");

    if (file == NULL) {
        return error_set(error, ERROR_INPUT, "the cookie file %s cannot be read: %s", path,
                         strerror(errno));
    }
    setvbuf(file, NULL, _IONBF, 0);
    char *space = text_reserve(content, FILE_MOST_BYTES);
    if (space == NULL) {
        error_set_no_memory(error);
        goto out;
    }
    content->length = fread(space, 1, FILE_MOST_BYTES, file);
    text_terminate(content);
    if (ferror(file)) {
        error_set(error, ERROR_INPUT, "the cookie file %s cannot be read: %s", path,
                  strerror(errno));
        goto out;
    }
    if (content->length == FILE_MOST_BYTES) {
        error_set(error, ERROR_INPUT, "%s is no cookie file: it is larger than %d bytes", path,
                  FILE_MOST_BYTES);
        goto out;
    }
    rc = 0;
out:
    fclose(file);
    return rc;
}

/* What people take for a cookie file, by how it begins. */
static int check_beginning(const char *path, struct span content, struct error *error) {
    static const struct {
        const char *start;
        const char *what;
    } others[] = {
        {"{", "JSON"},
        {"[", "JSON"},
        {"<", "HTML or XML"},
        {"SQLite format 3", "a browser's own database"},
        {"Cookie:", "a request header"},
        {"Set-Cookie:", "an answer's header"},
    };
    struct span start = span_trim(content);

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        size_t length = strlen(others[i].start);
        if (start.length >= length && strncasecmp(start.data, others[i].start, length) == 0) {
            return error_set(error, ERROR_INPUT,
                             "%s holds %s instead of cookies in Netscape format (cookies.txt); "
                             "export them in that format",
                             path, others[i].what);
        }
    }
    return 0;
}

static void remember_host(struct loading *loading, struct span host) {
    for (size_t i = 0; i < loading->hosts_known; i++) {
        if (span_equal_ignoring_ascii_case(loading->hosts[i], host)) {
            return;
        }
    }
    if (loading->hosts_known == HOSTS_NAMED) {
        loading->hosts_left_out = true;
        return;
    }
    loading->hosts[loading->hosts_known++] = host;
}

static int take_cookie(struct loading *loading, const struct cookie *cookie, struct error *error) {
    bool is_ours = cookie_is_for_host(cookie, loading->host);

    loading->cookies++;
    remember_host(loading, cookie->host);
    if (cookie->expires != 0 && cookie->expires <= loading->now) {
        loading->expired += is_ours;
        if (is_ours && cookie->expires > loading->expired_last) {
            loading->expired_last = cookie->expires;
        }
        return 0;
    }
    if (!cookie_keeps_prefix(cookie)) {
        loading->misnamed += is_ours;
        return 0;
    }
    if (is_ours && cookie->is_secure && loading->channel == COOKIES_PLAIN) {
        loading->https_only++;
    } else if (is_ours) {
        loading->usable++;
    }
    return cookie_jar_put(loading->jar, cookie) == 0 ? 0 : error_set_no_memory(error);
}

static int take_line(struct loading *loading, struct span line, struct error *error) {
    struct cookie cookie;

    loading->line++;
    if (line.length > 0 && line.data[line.length - 1] == '\r') {
        line.length--;
    }
    if (cookie_line_is_empty(line)) {
        return 0;
    }
    if (cookie_line_parse(line, &cookie, error) != 0) {
        return error_add_context(error, "%s, line %zu", loading->path, loading->line);
    }
    return take_cookie(loading, &cookie, error);
}

static int reject_expired(const struct loading *loading, struct error *error) {
    int64_t moment = 0;
    char day[DATE_DAY_SIZE] = "long ago";

    if (date_moment_from_seconds(loading->expired_last, &moment) == 0) {
        date_format_day(date_day_of(moment), day);
    }
    return error_set(error, ERROR_INPUT,
                     "%s: the cookies for %.*s expired, the last on %s; sign in with the browser "
                     "and export them again",
                     loading->path, (int)loading->host.length, loading->host.data, day);
}

static int reject_hosts(const struct loading *loading, struct error *error) {
    struct text hosts = {0};

    for (size_t i = 0; i < loading->hosts_known; i++) {
        text_append_string(&hosts, i == 0 ? "" : ", ");
        text_append(&hosts, loading->hosts[i]);
    }
    text_append_string(&hosts, loading->hosts_left_out ? ", ..." : "");
    error_set(error, ERROR_INPUT,
              "%s: no cookie for %.*s, only for %s; sign in there with the browser and export the "
              "cookies again",
              loading->path, (int)loading->host.length, loading->host.data, text_string(&hosts));
    text_free(&hosts);
    return -1;
}

static int judge(const struct loading *loading, struct error *error) {
    if (loading->usable > 0) {
        return 0;
    }
    if (loading->cookies == 0) {
        return error_set(error, ERROR_INPUT, "%s holds no cookie", loading->path);
    }
    if (loading->https_only > 0) {
        return error_set(error, ERROR_INPUT,
                         "%s: the cookies for %.*s are for https alone, and the target's URL "
                         "begins with http:",
                         loading->path, (int)loading->host.length, loading->host.data);
    }
    if (loading->misnamed > 0) {
        return error_set(error, ERROR_INPUT,
                         "%s: no cookie for %.*s that may be used: a name that begins with __Host- "
                         "or __Secure- binds it to https; export the cookies of that very address",
                         loading->path, (int)loading->host.length, loading->host.data);
    }
    return loading->expired > 0 ? reject_expired(loading, error) : reject_hosts(loading, error);
}

int cookies_load(const char *path, const char *host, enum cookies_channel channel,
                 struct cookie_jar *jar, struct error *error) {
    struct loading loading = {.path = path,
                              .host = span_of(host),
                              .channel = channel,
                              .jar = jar,
                              .now = (int64_t)time(NULL)};
    struct text content = {0};
    int rc = -1;

    if (read_file(path, &content, error) != 0 ||
        check_beginning(path, text_span(&content), error) != 0) {
        goto out;
    }
    struct span rest = text_span(&content);
    while (rest.length > 0) {
        const char *stop = memchr(rest.data, '\n', rest.length);
        struct span line = {rest.data, stop != NULL ? (size_t)(stop - rest.data) : rest.length};
        size_t taken = line.length + (stop != NULL);

        if (take_line(&loading, line, error) != 0) {
            goto out;
        }
        rest.data += taken;
        rest.length -= taken;
    }
    rc = judge(&loading, error);
out:
    secret_free(&content);
    return rc;
}

/* The file's content, in one piece of memory that can be wiped. */
static void append_content(const struct cookie_jar *jar, int64_t now, struct text *content) {
    enum { FLAGS_ROOM = 64 };
    static const char heading[] = "# Netscape HTTP Cookie File\n";
    size_t size = sizeof heading;

    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        const struct cookie *cookie = cookie_jar_at(jar, i);
        size += cookie->host.length + cookie->path.length + cookie->name.length +
                cookie->value.length + FLAGS_ROOM;
    }
    text_reserve(content, size);
    text_append_string(content, heading);
    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        const struct cookie *cookie = cookie_jar_at(jar, i);
        if (cookie->expires == 0 || cookie->expires > now) {
            cookie_line_write(cookie, content);
            text_append_char(content, '\n');
        }
    }
}

/* Writes the file and closes it. 0, or -1 with errno. */
static int write_descriptor(int descriptor, struct span content) {
    size_t written = 0;
    int why = 0;

    while (written < content.length && why == 0) {
        ssize_t part = write(descriptor, content.data + written, content.length - written);
        written += part > 0 ? (size_t)part : 0;
        why = part < 0 && errno != EINTR ? errno : 0;
    }
    if (why == 0 && fsync(descriptor) != 0) {
        why = errno;
    }
    if (close(descriptor) != 0 && why == 0) {
        why = errno;
    }
    errno = why;
    return why == 0 ? 0 : -1;
}

int cookies_save(const struct cookie_jar *jar, const char *path, struct error *error) {
    struct text temporary = {0};
    struct text content = {0};
    int rc = -1;

    text_append_format(&temporary, "%s.XXXXXX", path);
    append_content(jar, (int64_t)time(NULL), &content);
    if (text_check(&temporary, error) != 0 || text_check(&content, error) != 0) {
        goto out;
    }
    int descriptor = mkostemp(temporary.data, O_CLOEXEC); /* mode 0600 */
    if (descriptor < 0) {
        error_set(error, ERROR_DISK, "the cookies cannot be written beside %s: %s", path,
                  strerror(errno));
        goto out;
    }
    if (write_descriptor(descriptor, text_span(&content)) != 0 ||
        rename(temporary.data, path) != 0) {
        error_set(error, ERROR_DISK, "the cookies cannot be written to %s: %s", path,
                  strerror(errno));
        unlink(temporary.data);
        goto out;
    }
    rc = 0;
out:
    secret_free(&content);
    text_free(&temporary);
    return rc;
}
