#define _DEFAULT_SOURCE /* struct timeval, close */
#include "people/directory_session_private.h"

#include <ldap.h>
#include <openldap.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/interrupt.h"
#include "base/log.h"

/* What Debian's ca-certificates keeps; libldap has no certificates of its own. */
static const char system_certificates[] = "/etc/ssl/certs/ca-certificates.crt";

enum {
    PAGE_SIZE = 200,
    MOST_PAGES = 1000,
    MOST_BYTES = 16 * 1024 * 1024,
    SLICE_MICROSECONDS = 200000
};

struct directory_session {
    const struct directory_place *place;
    const struct people_access *access;
    struct directory_wire wire;
    LDAP *ldap;
    struct arena arena; /* of the entry at hand */
    bool has_said_reference;
};

static int fail(const struct directory_session *session, int code, const char *doing,
                struct error *error) {
    if (interrupt_requested()) {
        return directory_wire_set_interrupted(error);
    }
    return directory_error_set(session->place, session->access, session->ldap,
                               session->wire.has_timed_out ? LDAP_TIMEOUT : code, doing, error);
}

static int set_option(const struct directory_session *session, int option, const void *value,
                      struct error *error) {
    int rc = ldap_set_option(session->ldap, option, value);
    return rc == LDAP_OPT_SUCCESS ? 0 : fail(session, rc, "preparing the connection", error);
}

static int set_tls_options(const struct directory_session *session, struct error *error) {
    const struct people_access *access = session->access;
    const char *ca_file = access->ca_file == NULL ? system_certificates : access->ca_file;
    int verification = access->insecure ? LDAP_OPT_X_TLS_NEVER : LDAP_OPT_X_TLS_DEMAND;
    int client = 0;
    if (!access->insecure && set_option(session, LDAP_OPT_X_TLS_CACERTFILE, ca_file, error) != 0) {
        return -1;
    }
    if (set_option(session, LDAP_OPT_X_TLS_REQUIRE_CERT, &verification, error) != 0) {
        return -1;
    }
    int rc = ldap_set_option(session->ldap, LDAP_OPT_X_TLS_NEWCTX, &client);
    if (rc == LDAP_OPT_SUCCESS) {
        return 0;
    }
    return error_set(error, ERROR_INPUT, "%s: no certificates to trust can be read from it%s",
                     ca_file,
                     access->ca_file == NULL ? "; install ca-certificates, or name them by --cacert"
                                             : "; expected PEM");
}

static int set_options(const struct directory_session *session, struct error *error) {
    const int version = LDAP_VERSION3;
    const int never = LDAP_DEREF_NEVER;
    const int limit = LDAP_NO_LIMIT;
    const struct timeval none = {.tv_sec = -1}; /* time is limited here */
    if (set_option(session, LDAP_OPT_PROTOCOL_VERSION, &version, error) != 0 ||
        set_option(session, LDAP_OPT_REFERRALS, LDAP_OPT_OFF, error) != 0 ||
        set_option(session, LDAP_OPT_DEREF, &never, error) != 0 ||
        set_option(session, LDAP_OPT_SIZELIMIT, &limit, error) != 0 ||
        set_option(session, LDAP_OPT_TIMELIMIT, &limit, error) != 0 ||
        set_option(session, LDAP_OPT_NETWORK_TIMEOUT, &none, error) != 0 ||
        set_option(session, LDAP_OPT_TIMEOUT, &none, error) != 0) {
        return -1;
    }
    if (session->place->is_tls || session->access->starttls) {
        return set_tls_options(session, error);
    }
    return 0;
}

/* A broken server may announce a message of any length. */
static void limit_messages(const struct directory_session *session) {
    Sockbuf *buffer = NULL;
    ber_len_t most = MOST_BYTES;
    if (ldap_get_option(session->ldap, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS &&
        buffer != NULL) {
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &most);
    }
}

/* The next message of the answer. Its type; or -1 with the error. */
static int wait_for_message(const struct directory_session *session, int id, const char *doing,
                            LDAPMessage **message, struct error *error) {
    const int64_t deadline = clock_now() + (int64_t)session->access->patience * CLOCK_SECOND;
    for (;;) {
        struct timeval slice = {.tv_usec = SLICE_MICROSECONDS};
        *message = NULL;
        int type = ldap_result(session->ldap, id, LDAP_MSG_ONE, &slice, message);
        if (type > 0) {
            return type;
        }
        if (interrupt_requested()) {
            return directory_wire_set_interrupted(error);
        }
        if (type < 0) {
            int code = LDAP_OTHER;
            ldap_get_option(session->ldap, LDAP_OPT_RESULT_CODE, &code);
            return fail(session, code, doing, error);
        }
        if (clock_now() >= deadline) {
            return fail(session, LDAP_TIMEOUT, doing, error);
        }
    }
}

