#define _POSIX_C_SOURCE 200809L /* strdup */
#include "http/transfer_settings.h"

#include <stdlib.h>
#include <string.h>

#include "http/netrc.h"
#include "http/pem.h"

enum { CONNECT_TIMEOUT_MS = 10 * 1000, ANSWER_TIMEOUT_MS = 120 * 1000 };

static int copy(const char *given, char **copied, struct error *error) {
    *copied = strdup(given);
    return *copied != NULL ? 0 : error_set_no_memory(error);
}

static int parse_base(struct transfer_settings *settings, struct error *error) {
    const char *base = text_string(&settings->base);
    const char *authority = strstr(base, "://") + strlen("://");

    settings->path_at = (size_t)(authority - base) + strcspn(authority, "/");
    settings->url = curl_url();
    if (settings->url == NULL || curl_url_set(settings->url, CURLUPART_URL, base, 0) != CURLUE_OK) {
        return error_set_no_memory(error);
    }
    return 0;
}

int transfer_settings_open(struct transfer_settings *settings, const struct address *address,
                           const struct session_settings *given, struct error *error) {
    settings->is_loopback = address->is_loopback;
    settings->is_tls = address->is_tls;
    settings->goes_direct = address->is_tls || address->is_loopback;
    settings->insecure = given->insecure;
    settings->connect_timeout_ms =
        given->connect_timeout_ms > 0 ? given->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    settings->answer_timeout_ms =
        given->answer_timeout_ms > 0 ? given->answer_timeout_ms : ANSWER_TIMEOUT_MS;
    text_append(&settings->base, text_span(&address->base));
    if (text_check(&settings->base, error) != 0 || parse_base(settings, error) != 0) {
        return -1;
    }
    if (given->ca_file == NULL) {
        return 0;
    }
    return pem_check_authorities(given->ca_file, error) == 0
               ? copy(given->ca_file, &settings->ca_file, error)
               : -1;
}

static int add_certificate(struct transfer_settings *settings, const struct session_settings *given,
                           struct error *error) {
    const char *key = given->client_key != NULL ? given->client_key : given->client_cert;

    if (given->client_cert == NULL) {
        return key == NULL ? 0
                           : error_set(error, ERROR_USAGE,
                                       "the client key %s is of no use without a client "
                                       "certificate",
                                       key);
    }
    if (pem_check_client(given->client_cert, key, error) != 0 ||
        copy(given->client_cert, &settings->client_cert, error) != 0) {
        return -1;
    }
    return copy(key, &settings->client_key, error);
}

static bool signs_in_otherwise(const struct session_settings *given) {
    return given->cookie_file != NULL || given->token != NULL || given->oauth2_token_url != NULL;
}

int transfer_settings_add_identity(struct transfer_settings *settings,
                                   const struct session_settings *given, struct error *error) {
    if (add_certificate(settings, given, error) != 0) {
        return -1;
    }
    if (given->netrc_file == NULL || signs_in_otherwise(given)) {
        return 0;
    }
    return netrc_check(given->netrc_file, error) == 0
               ? copy(given->netrc_file, &settings->netrc_file, error)
               : -1;
}

int transfer_settings_apply(const struct transfer_settings *settings, CURL *easy) {
    long verify = settings->insecure ? 0L : 1L;
    long version = settings->is_tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
    unsigned failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_SHARE, settings->share);
    failed |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    failed |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
    /* Where HTTP/2 may come about, the first connection is waited for: it may carry them all. */
    failed |= curl_easy_setopt(easy, CURLOPT_PIPEWAIT, settings->is_tls ? 1L : 0L);
    failed |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl decodes */
    failed |= curl_easy_setopt(easy, CURLOPT_USERAGENT, TRANSFER_USER_AGENT);
    failed |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    failed |= curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    failed |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, settings->connect_timeout_ms);
    failed |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, settings->answer_timeout_ms);
    failed |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify);
    failed |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify * 2);
    failed |= curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (settings->ca_file != NULL) {
        failed |= curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
    }
    if (settings->client_cert != NULL) {
        failed |= curl_easy_setopt(easy, CURLOPT_SSLCERT, settings->client_cert);
        failed |= curl_easy_setopt(easy, CURLOPT_SSLKEY, settings->client_key);
    }
    if (settings->netrc_file != NULL) {
        failed |= curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
        failed |= curl_easy_setopt(easy, CURLOPT_NETRC_FILE, settings->netrc_file);
    }
    if (settings->is_loopback) {
        failed |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
    }
    return failed == 0 ? 0 : -1;
}

void transfer_settings_free(struct transfer_settings *settings) {
    text_free(&settings->base);
    curl_url_cleanup(settings->url);
    headers_free(&settings->headers);
    free(settings->ca_file);
    free(settings->client_cert);
    free(settings->client_key);
    free(settings->netrc_file);
    *settings = (struct transfer_settings){0};
}
