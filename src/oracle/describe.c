#include "oracle/result.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_COLUMNS = 4096,
    CHARSET_UTF8 = 873,
    CHARSET_UTF16 = 2000,
    NATIONAL = 2,
    USES_INDICATORS = 1,
    LONGEST_ROWID = 3950
};

#define LONGEST_LONG ((uint32_t)0x7fffffff)

/* The types that are read, and how. `sent_type` is asked for where it is not 0: the value itself is
 * then in the row, not a locator of it. */
static const struct reading {
    unsigned type;
    enum column_form form;
    unsigned sent_type;
} readings[] = {
    {TYPE_VARCHAR, FORM_TEXT, 0},
    {TYPE_CHAR, FORM_TEXT, 0},
    {TYPE_LONG, FORM_TEXT, 0},
    {TYPE_CLOB, FORM_TEXT, TYPE_LONG},
    {TYPE_NUMBER, FORM_NUMBER, 0},
    {TYPE_INTEGER, FORM_NUMBER, 0},
    {TYPE_DATE, FORM_MOMENT, 0},
    {TYPE_TIMESTAMP, FORM_MOMENT, 0},
    {TYPE_TIMESTAMP_ZONE, FORM_MOMENT, 0},
    {TYPE_INTERVAL_MONTHS, FORM_MONTHS, 0},
    {TYPE_INTERVAL_SECONDS, FORM_SECONDS, 0},
    {TYPE_BINARY_FLOAT, FORM_FLOATING, 0},
    {TYPE_BINARY_DOUBLE, FORM_FLOATING, 0},
    {TYPE_RAW, FORM_BYTES, 0},
    {TYPE_LONG_RAW, FORM_BYTES, 0},
    {TYPE_BLOB, FORM_BYTES, TYPE_LONG_RAW},
    {TYPE_ROWID, FORM_ROWID, 0},
    {TYPE_UNIVERSAL_ROWID, FORM_UNIVERSAL_ROWID, 0},
    {TYPE_BOOLEAN, FORM_BOOLEAN, 0},
};

/* Types that are not read, and what a view can give of them instead; `%s` is the column. */
static const struct way_out {
    unsigned type;
    const char *object_type; /* of an object; NULL: any */
    const char *name;        /* NULL: the object's */
    const char *expression;
} ways_out[] = {
    {TYPE_TIMESTAMP_LOCAL, NULL, "TIMESTAMP WITH LOCAL TIME ZONE", "CAST(%s AS TIMESTAMP(9))"},
    {TYPE_CURSOR, NULL, "REF CURSOR", "the columns of its query"},
    {TYPE_OBJECT, "SYS.XMLTYPE", "XMLTYPE", "XMLSERIALIZE(CONTENT %s AS CLOB)"},
    {TYPE_OBJECT, "MDSYS.SDO_GEOMETRY", "SDO_GEOMETRY", "SDO_UTIL.TO_WKTGEOMETRY(%s)"},
    {TYPE_OBJECT, "SYS.ANYDATA", "ANYDATA", "SYS.ANYDATA.ACCESSVARCHAR2(%s)"},
    {TYPE_OBJECT, NULL, NULL, "its attributes, each as a column (T.%s.ATTRIBUTE)"},
    {TYPE_REFERENCE, NULL, "REF", "the attributes of DEREF(%s)"},
    {TYPE_FILE, NULL, "BFILE", "TO_BLOB(%s)"},
    {TYPE_JSON, NULL, "JSON", "JSON_SERIALIZE(%s RETURNING CLOB)"},
    {TYPE_VECTOR, NULL, "VECTOR", "VECTOR_SERIALIZE(%s RETURNING CLOB)"},
};

static const struct reading *find_reading(unsigned type) {
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
        if (readings[i].type == type) {
            return &readings[i];
        }
    }
    return NULL;
}

static void choose_form(struct column *column, size_t longest_column) {
    const struct reading *reading = find_reading(column->type);
    column->form = reading == NULL ? FORM_UNREADABLE : reading->form;
    column->sent_type = column->type;
    if (reading != NULL && reading->sent_type != 0) {
        column->sent_type = reading->sent_type;
        column->longest = LONGEST_LONG;
    }
    if (column->form == FORM_TEXT && column->charset_form == NATIONAL) {
        column->form = FORM_NATIONAL;
    }
    column->has_indicator = column->sent_type == TYPE_LONG || column->sent_type == TYPE_LONG_RAW ||
                            column->longest > longest_column;
    column->is_null = true;
}

