/* Reads one HTTP/1.1 answer (RFC 9112) out of the bytes of a connection, as they come in.
 *
 * It owns nothing, allocates nothing and knows no socket: the caller hands over what it received,
 * in whatever pieces, and is told whether more is to come. However the bytes are cut, the result is
 * the same. A line that is there as a whole is read where it stands; only the beginning of one
 * whose end is still to come is copied, into the struct. So the struct may be left holding a piece
 * of a cookie: who frees it wipes it.
 *
 * It is strict where two readers could take the bytes for two different answers, since what follows
 * on a kept connection would then be somebody else's; an answer that is broken is lost, and looked
 * up. It is lenient where there is but one reading: a line may end with a line feed alone, the
 * reason may be absent, and a name may have any characters but blanks and controls.
 *
 * - The status line is "HTTP/1.1" or "HTTP/1.0", one blank and three digits (4). Interim answers
 *   (1xx) are passed over; 101 is broken, nobody asked for another protocol.
 * - A field line without a colon, with an empty name or with a blank before the colon (5.1), or a
 *   line with a NUL or with a carriage return elsewhere than at its end (2.2), is broken. A line
 *   that begins with a blank (5.2) is passed over, and the connection is not kept; it is broken
 *   where it would go on with Content-Length, with Transfer-Encoding or with nothing.
 * - How the content ends (6.3): 204 and 304 have none. Then "chunked", the one transfer coding that
 *   is known; a Content-Length beside it does not count, and the connection is not kept. Then the
 *   Content-Length: digits alone, in all fields of that name the same number. Then the end of the
 *   connection.
 * - Chunk extensions and trailers are passed over. */
#ifndef ROWPOST_HTTP_FRAMING_H
#define ROWPOST_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"
#include "base/text.h"
#include "http/framing_fields.h"

/* An answer beyond one of these is broken. */
enum {
    FRAMING_LINE_MOST_BYTES = 16 * 1024, /* with its end */
    /* All lines but the sizes of chunks, without their ends; interim answers, trailers and chunk
     * extensions are of it. */
    FRAMING_HEADER_MOST_BYTES = 100 * 1024,
    FRAMING_CONTENT_MOST_BYTES = 64 * 1024 * 1024
};

/* Why there is no whole answer; for whoever reads one by other means, too. */
#define FRAMING_NO_MEMORY "no memory left for the answer"
#define FRAMING_TOO_LARGE "the answer is larger than 64 MB"
#define FRAMING_NOT_BEGUN "the connection broke before an answer came"
#define FRAMING_CUT_IN_HEADER "the connection ended within the header of the answer"
#define FRAMING_CUT_IN_CONTENT "the connection ended before the whole answer was there"

enum framing_state {
    FRAMING_MORE,  /* so far, so good */
    FRAMING_WHOLE, /* the answer was read to its end */
    FRAMING_BROKEN /* it never will be */
};

/* What is read next; the framing's own. */
enum framing_part {
    FRAMING_STATUS_LINE,
    FRAMING_HEADER_LINE,
    FRAMING_CHUNK_SIZE,
    FRAMING_CHUNK_END,
    FRAMING_TRAILER_LINE,
    FRAMING_CONTENT,  /* so many bytes */
    FRAMING_OPEN_END, /* as many as the connection has */
    FRAMING_ENDED,    /* nothing: it is whole */
    FRAMING_FAILED    /* nothing: it is broken */
};

/* Takes a field of the final answer's header: the name as it was sent, the value without blanks
 * around it; both are valid during the call alone. 0, or -1 where memory ran out, which breaks the
 * answer off. A field that was taken may belong to an answer that breaks later. */
typedef int framing_field_taker(void *context, int status, struct span name, struct span value);

struct framing {
    /* to be read */
    int status;            /* of the final answer, from its status line on; 0 before */
    bool keeps_connection; /* once it is whole: another request may follow on the connection */
    const char *failure;   /* once it is broken: why, in words that quote nothing of it; or NULL */

    /* its own */
    struct text *body;
    framing_field_taker *take_field;
    void *context;
    enum framing_part part;
    bool has_begun;
    bool may_be_continued; /* by a line that begins with a blank */
    bool was_continued;
    struct framing_fields fields;
    size_t left; /* of the content or of the chunk */
    size_t content_bytes;
    size_t header_bytes;
    size_t held; /* bytes of `line` */
    char line[FRAMING_LINE_MOST_BYTES];
};

/* Starts with an answer of which nothing is there yet, whatever the framing held. The content is
 * appended to `body`, as far as it is read; an answer that breaks leaves what it had. Body and
 * context are borrowed until the answer is whole or broken. */
void framing_begin(struct framing *framing, struct text *body, framing_field_taker *take_field,
                   void *context);

/* Takes the next bytes of the connection; none (null) are welcome, too. While there is more to come
 * all of them were taken. Once the answer is whole, `*taken` says how many of these belong to it:
 * bytes beyond them are nobody's, and a connection that has such bytes is not to be used again. Of
 * a broken answer `*taken` says nothing. An answer that is whole or broken stays so and takes none.
 */
enum framing_state framing_take(struct framing *framing, struct span bytes, size_t *taken);

/* The peer closed its side, or the connection is gone: whole where the content ends with the
 * connection, or was whole before, and else broken. Call it for an end in order alone: an open end
 * must not be taken from a connection that was reset or failed. */
enum framing_state framing_end(struct framing *framing);

/* Whether a byte of an answer was seen: until then a request that changes nothing may be repeated
 * on another connection. */
bool framing_has_begun(const struct framing *framing);

#endif
