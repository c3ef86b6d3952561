/* What is read of a people directory: its URL, the attributes, the names that are asked for, and
 * the answers that the workspace keeps. Lines: location, attributes (or none), a name, an answer.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json_writer.h"
#include "fuzz.h"
#include "people/directory_private.h"

static char *copy_line(struct span line) {
    char *copy = calloc(line.length + 1, 1);
    CHECK(copy != NULL);
    memcpy(copy, line.data, line.length);
    return copy;
}

static unsigned digit_of(char c) {
    const char *digits = "0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    CHECK(found != NULL);
    return (unsigned)(found - digits);
}

/* The escaped value has no character with a meaning, and is the name again once it is read. */
static void check_value(struct span name) {
    struct text escaped = {0};
    size_t at = 0;
    directory_place_append_value(&escaped, name);
    for (size_t i = 0; i < escaped.length; i++) {
        char c = escaped.data[i];
        CHECK(strchr("()*", c) == NULL && (unsigned char)c < 0x80);
        CHECK(at < name.length);
        if (c == '\\') {
            CHECK(i + 2 < escaped.length);
            unsigned byte = digit_of(escaped.data[i + 1]) * 16 + digit_of(escaped.data[i + 2]);
            CHECK((unsigned char)name.data[at] == byte);
            i += 2;
        } else {
            CHECK(name.data[at] == c);
        }
        at++;
    }
    CHECK(at == name.length);
    text_free(&escaped);
}

static void check_place(const char *location, const char *attributes, struct span name) {
    struct directory_place place = {0};
    struct error error = {0};
    struct text filter = {0};
    if (directory_place_parse(&place, location, attributes, &error) != 0) {
        CHECK(error.code == ERROR_USAGE && error.message[0] != '\0');
    } else {
        CHECK(directory_place_is_one(location));
        CHECK(*place.host != '\0' && *place.port != '\0' && *place.base != '\0');
        CHECK(json_is_utf8(span_of(place.base)));
        for (size_t i = 0; i < DIRECTORY_ATTRIBUTE_COUNT; i++) {
            CHECK(*place.attributes[i] != '\0' && strpbrk(place.attributes[i], "()=*\\") == NULL);
        }
        directory_place_append_filter(&filter, &place, &name, 1);
        CHECK(!filter.failed && filter.length > 0);
    }
    text_free(&filter);
    directory_place_free(&place);
}

/* An entry that was read can be kept, and is then the same. */
static int check_entry(void *context, const struct directory_entry *entry, struct error *error) {
    struct text text = {0};
    struct json_writer json = json_writer_to(&text);
    (void)context;
    (void)error;
    directory_entry_write(entry, &json);
    CHECK(json_is_utf8(text_span(&text)));
    directory_entry_first(entry, DIRECTORY_LOGIN);
    text_free(&text);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span rest = fuzz_span(data, size);
    char *location = copy_line(fuzz_take(&rest, '\n'));
    char *attributes = copy_line(fuzz_take(&rest, '\n'));
    struct span name = fuzz_take(&rest, '\n');
    struct error error = {0};

    check_place(location, *attributes == '\0' ? NULL : attributes, name);
    check_value(name);
    if (directory_entry_read_answer(rest, check_entry, NULL, &error) != 0) {
        CHECK(error.code == ERROR_WORKSPACE);
    }
    free(location);
    free(attributes);
    return 0;
}
