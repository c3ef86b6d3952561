/* Reads CSV (RFC 4180): UTF-8 with or without a byte order mark, CR LF or LF, quoted fields with
 * doubled quotes, commas and line breaks inside.
 *
 * csv_open() gives a reader that the caller closes. Fields live until the next csv_next(). Errors
 * are ERROR_INPUT and name the file and the line. */
#ifndef ROWPOST_PEOPLE_CSV_H
#define ROWPOST_PEOPLE_CSV_H

#include <stddef.h>

#include "base/error.h"
#include "base/span.h"

struct csv;

/* Opens the file and reads its header line. */
struct csv *csv_open(const char *path, struct error *error);
void csv_close(struct csv *csv);

/* The position of a column by its header name (case, surrounding blanks and invisible characters
 * ignored). -1 with an error that lists the columns there are, or where two have the name. */
int csv_find_column(const struct csv *csv, const char *name, size_t *column, struct error *error);

/* The columns as the header names them. */
size_t csv_column_count(const struct csv *csv);
struct span csv_column_name(const struct csv *csv, size_t column);

/* 1: a record was read; 0: the end; -1: the error. A record with another number of fields than the
 * header is an error; a wholly empty line is ignored. */
int csv_next(struct csv *csv, struct error *error);

/* A field of the current record, never null. */
struct span csv_field(const struct csv *csv, size_t column);

/* The line on which the current record begins, from 1. */
size_t csv_line(const struct csv *csv);

#endif
