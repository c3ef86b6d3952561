/* What an answer means. The input's first line is its status, content type and location, each
 * behind one blank; the rest is its body. Status 0 is an exchange that was lost, 1 one that was not
 * sent; the rest of the line is then why. */
#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "fuzz.h"
#include "http/answer.h"

static void copy_string(char *buffer, size_t size, struct span value) {
    snprintf(buffer, size, "%.*s", (int)value.length, value.data);
}

static void read_exchange(struct span rest, struct exchange *exchange) {
    struct span line = fuzz_take(&rest, '\n');
    struct span status = fuzz_take(&line, ' ');

    for (size_t i = 0; i < status.length && i < 3; i++) {
        exchange->status = exchange->status * 10 + (status.data[i] & 15) % 10;
    }
    if (exchange->status < 2) {
        exchange->end = exchange->status == 0 ? EXCHANGE_LOST : EXCHANGE_NOT_SENT;
        exchange->status = 0;
        copy_string(exchange->failure, sizeof exchange->failure, line);
        return;
    }
    copy_string(exchange->content_type, sizeof exchange->content_type, fuzz_take(&line, ' '));
    exchange->is_json = strcmp(exchange->content_type, "application/json") == 0;
    text_append(&exchange->location, line);
    text_append(&exchange->answer, rest);
}

static void check_message(const char *message) {
    struct span span = span_of(message);

    CHECK(span.length > 0 && json_is_utf8(span));
    for (size_t i = 0; i < span.length; i++) {
        unsigned char byte = (unsigned char)span.data[i];
        CHECK(byte >= ' ' && byte != 0x7F);
    }
}

/* Success and absence are believed only of JSON, a refusal only of the client's fault. */
static void check_class(const struct exchange *exchange, const struct answer *answer) {
    bool answered = exchange->end == EXCHANGE_ANSWERED;
    bool is_json = answered && exchange->is_json && answer->json != NULL;

    CHECK(answer->json == NULL || is_json);
    CHECK(answer->class != ANSWER_RECORD ||
          (is_json && (exchange->status == 200 || exchange->status == 201)));
    CHECK(answer->class != ANSWER_NOT_FOUND || (is_json && exchange->status == 404));
    CHECK(answer->class != ANSWER_REFUSED ||
          (answered && exchange->status >= 400 && exchange->status < 500));
    CHECK(answered ? answer->class != ANSWER_NOT_TAKEN || exchange->status == 429
                   : answer->class == (exchange->end == EXCHANGE_NOT_SENT ? ANSWER_NOT_TAKEN
                                                                          : ANSWER_UNCERTAIN));
    CHECK(exchange->status < 500 || answer->class == ANSWER_UNCERTAIN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct exchange exchange = {0};
    struct answer answer;

    read_exchange(fuzz_span(data, size), &exchange);
    answer_classify(&exchange, &answer);
    check_message(answer.message);
    check_class(&exchange, &answer);
    answer_clear(&answer);
    exchange_clear(&exchange);
    return 0;
}
