/*
 * The real server's field rules and their messages.
 *
 * A check adds its messages, joined by ", ", to those of the checks before it.
 */
#ifndef STANDIN_VALIDATION_H
#define STANDIN_VALIDATION_H

#include "text.h"

/* VALIDATION_CRASHED: the value is of a type on which the real server's check stops with a 500. */
enum validation { VALIDATION_PASSED, VALIDATION_FAILED, VALIDATION_CRASHED };

/* Appends a message. Gives VALIDATION_FAILED. */
enum validation validation_fail(struct text *messages, const char *message);

/* An address; the whole of it must fit [a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+ */
enum validation validation_email(const json_t *value, struct text *messages);

/* A campaign's name; its beginning must fit [0-9]{1,3}_[0-9]{1,3}_[0-9]{1,3} */
enum validation validation_name(const json_t *value, struct text *messages);

/* A field that must be there and true; `label` is how the messages name it. */
enum validation validation_required(const json_t *value, const char *label, struct text *messages);

/*
 * Reads a deadline, YYYY-MM-DD, and writes it as `YYYY-MM-DD 00:00:00` (20 bytes). -1: it is none,
 * which includes a time of day after it and a day that the month does not have. */
int validation_deadline(struct slice deadline, char written[20]);

#endif
