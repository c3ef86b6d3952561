#define _POSIX_C_SOURCE 200809L /* strndup */
#include "http/transfer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http/cookie_jar.h"
#include "http/headers.h"

enum { ANSWER_MOST_BYTES = 64 * 1024 * 1024 };

static const char no_memory_for_cookies[] = "no memory left for the cookies";
static const char answer_not_begun[] = "the connection broke before an answer came";

struct transfer {
    const struct transfer_settings *settings;
    CURL *easy;
    struct text target;  /* what the request line names: path and query, or the whole URL */
    struct text cookies; /* the value of the Cookie header */

    /* what the handle was last set to */
    const struct method *method;
    bool has_body;

    /* the exchange under way */
    struct exchange *exchange;
    struct curl_slist *lines;    /* of this request only, then the session's; or NULL */
    struct curl_slist *shared;   /* the session's */
    unsigned departures;         /* how often libcurl was about to send the request */
    bool header_begun;           /* something of an answer was read */
    bool header_ended;           /* the answer's header was read to its end */
    const char *failure;         /* why this side gave up; NULL: libcurl knows */
    char error[CURL_ERROR_SIZE]; /* libcurl's words */
};

/* Path and query. */
static struct span find_path(const struct transfer *transfer) {
    size_t ahead = transfer->settings->goes_direct ? 0 : transfer->settings->path_at;

    return (struct span){transfer->target.data + ahead, transfer->target.length - ahead};
}

/* 0, or -1 where memory ran out. */
static int set_cookies(struct transfer *transfer) {
    const struct cookie_jar *jar = transfer->settings->jar;
    struct text *cookies = &transfer->cookies;

    if (jar == NULL) {
        return 0;
    }
    text_clear(cookies);
    text_reserve(cookies, COOKIE_JAR_MOST_BYTES);
    cookie_jar_append(jar, find_path(transfer), (int64_t)time(NULL), cookies);
    if (cookies->failed) {
        return -1;
    }
    const char *value = cookies->length > 0 ? text_string(cookies) : NULL;
    return curl_easy_setopt(transfer->easy, CURLOPT_COOKIE, value) == CURLE_OK ? 0 : -1;
}

/* libcurl calls this when a connection is ready and the request is about to leave. It sends a
 * request again where a kept connection breaks before a byte of the answer, although the server may
 * have carried the first one out. Every repetition comes by here.
 *
 * The cookies are those of this moment: a connection takes its time to come about, and an answer to
 * another request may have renewed them meanwhile. */
static int on_departure(void *context, char *remote, char *local, int remote_port, int local_port) {
    struct transfer *transfer = context;

    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    if (transfer->failure != NULL) {
        return CURL_PREREQFUNC_ABORT;
    }
    if (transfer->departures > 0 && transfer->method->departure == DEPARTS_ONCE) {
        transfer->failure = answer_not_begun;
        return CURL_PREREQFUNC_ABORT;
    }
    if (set_cookies(transfer) != 0) {
        transfer->failure = no_memory_for_cookies;
        return CURL_PREREQFUNC_ABORT;
    }
    transfer->departures++;
    return CURL_PREREQFUNC_OK;
}

/* 0, or -1 where memory ran out. */
static int take_cookie(const struct transfer *transfer, struct span line) {
    struct span value = line;
    struct span name = span_cut(&value, ':');
    long status = 0;

    if (transfer->settings->jar == NULL ||
        !span_equal_ignoring_ascii_case(name, span_of("Set-Cookie"))) {
        return 0;
    }
    while (value.length > 0 && strchr("\r\n", value.data[value.length - 1]) != NULL) {
        value.length--;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return cookie_jar_take(transfer->settings->jar, (int)status, value, find_path(transfer),
                           (int64_t)time(NULL));
}

/* libcurl takes a connection that ends within the header for a whole answer. Lines may follow the
 * header's end: an interim answer's successor, or the trailer of a chunked body. */
static size_t on_header(char *data, size_t size, size_t count, void *context) {
    static const char start[] = "HTTP/";
    struct transfer *transfer = context;
    size_t length = size * count;

    transfer->header_begun = true;
    if (length >= sizeof start - 1 && memcmp(data, start, sizeof start - 1) == 0) {
        transfer->header_ended = false;
    } else if (length > 0 && (data[0] == '\r' || data[0] == '\n')) {
        transfer->header_ended = true;
    }
    if (!transfer->header_ended && take_cookie(transfer, (struct span){data, length}) != 0) {
        transfer->failure = no_memory_for_cookies;
        return 0;
    }
    return length;
}

static size_t on_body(char *data, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    struct text *answer = &transfer->exchange->answer;
    size_t length = size * count;

    if (length > ANSWER_MOST_BYTES - answer->length) {
        transfer->failure = "the answer is larger than 64 MB";
        return 0;
    }
    text_append(answer, (struct span){data, length});
    if (answer->failed) {
        transfer->failure = "no memory left for the answer";
        return 0;
    }
    return length;
}

/* Sets what does not change from one exchange to the next. 0 where libcurl took it all. */
static int prepare(struct transfer *transfer) {
    const struct transfer_settings *settings = transfer->settings;
    CURL *easy = transfer->easy;
    unsigned failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_PRIVATE, (void *)transfer);
    failed |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    failed |= curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_departure);
    failed |= curl_easy_setopt(easy, CURLOPT_PREREQDATA, (void *)transfer);
    failed |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    failed |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, (void *)transfer);
    failed |= curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's own */
    failed |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    failed |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, (void *)transfer);
    if (settings->goes_direct) {
        failed |= curl_easy_setopt(easy, CURLOPT_CURLU, settings->url);
    }
    failed |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    failed |= curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* a name may be ".." */
    failed |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, settings->headers.without_body);
    return failed == 0 ? transfer_settings_apply(settings, easy) : -1;
}

