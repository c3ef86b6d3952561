/* Rows of CSV by RFC 4180: commas, CRLF, quotes where they are needed, a quote doubled.
 *
 * A spreadsheet takes a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return for a
 * formula, and the cells hold what strangers wrote: such a cell is written with an apostrophe in
 * front, which spreadsheets read as "this is text". Bytes that are not UTF-8 become U+FFFD. The
 * text that is appended to is the caller's. */
#ifndef ROWPOST_REPORT_CSV_ROW_H
#define ROWPOST_REPORT_CSV_ROW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"

struct csv_row {
    struct text *out;
    bool has_cells;
};

struct csv_row csv_row_begin(struct text *out);
void csv_row_add(struct csv_row *row, struct span value); /* null is an empty cell */
void csv_row_add_integer(struct csv_row *row, int64_t value);
void csv_row_end(struct csv_row *row);

#endif
