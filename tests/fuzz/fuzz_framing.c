/* Reads an answer in one piece and in many. The input's first line cuts the rest: each of its bytes
 * is the length of a piece, 'A' for one byte, 'B' for two; they go round. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "http/framing.h"

struct reading {
    struct framing framing;
    enum framing_state state;
    size_t taken;
    size_t given;
    size_t field_bytes;
    struct text body;
    struct text fields;
};

static int take_field(void *context, int status, struct span name, struct span value) {
    struct reading *reading = context;

    CHECK(status >= 200 && status == reading->framing.status);
    CHECK(name.length > 0 && memchr(name.data, ' ', name.length) == NULL);
    CHECK(memchr(name.data, ':', name.length) == NULL);
    CHECK(span_equal(value, span_trim_blanks(value)));
    CHECK(memchr(value.data, '\r', value.length) == NULL);
    CHECK(memchr(value.data, '\n', value.length) == NULL);
    CHECK(memchr(value.data, '\0', value.length) == NULL);
    reading->field_bytes += name.length + 1 + value.length;
    text_append(&reading->fields, name);
    text_append_char(&reading->fields, ':');
    text_append(&reading->fields, value);
    text_append_char(&reading->fields, '\n');
    return 0;
}

/* Gives a copy in a block of its very size, which is gone afterwards. */
static void give(struct reading *reading, struct span piece) {
    char *copy = malloc(piece.length);
    size_t taken = 0;

    CHECK(copy != NULL || piece.length == 0);
    if (piece.length > 0) {
        memcpy(copy, piece.data, piece.length);
    }
    reading->state = framing_take(&reading->framing, (struct span){copy, piece.length}, &taken);
    free(copy);
    CHECK(taken <= piece.length);
    CHECK(reading->state != FRAMING_MORE || taken == piece.length);
    reading->taken += taken;
    reading->given += piece.length;
    CHECK(framing_has_begun(&reading->framing) == (reading->given > 0));
}

static struct reading *begin(void) {
    struct reading *reading = calloc(1, sizeof *reading);

    CHECK(reading != NULL);
    framing_begin(&reading->framing, &reading->body, take_field, reading);
    return reading;
}

static void end(struct reading *reading) {
    text_free(&reading->body);
    text_free(&reading->fields);
    free(reading);
}

static struct reading *read_whole(struct span stream) {
    struct reading *reading = begin();

    give(reading, stream);
    return reading;
}

/* With nothing between two pieces, which is no end. */
static struct reading *read_pieces(struct span stream, struct span lengths) {
    struct reading *reading = begin();

    for (size_t i = 0; stream.length > 0; i++) {
        unsigned byte = lengths.length == 0 ? 'A' : (unsigned char)lengths.data[i % lengths.length];
        size_t length = (byte - 1) % 64 + 1;
        length = length < stream.length ? length : stream.length;
        give(reading, (struct span){stream.data, length});
        give(reading, (struct span){NULL, 0});
        stream.data += length;
        stream.length -= length;
    }
    return reading;
}

static void check_same(const struct reading *a, const struct reading *b) {
    CHECK(a->state == b->state && a->framing.status == b->framing.status);
    CHECK(a->state != FRAMING_WHOLE || a->taken == b->taken);
    CHECK(a->framing.keeps_connection == b->framing.keeps_connection);
    CHECK(a->framing.failure == b->framing.failure ||
          (a->framing.failure != NULL && b->framing.failure != NULL &&
           strcmp(a->framing.failure, b->framing.failure) == 0));
    CHECK(span_equal(text_span(&a->body), text_span(&b->body)));
    CHECK(span_equal(text_span(&a->fields), text_span(&b->fields)));
}

static void check_state(const struct reading *reading) {
    const struct framing *framing = &reading->framing;

    CHECK((framing->failure != NULL) == (reading->state == FRAMING_BROKEN));
    CHECK(reading->state != FRAMING_BROKEN || !framing->keeps_connection);
    CHECK(framing->status == 0 || (framing->status >= 200 && framing->status <= 999));
    CHECK(reading->state != FRAMING_WHOLE || framing->status != 0);
    CHECK(framing->status != 0 || reading->body.length + reading->fields.length == 0);
    CHECK(reading->body.length + reading->field_bytes <= reading->given);
}

/* The answer does not hang on what stands behind it, and was not whole a byte before. */
static void check_taken(const struct reading *whole, struct span stream) {
    struct reading *alone = read_whole((struct span){stream.data, whole->taken});
    struct reading *shorter = read_whole((struct span){stream.data, whole->taken - 1});

    check_same(whole, alone);
    CHECK(shorter->state == FRAMING_MORE);
    CHECK(framing_end(&shorter->framing) == FRAMING_BROKEN);
    end(alone);
    end(shorter);
}

/* An open end is whole, and holds all that stood behind the header. */
static void check_end(struct reading *reading, struct span stream) {
    bool was_more = reading->state == FRAMING_MORE;
    size_t length = reading->body.length;

    reading->state = framing_end(&reading->framing);
    CHECK(reading->state != FRAMING_MORE);
    if (was_more && reading->state == FRAMING_WHOLE) {
        CHECK(!reading->framing.keeps_connection && length <= stream.length);
        CHECK(length == 0 || memcmp(text_string(&reading->body),
                                    stream.data + stream.length - length, length) == 0);
    }
    check_state(reading);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct span stream = fuzz_span(data, size);
    struct span lengths = fuzz_take(&stream, '\n');
    struct reading *whole = read_whole(stream);
    struct reading *pieces = read_pieces(stream, lengths);

    check_state(whole);
    check_state(pieces);
    check_same(whole, pieces);
    if (whole->state == FRAMING_WHOLE) {
        check_taken(whole, stream);
    }
    check_end(whole, stream);
    check_end(pieces, stream);
    check_same(whole, pieces);
    end(whole);
    end(pieces);
    return 0;
}
