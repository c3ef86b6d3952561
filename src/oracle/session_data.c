#include <stdlib.h>
#include <string.h>

#include "oracle/sign_in.h"

static const struct datum {
    const char *key;
    size_t offset;
} data[] = {
    {"AUTH_SESSKEY", offsetof(struct session_data, session_key)},
    {"AUTH_VFR_DATA", offsetof(struct session_data, verifier_data)},
    {"AUTH_PBKDF2_CSK_SALT", offsetof(struct session_data, salt)},
    {"AUTH_PBKDF2_VGEN_COUNT", offsetof(struct session_data, verifier_rounds)},
    {"AUTH_PBKDF2_SDER_COUNT", offsetof(struct session_data, session_rounds)},
    {"AUTH_SVR_RESPONSE", offsetof(struct session_data, response)},
    {"AUTH_VERSION_NO", offsetof(struct session_data, version)},
};

enum { DATA = sizeof data / sizeof *data };

static struct bytes *find_datum(struct session_data *session, const unsigned char *key,
                                size_t length) {
    for (size_t i = 0; i < DATA; i++) {
        if (strlen(data[i].key) == length && memcmp(data[i].key, key, length) == 0) {
            return (struct bytes *)(void *)((char *)session + data[i].offset);
        }
    }
    return NULL;
}

void session_data_wipe(struct session_data *session) {
    for (size_t i = 0; i < DATA; i++) {
        bytes_wipe((struct bytes *)(void *)((char *)session + data[i].offset));
    }
}

/* Pairs, each with a flag. */
void session_data_take(struct reader *reader, struct session_data *session) {
    for (uint32_t count = reader_number(reader); count > 0 && reader_is_fine(reader); count--) {
        size_t length;
        reader_skip_numbers(reader, 1);
        const unsigned char *text = reader_text(reader, &length);
        struct bytes *datum = text == NULL ? NULL : find_datum(session, text, length);
        text = reader_counted_text(reader, &length);
        uint32_t flag;
        if (datum == NULL) {
            reader_skip_numbers(reader, 1);
            continue;
        }
        bytes_clear(datum);
        bytes_append(datum, text, length);
        flag = reader_number(reader);
        if (datum == &session->verifier_data) {
            session->verifier_kind = flag;
        }
    }
}

/* The number packs the version's parts; in 18 they have become wider. */
void session_data_write_version(const struct session_data *session, struct bytes *out) {
    unsigned long number = strtoul(bytes_text(&session->version), NULL, 10);
    unsigned major = (unsigned)(number >> 24 & 0xff);
    bytes_clear(out);
    if (major >= 18) {
        bytes_append_format(out, "%u.%lu.%lu.%lu.%lu", major, number >> 16 & 0xff,
                            number >> 12 & 0xf, number >> 4 & 0xff, number & 0xf);
    } else {
        bytes_append_format(out, "%u.%lu.%lu.%lu.%lu", major, number >> 20 & 0xf,
                            number >> 12 & 0xff, number >> 8 & 0xf, number & 0xff);
    }
}
