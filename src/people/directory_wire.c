#define _POSIX_C_SOURCE 200809L /* getaddrinfo */
#include "people/directory_session_private.h"

#include <errno.h>
#include <fcntl.h>
#include <lber.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/json_writer.h"
#include "base/text.h"

/* How often SIGINT is looked for; and the place of the layer: above TCP, below TLS. */
enum {
    SLICE_MILLISECONDS = 200,
    LEVEL = (LBER_SBIOD_LEVEL_PROVIDER + LBER_SBIOD_LEVEL_TRANSPORT) / 2
};

/* Until the descriptor is ready. 0, or -1 with errno ETIMEDOUT, ECANCELED or the system's. */
static int wait_until_ready(struct directory_wire *wire, short events) {
    const int64_t deadline = clock_now() + (int64_t)wire->timeout * CLOCK_SECOND;
    struct pollfd descriptor = {.fd = wire->descriptor, .events = events};
    for (;;) {
        int ready = poll(&descriptor, 1, SLICE_MILLISECONDS);
        if (ready > 0) {
            return 0;
        }
        if (interrupt_requested()) {
            errno = ECANCELED;
            return -1;
        }
        if (ready < 0 && errno != EINTR) {
            return -1;
        }
        if (clock_now() >= deadline) {
            wire->has_timed_out = true;
            errno = ETIMEDOUT;
            return -1;
        }
    }
}

/* Waits until a connection under way is made. 0, or -1 with errno. */
static int finish_connecting(struct directory_wire *wire) {
    int problem = 0;
    socklen_t size = sizeof problem;
    if (wait_until_ready(wire, POLLOUT) != 0 ||
        getsockopt(wire->descriptor, SOL_SOCKET, SO_ERROR, &problem, &size) != 0) {
        return -1;
    }
    errno = problem;
    return problem == 0 ? 0 : -1;
}

