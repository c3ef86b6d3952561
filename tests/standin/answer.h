/*
 * An answer in the making: status, content type, a few headers, the body.
 *
 * A zeroed struct is an empty answer; answer_clear() empties it for the next request and
 * answer_free() gives its memory back. Setting an answer replaces status, type and body; headers
 * add up.
 */
#ifndef STANDIN_ANSWER_H
#define STANDIN_ANSWER_H

#include "text.h"

enum { ANSWER_HEADERS = 16 };

struct header {
    char *name;
    char *value;
};

struct answer {
    unsigned status;
    const char *type;
    struct text body;
    struct header headers[ANSWER_HEADERS];
    int header_count;
};

void answer_clear(struct answer *answer);
void answer_free(struct answer *answer);

/* Adds a header, or replaces one of that name. More than ANSWER_HEADERS are dropped. */
void answer_set_header(struct answer *answer, const char *name, const char *value);

/* Begins a JSON answer with an empty body, which the caller fills. */
struct text *answer_json(struct answer *answer, unsigned status);

/* 200 and the value, as JSON. */
void answer_value(struct answer *answer, const json_t *value);

/* An error as the real server words it: {"message": message}. */
void answer_message(struct answer *answer, unsigned status, struct slice message);

/* The same with the standing message of that status. */
void answer_error(struct answer *answer, unsigned status);

/* A web page, such as a proxy or a sign-in site answers with. */
void answer_page(struct answer *answer, unsigned status, const char *title);

/* The page that people sign in on. */
void answer_login(struct answer *answer);

/* A page with a Location. */
void answer_redirect(struct answer *answer, unsigned status, const char *location);

/* The reason phrase of a status, "Unknown" for one that has none. */
const char *answer_reason(unsigned status);

#endif
