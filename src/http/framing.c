#include "http/framing.h"

#include <stdint.h>
#include <string.h>

#include "base/hex.h"

enum { STATUS_SWITCHING_PROTOCOLS = 101, STATUS_NOT_MODIFIED = 304, CHUNK_SIZE_MOST_DIGITS = 16 };

static int fail(struct framing *framing, const char *words) {
    framing->part = FRAMING_FAILED;
    framing->keeps_connection = false;
    framing->failure = words;
    return -1;
}

static int fail_no_memory(struct framing *framing) {
    return fail(framing, FRAMING_NO_MEMORY);
}

static int fail_too_large(struct framing *framing) {
    return fail(framing, FRAMING_TOO_LARGE);
}

static int fail_chunk(struct framing *framing) {
    return fail(framing, "a chunk of the answer is malformed");
}

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

static bool is_blank(char character) {
    return character == ' ' || character == '\t';
}

/* What holds for every text of a line, be it read or passed over. */
static int check_text(struct framing *framing, struct span text) {
    framing->header_bytes += text.length;
    if (framing->header_bytes > FRAMING_HEADER_MOST_BYTES) {
        return fail(framing, "the header of the answer is larger than 100 KB");
    }
    if (memchr(text.data, '\0', text.length) != NULL ||
        memchr(text.data, '\r', text.length) != NULL) {
        return fail(framing, "the header of the answer has a NUL or a stray carriage return");
    }
    return 0;
}

/* ---- the status line */

static const char version_start[] = "HTTP/1.";

enum { VERSION_DIGIT = sizeof version_start - 1, STATUS = VERSION_DIGIT + 2, REASON = STATUS + 3 };

static int fail_not_http(struct framing *framing) {
    return fail(framing, "the answer is not HTTP/1.1");
}

/* Another protocol need not have lines: its first bytes tell. */
static int check_status_line_start(struct framing *framing, struct span start) {
    size_t length = start.length < VERSION_DIGIT ? start.length : VERSION_DIGIT;
    return memcmp(start.data, version_start, length) == 0 ? 0 : fail_not_http(framing);
}

static int take_status_line(struct framing *framing, struct span line) {
    const char *at = line.data;

    if (line.length < REASON || memcmp(at, version_start, VERSION_DIGIT) != 0 ||
        (at[VERSION_DIGIT] != '0' && at[VERSION_DIGIT] != '1') || at[STATUS - 1] != ' ' ||
        !is_digit(at[STATUS]) || !is_digit(at[STATUS + 1]) || !is_digit(at[STATUS + 2]) ||
        at[STATUS] == '0' || (line.length > REASON && at[REASON] != ' ')) {
        return fail_not_http(framing);
    }
    if (check_text(framing, line) != 0) {
        return -1;
    }
    int status = (at[STATUS] - '0') * 100 + (at[STATUS + 1] - '0') * 10 + (at[STATUS + 2] - '0');
    if (status == STATUS_SWITCHING_PROTOCOLS) {
        return fail(framing, "the answer switches to another protocol");
    }
    framing->status = status < 200 ? 0 : status;
    framing->fields.is_version_1_0 = at[VERSION_DIGIT] == '0';
    framing->may_be_continued = false;
    framing->part = FRAMING_HEADER_LINE;
    return 0;
}

/* ---- the lines of the header and of the trailer */

/* The length of the name before its colon, or 0 where the line has none. */
static size_t measure_name(struct span line) {
    for (size_t i = 0; i < line.length && (unsigned char)line.data[i] > ' '; i++) {
        if (line.data[i] == ':') {
            return i;
        }
    }
    return 0;
}

static int take_continuation(struct framing *framing) {
    if (!framing->may_be_continued) {
        return fail(framing, "the header of the answer goes on with a line where it must not");
    }
    framing->was_continued = true;
    framing->keeps_connection = false;
    return 0;
}