/* 0, or -1 with errno and no descriptor. */
static int connect_to(struct directory_wire *wire, const struct addrinfo *address) {
    wire->descriptor = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (wire->descriptor < 0) {
        return -1;
    }
    int flags = fcntl(wire->descriptor, F_GETFL);
    fcntl(wire->descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(wire->descriptor, F_SETFL, flags | O_NONBLOCK);
    int rc = connect(wire->descriptor, address->ai_addr, address->ai_addrlen);
    if (rc != 0 && errno == EINPROGRESS) {
        rc = finish_connecting(wire);
    }
    if (rc == 0) {
        return fcntl(wire->descriptor, F_SETFL, flags);
    }
    int problem = errno;
    close(wire->descriptor);
    wire->descriptor = -1;
    errno = problem;
    return -1;
}

int directory_wire_set_interrupted(struct error *error) {
    return interrupt_set_error(error,
                               " while asking the people directory; the workspace is unchanged");
}

int directory_wire_connect(struct directory_wire *wire, const struct directory_place *place,
                           long timeout, struct error *error) {
    const struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    *wire = (struct directory_wire){.descriptor = -1, .timeout = timeout};
    int rc = getaddrinfo(place->host, place->port, &wanted, &addresses);
    if (rc != 0) {
        return error_set(error, ERROR_SOURCE, "the people directory %s: no address of %s: %s",
                         place->server, place->host, gai_strerror(rc));
    }
    errno = 0;
    for (const struct addrinfo *one = addresses; one != NULL && wire->descriptor < 0;
         one = one->ai_next) {
        if (connect_to(wire, one) != 0 && interrupt_requested()) {
            break;
        }
    }
    int problem = errno;
    freeaddrinfo(addresses);
    if (wire->descriptor >= 0) {
        wire->has_timed_out = false;
        return 0;
    }
    if (interrupt_requested()) {
        return directory_wire_set_interrupted(error);
    }
    return error_set(error, ERROR_SOURCE, "the people directory %s: cannot be reached: %s",
                     place->server, strerror(problem));
}

static int set_up(Sockbuf_IO_Desc *layer, void *wire) {
    layer->sbiod_pvt = wire;
    return 0;
}

static int remove_layer(Sockbuf_IO_Desc *layer) {
    layer->sbiod_pvt = NULL;
    return 0;
}

static int control(Sockbuf_IO_Desc *layer, int option, void *argument) {
    return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

static ber_slen_t read_bytes(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t count) {
    if (wait_until_ready(layer->sbiod_pvt, POLLIN) != 0) {
        return -1;
    }
    return LBER_SBIOD_READ_NEXT(layer, bytes, count);
}

static ber_slen_t write_bytes(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t count) {
    if (wait_until_ready(layer->sbiod_pvt, POLLOUT) != 0) {
        return -1;
    }
    return LBER_SBIOD_WRITE_NEXT(layer, bytes, count);
}

static int close_layer(Sockbuf_IO_Desc *layer) {
    (void)layer;
    return 0;
}

static Sockbuf_IO waiting_layer = {.sbi_setup = set_up,
                                   .sbi_remove = remove_layer,
                                   .sbi_ctrl = control,
                                   .sbi_read = read_bytes,
                                   .sbi_write = write_bytes,
                                   .sbi_close = close_layer};

int directory_wire_attach(struct directory_wire *wire, LDAP *ldap) {
    Sockbuf *buffer = NULL;
    if (ldap_get_option(ldap, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS || buffer == NULL) {
        return -1;
    }
    return ber_sockbuf_add_io(buffer, &waiting_layer, LEVEL, wire);
}

enum blame { BLAME_DIRECTORY, BLAME_SETTINGS };

/* `sentence` follows the server and what was under way. */
static const struct meaning {
    int code;
    enum blame blame;
    const char *sentence;
} meanings[] = {
    {LDAP_SERVER_DOWN, BLAME_DIRECTORY, "cannot be reached, or has closed the connection"},
    {LDAP_CONNECT_ERROR, BLAME_DIRECTORY,
     "failed: the certificate there is of no trusted authority (see --cacert) or of another host, "
     "or TLS is not used there"},
    {LDAP_DECODING_ERROR, BLAME_DIRECTORY, "does not answer as an LDAP server does"},
    {LDAP_PROTOCOL_ERROR, BLAME_DIRECTORY, "does not understand what is asked"},
    {LDAP_BUSY, BLAME_DIRECTORY, "is busy"},
    {LDAP_UNAVAILABLE, BLAME_DIRECTORY, "is not available"},
    {LDAP_TIMELIMIT_EXCEEDED, BLAME_DIRECTORY,
     "took longer than it allows itself; the attributes may not be indexed there"},
    {LDAP_REFERRAL, BLAME_DIRECTORY,
     "refers to another server, which is not asked; name that one with --people"},
    {LDAP_NO_SUCH_OBJECT, BLAME_DIRECTORY,
     "has no entry of that base DN, or does not show it to this user; see --people and "
     "--ldap-bind"},
    {LDAP_INVALID_DN_SYNTAX, BLAME_SETTINGS, "does not take the base DN or that of --ldap-bind"},
    {LDAP_FILTER_ERROR, BLAME_SETTINGS, "the filter in the URL of --people is none (RFC 4515)"},
    {LDAP_INVALID_CREDENTIALS, BLAME_DIRECTORY,
     "does not accept --ldap-bind with that password; see --ldap-password-file and "
     "ROWPOST_LDAP_PASSWORD"},
    {LDAP_CONFIDENTIALITY_REQUIRED, BLAME_DIRECTORY,
     "answers only over TLS; take ldaps:// or --ldap-starttls"},
    {LDAP_STRONG_AUTH_REQUIRED, BLAME_DIRECTORY,
     "wants to know who asks; give --ldap-bind, or take ldaps:// or --ldap-starttls"},
    {LDAP_INSUFFICIENT_ACCESS, BLAME_DIRECTORY,
     "does not show its people to this user; give --ldap-bind"},
    {LDAP_INAPPROPRIATE_AUTH, BLAME_DIRECTORY, "wants to know who asks; give --ldap-bind"},
    {LDAP_OPERATIONS_ERROR, BLAME_DIRECTORY,
     "refuses the search; it may want to know who asks: give --ldap-bind"},
};

static const struct meaning *find_meaning(int code) {
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (meanings[i].code == code) {
            return &meanings[i];
        }
    }
    return NULL;
}

/* What the server, or the TLS library, has reported in addition to the code: in brackets, on one
 * line. */
static void append_detail(LDAP *ldap, struct text *out) {
    char *detail = NULL;
    if (ldap == NULL ||
        ldap_get_option(ldap, LDAP_OPT_DIAGNOSTIC_MESSAGE, &detail) != LDAP_OPT_SUCCESS ||
        detail == NULL) {
        return;
    }
    struct span words = span_trim(span_of(detail));
    /* What GnuTLS's own codes are called. */
    bool is_news = !span_equal_string(words, "(unknown error code)");
    if (is_news && words.length > 0 && json_is_utf8(words)) {
        text_append_string(out, " (");
        for (size_t i = 0; i < words.length && i < 200; i++) {
            unsigned char c = (unsigned char)words.data[i];
            text_append_char(out, (char)(c < ' ' || c == 0x7f ? ' ' : c));
        }
        text_append_char(out, ')');
    }
    ldap_memfree(detail);
}

int directory_error_set(const struct directory_place *place, const struct people_access *access,
                        LDAP *ldap, int code, const char *doing, struct error *error) {
    struct text sentence = {0};
    const struct meaning *meaning = find_meaning(code);
    if (code == LDAP_TIMEOUT) {
        text_append_format(&sentence, "has not answered for %ld seconds (--ldap-timeout)",
                           access->patience);
    } else {
        text_append_format(&sentence, "%s",
                           meaning == NULL ? ldap_err2string(code) : meaning->sentence);
    }
    append_detail(ldap, &sentence);
    enum error_code blamed =
        meaning != NULL && meaning->blame == BLAME_SETTINGS ? ERROR_USAGE : ERROR_SOURCE;
    error_set(error, code == LDAP_NO_MEMORY ? ERROR_MEMORY : blamed,
              "the people directory %s: %s: %s", place->server, doing, text_string(&sentence));
    text_free(&sentence);
    return -1;
}