static void skip_annotations(struct reader *reader) {
    if (reader_number(reader) == 0) {
        return;
    }
    reader_skip(reader, 1);
    uint32_t count = reader_number(reader);
    reader_skip(reader, 1);
    for (; count > 0 && reader_is_fine(reader); count--) {
        reader_skip_numbers(reader, 1);
        reader_skip_text(reader);         /* key */
        reader_skip_counted_text(reader); /* value */
        reader_skip_numbers(reader, 1);   /* flags */
    }
    reader_skip_numbers(reader, 1);
}

/* Fields that newer servers have added after a column. */
static void skip_newer_fields(struct reader *reader, int field_version) {
    if (field_version >= FIELDS_23) {
        reader_skip_counted_text(reader); /* the domain's schema */
        reader_skip_counted_text(reader); /* its name */
    }
    if (field_version >= FIELDS_23_ANNOTATIONS) {
        skip_annotations(reader);
    }
    if (field_version >= FIELDS_23_VECTORS) {
        reader_skip_numbers(reader, 1);
        reader_skip(reader, 2);
    }
}

/* Schema and name, which may be empty. */
static void take_object_type(struct reader *reader, struct column *column) {
    size_t length;
    const unsigned char *schema = reader_counted_text(reader, &length);
    bytes_append(&column->object_type, schema, length);
    const unsigned char *name = reader_counted_text(reader, &length);
    if (name != NULL) {
        bytes_append_text(&column->object_type, ".");
        bytes_append(&column->object_type, name, length);
    }
}

static void take_column(struct oracle_connection *connection, struct column *column) {
    struct reader *reader = &connection->reader;
    size_t length;
    column->type = reader_byte(reader);
    reader_skip(reader, 2); /* flags, precision */
    if (connection->has_columns_of_go) {
        reader_signed_number(reader); /* the scale in universal form */
    } else {
        reader_skip(reader, 1);
    }
    column->longest = reader_number(reader);
    reader_skip_numbers(reader, 2);   /* elements of an array, flags */
    reader_skip_counted_text(reader); /* object id */
    reader_skip_numbers(reader, 2);   /* version, character set */
    column->charset_form = reader_byte(reader);
    reader_skip_numbers(reader, 1); /* characters */
    if (connection->field_version >= FIELDS_12_2) {
        reader_skip_numbers(reader, 1);
    }
    reader_skip(reader, 2); /* nullable, length of the name */
    const unsigned char *name = reader_counted_text(reader, &length);
    bytes_append(&column->name, name, length);
    take_object_type(reader, column);
    reader_skip_numbers(reader, 2); /* position, flags */
    skip_newer_fields(reader, connection->field_version);
    choose_form(column, connection->longest_column);
}

void describe_free(struct oracle_result *result) {
    for (size_t i = 0; i < result->column_count; i++) {
        bytes_free(&result->columns[i].name);
        bytes_free(&result->columns[i].object_type);
        bytes_free(&result->columns[i].value);
    }
    free(result->columns);
    result->columns = NULL;
    result->column_count = 0;
}

void describe_take(struct oracle_result *result) {
    struct reader *reader = &result->connection->reader;
    reader_skip_text(reader);
    reader_skip_numbers(reader, 1); /* the longest row */
    uint32_t count = reader_number(reader);
    if (count > MOST_COLUMNS) {
        reader_fail(reader, "the server describes %u columns", count);
        return;
    }
    /* The caller has counted the rows. */
    if (result->column_count > 0 && count != result->column_count) {
        reader_fail(reader, "the server describes %zu columns, and then %u", result->column_count,
                    count);
        return;
    }
    if (count > 0) {
        reader_skip(reader, 1);
    }
    describe_free(result);
    result->columns = calloc(count + 1U, sizeof *result->columns);
    if (result->columns == NULL) {
        reader_fail_no_memory(reader);
        return;
    }
    result->column_count = count;
    for (uint32_t i = 0; i < count && reader_is_fine(reader); i++) {
        take_column(result->connection, &result->columns[i]);
    }
    struct oracle_error ignored;
    result->is_readable = describe_check(result, &ignored) == 0;
    reader_skip_counted_text(reader); /* date */
    reader_skip_numbers(reader, 4);
    reader_skip_counted_text(reader);
}

