/* The declaration of a source table: what a migration reads of it, and what type each value has.
 *
 * Constant data. Names are in lower case, as the staged tables have them; the source's own spelling
 * is found by source.h. A column that is read is not called `row` (staging.h). */
#ifndef ROWPOST_STAGING_TABLE_H
#define ROWPOST_STAGING_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* The type of a column, and the one form in which a value of it is read from staging. A value that
 * cannot be of the type keeps its stored form; its row is then rejected (staged_row_check()). Null
 * is of every type. */
enum column_type {
    COLUMN_TEXT,   /* text as it is; a number becomes its digits */
    COLUMN_WORD,   /* text that names something: blanks at its end, as CHAR(n) pads them, are no
                      content (staging_settings.padding) */
    COLUMN_KEY,    /* an integer where it is one, also as digits ("10", 10.0); else a word */
    COLUMN_FLAG,   /* 0 or 1: also true/false, t/f, y/n, yes/no, -1, a BIT(1); blank text is null */
    COLUMN_MOMENT, /* text, UTC: `2013-06-20 23:11:40`, with `.123456` where there is a fraction;
                      from ISO text, or from whole seconds since 1970 between 1980 and 2100, as
                      number or digits; blank text is null */
    COLUMN_INTEGER, /* an integer of 64 bits, also as digits or as a whole real number */
    COLUMN_BLOB,    /* bytes; of a text its own, in UTF-8 */
    COLUMN_ANY,     /* the value as the source has it */
    COLUMN_TYPE_COUNT
};

enum column_need {
    COLUMN_READ,  /* has to be there; the migration reads it */
    COLUMN_COPIED /* only a snapshot copies it, where it is there */
};

struct table_column {
    const char *name;
    enum column_type type;
    enum column_need need;
};

enum { TABLE_MOST_KEYS = 4 };

struct table {
    const char *name; /* "users" */
    const struct table_column *columns;
    size_t column_count;
    const char *keys[TABLE_MOST_KEYS]; /* the columns that name a row for people; NULL after the
                                          last. They need not be unique or given. */
    bool is_optional;                  /* some sources do not have it */

    /* The rows that are read, by a condition in the source's own SQL, and why the others are left
     * there; both NULL: all of them. */
    const char *only;
    const char *only_because;

    /* What the source calls the table and each of its columns; NULL: as above. */
    const char *source;
    const char *const *source_columns;
};

#endif
