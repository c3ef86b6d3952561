#include <stdlib.h>
#include <string.h>

#include "source/odbc_private.h"

/* More characters than any column of a fixed limit has (Oracle's VARCHAR2 has up to 32767 bytes);
 * what is announced as larger is read in pieces. */
enum { MOST_BOUND = 8192, NUMBER_SIZE = 48, NAME_UNITS = 512 };

static const struct sql_type {
    SQLSMALLINT type;
    enum odbc_fetch fetch;
} sql_types[] = {
    {SQL_BIT, FETCH_NUMBER},
    {SQL_TINYINT, FETCH_NUMBER},
    {SQL_SMALLINT, FETCH_NUMBER},
    {SQL_INTEGER, FETCH_NUMBER},
    {SQL_BIGINT, FETCH_NUMBER},
    {SQL_DECIMAL, FETCH_NUMBER},
    {SQL_NUMERIC, FETCH_NUMBER},
    {SQL_REAL, FETCH_REAL},
    {SQL_FLOAT, FETCH_REAL},
    {SQL_DOUBLE, FETCH_REAL},
    {SQL_TYPE_DATE, FETCH_DAY},
    {SQL_DATE, FETCH_DAY},
    {SQL_TYPE_TIMESTAMP, FETCH_MOMENT},
    {SQL_TIMESTAMP, FETCH_MOMENT},
    {SQL_BINARY, FETCH_BYTES},
    {SQL_VARBINARY, FETCH_BYTES},
    {SQL_LONGVARBINARY, FETCH_BYTES},
};

/* How each kind is fetched. A size of zero goes by the column's own. */
static const struct form {
    SQLSMALLINT c_type;
    size_t cell_size;
    size_t unit; /* bytes for each of the column's characters, or of its terminator */
} forms[] = {
    [FETCH_TEXT] = {SQL_C_WCHAR, 0, sizeof(SQLWCHAR)},
    [FETCH_NUMBER] = {SQL_C_CHAR, 0, 1},
    [FETCH_REAL] = {SQL_C_DOUBLE, sizeof(double), 0},
    [FETCH_DAY] = {SQL_C_TYPE_DATE, sizeof(SQL_DATE_STRUCT), 0},
    [FETCH_MOMENT] = {SQL_C_TYPE_TIMESTAMP, sizeof(SQL_TIMESTAMP_STRUCT), 0},
    [FETCH_BYTES] = {SQL_C_BINARY, 0, 0},
};

static enum odbc_fetch choose_fetch(SQLSMALLINT type, const struct dialect *dialect) {
    enum odbc_fetch fetch = FETCH_TEXT;
    if (dialect->is_untyped) {
        return FETCH_TEXT;
    }
    for (size_t i = 0; i < sizeof sql_types / sizeof *sql_types; i++) {
        if (sql_types[i].type == type) {
            fetch = sql_types[i].fetch;
        }
    }
    if (fetch == FETCH_REAL && dialect->has_exact_floats) {
        return FETCH_NUMBER;
    }
    return fetch;
}

static bool is_long_type(SQLSMALLINT type) {
    return type == SQL_LONGVARCHAR || type == SQL_WLONGVARCHAR || type == SQL_LONGVARBINARY;
}

static void choose_size(struct odbc_column *column, SQLSMALLINT type, SQLULEN size,
                        const struct dialect *dialect) {
    const struct form *form = &forms[column->fetch];
    column->c_type = form->c_type;
    column->terminator = form->unit;
    column->cell_size = form->cell_size;
    if (form->cell_size != 0) {
        return;
    }
    if (column->fetch == FETCH_NUMBER && size < NUMBER_SIZE / 2) {
        size = NUMBER_SIZE / 2;
    }
    /* A character may take two units, a digit a sign and a point next to it. */
    column->is_long = is_long_type(type) || size == 0 || size > MOST_BOUND || dialect->is_untyped;
    column->cell_size = (size * 2 + 1) * (form->unit == 0 ? 1 : form->unit);
}

