/* A result while it is read: its columns, and the position in its rows. Private to src/oracle. */
#ifndef ROWPOST_ORACLE_RESULT_H
#define ROWPOST_ORACLE_RESULT_H

#include "oracle/reply.h"

/* The types of data that a column may have, by Oracle's numbers of them. */
enum data_type {
    TYPE_VARCHAR = 1,
    TYPE_NUMBER = 2,
    TYPE_INTEGER = 3,
    TYPE_LONG = 8,
    TYPE_ROWID = 11,
    TYPE_DATE = 12,
    TYPE_RAW = 23,
    TYPE_LONG_RAW = 24,
    TYPE_CHAR = 96,
    TYPE_BINARY_FLOAT = 100,
    TYPE_BINARY_DOUBLE = 101,
    TYPE_CURSOR = 102,
    TYPE_OBJECT = 109,
    TYPE_REFERENCE = 111,
    TYPE_CLOB = 112,
    TYPE_BLOB = 113,
    TYPE_FILE = 114,
    TYPE_JSON = 119,
    TYPE_VECTOR = 127,
    TYPE_TIMESTAMP = 180,
    TYPE_TIMESTAMP_ZONE = 181,
    TYPE_INTERVAL_MONTHS = 182,
    TYPE_INTERVAL_SECONDS = 183,
    TYPE_UNIVERSAL_ROWID = 208,
    TYPE_TIMESTAMP_LOCAL = 231,
    TYPE_BOOLEAN = 252
};

/* How a column's bytes are made a value. */
enum column_form {
    FORM_UNREADABLE,
    FORM_TEXT,
    FORM_NATIONAL,
    FORM_NUMBER,
    FORM_MOMENT,
    FORM_MONTHS,
    FORM_SECONDS,
    FORM_FLOATING,
    FORM_BYTES,
    FORM_ROWID,
    FORM_UNIVERSAL_ROWID,
    FORM_BOOLEAN
};

struct column {
    struct bytes name;
    struct bytes object_type; /* SCHEMA.NAME of an object's type; empty for others */
    unsigned type;            /* as the server describes it */
    unsigned sent_type;       /* as it is sent: a CLOB as LONG */
    unsigned charset_form;    /* 1: the database's, 2: the national one */
    size_t longest;           /* bytes that the server reserves for it; 0: always null */
    enum column_form form;
    bool has_indicator; /* two numbers follow each value */
    bool is_null;
    struct bytes value;
};

struct oracle_result {
    struct oracle_connection *connection;
    struct column *columns;
    size_t column_count;
    bool is_readable; /* the type of every column is read here */
    uint32_t cursor;
    struct bytes repeated; /* a bit that is clear or missing: the value of the row before */
    bool has_repeated;     /* only for the next row */
    bool has_row;          /* whose values may be repeated */
    bool is_in_answer;     /* the rest of an answer is still to be read */
    bool has_row_ahead;    /* a row came before it was asked for */
    bool is_over;
    struct reply reply;
};

/* Reads what a describe message holds, after its type: the columns. They replace those there
 * were. */
void describe_take(struct oracle_result *result);

/* Frees the columns. */
void describe_free(struct oracle_result *result);

/* 0; or -1 where a column has a type that is not read here: it is named, with a way out. */
int describe_check(const struct oracle_result *result, struct oracle_error *error);

/* True where a column has to be asked for as another type than it has. */
bool describe_needs_define(const struct oracle_result *result);

/* Appends the types that the columns are asked for as. */
void describe_put_define(struct oracle_result *result, struct bytes *message);

/* Reads a row message, after its type. */
void row_take(struct oracle_result *result);

#endif
