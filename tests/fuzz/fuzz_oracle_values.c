/* What Oracle's reader makes of a single value, and of an address. The input's first byte picks the
 * reader (n: NUMBER, m: a moment, y and d: an interval, f: a floating number, t: national text,
 * u: a UROWID, r: a ROWID, a: an address, x: a name and a tnsnames.ora); the rest is what it reads.
 */
#define _DEFAULT_SOURCE /* mkdtemp */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "fuzz.h"
#include "oracle/address.h"
#include "oracle/descriptor.h"
#include "oracle/values.h"

typedef bool reads_value(const unsigned char *bytes, size_t length, struct bytes *out);

static const char digits[] = "0123456789";
static const char rowid_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Whether there was a value. What is refused leaves nothing behind. */
static bool read_value(reads_value *read, struct span input, struct bytes *out) {
    bool is_value = read((const unsigned char *)input.data, input.length, out);

    CHECK(is_value || out->length == 0);
    CHECK(!out->failed && bytes_text(out)[out->length] == '\0');
    return is_value;
}

/* "-~", "~", or digits without a zero that is not needed. */
static void check_number(struct span input) {
    struct bytes out = {0};

    if (read_value(number_append, input, &out)) {
        const char *text = bytes_text(&out);
        bool is_negative = *text == '-';
        text += is_negative;
        size_t whole = strspn(text, digits);
        if (whole == 0) {
            CHECK(strcmp(text, "~") == 0);
        } else {
            CHECK(whole == 1 || *text != '0');
            size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, digits) : 0;
            size_t length = whole + fraction + (fraction > 0);
            CHECK(text[length] == '\0');
            CHECK(fraction == 0 || text[length - 1] != '0');
            CHECK(!is_negative || strspn(text, "0.") < length);
        }
    }
    bytes_free(&out);
}

/* A date of the form, with six digits behind the point or nine; or a text that no such date is. */
static void check_moment(struct span input) {
    static const char form[] = "dddd-dd-dd dd:dd:dd.ddddddddd";
    struct bytes out = {0};

    if (read_value(moment_append, input, &out)) {
        const char *text = bytes_text(&out);
        size_t same = 0;
        while (same < sizeof form - 1 && (form[same] == 'd' ? text[same] >= '0' && text[same] <= '9'
                                                            : text[same] == form[same])) {
            same++;
        }
        bool is_date =
            text[same] == '\0' && (same == 26 || (same == 29 && strcmp(text + 26, "000")));
        if (is_date) {
            CHECK(strncmp(text, "0001", 4) >= 0 && strncmp(text + 5, "01", 2) >= 0);
            CHECK(strncmp(text + 5, "12", 2) <= 0 && strncmp(text + 8, "31", 2) <= 0);
            CHECK(strncmp(text + 11, "24", 2) < 0 && strncmp(text + 14, "60", 2) < 0);
        } else {
            CHECK(out.length >= 19 && strchr(text, '.') == NULL);
        }
    }
    bytes_free(&out);
}

/* The parts of an interval, with a sign. */
static void check_interval(reads_value *read, struct span input) {
    struct bytes out = {0};

    if (read_value(read, input, &out)) {
        CHECK(bytes_text(&out)[0] == '+' || bytes_text(&out)[0] == '-');
        CHECK(strspn(bytes_text(&out) + 1, "0123456789-:. ") == out.length - 1);
    }
    bytes_free(&out);
}

static void check_months(struct span input) {
    check_interval(months_append, input);
}

static void check_seconds(struct span input) {
    check_interval(seconds_append, input);
}

/* Puts the text's number as the server would have sent it. */
static void encode_floating(const char *text, size_t length, unsigned char encoded[8]) {
    float single = strtof(text, NULL);
    double number = strtod(text, NULL);
    uint64_t bits = 0;
    uint32_t low = 0;

    memcpy(&bits, &number, sizeof bits);
    memcpy(&low, &single, sizeof low);
    bits = length == sizeof single ? (uint64_t)low << 32 : bits;
    bits = bits >> 63 != 0 ? ~bits : bits | UINT64_C(1) << 63;
    for (size_t i = 0; i < 8; i++) {
        encoded[i] = (unsigned char)(bits >> (56 - 8 * i));
    }
}

/* The text is read back as the very number. */
static void check_floating(struct span input) {
    struct bytes out = {0};
    unsigned char encoded[8];

    if (read_value(floating_append, input, &out)) {
        CHECK(out.length > 0);
        if (strcmp(bytes_text(&out), "NaN") != 0) {
            encode_floating(bytes_text(&out), input.length, encoded);
            CHECK(memcmp(encoded, input.data, input.length) == 0);
        }
    }
    bytes_free(&out);
}

static void check_national(struct span input) {
    struct bytes out = {0};
    bool is_text = read_value(national_append, input, &out);

    CHECK(is_text == (input.length % 2 == 0));
    CHECK(json_is_utf8((struct span){bytes_text(&out), out.length}));
    CHECK(out.length >= (is_text ? input.length / 2 : 0) && out.length <= input.length / 2 * 3);
    bytes_free(&out);
}

