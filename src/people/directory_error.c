#include "people/directory_error.h"

#include <stddef.h>

#include "base/json_writer.h"
#include "base/text.h"

enum blame { BLAME_DIRECTORY, BLAME_SETTINGS };

/* `sentence` stands behind the server and what was under way. */
static const struct meaning {
    int code;
    enum blame blame;
    const char *sentence;
} meanings[] = {
    {LDAP_SERVER_DOWN, BLAME_DIRECTORY, "cannot be reached, or has closed the connection"},
    {LDAP_CONNECT_ERROR, BLAME_DIRECTORY,
     "failed: the certificate there is of no trusted authority (see --cacert) or of another host, "
     "or TLS is not spoken there"},
    {LDAP_DECODING_ERROR, BLAME_DIRECTORY, "does not answer as an LDAP server does"},
    {LDAP_PROTOCOL_ERROR, BLAME_DIRECTORY, "does not understand what is asked"},
    {LDAP_BUSY, BLAME_DIRECTORY, "is busy; run the same command again later"},
    {LDAP_UNAVAILABLE, BLAME_DIRECTORY, "is not available; run the same command again later"},
    {LDAP_TIMELIMIT_EXCEEDED, BLAME_DIRECTORY,
     "took longer than it allows itself; the attributes may not be indexed there"},
    {LDAP_REFERRAL, BLAME_DIRECTORY,
     "refers to another server, which is not asked; name that one with --people"},
    {LDAP_NO_SUCH_OBJECT, BLAME_DIRECTORY,
     "has no entry of that base DN, or does not show it to whoever asks; see --people and "
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
     "does not show its people to whoever asks; give --ldap-bind"},
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

/* What the server, or the TLS library, has said beside the code: in brackets, on one line. */
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
