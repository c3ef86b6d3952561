/* Addresses, names, releases and links in any text. */
#include <string.h>

#include "base/json_writer.h"
#include "fuzz.h"
#include "valdb/patterns.h"

static bool is_inside(struct span part, struct span whole) {
    return part.data >= whole.data && part.data + part.length <= whole.data + whole.length;
}

static void check_addresses(struct patterns *patterns, struct span text) {
    struct span found = {0};
    struct span leading = {0};
    bool is_there = patterns_find(patterns, PATTERN_ADDRESS, text, &found);

    if (is_there) {
        CHECK(is_inside(found, text) &&
              patterns_find(patterns, PATTERN_WHOLE_ADDRESS, found, NULL));
    }
    if (patterns_find(patterns, PATTERN_LEADING_ADDRESS, text, &leading)) {
        CHECK(leading.data == text.data &&
              patterns_find(patterns, PATTERN_WHOLE_ADDRESS, leading, NULL));
        CHECK(is_there && span_equal(found, leading));
    }
    CHECK(!patterns_find(patterns, PATTERN_WHOLE_ADDRESS, text, NULL) || span_equal(leading, text));
}

/* Control characters are no part of a name or an address. */
static bool has_control(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] < ' ') {
            return true;
        }
    }
    return false;
}

static void check_release(struct span release, struct span text) {
    CHECK(is_inside(release, text) && release.length >= strlen("1_2_3"));
    CHECK(release.data[0] >= '0' && release.data[0] <= '9');
    CHECK(span_equal(span_trim(release), release) && !has_control(release));
}

/* A scheme with a letter behind it is a link, whatever else stands there. */
static bool has_link(struct span text) {
    static const char scheme[] = "http://";
    const char *found = span_find(text, scheme);
    const char *behind = found == NULL ? NULL : found + strlen(scheme);

    return behind != NULL && behind < text.data + text.length && *behind >= 'a' && *behind <= 'z' &&
           json_is_utf8(text);
}

static void check_links(struct patterns *patterns, struct span text) {
    struct span number = {0};
    struct span address = {0};
    size_t offset = 0;
    size_t count = 0;

    for (size_t before = 0; patterns_next_link(patterns, text, &offset, &number, &address);
         before = offset) {
        CHECK(offset > before && offset <= text.length && is_inside(address, text));
        CHECK(address.length > strlen("http://") && memcmp(address.data, "http", 4) == 0);
        CHECK(memchr(address.data, ' ', address.length) == NULL && !has_control(address));
        CHECK(span_is_null(number) ||
              (is_inside(number, text) && number.data[0] == '[' && number.data < address.data &&
               number.data[number.length - 1] == ']'));
        count++;
    }
    CHECK(count > 0 || !has_link(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct patterns *patterns;
    struct span text = fuzz_span(data, size);
    struct span release;
    struct error error;

    if (patterns == NULL) {
        patterns = patterns_create(&error);
        CHECK(patterns != NULL);
    }
    check_addresses(patterns, text);
    check_links(patterns, text);
    if (patterns_find(patterns, PATTERN_TARGET, text, &release)) {
        check_release(release, text);
    }
    if (patterns_find(patterns, PATTERN_REFERENCE, text, &release)) {
        check_release(release, text);
    }
    CHECK(!patterns_find(patterns, PATTERN_CAMPAIGN_NAME, text, NULL) ||
          (text.data[0] >= '0' && text.data[0] <= '9'));
    return 0;
}
