/* Certificates for the tests: for "localhost", signed by their own key, good for an hour by
 * default. The files are in /tmp; the test unlinks them. */
#ifndef ROWPOST_TEST_CERTIFICATE_FIXTURE_H
#define ROWPOST_TEST_CERTIFICATE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CERTIFICATE_PATH_SIZE = 32 };

/* The caller frees the certificate. It ends so many seconds from now. */
static inline X509 *make_certificate(EVP_PKEY *key, long lifetime) {
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost");

    assert_int_equal(X509_set_version(certificate, 2), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), lifetime);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_add_ext(certificate, extension, -1);
    X509_set_pubkey(certificate, key);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    X509_EXTENSION_free(extension);
    return certificate;
}

/* A file that is open for writing; its name goes to `path`. */
static inline FILE *create_pem(char path[CERTIFICATE_PATH_SIZE]) {
    strcpy(path, "/tmp/rowpost-test-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    return file;
}

static inline void write_certificate(char path[CERTIFICATE_PATH_SIZE], X509 *certificate) {
    FILE *file = create_pem(path);

    assert_int_equal(PEM_write_X509(file, certificate), 1);
    assert_int_equal(fclose(file), 0);
}

/* With a pass phrase, or NULL for none. */
static inline void write_key(char path[CERTIFICATE_PATH_SIZE], EVP_PKEY *key,
                             const char *pass_phrase) {
    FILE *file = create_pem(path);
    const EVP_CIPHER *cipher = pass_phrase != NULL ? EVP_aes_128_cbc() : NULL;
    int length = pass_phrase != NULL ? (int)strlen(pass_phrase) : 0;

    assert_int_equal(PEM_write_PKCS8PrivateKey(file, key, cipher, pass_phrase, length, NULL, NULL),
                     1);
    assert_int_equal(fclose(file), 0);
}

/* A server's side of TLS with a fresh certificate; it and its key are in the files, too. */
static inline SSL_CTX *make_server_context(char ca_file[CERTIFICATE_PATH_SIZE],
                                           char key_file[CERTIFICATE_PATH_SIZE]) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key, 3600);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    write_certificate(ca_file, certificate);
    write_key(key_file, key, NULL);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

#endif
