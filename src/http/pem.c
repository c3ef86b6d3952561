#include "http/pem.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

int pem_check_authorities(const char *path, struct error *error) {
    X509 *certificate = read_certificate(path, "CA file", error);

    X509_free(certificate);
    return certificate != NULL ? 0 : -1;
}

int pem_check_client(const char *certificate, const char *key, struct error *error) {
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