struct transfer *transfer_create(const struct transfer_settings *settings) {
    struct transfer *transfer = calloc(1, sizeof *transfer);

    if (transfer == NULL) {
        return NULL;
    }
    transfer->settings = settings;
    transfer->method = method_find("GET");
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL || prepare(transfer) != 0) {
        transfer_free(transfer);
        return NULL;
    }
    return transfer;
}

/* The session's lines are all that the handle has again. */
static void drop_lines(struct transfer *transfer) {
    struct curl_slist *last = transfer->lines;
    if (last == NULL) {
        return;
    }
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->shared);
    while (last->next != NULL && last->next != transfer->shared) {
        last = last->next;
    }
    last->next = NULL;
    headers_wipe_list(transfer->lines);
    transfer->lines = NULL;
}

void transfer_free(struct transfer *transfer) {
    if (transfer == NULL) {
        return;
    }
    drop_lines(transfer);
    curl_easy_cleanup(transfer->easy);
    text_free(&transfer->target);
    text_wipe(&transfer->cookies);
    free(transfer);
}

CURL *transfer_handle(const struct transfer *transfer) {
    return transfer->easy;
}

static struct curl_slist *find_shared(const struct transfer *transfer, bool has_body) {
    const struct headers *headers = &transfer->settings->headers;
    return has_body ? headers->with_body : headers->without_body;
}

static int set_method(struct transfer *transfer, const struct method *method, bool has_body) {
    CURL *easy = transfer->easy;
    unsigned failed = 0;

    if (transfer->method == method && transfer->has_body == has_body) {
        return 0;
    }
    failed |= curl_easy_setopt(easy, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    failed |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method->override);
    failed |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, find_shared(transfer, has_body));
    transfer->method = method;
    transfer->has_body = has_body;
    return failed == 0 ? 0 : -1;
}

/* Where libcurl talks to the target itself, its URL is parsed once. A proxy gets the whole URL. */
static int set_target(struct transfer *transfer, struct span path) {
    const struct transfer_settings *settings = transfer->settings;
    struct text *target = &transfer->target;
    struct span base = text_span(&settings->address->base);
    size_t ahead = settings->goes_direct ? settings->path_at : 0;

    text_clear(target);
    text_append(target, (struct span){base.data + ahead, base.length - ahead});
    text_append(target, path);
    if (target->failed) {
        return -1;
    }
    CURLoption option = settings->goes_direct ? CURLOPT_REQUEST_TARGET : CURLOPT_URL;
    return curl_easy_setopt(transfer->easy, option, text_string(target)) == CURLE_OK ? 0 : -1;
}

/* The lines of this request in front of those of the session, which stay where they are. */
static int set_lines(struct transfer *transfer, struct curl_slist *shared, struct span lines) {
    while (lines.length > 0) {
        struct span line = span_cut(&lines, '\n');
        char *copy = strndup(line.data, line.length);
        struct curl_slist *longer = copy == NULL ? NULL : curl_slist_append(transfer->lines, copy);
        free(copy);
        if (longer == NULL) {
            return -1;
        }
        transfer->lines = longer;
    }
    struct curl_slist *last = transfer->lines;
    while (last != NULL && last->next != NULL) {
        last = last->next;
    }
    if (last != NULL) {
        last->next = shared;
    }
    transfer->shared = shared;
    return curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER,
                            last == NULL ? shared : transfer->lines) == CURLE_OK
               ? 0
               : -1;
}