static void check_universal_rowid(struct span input) {
    struct bytes out = {0};

    if (read_value(universal_rowid_append, input, &out)) {
        const char *text = bytes_text(&out);
        size_t key = input.length - 1;
        bool is_key = *text == '*';
        CHECK(out.length ==
              (is_key ? 1 + key / 3 * 4 + (key % 3 == 0 ? 0 : key % 3 + 1) : (size_t)ROWID_LENGTH));
        CHECK(strspn(text + is_key, rowid_digits) == out.length - is_key);
    }
    bytes_free(&out);
}

static void check_rowid(struct span input) {
    struct bytes out = {0};
    struct rowid rowid = {0};

    memcpy(&rowid, input.data, input.length < sizeof rowid ? input.length : sizeof rowid);
    rowid_append(&rowid, &out);
    CHECK(out.length == ROWID_LENGTH && strspn(bytes_text(&out), rowid_digits) == ROWID_LENGTH);
    bytes_free(&out);
}

static void check_endpoints(const struct address *address) {
    CHECK(address->endpoint_count >= 1 && address->endpoint_count <= ADDRESS_MOST_ENDPOINTS);
    for (size_t i = 0; i < address->endpoint_count; i++) {
        long port = strtol(address->endpoints[i].port, NULL, 10);
        CHECK(memchr(address->endpoints[i].host, '\0', sizeof address->endpoints[i].host) != NULL);
        CHECK(port >= 1 && port <= 65535);
    }
}

/* What each listener is sent is a descriptor of some places. */
static void check_connect_data(const struct address *address) {
    const struct address_settings settings = {0};
    struct address again;
    struct oracle_error error = {0};

    CHECK(address->description_count <= ADDRESS_MOST_DESCRIPTIONS);
    for (size_t i = 0; i < address->endpoint_count; i++) {
        size_t description = address->endpoints[i].description;
        CHECK(description < address->description_count);
        const char *text = bytes_text(&address->connect_data[description]);
        CHECK(address_parse_text(text, &settings, &again, &error) == 0);
        CHECK(again.endpoint_count >= 1);
        address_release(&again);
    }
}

static void check_address(struct span input) {
    struct text string = {0};
    struct address address;
    struct oracle_error error = {0};
    struct parameter parameter;
    struct endpoint endpoint;

    text_append(&string, input);
    const char *text = text_string(&string);
    const char *end = text + strlen(text);
    const struct address_settings settings = {.tns_admin = "/nowhere",
                                              .choice = (uint32_t)input.length};
    if (descriptor_find(text, end, "HOST", &parameter)) {
        CHECK(parameter.value >= text && parameter.value + parameter.value_length < parameter.end);
        CHECK(parameter.end <= end);
    }
    if (address_parse_text(text, &settings, &address, &error) == 0) {
        check_endpoints(&address);
        check_connect_data(&address);
    } else {
        CHECK(error.failure != ORACLE_NO_FAILURE && error.message[0] != '\0');
    }
    CHECK(address_parse_redirect(text, &endpoint, &error) == -1 || endpoint.host[0] != '\0');
    address_release(&address);
    text_free(&string);
}

/* A file of names, after the name that is looked for. No file is included: it could be any. */
static void check_names(struct span input) {
    char folder[] = "/tmp/rowpost-fuzz-names-XXXXXX";
    char path[sizeof folder + 16];
    const char *line_end = input.length == 0 ? NULL : memchr(input.data, '\n', input.length);
    struct text alias = {0};
    struct bytes found = {0};
    struct oracle_error error = {0};

    if (line_end == NULL || memchr(input.data, '\0', input.length) != NULL) {
        return;
    }
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/tnsnames.ora", folder);
    text_append(&alias, (struct span){input.data, (size_t)(line_end - input.data)});
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    for (const char *at = line_end; at < input.data + input.length; at++) {
        fputc(*at == 'f' || *at == 'F' ? 'g' : *at, file);
    }
    CHECK(fclose(file) == 0);
    if (tns_names_find(folder, text_string(&alias), &found, &error) == 0) {
        CHECK(found.length > 0 && memchr(found.data, '#', found.length) == NULL);
    } else {
        CHECK(error.failure == ORACLE_USAGE && error.message[0] != '\0');
    }
    CHECK(unlink(path) == 0 && rmdir(folder) == 0);
    bytes_free(&found);
    text_free(&alias);
}

static const struct {
    uint8_t letter;
    void (*check)(struct span input);
} checks[] = {
    {'n', check_number},          {'m', check_moment}, {'f', check_floating}, {'t', check_national},
    {'u', check_universal_rowid}, {'r', check_rowid},  {'a', check_address},  {'y', check_months},
    {'d', check_seconds},         {'x', check_names},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    for (size_t i = 0; size > 0 && i < sizeof checks / sizeof *checks; i++) {
        if (checks[i].letter == *data) {
            checks[i].check(fuzz_span(data + 1, size - 1));
        }
    }
    return 0;
}