int odbc_column_describe(struct odbc_column *column, SQLHSTMT statement, SQLUSMALLINT number,
                         const struct dialect *dialect) {
    SQLWCHAR name[NAME_UNITS];
    SQLSMALLINT units = 0;
    SQLSMALLINT type = 0;
    SQLULEN size = 0;
    SQLSMALLINT digits = 0;
    SQLSMALLINT nullable = 0;
    if (!SQL_SUCCEEDED(SQLDescribeColW(statement, number, name, NAME_UNITS, &units, &type, &size,
                                       &digits, &nullable))) {
        return -1;
    }
    column->fetch = choose_fetch(type, dialect);
    choose_size(column, type, size, dialect);
    return 0;
}

void odbc_column_free(struct odbc_column *column) {
    free(column->cells);
    free(column->lengths);
    text_free(&column->pieces);
    text_free(&column->scratch);
    text_free(&column->content);
}

static struct value take_text(struct odbc_column *column, const struct dialect *dialect,
                              const char *cell, size_t length) {
    wide_append(&column->content, cell, length);
    struct value value = {.kind = VALUE_TEXT, .text = text_span(&column->content)};
    if (value.text.length == 0 && dialect->empty_is_null) {
        return (struct value){.kind = VALUE_NULL};
    }
    return value;
}

static struct value take_number(struct odbc_column *column, struct span digits) {
    text_append(&column->content, digits);
    return decimal_value(text_span(&column->content), &column->scratch);
}

static struct value take_real(const char *cell) {
    struct value value = {.kind = VALUE_REAL};
    memcpy(&value.real, cell, sizeof value.real);
    return value;
}

static struct value take_day(struct odbc_column *column, const char *cell) {
    SQL_DATE_STRUCT day;
    memcpy(&day, cell, sizeof day);
    text_append_format(&column->content, "%04d-%02u-%02u", day.year, (unsigned)day.month,
                       (unsigned)day.day);
    return (struct value){.kind = VALUE_TEXT, .text = text_span(&column->content)};
}

/* `fraction` counts nanoseconds; six digits are written, as the site's copies have them, and all
 * nine only where the last three are not zero. */
static struct value take_moment(struct odbc_column *column, const char *cell) {
    SQL_TIMESTAMP_STRUCT moment;
    memcpy(&moment, cell, sizeof moment);
    text_append_format(&column->content, "%04d-%02u-%02u %02u:%02u:%02u.", moment.year,
                       (unsigned)moment.month, (unsigned)moment.day, (unsigned)moment.hour,
                       (unsigned)moment.minute, (unsigned)moment.second);
    unsigned long nanoseconds = (unsigned long)moment.fraction;
    if (nanoseconds % 1000 == 0) {
        text_append_format(&column->content, "%06lu", nanoseconds / 1000);
    } else {
        text_append_format(&column->content, "%09lu", nanoseconds);
    }
    return (struct value){.kind = VALUE_TEXT, .text = text_span(&column->content)};
}

void odbc_column_take(struct odbc_column *column, const struct dialect *dialect, const char *cell,
                      SQLLEN length) {
    size_t bytes = length < 0 ? 0 : (size_t)length;
    column->value = (struct value){.kind = VALUE_NULL};
    text_clear(&column->content);
    if (length == SQL_NULL_DATA) {
        return;
    }
    switch (column->fetch) {
    case FETCH_TEXT:
        column->value = take_text(column, dialect, cell, bytes);
        return;
    case FETCH_NUMBER:
        column->value = take_number(column, (struct span){cell, bytes});
        return;
    case FETCH_REAL:
        column->value = take_real(cell);
        return;
    case FETCH_DAY:
        column->value = take_day(column, cell);
        return;
    case FETCH_MOMENT:
        column->value = take_moment(column, cell);
        return;
    case FETCH_BYTES:
        column->value = (struct value){.kind = VALUE_BLOB, .text = {cell, bytes}};
        return;
    }
}