/* Waits for the one message that ends an operation and frees it. 0, or -1 with the error. */
static int end_operation(const struct directory_session *session, int id, const char *doing,
                         struct error *error) {
    LDAPMessage *message = NULL;
    int code = LDAP_OTHER;
    if (wait_for_message(session, id, doing, &message, error) < 0) {
        return -1;
    }
    int rc = ldap_parse_result(session->ldap, message, &code, NULL, NULL, NULL, NULL, 1);
    if (rc == LDAP_SUCCESS) {
        rc = code;
    }
    return rc == LDAP_SUCCESS ? 0 : fail(session, rc, doing, error);
}

static int shake_hands(const struct directory_session *session, struct error *error) {
    int rc = ldap_install_tls(session->ldap);
    return rc == LDAP_SUCCESS ? 0 : fail(session, rc, "the TLS handshake", error);
}

/* RFC 4511, section 4.14. */
static int start_tls(const struct directory_session *session, struct error *error) {
    static const char doing[] = "StartTLS";
    int id = 0;
    int rc = ldap_start_tls(session->ldap, NULL, NULL, &id);
    if (rc != LDAP_SUCCESS) {
        return fail(session, rc, doing, error);
    }
    if (end_operation(session, id, doing, error) != 0) {
        return -1;
    }
    return shake_hands(session, error);
}

/* A simple bind (RFC 4513, section 5.1.3). Who does not bind is anonymous (section 5.1.1). */
static int bind_by_password(const struct directory_session *session, struct error *error) {
    const struct people_access *access = session->access;
    struct berval password = {.bv_len = access->password.length,
                              .bv_val = (char *)access->password.data};
    int id = 0;
    int rc = ldap_sasl_bind(session->ldap, access->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL,
                            &id);
    if (rc != LDAP_SUCCESS) {
        return fail(session, rc, "the bind", error);
    }
    return end_operation(session, id, "the bind", error);
}

static int connect_wire(struct directory_session *session, struct error *error) {
    const struct directory_place *place = session->place;
    struct directory_wire *wire = &session->wire;
    if (directory_wire_connect(wire, place, session->access->patience, error) != 0) {
        return -1;
    }
    int rc = ldap_init_fd(wire->descriptor, LDAP_PROTO_TCP, place->server, &session->ldap);
    if (rc != LDAP_SUCCESS) {
        close(wire->descriptor);
        session->ldap = NULL;
        return fail(session, rc, "preparing the connection", error);
    }
    return directory_wire_attach(wire, session->ldap) == 0 ? 0 : error_set_no_memory(error);
}

static int begin(struct directory_session *session, struct error *error) {
    if (connect_wire(session, error) != 0 || set_options(session, error) != 0) {
        return -1;
    }
    limit_messages(session);
    if (session->place->is_tls && shake_hands(session, error) != 0) {
        return -1;
    }
    if (session->access->starttls && start_tls(session, error) != 0) {
        return -1;
    }
    return session->access->bind_dn == NULL ? 0 : bind_by_password(session, error);
}

struct directory_session *directory_session_open(const struct directory_place *place,
                                                 const struct people_access *access,
                                                 struct error *error) {
    struct directory_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        error_set_no_memory(error);
        return NULL;
    }
    session->place = place;
    session->access = access;
    if (begin(session, error) != 0) {
        directory_session_close(session);
        return NULL;
    }
    return session;
}

void directory_session_close(struct directory_session *session) {
    if (session == NULL) {
        return;
    }
    if (session->ldap != NULL) {
        ldap_unbind_ext(session->ldap, NULL, NULL);
    }
    arena_free(&session->arena);
    free(session);
}

/* The values of one attribute that are texts. */
static int read_values(struct directory_session *session, LDAPMessage *message,
                       const char *attribute, struct directory_values *values) {
    struct berval **found = ldap_get_values_len(session->ldap, message, attribute);
    size_t count = found == NULL ? 0 : (size_t)ldap_count_values_len(found);
    struct span *items = arena_allocate(&session->arena, (count + 1) * sizeof *items);
    size_t filled = 0;
    for (size_t i = 0; items != NULL && i < count; i++) {
        struct span value = {found[i]->bv_val, found[i]->bv_len};
        if (json_is_utf8(value)) {
            items[filled++] = arena_copy(&session->arena, value);
        }
    }
    ldap_value_free_len(found);
    *values = (struct directory_values){items, filled};
    return items == NULL || session->arena.failed ? -1 : 0;
}

