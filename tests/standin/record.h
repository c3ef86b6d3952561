/*
 * What all records have in common: identifiers, time stamps, mail identifiers, and Python's idea of
 * which values are true.
 */
#ifndef STANDIN_RECORD_H
#define STANDIN_RECORD_H

#include "storage.h"

#include <stdbool.h>

enum { RECORD_ID_SIZE = 25, RECORD_STAMP_SIZE = 32 };

/* Writes the 24 hexadecimal digits, like MongoDB's, that name row `n` of a collection. */
void record_id_write(enum collection collection, long long n, char id[RECORD_ID_SIZE]);

/* Reads them back. 0 and *n, which is 0 where no such row can exist; -1 if it is no identifier. */
int record_id_read(enum collection collection, const char *id, long long *n);

/* By how many seconds the application's clock is ahead of the machine's: for every stamp from now
 * on. */
void record_set_skew(long seconds);

enum { RECORD_DATE_SIZE = 40 };

/* Writes the time as a Date header has it, by a clock that is so many seconds ahead. */
void record_date(long skew, char date[RECORD_DATE_SIZE]);

/* Writes the time, UTC, as Python prints it: "2024-01-31 23:59:59.123000". */
void record_stamp(char stamp[RECORD_STAMP_SIZE]);

/* Sets id, created_at and updated_at of a new record. */
void record_set_origin(json_t *record, const char *id);

/* Sets the identifiers of the mail threads, which every record has in addition to its own
 * fields. */
void record_set_mail_ids(json_t *record);

/* Whether Python takes the value as true; NULL is false. */
bool record_truth(const json_t *value);

/*
 * The number that an enumeration's constructor would see in the value: an integer, a whole real or
 * a boolean. 0 for anything else.
 */
long long record_number(const json_t *value);

#endif
