/* The files that TLS works with: which are not taken, and the errors. */
#define _GNU_SOURCE
#include "certificate_fixture.h"
#include "session_fixture.h"

/* The files of a client, and some that are none. */
struct files {
    char certificate[CERTIFICATE_PATH_SIZE];
    char key[CERTIFICATE_PATH_SIZE];
    char expired[CERTIFICATE_PATH_SIZE];
    char other_key[CERTIFICATE_PATH_SIZE];
    char locked_key[CERTIFICATE_PATH_SIZE];
    char both[CERTIFICATE_PATH_SIZE];
    char empty[CERTIFICATE_PATH_SIZE];
    char garbage[CERTIFICATE_PATH_SIZE];
};

static struct files files;

static void write_text(char path[CERTIFICATE_PATH_SIZE], const char *text) {
    FILE *file = create_pem(path);

    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int write_files(void **state) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    EVP_PKEY *other = EVP_EC_gen("P-256");
    X509 *certificate = make_certificate(key, 3600);
    X509 *expired = make_certificate(key, -60);

    (void)state;
    write_certificate(files.certificate, certificate);
    write_certificate(files.expired, expired);
    write_key(files.key, key, NULL);
    write_key(files.other_key, other, NULL);
    write_key(files.locked_key, key, "s3cret");
    FILE *both = create_pem(files.both);
    assert_int_equal(PEM_write_X509(both, certificate), 1);
    assert_int_equal(PEM_write_PKCS8PrivateKey(both, key, NULL, NULL, 0, NULL, NULL), 1);
    assert_int_equal(fclose(both), 0);
    write_text(files.empty, "");
    write_text(files.garbage, "-----BEGIN CERTIFICATE-----\ns3cret\n-----END CERTIFICATE-----\n");
    X509_free(certificate);
    X509_free(expired);
    EVP_PKEY_free(key);
    EVP_PKEY_free(other);
    return 0;
}

static int remove_files(void **state) {
    const char *const paths[] = {files.certificate, files.key,  files.expired, files.other_key,
                                 files.locked_key,  files.both, files.empty,   files.garbage};

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        unlink(paths[i]);
    }
    return 0;
}

static void refuse(struct session_settings settings, const char *path, const char *said) {
    struct error error = {0};

    settings.url = "https://target.invalid";
    assert_null(session_open(&settings, &error));
    assert_int_equal(error.code, ERROR_INPUT);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, said));
    assert_null(strstr(error.message, "s3cret"));
}

static void a_ca_file_without_a_certificate_is_refused(void **state) {
    const struct {
        const char *path;
        const char *said;
    } cases[] = {
        {"/nowhere/ca.pem", "No such file"},
        {"/tmp", "Is a directory"},
        {files.empty, "it is empty"},
        {files.garbage, "no certificate in PEM format"},
        {files.key, "no certificate in PEM format"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        refuse((struct session_settings){.ca_file = cases[i].path}, cases[i].path, cases[i].said);
        refuse((struct session_settings){.ca_file = cases[i].path, .insecure = true}, cases[i].path,
               cases[i].said);
    }
}

static void a_client_without_certificate_or_key_is_refused(void **state) {
    const struct {
        const char *certificate;
        const char *key;
        const char *path; /* the one that is reported */
        const char *said;
    } cases[] = {
        {"/nowhere/c.pem", files.key, "/nowhere/c.pem", "No such file"},
        {"/tmp", files.key, "/tmp", "Is a directory"},
        {files.empty, files.key, files.empty, "it is empty"},
        {files.garbage, files.key, files.garbage, "no certificate in PEM format"},
        {files.key, files.key, files.key, "no certificate in PEM format"},
        {files.certificate, "/nowhere/k.pem", "/nowhere/k.pem", "No such file"},
        {files.certificate, files.empty, files.empty, "it is empty"},
        {files.certificate, files.certificate, files.certificate, "no private key in PEM format"},
        {files.certificate, NULL, files.certificate, "no private key in PEM format"},
        {files.certificate, files.other_key, files.other_key, "does not belong to"},
        {files.certificate, files.locked_key, files.locked_key, "pass phrase"},
        {files.expired, files.key, files.expired, "has expired"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        refuse((struct session_settings){.client_cert = cases[i].certificate,
                                         .client_key = cases[i].key},
               cases[i].path, cases[i].said);
    }
}

static void a_key_without_a_certificate_is_of_no_use(void **state) {
    struct error error = {0};

    (void)state;
    assert_null(session_open(
        &(struct session_settings){.url = "https://target.invalid", .client_key = files.key},
        &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.message, files.key));
}

static void files_that_are_right_are_taken(void **state) {
    (void)state;
    session_close(open_session(&(struct session_settings){.url = "https://target.invalid",
                                                          .ca_file = files.certificate,
                                                          .client_cert = files.certificate,
                                                          .client_key = files.key}));
    session_close(open_session(&(struct session_settings){
        .url = "https://target.invalid", .ca_file = files.both, .client_cert = files.both}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ca_file_without_a_certificate_is_refused),
        cmocka_unit_test(a_client_without_certificate_or_key_is_refused),
        cmocka_unit_test(a_key_without_a_certificate_is_of_no_use),
        cmocka_unit_test(files_that_are_right_are_taken),
    };
    return cmocka_run_group_tests(tests, write_files, remove_files);
}