static int take_entry(struct directory_session *session, LDAPMessage *message,
                      int (*take)(void *context, const struct directory_entry *entry,
                                  struct error *error),
                      void *context, struct error *error) {
    struct directory_entry entry = {0};
    char now[DATE_MOMENT_SIZE];
    arena_reset(&session->arena);
    date_format_moment(date_now(), now);
    entry.asked = span_of(now);
    char *dn = ldap_get_dn(session->ldap, message);
    entry.dn = arena_copy(&session->arena, span_of(dn == NULL ? "" : dn));
    ldap_memfree(dn);
    for (size_t i = 0; i < DIRECTORY_ATTRIBUTE_COUNT; i++) {
        if (read_values(session, message, session->place->attributes[i], &entry.values[i]) != 0) {
            return error_set_no_memory(error);
        }
    }
    if (!json_is_utf8(entry.dn)) {
        return fail(session, LDAP_DECODING_ERROR, "reading an entry", error);
    }
    return take(context, &entry, error);
}

/* A part of the tree that another server has; every search of some directories meets one. */
static void pass_reference(struct directory_session *session) {
    if (!session->has_said_reference) {
        session->has_said_reference = true;
        log_verbose("%s: a part of the directory is kept by another server, which is not asked",
                    session->place->server);
    }
}

static int send_search(struct directory_session *session, const char *filter, struct berval *cookie,
                       int *id, struct error *error) {
    LDAPControl *page = NULL;
    int rc = ldap_create_page_control(session->ldap, PAGE_SIZE, cookie, 0, &page);
    if (rc == LDAP_SUCCESS) {
        LDAPControl *controls[] = {page, NULL};
        int scope =
            session->place->scope == DIRECTORY_SUBTREE ? LDAP_SCOPE_SUBTREE : LDAP_SCOPE_ONELEVEL;
        rc = ldap_search_ext(session->ldap, session->place->base, scope, filter,
                             (char **)session->place->attributes, 0, controls, NULL, NULL,
                             LDAP_NO_LIMIT, id);
        ldap_control_free(page);
    }
    return rc == LDAP_SUCCESS ? 0 : fail(session, rc, "the search", error);
}

/* The content of the message that ends a page; `cookie` (freed first) is empty where it was the
 * last. */
static enum directory_search end_page(struct directory_session *session, LDAPMessage *message,
                                      struct berval *cookie, struct error *error) {
    LDAPControl **controls = NULL;
    int code = LDAP_OTHER;
    int rc = ldap_parse_result(session->ldap, message, &code, NULL, NULL, NULL, &controls, 0);
    ber_memfree(cookie->bv_val);
    *cookie = (struct berval){0};
    if (rc == LDAP_SUCCESS && code == LDAP_SUCCESS) {
        LDAPControl *page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
        ber_int_t estimate = 0;
        if (page != NULL) {
            rc = ldap_parse_pageresponse_control(session->ldap, page, &estimate, cookie);
        }
    }
    ldap_controls_free(controls);
    if (rc != LDAP_SUCCESS) {
        fail(session, rc, "the search", error);
        return SEARCH_FAILED;
    }
    if (code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_ADMINLIMIT_EXCEEDED) {
        return SEARCH_TOO_MANY;
    }
    if (code != LDAP_SUCCESS) {
        fail(session, code, "the search", error);
        return SEARCH_FAILED;
    }
    return SEARCH_COMPLETE;
}

static enum directory_search
read_page(struct directory_session *session, int id, struct berval *cookie,
          int (*take)(void *context, const struct directory_entry *entry, struct error *error),
          void *context, struct error *error) {
    for (;;) {
        LDAPMessage *message = NULL;
        enum directory_search result = SEARCH_COMPLETE;
        int type = wait_for_message(session, id, "the search", &message, error);
        if (type == LDAP_RES_SEARCH_ENTRY && take_entry(session, message, take, context, error)) {
            result = SEARCH_FAILED;
        } else if (type == LDAP_RES_SEARCH_REFERENCE) {
            pass_reference(session);
        } else if (type == LDAP_RES_SEARCH_RESULT) {
            result = end_page(session, message, cookie, error);
        } else if (type < 0) {
            return SEARCH_FAILED;
        }
        ldap_msgfree(message);
        if (result != SEARCH_COMPLETE || type == LDAP_RES_SEARCH_RESULT) {
            return result;
        }
    }
}

enum directory_search directory_session_search(
    struct directory_session *session, const char *filter,
    int (*take)(void *context, const struct directory_entry *entry, struct error *error),
    void *context, struct error *error) {
    struct berval cookie = {0};
    enum directory_search result = SEARCH_COMPLETE;
    int pages = 0;
    do {
        int id = 0;
        result = send_search(session, filter, &cookie, &id, error) != 0
                     ? SEARCH_FAILED
                     : read_page(session, id, &cookie, take, context, error);
        pages++;
    } while (result == SEARCH_COMPLETE && cookie.bv_len > 0 && pages < MOST_PAGES);
    if (result == SEARCH_COMPLETE && cookie.bv_len > 0) {
        result = SEARCH_TOO_MANY;
    }
    ber_memfree(cookie.bv_val);
    return result;
}