/* 1 with a field, 0 for a line that goes on with the one before it, -1 where it is broken. */
static int split_line(struct framing *framing, struct span line, struct span *name,
                      struct span *value) {
    if (check_text(framing, line) != 0) {
        return -1;
    }
    if (is_blank(line.data[0])) {
        return take_continuation(framing);
    }
    size_t length = measure_name(line);
    if (length == 0) {
        return fail(framing, "the header of the answer has a malformed line");
    }
    framing->may_be_continued = true;
    *name = (struct span){line.data, length};
    *value = span_trim_blanks((struct span){line.data + length + 1, line.length - length - 1});
    return 1;
}

static int end_header(struct framing *framing) {
    if (framing->status == 0) {
        framing->part = FRAMING_STATUS_LINE;
        return 0;
    }
    framing->keeps_connection = !framing->was_continued &&
                                framing_fields_keep_connection(&framing->fields, framing->status);
    if (framing->status == STATUS_NO_CONTENT || framing->status == STATUS_NOT_MODIFIED) {
        framing->part = FRAMING_ENDED;
    } else if (framing->fields.is_chunked) {
        framing->part = FRAMING_CHUNK_SIZE;
    } else if (framing->fields.has_length) {
        if (framing->fields.length > FRAMING_CONTENT_MOST_BYTES) {
            return fail_too_large(framing);
        }
        framing->left = framing->fields.length;
        framing->part = framing->fields.length == 0 ? FRAMING_ENDED : FRAMING_CONTENT;
    } else {
        framing->keeps_connection = false;
        framing->part = FRAMING_OPEN_END;
    }
    return 0;
}

static int take_header_line(struct framing *framing, struct span line) {
    struct span name;
    struct span value;

    if (line.length == 0) {
        return end_header(framing);
    }
    int found = split_line(framing, line, &name, &value);
    if (found != 1 || framing->status == 0) {
        return found < 0 ? -1 : 0;
    }
    const char *wrong = framing_fields_take(&framing->fields, name, value);
    if (wrong != NULL) {
        return fail(framing, wrong);
    }
    framing->may_be_continued = !framing->fields.is_decisive;
    if (framing->take_field(framing->context, framing->status, name, value) != 0) {
        return fail_no_memory(framing);
    }
    return 0;
}

static int take_trailer_line(struct framing *framing, struct span line) {
    struct span name;
    struct span value;

    if (line.length == 0) {
        framing->part = FRAMING_ENDED;
        return 0;
    }
    return split_line(framing, line, &name, &value) < 0 ? -1 : 0;
}

/* ---- chunks */

static int take_chunk_size(struct framing *framing, struct span line) {
    uint64_t size = 0;
    size_t digits = 0;

    for (int digit = 0; digits < line.length && (digit = hex_value(line.data[digits])) >= 0;) {
        size = size << 4 | (uint64_t)digit; /* what is lost is refused below */
        digits++;
    }
    struct span extension =
        span_trim_blanks((struct span){line.data + digits, line.length - digits});
    if (digits == 0 || digits > CHUNK_SIZE_MOST_DIGITS ||
        (extension.length > 0 && extension.data[0] != ';')) {
        return fail_chunk(framing);
    }
    if (check_text(framing, extension) != 0) {
        return -1;
    }
    if (size > FRAMING_CONTENT_MOST_BYTES - framing->content_bytes) {
        return fail_too_large(framing);
    }
    framing->left = (size_t)size;
    framing->may_be_continued = false;
    framing->part = size == 0 ? FRAMING_TRAILER_LINE : FRAMING_CONTENT;
    return 0;
}

/* A chunk that is longer than it says need not have lines either. */
static int check_chunk_end_start(struct framing *framing, struct span start) {
    return start.length == 1 && start.data[0] == '\r' ? 0 : fail_chunk(framing);
}

static int take_chunk_end(struct framing *framing, struct span line) {
    if (line.length > 0) {
        return fail_chunk(framing);
    }
    framing->part = FRAMING_CHUNK_SIZE;
    return 0;
}

/* ---- the bytes */

