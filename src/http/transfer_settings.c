#define _POSIX_C_SOURCE 200809L /* strdup, open */
#include "http/transfer_settings.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONNECT_TIMEOUT_MS = 10 * 1000, ANSWER_TIMEOUT_MS = 120 * 1000 };

/* The PEM files are looked at before the first connection, so that a fault can be reported with its
 * name. libcurl reads them again. */

/* Opens the file, or gives NULL. `what` names it for the user. */
static FILE *open_file(const char *path, const char *what, struct error *error) {
    FILE *file = fopen(path, "rbe");

    if (file != NULL) {
        setvbuf(file, NULL, _IONBF, 0); /* no copy of a key is left in a buffer */
    }
    if (file == NULL || fgetc(file) == EOF) {
        error_set(error, ERROR_INPUT, "the %s %s cannot be read: %s", what, path,
                  file != NULL && !ferror(file) ? "it is empty" : strerror(errno));
        if (file != NULL) {
            fclose(file);
        }
        return NULL;
    }
    rewind(file);
    return file;
}

/* The first certificate in the file, which the caller frees, or NULL. */
static X509 *read_certificate(const char *path, const char *what, struct error *error) {
    FILE *file = open_file(path, what, error);

    if (file == NULL) {
        return NULL;
    }
    X509 *certificate = PEM_read_X509_AUX(file, NULL, NULL, NULL);
    fclose(file);
    if (certificate == NULL) {
        ERR_clear_error();
        error_set(error, ERROR_INPUT, "the %s %s holds no certificate in PEM format", what, path);
    }
    return certificate;
}

/* OpenSSL would ask at the terminal. */
static int note_pass_phrase(char *buffer, int size, int is_written, void *asked) {
    (void)buffer;
    (void)size;
    (void)is_written;
    *(bool *)asked = true;
    return -1;
}

/* The private key in the file, which the caller frees, or NULL. */
static EVP_PKEY *read_key(const char *path, struct error *error) {
    bool asked = false;
    FILE *file = open_file(path, "client key", error);

    if (file == NULL) {
        return NULL;
    }
    EVP_PKEY *key = PEM_read_PrivateKey(file, NULL, note_pass_phrase, &asked);
    fclose(file);
    if (key == NULL) {
        ERR_clear_error();
        error_set(error, ERROR_INPUT,
                  asked ? "the client key %s is protected by a pass phrase, which cannot be asked "
                          "for; write it without one to a file that nobody else can read"
                        : "the client key %s holds no private key in PEM format",
                  path);
    }
    return key;
}

/* ERROR_INPUT unless the file holds a certificate. */
static int check_authorities(const char *path, struct error *error) {
    X509 *certificate = read_certificate(path, "CA file", error);

    X509_free(certificate);
    return certificate != NULL ? 0 : -1;
}

/* ERROR_INPUT unless there is a certificate that has not expired, and its private key without a
 * pass phrase. `key` may be the same file. */
static int check_client(const char *certificate, const char *key, struct error *error) {
    X509 *first = read_certificate(certificate, "client certificate", error);
    EVP_PKEY *private = first != NULL ? read_key(key, error) : NULL;
    int rc = -1;

    if (first == NULL || private == NULL) {
        goto out;
    }
    if (X509_check_private_key(first, private) != 1) {
        ERR_clear_error();
        error_set(error, ERROR_INPUT,
                  "the client key %s does not belong to the client certificate %s", key,
                  certificate);
        goto out;
    }
    if (X509_cmp_current_time(X509_get0_notAfter(first)) < 0) {
        error_set(error, ERROR_INPUT, "the client certificate %s has expired; renew it",
                  certificate);
        goto out;
    }
    rc = 0;
out:
    X509_free(first);
    EVP_PKEY_free(private);
    return rc;
}

/* libcurl reads the file and finds the host's name and password; it must be readable, and by nobody
 * else. */
static int check_netrc(const char *path, struct error *error) {
    struct stat status;
    int rc = -1;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        error_set(error, ERROR_INPUT, "the netrc file %s cannot be read: %s", path,
                  strerror(errno));
        goto out;
    }
    if (!S_ISREG(status.st_mode)) {
        error_set(error, ERROR_INPUT, "the netrc file %s cannot be read: it is no file", path);
        goto out;
    }
    if ((status.st_mode & 077) != 0) {
        error_set(error, ERROR_INPUT,
                  "the netrc file %s is open to others (mode %03o); make it private: chmod 600 "
                  "%s",
                  path, (unsigned)status.st_mode & 0777U, path);
        goto out;
    }
    rc = 0;
out:
    if (descriptor >= 0) {
        close(descriptor);
    }
    return rc;
}

static int copy(const char *given, char **copied, struct error *error) {
    *copied = strdup(given);
    return *copied != NULL ? 0 : error_set_no_memory(error);
}

static int parse_base(struct transfer_settings *settings, struct error *error) {
    const char *base = text_string(&settings->address->base);
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
    settings->address = address;
    settings->goes_direct = address->is_tls || address->is_loopback;
    settings->insecure = given->insecure;
    settings->connect_timeout_ms =
        given->connect_timeout_ms > 0 ? given->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    settings->answer_timeout_ms =
        given->answer_timeout_ms > 0 ? given->answer_timeout_ms : ANSWER_TIMEOUT_MS;
    if (parse_base(settings, error) != 0) {
        return -1;
    }
    if (given->ca_file == NULL) {
        return 0;
    }
    return check_authorities(given->ca_file, error) == 0
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
    if (check_client(given->client_cert, key, error) != 0 ||
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
    return check_netrc(given->netrc_file, error) == 0
               ? copy(given->netrc_file, &settings->netrc_file, error)
               : -1;
}

int transfer_settings_apply(const struct transfer_settings *settings, CURL *easy) {
    bool is_tls = settings->address->is_tls;
    long verify = settings->insecure ? 0L : 1L;
    long version = is_tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1;
    unsigned failed = 0;

    failed |= curl_easy_setopt(easy, CURLOPT_SHARE, settings->share);
    failed |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    failed |= curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, version);
    /* Where HTTP/2 may come about, the first connection is waited for: it may carry them all. */
    failed |= curl_easy_setopt(easy, CURLOPT_PIPEWAIT, is_tls ? 1L : 0L);
    failed |= curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that libcurl decodes */
    failed |= curl_easy_setopt(easy, CURLOPT_USERAGENT, "rowpost/" ROWPOST_VERSION);
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
    if (settings->address->is_loopback) {
        failed |= curl_easy_setopt(easy, CURLOPT_PROXY, "");
    }
    return failed == 0 ? 0 : -1;
}

void transfer_settings_free(struct transfer_settings *settings) {
    curl_url_cleanup(settings->url);
    headers_free(&settings->headers);
    free(settings->ca_file);
    free(settings->client_cert);
    free(settings->client_key);
    free(settings->netrc_file);
    *settings = (struct transfer_settings){0};
}
