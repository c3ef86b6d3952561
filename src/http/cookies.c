#include "http/cookies.h"

#include <stdbool.h>
#include <time.h>

#include "base/date.h"
#include "base/log.h"
#include "base/text.h"

enum {
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
    size_t unreadable; /* lines */
    struct error first_unreadable;
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
        if (span_begins_with_ignoring_ascii_case(start, others[i].start)) {
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
    if (cookie_has_ended(cookie, loading->now)) {
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
    struct error reason;

    loading->line++;
    if (cookie_line_is_empty(line)) {
        return 0;
    }
    if (cookie_line_parse(line, &cookie, &reason) == 0) {
        return take_cookie(loading, &cookie, error);
    }
    if (loading->unreadable++ == 0) {
        error_set(&loading->first_unreadable, ERROR_INPUT, "%s, line %zu: %s", loading->path,
                  loading->line, reason.message);
    }
    return 0;
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
        if (loading->unreadable > 0) {
            log_warning("%zu line%s of the cookie file left out, for no cookie can be read there; "
                        "the first: %s",
                        loading->unreadable, loading->unreadable == 1 ? "" : "s",
                        loading->first_unreadable.message);
        }
        return 0;
    }
    if (loading->https_only > 0) {
        return error_set(error, ERROR_INPUT,
                         "%s: the cookies for %.*s are only for https, and the target's URL "
                         "begins with http:",
                         loading->path, (int)loading->host.length, loading->host.data);
    }
    if (loading->misnamed > 0) {
        return error_set(error, ERROR_INPUT,
                         "%s: no cookie for %.*s that may be used: a name that begins with __Host- "
                         "or __Secure- binds it to https; export the cookies of that very address",
                         loading->path, (int)loading->host.length, loading->host.data);
    }
    if (loading->expired > 0) {
        return reject_expired(loading, error);
    }
    if (loading->unreadable > 0) {
        *error = loading->first_unreadable;
        return -1;
    }
    return loading->cookies > 0
               ? reject_hosts(loading, error)
               : error_set(error, ERROR_INPUT, "%s holds no cookie", loading->path);
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

    if (cookie_file_read(path, &content, error) != 0 ||
        check_beginning(path, cookie_file_start(&content), error) != 0) {
        goto out;
    }
    struct span rest = cookie_file_start(&content);
    struct span line;
    while (cookie_file_next_line(&rest, &line)) {
        if (take_line(&loading, line, error) != 0) {
            goto out;
        }
    }
    rc = judge(&loading, error);
out:
    text_wipe(&content);
    return rc;
}