static const struct line_reader {
    int (*take)(struct framing *framing, struct span line);         /* without its end */
    int (*check_start)(struct framing *framing, struct span start); /* before its end; or NULL */
} line_readers[] = {
    [FRAMING_STATUS_LINE] = {take_status_line, check_status_line_start},
    [FRAMING_HEADER_LINE] = {take_header_line, NULL},
    [FRAMING_CHUNK_SIZE] = {take_chunk_size, NULL},
    [FRAMING_CHUNK_END] = {take_chunk_end, check_chunk_end_start},
    [FRAMING_TRAILER_LINE] = {take_trailer_line, NULL},
};

static void hold(struct framing *framing, struct span bytes) {
    memcpy(framing->line + framing->held, bytes.data, bytes.length);
    framing->held += bytes.length;
}

/* Takes bytes to the end of the line, or all; there is at least one. Returns how many. */
static size_t take_line(struct framing *framing, struct span bytes) {
    const struct line_reader *reader = &line_readers[framing->part];
    size_t room = sizeof framing->line - framing->held;
    size_t length = bytes.length < room ? bytes.length : room;
    const char *feed = memchr(bytes.data, '\n', length);
    struct span line = {bytes.data, feed == NULL ? length : (size_t)(feed - bytes.data)};
    size_t used = line.length + (feed != NULL);

    if (feed == NULL || framing->held > 0) {
        hold(framing, line);
        line = (struct span){framing->line, framing->held};
    }
    if (feed == NULL) {
        bool fits = framing->held < sizeof framing->line;
        if ((reader->check_start == NULL || reader->check_start(framing, line) == 0) && !fits) {
            fail(framing, "a line of the answer is longer than 16 KB");
        }
        return used;
    }
    framing->held = 0;
    if (line.length > 0 && line.data[line.length - 1] == '\r') {
        line.length--;
    }
    reader->take(framing, line);
    return used;
}

/* Takes bytes of the content; returns how many. */
static size_t take_content(struct framing *framing, struct span bytes) {
    if (framing->part == FRAMING_OPEN_END) {
        framing->left = FRAMING_CONTENT_MOST_BYTES - framing->content_bytes;
        if (bytes.length > framing->left) {
            fail_too_large(framing);
            return 0;
        }
    }
    if (bytes.length > framing->left) {
        bytes.length = framing->left;
    }
    text_append(framing->body, bytes);
    if (framing->body->failed) {
        fail_no_memory(framing);
        return 0;
    }
    framing->content_bytes += bytes.length;
    framing->left -= bytes.length;
    if (framing->left == 0 && framing->part == FRAMING_CONTENT) {
        framing->part = framing->fields.is_chunked ? FRAMING_CHUNK_END : FRAMING_ENDED;
    }
    return bytes.length;
}

static enum framing_state state_of(const struct framing *framing) {
    if (framing->part == FRAMING_ENDED) {
        return FRAMING_WHOLE;
    }
    return framing->part == FRAMING_FAILED ? FRAMING_BROKEN : FRAMING_MORE;
}

void framing_begin(struct framing *framing, struct text *body, framing_field_taker *take_field,
                   void *context) {
    memset(framing, 0, offsetof(struct framing, line));
    framing->body = body;
    framing->take_field = take_field;
    framing->context = context;
}

enum framing_state framing_take(struct framing *framing, struct span bytes, size_t *taken) {
    size_t at = 0;

    while (at < bytes.length && state_of(framing) == FRAMING_MORE) {
        struct span rest = {bytes.data + at, bytes.length - at};
        framing->has_begun = true;
        at += framing->part <= FRAMING_TRAILER_LINE ? take_line(framing, rest)
                                                    : take_content(framing, rest);
    }
    *taken = at;
    return state_of(framing);
}

enum framing_state framing_end(struct framing *framing) {
    if (framing->part == FRAMING_OPEN_END) {
        framing->part = FRAMING_ENDED;
    } else if (!framing->has_begun) {
        fail(framing, FRAMING_NOT_BEGUN);
    } else if (framing->part <= FRAMING_HEADER_LINE) {
        fail(framing, FRAMING_CUT_IN_HEADER);
    } else if (state_of(framing) == FRAMING_MORE) {
        fail(framing, FRAMING_CUT_IN_CONTENT);
    }
    return state_of(framing);
}

bool framing_has_begun(const struct framing *framing) {
    return framing->has_begun;
}
