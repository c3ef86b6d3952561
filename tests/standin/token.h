/*
 * JSON web tokens, read but not verified.
 */
#ifndef STANDIN_TOKEN_H
#define STANDIN_TOKEN_H

#include <jansson.h>

/*
 * The payload of `header.payload.signature`, base64url parts of which the payload is a JSON object.
 * The caller's; NULL if the word is no such token.
 */
json_t *token_payload(const char *word);

#endif