static int set_request(struct transfer *transfer, const struct exchange *exchange) {
    struct span body = exchange->body;
    struct span lines = text_span(&exchange->headers);
    unsigned failed = 0;

    if (exchange->path.failed || exchange->headers.failed ||
        set_target(transfer, text_span(&exchange->path)) != 0) {
        return -1;
    }
    if (lines.length > 0 &&
        set_lines(transfer, find_shared(transfer, transfer->has_body), lines) != 0) {
        return -1;
    }
    if (transfer->has_body) {
        failed |= curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS,
                                   span_is_empty(body) ? "" : body.data);
        failed |=
            curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.length);
    }
    return failed == 0 ? 0 : -1;
}

int transfer_begin(struct transfer *transfer, struct exchange *exchange, struct error *error) {
    const struct method *method = method_find(exchange->method);

    if (method == NULL) {
        return error_set(error, ERROR_INTERNAL, "no request is made with the method %s",
                         exchange->method);
    }
    bool has_body = method->always_has_body || !span_is_null(exchange->body);
    drop_lines(transfer);
    if (set_method(transfer, method, has_body) != 0 || set_request(transfer, exchange) != 0) {
        return error_set_no_memory(error);
    }
    exchange_begin(exchange);
    transfer->exchange = exchange;
    transfer->departures = 0;
    transfer->header_begun = false;
    transfer->header_ended = false;
    transfer->failure = span_begins_with_ignoring_ascii_case(find_path(transfer), "/")
                            ? exchange_find_fault(exchange)
                            : "the path does not begin with a slash";
    transfer->error[0] = '\0';
    return 0;
}

/* The fields of the answer's header that are wanted. */
static void read_fields(const struct transfer *transfer) {
    for (size_t i = 0; exchange_fields[i] != NULL; i++) {
        struct span name = span_of(exchange_fields[i]);
        struct curl_header *header = NULL;
        size_t amount = 1;

        for (size_t n = 0; n < amount && curl_easy_header(transfer->easy, name.data, n,
                                                          CURLH_HEADER, -1, &header) == CURLHE_OK;
             n++) {
            exchange_take_field(transfer->exchange, name, span_of(header->value));
            amount = header->amount;
        }
    }
}

/* libcurl's words for a failure, fit to be shown: they name hosts and ports, and no secret. The
 * detail may quote a proxy's URL with its password, in whatever broken form it was given. That of
 * an unknown encoding (libcurl 8) quotes the answer's header, in which a target may repeat a
 * secret. */
static const char *curl_words(CURLcode code, const char *detail) {
    if (detail[0] == '\0' || code == CURLE_COULDNT_RESOLVE_PROXY ||
        code == CURLE_BAD_CONTENT_ENCODING || strchr(detail, '@') != NULL ||
        strstr(detail, "://") != NULL) {
        return curl_easy_strerror(code);
    }
    return detail;
}

static const char *find_failure(const struct transfer *transfer, CURLcode code) {
    bool is_cut = code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR;

    if (transfer->failure != NULL) {
        return transfer->failure;
    }
    if (is_cut && transfer->departures > 0 && !transfer->header_begun) {
        return answer_not_begun;
    }
    if (code == CURLE_OK) {
        return "the connection ended within the header of the answer";
    }
    if (code == CURLE_PARTIAL_FILE) {
        return "the connection ended before the whole answer was there";
    }
    return curl_words(code, transfer->error);
}

struct exchange *transfer_end(struct transfer *transfer, CURLcode code) {
    struct exchange *exchange = transfer->exchange;
    long status = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status >= 200 && transfer->header_ended) {
        exchange->status = (int)status;
        read_fields(transfer);
        exchange_end_answered(exchange, text_string(&transfer->settings->address->base));
    } else {
        exchange_end_failed(exchange, transfer->departures == 0 ? EXCHANGE_NOT_SENT : EXCHANGE_LOST,
                            find_failure(transfer, code));
    }
    transfer->exchange = NULL;
    return exchange;
}

struct exchange *transfer_give_up(struct transfer *transfer, const char *reason) {
    struct exchange *exchange = transfer->exchange;

    exchange_end_failed(exchange, EXCHANGE_LOST, reason);
    transfer->exchange = NULL;
    return exchange;
}
