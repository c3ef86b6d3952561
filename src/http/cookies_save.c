#define _GNU_SOURCE /* mkostemp */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "http/cookies.h"

static bool has_same_content(const struct cookie *a, const struct cookie *b) {
    return span_equal(a->value, b->value) && a->expires == b->expires &&
           a->is_http_only == b->is_http_only && a->has_subdomains == b->has_subdomains &&
           a->is_secure == b->is_secure;
}

/* One saving: the file as it is, and as it will be. */
struct saving {
    const struct cookie_jar *jar;
    int64_t now;
    struct text former;
    struct text content;
};

static void append_line(struct saving *saving, struct span line) {
    text_append(&saving->content, line);
    text_append_char(&saving->content, '\n');
}

/* A line stays as it is, unless its cookie was renewed, was deleted or has ended. */
static void save_line(struct saving *saving, struct span line) {
    struct cookie cookie;
    struct error ignored;

    if (cookie_line_is_empty(line) || cookie_line_parse(line, &cookie, &ignored) != 0 ||
        !cookie_keeps_prefix(&cookie)) {
        append_line(saving, line);
        return;
    }
    const struct cookie *now = cookie_jar_find(saving->jar, &cookie);
    if (now == NULL || cookie_has_ended(now, saving->now)) {
        return;
    }
    if (has_same_content(now, &cookie)) {
        append_line(saving, line);
    } else {
        cookie_line_write(now, &saving->content);
        text_append_char(&saving->content, '\n');
    }
}

static bool is_in_file(const struct saving *saving, const struct cookie *cookie) {
    struct span rest = cookie_file_start(&saving->former);
    struct span line;
    struct cookie other;
    struct error ignored;

    while (cookie_file_next_line(&rest, &line)) {
        if (!cookie_line_is_empty(line) && cookie_line_parse(line, &other, &ignored) == 0 &&
            cookie_is_same(&other, cookie)) {
            return true;
        }
    }
    return false;
}

/* The file's new content, in one piece of memory that can be wiped. */
static void write_content(struct saving *saving) {
    enum { FLAGS_ROOM = 64 };
    static const char heading[] = "# Netscape HTTP Cookie File\n";
    const struct cookie_jar *jar = saving->jar;
    struct span rest = cookie_file_start(&saving->former);
    struct span line;
    size_t size = sizeof heading + rest.length + 1;

    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        const struct cookie *cookie = cookie_jar_at(jar, i);
        size += cookie->host.length + cookie->path.length + cookie->name.length +
                cookie->value.length + FLAGS_ROOM;
    }
    text_reserve(&saving->content, size);
    if (rest.length == 0) {
        text_append_string(&saving->content, heading);
    }
    while (cookie_file_next_line(&rest, &line)) {
        save_line(saving, line);
    }
    for (size_t i = 0; i < cookie_jar_count(jar); i++) {
        const struct cookie *cookie = cookie_jar_at(jar, i);
        if (!cookie_has_ended(cookie, saving->now) && !is_in_file(saving, cookie)) {
            cookie_line_write(cookie, &saving->content);
            text_append_char(&saving->content, '\n');
        }
    }
}

/* Writes the file and closes it. 0, or -1 with errno. */
static int write_descriptor(int descriptor, mode_t mode, struct span content) {
    size_t written = 0;
    int why = fchmod(descriptor, mode) == 0 ? 0 : errno;

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

/* Replaces the file by the content at once, with the mode that it had. */
static int replace_file(const char *path, mode_t mode, struct span content, struct error *error) {
    struct text temporary = {0};
    int rc = -1;

    text_append_format(&temporary, "%s.XXXXXX", path);
    if (text_check(&temporary, error) != 0) {
        goto out;
    }
    int descriptor = mkostemp(temporary.data, O_CLOEXEC); /* mode 0600 */
    if (descriptor < 0) {
        error_set(error, ERROR_DISK, "the cookies cannot be written next to %s: %s", path,
                  strerror(errno));
        goto out;
    }
    if (write_descriptor(descriptor, mode, content) != 0 || rename(temporary.data, path) != 0) {
        error_set(error, ERROR_DISK, "the cookies cannot be written to %s: %s", path,
                  strerror(errno));
        unlink(temporary.data);
        goto out;
    }
    rc = 0;
out:
    text_free(&temporary);
    return rc;
}

int cookies_save(const struct cookie_jar *jar, const char *path, struct error *error) {
    struct saving saving = {.jar = jar, .now = (int64_t)time(NULL)};
    char *place = realpath(path, NULL); /* where a link leads to */
    struct stat status;
    mode_t mode = S_IRUSR | S_IWUSR;
    int rc = -1;

    if (place != NULL && stat(place, &status) == 0 && S_ISREG(status.st_mode)) {
        mode = status.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
        if (cookie_file_read(place, &saving.former, error) != 0) {
            goto out;
        }
    }
    write_content(&saving);
    if (text_check(&saving.content, error) == 0) {
        rc = replace_file(place != NULL ? place : path, mode, text_span(&saving.content), error);
    }
out:
    text_wipe(&saving.former);
    text_wipe(&saving.content);
    free(place);
    return rc;
}