/* The expression with the column's name in the place of its %s. */
static void append_expression(struct oracle_error *error, const char *expression,
                              const char *name) {
    struct bytes text = {0};
    const char *place = strstr(expression, "%s");
    size_t before = place == NULL ? strlen(expression) : (size_t)(place - expression);
    bytes_append(&text, expression, before);
    bytes_append_text(&text, place == NULL ? "" : name);
    bytes_append_text(&text, place == NULL ? "" : place + 2);
    failure_append(error, bytes_text(&text));
    bytes_free(&text);
}

static int fail_unread(const struct column *column, struct oracle_error *error) {
    const char *name = bytes_text(&column->name);
    const char *object_type = bytes_text(&column->object_type);
    for (size_t i = 0; i < sizeof ways_out / sizeof *ways_out; i++) {
        const struct way_out *way = &ways_out[i];
        if (way->type != column->type ||
            (way->object_type != NULL && strcmp(way->object_type, object_type) != 0)) {
            continue;
        }
        failure_set(
            error, ORACLE_UNSUPPORTED,
            "the column %s is of the type %s, which is not read here; leave it out, or make "
            "a view that has instead ",
            name, way->name != NULL ? way->name : object_type);
        append_expression(error, way->expression, name);
        return -1;
    }
    return failure_set(
        error, ORACLE_UNSUPPORTED,
        "the column %s is of a type that is not read here (%u); leave it out, or make "
        "a view that has TO_CHAR(%s) instead",
        name, column->type, name);
}

int describe_check(const struct oracle_result *result, struct oracle_error *error) {
    for (size_t i = 0; i < result->column_count; i++) {
        const struct column *column = &result->columns[i];
        const char *name = bytes_text(&column->name);
        if (column->form == FORM_NATIONAL &&
            result->connection->national_charset != CHARSET_UTF16) {
            return failure_set(error, ORACLE_UNSUPPORTED,
                               "the column %s is in a national character set that is not read "
                               "here; make a view that has TO_CHAR(%s) instead",
                               name, name);
        }
        if (column->form == FORM_UNREADABLE) {
            return fail_unread(column, error);
        }
    }
    return 0;
}

bool describe_needs_define(const struct oracle_result *result) {
    for (size_t i = 0; i < result->column_count; i++) {
        if (result->columns[i].sent_type != result->columns[i].type) {
            return true;
        }
    }
    return false;
}

static void put_define(const struct column *column, int field_version, struct bytes *message) {
    bool is_rowid = column->form == FORM_ROWID || column->form == FORM_UNIVERSAL_ROWID;
    size_t longest = column->longest;
    if (is_rowid) {
        longest = LONGEST_ROWID;
    } else if (column->charset_form == NATIONAL && longest < LONGEST_LONG / 2) {
        longest *= 2;
    }
    message_put_byte(message, is_rowid ? (unsigned)TYPE_VARCHAR : column->sent_type);
    message_put_byte(message, USES_INDICATORS);
    message_put_byte(message, 0); /* the server decides about precision and scale */
    message_put_byte(message, 0);
    message_put_number(message, (uint32_t)longest);
    message_put_number(message, 0); /* elements of an array */
    message_put_number(message, 0); /* flags */
    message_put_number(message, 0); /* object id */
    message_put_number(message, 0); /* version */
    message_put_number(message, column->charset_form == 0 ? 0 : CHARSET_UTF8);
    message_put_byte(message, column->charset_form);
    message_put_number(message, 0); /* characters of a large object to send along */
    if (field_version >= FIELDS_12_2) {
        message_put_number(message, 0);
    }
}

void describe_put_define(struct oracle_result *result, struct bytes *message) {
    for (size_t i = 0; i < result->column_count; i++) {
        struct column *column = &result->columns[i];
        put_define(column, result->connection->field_version, message);
        if (column->form == FORM_ROWID || column->form == FORM_UNIVERSAL_ROWID) {
            column->form = FORM_TEXT;
        }
    }
}
